/** Around a run of all tests: forgets the answers of the last run, and prints those of this one as a table. */
import { rmSync } from 'node:fs'
import { answersFolder, answersOfRun, tallies } from './known-answers.ts'

export function setup(): void {
  rmSync(answersFolder, { recursive: true, force: true })
}

export function teardown(): void {
  const rows = tallies(answersOfRun())
  if (rows.length === 0) return
  const width = Math.max(...rows.map(({ standard }) => standard.length))
  const lines = rows.flatMap(({ standard, holds, of, exceptions }) => [
    `  ${standard.padEnd(width)}  ${holds} of ${of}`,
    ...exceptions
      .filter(({ outcome }) => outcome === 'differs')
      .map(({ file, cases, reason }) => `    ${[file, named(cases)].join(' ').trim()}: ${reason}`),
  ])
  console.info(`\nKnown answers that hold\n${lines.join('\n')}\n`)
}

function named(cases: readonly string[]): string {
  return cases.length > 5 ? `(${cases.length} cases)` : cases.join(', ')
}
