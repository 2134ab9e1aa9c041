/** The sorts of files that carry certificates inside, told by their first bytes, and pictures that show a code. */
import type { Bytes } from '../base/bytes.ts'
import { type Carrier, type Carrying, carrierLimits, type Refused } from './carried.ts'
import { pdf } from './pdf.ts'
import { png } from './png.ts'
import { svg } from './svg.ts'

const carriers: readonly Carrier[] = [pdf, png, svg]

export const carrierOf = (bytes: Uint8Array): Carrier | undefined =>
  carriers.find(({ begins }) => begins(bytes))

/** Looks for codes on a picture: by a browser or by decoders of our own. */
export type FindCodes = (bytes: Bytes) => Promise<readonly Bytes[] | Refused>

/** What a paper or picture carries, or why it was refused; `null` for a file that is neither. */
export async function carriedIn(bytes: Bytes, findCodes: FindCodes): Promise<Carrying | null> {
  const carrier = carrierOf(bytes)
  if (carrier === undefined && !isPicture(bytes)) return null
  if (bytes.length > carrierLimits.fileBytes)
    return { ok: false, fault: 'too_large', detail: `${bytes.length} bytes` }
  const carrying = await carrier?.read(bytes)
  // A picture with nothing inside may show a code.
  const mayShow = carrier === undefined || carrier.kind === 'png'
  const isOver = carrying !== undefined && (carrying.ok || carrying.fault !== 'nothing_inside' || !mayShow)
  if (isOver) return carrying
  const found = await findCodes(bytes)
  return 'ok' in found ? found : { ok: true, carried: { texts: found, anchors: [], evidence: [] } }
}

/** First bytes of PNG, JPEG, GIF, WebP and BMP: what a phone, a screen or a scanner makes. */
const pictures = ['\u0089PNG', '\u00ff\u00d8\u00ff', 'GIF8', 'RIFF', 'BM'].map((head) =>
  [...head].map((letter) => letter.charCodeAt(0)),
)

const isPicture = (bytes: Uint8Array): boolean =>
  pictures.some((head) => head.every((byte, i) => bytes[i] === byte))
