/** Traces that GBK leaves in names: private-use characters of its old fonts, and UTF-8 that was read as GBK. */
import { type Bytes, utf8Text } from '../base/bytes.ts'

const gb18030 = (): TextDecoder => new TextDecoder('gb18030')

/** Of the 80 characters that GBK put at FE50…FEA0, those whose place the platform's decoder still leaves private. */
const laterAssigned: Readonly<Record<string, string>> = {
  '\ue816': '\u{20087}',
  '\ue817': '\u{20089}',
  '\ue818': '\u{200cc}',
  '\ue831': '\u{215d7}',
  '\ue83b': '\u{2298f}',
  '\ue855': '\u{241fe}',
}

/** The Unicode character that a private-use character of GBK stands for, U+4DAE for U+E863; `null` where none is known. */
export function assignedCharacter(character: string): string | null {
  const later = laterAssigned[character]
  if (later !== undefined) return later
  const place = (character.codePointAt(0) ?? 0) - 0xe815
  if (place < 0 || place > 79) return null
  const trail = 0x50 + place + (0x50 + place >= 0x7f ? 1 : 0)
  return gb18030().decode(Uint8Array.of(0xfe, trail))
}

/**
 * The name whose UTF-8 bytes read as GBK give this text, where that name is Han characters and middle dots only:
 * 郑桐 and 毛伟 are real names whose GB18030 bytes happen to be valid UTF-8.
 */
export function mojibakeOf(text: string): string | null {
  const pairs = [...text].map((character) => pairOf().get(character))
  if (pairs.length === 0 || pairs.includes(undefined)) return null
  const bytes = pairs.join('')
  if (!hanInUtf8.test(bytes)) return null
  const name = utf8Text(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
  return name !== null && /^[\p{Script=Han}·]+$/u.test(name) ? name : null
}

/** Bytes as Latin-1: three or four for a Han character, two for the middle dot. */
const hanInUtf8 = /^(?:[\xe2-\xe9\xef][\x80-\xbf]{2}|\xf0[\xa0-\xb3][\x80-\xbf]{2}|\xc2\xb7)+$/

let pairs: ReadonlyMap<string, string> | undefined

/** Characters by their two bytes in GB18030, both of them above 7F as in UTF-8; built when first needed. */
function pairOf(): ReadonlyMap<string, string> {
  pairs ??= buildPairs()
  return pairs
}

function buildPairs(): ReadonlyMap<string, string> {
  const all: string[] = []
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x80; trail <= 0xfe; trail++) all.push(String.fromCharCode(lead, trail))
  }
  const bytes: Bytes = Uint8Array.from(all.join('\n'), (byte) => byte.charCodeAt(0))
  const characters = gb18030().decode(bytes).split('\n')
  return new Map(
    characters.flatMap((character, at) => (character.includes('\ufffd') ? [] : [[character, all[at] ?? '']])),
  )
}
