import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CalendarDate, monthsAfter } from '../../src/base/instant.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

async function agency(months?: number): Promise<string> {
  const dir = `${await temporaryFolder()}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  if (months !== undefined) {
    const path = `${dir}/catalogue.json`
    const catalogue = JSON.parse(await readFile(path, 'utf8'))
    for (const occupation of catalogue.occupations) occupation.validityMonths = months
    await writeFile(path, JSON.stringify(catalogue))
  }
  await gradecert(['issue', await shortExport(dir, 3), '--dir', dir, '--form', 'both'])
  return dir
}

const firstOf = (dir: string): string =>
  readdirSync(`${dir}/out`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''))
    .sort()[0] ?? ''

const verify = (dir: string, name: string, at: string) =>
  gradecert([
    ...['verify', `${dir}/out/${name}`, '--trust', `${dir}/trust.json`, '--json', '--at', at],
    ...['--evidence', `${dir}/public/evidence.json`],
  ])

describe('a holder', () => {
  test('has the digital form withdrawn for good, and is told that the paper stays', async () => {
    const dir = await agency()
    const number = firstOf(dir)
    const at = '2026-02-01T00:00:00Z'
    const answer = await gradecert(['withdraw', number, '--dir', dir, '--at', at, '--lang', 'en'])
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('a paper certificate stays valid') })
    await gradecert(['publish', '--dir', dir, '--at', at])
    for (const name of [`${number}.json`, `${number}.sd-jwt`]) {
      expect((await verify(dir, name, at)).lines[0]).toMatchObject({
        verdict: 'invalid',
        checks: { status: { outcome: 'fail', reason: 'revoked' } },
      })
    }
    expect(await gradecert(['withdraw', number, '--dir', dir])).toMatchObject({
      code: 64,
      err: expect.stringMatching(/^status.not_possible:/),
    })
  })

  test('of no certificate withdraws none', async () => {
    expect(await gradecert(['withdraw', 'X', '--dir', await agency()])).toMatchObject({
      code: 64,
      err: expect.stringMatching(/^status.number_unknown:/),
    })
  })

  test('says for programs what was recorded', async () => {
    const dir = await agency()
    const number = firstOf(dir)
    const { lines } = await gradecert(['withdraw', number, '--dir', dir, '--json', '--at', '2026-02-01'])
    expect(lines).toEqual([
      {
        number,
        id: expect.stringMatching(/^urn:uuid:/),
        standing: 'revoked',
        reason: 'holder-request',
        at: '2026-01-31T16:00:00Z',
      },
    ])
  })
})

describe('a certificate', () => {
  test('holds for good where the catalogue says nothing else', async () => {
    const dir = await agency()
    await gradecert(['publish', '--dir', dir])
    const badge = JSON.parse(await readFile(`${dir}/out/${firstOf(dir)}.json`, 'utf8'))
    expect(Object.keys(badge)).not.toContain('validUntil')
  })

  test('holds as long as the catalogue says, in both forms, to the end of its last day', async () => {
    const dir = await agency(36)
    const number = firstOf(dir)
    const badge = JSON.parse(await readFile(`${dir}/out/${number}.json`, 'utf8'))
    expect(badge.validUntil).toBe('2029-01-20T23:59:59+08:00')
    for (const name of [`${number}.json`, `${number}.sd-jwt`]) {
      await gradecert(['publish', '--dir', dir, '--at', '2029-01-20T15:00:00Z'])
      const within = (await verify(dir, name, '2029-01-20T15:59:59Z')).lines[0]
      expect(within.checks.validity.outcome).toBe('pass')
      const after = (await verify(dir, name, '2029-01-20T16:00:00Z')).lines[0]
      expect(after.checks.validity).toMatchObject({ outcome: 'fail', reason: 'expired' })
    }
  })

  test('that expired is not issued again', async () => {
    const dir = await agency(1)
    const argv = ['reissue', firstOf(dir), '--reason', 'lost-reissue', '--dir', dir, '--lang', 'en', '--at']
    expect((await gradecert([...argv, '2026-02-20'])).code).toBe(0)
    expect(await gradecert([...argv, '2026-02-21'])).toMatchObject({
      code: 64,
      err: expect.stringMatching(/^reissue.not_possible: .* is expired/),
    })
  })

  test.each([0, 1.5, 1201, '36'])('cannot hold for %s months', async (validityMonths) => {
    const dir = await agency()
    const path = `${dir}/catalogue.json`
    const catalogue = JSON.parse(await readFile(path, 'utf8'))
    catalogue.occupations[0].validityMonths = validityMonths
    await writeFile(path, JSON.stringify(catalogue))
    expect(await gradecert(['issue', `${dir}/results.csv`, '--dir', dir])).toMatchObject({
      code: 74,
      err: expect.stringMatching(/^workspace.file_malformed:.*validityMonths/),
    })
  })
})

describe('months after a day', () => {
  test.each([
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2096-02-29', 48, '2100-02-28'],
    ['2025-02-28', 36, '2028-02-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-03-01', 1200, '2126-03-01'],
  ])('%s and %i months is %s', (date, months, expected) => {
    expect(monthsAfter(date as CalendarDate, months)).toBe(expected)
  })

  test('are in the month that many months on, on the same day or the last', () => {
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 1200 }), (day, months) => {
        const date = day.toISOString().slice(0, 10)
        const [year = 0, month = 0, at = 0] = date.split('-').map(Number)
        const [y = 0, m = 0, d = 0] = monthsAfter(date as CalendarDate, months)
          .split('-')
          .map(Number)
        expect(y * 12 + m).toBe(year * 12 + month + months)
        expect(d).toBe(Math.min(at, new Date(Date.UTC(y, m, 0)).getUTCDate()))
      }),
      { seed: 20260301, numRuns: 500 },
    )
  })
})
