import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { aligned, placesOf } from '../../src/cli/columns.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

/** An agency with published lists, a certificate that holds and one that was changed. */
async function scene() {
  const folder = await temporaryFolder()
  const dir = `${folder}/agency`
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await gradecert(['issue', await shortExport(folder), '--dir', dir])
  await gradecert(['publish', '--dir', dir])
  const [first = '', second = ''] = readdirSync(`${dir}/out`)
  const changed = readFileSync(`${dir}/out/${second}`, 'utf8').replace('"proofPurpose"', '"proofPurpose" ')
  writeFileSync(`${folder}/changed.json`, changed.replace(/"proofValue":"z./, '"proofValue":"z2'))
  const by = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
  return { dir, folder, good: `${dir}/out/${first}`, bad: `${folder}/changed.json`, by }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what this is about
const escapes = /\u001b\[\d+m/g

describe('what the command line says', () => {
  test('has colours for eyes only, and says the same without', async () => {
    const { good, bad, by } = await scene()
    const verify = ['verify', good, bad, ...by, '--lang', 'en']
    const plain = await gradecert(verify)
    const watched = await gradecert(verify, { watched: true })
    expect(plain.out).not.toMatch(escapes)
    expect(watched.out).toContain('\u001b[32m✔ valid\u001b[0m')
    expect(watched.out).toContain('\u001b[31m✘ invalid\u001b[0m')
    expect(watched.out.replace(escapes, '')).toBe(plain.out)
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      expect((await gradecert(verify, { watched: true, env })).out).toBe(plain.out)
    const json = await gradecert([...verify, '--json'], { watched: true })
    expect(json.out).not.toMatch(escapes)
  })

  test.each(['en', 'zh'])('stands in columns, and ends with what to do next: %s', async (lang) => {
    const { good, bad, by } = await scene()
    const { out } = await gradecert(['verify', good, bad, ...by, '--lang', lang])
    const checks = out.split('\n').filter((line) => /^ {2}[✔✘?–] .* {2}\S/.test(line))
    expect(checks.length).toBeGreaterThan(6)
    const starts = checks.map((line) => placesOf(/^ {2}[✔✘?–] .*? {2,}(?=\S)/.exec(line)?.[0] ?? ''))
    expect(new Set(starts).size).toBe(1)
    const summary = {
      en: [
        '1 valid, 1 invalid, 0 undetermined.',
        '  1  Good, under a TRIAL list only  → Do not',
        '  1  Not what was signed            → Do not',
      ],
      zh: [
        '有效 1，无效 1，无法判定 0。',
        '  1  核验通过，但仅依据试用名单  → 请勿',
        '  1  与签署的内容不符            → 请勿',
      ],
    }[lang] as string[]
    const lines = out.trimEnd().split('\n').slice(-3)
    expect(lines[0]).toBe(summary[0])
    expect(
      lines
        .slice(1)
        .map((line) => summary.findIndex((start) => line.startsWith(start)))
        .toSorted(),
    ).toEqual([1, 2])
  })

  test('counts the findings of a check, what stops a row first, and says what comes next', async () => {
    const { dir, folder } = await scene()
    const rows = readFileSync(`${folder}/results.csv`, 'utf8').split('\n')
    const broken = rows.map((row, i) => (i === 2 || i === 3 ? row.replace(/\d{17}[\dX]/, '123') : row))
    writeFileSync(`${folder}/broken.csv`, broken.join('\n'))
    const { out } = await gradecert(['check', `${folder}/broken.csv`, '--dir', dir, '--lang', 'en'])
    const end = out.slice(out.indexOf(' to issue, ')).split('\n')
    expect(end[1]).toMatch(/^ {2}2 +REJECT +ID_/)
    expect(out).toContain('→ `check … --fixes FILE` writes the rows that are rejected')
    expect(out).toMatch(/→ `issue` issues the \d+\./)
  })

  test('a Chinese character takes two places', () => {
    expect([placesOf('abc'), placesOf('证书'), placesOf('𠮷a'), placesOf('（')]).toEqual([3, 4, 3, 2])
    expect(
      aligned([
        ['证书', 'x'],
        ['ab', 'y'],
      ]),
    ).toEqual(['证书  x', 'ab    y'])
  })
})
