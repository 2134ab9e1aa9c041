/**
 * A report kept together with what it was made from, so that anybody can make it again, years later and on any runtime, and
 * see that it is the same, or what exactly is not.
 */
import type { ChainState } from '../anchor/chains.ts'
import type { Bytes } from '../base/bytes.ts'
import { canonicalJson, digestJson } from '../base/canonical.ts'
import { CodedError } from '../base/coded-error.ts'
import { sha256Hex } from '../base/digest.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'
import { type Evidence, noEvidence } from '../evidence/evidence.ts'
import type { Trust } from '../trust/trust.ts'
import { type Beside, judgeWith } from './judge.ts'
import { type Policy, policyOf } from './policy.ts'
import { isByBatch, type Report } from './report.ts'

export const recordType = 'GradecertReport'

/** A report with the digests of its inputs, lower-case hex SHA-256, and the policy in full. */
export interface ReportRecord {
  readonly type: typeof recordType
  readonly version: 1
  readonly inputs: InputDigests
  readonly policy: Policy
  /** Whether a person was expected; who it was stands nowhere. */
  readonly expected: boolean
  readonly report: Report
}

export interface InputDigests {
  readonly text: string
  /** Over roots, lists and what was seen of them, whatever their order. */
  readonly trust: string
  readonly evidence: string
  /** Of the bundles that came beside the text. */
  readonly anchors: string
  /** Of the state of logs and chains, as its caller gives it. */
  readonly chains: string
}

/** What a judgement is made from. */
export interface ReplayOptions {
  readonly trust?: Trust | undefined
  readonly evidence?: Evidence | undefined
  readonly policy?: Partial<Policy> | undefined
  readonly chains?: ChainState | undefined
  /** Digest of the file from which `chains` was read; a state has no text of its own. */
  readonly chainsDigest?: string | undefined
}

/**
 * Keeps a report for later.
 *
 * @example
 * const record = recordOf(text, report, { trust, evidence })
 * await writeFile('report.json', JSON.stringify(record))
 */
export function recordOf(
  source: Bytes | string,
  report: Report,
  options: ReplayOptions,
  beside: Beside = {},
): ReportRecord {
  return {
    type: recordType,
    version: 1,
    inputs: digestsOf(source, options, beside),
    policy: policyOf(options.policy),
    expected: beside.expected !== undefined,
    report,
  }
}

/** Reads a record that was kept. @throws `verify.record_malformed` */
export function readRecord(value: Json): ReportRecord {
  const what = faultIn(value)
  if (what === null) return value as unknown as ReportRecord // as `faultIn` found it
  throw new CodedError(verifyingErrors['verify.record_malformed'], 'verify.record_malformed', { what })
}

/** Reads the JSON text of a record. @throws `verify.record_malformed` */
export function readRecordText(source: Bytes | string): ReportRecord {
  const parsed = parseJson(source, { maxBytes: recordLimit })
  if (parsed.ok) return readRecord(parsed.value)
  throw new CodedError(verifyingErrors['verify.record_malformed'], 'verify.record_malformed', {
    what: parsed.detail,
  })
}

export interface Replay {
  /** Whether the report is the same, byte for byte as canonical JSON. */
  readonly same: boolean
  /** Where the reports differ, as JSON Pointers in order, at most 64. */
  readonly differences: readonly string[]
  /** What of the inputs is not what it was. */
  readonly changed: readonly (keyof InputDigests)[]
  readonly report: Report
}

/**
 * Makes a report again at the moment and under the policy of the first, and compares.
 *
 * @example
 * const { same, changed } = await replay(readRecordText(kept), text, { trust, evidence })
 */
export async function replay(
  record: ReportRecord,
  source: Bytes | string,
  options: ReplayOptions,
  beside: Beside = {},
): Promise<Replay> {
  const now: Instant = record.report.checkedAt
  const proofBy = isByBatch(record.report.checks.proof) ? 'batch' : 'signature'
  const judge = await judgeWith({ ...options, policy: record.policy, proofBy, now })
  const report = await judge(source, beside)
  const digests = digestsOf(source, options, beside)
  const changed = inputNames.filter((name) => digests[name] !== record.inputs[name])
  const [before, after] = [record.report, report] as unknown as [Json, Json]
  const same = canonicalJson(before) === canonicalJson(after)
  return { same, differences: same ? [] : differencesOf(before, after).slice(0, 64), changed, report }
}

/** Pointers to every value that one has and the other has not, or has otherwise. */
function differencesOf(a: Json | undefined, b: Json | undefined, pointer = ''): readonly string[] {
  if (isObject(a) && isObject(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()
    return names.flatMap((name) =>
      differencesOf(a[name], b[name], `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    )
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length)
    return Array.from({ length }, (_, i) => differencesOf(a[i], b[i], `${pointer}/${i}`)).flat()
  }
  return a === b ? [] : [pointer]
}

const inputNames: readonly (keyof InputDigests)[] = ['text', 'trust', 'evidence', 'anchors', 'chains']

function digestsOf(
  source: Bytes | string,
  { trust, evidence = noEvidence, chains, chainsDigest }: ReplayOptions,
  { anchors = [] }: Beside,
): InputDigests {
  const set = (values: readonly Json[]): string =>
    sha256Hex([...new Set(values.map(digestJson))].toSorted().join('\n'))
  const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json // leaves out what is undefined
  return {
    text: sha256Hex(source),
    trust: trust === undefined ? '' : set([...trust.roots, ...trust.lists, trust.seen ?? {}].map(plain)),
    evidence: set(evidence.items.map(({ kind, url, document }) => ({ kind, url, document }))),
    anchors: set(anchors),
    chains: chains === undefined ? '' : (chainsDigest ?? 'unknown'),
  }
}

/** Bytes; a report with the certificate in it takes about 10 kB. */
const recordLimit = 4_194_304

function faultIn(value: Json): string | null {
  if (!isObject(value) || value.type !== recordType) return 'type'
  if (value.version !== 1) return 'version'
  const { inputs, policy, report, expected } = value
  if (!isObject(inputs) || !inputNames.every((name) => typeof inputs[name] === 'string')) return 'inputs'
  if (!isObject(policy)) return 'policy'
  if (typeof expected !== 'boolean') return 'expected'
  const isReport =
    isObject(report) &&
    isObject(report.checks) &&
    typeof report.verdict === 'string' &&
    typeof report.checkedAt === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(report.checkedAt)
  return isReport ? null : 'report'
}
