/** What the JWT forms have in common: claims that are about the signature, names of keys, and what is left once it is taken apart. */
import { isUrl, splitDidUrl } from '../base/did-url.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { type Jws, type JwsVerdict, verifyJws } from './jws.ts'
import type { KeyName, Opened } from './opened.ts'
import { tokenSubject } from './subject.ts'

export type JwtSignatureFault = Exclude<JwsVerdict, 'good'>

/** A JWT once it is taken apart. `created` is the later of `iat` and `nbf`: before it, nothing counts. */
export function openedJwt(
  form: 'jwt' | 'badge-jwt',
  jws: Jws,
  { document, key }: { document: JsonObject; key: KeyName },
): Opened<JwtSignatureFault> {
  const { iat, nbf, exp } = jws.payload
  const starts = [iat, nbf].filter((value) => value !== undefined).map(Number)
  return {
    form,
    document,
    signatures: [
      {
        suite: jws.header.alg,
        key,
        created: starts.length === 0 ? undefined : dateText(Math.max(...starts)),
        expires: exp === undefined ? undefined : dateText(lastSecond(Number(exp))),
        isOverExactText: true,
        subject: () => tokenSubject(jws),
        async verify(publicKey) {
          const verdict = await verifyJws(jws, publicKey)
          return verdict === 'good'
            ? { ok: true, document, hashData: jws.signingInput, hashed: jws.signingInput }
            : { ok: false, fault: verdict, detail: verdictTexts[verdict] }
        },
      },
    ],
    unknown: [],
  }
}

const verdictTexts: Readonly<Record<JwtSignatureFault, string>> = {
  key_algorithm: 'the header names an algorithm that is not the key’s',
  signature_mismatch: 'the signature is not over this token',
}

/** A NumericDate (RFC 7519, section 2) with a year of four digits. An ISO text, as some fixtures have, is none. */
export const isNumericDate = (value: Json | undefined): value is number =>
  typeof value === 'number' && value >= 0 && value <= 253_402_300_799

/** RFC 7519, section 4.1.4: at `exp` itself the token is over, so the last second that counts is the one before. */
export const lastSecond = (exp: number): number => Math.ceil(exp) - 1

const dateText = (seconds: number): Instant => instantAt(seconds * 1000)

/** A `typ` or `cty` as it is compared. */
export const mediaType = (value: Json): string | null =>
  typeof value === 'string' ? value.toLowerCase().replace(/^application\//, '') : null

/** An absolute DID URL with a fragment, or an https URL. */
export const isMethodUrl = (value: Json | undefined): value is string =>
  typeof value === 'string' && (splitDidUrl(value) !== null || (value.startsWith('https://') && isUrl(value)))
