/** Files for tests, made from rows. */
import type { Bytes } from '../../src/base/bytes.ts'
import { utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import type { FindingCode } from '../../src/intake/codes.ts'
import { type Judged, type Judgement, judge } from '../../src/intake/judge.ts'
import { type ResultsFile, readResults } from '../../src/intake/results-file.ts'
import { headers, type Row } from './dirty-rows.ts'

export const catalogue = starterCatalogue((path) => `https://a.example/${path}`)
export const clock = { catalogue, now: '2026-01-19T16:00:00Z' as Instant, zone: '+08:00' }

export const csvCell = (cell: string): string =>
  /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

export const csvOf = (rows: readonly Row[], separator = ',', end = '\n'): string =>
  [headers, ...rows.map((row) => headers.map((header) => row[header]))]
    .map((cells) => cells.map(csvCell).join(separator) + end)
    .join('')

/** Reads bytes or text that must be readable. */
export async function fileOf(source: Bytes | string, name = 'results.csv'): Promise<ResultsFile> {
  const reading = await readResults(typeof source === 'string' ? utf8(source) : source, { name })
  if (!reading.ok) throw new Error(JSON.stringify(reading.finding))
  return reading.file
}

/** Why bytes or text are refused. */
export async function refusalOf(source: Bytes | string): Promise<FindingCode | undefined> {
  const reading = await readResults(typeof source === 'string' ? utf8(source) : source, { name: 'results' })
  return reading.ok ? undefined : reading.finding.code
}

export const judgeText = async (text: string): Promise<Judgement> => judge([await fileOf(text)], clock)
export const judgeRows = async (...rows: readonly Row[]): Promise<readonly Judged[]> =>
  (await judgeText(csvOf(rows))).records

export const codesOf = ({ findings }: Judged): readonly FindingCode[] => findings.map(({ code }) => code)

/** Verdict and codes of each record, for comparing at a glance. */
export const inShort = (records: readonly Judged[]): readonly string[] =>
  records.map((judged) => [judged.verdict, ...codesOf(judged)].join(' '))
