/**
 * The front door of verification: fetches first where the caller hands in `fetch`, then judges. What one certificate
 * needs is loaded with it; gathering and presentations are loaded when first asked for.
 */
import type { ChainState } from '../anchor/chains.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Fetch } from '../base/fetch.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { type Evidence, noEvidence } from '../evidence/evidence.ts'
import type { Gathered, GatherOptions } from '../evidence/gather.ts'
import type { Binding } from '../securing/open.ts'
import type { Trust } from '../trust/trust.ts'
import type { GivenContexts, ProofBy } from './inputs.ts'
import { type Expected, judgeCredentialsWith, judgeWith } from './judge.ts'
import type { Policy } from './policy.ts'
import type { PresentationReport, VerifyPresentationOptions } from './presentation.ts'
import type { CredentialReport, Report } from './report.ts'

export interface VerifyOptions {
  /** Roots and their lists; without them nobody is recognised and the verdict is never `valid`. */
  readonly trust?: Trust | undefined
  /** What was gathered before; untrusted, each item proves itself. */
  readonly evidence?: Evidence | undefined
  /** What the verifier holds of logs and chains (`readChains` of gradecert/anchor); without it no anchor is judged. */
  readonly chains?: ChainState | undefined
  readonly policy?: Partial<Policy> | undefined
  /** Whether the facts tell every step with its inputs: digests, keys, bytes; they do not by default. */
  readonly explain?: boolean | undefined
  /** `batch`: one signature of the issuer over a whole batch is enough (see `JudgeOptions`); by default each has its own. */
  readonly proofBy?: ProofBy | undefined
  /** Whose certificate it should be, where the policy matches name or ID number. Never part of a report. */
  readonly expected?: Expected | undefined
  /** For `verifyCredential`: contexts beside the bundled ones, by URL; known addresses keep their content. */
  readonly contexts?: GivenContexts | undefined
  /** The occasion for which its holder must have made the presentation of an SD-JWT; not asked by default. */
  readonly binding?: Binding | undefined
  /** The moment of the judgement; now by default. */
  readonly now?: Instant | undefined
  /** Handing this in allows the network; without it no socket is opened. */
  readonly fetch?: Fetch | undefined
}

/**
 * Says whether a certificate is good: `valid`, `invalid`, or `undetermined` where something could not be found out.
 * Answers for every input and never throws because of it.
 *
 * @param source UTF-8 bytes or text of one certificate, at most 1 MiB
 * @example
 * const report = await verify(text, { trust, evidence })
 * if (report.verdict === 'valid') console.log(report.certificate.holder.name)
 * else console.log(report.verdict, report.checks)
 */
export async function verify(source: Bytes | string, options: VerifyOptions = {}): Promise<Report> {
  const { fetch, now = instantAt(Date.now()), evidence = noEvidence } = options
  const fetched = fetch === undefined ? noEvidence : await gather([source], { fetch })
  const judge = await judgeWith({ ...options, now, evidence, fetched })
  return judge(source, { expected: options.expected })
}

/**
 * Says whether a verifiable credential of any type is good. Whether its issuer may issue such is not asked: that is what
 * `verify` asks of certificates. An issuer's document counts only where `fetch` gets it from its own address, or where
 * the identifier proves it (did:key, did:jwk, did:webvh).
 *
 * @param source UTF-8 bytes or text of one credential in any form, at most 1 MiB
 * @example
 * const report = await verifyCredential(text, { fetch })
 * if (report.verdict === 'valid') console.log(report.credential.type)
 */
export async function verifyCredential(
  source: Bytes | string,
  options: VerifyOptions = {},
): Promise<CredentialReport> {
  const { fetch, now = instantAt(Date.now()), evidence = noEvidence } = options
  const fetched = fetch === undefined ? noEvidence : await gather([source], { fetch })
  const judge = await judgeCredentialsWith({ ...options, now, evidence, fetched })
  return judge(source)
}

/**
 * Says whether a presentation is good and what each credential in it is worth. Answers for every input and never throws
 * because of it.
 *
 * @param source UTF-8 bytes or text, at most 1 MiB
 * @throws `verify.binding_malformed` where the verifier gives an empty challenge or domain
 * @example
 * const report = await verifyPresentation(text, { binding: { challenge, domain: 'hr.example' }, trust, evidence })
 * for (const { report: { verdict } } of report.credentials) console.log(verdict)
 */
export async function verifyPresentation(
  source: Bytes | string,
  options: VerifyPresentationOptions,
): Promise<PresentationReport> {
  const { judgePresentation } = await import('./presentation.ts')
  return judgePresentation(source, options)
}

/**
 * Fetches the documents and logs of issuers, whole status lists and the agency's copy of our context for some
 * certificates, and judges nothing. No address that names a certificate is asked: an issuer does not learn whose
 * certificate is being checked.
 */
export async function gather(
  sources: readonly (Bytes | string)[],
  options: GatherOptions,
): Promise<Gathered> {
  const evidence = await import('../evidence/gather.ts')
  return evidence.gather(sources, options)
}
