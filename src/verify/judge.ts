/** The judgement: text, trust, evidence, policy and clock in, report out. No network, no clock of its own, no surprises. */
import type { ChainState } from '../anchor/chains.ts'
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { sha256Hex } from '../base/digest.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { lazily } from '../base/lazily.ts'
import { type Evidence, noEvidence } from '../evidence/evidence.ts'
import type { Binding } from '../securing/open.ts'
import type { Trust } from '../trust/trust.ts'
import type { AnchorFinding } from './anchor.ts'
import { type GivenContexts, type Inputs, type ProofBy, readInputs } from './inputs.ts'
import { checkIssuer, type VouchedKey } from './issuer.ts'
import type { FoundOfKind } from './kinds.ts'
import { hasCriteria, type Policy, policyOf } from './policy.ts'
import { checkProof } from './proof.ts'
import {
  type Check,
  type Checks,
  type CredentialReport,
  fail,
  type Report,
  skipped,
  unknown,
  verdictOf,
} from './report.ts'
import { checkStatus } from './status.ts'
import { type ReadCredential, readSubject, type Subject } from './subject.ts'
import { checkValidity } from './validity.ts'

export interface JudgeOptions {
  /** Roots and their lists; without them nobody is recognised and the trust check stays unknown. */
  readonly trust?: Trust | undefined
  readonly evidence?: Evidence | undefined
  /** What the caller itself got just now, each item from its own address. */
  readonly fetched?: Evidence | undefined
  /** What the verifier holds of logs and chains (`readChains` of gradecert/anchor); without it no anchor is judged. */
  readonly chains?: ChainState | undefined
  readonly policy?: Partial<Policy> | undefined
  /** Whether the facts tell every step with its inputs: digests, keys, bytes; they do not by default. */
  readonly explain?: boolean | undefined
  /**
   * What proves who signed: by default each certificate's own signature. By `batch` a certificate that leads to a statement
   * of its issuer on the whole batch is held to that, every other to its own signature, and its report says so.
   */
  readonly proofBy?: ProofBy | undefined
  /** Contexts beside the bundled ones, for credentials that are no certificates; known addresses keep their content. */
  readonly contexts?: GivenContexts | undefined
  /** The occasion for which its holder must have made the presentation of an SD-JWT; any other form fails it. */
  readonly binding?: Binding | undefined
  readonly now: Instant
}

/** What came together with one text. */
export interface Beside {
  /** Bundles of anchors, as JSON. */
  readonly anchors?: readonly JsonObject[]
  /** Whose certificate it should be, where the policy matches name or ID number. Never part of a report. */
  readonly expected?: Expected | undefined
}

/** A person as the verifier knows them. */
export interface Expected {
  readonly name?: string | undefined
  readonly idNumber?: string | undefined
}

/** Judges certificates under the same trust and evidence, which are sorted and verified once. */
export async function judgeWith(
  options: JudgeOptions,
): Promise<(source: Bytes | string, beside?: Beside) => Promise<Report>> {
  const inputs = await inputsOf(options, 'certificate')
  return (source, beside) =>
    judged(
      source,
      async () => {
        const subject = await readSubject(source, inputs)
        return reportOf(subject, await checksOf(subject, beside, inputs), inputs)
      },
      (digest, checks) => ({ verdict: 'undetermined', ...commonOf(digest, checks, inputs) }),
    )
}

/** Judges credentials of any type, whose issuers need not be on a trust list. */
export async function judgeCredentialsWith(
  options: JudgeOptions,
): Promise<(source: Bytes | string, beside?: Beside) => Promise<CredentialReport>> {
  const inputs = await inputsOf(options, 'any')
  return (source, beside) =>
    judged(
      source,
      async () => {
        const { readAnyCredential } = await anyCredential()
        const subject = await readAnyCredential(source, inputs)
        const checks = { ...(await checksOf(subject, beside, inputs)), trust: skipped('not_asked') }
        return credentialReportOf(subject, checks, inputs)
      },
      (digest, checks) => ({ verdict: 'undetermined', ...commonOf(digest, checks, inputs) }),
    )
}

