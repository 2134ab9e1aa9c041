/** Files of a drop, a choice or a paste, folders walked through, with the paths below what was given. */
import type { Left, NamedFile } from './messages.ts'

export interface Found {
  readonly files: readonly NamedFile[]
  /** What is there and could not be taken. */
  readonly leftAlone: readonly Left[]
}

/** Files that are taken at once. */
export const fileLimit = 200_000

/** What was dropped: the list is read at once, since a browser empties it when the event is over. */
export function droppedFiles(transfer: DataTransfer): Promise<Found> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return entries.length > 0
    ? walk(entries)
    : Promise.resolve(within([...transfer.files].map((file) => fileOf(file, file.name, 'choice'))))
}

/** What was chosen in a dialogue; files of a chosen folder were found in it. */
export const chosenFiles = (list: FileList): Found =>
  within(
    [...list].map((file) => {
      const { webkitRelativePath: below } = file
      return below === '' ? fileOf(file, file.name, 'choice') : fileOf(file, below, 'folder')
    }),
  )

const fileOf = (blob: File, path: string, from: NamedFile['from']): NamedFile => ({ path, blob, from })

/** More files than are taken are not dropped without a word. */
function within(files: readonly NamedFile[]): Found {
  const last = files[fileLimit - 1]
  return files.length <= fileLimit || last === undefined
    ? { files, leftAlone: [] }
    : { files: files.slice(0, fileLimit), leftAlone: [{ path: last.path, why: 'too_many_files' }] }
}

async function walk(roots: readonly FileSystemEntry[]): Promise<Found> {
  const files: NamedFile[] = []
  const leftAlone: Left[] = []
  const waiting = roots.map((entry) => ({ entry, from: 'choice' as NamedFile['from'] })).toReversed()
  for (let next = waiting.pop(); next !== undefined && files.length <= fileLimit; next = waiting.pop()) {
    const { entry, from } = next
    const path = entry.fullPath.replace(/^\//, '')
    if (entry.isFile) {
      const blob = await blobOf(entry as FileSystemFileEntry)
      if (blob === null) leftAlone.push({ path, why: 'not_readable' })
      else files.push(fileOf(blob, path, from))
    } else {
      const { inside, isWhole } = await entriesOf(entry as FileSystemDirectoryEntry)
      if (!isWhole) leftAlone.push({ path, why: 'not_readable' })
      const byName = inside.toSorted((a, b) => (a.name < b.name ? 1 : -1))
      waiting.push(...byName.map((one) => ({ entry: one, from: 'folder' as const })))
    }
  }
  const found = within(files)
  return { files: found.files, leftAlone: [...leftAlone, ...found.leftAlone] }
}

const blobOf = (entry: FileSystemFileEntry): Promise<File | null> =>
  new Promise((resolve) => entry.file(resolve, () => resolve(null)))

/** A browser hands out a folder in pieces, and an empty piece at its end. */
async function entriesOf(folder: FileSystemDirectoryEntry) {
  const reader = folder.createReader()
  const inside: FileSystemEntry[] = []
  for (;;) {
    const piece = await new Promise<FileSystemEntry[] | null>((resolve) =>
      reader.readEntries(resolve, () => resolve(null)),
    )
    if (piece === null || piece.length === 0) return { inside, isWhole: piece !== null }
    inside.push(...piece)
  }
}
