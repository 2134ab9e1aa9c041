/** Files of a drop, a choice or a paste, folders walked through, with the paths below what was given. */
import type { NamedFile } from './messages.ts'

/** Files that one drop may bring; more are not looked at. */
export const fileLimit = 200_000

/** What was dropped: the list is read at once, since a browser empties it when the event is over. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly NamedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return entries.length > 0
    ? walk(entries)
    : Promise.resolve([...transfer.files].map((file) => ({ path: file.name, blob: file, isChosen: true })))
}

/** What was chosen in a dialogue; files of a chosen folder were found in it. */
export const chosenFiles = (list: FileList): readonly NamedFile[] =>
  [...list].slice(0, fileLimit).map((file) => ({
    path: file.webkitRelativePath || file.name,
    blob: file,
    isChosen: file.webkitRelativePath === '',
  }))

async function walk(roots: readonly FileSystemEntry[]): Promise<readonly NamedFile[]> {
  const found: NamedFile[] = []
  const waiting: { readonly entry: FileSystemEntry; readonly isChosen: boolean }[] = roots
    .map((entry) => ({ entry, isChosen: true }))
    .toReversed()
  for (let next = waiting.pop(); next !== undefined && found.length < fileLimit; next = waiting.pop()) {
    const { entry, isChosen } = next
    if (entry.isFile) {
      const blob = await fileOf(entry as FileSystemFileEntry)
      if (blob !== null) found.push({ path: entry.fullPath.replace(/^\//, ''), blob, isChosen })
    } else {
      const inside = await entriesOf(entry as FileSystemDirectoryEntry)
      const byName = inside.toSorted((a, b) => (a.name < b.name ? 1 : -1))
      waiting.push(...byName.map((one) => ({ entry: one, isChosen: false })))
    }
  }
  return found
}

const fileOf = (entry: FileSystemFileEntry): Promise<File | null> =>
  new Promise((resolve) => entry.file(resolve, () => resolve(null)))

/** A browser hands out a folder in pieces, and an empty piece at its end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    )
    if (piece.length === 0) return all
    all.push(...piece)
  }
}
