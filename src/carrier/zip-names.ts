/** What the files of an archive are called. A name is shown and looked at for its end; nothing is ever written by it. */
import { type Bytes, utf8Text } from '../base/bytes.ts'

/** Section 4.4.4 of APPNOTE.TXT: the name is in UTF-8. */
const isUtf8 = 0x0800

/**
 * The name of an entry; `null` where it is none or leads out of the archive. Who does not say that it is UTF-8 wrote it in
 * that all the same, or, on a Chinese Windows, in GBK.
 */
export function entryName(bytes: Bytes, flags: number): string | null {
  const text = utf8Text(bytes) ?? ((flags & isUtf8) === 0 ? inOldCode(bytes) : null)
  // Archivers of older Windows programs write what stands between folders so.
  const name = text?.replaceAll('\\', '/')
  const leadsOut = name === undefined || /^(?:\/|[A-Za-z]:)/.test(name) || name.split('/').includes('..')
  return leadsOut ? null : name
}

function inOldCode(bytes: Bytes): string {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
