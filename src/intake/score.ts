/** Scores. They are compared as decimals: 59.9999999999999999 is below 60, and nothing is rounded up. */
import { halfWidth, isFullWidth, isPlaceholder, withoutInvisible } from './cell-text.ts'
import { meaningOf, type ResultMeaning } from './outcome-word.ts'
import { fault, type Reading, read } from './reading.ts'

/** What a score cell holds: points, or a word in their place. */
export type Score =
  | { readonly kind: 'points'; readonly points: number; readonly passes: boolean }
  | { readonly kind: Extract<ResultMeaning, 'absent' | 'disqualified' | 'pending'> }

export function readScore(cell: string, passMark: number): Reading<Score> {
  const text = halfWidth(withoutInvisible(cell)).trim()
  const word = meaningOf(text)
  if (word === 'absent' || word === 'disqualified' || word === 'pending') return read({ kind: word })
  if (word === 'exempt') return fault('SCORE_EXEMPT', { normal: text })
  const match = /^(-?\d+(?:\.\d+)?)\s*(分|points?|pts)?$/i.exec(text)
  if (match === null) return unreadableScore(text)
  const [, decimal = '', unit] = match
  const score = exactScore(decimal, passMark)
  if (score.code !== undefined) return { ...score, normal: decimal }
  if (isFullWidth(cell)) return { ...score, code: 'SCORE_FULLWIDTH' }
  return unit === undefined ? score : { ...score, code: 'SCORE_UNIT' }
}

function unreadableScore(text: string): Reading<Score> {
  const normal = text
  if (isPlaceholder(text)) return fault('SCORE_MISSING', { normal: '' })
  if (/^\d+,\d+$/.test(text)) return fault('SCORE_DECIMAL_COMMA', { normal })
  if (/^\d+(?:\.\d+)?\s*%$/.test(text)) return fault('SCORE_PERCENT', { normal })
  return fault('SCORE_UNREADABLE', { normal })
}

/** Two decimals are kept and the rest is cut, so that cut points reach the pass mark exactly if the score does. */
function exactScore(decimal: string, passMark: number): Reading<Score> {
  const negative = decimal.startsWith('-')
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const decimals = fraction.replace(/0+$/, '')
  const integer = whole.replace(/^0+(?=\d)/, '')
  if (negative && integer === '1' && decimals === '') return fault('SCORE_SENTINEL')
  const isZero = integer === '0' && decimals === ''
  const above = integer.length > 3 || Number(integer) > 100 || (integer === '100' && decimals !== '')
  if (above || (negative && !isZero)) return fault('SCORE_RANGE')
  const hundredths = Number(integer) * 100 + Number(decimals.slice(0, 2).padEnd(2, '0'))
  const passes = hundredths >= Math.ceil(Number((passMark * 100).toFixed(6)))
  if (passes && decimals.length > 2) return fault('SCORE_PRECISION')
  return read({ kind: 'points', points: hundredths / 100, passes })
}
