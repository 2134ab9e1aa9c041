import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { type Bytes, concat, fromBase64url, toBase64url } from '../../src/base/bytes.ts'
import { readProofValue, writeBaseValue, writeDerivedValue } from '../../src/securing/ecdsa-sd-value.ts'

const filled = (length: number, byte = 7): Bytes => new Uint8Array(length).fill(byte)
const base = {
  baseSignature: filled(64),
  publicKey: filled(35),
  hmacKey: filled(32),
  signatures: [filled(64, 1), filled(64, 2)],
  mandatoryPointers: ['/issuer', ''],
}
const label = (byte: number) => `u${toBase64url(filled(32, byte))}`
const derived = {
  baseSignature: filled(64),
  publicKey: filled(35),
  signatures: [filled(64, 1)],
  labels: new Map([
    ['c14n0', label(1)],
    ['c14n1', label(2)],
  ]),
  mandatoryIndexes: [0, 2, 300],
}

const text = (header: readonly number[], parts: unknown): string =>
  `u${toBase64url(concat(Uint8Array.from(header), encode(parts) as Bytes))}`
const baseHeader = [0xd9, 0x5d, 0x00]
const derivedHeader = [0xd9, 0x5d, 0x01]
const baseParts = [base.baseSignature, base.publicKey, base.hmacKey, base.signatures, base.mandatoryPointers]
const derivedParts = [
  derived.baseSignature,
  derived.publicKey,
  derived.signatures,
  new Map([
    [0, filled(32, 1)],
    [1, filled(32, 2)],
  ]),
  derived.mandatoryIndexes,
]
const withPart = (parts: readonly unknown[], at: number, part: unknown) => parts.with(at, part)

test('EC-6: a base value is CBOR behind d9 5d 00 and comes back', () => {
  expect(writeBaseValue(base)).toBe(text(baseHeader, baseParts))
  expect(writeBaseValue(base)).toMatch(/^u2V0AhVhA/)
  expect(readProofValue(writeBaseValue(base))).toEqual({ kind: 'base', value: base })
})

test('EC-6: a derived value is CBOR behind d9 5d 01 and comes back', () => {
  expect(writeDerivedValue(derived)).toBe(text(derivedHeader, derivedParts))
  expect(writeDerivedValue(derived)).toMatch(/^u2V0BhVhA/)
  expect(readProofValue(writeDerivedValue(derived))).toEqual({ kind: 'derived', value: derived })
})

describe('EC-6: refused is', () => {
  const bytesOf = (value: string) => fromBase64url(value.slice(1)) as Bytes
  const whole = bytesOf(text(derivedHeader, derivedParts))
  /** The derived value with other bytes from one place to another. */
  const changed = (from: number, bytes: readonly number[], to: number) =>
    `u${toBase64url(concat(whole.subarray(0, from), Uint8Array.from(bytes), whole.subarray(to)))}`
  test.each<[what: string, value: string]>([
    ['nothing', ''],
    ['the prefix alone', 'u'],
    ['another multibase', text(baseHeader, baseParts).replace('u', 'z')],
    ['padding', `${text(baseHeader, baseParts)}=`],
    ['a header alone', `u${toBase64url(Uint8Array.from(baseHeader))}`],
    ['a header of another suite', text([0xd9, 0x5d, 0x02], baseParts)],
    ['no header', text([], baseParts)],
    ['the parts of a base value behind the header of a derived one', text(derivedHeader, baseParts)],
    ['the parts of a derived value behind the header of a base one', text(baseHeader, derivedParts)],
    ['four parts', text(baseHeader, baseParts.slice(0, 4))],
    ['six parts', text(baseHeader, [...baseParts, 0])],
    ['a map', text(baseHeader, { a: 1 })],
    ['bytes after the end', `u${toBase64url(concat(whole, Uint8Array.of(0)))}`],
    ['bytes cut off', `u${toBase64url(whole.subarray(0, -1))}`],
    ['a length written longer than it has to be', changed(3, [0x85, 0x59, 0x00, 0x40], 6)],
    ['a tag, which the text forbids', changed(3, [0xd8, 0x40], 3)],
    ['a tag on a signature', changed(4, [0xd8, 0x40], 4)],
    [
      'a list without a length',
      `u${toBase64url(concat(Uint8Array.of(0xd9, 0x5d, 0x01, 0x9f), whole.subarray(4), Uint8Array.of(0xff)))}`,
    ],
    ['a short signature', text(baseHeader, withPart(baseParts, 0, filled(63)))],
    ['a long key', text(baseHeader, withPart(baseParts, 1, filled(36)))],
    ['a short HMAC key', text(baseHeader, withPart(baseParts, 2, filled(31)))],
    ['a short signature of a statement', text(baseHeader, withPart(baseParts, 3, [filled(63)]))],
    ['signatures in no list', text(baseHeader, withPart(baseParts, 3, filled(64)))],
    ['more signatures than are read', text(baseHeader, withPart(baseParts, 3, Array(1025).fill(filled(64))))],
    ['a pointer that is a number', text(baseHeader, withPart(baseParts, 4, [5]))],
    ['a pointer beyond all bounds', text(baseHeader, withPart(baseParts, 4, ['/'.repeat(513)]))],
    ['a text for a signature', text(derivedHeader, withPart(derivedParts, 0, 'x'.repeat(64)))],
    ['labels in a list', text(derivedHeader, withPart(derivedParts, 3, []))],
    ['a label by name', text(derivedHeader, withPart(derivedParts, 3, new Map([['c14n0', filled(32)]])))],
    ['a label below zero', text(derivedHeader, withPart(derivedParts, 3, new Map([[-1, filled(32)]])))],
    ['a short label', text(derivedHeader, withPart(derivedParts, 3, new Map([[0, filled(31)]])))],
    [
      'one label for two nodes',
      text(
        derivedHeader,
        withPart(
          derivedParts,
          3,
          new Map([
            [0, filled(32)],
            [1, filled(32)],
          ]),
        ),
      ),
    ],
    [
      'more labels than are read',
      text(
        derivedHeader,
        withPart(derivedParts, 3, new Map(Array.from({ length: 1025 }, (_, i) => [i, filled(32)]))),
      ),
    ],
    ['an index that is no whole number', text(derivedHeader, withPart(derivedParts, 4, [0.5]))],
    ['an index below zero', text(derivedHeader, withPart(derivedParts, 4, [-1]))],
    ['an index twice', text(derivedHeader, withPart(derivedParts, 4, [1, 1]))],
    ['indexes in another order', text(derivedHeader, withPart(derivedParts, 4, [2, 1]))],
    ['an index that is null', text(derivedHeader, withPart(derivedParts, 4, [null]))],
  ])('%s', (_what, value) => {
    expect(readProofValue(value)).toBeNull()
  })
})
