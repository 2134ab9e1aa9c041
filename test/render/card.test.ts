import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { hasCode } from '../../src/base/coded-error.ts'
import type { Instant } from '../../src/base/instant.ts'
import { carrierOf } from '../../src/carrier/carriers.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { gradeCodes, grades } from '../../src/certificate/grade.ts'
import { readClaims, toClaims } from '../../src/credential/claims.ts'
import { type CardOptions, drawCard, type Stated, svgCard } from '../../src/render/card.ts'
import { pngCards } from '../../src/render/png.ts'
import {
  certificateArbitrary,
  exampleCertificate,
  exampleCompletion,
  exampleNotice,
  fullCertificate,
} from '../certificates.ts'
import { approved, difference, greyOf, tolerance } from './approved.ts'

const load = createRequire(import.meta.url)
const font = readFileSync(
  load.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
)
/** A font with some characters of another; the package has no types. */
const subsetFont: (font: Uint8Array, text: string, options: object) => Promise<Uint8Array> =
  load('subset-font')
const token = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'

const named = (name: string, certificate: GradeCertificate = fullCertificate): GradeCertificate => ({
  ...certificate,
  holder: { ...certificate.holder, name },
})

/** Everything that grows: a name of forty characters, an agency and an occupation of several lines. */
const longest: GradeCertificate = {
  ...named('阿依古丽·买买提江·'.repeat(5).slice(0, 40)),
  issuer: {
    ...fullCertificate.issuer,
    labels: {
      'zh-Hans': `示例省示例市示例区人力资源和社会保障局${'职业技能鉴定指导中心'.repeat(3)}专业技术等级评价办公室`,
      en: `Office for the Evaluation of Professional Technical Grades, ${'Guidance Centre for Occupational Skill Testing, '.repeat(2)}Example Province`,
    },
  },
  award: {
    ...fullCertificate.award,
    occupation: {
      code: '2-02-38-01',
      labels: {
        'zh-Hans': '人工智能与大数据以及云计算和物联网工程技术人员'.repeat(3),
        en: 'Pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(3),
      },
    },
  },
}

const texts = (certificate: Stated) => drawCard(certificate).texts.map(({ text }) => text)
const inside = async (picture: Bytes) => {
  const found = await carrierOf(picture)?.read(picture)
  return found?.ok ? found.carried.texts.map((text) => new TextDecoder().decode(text)) : found
}

/** What a certificate discloses of itself. */
const disclosed = (certificate: GradeCertificate, ...kept: readonly string[]): Stated => {
  const { claims } = toClaims(certificate, { created: '2026-01-25T00:00:00Z' as Instant })
  const shown = Object.fromEntries(Object.entries(claims).filter(([name]) => !kept.includes(name)))
  const reading = readClaims(shown)
  if (!reading.ok) throw new Error(reading.pointer)
  return reading.certificate
}

