/** Around a run: forgets the answers of the last one, and prints those of this one as a table. */
import { rmSync } from 'node:fs'
import { answersFolder, answersOfRun, placesOf, tallies } from './known-answers.ts'

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
      .map((exception) => `    ${placesOf(exception)}: ${exception.reason}`),
  ])
  console.info(`\nKnown answers that hold\n${lines.join('\n')}\n`)
}
