/** What witnesses sign (c2sp.org/tlog-cosignature): that at a time a checkpoint was the largest they saw, and consistent. */
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import { readCheckpoint } from './checkpoint.ts'

/** The message of an Ed25519 cosignature: two lines before the whole text of the checkpoint. */
export const cosignedText = (text: string, at: number): Bytes => utf8(`cosignature/v1\ntime ${at}\n${text}`)

/** The message of an ML-DSA-44 cosignature; `null` where the text is no checkpoint, or a name is too long. */
export function cosignedMessage(text: string, name: string, at: number): Bytes | null {
  const checkpoint = readCheckpoint(text)
  const [cosigner, origin] = [utf8(name), utf8(checkpoint?.origin ?? '')]
  if (checkpoint === null || cosigner.length > 255 || origin.length > 255) return null
  return concat(
    utf8('subtree/v1\n\0'),
    Uint8Array.of(cosigner.length),
    cosigner,
    timeBytes(at),
    Uint8Array.of(origin.length),
    origin,
    timeBytes(0),
    timeBytes(checkpoint.size),
    checkpoint.root,
  )
}

/** Eight bytes, big-endian. */
export function timeBytes(value: number): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
