/**
 * What a verifier asks for. Every member only narrows: it decides inside a check whether absence fails, is skipped or is
 * not asked, and nothing in it makes anything good that would not be.
 */
import { type ChainId, isChainId } from '../anchor/anchor.ts'
import { type Bytes, fromBase64 } from '../base/bytes.ts'
import { canonicalJson } from '../base/canonical.ts'
import { CodedError } from '../base/coded-error.ts'
import { type Did, isDid } from '../base/did-url.ts'
import { sha256Hex } from '../base/digest.ts'
import { verifyingErrors } from '../base/errors-verifying.ts'
import { type CalendarDate, isCalendarDate } from '../base/instant.ts'
import { isObject, type Json, parseJson } from '../base/json.ts'
import type { CertificateType } from '../certificate/certificate.ts'
import type { GradeCode } from '../certificate/grade.ts'
import { occupationCodePattern } from '../certificate/occupation-code.ts'
import { type CheckId, checkIds } from './report.ts'

export interface Policy {
  /** How people call it; reports repeat it beside the policy's digest. */
  readonly name: string
  /** Types of certificate that are accepted; others fail by their type, however genuine. */
  readonly types: readonly CertificateType[]
  /** Checks that must have been made: where one of them is skipped, the verdict is undetermined. */
  readonly required: readonly CheckId[]
  /** Seconds by which another machine's clock may be ahead of ours. */
  readonly clockSkew: number
  /** Seconds that a status list, or a trust list, may be old, however long it calls itself good. */
  readonly maxStatusAge?: number | undefined
  readonly maxTrustAge?: number | undefined
  /** Codes of occupations, DIDs of agencies and ISO 3166-2 regions that are accepted; all by default. `CN` has `CN-BJ` in it. */
  readonly occupations?: readonly string[] | undefined
  readonly agencies?: readonly Did[] | undefined
  readonly regions?: readonly string[] | undefined
  /** The lowest grade that is accepted, with the scheme in which it is one. */
  readonly minimumGrade?: { readonly scheme: 'cn.ptg.3'; readonly grade: GradeCode } | undefined
  /** First and last day of award that are accepted. */
  readonly awardedFrom?: CalendarDate | undefined
  readonly awardedUntil?: CalendarDate | undefined
  /** What must be the expected person's (`expected` beside the text). */
  readonly match: readonly MatchedField[]
  /** Anchors that a certificate must have, each verified; none by default. Where one is missing, nothing is found out. */
  readonly anchors: readonly AnchorRequirement[]
  /**
   * Whether a certificate of an agency that was removed since needs an anchor from inside its window: the agency could
   * still sign with a date of then.
   */
  readonly anchorIfRemoved: boolean
  /** Whether anchors in chains that are for tests count; they do not by default. */
  readonly testChains: boolean
  /** X.509 roots, base64 of DER, to which the chain of an SD-JWT VC (`x5c`) may lead; none by default. */
  readonly certificateRoots: readonly string[]
}

export type MatchedField = 'name' | 'id_number'

/** Any at all, one in a transparency log, or one in the chain of that id. */
export type AnchorRequirement = 'any' | 'tlog' | ChainId

export const defaultPolicy: Policy = {
  name: 'default',
  types: ['ProfessionalTechnicalGradeCertificate'],
  required: [],
  clockSkew: 300,
  match: [],
  anchors: [],
  anchorIfRemoved: false,
  testChains: false,
  certificateRoots: [],
}

/** Defaults for what is not said. @throws `verify.policy_malformed` */
export function policyOf(asked: Partial<Policy> = {}): Policy {
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
  const policy: Policy = { ...defaultPolicy, ...said }
  for (const [name, value] of Object.entries(policy)) {
    const fault = Object.hasOwn(members, name) ? members[name as keyof Policy](value as Json) : ''
    if (fault !== null) throw malformed(`${name} ${fault}`.trim())
  }
  return policy
}

