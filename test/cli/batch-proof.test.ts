import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const day = (number: number) => `2026-01-${number}T00:00:00Z`

/** An agency that issued three certificates, signed them as a batch and published. */
async function agency(...init: readonly string[]) {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  const out = `${dir}/out`
  await gradecert(['init', dir, '--name', '示例评价机构', ...init])
  const results = await shortExport(folder, 4)
  expect((await gradecert(['issue', results, '--dir', dir])).code).toBe(0)
  const batch = (...more: readonly string[]) =>
    gradecert(['anchor', 'batch', '--dir', dir, '--json', '--at', day(20), ...more])
  const publish = async (at = day(20)) =>
    expect((await gradecert(['publish', '--dir', dir, '--at', at])).code).toBe(0)
  const offline = () => ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
  const verify = (...more: readonly string[]) =>
    gradecert(['verify', out, ...offline(), '--by-batch', '--json', ...more])
  const certificates = async () =>
    (await readdir(out)).filter((name) => !name.endsWith('.anchor.json')).toSorted()
  return { folder, dir, out, results, batch, publish, offline, verify, certificates }
}

// biome-ignore lint/suspicious/noExplicitAny: lines of many shapes
const by = (lines: readonly any[]): readonly string[] =>
  lines.map(
    ({ verdict, checks: { proof } }) =>
      `${verdict} ${proof.outcome} ${proof.facts?.by ?? proof.reason ?? ''}`,
  )

