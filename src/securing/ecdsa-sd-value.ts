/**
 * Proof values of ecdsa-sd-2023: CBOR behind a header of three bytes (VC Data Integrity ECDSA 1.0, sections 3.5.2 to
 * 3.5.8).
 */
import { type Bytes, concat, equalBytes, fromBase64url, toBase64url } from '../base/bytes.ts'
import { fromCbor, toCbor } from '../base/cbor.ts'

/** What an issuer hands to the holder: it can show any part of the credential with it. */
export interface BaseValue {
  /** 64 bytes, by the issuer's key. */
  readonly baseSignature: Bytes
  /** Multikey bytes of the key that signed each statement: 35. */
  readonly publicKey: Bytes
  /** 32 bytes. */
  readonly hmacKey: Bytes
  /** 64 bytes for each statement that need not be shown, in the order of the canonical form. */
  readonly signatures: readonly Bytes[]
  readonly mandatoryPointers: readonly string[]
}

/** What a verifier is shown. */
export interface DerivedValue {
  readonly baseSignature: Bytes
  readonly publicKey: Bytes
  readonly signatures: readonly Bytes[]
  /** Labels that the issuer gave to blank nodes (`u…`), by their canonical labels in the part shown (`c14n0`). */
  readonly labels: ReadonlyMap<string, string>
  /** Which statements of the part shown are mandatory, ascending. */
  readonly mandatoryIndexes: readonly number[]
}

export type ProofValue =
  | { readonly kind: 'base'; readonly value: BaseValue }
  | { readonly kind: 'derived'; readonly value: DerivedValue }

export function writeBaseValue(value: BaseValue): string {
  const { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers } = value
  return write(baseHeader, [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers])
}

export function writeDerivedValue(value: DerivedValue): string {
  const { baseSignature, publicKey, signatures, labels, mandatoryIndexes } = value
  const compressed = new Map(
    [...labels].map(([canonical, label]) => [
      Number(canonical.slice('c14n'.length)),
      fromBase64url(label.slice(1)) as Bytes, // labels are HMACs in base64url
    ]),
  )
  return write(derivedHeader, [baseSignature, publicKey, signatures, compressed, mandatoryIndexes])
}

/** Reads a proof value; `null` where it is none, or beyond the bounds below. */
export function readProofValue(text: string): ProofValue | null {
  const bytes = text.startsWith('u') ? fromBase64url(text.slice(1)) : null
  if (bytes === null) return null
  const parts = decoded(bytes.subarray(baseHeader.length))
  if (parts === null) return null
  const header = bytes.subarray(0, baseHeader.length)
  if (equalBytes(header, baseHeader)) {
    const value = baseOf(parts)
    return value && { kind: 'base', value }
  }
  const value = equalBytes(header, derivedHeader) ? derivedOf(parts) : null
  return value && { kind: 'derived', value }
}

const baseHeader = Uint8Array.of(0xd9, 0x5d, 0x00)
const derivedHeader = Uint8Array.of(0xd9, 0x5d, 0x01)

/** Statements, labels and pointers; a full badge has 170 statements. */
const countLimit = 1024
/** Characters. */
const pointerLimit = 512

const write = (header: Bytes, parts: readonly unknown[]): string =>
  `u${toBase64url(concat(header, toCbor(parts)))}`

/** Five parts, in the one form that CBOR has for them. */
function decoded(bytes: Bytes): readonly unknown[] | null {
  const parts = fromCbor(bytes)
  return Array.isArray(parts) && parts.length === 5 ? parts : null
}

function baseOf([
  baseSignature,
  publicKey,
  hmacKey,
  signatures,
  pointers,
]: readonly unknown[]): BaseValue | null {
  return isBytes(baseSignature, 64) &&
    isBytes(publicKey, 35) &&
    isBytes(hmacKey, 32) &&
    isListOf(signatures, (one): one is Bytes => isBytes(one, 64)) &&
    isListOf(pointers, (one): one is string => typeof one === 'string' && one.length <= pointerLimit)
    ? { baseSignature, publicKey, hmacKey, signatures, mandatoryPointers: pointers }
    : null
}

function derivedOf([
  baseSignature,
  publicKey,
  signatures,
  labels,
  indexes,
]: readonly unknown[]): DerivedValue | null {
  if (
    !isBytes(baseSignature, 64) ||
    !isBytes(publicKey, 35) ||
    !isListOf(signatures, (one): one is Bytes => isBytes(one, 64)) ||
    !isListOf(indexes, isIndex)
  )
    return null
  if (!indexes.every((index, i) => i === 0 || index > (indexes[i - 1] as number))) return null
  const names = labelsOf(labels)
  return names && { baseSignature, publicKey, signatures, labels: names, mandatoryIndexes: indexes }
}

/**
 * Stricter than the text: no two nodes may have one label. Otherwise what the issuer says of one node could be shown as
 * if it were said of two.
 */
function labelsOf(value: unknown): ReadonlyMap<string, string> | null {
  if (!(value instanceof Map) || value.size > countLimit) return null
  const labels = new Map<string, string>()
  for (const [index, hmac] of value as ReadonlyMap<unknown, unknown>) {
    if (!isIndex(index) || !isBytes(hmac, 32)) return null
    labels.set(`c14n${index}`, `u${toBase64url(hmac)}`)
  }
  return new Set(labels.values()).size === labels.size ? labels : null
}

const isBytes = (value: unknown, length: number): value is Bytes =>
  value instanceof Uint8Array && value.length === length

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isListOf = <T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.length <= countLimit && value.every(isOne)
