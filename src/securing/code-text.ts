/** Tells the text of a code on a paper from every other text, in its plain form and in that of a link. */
import { type Bytes, utf8Text } from '../base/bytes.ts'

/** Characters: no code holds more. */
const textLimit = 8192
const prefix = 'GC1:'

/**
 * The code in a text, with its prefix; `null` where there is none. A link carries it behind `#`, percent-encoded where a
 * URL needs it, and its host is never asked.
 */
export function paperCodeIn(source: Bytes | string): string | null {
  if (source.length > textLimit) return null
  const text = (typeof source === 'string' ? source : utf8Text(source))?.replace(/\r?\n$/, '')
  if (text === undefined) return null
  if (text.startsWith(prefix)) return text
  const [, fragment] = /^https:\/\/[^\s#]+#(GC1(?::|%3A).*)$/is.exec(text) ?? []
  if (fragment === undefined) return null
  try {
    return decodeURIComponent(fragment)
  } catch {
    return null
  }
}
