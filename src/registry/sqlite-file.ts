/** The file of a registry as the system has it: whether it is whole, still in its place, and what SQLite says where it cannot go on. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { CertificateError } from '../base/errors.ts'

/** Does something with a registry file. What SQLite refuses (a full disk, a lock that does not end) is an error that says what to do. */
export function spokenBy<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw cause
    throw refusalOf(path, cause as Error)
  }
}

export function refusalOf(path: string, cause: Error & { readonly errcode?: number }): CertificateError {
  // The low byte: extended codes say more of the same, https://www.sqlite.org/rescode.html.
  const fault = faults.get((cause.errcode ?? 0) & 0xff) ?? 'registry.unusable'
  return new CertificateError(fault, { path, what: cause.message }, { cause })
}

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CORRUPT, SQLITE_NOTADB. */
const faults: ReadonlyMap<number, 'registry.locked' | 'registry.damaged'> = new Map([
  [5, 'registry.locked'],
  [6, 'registry.locked'],
  [11, 'registry.damaged'],
  [26, 'registry.damaged'],
])

/**
 * SQLite finds that whole pages are missing; where the last one was cut it takes zeros for the rest and reads on. Asked while
 * a connection is open: a log with nothing in it then says that nobody is writing pages.
 * @throws `registry.damaged`
 */
export function refuseCut(path: string): void {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return
  const header = Buffer.alloc(headerBytes)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, headerBytes, 0)
  } finally {
    closeSync(file)
  }
  // https://www.sqlite.org/fileformat.html, section 1.3: a page of 65,536 bytes is written as 1.
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const whole = pageBytes * header.readUInt32BE(28)
  const { size } = statSync(path)
  if (size < whole)
    throw new CertificateError('registry.damaged', { path, what: `${size} of ${whole} bytes` })
}

const headerBytes = 100

/** Which file stands there now; the same text for as long as it is the same file. */
export function placeOf(path: string): string {
  const file = path === ':memory:' ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false })
  return file === undefined ? '' : `${file.dev}/${file.ino}`
}