/** Whatever a library below us throws at hostile input, the answer stays a report, and never a good one. */
async function judged<T>(
  source: Bytes | string,
  judge: () => Promise<T>,
  otherwise: (digest: string, checks: Checks) => T,
): Promise<T> {
  try {
    return await judge()
  } catch (error) {
    const format = unknown('internal_error', error instanceof Error ? error.name : 'Error')
    return otherwise(sha256Hex(source), { ...unread, format })
  }
}

async function inputsOf(
  {
    trust,
    evidence = noEvidence,
    fetched = noEvidence,
    chains,
    policy,
    explain,
    proofBy = 'signature',
    binding,
    contexts = {},
    now,
  }: JudgeOptions,
  asks: Inputs['asks'],
): Promise<Inputs> {
  if (binding !== undefined) checkBindingAsked(binding)
  return readInputs({
    trust,
    evidence,
    fetched,
    chains,
    policy: policyOf(policy),
    explain,
    asks,
    proofBy,
    binding,
    contexts: asks === 'any' ? contexts : {},
    now,
  })
}

/**
 * A verifier who lost its challenge, or whose list of domains is empty, would accept what was made for anybody.
 * @throws `verify.binding_malformed`
 */
export function checkBindingAsked({ challenge, domain }: Binding): void {
  const domains: readonly unknown[] = [domain].flat()
  const isSaid = [challenge, ...domains].every((text: unknown) => typeof text === 'string' && text !== '')
  if (!isSaid || domains.length === 0) {
    throw new CodedError(verifyingErrors['verify.binding_malformed'], 'verify.binding_malformed')
  }
}

async function checksOf(subject: Subject, beside: Beside = {}, inputs: Inputs): Promise<Checks> {
  return subject.read === undefined
    ? { ...unread, format: subject.format }
    : { format: subject.format, ...(await checksOfRead(subject.read, beside, inputs)) }
}

async function checksOfRead(
  read: ReadCredential,
  { anchors = [], expected }: Beside,
  inputs: Inputs,
): Promise<Omit<Checks, 'format'>> {
  const [anchor, existedBy] = await findAnchors(read, anchors, inputs)
  // What is known of when a signature was there is known of this certificate alone.
  const ofKind = existedBy.every((moment) => moment === undefined) ? read.ofKind : undefined
  const [issuer, candidates] =
    ofKind?.issuer ?? keep(ofKind, 'issuer', await checkIssuer(read, inputs, { existedBy }))
  const byBatch = await inputs.proveByBatch?.(read, candidates, { brought: anchors, existedBy }, inputs)
  const [proof, keys] = byBatch ?? (await checkProof(read, candidates, inputs))
  // A schema that somebody brought may look at what differs; and of several keys, which one signed differs.
  const bySchema = inputs.schemas.size === 0 ? ofKind : undefined
  const byKey = candidates[0]?.length === 1 ? ofKind : undefined
  const made = {
    schema: bySchema?.schema ?? keep(bySchema, 'schema', await schemaOf(read, inputs)),
    issuer,
    proof,
    validity: ofKind?.validity ?? keep(ofKind, 'validity', checkValidity(read, inputs)),
    status: await checkStatus(read, inputs),
    trust: byKey?.trust ?? keep(byKey, 'trust', await trustIn(read, { keys, existedBy }, inputs)),
    anchor,
  }
  return { ...made, policy: await criteriaOf(read, { made, expected }, inputs) }
}

/** Keeps what was found of one certificate for the others of its kind. */
function keep<Name extends keyof FoundOfKind>(
  ofKind: FoundOfKind | undefined,
  name: Name,
  found: NonNullable<FoundOfKind[Name]>,
): NonNullable<FoundOfKind[Name]> {
  if (ofKind !== undefined) ofKind[name] = found
  return found
}

async function schemaOf(read: ReadCredential, inputs: Inputs): Promise<Check<'schema'>> {
  const { checkSchema } = await schemaCheck()
  return checkSchema(read, inputs, (text) => verifiedDocument(text, inputs))
}