describe('what stands on a card', () => {
  test('a certificate of a grade', () => {
    expect(texts(fullCertificate)).toEqual([
      '专业技术等级证书',
      'Professional Technical Grade Certificate',
      '初级',
      'Junior',
      '1 / 3',
      '王𠮷',
      'WANG JI',
      '职业 Occupation',
      '人工智能工程技术人员 (2-02-38-01)',
      'Artificial Intelligence Engineering Professional',
      '方向 Direction',
      '计算机视觉产品实现',
      'Computer vision product implementation',
      '等级 Grade',
      '初级（1 / 3）',
      'Junior',
      '证书编号 Number',
      'PT26-0001-11-3801-1-0000017-G',
      '发证日期 Awarded on',
      '2026年1月25日',
      '2026-01-25',
      '有效期至 Valid until',
      '2031年3月1日',
      '2031-03-01',
      '签发机构 Agency',
      '示例评价机构',
      'Example Evaluation Agency',
      '验证 Verify: gradecert verify FILE',
      '本图不作凭据，以验证结果为准。This picture proves nothing: what counts is what verification says.',
    ])
  })

  test.each(gradeCodes)('the grade %s has as many steps filled as its rank', (code) => {
    const { svg } = drawCard({
      ...exampleCertificate,
      award: { ...exampleCertificate.award, grade: grades[code] },
    })
    expect(svg.match(/<rect [^>]*width="44"[^>]*fill="#1f4e79"/g)).toHaveLength(grades[code].ordinal)
    expect(svg.match(/<rect [^>]*width="44"/g)).toHaveLength(3)
  })

  test('an SD-JWT shows what was disclosed, and says that a name was not', () => {
    expect(texts(disclosed(fullCertificate))).toContain('王𠮷')
    const without = texts(disclosed(fullCertificate, 'name', 'romanised_name'))
    expect(without).toContain('姓名未披露 Name not disclosed')
    expect(without.join()).not.toMatch(/王𠮷|WANG/)
    expect(without).toContain('2031-03-01T15:59:59Z')
  })

  test('what is no certificate of a grade has another title and says so', () => {
    expect(texts(exampleNotice)).toEqual(
      expect.arrayContaining([
        '考核结果通知',
        '申报等级 Applied',
        '不合格',
        'Not passed',
        '不是证书。Not a certificate.',
      ]),
    )
    expect(texts(exampleCompletion)).toEqual(
      expect.arrayContaining([
        '培训结业证明',
        '不是专业技术等级证书，不含等级。Not a certificate of a grade.',
      ]),
    )
    for (const other of [exampleNotice, exampleCompletion]) {
      expect(texts(other)).not.toContain('专业技术等级证书')
      expect(drawCard(other).svg).not.toMatch(/<rect [^>]*width="44"/)
    }
  })

  test('a trial says so across the card, in grey, and is still the same certificate inside', async () => {
    const { svg, texts } = drawCard(fullCertificate, { isTrial: true })
    const without = drawCard(fullCertificate)
    expect(texts).toEqual([
      { field: 'words', text: '试用样张 无效' },
      { field: 'words', text: 'TRIAL · NOT A CERTIFICATE' },
      ...without.texts,
    ])
    expect(svg.match(/#1f4e79|#a8853a/g)).toBeNull()
    expect(without.svg).toMatch(/#1f4e79[\s\S]*#a8853a/)
    expect(await inside(svgCard(fullCertificate, token, { isTrial: true }))).toEqual([token])
  })

  test('nothing that is long is cut, and lines are broken between words', () => {
    const all = texts(longest)
    const { issuer, holder, award } = longest
    for (const text of [holder.name, issuer.labels['zh-Hans'], award.occupation.labels['zh-Hans']])
      expect(all.join('')).toContain(text)
    expect(all.join(' ')).toContain(issuer.labels.en)
    expect(all.join('')).toContain(award.occupation.labels.en)
  })

  test('markup, controls and marks that turn text are shown as what they are', () => {
    const name = `<script>&"'\u202e\u200b]]>`
    const { svg, texts } = drawCard(named(name))
    const shown = texts.filter(({ field }) => field === 'holder.name').map(({ text }) => text)
    expect(shown.join('')).toBe(`<script>&"'\\u{202e}\\u{200b}]]>`)
    expect(svg).toContain('>&lt;script&gt;&amp;&quot;&#39;')
    expect(svg).not.toContain('<script')
  })
})

describe('an SVG card', () => {
  test('carries the certificate, is the same each time, and is a picture that our own strict reader lets pass', async () => {
    for (const certificate of [
      fullCertificate,
      exampleNotice,
      exampleCompletion,
      disclosed(fullCertificate),
    ]) {
      expect(await inside(svgCard(certificate, '{"a":"]]>"}'))).toEqual(['{"a":"]]>"}'])
      expect(svgCard(certificate, token)).toEqual(svgCard(certificate, token))
    }
  })

  test('can be made of every certificate that can be issued', async () => {
    await fc.assert(
      fc.asyncProperty(certificateArbitrary, async (certificate) => {
        expect(await inside(svgCard(certificate, token))).toEqual([token])
      }),
      { seed: 20260601, numRuns: 200 },
    )
  })
})

describe('a PNG card', () => {
  test('carries the certificate, is as wide as asked for, and the same each time', async () => {
    const draw = await pngCards({ fonts: [font], width: 500 })
    const card = draw(exampleCompletion, token)
    expect(await inside(card)).toEqual([token])
    expect(decode(card, { checkCrc: true }).width).toBe(500)
    expect((await pngCards({ fonts: [font], width: 500 }))(exampleCompletion, token)).toEqual(card)
  })

  test.each<[name: string, certificate: Stated, options?: CardOptions]>([
    ['card-rare-characters', named('王㛃䶮·José é')],
    ['card-longest', longest],
    ['card-completion', exampleCompletion],
    ['card-notice', exampleNotice],
    ['card-trial', named('张三'), { isTrial: true }],
  ])('looks like the approved %s', async (name, certificate, options) => {
    const draw = await pngCards({ fonts: [font], width: 600 })
    const grey = greyOf(draw(certificate, token, options))
    expect(difference(grey, approved(name, grey))).toBeLessThan(tolerance)
  })

  test('another letter is more than is tolerated', async () => {
    const draw = await pngCards({ fonts: [font], width: 600 })
    const [a, b] = ['王㛃䶮·José é', '王㛃龚·José é'].map((name) => greyOf(draw(named(name), token)))
    expect(difference(a as never, b as never)).toBeGreaterThan(tolerance)
  })

  test('is not drawn where no font has a character, and the error names it', async () => {
    const draw = await pngCards({ fonts: [font] })
    const error = await Promise.resolve()
      .then(() => draw(fullCertificate, token))
      .catch((cause) => cause)
    expect(hasCode(error, 'render.glyph_missing')).toBe(true)
    expect(error.detail).toEqual({ character: '𠮷', code: 'U+20BB7', field: 'holder.name' })
    expect(error.explain('zh')).toBe(
      '字体缺少字符 𠮷（U+20BB7），用于 holder.name。请另外提供含有该字符的字体。',
    )
  })

  test('takes from a second font what the first does not have', async () => {
    const certificate = named('王㛃䶮')
    const all = drawCard(certificate)
      .texts.map(({ text }) => text)
      .join('')
    const part = (letters: string) => subsetFont(font, letters, { targetFormat: 'truetype' })
    const first = await part(all.replaceAll('㛃', ''))
    const missing = await Promise.resolve()
      .then(async () => (await pngCards({ fonts: [first] }))(certificate, token))
      .catch(({ detail }) => detail)
    expect(missing).toEqual({ character: '㛃', code: 'U+36C3', field: 'holder.name' })
    const [whole, inTwo] = await Promise.all(
      [[font], [first, await part('㛃')]].map(async (fonts) =>
        greyOf((await pngCards({ fonts, width: 600 }))(certificate, token)),
      ),
    )
    expect(difference(whole as never, inTwo as never)).toBeLessThan(tolerance)
  })

  test.each<[what: string, fonts: readonly Uint8Array[], number: number]>([
    ['a font that is none', [new Uint8Array(100)], 1],
    ['a font that is cut', [font, font.subarray(0, 1000)], 2],
  ])('%s is refused before anything is drawn', async (_, fonts, number) => {
    await expect(pngCards({ fonts })).rejects.toMatchObject({
      code: 'render.font_unreadable',
      detail: { number },
    })
  })
})
