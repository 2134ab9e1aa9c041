/** One writer at a time, among processes of one machine: a file that names the process that holds it. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CertificateError } from './errors.ts'

/** Milliseconds between two attempts, and until it is given up. */
const pause = 25
const patience = 15_000

/**
 * Does something while holding a lock. A lock whose process is gone is taken over.
 * @throws `file.locked` where another process holds it for longer than 15 seconds
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  await acquire(path)
  try {
    return await action()
  } finally {
    await unlink(path)
  }
}

async function acquire(path: string): Promise<void> {
  const own = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(own, String(process.pid), { flag: 'wx', mode: 0o600 })
  try {
    for (let waited = 0; ; waited += pause) {
      // A link is made whole or not at all, so nobody reads a lock that names nobody yet.
      const isOurs = await link(own, path).then(
        () => true,
        (error: { readonly code?: string }) => {
          if (error.code === 'EEXIST') return false
          throw error
        },
      )
      if (isOurs) return
      const holder = await readFile(path, 'utf8').catch(() => null)
      if (holder !== null && !isAlive(Number(holder))) await takeAway(path, holder)
      else if (waited >= patience) throw new CertificateError('file.locked', { path, process: holder ?? '' })
      else await setTimeout(pause)
    }
  } finally {
    await unlink(own)
  }
}

/** Of several that find a lock without a holder one moves it away; if by then it is another's, it is put back. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!isMoved) return
  const found = await readFile(aside, 'utf8')
  if (found !== holder) await link(aside, path).catch(() => {})
  await unlink(aside)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH'
  }
}
