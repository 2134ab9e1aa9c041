import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { postgresServer } from '../registry/postgres-server.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const server = await postgresServer()

test.skipIf(!server.isHere)(
  'an agency issues, revokes and publishes from a registry on PostgreSQL, and says where it is missing',
  async () => {
    vi.stubEnv('GRADECERT_REGISTRY', server.url)
    const folder = await temporaryFolder()
    const dir = `${folder}/agency`
    const made = await gradecert(['init', dir, '--name', '示例评价机构', '--registry', 'postgres'])
    expect([made.code, made.err]).toEqual([0, expect.not.stringContaining('secret-of-the-test')])
    expect(readFileSync(`${dir}/gradecert.json`, 'utf8')).not.toContain('secret-of-the-test')

    const issue = ['issue', await shortExport(folder), '--dir', dir, '--json']
    const issued = await gradecert(issue)
    expect(issued.lines.at(-1).summary.issued).toBe(19)
    expect((await gradecert(issue)).lines.at(-1).summary).toMatchObject({ issued: 0, already_issued: 19 })
    const number = issued.lines.find(({ outcome }) => outcome === 'issued').number
    const reissued = ['reissue', number, '--set', 'name=王小明', '--reason', 'data-correction', '--dir', dir]
    expect((await gradecert(reissued)).code).toBe(0)
    expect((await gradecert(['revoke', number, '--reason', 'cheating-grave', '--dir', dir])).code).toBe(0)
    expect((await gradecert(['publish', '--dir', dir])).code).toBe(0)
    const judged = await gradecert([
      ...['verify', `${dir}/out`, '--trust', `${dir}/trust.json`],
      ...['--evidence', `${dir}/public/evidence.json`, '--json'],
    ])
    const verdicts = judged.lines.filter(({ verdict }) => verdict !== undefined).map(({ verdict }) => verdict)
    expect(verdicts.filter((verdict) => verdict === 'valid')).toHaveLength(18)
    expect(verdicts.filter((verdict) => verdict === 'invalid')).toHaveLength(2)

    const other = await gradecert(
      ['init', `${folder}/other`, '--name', '另一机构', '--registry', 'postgres'],
      { seed: 'other' },
    )
    expect([other.code, other.err]).toEqual([74, expect.stringContaining('workspace.registry_of_another')])

    vi.stubEnv('GRADECERT_REGISTRY', '')
    const lost = await gradecert(['publish', '--dir', dir])
    expect([lost.code, lost.err]).toEqual([64, expect.stringContaining('registry.url_missing')])
    vi.unstubAllEnvs()
  },
)
