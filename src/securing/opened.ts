/** A secured document taken apart: what it states and the signatures over it, whatever mechanism made them. */
import type { Bytes } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { MaybePromise } from '../base/platform.ts'
import type { PublicKey } from '../key/public-key.ts'
import type { ContextDocuments } from './rdfc.ts'
import type { Subject } from './subject.ts'

/** `badge-jwt` is the JWT of Open Badges 3.0, which differs from `vc+jwt`. */
export type SecuredForm = 'data-integrity' | 'jwt' | 'badge-jwt' | 'sd-jwt' | 'paper-code'

export interface Opened<Fault extends string = string> {
  readonly form: SecuredForm
  /** What is stated, without what secures it. */
  readonly document: JsonObject
  /** At least one; all must hold. */
  readonly signatures: readonly Signature<Fault>[]
  /** Names of suites or types that we do not know: reported, never counted. */
  readonly unknown: readonly string[]
  /** Members of a proof set that carry anchors and sign nothing. */
  readonly anchors?: readonly JsonObject[]
}

export interface Signature<Fault extends string = string> {
  /** A cryptosuite, or the `alg` of a JWS. */
  readonly suite: string
  readonly key: KeyName
  /** As it stands there: a dateTimeStamp, or the RFC 3339 form of a NumericDate. */
  readonly created: string | undefined
  readonly expires: string | undefined
  /** Whether it fixes the very text that was read, and not only what it says as RDF. */
  readonly isOverExactText: boolean
  /** What an anchor of it commits to. */
  readonly subject: () => Subject
  verify(key: PublicKey, contexts: ContextDocuments): MaybePromise<SignatureResult<Fault>>
}

/** How a signature names its key. Whose key it is, is for the verifier to find out. */
export type KeyName =
  /** A DID URL or the URL of a method in a controller document. */
  | { readonly by: 'method'; readonly url: string }
  /** A key that an issuer's metadata lists: `/.well-known/jwt-vc-issuer`. */
  | { readonly by: 'issuer-metadata'; readonly issuer: string; readonly kid: string | undefined }
  /** DER certificates, the signer's first. */
  | { readonly by: 'x5c'; readonly chain: readonly Bytes[] }
  /** A key that came with the signature and proves nothing: its thumbprint has to be among the issuer's. */
  | { readonly by: 'jwk'; readonly key: PublicKey }

/** A key's name for a report. */
export function nameOfKey(key: KeyName): string {
  if (key.by === 'method') return key.url
  return key.by === 'issuer-metadata' ? [key.issuer, key.kid ?? ''].join('#') : key.by
}

export type SignatureResult<Fault extends string> =
  | {
      readonly ok: true
      /** What was signed. */
      readonly document: JsonObject
      /** The bytes that the key signed: of a document the digests of proof configuration and of the rest, of a token its input. */
      readonly hashData: Bytes
      /** What was hashed for them: the canonical document, or the token's input. */
      readonly hashed: string | Bytes
    }
  | { readonly ok: false; readonly fault: Fault; readonly detail: string }
