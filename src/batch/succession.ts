/**
 * Certificates of one number as a chain, the old one first: every correction names what it took the place of. Reads reports
 * and believes no more of them than they say: a text whose signature does not hold neither makes a chain nor breaks one.
 */
import type { Explanation } from '../base/message.ts'
import type { Certificate, GradeCertificate } from '../certificate/certificate.ts'
import { nameKey } from '../certificate/name-match.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import type { Report } from '../verify/report.ts'

export interface Succession {
  readonly issuer: string
  readonly number: string
  /** The oldest first. Where a chain forks, those of one generation stand beside each other, by day and id. */
  readonly links: readonly Link[]
  /** Whole where there is no fault. */
  readonly outcome: 'whole' | 'broken'
  readonly faults: readonly SuccessionFault[]
}

/** One credential; its badge and its SD-JWT have one id and are one link. */
export interface Link {
  readonly id: string
  /** Which of the reports speak of it, by position. */
  readonly reports: readonly number[]
  readonly replaces?: string
  readonly reason?: string
  /** Whether a status list says that it counts, as of the list that the report names. */
  readonly isLive: boolean
}

export interface SuccessionFault {
  readonly code: SuccessionCode
  /** The link that it shows in. */
  readonly id: string
  /** Id of the other credential that is part of it. */
  readonly other?: string
}

export type SuccessionCode =
  | 'predecessor_missing'
  | 'number_mismatch'
  | 'forked'
  | 'two_firsts'
  | 'cyclic'
  | 'two_live'
  | 'issue_date_mismatch'
  | 'award_day_changed'
  | 'award_changed'
  | 'holder_changed'

/**
 * Orders what reports speak of into chains, one for each issuer and number. The order of the reports changes nothing but
 * the positions that links name.
 */
export function succession(reports: readonly Report[]): readonly Succession[] {
  const members = membersOf(reports)
  const byId = new Map(members.map((member) => [member.link.id, member]))
  const chains = grouped(members, ({ certificate }) => `${certificate.issuer.id} ${certificate.number}`)
  return [...chains].toSorted(([a], [b]) => compare(a, b)).map(([, chain]) => chainOf(chain, byId))
}

/** What each code says, and what to do. */
export const successionWords: Readonly<Record<SuccessionCode, Explanation>> = {
  predecessor_missing: {
    en: ['{id} takes the place of {other}, which is not here.', 'Ask for the earlier certificate too.'],
    zh: ['{id} 替换了 {other}，但后者不在其中。', '请同时提供此前的证书。'],
  },
  number_mismatch: {
    en: ['{id} takes the place of {other}, which has another number or issuer.', 'Ask the agency.'],
    zh: ['{id} 替换了 {other}，但二者编号或签发机构不同。', '请向机构核实。'],
  },
  forked: {
    en: ['{id} and {other} take the place of the same certificate.', 'Ask the agency which one counts.'],
    zh: ['{id} 与 {other} 替换了同一张证书。', '请向机构核实以哪张为准。'],
  },
  two_firsts: {
    en: [
      '{id} and {other} have one number, and neither takes the place of another.',
      'Ask the agency which one counts.',
    ],
    zh: ['{id} 与 {other} 编号相同，却互不替换。', '请向机构核实以哪张为准。'],
  },
  cyclic: {
    en: ['{id} takes the place of one that came after it.', 'Ask the agency.'],
    zh: ['{id} 替换了其后的证书。', '请向机构核实。'],
  },
  two_live: {
    en: [
      '{id} and {other} both count by the lists at hand.',
      'Get newer status lists; if that changes nothing, ask the agency.',
    ],
    zh: ['按现有状态列表，{id} 与 {other} 同时有效。', '请获取更新的状态列表；若结果不变，请向机构核实。'],
  },
  issue_date_mismatch: {
    en: ['{id} gives another day of issue for {other} than that one does.', 'Ask the agency.'],
    zh: ['{id} 所载 {other} 的签发日期与后者不符。', '请向机构核实。'],
  },
  award_day_changed: {
    en: ['{id} states another day of award than {other}.', 'A correction never changes it: ask the agency.'],
    zh: ['{id} 与 {other} 的发证日期不同。', '更正不会改变发证日期，请向机构核实。'],
  },
  award_changed: {
    en: [
      '{id} states another occupation or grade than {other}.',
      'That is not a correction: ask the agency.',
    ],
    zh: ['{id} 与 {other} 的职业或等级不同。', '这不属于更正，请向机构核实。'],
  },
  holder_changed: {
    en: ['{id} is of another person than {other}.', 'Ask the agency.'],
    zh: ['{id} 与 {other} 的持证人不同。', '请向机构核实。'],
  },
}

type Stated = GradeCertificate | DisclosedCertificate

interface Member {
  readonly link: Link
  readonly certificate: Stated
}

/** One for each credential of a grade whose signature holds under a key of its issuer. */
function membersOf(reports: readonly Report[]): readonly Member[] {
  const found = reports.flatMap((report, position) => {
    const certificate = report.verdict === 'valid' ? report.certificate : report.claimed
    return certificate !== undefined && isOfGrade(certificate) && isAuthentic(report)
      ? [{ report, position, certificate }]
      : []
  })
  const groups = grouped(found, ({ certificate: { issuer, number, id } }) => `${issuer.id} ${number} ${id}`)
  return [...groups.values()].map((members) => {
    const group = members.toSorted((a, b) => compare(a.report.digest, b.report.digest))
    // The badge says more than an SD-JWT, and its days are days.
    const { certificate } =
      group.find(({ certificate: one }) => !('form' in one)) ?? (group[0] as (typeof group)[0])
    const { id, replaces } = certificate
    const link = {
      id,
      reports: members.map(({ position }) => position),
      ...(replaces !== undefined && { replaces: replaces.id, reason: replaces.reason }),
      isLive: group.every(({ report }) => report.checks.status.outcome === 'pass'),
    }
    return { link, certificate }
  })
}