/** Whether it asks for anything that is said of the certificate itself and not found out by another check. */
export const hasCriteria = ({ required, match, ...policy }: Policy): boolean =>
  required.length + match.length > 0 || criteria.some((name) => policy[name] !== undefined)

const criteria = [
  'occupations',
  'agencies',
  'regions',
  'minimumGrade',
  'awardedFrom',
  'awardedUntil',
] as const satisfies readonly (keyof Policy)[]

export const policyFileType = 'GradecertPolicy'

/** Reads a policy file; its schema is `gradecert/schemas/policy-v1.json`. @throws `verify.policy_malformed` */
export function readPolicy(source: Bytes | string): Policy {
  const parsed = parseJson(source, { maxBytes: policyFileLimit })
  if (!parsed.ok) throw malformed(parsed.detail)
  if (!isObject(parsed.value) || parsed.value.type !== policyFileType) throw malformed('type')
  const { type: _, version, ...members } = parsed.value
  if (version !== 1) throw malformed('version')
  if (typeof members.name !== 'string') throw malformed('name')
  return policyOf(members as unknown as Partial<Policy>) // which checks every member
}

/** Lower-case hex SHA-256 of the canonical JSON of a whole policy, what it does not say included. */
export const policyDigest = (policy: Policy): string => sha256Hex(canonicalJson(policy as unknown as Json))

/** Bytes. */
const policyFileLimit = 1_048_576
const listLimit = 4096

const malformed = (what: string) =>
  new CodedError(verifyingErrors['verify.policy_malformed'], 'verify.policy_malformed', { what })

/** What is wrong with a member, as words for the error; `null` where nothing is. */
type Judge = (value: Json) => string | null

const when =
  (holds: (value: Json) => boolean): Judge =>
  (value) =>
    holds(value) ? null : String(isObject(value) ? '' : value).slice(0, 80)

/** Names the first one that is not in order: one that is left out without a word would change what is asked for. */
const every =
  (holds: (value: Json) => boolean): Judge =>
  (value) => {
    if (!Array.isArray(value) || value.length > listLimit) return ''
    const stray = value.findIndex((one) => !holds(one))
    return stray === -1 ? null : String(stray)
  }

const among = (words: readonly string[]) => (value: Json) =>
  typeof value === 'string' && words.includes(value)
const matches = (pattern: RegExp) => (value: Json) => typeof value === 'string' && pattern.test(value)
const isSeconds = (value: Json) => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isDay = (value: Json) => typeof value === 'string' && isCalendarDate(value)
const isBoolean = (value: Json) => typeof value === 'boolean'

const typeNames: readonly CertificateType[] = [
  'ProfessionalTechnicalGradeCertificate',
  'AssessmentResultNotice',
  'TrainingCompletionCertificate',
]
/** By hand: a schema library would double what a verifier loads. */
const members: Readonly<Record<keyof Policy, Judge>> = {
  name: when(matches(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]{1,100}$/u)),
  types: every(among(typeNames)),
  required: every(among(checkIds)),
  clockSkew: when(isSeconds),
  maxStatusAge: when(isSeconds),
  maxTrustAge: when(isSeconds),
  occupations: every(matches(occupationCodePattern)),
  agencies: every(isDid),
  regions: every(matches(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/)),
  minimumGrade: when(
    (value) =>
      isObject(value) &&
      value.scheme === 'cn.ptg.3' &&
      among(['junior', 'intermediate', 'senior'])(value.grade ?? null) &&
      Object.keys(value).length === 2,
  ),
  awardedFrom: when(isDay),
  awardedUntil: when(isDay),
  match: every(among(['name', 'id_number'])),
  anchors: every((one) => one === 'any' || one === 'tlog' || isChainId(one)),
  anchorIfRemoved: when(isBoolean),
  testChains: when(isBoolean),
  certificateRoots: every((one) => typeof one === 'string' && one !== '' && fromBase64(one) !== null),
}
