/** One certificate on the page: the finding in large words, what it says, and every check with what it rests on. */
import type { Json } from '../base/json.ts'
import type { Language, Words } from '../base/message.ts'
import { filled } from '../base/visible.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { gradeCodes, gradeLabels } from '../certificate/grade.ts'
import type { DisclosedCertificate } from '../credential/claims.ts'
import { findingOf, findingWords } from '../render/finding.ts'
import { checkWords } from '../render/report-words.ts'
import { asOfStatus } from '../render/report-writers.ts'
import { checkNames, notCheckedNames } from '../verify/reasons.ts'
import {
  type Check,
  type CheckId,
  checkIds,
  notCheckedIn,
  type Report,
  type Verdict,
} from '../verify/report.ts'
import { element, foreign, type Sign, sign } from './element.ts'
import { oddWords, pageWords } from './words.ts'

type Stated = Certificate | DisclosedCertificate
type Fact = readonly [label: Words, value: string]

export interface ViewOptions {
  readonly language: Language
  readonly path: string
  readonly program: string
  /** Address of the picture that was given, to stand beside what counts. */
  readonly picture?: string | undefined
}

/** The whole of one report. */
export function certificateView(
  report: Report,
  { language, path, program, picture }: ViewOptions,
): HTMLElement {
  const text = (words: Words) => words[language]
  const id = findingOf(report)
  const finding = findingWords[id]
  const stated = report.verdict === 'valid' ? report.certificate : report.claimed
  const isGood = report.verdict === 'valid'
  return element(
    'article',
    {
      class: `certificate ${report.verdict}${id === 'good_on_trial' ? ' on-trial' : ''}`,
      'aria-labelledby': 'finding',
    },
    element(
      'div',
      { class: 'finding' },
      sign(verdictSigns[report.verdict]),
      element(
        'div',
        {},
        element('h2', { id: 'finding', tabindex: -1 }, text(finding.headline)),
        element('p', {}, text(finding.meaning)),
        element('p', { class: 'next' }, text(finding.next)),
      ),
    ),
    stated === undefined
      ? null
      : element(
          'section',
          { class: isGood ? 'says' : 'claims' },
          element('h3', {}, text(isGood ? pageWords.says : pageWords.claims)),
          factList(statedFacts(stated, language), language),
        ),
    isGood ? factList(foundFacts(report, language), language) : null,
    element(
      'section',
      { class: 'checks' },
      element('h3', {}, text(pageWords.checks)),
      checkIds.map((id) => checkView(id, report.checks[id], language)),
      element(
        'p',
        { class: 'not-checked' },
        element('strong', {}, `${text(pageWords.notChecked)}: `),
        notCheckedIn(report.checks)
          .map((id) => notCheckedNames[id][language])
          .join(language === 'zh' ? '、' : ', ') || text(pageWords.notCheckedNone),
      ),
    ),
    picture === undefined
      ? null
      : element(
          'figure',
          { class: 'picture' },
          element('img', { src: picture, alt: text(pageWords.picture) }),
          element('figcaption', {}, text(pageWords.pictureHint)),
        ),
    element(
      'footer',
      {},
      factList(
        [
          [pageWords.file, path],
          [pageWords.checkedAt, report.checkedAt],
          [pageWords.policy, report.policy.name],
          [pageWords.digest, report.digest],
          [pageWords.program, program],
        ],
        language,
      ),
    ),
  )
}

/** Names of odd characters, for whoever hovers over one. */
export const oddNames = (language: Language) => ({
  hidden: oddWords.hidden[language],
  look_alike: oddWords.look_alike[language],
  private: oddWords.private[language],
  stacked: oddWords.stacked[language],
})

const factList = (facts: readonly Fact[], language: Language): HTMLElement =>
  element(
    'dl',
    {},
    facts.map(([label, value]) => [
      element('dt', {}, label[language]),
      element('dd', {}, foreign(value, oddNames(language))),
    ]),
  )

