/** How documents are secured here: one row per name by which a request may ask for it. */
import { utf8 } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import type { DocumentKind } from '../credential/conformance.ts'
import { type Random, uuidUrn } from '../issue/random.ts'
import { algorithmNames, type SigningAlgorithm } from '../key/algorithm.ts'
import { type Signer, signerOfSeed } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { type DataIntegritySuite, signingAlgorithmsOf } from '../securing/data-integrity.ts'
import { enveloped } from '../securing/envelope.ts'
import type { ContextDocuments } from '../securing/rdfc.ts'
import { signVcJwt } from '../securing/vc-jwt.ts'
import { malformedValue, ProblemError } from './problem.ts'

export interface Securing {
  readonly signer: Signer
  readonly now: Instant
  readonly contexts: ContextDocuments
  readonly random: Random
  /** Of a presentation: what the verifier asked for. */
  readonly challenge?: string
  readonly domain?: string
  /** JSON pointers to what a holder always has to show. */
  readonly mandatoryPointers?: readonly string[]
}

interface Form {
  /** A cryptosuite, or the type of a token. */
  readonly name: string
  readonly kind: DocumentKind
  readonly algorithms: readonly SigningAlgorithm[]
  /** Whether a holder can show a part. */
  readonly disclosure: 'whole' | 'selective'
  secure(document: JsonObject, securing: Securing): Promise<JsonObject>
}

/** What a request says of the form that it wants. */
export interface FormRequest {
  /** `DataIntegrityProof`, or the type of a token: `vc+jwt`, `vp+jwt`. */
  readonly type?: string | undefined
  readonly cryptosuite?: string | undefined
}

/** The form and a signer that can make it; the first of each where the request leaves the choice. @throws ProblemError 400 */
export function chooseForm(
  { type, cryptosuite }: FormRequest,
  kind: DocumentKind,
  signers: readonly Signer[],
): { readonly form: Form; readonly signer: Signer } {
  const name = cryptosuite ?? (type === 'DataIntegrityProof' ? undefined : type)
  const isMixed = cryptosuite !== undefined && type !== undefined && type !== 'DataIntegrityProof'
  const rows = forms.filter((form) => form.kind === kind && (name === undefined || form.name === name))
  for (const form of isMixed ? [] : rows) {
    const signer = signers.find(({ algorithm }) => form.algorithms.includes(algorithm))
    if (signer !== undefined) return { form, signer }
  }
  throw new ProblemError(malformedValue(`No key here makes ${name ?? 'any form'}.`, { pointer: '/options' }))
}

const wholeSuites = ['eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'eddsa-jcs-2022', 'ecdsa-jcs-2019'] as const

const withProof = (kind: DocumentKind, suite: DataIntegritySuite): Form => ({
  name: suite,
  kind,
  algorithms: signingAlgorithmsOf(suite),
  disclosure: 'whole',
  secure: (document, { signer, now, contexts, random, challenge, domain }) =>
    addProof(document, {
      signer,
      suite,
      contexts,
      created: now,
      id: uuidUrn(random('proof')),
      purpose: kind === 'presentation' ? 'authentication' : 'assertionMethod',
      ...(challenge !== undefined && { challenge }),
      ...(domain !== undefined && { domain }),
    }),
})

/** A new key for each statement's signature and a new HMAC key, for this document alone: both follow from one drawing. */
const withBaseProof: Form = {
  name: 'ecdsa-sd-2023',
  kind: 'credential',
  algorithms: signingAlgorithmsOf('ecdsa-sd-2023'),
  disclosure: 'selective',
  secure: (document, { signer, now, contexts, random, mandatoryPointers = [] }) => {
    const secret = random('selective')
    return addProof(document, {
      signer,
      suite: 'ecdsa-sd-2023',
      contexts,
      created: now,
      id: uuidUrn(random('proof')),
      selective: {
        mandatoryPointers,
        hmacKey: hmacSha256(secret, utf8('hmac')),
        proofKey: signerOfSeed(hmacSha256(secret, utf8('key')), { algorithm: 'P-256' }),
      },
    })
  },
}

const credentialJwt: Form = {
  name: 'vc+jwt',
  kind: 'credential',
  algorithms: algorithmNames,
  disclosure: 'whole',
  secure: async (document, { signer, now }) =>
    enveloped(await signVcJwt(document, { signer, kind: 'vc', created: now }), 'application/vc+jwt'),
}

const presentationJwt: Form = {
  name: 'vp+jwt',
  kind: 'presentation',
  algorithms: algorithmNames,
  disclosure: 'whole',
  secure: async (document, { signer, now, challenge, domain }) =>
    enveloped(
      await signVcJwt(document, {
        signer,
        kind: 'vp',
        created: now,
        ...(challenge !== undefined && { challenge }),
        ...(domain !== undefined && { audience: domain }),
      }),
      'application/vp+jwt',
    ),
}

/** In the order in which they are chosen where the request does not say. */
const forms: readonly Form[] = [
  ...wholeSuites.map((suite) => withProof('credential', suite)),
  withBaseProof,
  credentialJwt,
  ...wholeSuites.map((suite) => withProof('presentation', suite)),
  presentationJwt,
]