const isOfGrade = (certificate: Certificate | DisclosedCertificate): certificate is Stated =>
  certificate.type === 'ProfessionalTechnicalGradeCertificate'

const isAuthentic = ({ checks }: Report): boolean =>
  checks.format.outcome === 'pass' && checks.issuer.outcome === 'pass' && checks.proof.outcome === 'pass'

function chainOf(chain: readonly Member[], byId: ReadonlyMap<string, Member>): Succession {
  const { issuer, number } = (chain[0] as Member).certificate
  const { ordered, cyclic } = inOrder(chain)
  const live = ordered.filter(({ link }) => link.isLive)
  const faults = [
    ...ordered.flatMap((member, at) => faultsOf(member, ordered.slice(0, at), byId)),
    ...cyclic.map(({ link }) => faultAt('cyclic', link.id, link.replaces)),
    ...live.slice(1).map(({ link }) => faultAt('two_live', link.id, live[0]?.link.id)),
  ]
  return {
    issuer: issuer.id,
    number,
    links: [...ordered, ...cyclic].map(({ link }) => link),
    outcome: faults.length === 0 ? 'whole' : 'broken',
    faults,
  }
}

/** Generation after generation, from those whose predecessor is not in the chain; what is never reached goes round. */
function inOrder(chain: readonly Member[]) {
  const ids = new Set(chain.map(({ link }) => link.id))
  const sorted = chain.toSorted(
    (a, b) => compare(dayOf(a.certificate), dayOf(b.certificate)) || compare(a.link.id, b.link.id),
  )
  const successors = grouped(sorted, ({ link }) => link.replaces)
  const ordered: Member[] = []
  let generation = sorted.filter(({ link }) => link.replaces === undefined || !ids.has(link.replaces))
  while (generation.length > 0) {
    ordered.push(...generation)
    generation = generation.flatMap(({ link }) => successors.get(link.id) ?? [])
  }
  const reached = new Set(ordered)
  return { ordered, cyclic: sorted.filter((member) => !reached.has(member)) }
}

/** What is wrong between a link and those before it. */
function faultsOf(
  { link, certificate }: Member,
  earlier: readonly Member[],
  byId: ReadonlyMap<string, Member>,
): readonly SuccessionFault[] {
  const { replaces } = certificate
  const twin = earlier.find((other) => other.link.replaces === link.replaces)
  const forks =
    twin === undefined
      ? []
      : [faultAt(replaces === undefined ? 'two_firsts' : 'forked', link.id, twin.link.id)]
  if (replaces === undefined) return forks
  const before = earlier.find((other) => other.link.id === replaces.id)
  if (before === undefined) {
    return [
      ...forks,
      faultAt(byId.has(replaces.id) ? 'number_mismatch' : 'predecessor_missing', link.id, replaces.id),
    ]
  }
  const rows: readonly (readonly [SuccessionCode, boolean])[] = [
    ['issue_date_mismatch', isOtherIssueDay(replaces.previousIssueDate, before.certificate)],
    ['award_day_changed', certificate.awardedOn !== before.certificate.awardedOn],
    ['award_changed', awardKey(certificate) !== awardKey(before.certificate)],
    ['holder_changed', isOtherHolder(certificate, before.certificate)],
  ]
  return [
    ...forks,
    ...rows.flatMap(([code, applies]) => (applies ? [faultAt(code, link.id, before.link.id)] : [])),
  ]
}

/** An SD-JWT states a moment without its zone, so only a badge can contradict. */
const isOtherIssueDay = (day: string, before: Stated): boolean =>
  !('form' in before) && day !== before.validFrom

const awardKey = ({ award: { occupation, grade } }: Stated): string => `${occupation.code} ${grade.code}`

/** The same person has the same pseudonym in every badge of a number; only a correction may write the name otherwise. */
function isOtherHolder(now: Stated, before: Stated): boolean {
  if (!('form' in now) && !('form' in before) && now.holder.id !== before.holder.id) return true
  const [a, b] = [idNumberOf(now), idNumberOf(before)]
  if (a !== undefined && b !== undefined && a !== b && now.replaces?.reason !== correction) return true
  const { name } = now.holder
  const { name: nameBefore } = before.holder
  if (name === undefined || nameBefore === undefined || now.replaces?.reason === correction) return false
  return nameKey(name) !== nameKey(nameBefore)
}

/** The reason that may change what is said of the holder. */
const correction = 'data-correction'

const idNumberOf = (certificate: Stated): string | undefined =>
  'form' in certificate ? certificate.holder.idNumber : undefined

const dayOf = ({ validFrom }: Stated): string => validFrom

const faultAt = (code: SuccessionCode, id: string, other: string | undefined): SuccessionFault => ({
  code,
  id,
  ...(other !== undefined && { other }),
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function grouped<T, Key>(items: readonly T[], keyOf: (item: T) => Key): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
