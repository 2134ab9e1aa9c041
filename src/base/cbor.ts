/** CBOR (RFC 8949) without tags, floats and indefinite lengths, each value in its one form. The only file that imports `cborg`. */
import { decode, encode } from 'cborg'
import { type Bytes, equalBytes } from './bytes.ts'

/** Bytes, texts, whole numbers, lists and maps; the keys of a map are put in order. */
export const toCbor = (value: unknown): Bytes => new Uint8Array(encode(value))

/** The value of some bytes, maps as `Map`; `undefined` where they are none, or written otherwise than `toCbor` writes it. */
export function fromCbor(bytes: Bytes): unknown {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowNaN: false,
      allowInfinity: false,
      allowBigInt: false,
    })
    return equalBytes(toCbor(value), bytes) ? value : undefined
  } catch {
    return undefined
  }
}
