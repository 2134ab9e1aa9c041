/** A report in the words of VCDM 2.0, section 7: what was verified, and apart from it what makes a verified document good or not. */
import { asList, type JsonObject, textOf } from '../base/json.ts'
import { openText } from '../securing/open.ts'
import type { Check, CheckId, Verdict } from '../verify/report.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import { problemAnswer, problemBases } from './problem.ts'
import { problemsOf, type ReportProblem } from './report-problems.ts'

type ReportChecks = Readonly<Record<string, Check<CheckId>>>

export interface VerificationResult {
  /** Whether somebody named secured exactly this document. Says nothing of whether it is in force or whom to trust. */
  readonly status: boolean
  /** What was secured, without what secures it; absent where `status` is false. */
  readonly document?: JsonObject
  readonly mediaType?: string
  /** Whose key it was. */
  readonly controller?: string
  readonly warnings: readonly object[]
  readonly errors: readonly ReportProblem[]
}

/** Checks that say who secured what; all others are validation (section 7.2 and appendix A). */
const verifying: ReadonlySet<string> = new Set(['format', 'issuer', 'holder', 'proof'])

const part = (checks: ReportChecks, isWanted: (id: string) => boolean): ReportChecks =>
  Object.fromEntries(Object.entries(checks).filter(([id]) => isWanted(id)))

async function verificationOf(
  source: string,
  kind: 'credential' | 'presentation',
  checks: ReportChecks,
): Promise<VerificationResult> {
  const verified = part(checks, (id) => verifying.has(id))
  const status = Object.values(verified).every(({ outcome }) => outcome === 'pass')
  const errors = problemsOf(verified)
  const warnings = warningsOf(checks.proof)
  const text = await openText(source, { kind })
  if (!status || !text.ok || !text.opening.ok) return { status: false, warnings, errors }
  const { document, form } = text.opening.opened
  const { issuer = checks.holder } = checks
  return {
    status,
    document,
    mediaType: form === 'sd-jwt' ? 'application/dc+sd-jwt' : mediaTypes[kind],
    ...(issuer?.outcome === 'pass' && { controller: textOf(issuer.facts.id) }),
    warnings,
    errors,
  }
}

const mediaTypes = { credential: 'application/vc', presentation: 'application/vp' } as const

/** Proofs of suites that we do not know: they count for nothing, and whoever relies on them has to know. */
function warningsOf(proof: Check<CheckId> | undefined): readonly object[] {
  const names = proof?.outcome === 'pass' ? asList(proof.facts.unchecked) : []
  return names.map((name) => ({
    type: `${problemBases.ours}proof_not_checked`,
    title: 'proof_not_checked',
    detail: textOf(name),
  }))
}

/** Checks whose problems are told first: where no proof could be read, no key could be looked for either. */
const headlines = ['format', 'proof'] as const

/**
 * What the VC-API answers: 200 where all is good, 400 where the text cannot be read as what it should be, else 422; a
 * problem has the same members and more.
 */
export async function resultAnswer(
  source: string,
  kind: 'credential' | 'presentation',
  {
    report,
    inside = [],
    returned = {},
  }: {
    readonly report: { readonly verdict: Verdict; readonly checks: object }
    /** Problems of what is in the document. */
    readonly inside?: readonly ReportProblem[]
    readonly returned?: object
  },
): Promise<Answer> {
  const checks = { ...report.checks } as ReportChecks // every member of a report's checks is one
  const validation = part(checks, (id) => !verifying.has(id))
  const problems = problemsOf(checks)
  const result = {
    verified: report.verdict === 'valid',
    problemDetails: [...problems, ...inside],
    verification: await verificationOf(source, kind, checks),
    validation: { errors: problemsOf(validation) },
    report,
  }
  if (report.verdict === 'valid') return jsonAnswer(200, { ...result, ...returned })
  const first =
    headlines.flatMap((id) => problems.filter(({ check }) => check === id))[0] ?? [...problems, ...inside][0]
  return problemAnswer({
    type: first?.type ?? 'about:blank',
    title: first?.title ?? 'Unprocessable Content',
    status: checks.format?.outcome === 'fail' ? 400 : 422,
    detail: first?.detail ?? '',
    ...result,
  })
}
