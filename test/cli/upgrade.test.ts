import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportPath, gradecert, temporaryFolder } from './terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-upgrade-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The first candidate of the export, who earns a junior certificate. */
const candidate = async (): Promise<Record<string, string>> => {
  const lines = new TextDecoder('gb18030').decode(await readFile(exportPath)).split('\r\n')
  const [header = '', row = ''] = lines
  const cells = row.split(',')
  return Object.fromEntries(header.split(',').map((name, at) => [name, cells[at] ?? '']))
}

let made: Promise<string> | undefined
/** An agency that has issued the junior certificate, and its number. */
async function agency(): Promise<{ readonly dir: string; readonly number: string }> {
  const dir = `${await temporaryFolder()}/agency`
  made ??= make()
  cpSync(await made, dir, { recursive: true })
  const [name = ''] = readdirSync(`${dir}/out`)
  return { dir, number: name.replace('.json', '') }
}

async function make(): Promise<string> {
  const dir = `${root}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['issue', await write(dir, await candidate()), '--dir', dir])
  return dir
}

async function write(dir: string, row: Record<string, string>): Promise<string> {
  const path = `${dir}/results.csv`
  await writeFile(path, `${Object.keys(row).join(',')}\n${Object.values(row).join(',')}\n`)
  return path
}

/** The same person half a year later, for the next grade. */
const higher = async (changes: Record<string, string>): Promise<Record<string, string>> => ({
  ...(await candidate()),
  ...{ 考核批次: 'BJ2026-06', 准考证号: '2026063801100001', 申报等级: '中级', 培训学时: '80' },
  考核日期: '2026-06-10',
  ...changes,
})

const at = '2026-07-01T00:00:00Z'
const issue = async (dir: string, row: Record<string, string>) =>
  gradecert(['issue', await write(dir, row), '--dir', dir, '--json', '--form', 'both', '--at', at])

describe('an upgrade to the next grade', () => {
  test('names the credential of the lower one, in both forms, and verifies', async () => {
    const { dir, number } = await agency()
    const lower = JSON.parse(await readFile(`${dir}/out/${number}.json`, 'utf8'))
    const issued = await issue(dir, await higher({ 原证书编号: number }))
    expect(issued.lines[0]).toMatchObject({ outcome: 'issued', codes: [] })
    await gradecert(['publish', '--dir', dir, '--at', at])
    for (const file of issued.lines[0].files) {
      const verified = await gradecert([
        ...['verify', file, '--trust', `${dir}/trust.json`, '--json', '--at', at],
        ...['--evidence', `${dir}/public/evidence.json`],
      ])
      expect(verified.lines[0]).toMatchObject({
        verdict: 'valid',
        certificate: { upgradeOf: lower.id, award: { grade: { code: 'intermediate' } } },
      })
    }
    expect(JSON.parse(await readFile(issued.lines[0].files[0], 'utf8')).upgradeOf).toBe(lower.id)
  })

  test('names the newest credential of the lower one, under the name as corrected', async () => {
    const { dir, number } = await agency()
    const correction = ['--set', 'name=王小明', '--reason', 'data-correction', '--json']
    const { lines } = await gradecert(['reissue', number, ...correction, '--dir', dir, '--at', '2026-05-01'])
    const issued = await issue(dir, await higher({ 原证书编号: number, 姓名: '王小明' }))
    expect(JSON.parse(await readFile(issued.lines[0].files[0], 'utf8')).upgradeOf).toBe(lines[0].id)
  })

  test.each<[what: string, code: string, changes: (number: string) => Record<string, string>]>([
    ['no certificate of this agency', 'PREREQUISITE_UNKNOWN', () => ({ 原证书编号: 'X-1' })],
    ['one that is two grades below', 'PREREQUISITE_GRADE', (n) => ({ 原证书编号: n, 申报等级: '高级' })],
    ['one of the same grade', 'PREREQUISITE_GRADE', (n) => ({ 原证书编号: n, 申报等级: '初级' })],
    [
      'one of another occupation',
      'PREREQUISITE_OCCUPATION',
      (n) => ({ 原证书编号: n, 职业编码: '2-02-38-02', 职业名称: '物联网工程技术人员', 职业方向: '' }),
    ],
    ['one of another name', 'PREREQUISITE_HOLDER', (n) => ({ 原证书编号: n, 姓名: '李四' })],
    [
      'one of the same name and another ID number',
      'PREREQUISITE_HOLDER',
      (n) => ({ 原证书编号: n, 证件号码: '110000199003078572', 性别: '', 出生日期: '' }),
    ],
  ])('that names %s is held, and nobody is named', async (_what, code, changes) => {
    const { dir, number } = await agency()
    const row = await higher(changes(number))
    const answer = await issue(dir, row)
    expect(answer.code).toBe(2)
    expect(answer.lines[0]).toMatchObject({
      outcome: 'held',
      codes: [code],
      findings: [{ code, column: '原证书编号' }],
    })
    expect(answer.out + answer.err).not.toContain(row.证件号码)
    expect(readdirSync(`${dir}/out`)).toEqual([`${number}.json`])
  })

  test.each([
    ['revoke', 'cheating-grave', 'revoked'],
    ['suspend', 'under-investigation', 'suspended'],
  ])('after %s of the lower one is held', async (change, reason, standing) => {
    const { dir, number } = await agency()
    await gradecert([change, number, '--reason', reason, '--dir', dir])
    const answer = await issue(dir, await higher({ 原证书编号: number }))
    expect(answer.lines[0]).toMatchObject({ outcome: 'held', codes: ['PREREQUISITE_NOT_LIVE'] })
    expect(answer.lines[0].findings[0].en).toContain(standing)
  })

  test('is asked for only where the catalogue says so', async () => {
    const { dir } = await agency()
    const row = await higher({})
    expect(
      (await gradecert(['check', await write(dir, row), '--dir', dir, '--json', '--at', at])).lines[0],
    ).toMatchObject({
      verdict: 'issue',
    })
    const catalogue = JSON.parse(await readFile(`${dir}/catalogue.json`, 'utf8'))
    for (const occupation of catalogue.occupations) occupation.needsLowerGrade = true
    await writeFile(`${dir}/catalogue.json`, JSON.stringify(catalogue))
    expect((await issue(dir, row)).lines[0]).toMatchObject({
      outcome: 'held',
      codes: ['PREREQUISITE_MISSING'],
    })
    expect((await issue(dir, await candidate())).lines[0]).toMatchObject({ number: expect.any(String) })
  })
})
