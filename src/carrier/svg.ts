/** Credentials baked into SVG pictures (Open Badges 3.0, section 5.3.2), by us and by others. */
import { type Bytes, utf8 } from '../base/bytes.ts'
import { type Carrier, type CarrierFault, type Carrying, carrierLimits } from './carried.ts'
import { scanSvg } from './svg-scan.ts'

export const svg: Carrier = { kind: 'svg', begins: isSvg, read: async (bytes) => readSvg(bytes) }

/** Bytes in which an SVG has to show that it is one. */
const headBytes = 4096

function isSvg(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, headBytes))
  return (
    /^[ \t\r\n]*</.test(head) &&
    /<(?:!DOCTYPE[ \t\r\n]+|[\w.-]+:)?svg[\s/>[]/i.test(head) &&
    !/<(?:!DOCTYPE[ \t\r\n]+)?html/i.test(head)
  )
}

function readSvg(bytes: Bytes): Carrying {
  const walk = scanSvg(bytes)
  if (!walk.ok) return walk
  const { credentials, stranger } = walk.scan
  const [baked, second] = credentials
  if (baked === undefined)
    return refuse('nothing_inside', stranger ? 'a badge of another version' : 'no openbadges:credential')
  if (second !== undefined) return refuse('too_many_parts', 'two credentials')
  const { verify, content, depth } = baked
  if (depth !== 1) return refuse('damaged', 'a credential inside another element')
  if (content === null) return refuse('damaged', 'a credential that has elements inside')
  if ((verify === undefined) === (content === ''))
    return refuse('damaged', 'a credential as attribute and as content, or as neither')
  const text = utf8(verify ?? content)
  if (text.length > carrierLimits.textBytes) return refuse('too_large', `${text.length} bytes of text`)
  return { ok: true, carried: { texts: [text], anchors: [], evidence: [] } }
}

const refuse = (fault: CarrierFault, detail: string): Carrying => ({ ok: false, fault, detail })
