/** The chunks of a PNG picture (ISO/IEC 15948, section 5), walked strictly and once. */
import type { Bytes } from '../base/bytes.ts'
import { crc32 } from '../base/crc32.ts'
import { type CarrierFault, carrierLimits } from './carried.ts'

export interface PngChunk {
  /** Four letters. */
  readonly type: string
  /** Where its length stands, and the first byte after its checksum. */
  readonly start: number
  readonly end: number
  readonly content: Bytes
}

export type PngWalk =
  | { readonly ok: true; readonly chunks: readonly PngChunk[] }
  | { readonly ok: false; readonly fault: CarrierFault; readonly detail: string }

export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, i) => bytes[i] === byte)

/** All chunks of a whole picture. What other readers might step over is refused: they would see another picture. */
export function pngChunks(bytes: Bytes): PngWalk {
  if (bytes.length > carrierLimits.fileBytes) return refuse('too_large', `${bytes.length} bytes`)
  if (!isPng(bytes)) return refuse('damaged', 'not a PNG')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunks: PngChunk[] = []
  for (let start = signature.length; start < bytes.length; ) {
    if (chunks.length === chunkLimit) return refuse('too_many_parts', `more than ${chunkLimit} chunks`)
    if (start + emptyChunk > bytes.length) return refuse('damaged', 'it ends within a chunk')
    const end = start + emptyChunk + view.getUint32(start)
    if (end > bytes.length) return refuse('damaged', 'a chunk that is longer than the picture')
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    if (!/^[A-Za-z]{4}$/.test(type)) return refuse('damaged', 'a chunk without a type')
    if (crc32(bytes.subarray(start + 4, end - 4)) !== view.getUint32(end - 4))
      return refuse('damaged', `the checksum of ${type}`)
    // Section 5.4: who does not know a chunk with a capital letter in front cannot show the picture.
    if (/^[A-Z]/.test(type) && !critical.has(type)) return refuse('damaged', `the unknown chunk ${type}`)
    chunks.push({ type, start, end, content: bytes.subarray(start + 8, end - 4) })
    start = end
  }
  const isWhole =
    chunks[0]?.type === 'IHDR' &&
    chunks[0].content.length === 13 &&
    chunks.findIndex(({ type }) => type === 'IEND') === chunks.length - 1 &&
    chunks.filter(({ type }) => type === 'IHDR').length === 1 &&
    chunks.some(({ type }) => type === 'IDAT')
  return isWhole ? { ok: true, chunks } : refuse('damaged', 'no head, no pixels, no end, or more after it')
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const critical: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND'])
/** Bytes of a chunk without content: length, type and checksum. */
const emptyChunk = 12
/** Encoders that cut pixels into pieces of a kilobyte stay below it. */
const chunkLimit = 65_536

const refuse = (fault: CarrierFault, detail: string): PngWalk => ({ ok: false, fault, detail })
