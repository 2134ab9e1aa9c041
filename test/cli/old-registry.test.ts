import { cpSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

test('a registry put back from an old copy cannot publish that a revoked certificate is valid again', async () => {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['issue', await shortExport(folder, 4), '--dir', dir])
  cpSync(`${dir}/registry.db`, `${folder}/old.db`)
  const [name = ''] = readdirSync(`${dir}/out`)
  const number = name.replace(/\.json$/, '')
  await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir])
  await gradecert(['publish', '--dir', dir])
  const before = await readFile(`${dir}/public/evidence.json`, 'utf8')
  cpSync(`${folder}/old.db`, `${dir}/registry.db`)
  const refused = await gradecert(['publish', '--dir', dir])
  expect(refused).toMatchObject({ code: 64, err: expect.stringContaining('publish.would_unrevoke') })
  expect(await readFile(`${dir}/public/evidence.json`, 'utf8')).toBe(before)
  await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir])
  expect((await gradecert(['publish', '--dir', dir])).code).toBe(0)
})
