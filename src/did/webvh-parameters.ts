/** Parameters of a did:webvh log: how each entry may change what the next ones are judged by (did:webvh 1.0, "Parameters"). */
import { type Bytes, concat, toBase58, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { isObject, type Json, type JsonObject, textOf } from '../base/json.ts'
import { fromMultikey } from '../key/public-key.ts'

/** What is in force once an entry is published. */
export interface Parameters {
  readonly scid: string
  /** Multikeys that may sign the next entry. */
  readonly updateKeys: readonly string[]
  /** Hashes of the only Multikeys that the next entry may bring; with none, any. */
  readonly nextKeyHashes: readonly string[]
  readonly witness: WitnessRule | null
  readonly portable: boolean
  readonly deactivated: boolean
}

/** How many of which witnesses have to approve an entry. */
export interface WitnessRule {
  /** From 1 to the number of witnesses. */
  readonly threshold: number
  /** Multikeys, without `did:key:`; no two are the same. */
  readonly witnesses: readonly string[]
}

export type ParameterFault =
  | 'method_unsupported'
  | 'parameters_malformed'
  | 'scid_malformed'
  | 'scid_restated'
  | 'portable_too_late'
  | 'entry_after_deactivation'
  | 'pre_rotation_incomplete'
  | 'pre_rotation_key_unknown'
  | 'witness_malformed'

export type ParametersResult =
  | { readonly ok: true; readonly parameters: Parameters }
  | { readonly ok: false; readonly fault: ParameterFault; readonly detail: string }

export const methodVersion = 'did:webvh:1.0'

/** Puts what an entry states over what was in force; `before` is `null` for the first entry. */
export function readParameters(stated: JsonObject, before: Parameters | null): ParametersResult {
  // First of all: an unknown version may give every other name another meaning.
  if (stated.method !== methodVersion && (before === null || stated.method !== undefined)) {
    return refuse('method_unsupported', textOf(stated.method))
  }
  if (before?.deactivated) return refuse('entry_after_deactivation', 'the entry before it ended the DID')
  const wrong = Object.entries(stated).find(([name, value]) => !isAllowed(name, value))
  if (wrong !== undefined) return refuse('parameters_malformed', wrong[0])
  if (before !== null && stated.scid !== undefined) return refuse('scid_restated', textOf(stated.scid))
  const scid = before?.scid ?? stated.scid
  if (typeof scid !== 'string' || !scidShape.test(scid)) return refuse('scid_malformed', textOf(stated.scid))
  if (before !== null && stated.portable === true) return refuse('portable_too_late', 'portable')
  const updateKeys = listOr(stated.updateKeys, before?.updateKeys)
  if (before === null && updateKeys.length === 0) return refuse('parameters_malformed', 'updateKeys')
  const rotation = before === null ? null : rotationFault(stated, before)
  if (rotation !== null) return rotation
  const witness = stated.witness === undefined ? (before?.witness ?? null) : readWitnessRule(stated.witness)
  if (witness === 'malformed') return refuse('witness_malformed', textOf(stated.witness))
  return {
    ok: true,
    parameters: {
      scid,
      updateKeys,
      nextKeyHashes: listOr(stated.nextKeyHashes, before?.nextKeyHashes),
      witness,
      portable: (stated.portable as boolean | undefined) ?? before?.portable ?? false,
      deactivated: stated.deactivated === true,
    },
  }
}

/** How `nextKeyHashes` names a key: base58btc of the multihash (SHA-256) of its Multikey. */
export const nextKeyHash = (multikey: string): string => multihash(utf8(multikey))

/** `Qm…`: 46 characters. */
export const multihash = (data: Bytes): string => toBase58(concat(Uint8Array.of(0x12, 0x20), sha256(data)))

const scidShape = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/

/** Members of a list of parameters; a log has a handful. */
const listLimit = 100

const isTexts = (value: Json): boolean =>
  Array.isArray(value) &&
  value.length <= listLimit &&
  value.every((item) => typeof item === 'string' && item.length <= 2048) &&
  new Set(value).size === value.length
/** The method asks readers to take the `null` of early writers for "none". */
const isTextsOrNull = (value: Json): boolean => value === null || isTexts(value)
const isBoolean = (value: Json): boolean => typeof value === 'boolean'

/** Every parameter of version 1.0 and what it may be. */
const allowed: Readonly<Record<string, (value: Json) => boolean>> = {
  method: (value) => typeof value === 'string',
  scid: (value) => typeof value === 'string',
  updateKeys: isTextsOrNull,
  nextKeyHashes: isTextsOrNull,
  watchers: isTextsOrNull,
  witness: (value) => value === null || isObject(value),
  portable: isBoolean,
  deactivated: isBoolean,
  ttl: (value) =>
    value === null || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 2 ** 31),
}

const isAllowed = (name: string, value: Json): boolean =>
  Object.hasOwn(allowed, name) && (allowed[name] as (value: Json) => boolean)(value)

/** `isAllowed` went before: lists hold texts. */
const listOr = (stated: Json | undefined, before: readonly string[] = []): readonly string[] =>
  stated === undefined ? before : ((stated ?? []) as readonly string[])

/** While hashes are pending, an entry states its keys and the next hashes, and brings only keys that were announced. */
function rotationFault(stated: JsonObject, before: Parameters): ParametersResult | null {
  if (before.nextKeyHashes.length === 0) return null
  const keys = listOr(stated.updateKeys)
  if (keys.length === 0) return refuse('pre_rotation_incomplete', 'updateKeys')
  if (stated.nextKeyHashes === undefined) return refuse('pre_rotation_incomplete', 'nextKeyHashes')
  const unknown = keys.find((key) => !before.nextKeyHashes.includes(nextKeyHash(key)))
  return unknown === undefined ? null : refuse('pre_rotation_key_unknown', unknown)
}

/** `null` where there are no witnesses. Names are did:key; one published implementation leaves `did:key:` out. */
function readWitnessRule(stated: Json): WitnessRule | null | 'malformed' {
  if (!isObject(stated) || Object.keys(stated).length === 0) return null
  const { threshold, witnesses, ...others } = stated
  if (Object.keys(others).length > 0 || !Array.isArray(witnesses) || witnesses.length > listLimit)
    return 'malformed'
  const keys = (witnesses as readonly Json[]).map((one) =>
    isObject(one) && Object.keys(one).length === 1 && typeof one.id === 'string'
      ? one.id.replace(/^did:key:/, '')
      : '',
  )
  const isDistinct = new Set(keys).size === keys.length
  const isInRange = Number.isInteger(threshold) && Number(threshold) >= 1 && Number(threshold) <= keys.length
  return isDistinct && isInRange && keys.every((key) => fromMultikey(key)?.algorithm === 'Ed25519')
    ? { threshold: Number(threshold), witnesses: keys }
    : 'malformed'
}

const refuse = (fault: ParameterFault, detail: string): Extract<ParametersResult, { ok: false }> => ({
  ok: false,
  fault,
  detail: detail.slice(0, 300),
})
