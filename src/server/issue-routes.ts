/** Routes of the VC-API that use the agency's keys or change what it remembers. */
import * as z from 'zod/mini'
import { CodedError } from '../base/coded-error.ts'
import { isUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { asList, isObject, type JsonObject } from '../base/json.ts'
import { certificateTypes } from '../certificate/certificate.ts'
import { conformanceFault, contextsFault, type DocumentKind, versionOf } from '../credential/conformance.ts'
import { contextTable } from '../credential/contexts.ts'
import { type Evidence, noEvidence } from '../evidence/evidence.ts'
import { changeStatus, changeStatusOfId } from '../issue/change-status.ts'
import type { Random } from '../issue/random.ts'
import type { Signer } from '../key/signer.ts'
import { isLive, type Registry, type Standing, type StatusChange } from '../registry/registry.ts'
import type { ContextDocuments } from '../securing/rdfc.ts'
import type { CredentialReport, Report } from '../verify/report.ts'
import { type Answer, type Call, jsonAnswer } from './answer.ts'
import { chooseForm } from './forms.ts'
import { judgesWith } from './judges.ts'
import { malformedValue, ProblemError } from './problem.ts'
import { problemsOf } from './report-problems.ts'
import { type IssueResults, resultsRoute } from './results-route.ts'
import { type Route, takes } from './route.ts'

/** Who issues here. */
export interface ServerIssuer {
  /** Keys, in the order in which they are chosen where a request leaves the choice. */
  readonly signers: readonly Signer[]
  /** What the agency remembers; without one there is no route that changes a status. */
  readonly registry?: Registry | undefined
  /** Issues what exam results earn; without it there is no route that takes them. */
  readonly issueResults?: IssueResults | undefined
}

const anyObject = z.looseObject({})
const askedText = z.string().check(z.minLength(1), z.maxLength(2048))
const pointers = z.array(z.string().check(z.maxLength(2048))).check(z.maxLength(1000))

export const issueCredentialRequest = z.strictObject({
  credential: anyObject,
  options: z.optional(
    z.strictObject({
      type: z.optional(askedText),
      cryptosuite: z.optional(askedText),
      mandatoryPointers: z.optional(pointers),
    }),
  ),
})

const statusChange = z.strictObject({
  type: z.enum(['BitstringStatusListEntry', 'BitstringStatusList']),
  statusPurpose: z.enum(['revocation', 'suspension']),
  status: z.boolean(),
})

export const statusRequest = z.strictObject({
  /** The credential's id, or the certificate's number. */
  credentialId: askedText,
  credentialStatus: z.array(statusChange).check(z.length(1)),
  /** A code of the status reasons: every change is remembered with why it was made. */
  reason: askedText,
})

export const deriveCredentialRequest = z.strictObject({
  verifiableCredential: anyObject,
  options: z.strictObject({ selectivePointers: pointers }),
})

export const createPresentationRequest = z.strictObject({
  presentation: anyObject,
  options: z.strictObject({
    challenge: askedText,
    domain: askedText,
    type: z.optional(askedText),
    cryptosuite: z.optional(askedText),
  }),
})

/** What the routes share. */
export interface IssueOptions {
  readonly issuer: ServerIssuer
  readonly evidence?: Evidence | undefined
  readonly random: Random
}

export function issueRoutes(options: IssueOptions): readonly Route[] {
  const { registry, issueResults } = options.issuer
  const contexts = contextsOf(options.evidence)
  const randomFor =
    ({ id }: Call): Random =>
    (label) =>
      options.random(`${id}/${label}`)
  const judges = judgesWith({ evidence: options.evidence, policy: { types: certificateTypes } })
  return [
    ...(issueResults === undefined ? [] : [resultsRoute(issueResults)]),
    {
      method: 'POST',
      path: '/credentials/issue',
      operationId: 'issueCredential',
      summary:
        'VC-API: secures a credential of this issuer, whose id is filled in where it is missing. What verifiers would refuse is refused here.',
      access: 'token',
      answers: {
        201: 'The secured credential.',
        400: 'Verifiers would refuse it, or it names another issuer.',
        409: 'Its certificate number is taken.',
      },
      ...takes(issueCredentialRequest, async ({ credential, options: wanted = {} }, call) => {
        const given = credential as JsonObject // read from JSON
        const { document, form, signer } = withIssuer(given, 'issuer', options.issuer.signers, (signers) =>
          chooseForm(wanted, 'credential', signers),
        )
        const { mandatoryPointers } = wanted
        if (mandatoryPointers !== undefined && form.disclosure === 'whole') {
          throw new ProblemError(
            malformedValue('Only ecdsa-sd-2023 has mandatory pointers.', {
              pointer: '/options/mandatoryPointers',
            }),
          )
        }
        refuseNonconforming(document, 'credential', contexts)
        const secured = await form.secure(document, {
          signer,
          contexts,
          now: call.now,
          random: randomFor(call),
          ...(mandatoryPointers !== undefined && { mandatoryPointers }),
        })
        const shown = form.disclosure === 'whole' ? secured : await everythingShown(secured, contexts)
        const report = await judges.credential(JSON.stringify(shown), { now: call.now })
        refuseRefused(report)
        if (registry !== undefined) await refuseTakenNumber(report, document, registry)
        return jsonAnswer(201, { verifiableCredential: secured })
      }),
    },
    ...(registry === undefined ? [] : [statusRoute(registry)]),
    {
      method: 'POST',
      path: '/credentials/derive',
      operationId: 'deriveCredential',
      summary: 'VC-API: shows of a credential with an ecdsa-sd-2023 base proof what the pointers name.',
      access: 'token',
      answers: {
        201: 'The credential with what is shown of it.',
        400: 'It has no base proof, or a pointer leads nowhere.',
      },
      ...takes(deriveCredentialRequest, async ({ verifiableCredential, options: { selectivePointers } }) => {
        const { deriveProof } = await selectiveDisclosure()
        const derived = await deriveProof(verifiableCredential as JsonObject, {
          pointers: selectivePointers,
          contexts,
        })
        if (!derived.ok) {
          const { fault, detail } = derived
          throw new ProblemError(malformedValue(detail, { pointer: '/verifiableCredential', fault }))
        }
        return jsonAnswer(201, { verifiableCredential: derived.document })
      }),
    },
    {
      method: 'POST',
      path: '/presentations/create',
      operationId: 'createPresentation',
      summary: 'VC-API: signs a presentation with this issuer’s key, for a challenge and a domain.',
      access: 'token',
      answers: {
        201: 'The signed presentation.',
        400: 'Verifiers would refuse it, or it names another holder.',
      },
      ...takes(createPresentationRequest, async ({ presentation, options: wanted }, call) => {
        const given = presentation as JsonObject // read from JSON
        const { document, form, signer } = withIssuer(given, 'holder', options.issuer.signers, (signers) =>
          chooseForm(wanted, 'presentation', signers),
        )
        refuseNonconforming(document, 'presentation', contexts)
        const { challenge, domain } = wanted
        const secured = await form.secure(document, {
          signer,
          contexts,
          challenge,
          domain,
          now: call.now,
          random: randomFor(call),
        })
        return jsonAnswer(201, { verifiablePresentation: secured })
      }),
    },
  ]
}

/** The bundled contexts, and other addresses of ours that evidence brings. */
const contextsOf = ({ items }: Evidence = noEvidence): ReturnType<typeof contextTable> =>
  contextTable(
    Object.fromEntries(
      items.filter(({ kind }) => kind === 'context').map(({ url, document }) => [url, document]),
    ),
  )

/** The document with its issuer or holder, and what signs for that one. @throws ProblemError 400 */
function withIssuer<Chosen extends { readonly signer: Signer }>(
  document: JsonObject,
  member: 'issuer' | 'holder',
  signers: readonly Signer[],
  choose: (signers: readonly Signer[]) => Chosen,
): Chosen & { readonly document: JsonObject } {
  const { [member]: named } = document
  const id = isObject(named) ? named.id : named
  if (id === undefined) {
    const chosen = choose(signers)
    const { controller } = chosen.signer
    const filled = isObject(named) ? { ...named, id: controller } : controller
    return { ...chosen, document: { ...document, [member]: filled } }
  }
  const own = signers.filter(({ controller }) => controller === id)
  if (own.length > 0) return { ...choose(own), document }
  throw new ProblemError(
    malformedValue(`This server does not sign for that ${member}.`, { pointer: `/${member}` }),
  )
}

/** What every verifier would refuse by the document alone. @throws ProblemError 400 */
function refuseNonconforming(
  document: JsonObject,
  kind: DocumentKind,
  contexts: ReturnType<typeof contextTable>,
): void {
  const refuse = (detail: string, more: Parameters<typeof malformedValue>[1]) => {
    throw new ProblemError(malformedValue(detail, more))
  }
  if (document.proof !== undefined) refuse('It has a proof already.', { pointer: '/proof' })
  if (!asList(document.type).includes(typeOfKind[kind])) {
    refuse(`Its type does not say ${typeOfKind[kind]}.`, { pointer: '/type', rule: 'VCDM-2' })
  }
  if (versionOf(document) === '1.1') {
    refuse('Credentials of version 1.1 are only verified.', { pointer: '/@context/0', rule: 'VCDM-1' })
  }
  const broken = conformanceFault(document, kind)
  if (broken !== null) refuse(broken.problem, { pointer: broken.pointer, rule: broken.rule })
  const unclear = contextsFault(document, contexts)
  if (unclear !== null) refuse(unclear.problem, { pointer: unclear.pointer, fault: unclear.fault })
}

const typeOfKind: Readonly<Record<DocumentKind, string>> = {
  credential: 'VerifiableCredential',
  presentation: 'VerifiablePresentation',
}

/** Loaded when it is first needed. */
const selectiveDisclosure = () => import('../securing/ecdsa-sd.ts')

/** A base proof is for the holder alone: a verifier sees what is derived from it. */
async function everythingShown(secured: JsonObject, contexts: ContextDocuments): Promise<JsonObject> {
  const names = Object.keys(secured).filter((name) => name !== '@context' && name !== 'proof')
  const { deriveProof } = await selectiveDisclosure()
  const derived = await deriveProof(secured, {
    pointers: names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    contexts,
  })
  if (derived.ok) return derived.document
  throw new ProblemError(malformedValue(derived.detail, { fault: derived.fault }))
}

/** Checks that need nothing from outside: what fails them here fails them everywhere. @throws ProblemError 400 */
function refuseRefused({ checks: { format, schema, proof } }: Report | CredentialReport): void {
  const failed = problemsOf({ format, schema, proof }).filter(
    ({ outcome, check }) => outcome === 'fail' || check === 'format',
  )
  const [first] = failed
  if (first === undefined) return
  const { type, title, detail } = first
  throw new ProblemError({ type, title, status: 400, detail, problemDetails: failed })
}

/** Two live certificates of one number would be one too many. @throws `registry.number_taken` */
async function refuseTakenNumber(
  report: Report | CredentialReport,
  { id }: JsonObject,
  registry: Registry,
): Promise<void> {
  const certificate = 'certificate' in report ? report.certificate : 'claimed' in report ? report.claimed : {}
  const number = certificate !== undefined && 'number' in certificate ? certificate.number : undefined
  if (typeof number !== 'string') return
  const entry = await registry.findByNumber(number)
  if (entry !== null && entry.id !== id && isLive(entry.standing)) {
    throw new CertificateError('registry.number_taken', { number })
  }
}

function statusRoute(registry: Registry): Route {
  return {
    method: 'POST',
    path: '/credentials/status',
    operationId: 'updateCredentialStatus',
    summary:
      'VC-API: revokes, suspends or reinstates a certificate of the registry. Verifiers learn of it with the next `gradecert publish`.',
    access: 'token',
    answers: {
      200: 'The status is as asked for, by this request or before it.',
      400: 'The reason is none for this change.',
      404: 'No such certificate was issued here.',
      409: 'Not possible as it stands: a revocation cannot be undone.',
    },
    ...takes(statusRequest, async ({ credentialId, credentialStatus, reason }, { now }) => {
      const [{ statusPurpose, status }] = credentialStatus as [z.infer<typeof statusChange>] // the schema asks for one
      const wanted = changes[`${statusPurpose}/${status}`]
      return changed(credentialId, wanted, { registry, reason, now })
    }),
  }
}

/** What each setting of a status means for the registry; `null` is never possible. */
const changes: Readonly<
  Record<
    `${'revocation' | 'suspension'}/${boolean}`,
    { readonly kind: StatusChange['kind']; readonly standing: Standing } | null
  >
> = {
  'revocation/true': { kind: 'revoke', standing: 'revoked' },
  'revocation/false': null,
  'suspension/true': { kind: 'suspend', standing: 'suspended' },
  'suspension/false': { kind: 'reinstate', standing: 'live' },
}

async function changed(
  credentialId: string,
  wanted: (typeof changes)['suspension/true'],
  options: { readonly registry: Registry; readonly reason: string; readonly now: Instant },
): Promise<Answer> {
  if (wanted === null) {
    throw new CertificateError('status.not_possible', {
      number: credentialId,
      standing: 'revoked',
      change: 'reinstate',
    })
  }
  const { kind, standing } = wanted
  try {
    const { at } = await (isUrl(credentialId)
      ? changeStatusOfId(kind, credentialId, options)
      : changeStatus(kind, credentialId, options))
    return jsonAnswer(200, { credentialId, standing, at })
  } catch (error) {
    // Asking for what is there already is no conflict: the answer to a first request may have been lost.
    const isThere =
      error instanceof CodedError &&
      error.code === 'status.not_possible' &&
      error.detail.standing === standing
    if (isThere) return jsonAnswer(200, { credentialId, standing })
    throw error
  }
}
