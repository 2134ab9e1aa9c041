/** Noise that spreadsheets and chat programs leave around the text of a cell, and how to take it off. */

/** Zero-width characters, soft hyphens, bidirectional marks, byte order marks. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g

export const withoutInvisible = (text: string): string => text.replace(invisible, '')

/** Full-width forms of ASCII, the ideographic space and full-width minus become ASCII; everything else stays. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000\u2212]/g, (c) =>
    c === '\u3000' ? ' ' : c === '\u2212' ? '-' : String.fromCharCode(c.charCodeAt(0) - 0xfee0),
  )
}

export const isFullWidth = (text: string): boolean => /[\uff01-\uff5e]/.test(text)

/** What exporters put around a value to keep Excel from converting it: `="…"`, or an apostrophe in front. */
export type Wrapper = 'formula' | 'apostrophe'

export function unwrap(text: string): { readonly text: string; readonly wrapper?: Wrapper } {
  const trimmed = text.trim()
  if (!/^[=＝'‘’＇`]/.test(trimmed)) return { text }
  const bare = trimmed.replace(/^['‘’＇`]/, '')
  const formula = /^\s*[=＝]\s*["＂]([^"＂]*)["＂]$/.exec(bare)
  if (formula !== null) return { text: formula[1] ?? '', wrapper: 'formula' }
  return bare === trimmed ? { text } : { text: bare, wrapper: 'apostrophe' }
}

/** Words and dashes that people type where there is nothing to say. */
export const isPlaceholder = (text: string): boolean =>
  /^(?:[-–—/\\.]+|无|暂无|没有|空|null|none|nil|n\/a|na)?$/i.test(text)

/** Control characters other than those that break lines or separate columns. */
export const hasControl = (text: string): boolean => /(?![\t\n\r])\p{Cc}/u.test(text)

/** Whether a spreadsheet would take the text for a formula. */
export const isFormula = (text: string): boolean => /^[=+\-@]/.test(text)

/** One line of text: runs of white space become one space, and vanish between Han characters where they broke a line. */
export const oneLine = (text: string): string =>
  text
    .replace(/(?<=\p{Script=Han})\s*[\r\n]+\s*(?=\p{Script=Han})/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
