/** Whether a result may build upon the certificate of the next lower grade that its row names. */
import type { Instant } from '../base/instant.ts'
import { findOccupation } from '../certificate/catalogue.ts'
import type { GradeCertificate } from '../certificate/certificate.ts'
import { grades } from '../certificate/grade.ts'
import { matchNames } from '../certificate/name-match.ts'
import type { ExamResult } from '../intake/exam-result.ts'
import type { Finding } from '../intake/finding.ts'
import type { Judged } from '../intake/judge.ts'
import type { Entry } from '../registry/registry.ts'
import { standingNow } from '../registry/standing-now.ts'
import { idempotencyKey } from './mint.ts'
import type { Workspace } from './workspace.ts'

interface Asked extends Pick<Workspace, 'catalogue' | 'registry' | 'settings' | 'secret'> {
  readonly now: Instant
}

/** The record with the earlier credential's id, or on hold with the reason why it cannot be built upon. */
export async function withPrerequisite(judged: Judged, asked: Asked): Promise<Judged> {
  if (judged.verdict !== 'issue') return judged
  const { previousNumber } = judged.result
  if (previousNumber === undefined) {
    return needsOne(judged.result, asked) ? held(judged, { code: 'PREREQUISITE_MISSING' }) : judged
  }
  const found = await lookUp(judged.result, previousNumber, asked)
  return 'code' in found ? held(judged, found) : { ...judged, result: { ...judged.result, ...found } }
}

const needsOne = ({ occupationCode, grade }: ExamResult, { catalogue }: Asked): boolean =>
  grades[grade].ordinal > 1 && findOccupation(catalogue, occupationCode)?.needsLowerGrade === true

async function lookUp(
  result: ExamResult,
  number: string,
  asked: Asked,
): Promise<Finding | { readonly upgradeOf: string }> {
  const { registry, now } = asked
  const entry = await registry.findByNumber(number)
  if (entry?.certificate.type !== 'ProfessionalTechnicalGradeCertificate')
    return { code: 'PREREQUISITE_UNKNOWN' }
  const standing = standingNow(entry, now)
  if (standing !== 'live') return { code: 'PREREQUISITE_NOT_LIVE', detail: { standing } }
  const { award, holder } = entry.certificate
  if (award.occupation.code !== result.occupationCode)
    return { code: 'PREREQUISITE_OCCUPATION', detail: { code: award.occupation.code } }
  if (award.grade.ordinal !== grades[result.grade].ordinal - 1)
    return { code: 'PREREQUISITE_GRADE', detail: { grade: award.grade.code } }
  const [first = entry] = await registry.entriesOf(number)
  return matchNames(result.name, holder.name).kind === 'different' || !isOfSameId(result, first, asked)
    ? { code: 'PREREQUISITE_HOLDER' }
    : { upgradeOf: entry.id }
}

/** The registry holds no ID number, but the key of the first entry was made with one. */
function isOfSameId(result: ExamResult, { certificate, key }: Entry, asked: Asked): boolean {
  const { session = '', award } = certificate as GradeCertificate // asked for above
  const { direction: _, ...person } = result
  const direction = award.direction?.labels['zh-Hans']
  const then = {
    ...person,
    session,
    occupationCode: award.occupation.code,
    grade: award.grade.code,
    ...(direction !== undefined && { direction }),
  }
  return idempotencyKey(then, asked, 'badge') === key
}

function held(judged: Judged, finding: Finding): Judged {
  const { result: _, ...record } = judged
  const at = judged.source.columns.find(({ field }) => field === 'previousNumber')
  return { ...record, verdict: 'hold', findings: [{ ...finding, ...(at && { column: at.header }) }] }
}
