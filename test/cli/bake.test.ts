import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { chunk, iTXt, plainPng, pngWith, svgOf } from '../carrier/pictures.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

/** An agency with four certificates in both forms, and two pictures. */
async function agency() {
  const dir = await temporaryFolder()
  await gradecert(['init', dir, '--name', '示例评价机构'])
  await shortExport(dir, 6)
  const issued = await gradecert(['issue', `${dir}/results.csv`, '--dir', dir, '--form', 'both', '--json'])
  const certificate: string = issued.lines.flatMap(({ files = [] }) => files)[0]
  await writeFile(`${dir}/picture.png`, plainPng())
  await writeFile(`${dir}/picture.svg`, svgOf('<g/>'))
  return { dir, certificate }
}

describe('bake and unbake', () => {
  test.each(['png', 'svg'])('a certificate comes out of a %s as it went in, and is valid', async (kind) => {
    const { dir, certificate } = await agency()
    const [picture, baked, back] = [`${dir}/picture.${kind}`, `${dir}/baked.${kind}`, `${dir}/back.json`]
    const into = await gradecert(['bake', picture, '--with', certificate, '--out', baked, '--json'])
    expect(into).toMatchObject({ code: 0, err: '' })
    expect(into.lines).toEqual([{ out: baked, kind, bytes: (await readFile(baked)).length }])
    expect(await gradecert(['unbake', baked, '--out', back, '--json'])).toMatchObject({ code: 0, err: '' })
    expect(await readFile(back)).toEqual(await readFile(certificate))
    expect(await gradecert(['publish', '--dir', dir])).toMatchObject({ code: 0 })
    const offline = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
    const judged = await gradecert(['verify', back, ...offline, '--json'])
    expect(judged.lines[0]).toMatchObject({ verdict: 'valid' })
    const itself = await gradecert(['verify', baked, ...offline, '--json'])
    expect(itself.lines).toEqual([{ ...judged.lines[0], file: baked }])
  })

  test('unbake writes to standard output: the text, or JSON', async () => {
    const dir = await temporaryFolder()
    await writeFile(`${dir}/a.png`, pngWith(iTXt('{"a":1}\n')))
    expect(await gradecert(['unbake', `${dir}/a.png`])).toMatchObject({ code: 0, out: '{"a":1}\n' })
    expect((await gradecert(['unbake', `${dir}/a.png`, '--json'])).lines).toEqual([
      { kind: 'png', text: '{"a":1}\n' },
    ])
  })

  test('a text that would move a terminal is written to a file only', async () => {
    const dir = await temporaryFolder()
    await writeFile(`${dir}/a.png`, pngWith(iTXt('{"a":"\u001b[2J"}')))
    expect(await gradecert(['unbake', `${dir}/a.png`, '--lang', 'en'])).toMatchObject({
      code: 74,
      out: '',
      err: `render.text_not_printed: The text in ${dir}/a.png has control characters. Have it written to a file with --out.\n`,
    })
    expect((await gradecert(['unbake', `${dir}/a.png`, '--json'])).out).toContain('\\u001b[2J')
    expect(await gradecert(['unbake', `${dir}/a.png`, '--out', `${dir}/a.json`])).toMatchObject({ code: 0 })
    expect(await readFile(`${dir}/a.json`, 'utf8')).toBe('{"a":"\u001b[2J"}')
  })

  test('an SD-JWT is baked with a warning that the picture tells all that it discloses', async () => {
    const { dir, certificate } = await agency()
    const token = certificate.replace(/\.json$/, '.sd-jwt')
    const out = `${dir}/baked.svg`
    const answer = await gradecert([
      'bake',
      `${dir}/picture.svg`,
      '--with',
      token,
      '--out',
      out,
      '--lang',
      'en',
    ])
    expect(answer).toMatchObject({
      code: 0,
      err: 'Whoever has this picture can read all that the certificate discloses. Bake what `present` made for them.\n',
    })
    expect((await gradecert(['unbake', out])).out).toBe(`${(await readFile(token, 'utf8')).trim()}\n`)
  })

  test('a picture of another kind, a broken one and a text that is no certificate are refused', async () => {
    const { dir, certificate } = await agency()
    await writeFile(`${dir}/photo.jpg`, new Uint8Array([0xff, 0xd8, 0xff]))
    await writeFile(`${dir}/broken.png`, plainPng().slice(0, -1))
    await writeFile(`${dir}/list.json`, '[1]')
    const bake = (picture: string, text: string) =>
      gradecert(['bake', `${dir}/${picture}`, '--with', text, '--out', `${dir}/refused`, '--lang', 'en'])
    expect(await bake('photo.jpg', certificate)).toMatchObject({
      code: 74,
      err: `render.not_a_picture: ${dir}/photo.jpg is neither a PNG nor an SVG picture. Give a picture of one of these two kinds.\n`,
    })
    expect(await bake('broken.png', certificate)).toMatchObject({
      code: 74,
      err: 'render.picture_refused: The picture cannot be used (damaged: it ends within a chunk). Give a whole PNG, or a plain SVG without scripts, entities and addresses outside.\n',
    })
    expect(await bake('picture.png', `${dir}/list.json`)).toMatchObject({
      code: 74,
      err: `render.text_unfit: The text cannot be baked into a picture (${dir}/list.json: not_a_credential). Give a certificate as it was issued.\n`,
    })
    expect(await bake('picture.png', `${dir}/none.json`)).toMatchObject({ code: 74 })
    await expect(readFile(`${dir}/refused`)).rejects.toThrow('ENOENT')
  })

  test('what carries no credential, or one too many, is told', async () => {
    const dir = await temporaryFolder()
    await writeFile(`${dir}/old.png`, pngWith(chunk('tEXt', 'openbadges\0https://badges.example/1')))
    await writeFile(`${dir}/two.png`, pngWith(iTXt('a.b.c'), iTXt('d.e.f')))
    expect(await gradecert(['unbake', `${dir}/old.png`, '--lang', 'zh'])).toMatchObject({
      code: 74,
      out: '',
      err: `render.nothing_baked: ${dir}/old.png 中没有凭证（an assertion of Open Badges 2 or older, which is no credential）。请提供内含凭证的 Open Badges 3.0 徽章图片。\n`,
    })
    expect(await gradecert(['unbake', `${dir}/two.png`, '--lang', 'en'])).toMatchObject({
      code: 74,
      out: '',
      err: 'render.picture_refused: The picture cannot be used (too_many_parts: two credentials). Give a whole PNG, or a plain SVG without scripts, entities and addresses outside.\n',
    })
  })

  test('cards of an agency that only a trial list names are marked, and verify', async () => {
    const { dir, certificate } = await agency()
    expect(await gradecert(['publish', '--dir', dir])).toMatchObject({ code: 0 })
    const fonts = createRequire(import.meta.url).resolve(
      '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
    )
    for (const kind of ['svg', 'png'])
      expect(
        await gradecert([
          'render',
          certificate,
          '--to',
          kind,
          '--out',
          `${dir}/cards`,
          '--font',
          fonts,
          '--dir',
          dir,
        ]),
      ).toMatchObject({ code: 0 })
    const [png, svg] = readdirSync(`${dir}/cards`).sort()
    expect(await readFile(`${dir}/cards/${svg}`, 'utf8')).toContain('>TRIAL · NOT A CERTIFICATE<')
    expect(png).toMatch(/\.png$/)
    const offline = ['--trust', `${dir}/trust.json`, '--evidence', `${dir}/public/evidence.json`]
    const { lines } = await gradecert(['verify', `${dir}/cards`, ...offline, '--json'])
    expect(lines.map(({ verdict }) => verdict)).toEqual(['valid', 'valid'])
  })
})
