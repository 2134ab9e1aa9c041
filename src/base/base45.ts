/** Base45 (RFC 9285): the letters that a QR code packs best. Strict: one text for each value, and no other. */
import type { Bytes } from './bytes.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

export function toBase45(bytes: Bytes): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length
    const value = isPair ? (bytes[at] as number) * 256 + (bytes[at + 1] as number) : (bytes[at] as number)
    text += letter(value % 45) + letter(Math.floor(value / 45) % 45)
    if (isPair) text += letter(Math.floor(value / 2025))
  }
  return text
}

const letter = (value: number): string => alphabet[value] as string

/** `null` for any text that `toBase45` does not write. */
export function fromBase45(text: string): Bytes | null {
  if (text.length % 3 === 1) return null
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const [a = -1, b = -1, c] = [...text.slice(at, at + 3)].map((one) => alphabet.indexOf(one))
    if (a < 0 || b < 0 || c === -1) return null
    const value = a + b * 45 + (c ?? 0) * 2025
    if (value > (c === undefined ? 0xff : 0xffff)) return null
    if (c !== undefined) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}