/** Without trust lists there is nothing that would have to be loaded. */
async function trustIn(
  read: ReadCredential,
  signed: { readonly keys: readonly VouchedKey[]; readonly existedBy: AnchorFinding[1] },
  inputs: Inputs,
): Promise<Check<'trust'>> {
  if (inputs.trusted === undefined) return unknown('no_trust', 'the caller named no trust list')
  if (inputs.asks === 'any') return skipped('not_asked')
  const { checkTrust } = await trustCheck()
  return checkTrust(read, signed, inputs)
}

/** What a policy wants of the certificate itself; where it wants nothing, what looks is not loaded. */
async function criteriaOf(
  read: ReadCredential,
  judged: { readonly made: Omit<Checks, 'format' | 'policy'>; readonly expected: Expected | undefined },
  inputs: Inputs,
): Promise<Check<'policy'>> {
  if (!hasCriteria(inputs.policy)) return skipped('no_criteria')
  const { checkCriteria } = await import('./criteria.ts')
  return checkCriteria(read, judged, inputs)
}

/** Where there is nothing to look at and nothing is asked for, what looks is not loaded. */
async function findAnchors(
  read: ReadCredential,
  bundles: readonly JsonObject[],
  inputs: Inputs,
): Promise<AnchorFinding> {
  // What leads into a batch and no further is there for the signature, and has no anchor to judge.
  const brought = bundles.filter(({ anchors }) => !(Array.isArray(anchors) && anchors.length === 0))
  const within = read.opening.ok && read.opening.opened.anchors !== undefined
  const isNothing = !within && brought.length === 0 && inputs.anchors.size === 0
  if (isNothing && inputs.policy.anchors.length === 0) return [skipped('no_anchor'), []]
  const { checkAnchor } = await import('./anchor.ts')
  return checkAnchor(read, brought, inputs)
}

/** A credential that is its issuer's and in force, for what it says and not for itself. */
async function verifiedDocument(text: string, inputs: Inputs): Promise<JsonObject | null> {
  const { readAnyCredential } = await anyCredential()
  const { format, read } = await readAnyCredential(text, { ...inputs, binding: undefined })
  if (read === undefined || format.outcome !== 'pass') return null
  const [, candidates] = await checkIssuer(read, inputs)
  const [proof] = await checkProof(read, candidates, { ...inputs, binding: undefined })
  const holds = proof.outcome === 'pass' && checkValidity(read, inputs).outcome === 'pass'
  return holds ? read.credential : null
}

const anyCredential = lazily(() => import('./any-credential.ts'))
const schemaCheck = lazily(() => import('./schema.ts'))
const trustCheck = lazily(() => import('./trust.ts'))

/** A text that is no certificate gives nothing to look at. */
const unread: Checks = {
  format: fail('not_a_credential', ''),
  schema: skipped('format_failed'),
  issuer: skipped('format_failed'),
  proof: skipped('format_failed'),
  validity: skipped('format_failed'),
  status: skipped('format_failed'),
  trust: skipped('format_failed'),
  anchor: skipped('format_failed'),
  policy: skipped('format_failed'),
}

const commonOf = (digest: string, checks: Checks, { now, policyName }: Inputs) => ({
  checkedAt: now,
  digest,
  policy: policyName,
  checks,
})

function reportOf({ digest, read }: Subject, checks: Checks, inputs: Inputs): Report {
  const verdict = verdictOf(checks)
  const certificate = read?.certificate
  const common = commonOf(digest, checks, inputs)
  if (verdict !== 'valid') return { verdict, ...(certificate && { claimed: certificate }), ...common }
  // Every check passed, the format among them, so there is a certificate; without one nothing is valid.
  return certificate === undefined
    ? { verdict: 'undetermined', ...common }
    : { verdict, certificate, ...common }
}

function credentialReportOf({ digest, read }: Subject, checks: Checks, inputs: Inputs): CredentialReport {
  const verdict = verdictOf(checks)
  const common = commonOf(digest, checks, inputs)
  if (read === undefined) return { verdict: verdict === 'valid' ? 'undetermined' : verdict, ...common }
  return verdict === 'valid'
    ? { verdict, credential: read.credential, ...common }
    : { verdict, claimed: read.credential, ...common }
}
