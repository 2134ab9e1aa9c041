import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

/** An agency that issued 19 certificates and published. */
async function agency() {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  const issued = await gradecert(['issue', await shortExport(folder), '--dir', dir, '--json'])
  await gradecert(['publish', '--dir', dir])
  const numbers: readonly string[] = issued.lines.flatMap(({ number }) => number ?? [])
  const by = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
  return { folder, dir, numbers, by }
}

describe('gradecert code', () => {
  test('prints the code of a certificate, which verifies from standard input and says who and what', async () => {
    const { dir, numbers, by } = await agency()
    const [first = ''] = numbers
    const printed = await gradecert(['code', first, '--dir', dir])
    expect([printed.code, printed.err]).toEqual([0, ''])
    expect(printed.out).toMatch(/^GC1:[0-9A-Z $%*+./:-]{400,700}\n$/)
    expect((await gradecert(['code', first, '--dir', dir])).out).toBe(printed.out)
    const judged = await gradecert(['verify', '-', ...by, '--json'], { stdin: printed.out })
    expect([judged.code, judged.lines[0]]).toEqual([
      0,
      expect.objectContaining({
        verdict: 'valid',
        certificate: expect.objectContaining({ form: 'paper-code', number: first }),
      }),
    ])
  })

  test('writes those of all as text and as picture, and both verify', async () => {
    const { folder, dir, numbers, by } = await agency()
    const written = await gradecert(['code', '--all', '--dir', dir, '--out', `${folder}/codes`, '--json'])
    expect(written.lines.map(({ number }) => number).toSorted()).toEqual(numbers.toSorted())
    const names = readdirSync(`${folder}/codes`).toSorted()
    expect(names).toEqual(
      numbers.flatMap((number) => [`${number}.code.svg`, `${number}.code.txt`]).toSorted(),
    )
    const judged = await gradecert(['verify', `${folder}/codes`, ...by, '--json'])
    expect(judged.lines.filter(({ verdict }) => verdict === 'valid')).toHaveLength(2 * numbers.length)
  })

  test('makes links whose fragment is the code', async () => {
    const { dir, numbers, by } = await agency()
    const link = ['--link', 'https://hr.example/verify']
    const { out } = await gradecert(['code', String(numbers[0]), '--dir', dir, ...link])
    expect(out).toMatch(/^https:\/\/hr\.example\/verify#GC1%3A/)
    expect((await gradecert(['verify', '-', ...by], { stdin: out })).code).toBe(0)
  })

  test('makes none for what was revoked, is unknown, or was not named', async () => {
    const { dir, numbers } = await agency()
    const [first = ''] = numbers
    await gradecert(['revoke', first, '--reason', 'cheating-grave', '--dir', dir])
    for (const [argv, code] of [
      [[first], 'paper.not_live'],
      [['PT26-0000-00-0000-0-0000000-0'], 'status.number_unknown'],
      [[], 'paper.which'],
      [[first, '--all'], 'paper.which'],
      [[String(numbers[1]), '--link', 'hr.example'], 'paper.link_malformed'],
    ] as const) {
      const answer = await gradecert(['code', ...argv, '--dir', dir])
      expect([answer.code, answer.out, answer.err.split(':')[0]]).toEqual([64, '', code])
    }
    const all = await gradecert(['code', '--all', '--dir', dir, '--json'])
    expect(all.lines).toHaveLength(numbers.length - 1)
  })
})

describe('gradecert page', () => {
  const given = (file: string) =>
    JSON.parse(
      /<script type="application\/json" id="given">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))?.[1] ??
        '',
    )

  test('writes what the workspace trusts and published, what is named instead, or nothing', async () => {
    const { folder, dir } = await agency()
    const trust = readFileSync(`${dir}/trust.json`, 'utf8')
    const evidence = readFileSync(`${dir}/public/evidence.json`, 'utf8')
    await gradecert(['page', `${folder}/own.html`, '--dir', dir])
    expect(given(`${folder}/own.html`)).toEqual({ trust: [trust], evidence: [evidence] })
    await gradecert(['page', `${folder}/named.html`, '--trust', `${dir}/trust.json`])
    expect(given(`${folder}/named.html`)).toEqual({ trust: [trust], evidence: [] })
    const empty = await gradecert(['page', `${folder}/empty.html`, '--dir', dir, '--empty'])
    expect(given(`${folder}/empty.html`)).toEqual({ trust: [], evidence: [] })
    expect(empty.out).toContain('It trusts nobody yet')
    expect(given(`${dir}/public/verify.html`).evidence).toEqual([evidence])
  })

  test('refuses what it could not use, and writes nothing then', async () => {
    const { folder, dir } = await agency()
    for (const [argv, code] of [
      [['--trust', `${dir}/public/evidence.json`], 'trust.file_malformed'],
      [['--evidence', `${dir}/trust.json`], 'evidence.file_malformed'],
      [['--policy', `${dir}/trust.json`], 'verify.policy_malformed'],
      [['--chains', `${dir}/trust.json`], 'anchor.file_malformed'],
      [['--trust', `${dir}/nothing`], 'carrier.not_found'],
    ] as const) {
      const answer = await gradecert(['page', `${folder}/page.html`, ...argv])
      expect(answer.err.split(':')[0]).toBe(code)
    }
    expect(readdirSync(folder)).not.toContain('page.html')
  })
})
