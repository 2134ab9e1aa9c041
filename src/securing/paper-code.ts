/**
 * The text of the code on a paper: `GC1:`, then base45 of a zlib stream of a COSE_Sign1 over a CWT, as health certificates
 * did. Signed by the key that signs the certificate.
 */
import { fromBase45 } from '../base/base45.ts'
import { fromCbor } from '../base/cbor.ts'
import { sha256 } from '../base/digest.ts'
import { instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { unzlib } from '../base/zlib.ts'
import { readPaperMap } from '../credential/paper-claims.ts'
import { paperCodeIn } from './code-text.ts'
import { openCose, verifyCose } from './cose-sign1.ts'
import type { Opened } from './opened.ts'

export type PaperCodeFault =
  | 'code_malformed'
  | 'code_too_large'
  | 'code_claims_malformed'
  | 'signature_mismatch'

/** Bytes of a message; those that fit into a code have less than 3,000. */
const messageLimit = 8192

export type PaperCodeOpening =
  | { readonly ok: true; readonly opened: Opened<PaperCodeFault> }
  | { readonly ok: false; readonly fault: PaperCodeFault; readonly detail: string }

/** Takes a code apart, as text or as a link. */
export function openPaperCode(text: string): PaperCodeOpening {
  const refuse = (fault: PaperCodeFault, detail: string): PaperCodeOpening => ({ ok: false, fault, detail })
  const packed = fromBase45(paperCodeIn(text)?.slice('GC1:'.length) ?? ' ')
  if (packed === null) return refuse('code_malformed', 'base45')
  const expanded = unzlib(packed, messageLimit)
  if (!expanded.ok)
    return refuse(expanded.fault === 'too_large' ? 'code_too_large' : 'code_malformed', 'zlib')
  const message = expanded.end === packed.length ? openCose(expanded.bytes) : null
  if (message === null) return refuse('code_malformed', 'COSE_Sign1')
  const reading = readPaperMap(fromCbor(message.payload))
  if (!reading.ok) return refuse('code_claims_malformed', reading.problem)
  const { claims } = reading
  const document = claims as unknown as JsonObject // absent members are left out, never undefined
  const { algorithm, kid, signingInput } = message
  return {
    ok: true,
    opened: {
      form: 'paper-code',
      document,
      unknown: [],
      signatures: [
        {
          suite: `cose-${algorithm}`,
          key: { by: 'method', url: `${claims.iss}#${kid}` },
          created: undefined,
          expires: claims.exp === undefined ? undefined : instantAt((claims.exp - 1) * 1000),
          isOverExactText: true,
          subject: () => ({ of: 'cose', digest: sha256(expanded.bytes) }),
          verify: async (key) =>
            (await verifyCose(message, key))
              ? { ok: true, document, hashData: signingInput, hashed: signingInput }
              : { ok: false, fault: 'signature_mismatch', detail: algorithm },
        },
      ],
    },
  }
}
