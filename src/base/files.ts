/** Reading and writing files so that nobody sees half of one. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CertificateError } from './errors.ts'

/** Bytes; no file of a workspace comes near. */
const fileLimit = 268_435_456

/** Reads a whole file of at most 256 MiB. @throws `file.too_large`, and what the system says */
export async function readFileBounded(path: string): Promise<Buffer> {
  const { size } = await stat(path)
  if (size > fileLimit) throw new CertificateError('file.too_large', { path, bytes: size })
  return readFile(path)
}

/**
 * Writes beside the place and renames, so that the file is there whole or not at all. `durable` also waits for the disk,
 * for what cannot be made again from the registry.
 */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, durable = false }: { readonly mode?: number; readonly durable?: boolean } = {},
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { recursive: true })
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      if (durable) await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {}) // it may not have been made
    throw error
  }
  if (durable) await syncFolder(folder)
}

/** A file that is written part by part and is there under its name once it is whole. */
export interface WholeFile {
  readonly write: (part: string | Uint8Array) => Promise<void>
  /** Gives it its name; without this it was never there. */
  readonly end: () => Promise<void>
  /** Takes it away unfinished. */
  readonly discard: () => Promise<void>
}

/** Opens a file for writing in parts, readable by its owner only. */
export async function openWholeFile(path: string): Promise<WholeFile> {
  const folder = dirname(path)
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { recursive: true })
  const file = await open(temporary, 'wx', 0o600)
  return {
    async write(part) {
      await file.appendFile(part)
    },
    async end() {
      await file.sync()
      await file.close()
      await rename(temporary, path)
    },
    async discard() {
      await file.close().catch(() => {}) // it may be closed
      await unlink(temporary).catch(() => {}) // it may have its name
    },
  }
}

/** Start of the names under which a file is written before it has its own; the writer's process id follows. */
const temporaryPrefix = '.gradecert-'

/** Whether a file is the unfinished writing of a process that no longer runs. */
export function isLeftover(name: string): boolean {
  const match = /^\.gradecert-(\d+)-[0-9a-f]{12}$/.exec(name)
  if (match === null) return false
  try {
    process.kill(Number(match[1]), 0)
    return false
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH'
  }
}

/**
 * Waits until the disk has the names in a folder and in those above it, up to `top`. A folder that was just made is lost
 * with all that is in it while the one above it is not on the disk.
 */
export async function syncFolders(folder: string, top: string): Promise<void> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    await syncFolder(at)
    if (at === resolve(top) || at === dirname(at)) return
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
