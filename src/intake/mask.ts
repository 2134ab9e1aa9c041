/** Masking, for everything that is printed or logged. */
import { halfWidth } from './cell-text.ts'

/** `11000019900307857X` becomes `110000********857X`; short numbers keep two characters at each end. */
export function maskIdNumber(number: string): string {
  const characters = [...number]
  const [head, tail] = characters.length >= 15 ? [6, 4] : characters.length >= 7 ? [2, 2] : [0, 0]
  const hidden = characters.length - head - tail
  return [
    ...characters.slice(0, head),
    '*'.repeat(hidden),
    ...characters.slice(characters.length - tail),
  ].join('')
}

/** Fifteen digits or more, X at the end included; spaces and zero-width characters between them do not hide them. */
const longNumber =
  /\p{Nd}(?:[\s\u200b-\u200d\u2060\ufeff]?\p{Nd}){13,}[\s\u200b-\u200d\u2060\ufeff]?[\p{Nd}XxＸｘ]/gu
const scientific = /\p{Nd}[.．]\p{Nd}{5,}[EeＥｅ][+＋]?\p{Nd}+/gu

/**
 * Masks whatever looks like an ID number inside a text, and every number in `known`, which may be of documents whose
 * numbers look like nothing in particular.
 */
export function maskPersonal(text: string, known: readonly string[] = []): string {
  const withoutKnown = known
    .filter((number) => number !== '')
    .reduce((masked, number) => masked.replaceAll(number, maskIdNumber(number)), text)
  return withoutKnown
    .replace(longNumber, (number) =>
      maskIdNumber(halfWidth(number).replace(/[\s\u200b-\u200d\u2060\ufeff]/gu, '')),
    )
    .replace(scientific, (number) => `${number.slice(0, 3)}****${number.slice(-4)}`)
}