/** What a certificate says, in the order in which a person asks. */
export function statedFacts(stated: Stated, language: Language): readonly Fact[] {
  const tag = language === 'zh' ? 'zh-Hans' : 'en'
  const label = (labels: { readonly 'zh-Hans': string; readonly en?: string | undefined }) =>
    labels[tag] ?? labels['zh-Hans']
  const { holder, issuer } = stated
  const award = 'award' in stated ? stated.award : undefined
  const idNumber = 'idNumber' in holder && typeof holder.idNumber === 'string' ? holder.idNumber : undefined
  const facts: readonly (readonly [Words, string | undefined])[] = [
    [pageWords.name, holder.name ?? pageWords.nameWithheld[language]],
    [pageWords.latinName, holder.romanisedName],
    [pageWords.idNumber, idNumber],
    [
      pageWords.kind,
      stated.type === 'ProfessionalTechnicalGradeCertificate' ? undefined : kindWords[stated.type][language],
    ],
    [pageWords.occupation, award && `${label(award.occupation.labels)} (${award.occupation.code})`],
    [pageWords.direction, award?.direction && label(award.direction.labels)],
    [
      pageWords.grade,
      award &&
        filled(pageWords.gradeOf[language], {
          grade: label(gradeLabels[award.grade.code]),
          ordinal: award.grade.ordinal,
          count: gradeCodes.length,
        }),
    ],
    [pageWords.course, 'course' in stated ? label(stated.course.labels) : undefined],
    [pageWords.number, 'number' in stated ? stated.number : undefined],
    [pageWords.awardedOn, 'awardedOn' in stated ? stated.awardedOn : undefined],
    [pageWords.validUntil, 'validUntil' in stated ? stated.validUntil : undefined],
    [pageWords.region, 'region' in stated ? stated.region : undefined],
    [pageWords.agency, label(issuer.labels)],
    [pageWords.agencyCode, 'code' in issuer ? issuer.code : undefined],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

const kindWords: Readonly<Record<'AssessmentResultNotice' | 'TrainingCompletionCertificate', Words>> = {
  AssessmentResultNotice: {
    en: 'notice of an assessment: not a certificate',
    zh: '考核结果通知（不是证书）',
  },
  TrainingCompletionCertificate: {
    en: 'completion of a training: no grade',
    zh: '培训结业证明（不含等级）',
  },
}

/** What was found out about a good one. */
function foundFacts(report: Report, language: Language): readonly Fact[] {
  const { trust, anchor } = report.checks
  const certificate = report.verdict === 'valid' ? report.certificate : undefined
  const asOf = asOfStatus(report)
  const date = certificate !== undefined && 'awardedOn' in certificate ? certificate.awardedOn : ''
  const facts: readonly (readonly [Words, string | undefined])[] = [
    [
      pageWords.recognisedBy,
      trust.outcome === 'pass'
        ? filled(pageWords.recognisedOn[language], {
            authority: String(trust.facts.authority),
            asOf: String(trust.facts.asOf),
            date,
          })
        : undefined,
    ],
    [pageWords.statusAsOf, asOf === undefined ? undefined : filled(pageWords.statusGood[language], { asOf })],
    [pageWords.existedBy, anchor.outcome === 'pass' ? String(anchor.facts.existedBy) : undefined],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

function checkView(id: CheckId, check: Check<CheckId>, language: Language): HTMLElement {
  const name = checkNames[id][language]
  const words = checkWords(id, check, language)
  const { facts = {} } = check
  const lines = factLines(facts)
  return element(
    'details',
    { class: `check ${check.outcome}` },
    element(
      'summary',
      {},
      sign(outcomeSigns[check.outcome]),
      element('strong', {}, name),
      ` ${outcomeNames[check.outcome][language]} `,
      element('span', { class: 'words' }, foreign(words, oddNames(language))),
    ),
    check.outcome === 'fail' || check.outcome === 'unknown'
      ? element(
          'p',
          {},
          element('code', {}, `${id}.${check.reason}`),
          ' ',
          foreign(check.detail, oddNames(language)),
        )
      : null,
    lines.length === 0
      ? null
      : element(
          'table',
          {},
          element('caption', {}, pageWords.facts[language]),
          element(
            'tbody',
            {},
            lines.map(([member, value]) =>
              element(
                'tr',
                {},
                element('th', { scope: 'row' }, foreign(member, oddNames(language))),
                element('td', {}, foreign(value, oddNames(language))),
              ),
            ),
          ),
        ),
  )
}

/** By verdict. */
export const verdictSigns: Readonly<Record<Verdict, Sign>> = {
  valid: 'good',
  invalid: 'bad',
  undetermined: 'open',
}
const outcomeSigns: Readonly<Record<Check<CheckId>['outcome'], Sign>> = {
  pass: 'good',
  fail: 'bad',
  unknown: 'open',
  skipped: 'none',
}

const outcomeNames: Readonly<Record<Check<CheckId>['outcome'], Words>> = {
  pass: { en: 'passed', zh: '通过' },
  fail: { en: 'failed', zh: '未通过' },
  unknown: { en: 'could not be decided', zh: '无法判定' },
  skipped: { en: 'not made', zh: '未进行' },
}

/** Every fact, one a line. */
function factLines(value: Json | object, name = ''): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]]
  const dot = name === '' ? '' : `${name}.`
  return Object.entries(value).flatMap(([member, inside]) => factLines(inside as Json, `${dot}${member}`))
}
