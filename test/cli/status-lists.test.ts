import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { DatabaseSync } from '../../src/base/sqlite.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

/** A registry whose next certificate gets a slot, as if all before it had been drawn. */
function goOnAt(slot: number, dir: string): void {
  const db = new DatabaseSync(`${dir}/registry.db`)
  db.prepare("update counter set next = ? where name = 'slot'").run(slot)
  db.close()
}

test('a batch over the end of a list is planned, issued into both and published with both', async () => {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  goOnAt(131_070, dir)
  const results = await shortExport(folder, 6)
  const checked = await gradecert(['check', results, '--dir', dir, '--json'])
  const { summary, lists } = checked.lines.at(-1)
  expect(lists).toEqual([
    { number: 1, positions: 2, isNew: false },
    { number: 2, positions: summary.issue - 2, isNew: true },
  ])
  const said = await gradecert(['check', results, '--dir', dir, '--lang', 'en'])
  expect(said.out).toContain(
    `Status lists for ${summary.issue} certificates, were all of them new: list 1 (2), list 2 (${summary.issue - 2}, new).\n`,
  )

  const issued = await gradecert(['issue', results, '--dir', dir, '--lang', 'en'])
  expect(issued.err).toContain('Status list 2 starts with this batch')
  const judge = () =>
    gradecert([
      ...['verify', `${dir}/out`, '--trust', `${dir}/trust.json`, '--json'],
      ...['--evidence', `${dir}/public/evidence.json`],
    ])
  await gradecert(['publish', '--dir', dir])
  expect(readdirSync(`${dir}/public/status`).sort()).toEqual([
    ...['revocation-1.json', 'revocation-2.json', 'suspension-1.json', 'suspension-2.json'],
    ...['token-1.jwt', 'token-2.jwt'],
  ])
  const before = await judge()
  expect(before.code).toBe(0)
  expect(before.lines.map(({ verdict }) => verdict)).toEqual(Array(summary.issue).fill('valid'))
  const listsOf = (lines: readonly { checks: { status: { facts: { lists: { list: string }[] } } } }[]) =>
    new Set(lines.flatMap(({ checks }) => checks.status.facts.lists.map(({ list }) => list)))
  expect(listsOf(before.lines).size).toBe(4)

  // Those of the second list are issued once: nothing starts any more.
  const again = await gradecert(['issue', results, '--dir', dir, '--lang', 'en'])
  expect(again.err).not.toContain('Status list')

  const [number = ''] = readdirSync(`${dir}/out`)
    .sort()
    .reverse()
    .map((name) => name.replace(/\.json$/, ''))
  await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir])
  await gradecert(['publish', '--dir', dir])
  const after = await judge()
  expect(after.lines.map(({ verdict }) => verdict).toSorted()).toEqual([
    'invalid',
    ...Array(summary.issue - 1).fill('valid'),
  ])
})

test('init makes lists of the size that is asked for, and another one later is refused', async () => {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  const init = ['init', dir, '--name', '示例评价机构', '--status-entries']
  expect((await gradecert([...init, '100000'])).code).toBe(64)
  expect((await gradecert([...init, '1048576'])).code).toBe(0)
  goOnAt(131_070, dir)
  const results = await shortExport(folder, 4)
  const issued = await gradecert(['issue', results, '--dir', dir])
  expect(issued.err).not.toContain('第 2 个状态列表')
  await gradecert(['publish', '--dir', dir])
  expect(readdirSync(`${dir}/public/status`)).toHaveLength(3)
  const settings = JSON.parse(await readFile(`${dir}/gradecert.json`, 'utf8'))
  expect(settings.statusListEntries).toBe(1_048_576)
  await writeFile(`${dir}/gradecert.json`, JSON.stringify({ ...settings, statusListEntries: 131_072 }))
  for (const command of [['issue', results], ['check', results], ['publish']]) {
    const refused = await gradecert([...command, '--dir', dir])
    expect(refused).toMatchObject({ code: 74, err: expect.stringContaining('workspace.list_size_settled') })
  }
})
