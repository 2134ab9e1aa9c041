/**
 * One writer at a time, among all processes that see a folder. The lock is the system's own on a file (by SQLite, which
 * takes it the same way everywhere), so it ends with its process: nobody has to guess whether a holder still lives, which
 * numbers of processes cannot say once one is used again or counts in another container.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CertificateError } from './errors.ts'
import { DatabaseSync } from './sqlite.ts'

export interface LockOptions {
  /** Milliseconds until it is given up; 15 seconds by default. */
  readonly patience?: number
}

/**
 * Does something while nobody else does anything under the same lock.
 * @throws `file.locked` where another process holds it for longer than the patience lasts
 */
export function withLock<T>(
  path: string,
  action: () => Promise<T>,
  { patience = 15_000 }: LockOptions = {},
): Promise<T> {
  const place = resolve(path)
  const turn = (queues.get(place) ?? Promise.resolve()).then(async () => {
    const lock = await acquire(place, patience)
    try {
      return await action()
    } finally {
      lock.close()
    }
  })
  const over = turn.then(
    () => {},
    () => {}, // whoever failed has been told
  )
  queues.set(place, over)
  void over.then(() => {
    if (queues.get(place) === over) queues.delete(place)
  })
  return turn
}

/** Within a process one waits for the other in order; asking the system is for other processes only. */
const queues = new Map<string, Promise<void>>()

/** Milliseconds between two attempts. */
const pause = 10

async function acquire(path: string, patience: number): Promise<DatabaseSync> {
  mkdirSync(dirname(path), { recursive: true })
  closeSync(openSync(path, 'a', 0o600)) // SQLite would let others read it
  for (let waited = 0; ; waited += pause) {
    const lock = new DatabaseSync(path)
    try {
      lock.exec('begin exclusive')
      return lock
    } catch (cause) {
      lock.close()
      if ((cause as { readonly errcode?: number }).errcode !== busy) throw cause
      if (waited >= patience) throw new CertificateError('file.locked', { path }, { cause })
      await setTimeout(pause)
    }
  }
}

/** SQLITE_BUSY. */
const busy = 5
