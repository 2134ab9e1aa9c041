/** The frame of a font file (OpenType 1.9, "The OpenType font file"): which kind it is, and the first font of a collection as a file of its own. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'

/** `null` where it is no font of TrueType or OpenType. Of a collection the first font counts. */
export function singleFont(file: Bytes): Bytes | null {
  if (file.length < 12) return null
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const tag = tagAt(file, 0)
  if (tag !== 'ttcf') return kinds.has(view.getUint32(0)) && isWhole(file, view) ? file : null
  const start = file.length < 16 ? file.length : view.getUint32(12)
  return start + 12 > file.length || !kinds.has(view.getUint32(start)) ? null : fontAt(file, view, start)
}

/** 1.0, `true` and `OTTO`. */
const kinds: ReadonlySet<number> = new Set([0x00010000, 0x74727565, 0x4f54544f])
const entryBytes = 16

const tagAt = (file: Bytes, at: number): string => String.fromCharCode(...file.subarray(at, at + 4))

function isWhole(file: Bytes, view: DataView): boolean {
  const end = 12 + view.getUint16(4) * entryBytes
  if (end > file.length) return false
  for (let at = 12; at < end; at += entryBytes) {
    if (view.getUint32(at + 8) + view.getUint32(at + 12) > file.length) return false
  }
  return true
}

/** Tables of a collection stand anywhere and are shared: those of one font are laid out anew. */
function fontAt(file: Bytes, view: DataView, start: number): Bytes | null {
  const count = view.getUint16(start + 4)
  const list = start + 12
  if (list + count * entryBytes > file.length) return null
  const head = file.slice(start, list + count * entryBytes)
  const headView = new DataView(head.buffer)
  const tables: Bytes[] = []
  let at = head.length
  for (let i = 0; i < count; i++) {
    const from = view.getUint32(list + i * entryBytes + 8)
    const length = view.getUint32(list + i * entryBytes + 12)
    if (from + length > file.length) return null
    headView.setUint32(12 + i * entryBytes + 8, at)
    const table = new Uint8Array((length + 3) & ~3)
    table.set(file.subarray(from, from + length))
    tables.push(table)
    at += table.length
  }
  return concat(head, ...tables)
}

/** The bytes of one table; `null` where the font has none of this name. */
export function tableOf(font: Bytes, name: string): Bytes | null {
  const view = new DataView(font.buffer, font.byteOffset, font.length)
  const wanted = utf8(name)
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + i * entryBytes
    if (!wanted.every((byte, k) => font[entry + k] === byte)) continue
    const from = view.getUint32(entry + 8)
    return font.slice(from, from + view.getUint32(entry + 12))
  }
  return null
}
