/** What we claim of the standards is what tests name. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requirements, requirementsNamed } from './claims.ts'
import { secondOpinions } from './second-opinions.ts'

const folder = new URL('.', import.meta.url)
const sources = globSync(['**/*.test.ts', 'verify/tamper-table.ts'], { cwd: folder })
  .filter((file) => file !== 'claims.test.ts')
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
const named = new Set(sources.flatMap(requirementsNamed))

test.each<[title: string, names: readonly string[]]>([
  ["test('DI-20: a set', …", ['DI-20']],
  ["['JC-4, trap 28: no iss', …", ['JC-4', 'trap 28']],
  ['test(`VCDM-1 to VCDM-3, TIME-5: %s`, …', ['VCDM-1', 'VCDM-2', 'VCDM-3', 'TIME-5']],
  ["('CID-5 %s: is %s', …", ['CID-5']],
  ["'VCDM-4': [", []],
  ['// DI-20: a set', []],
])('of %j the names are %j', (title, names) => {
  expect(requirementsNamed(title)).toEqual(names)
})

test('each requirement that we claim has a test that names it', () => {
  const claimed = [...requirements].flatMap(([name, requirement]) =>
    typeof requirement === 'string' ? name : [],
  )
  expect(claimed.filter((name) => !named.has(name))).toEqual([])
})

test('no test names a requirement that does not exist', () => {
  expect([...named].filter((name) => !requirements.has(name))).toEqual([])
})

test.each(secondOpinions)(
  'the second opinion of $packages is asked, and differs as $test says',
  (opinion) => {
    const source = [opinion.test, 'securing/peer.ts']
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n')
    const names = opinion.packages.map((name) => [name, source.includes(`from '${name}'`)])
    expect(names).toEqual(opinion.packages.map((name) => [name, true]))
    expect(opinion.differs.filter((title) => !source.includes(`${title}'`))).toEqual([])
  },
)
