/** The sample exports of `../shared/results` and the verdicts that were written for them. */
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { type Instant, instantAt } from '../../src/base/instant.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import type { ExamResult } from '../../src/intake/exam-result.ts'
import { type Judged, type Judgement, judge } from '../../src/intake/judge.ts'
import { type ResultsFile, readResults } from '../../src/intake/results-file.ts'
import { sharedBytes, sharedIsHere, sharedJson, sharedText } from '../shared.ts'

const folder = 'results'
const catalogue = starterCatalogue((path) => `https://a.example/${path}`)

interface ExpectedRecord {
  readonly record: number
  readonly verdict: string
  readonly codes: readonly string[]
  readonly normalized?: Readonly<Record<string, string | number>>
}

async function readShared(name: string): Promise<ResultsFile> {
  const reading = await readResults(new Uint8Array(sharedBytes(`${folder}/${name}`)) as Bytes, { name })
  if (!reading.ok) throw new Error(`${name}: ${reading.finding.code}`)
  return reading.file
}

const judgeShared = async (name: string, now: Instant, allowPartial = false): Promise<Judgement> =>
  judge([await readShared(name)], { catalogue, now, zone: '+08:00', allowPartial })

const codesOf = ({ findings }: Judged): readonly string[] => [
  ...new Set(findings.map(({ code }) => code as string)),
]

/** Where the expected file's names for normalised values are found. */
const normalised: Readonly<Record<string, (judged: Judged) => unknown>> = {
  ...Object.fromEntries(
    (['idNumber', 'name', 'matchKey', 'occupationCode', 'grade'] as const).map((member) => [
      member,
      (judged: Judged) => judged.result?.[member],
    ]),
  ),
  examDate: ({ result }) => result?.examinedOn,
  theoryScore: ({ result }) => result?.theory,
  suggestedIdNumber: ({ suggested }) => suggested?.idNumber,
  suggestedName: ({ suggested }) => suggested?.name,
}

describe.skipIf(!sharedIsHere)('the sample exports', () => {
  test.each(['dirty.csv', 'dirty.gb18030.csv', 'dirty.utf8-bom.csv'])(
    '%s gets the expected verdict, codes and values for each of 96 records',
    async (name) => {
      const expected = sharedJson(`${folder}/dirty.expected.json`)
      const now = instantAt(Date.parse(expected.clock))
      const { records } = await judgeShared(name, now)
      const wanted: readonly ExpectedRecord[] = expected.records
      expect(records).toHaveLength(96)
      const seen = wanted.map(({ record, normalized }) => {
        const judged = records[record - 1] as Judged
        const values = Object.keys(normalized ?? {}).map((key) => [key, normalised[key]?.(judged)])
        return {
          record: judged.record,
          verdict: judged.verdict,
          codes: codesOf(judged).toSorted(),
          ...(normalized && { normalized: Object.fromEntries(values) }),
        }
      })
      expect(seen).toEqual(
        wanted.map(({ record, verdict, codes, normalized }) => ({
          record,
          verdict,
          codes: codes.toSorted(),
          ...(normalized && { normalized }),
        })),
      )
    },
  )

  test.each(['results.utf8.csv', 'results.utf8-bom.csv', 'results.gb18030.csv', 'results.jsonl'])(
    '%s gets the expected verdict for each candidate',
    async (name) => {
      const wanted = sharedText(`${folder}/results.expected.jsonl`)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      const { records, faults } = await judgeShared(name, '2026-01-20T00:00:00Z' as Instant)
      expect(faults).toEqual([])
      expect(
        records.map((judged) => ({
          rowNo: judged.record,
          verdict: judged.verdict,
          reason: judged.verdict === 'issue' ? null : codesOf(judged)[0],
          ...(judged.result && {
            grade: judged.result.grade,
            occupationCode: judged.result.occupationCode,
          }),
        })),
      ).toEqual(
        wanted.map(({ grade, occupationCode, ...rest }) =>
          rest.verdict === 'hold' ? rest : { ...rest, grade, occupationCode },
        ),
      )
      const notices = records.flatMap(({ verdict, findings }) => (verdict === 'issue' ? findings : []))
      expect(notices.map(({ code }) => code)).toEqual(['ID_ENDS_IN_ZEROS'])
    },
  )

  test.each([
    ['file-utf16le-tab.txt', { encoding: 'utf-16le', separator: '\t' }, 2],
    ['file-semicolon.csv', { encoding: 'utf-8', separator: ';' }, 2],
    ['file-preamble.csv', { encoding: 'utf-8', separator: ',' }, 5],
  ])('%s is read as what it is, with one row to issue', async (name, about, line) => {
    const file = await readShared(name)
    expect(file).toMatchObject(about)
    const { records } = judge([file], { catalogue, now: '2026-01-20T00:00:00Z' as Instant, zone: '+08:00' })
    expect(records.map((judged) => [judged.verdict, judged.line])).toEqual([['issue', line]])
  })

  test('of a file that is cut off nothing is issued unless a partial file is allowed', async () => {
    const now = '2026-01-20T00:00:00Z' as Instant
    const { records, faults } = await judgeShared('file-truncated-gb18030.csv', now)
    expect(faults).toEqual([{ file: 'file-truncated-gb18030.csv', finding: { code: 'FILE_TRUNCATED' } }])
    expect(records.at(-1)).toMatchObject({ verdict: 'reject', findings: [{ code: 'ROW_SHAPE' }] })
    expect(records.some(({ verdict }) => verdict === 'issue')).toBe(false)
    const partial = await judgeShared('file-truncated-gb18030.csv', now, true)
    expect(partial.faults).toEqual([])
    expect(partial.records.at(-1)?.verdict).toBe('reject')
  })

  test('files that hold the same results in other forms mint each of them once', async () => {
    const files = await Promise.all(
      ['results.gb18030.csv', 'results.jsonl', 'results.utf8.csv'].map(readShared),
    )
    const { records } = judge(files, { catalogue, now: '2026-01-20T00:00:00Z' as Instant, zone: '+08:00' })
    const issued = records.flatMap((judged): ExamResult[] =>
      judged.verdict === 'issue' ? [judged.result] : [],
    )
    expect(issued).toHaveLength(119)
    expect(records.slice(200).every(({ verdict }) => verdict === 'skip')).toBe(true)
  })
})
