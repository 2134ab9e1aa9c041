import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pdf } from '../../src/carrier/pdf.ts'
import { textsInPixels } from '../../src/carrier/qr-picture.ts'
import { pageOf } from '../render/pages.ts'
import { fontOf, notoPath } from '../render/some-fonts.ts'
import { gradecert, shortExport } from './terminal.ts'

const at = ['--at', '2026-02-20T00:00:00Z']
let folder: string
let dir: string
let numbers: readonly string[]

beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/gradecert-test-`)
  dir = `${folder}/agency`
  await gradecert([
    'init',
    dir,
    '--name',
    '示例评价机构',
    '--name-en',
    'Example Evaluation Agency',
    '--did',
    'web:cert.agency.example',
  ])
  const issued = await gradecert([
    'issue',
    await shortExport(folder),
    '--dir',
    dir,
    '--form',
    'both',
    '--json',
    ...at,
  ])
  await gradecert(['code', '--all', '--dir', dir, '--out', `${dir}/out`])
  await gradecert(['publish', '--dir', dir, ...at])
  numbers = issued.lines.flatMap(({ number }) => number ?? [])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const render = (inputs: readonly string[], out: string, more: readonly string[] = []) =>
  gradecert(['render', ...inputs, '--to', 'pdf', '--out', out, ...more])
const read = async (file: string) => {
  const carrying = await pdf.read(new Uint8Array(readFileSync(file)))
  if (!carrying.ok) throw new Error(carrying.fault)
  return carrying.carried
}
/** The certificates of an agency as it is once its authority has listed it: no trial list lies nearby. */
function apart(name: string, ...files: readonly string[]): string {
  const place = `${folder}/${name}/a/b`
  mkdirSync(place, { recursive: true })
  for (const file of files) copyFileSync(file, `${place}/${basename(file)}`)
  return place
}

describe('gradecert render', () => {
  test('draws a folder: each certificate under its number, with itself inside, valid for whoever verifies', async () => {
    const out = `${folder}/paper`
    // One of them is called 王𠮷, which the usual font lacks.
    writeFileSync(`${folder}/rare.ttf`, (await fontOf('𠮷', '吉')).bytes)
    const fonts = ['--font', notoPath, '--font', `${folder}/rare.ttf`]
    const more = ['--json', '--evidence', `${dir}/public/evidence.json`, ...fonts]
    const drawn = await render([`${dir}/out`], out, more)
    expect(drawn).toMatchObject({ code: 0, err: expect.stringContaining('show the ID number') })
    expect(readdirSync(out)).toHaveLength(2 * numbers.length)
    for (const { number, out: file, file: from } of drawn.lines) {
      expect([`${out}/${number}.pdf`, `${out}/${number}.sd-jwt.pdf`]).toContain(file)
      const { texts, evidence } = await read(file)
      expect(texts).toEqual([new Uint8Array(readFileSync(from))])
      expect(evidence).toHaveLength(1)
    }
    const verified = await gradecert(['verify', out, '--trust', `${dir}/trust.json`, '--json', ...at])
    expect(verified.lines.map(({ verdict }) => verdict)).toEqual(Array(2 * numbers.length).fill('valid'))
  })

  test('of an agency that only a trial list names are trials', async () => {
    const [number] = numbers
    const drawn = await render([`${dir}/out/${number}.json`], `${folder}/trial`, ['--json'])
    expect(drawn.lines).toEqual([
      { file: `${dir}/out/${number}.json`, number, out: `${folder}/trial/${number}.pdf`, trial: true },
    ])
    const { text } = await pageOf(readFileSync(`${folder}/trial/${number}.pdf`), 20)
    expect(text).toContain('TRIAL · NOT A CERTIFICATE')
    expect(drawn.err).toContain('trial list')
  })

  test('prints the code that lies beside, with seal and signature', async () => {
    const [number] = numbers
    const place = apart('sealed', `${dir}/out/${number}.json`, `${dir}/out/${number}.code.txt`)
    writeFileSync(
      `${place}/seal.png`,
      encode({ width: 2, height: 2, data: new Uint8Array(16).fill(200), channels: 4 }),
    )
    const more = [
      '--seal',
      `${place}/seal.png`,
      '--signature',
      `${place}/seal.png`,
      '--font',
      notoPath,
      '--lang',
      'en',
    ]
    const drawn = await render([`${place}/${number}.json`], place, more)
    expect(drawn).toMatchObject({ code: 0, err: '' })
    const { text } = await pageOf(readFileSync(`${place}/${number}.pdf`), 20)
    expect(text).toContain('Scan to verify offline')
    expect(text).not.toContain('TRIAL')
  })

  test('makes the code itself in the workspace that issued the certificate, unless it is revoked', async () => {
    const [, second] = readdirSync(`${dir}/out`).filter((name) => name.endsWith('.json'))
    const place = apart('bare', `${dir}/out/${second}`)
    const inside = await gradecert([
      'render',
      place,
      '--to',
      'pdf',
      '--out',
      `${folder}/inside`,
      '--font',
      notoPath,
      '--dir',
      dir,
    ])
    const outside = await gradecert([
      'render',
      place,
      '--to',
      'pdf',
      '--out',
      `${folder}/outside`,
      '--font',
      notoPath,
    ])
    expect([inside.code, outside.code]).toEqual([0, 0])
    const name = String(second).replace('.json', '.pdf')
    const codes = await Promise.all(
      ['inside', 'outside'].map(async (where) => {
        const { rgba, picture } = await pageOf(readFileSync(`${folder}/${where}/${name}`), 100)
        return textsInPixels({ data: rgba, ...picture })
      }),
    )
    expect(codes).toEqual([[expect.stringMatching(/^GC1:/)], []])
  })

  test('leaves out the code of another certificate and says so', async () => {
    const [number, other] = numbers
    const place = apart('strange', `${dir}/out/${number}.json`)
    copyFileSync(`${dir}/out/${other}.code.txt`, `${place}/${number}.code.txt`)
    const drawn = await render([`${place}/${number}.json`], place)
    expect(drawn.code).toBe(0)
    expect(drawn.err).toContain('of another certificate')
    expect((await pageOf(readFileSync(`${place}/${number}.pdf`), 20)).text).not.toContain('Scan to verify')
  })

  test('takes anchors that lie beside', async () => {
    const [number] = numbers
    const place = apart('anchored', `${dir}/out/${number}.json`)
    writeFileSync(`${place}/${number}.anchor.json`, '{"type":"AnchorBundle"}')
    await render([`${place}/${number}.json`], place)
    expect((await read(`${place}/${number}.pdf`)).anchors.map((one) => Buffer.from(one).toString())).toEqual([
      '{"type":"AnchorBundle"}',
    ])
  })

  test('the same again gives the same files', async () => {
    const inputs = numbers.slice(0, 3).map((number) => `${dir}/out/${number}.json`)
    await render(inputs, `${folder}/once`)
    await render(inputs, `${folder}/again`)
    for (const file of readdirSync(`${folder}/once`))
      expect(
        Buffer.compare(readFileSync(`${folder}/once/${file}`), readFileSync(`${folder}/again/${file}`)),
      ).toBe(0)
  })

  test('names what cannot be drawn, and draws the rest', async () => {
    const [number, other] = numbers
    const place = apart('mixed', `${dir}/out/${other}.json`)
    const badge = JSON.parse(readFileSync(`${dir}/out/${number}.json`, 'utf8'))
    badge.credentialSubject.identifier[0].identityHash = '王𠮷'
    writeFileSync(`${place}/a-rare.json`, JSON.stringify(badge))
    writeFileSync(`${place}/b-none.json`, '{"type":["VerifiableCredential"]}')
    const { proof, ...unsigned } = JSON.parse(readFileSync(`${dir}/out/${number}.json`, 'utf8'))
    writeFileSync(`${place}/c-unsigned.json`, JSON.stringify(unsigned))
    expect(proof).toBeDefined()
    const drawn = await render([place], `${place}/out`, ['--json'])
    expect(drawn.code).toBe(1)
    expect(
      drawn.lines.map(({ file, code, number: drawnNumber }) => [basename(file), code ?? drawnNumber]),
    ).toEqual([
      ['b-none.json', 'render.not_a_certificate'],
      ['c-unsigned.json', 'render.not_a_certificate'],
      [`${other}.json`, other],
      ['a-rare.json', 'render.glyph_missing'],
    ])
    expect(readdirSync(`${place}/out`)).toEqual([`${other}.pdf`])
  })

  test('two of one number keep both names', async () => {
    const [number] = numbers
    const file = `${dir}/out/${number}.json`
    await render([file, file], `${folder}/twice`)
    expect(readdirSync(`${folder}/twice`)).toEqual([`${number}-2.pdf`, `${number}.pdf`])
  })

  test.each<[what: string, argv: () => readonly string[], code: number, err: string]>([
    ['a format that is not there', () => ['render', 'x', '--to', 'tiff', '--out', 'y'], 64, 'tiff'],
    [
      'a font that is none',
      () => ['render', dir, '--to', 'pdf', '--out', 'y', '--font', `${dir}/gradecert.json`],
      64,
      'render.font_malformed',
    ],
    [
      'a font that is not there',
      () => ['render', dir, '--to', 'pdf', '--out', 'y', '--font', `${dir}/none.ttf`],
      74,
      'none.ttf',
    ],
    [
      'a seal that is none',
      () => ['render', `${dir}/out`, '--to', 'pdf', '--out', 'y', '--seal', `${dir}/gradecert.json`],
      64,
      'render.picture_malformed',
    ],
    [
      'inputs that are not there',
      () => ['render', `${dir}/none`, '--to', 'pdf', '--out', 'y'],
      74,
      'carrier.not_found',
    ],
  ])('refuses %s', async (_what, argv, code, err) => {
    const answer = await gradecert(argv())
    expect(answer.code).toBe(code)
    expect(answer.err).toContain(err)
  })

  test('a folder with nothing to draw draws nothing', async () => {
    expect((await render([apart('empty')], `${folder}/nothing`)).code).toBe(2)
  })
})
