/** A screening as rows for a spreadsheet and as a page for a file or a printer. */

import type { Language } from '../base/message.ts'
import type { PersonRow, Screening } from '../batch/screening.ts'
import { personVerdicts, screeningWords } from '../batch/screening-words.ts'
import { explainReason, notCheckedNames, type Reason } from '../verify/reasons.ts'
import { csvHead, csvRow } from './csv.ts'
import { escaped, pageEnd, pageHead, tableStyle } from './markup.ts'

const columns = [
  'line',
  'name',
  'id_number',
  'claimed_grade',
  'verdict',
  'codes',
  'reason_zh',
  'reason_en',
  'name_match',
  'name_differences',
  'certified_name',
  'certified_grade',
  'occupation',
  'certificate_number',
  'status_as_of',
  'not_checked',
  'file',
]

/** One row a person, then one for each certificate that is nobody's of the roster. */
export function* screeningCsv({ persons, others }: Screening): Generator<string> {
  yield csvHead(columns)
  for (const row of persons) yield csvRow(cellsOf(row))
  for (const { certificate, codes } of others) {
    yield csvRow([
      '',
      '',
      '',
      '',
      certificate.verdict,
      ['not_in_roster', ...codes, ...certificate.reasons].join(' '),
      `不在名册中。${reasonsIn(certificate.reasons, 'zh')}`,
      `Not in the roster. ${reasonsIn(certificate.reasons, 'en')}`.trim(),
      '',
      '',
      certificate.name ?? '',
      certificate.grade ?? '',
      certificate.occupationCode ?? '',
      certificate.number ?? '',
      certificate.asOf ?? '',
      certificate.notChecked.join(' '),
      certificate.file,
    ])
  }
}

const cellsOf = ({
  person,
  verdict,
  certificate,
  name,
  differences,
  codes,
}: PersonRow): readonly string[] => [
  String(person.line),
  person.name,
  masked(person.idNumber),
  person.grade ?? '',
  verdict,
  [...codes, ...(certificate?.reasons ?? [])].join(' '),
  wordsOf({ codes, certificate }, 'zh'),
  wordsOf({ codes, certificate }, 'en'),
  name ?? 'not_compared',
  differences.join(' '),
  certificate?.name ?? '',
  certificate?.grade ?? '',
  certificate?.occupationCode ?? '',
  certificate?.number ?? '',
  certificate?.asOf ?? '',
  certificate?.notChecked.join(' ') ?? '',
  certificate?.file ?? '',
]

/** Enough to tell namesakes apart, not enough to be misused: the last four characters. */
const masked = (idNumber: string | undefined): string =>
  idNumber === undefined ? '' : `${'*'.repeat(Math.max(0, idNumber.length - 4))}${idNumber.slice(-4)}`

function wordsOf(
  { codes, certificate }: Pick<PersonRow, 'codes' | 'certificate'>,
  language: Language,
): string {
  const found = codes.map((code) => screeningWords[code][language])
  return [...found, reasonsIn(certificate?.reasons ?? [], language)].filter((text) => text !== '').join(' ')
}

/** `CHECK.REASON` in words. */
const reasonsIn = (reasons: readonly string[], language: Language): string =>
  reasons.map((text) => explainReason(text.split('.')[1] as Reason, language)).join(' ')

/** The same as a page that loads nothing. */
export function* screeningHtml(
  { persons, others }: Screening,
  { at, policy }: { readonly at: string; readonly policy: string },
): Generator<string> {
  const count = (verdict: string) => persons.filter((row) => row.verdict === verdict).length
  yield pageHead('名册筛查 / Screening', tableStyle)
  yield `<h1>名册筛查 <small lang="en">Screening</small></h1>\n<p>${escaped(at)} · ${escaped(policy)}</p>\n<p>`
  yield Object.entries(personVerdicts)
    .map(([verdict, { zh, en }]) => `${zh} <span lang="en">${en}</span>: ${count(verdict)}`)
    .join(' · ')
  yield '</p>\n<table>\n<caption>每人一行 / One row a person</caption>\n<thead><tr>'
  yield [
    '姓名 / Name',
    '等级 / Grade',
    '结论 / Verdict',
    '证书 / Certificate',
    '截至 / As of',
    '说明 / Reasons',
    '未检查 / Not checked',
  ]
    .map((name) => `<th scope="col">${name}</th>`)
    .join('')
  yield '</tr></thead>\n<tbody>\n'
  for (const row of persons) yield personRow(row)
  yield '</tbody>\n</table>\n'
  if (others.length > 0) {
    yield '<h2>不在名册中 <small lang="en">Not in the roster</small></h2>\n<ul>\n'
    for (const { certificate } of others) {
      const { zh, en } = personVerdicts[certificate.verdict]
      yield `<li>${escaped([certificate.number ?? '', certificate.name ?? '', certificate.file].join(' · '))}: ${zh} <span lang="en">${en}</span></li>\n`
    }
    yield '</ul>\n'
  }
  yield pageEnd
}

function personRow({ person, verdict, certificate, codes }: PersonRow): string {
  const { zh, en } = personVerdicts[verdict]
  const said = [certificate?.number, certificate?.name, certificate?.grade].filter(
    (text) => text !== undefined,
  )
  const grade = [person.grade, certificate?.grade].filter((text) => text !== undefined).join(' → ')
  const notChecked = (certificate?.notChecked ?? []).map((id) => notCheckedNames[id].zh).join('、')
  return `<tr><th scope="row">${escaped(person.name)}</th><td>${escaped(grade)}</td><td class="${verdict}">${zh} <span lang="en">${en}</span></td><td>${escaped(said.join(' · '))}</td><td>${escaped(certificate?.asOf ?? '')}</td><td>${escaped(wordsOf({ codes, certificate }, 'zh'))}<br><span lang="en">${escaped(wordsOf({ codes, certificate }, 'en'))}</span></td><td>${escaped(notChecked)}</td></tr>\n`
}