describe('gradecert anchor batch', () => {
  test('signs all that was issued as a whole, and verifiers who ask for it check that', async () => {
    const { dir, batch, publish, verify, certificates, offline, out } = await agency()
    const signed = await batch()
    const count = (await certificates()).length
    expect(signed).toMatchObject({ code: 0, err: '' })
    expect(signed.lines).toEqual([
      { batch: expect.any(String), size: count, commitment: expect.any(String) },
      { signed: 1, count },
    ])
    await publish()
    const [{ commitment }] = signed.lines
    const statement = JSON.parse(await readFile(`${dir}/public/batches/${commitment}.json`, 'utf8'))
    expect(statement).toMatchObject({ type: 'GradecertBatchStatement', size: count })
    const verified = await verify()
    expect(verified.code).toBe(0)
    expect(new Set(by(verified.lines))).toEqual(new Set(['valid pass batch']))
    expect(verified.lines[0].checks.anchor).toEqual({ outcome: 'skipped', because: 'no_anchor' })
    const full = await gradecert(['verify', out, ...offline(), '--json'])
    expect(new Set(by(full.lines))).toEqual(new Set(['valid pass ']))
  })

  test('says in words what was checked and what was not', async () => {
    const { batch, publish, offline, out, certificates } = await agency()
    await batch()
    await publish()
    const [first] = await certificates()
    const say = (lang: string) =>
      gradecert(['verify', `${out}/${first}`, ...offline(), '--by-batch', '--lang', lang])
    expect((await say('en')).out).toContain(
      '✔ Signature     checked by the signed batch commitment; its own signature was not checked',
    )
    expect((await say('zh')).out).toContain(
      '✔ 签名        依据签发者对整批证书的签名核对；未核对该证书自身的签名',
    )
  })

  test('signs nothing twice, and what is issued later as a batch of its own', async () => {
    const { dir, folder, batch, publish, verify, certificates } = await agency()
    await batch()
    await publish()
    const before = await readFile(`${dir}/public/evidence.json`, 'utf8')
    const count = (await certificates()).length
    expect((await batch('--at', day(21))).lines).toEqual([{ signed: 1, count }])
    await publish()
    expect(await readFile(`${dir}/public/evidence.json`, 'utf8')).toBe(before)
    expect((await gradecert(['issue', await shortExport(folder, 8), '--dir', dir])).code).toBe(0)
    expect((await batch()).lines.at(-1)).toEqual({ signed: 2, count: (await certificates()).length })
    await publish()
    expect(new Set(by((await verify()).lines))).toEqual(new Set(['valid pass batch']))
  })

  test('gives no word on a batch in which a certificate was changed', async () => {
    const { out, batch, publish, verify, certificates } = await agency()
    const [first, ...rest] = await certificates()
    const text = await readFile(`${out}/${first}`, 'utf8')
    await writeFile(`${out}/${first}`, text.replace(/"validFrom":"2026-\d\d/, '"validFrom":"2025-01'))
    const signed = await batch()
    expect(signed.code).toBe(2)
    expect(signed.err).toContain(`${first} is missing, was changed, or does not hold under its key`)
    expect(signed.lines.at(-1)).toEqual({ signed: 0, count: 0 })
    await publish()
    const { lines, code } = await verify()
    expect(code).toBe(1)
    expect(by(lines).filter((line) => line === 'valid pass ')).toHaveLength(rest.length)
    expect(by(lines)).toContain('invalid fail signature_mismatch')
  })

  test('is undone by a changed certificate or a lost path for that certificate alone', async () => {
    const { out, batch, publish, verify, certificates } = await agency()
    await batch()
    await publish()
    const [first, second, ...rest] = await certificates()
    const text = await readFile(`${out}/${first}`, 'utf8')
    await writeFile(`${out}/${first}`, text.replace(/"validFrom":"2026-\d\d/, '"validFrom":"2025-01'))
    await rm(`${out}/${second?.replace(/\.json$/, '.anchor.json')}`)
    expect(by((await verify()).lines).toSorted()).toEqual([
      'invalid fail signature_mismatch',
      'valid pass ',
      ...rest.map(() => 'valid pass batch'),
    ])
  })

  test('keeps its word when the key is rotated, and goes by signatures once it is stolen', async () => {
    const { dir, batch, publish, verify } = await agency('--did', 'web:agency.example')
    await batch()
    const keys = async (...argv: readonly string[]) =>
      expect((await gradecert(['keys', ...argv, '--dir', dir])).code).toBe(0)
    await keys('rotate', '--at', day(21))
    await publish(day(21))
    expect(new Set(by((await verify('--at', day(22))).lines))).toEqual(new Set(['valid pass batch']))
    await keys('compromise', '--key', 'issuer-1', '--since', '2026-01-20T12:00:00Z', '--at', day(23))
    await publish(day(23))
    const { lines } = await verify('--at', day(24))
    expect(new Set(by(lines))).toEqual(new Set(['undetermined pass ']))
    const reasons = lines.map(({ checks: { trust } }) => trust.reason)
    expect(new Set(reasons)).toEqual(new Set(['key_maybe_compromised']))
  })
})

describe('gradecert screen --by-batch', () => {
  test('tells of each person and of all that their signatures were not checked', async () => {
    const { out, batch, publish, offline, results, certificates, folder } = await agency()
    await batch()
    await publish()
    const count = (await certificates()).length
    const screen = (...more: readonly string[]) =>
      gradecert(['screen', out, '--roster', results, ...offline(), ...more])
    const fast = await screen(
      '--by-batch',
      '--json',
      '--csv',
      `${folder}/fast.csv`,
      '--html',
      `${folder}/fast.html`,
    )
    const full = await screen('--json', '--csv', `${folder}/full.csv`)
    expect(fast.code).toBe(full.code)
    expect(fast.lines.at(-1).summary).toEqual({ ...full.lines.at(-1).summary, byBatch: count })
    const persons = ({ lines }: typeof fast) =>
      lines.filter(({ line, file }) => line !== undefined && file !== undefined)
    expect(persons(fast).length).toBeGreaterThan(0)
    expect(persons(fast)).toEqual(
      persons(full).map((row) => ({ ...row, notChecked: [...row.notChecked, 'own_signature'] })),
    )
    expect(await readFile(`${folder}/fast.csv`, 'utf8')).toBe(
      (await readFile(`${folder}/full.csv`, 'utf8')).replaceAll(
        'anchor policy',
        'anchor policy own_signature',
      ),
    )
    expect(await readFile(`${folder}/fast.html`, 'utf8')).toContain('自身签名')
    expect((await screen('--by-batch', '--lang', 'en')).out).toContain(
      `${count} files were checked by the signed batch commitment; their own signatures were not checked.`,
    )
  })
})
