/** What everybody who takes part has to do, and the one key, clock and set of documents that they do it with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, type JsonObject, parseJson } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'

/** Texts of one form are understood by everybody who makes it. */
export type Form = 'eddsa-jcs-2022' | 'eddsa-rdfc-2022' | 'vc+jwt' | 'dc+sd-jwt' | 'jwt of 1.1'

export interface Contender {
  readonly id: string
  readonly form: Form
  /** The document in the version of the data model that the library knows; not a part of what is measured. */
  readonly inputOf: (document: JsonObject) => JsonObject
  /** From the unsigned document to the signed text. */
  readonly issue: (input: JsonObject) => string | Promise<string>
  readonly verify: Verify
  /** Only whether the signature holds under the key that was handed in, where `verify` asks for more. */
  readonly proof?: Verify
}

/** From the text to whether it holds, parsing included; it may refuse by throwing. */
export type Verify = (text: string) => boolean | Promise<boolean>

export const asItIs = (document: JsonObject): JsonObject => document

/** The secret key of `agency` in `scene.ts`: everybody signs with the same. */
export const seed = new Uint8Array(32).fill(1)
export const contexts = contextTable()

export const documentNames = ['small', 'badge'] as const
export type DocumentName = (typeof documentNames)[number]

/** Different certificates in rotation, so that no answer can be remembered from the turn before. */
export const variety = 128

export function documentsOf(name: DocumentName): readonly JsonObject[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'documents', `${name}.json`), 'utf8')
  return Array.from({ length: variety }, (_, i) => {
    const own = text
      .replaceAll('000000000000', i.toString(16).padStart(12, '0'))
      .replaceAll('48211', String(48_211 + i))
    const parsed = parseJson(own)
    if (!parsed.ok || !isObject(parsed.value)) throw new Error(`${name}.json is no document`)
    return parsed.value
  })
}

/** What an SD-JWT VC says in the place of a document: the same members, names of the standard for who and when. */
export function claimsOf({ '@context': _, type, issuer, ...rest }: JsonObject): JsonObject {
  const iss = isObject(issuer) ? (issuer.id as string) : ''
  return { vct: 'https://agency.example/types/grade', iss, iat: 1_780_000_000, types: type ?? [], ...rest }
}

/** Claims that the rows with disclosures hide; both documents have them. */
export const hidden = [
  'id',
  'name',
  'description',
  'validFrom',
  'credentialSubject',
  'credentialStatus',
] as const
