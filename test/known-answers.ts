/**
 * What came of each published case: written by the test that compared it, after it compared it; read at the end of the run
 * and by the page on conformance.
 */
import { appendFileSync, globSync, mkdirSync, readFileSync } from 'node:fs'

export type Answer =
  /** A test read the file: enough for keys and inputs, which are no answers themselves. */
  | { readonly outcome: 'read'; readonly file: string }
  | {
      readonly standard: string
      /** Below the folder of the vectors. */
      readonly file: string
      readonly case: string
      readonly outcome: 'holds'
    }
  | {
      readonly standard: string
      readonly file: string
      readonly case: string
      /** We say something else, on purpose; or the case is of something that we do not do. */
      readonly outcome: 'differs' | 'not applicable'
      readonly reason: string
    }

type Case = string | number

/** What tests of one standard say of its cases. Without a case the file is one. */
export function knownAnswers(standard: string) {
  const record =
    (outcome: 'differs' | 'not applicable') =>
    (file: string, cases: Case | readonly Case[], reason: string) =>
      write(
        [cases].flat().map((one) => ({ standard, file: within(file), case: String(one), outcome, reason })),
      )
  return {
    holds: (file: string, cases: Case | readonly Case[] = '') =>
      write(
        [cases].flat().map((one) => ({ standard, file: within(file), case: String(one), outcome: 'holds' })),
      ),
    differs: record('differs'),
    notApplicable: record('not applicable'),
  }
}

const noted = new Set<string>()

/** Notes that a test reads a file of the vectors. */
export function noteRead(path: string): void {
  if (!path.startsWith('vectors/') || noted.has(path)) return
  noted.add(path)
  write([{ outcome: 'read', file: within(path) }])
}

/** Where a run leaves its answers, one file for each process. */
export const answersFolder = new URL('../coverage/known-answers/', import.meta.url)

/** Each answer of the last run once, in order; a case that several tests ask holds only where it holds for all. */
export function answersOfRun(): readonly Answer[] {
  const found = new Map<string, Answer>()
  for (const file of globSync('*.jsonl', { cwd: answersFolder })) {
    for (const line of readFileSync(new URL(file, answersFolder), 'utf8').trim().split('\n')) {
      const answer = JSON.parse(line) as Answer
      const key =
        answer.outcome === 'read' ? answer.file : `${answer.standard}\n${answer.file}\n${answer.case}`
      if (found.get(key)?.outcome !== 'differs') found.set(key, answer)
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, answer]) => answer)
}

/** What one standard comes to. */
export interface Tally {
  readonly standard: string
  readonly holds: number
  readonly of: number
  readonly exceptions: readonly Exception[]
}

export interface Exception {
  readonly outcome: 'differs' | 'not applicable'
  readonly reason: string
  /** Of each file its cases; none where the file is one case. */
  readonly where: Readonly<Record<string, readonly string[]>>
}

/** Of how many cases of each standard our answer is the published one; those that are not applicable are not counted. */
export function tallies(answers: readonly Answer[]): readonly Tally[] {
  const cases = answers.flatMap((answer) => (answer.outcome === 'read' ? [] : [answer]))
  return [...grouped(cases, ({ standard }) => standard)].map(([standard, own]) => {
    const counted = own.filter(({ outcome }) => outcome !== 'not applicable')
    const byReason = grouped(
      own.flatMap((answer) => (answer.outcome === 'holds' ? [] : [answer])),
      ({ outcome, reason }) => JSON.stringify([outcome, reason]),
    )
    return {
      standard,
      holds: counted.filter(({ outcome }) => outcome === 'holds').length,
      of: counted.length,
      exceptions: [...byReason.values()].map((same) => {
        const { outcome, reason } = same[0]!
        const byFile = [...grouped(same, ({ file }) => file)]
        const where = byFile.map(([file, own]) => [
          file,
          own.map((one) => one.case).filter((one) => one !== ''),
        ])
        return { outcome, reason, where: Object.fromEntries(where) }
      }),
    }
  })
}

function grouped<One>(all: readonly One[], by: (one: One) => string): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>()
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one])
  return groups
}

/** What an exception is about, short enough to read; of those that differ every file is named. */
export function placesOf({ outcome, where }: Exception): string {
  const files = Object.entries(where)
  if (outcome === 'not applicable' && files.length > 5)
    return `${files[0]![0]} and ${files.length - 1} more files`
  return files
    .map(([file, cases]) => {
      if (cases.length === 0) return file
      const names = cases.join(', ')
      return names.length > 160 ? `${file} (${cases.length} cases)` : `${file} (${names})`
    })
    .join('; ')
}

const ownFile = new URL(`${process.pid}.jsonl`, answersFolder)

function write(answers: readonly Answer[]): void {
  mkdirSync(answersFolder, { recursive: true })
  appendFileSync(ownFile, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
}

function within(file: string): string {
  return file.replace(/^vectors\//, '')
}
