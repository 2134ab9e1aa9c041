import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { exportPath, gradecert, temporaryFolder } from './terminal.ts'

test('an occupation whose code sources disagree about is named until the catalogue is confirmed', async () => {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const [header = '', first = ''] = new TextDecoder('gb18030')
    .decode(await readFile(exportPath))
    .split('\r\n')
  const row = first.replace(
    '2-02-38-01,人工智能工程技术人员,人工智能平台产品实现',
    '2-02-30-11,数字化管理师,',
  )
  await writeFile(`${dir}/results.csv`, `${header}\n${row}\n`)
  const check = () => gradecert(['check', `${dir}/results.csv`, '--dir', dir, '--json'])
  const before = await check()
  expect(before.lines[0]).toMatchObject({ verdict: 'issue', codes: [] })
  expect(before.err).toContain('数字化管理师, 2-02-30-11')
  expect(before.lines[1].catalogue).toEqual({ version: '2026.1', confirmed: false })
  const path = `${dir}/catalogue.json`
  await writeFile(path, (await readFile(path, 'utf8')).replace('"confirmed": false', '"confirmed": true'))
  const after = await check()
  expect(after.err).toBe('')
  expect(after.lines[1].catalogue.confirmed).toBe(true)
})
