/** No file of the published vectors is passed over in silence. */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { placesOf, tallies } from './known-answers.ts'
import { sharedIsHere } from './shared.ts'
import { allVectorFiles, ruleOf, vectorFiles } from './vector-files.ts'

describe('the account of the vectors', () => {
  test('each rule names a test that is there, or a reason', () => {
    for (const { test: file, notRun } of vectorFiles) {
      if (file === undefined) expect(notRun).toMatch(/\w/)
      else expect([file, existsSync(new URL(file, import.meta.url))]).toEqual([file, true])
    }
  })

  test.skipIf(!sharedIsHere)('each file has a rule, and each rule a file', () => {
    const files = allVectorFiles()
    expect(files.filter((file) => ruleOf(file) === undefined)).toEqual([])
    const used = new Set(files.map(ruleOf))
    expect(vectorFiles.filter((rule) => !used.has(rule))).toEqual([])
  })
})

test('a tally counts what holds, leaves out what is not applicable, and names the rest', () => {
  const a = { standard: 'A', file: 'a.json' }
  const [tally, ...others] = tallies([
    { ...a, case: '1', outcome: 'holds' },
    { ...a, case: '2', outcome: 'differs', reason: 'too old' },
    { ...a, file: 'b.json', case: '', outcome: 'differs', reason: 'too old' },
    { ...a, case: '3', outcome: 'not applicable', reason: 'CBOR' },
    { file: 'key.json', outcome: 'read' },
  ])
  expect(others).toEqual([])
  expect(tally).toEqual({
    standard: 'A',
    holds: 1,
    of: 3,
    exceptions: [
      { outcome: 'differs', reason: 'too old', where: { 'a.json': ['2'], 'b.json': [] } },
      { outcome: 'not applicable', reason: 'CBOR', where: { 'a.json': ['3'] } },
    ],
  })
  expect(tally?.exceptions.map(placesOf)).toEqual(['a.json (2); b.json', 'a.json (3)'])
})
