/** The front door of verification: fetches first where the caller hands in `fetch`, then judges. */
import type { Bytes } from '../base/bytes.ts'
import type { Fetch } from '../base/fetch.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { type Evidence, mergeEvidence, noEvidence } from '../evidence/evidence.ts'
import { gather } from '../evidence/gather.ts'
import type { Trust } from '../trust/trust.ts'
import { judgeWith } from './judge.ts'
import type { Policy } from './policy.ts'
import type { Report } from './report.ts'

export interface VerifyOptions {
  /** Roots and their lists; without them nobody is recognised and the verdict is never `valid`. */
  readonly trust?: Trust | undefined
  /** What was gathered before; untrusted, each item proves itself. */
  readonly evidence?: Evidence | undefined
  readonly policy?: Partial<Policy> | undefined
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
  const gathered = fetch === undefined ? [] : [await gather([source], { fetch })]
  const judge = await judgeWith({ ...options, now, evidence: mergeEvidence([evidence, ...gathered]) })
  return judge(source)
}
