import { encode } from 'fast-png'
import jsqrModule from 'jsqr'
import { PDFDict, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { pdf } from '../../src/carrier/pdf.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { gradeCodes, grades } from '../../src/certificate/grade.ts'
import type { DisclosedCertificate } from '../../src/credential/claims.ts'
import { paperCode } from '../../src/issue/paper-code.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { faceOf } from '../../src/render/face.ts'
import { faultIn, type PdfOptions, type PdfPage, pdfMaker } from '../../src/render/pdf.ts'
import type { Attachment } from '../../src/render/pdf-document.ts'
import { exampleCertificate, fullCertificate } from '../certificates.ts'
import { approved, difference, tolerance } from './approved.ts'
import { pageOf } from './pages.ts'
import { collectionOf, fontOf, noto, squareFontOf } from './some-fonts.ts'

const named = (name: string, more: Partial<GradeCertificate> = {}): GradeCertificate => ({
  ...exampleCertificate,
  holder: { ...exampleCertificate.holder, name },
  ...more,
})
const usual = named('王㛃')
const full: GradeCertificate = {
  ...fullCertificate,
  holder: { ...fullCertificate.holder, name: '阿卜杜拉·买买提·䶮' },
}
const credential: Attachment = {
  name: 'PT26.json',
  mediaType: 'application/vc',
  bytes: new TextEncoder().encode('{"type":["VerifiableCredential"]}'),
  relationship: 'Source',
}

// The package is CommonJS: the function stands under `default` of what is imported.
const jsqr = jsqrModule as unknown as typeof jsqrModule.default

const drawn = async (
  page: Partial<PdfPage> & Pick<PdfPage, 'certificate'>,
  options: Partial<PdfOptions> = {},
) => {
  const maker = await pdfMaker({ certificates: [page.certificate], fonts: [noto], ...options })
  return maker.render({ attachments: [], ...page })
}

async function codeText(certificate: GradeCertificate): Promise<string> {
  const signer = signerOfSeed(new Uint8Array(32).fill(7))
  const lists = {
    revocation: 'https://cert.agency.example/status/revocation/1',
    suspension: 'https://cert.agency.example/status/suspension/1',
  }
  return paperCode(
    { ...certificate, issuer: { ...certificate.issuer, id: signer.controller } },
    { signer, status: { index: 94_567, lists } as never },
  )
}

/** A circle with a clear middle, as a seal is. */
function sealPng(): Uint8Array<ArrayBuffer> {
  const side = 120
  const data = new Uint8Array(side * side * 4)
  for (let i = 0; i < side * side; i++) {
    const far = Math.hypot((i % side) - 59.5, Math.floor(i / side) - 59.5)
    data.set([200, 20, 20, far > 52 && far < 59 ? 230 : 0], i * 4)
  }
  return new Uint8Array(encode({ width: side, height: side, data, channels: 4 }))
}

/** Everything is as long as it may be: 40 characters of a name, three lines of an occupation, a long agency. */
const crowded: GradeCertificate = {
  ...full,
  number: 'PT26-0001-11-3801-1-0000017-G',
  holder: { ...full.holder, name: `${'阿卜杜热西提·'.repeat(5)}买买提伊明` },
  issuer: {
    ...full.issuer,
    labels: {
      'zh-Hans':
        '示例国家级数字技术工程师培育项目联合评价中心（北京经济技术开发区）有限责任公司人力资源和社会保障专业技术评价事业部',
      en: 'Example National Joint Evaluation Centre of the Digital Technology Engineer Cultivation Project (Beijing Economic-Technological Development Area), Department of Professional Technical Evaluation',
    },
  },
  award: {
    ...full.award,
    grade: grades.senior,
    occupation: {
      ...full.award.occupation,
      labels: {
        'zh-Hans': '人工智能与大数据融合应用系统架构设计开发测试运维一体化工程技术人员'.repeat(3),
        en: 'Engineering professional for the architecture, design, development, testing and operation of integrated artificial intelligence and big data application systems',
      },
    },
  },
  training: Array.from({ length: 12 }, (_, i) => ({
    provider: `北京示例数字技术培训中心第${i + 1}分校`,
    hours: 64.5,
    unit: '标准学时 (CN standard training hour)',
  })),
}

describe('the page of a certificate', () => {
  test.each<[name: string, draw: () => Promise<Uint8Array>]>([
    [
      'usual',
      async () => drawn({ certificate: usual, code: await codeText(usual), attachments: [credential] }),
    ],
    [
      'full',
      async () =>
        drawn({ certificate: full, attachments: [credential] }, { seal: sealPng(), signature: sealPng() }),
    ],
    ['crowded', async () => drawn({ certificate: crowded, code: await codeText(usual) })],
    [
      'trial',
      async () => drawn({ certificate: usual }, { isTrial: true, seal: sealPng(), signature: sealPng() }),
    ],
  ])('looks as it was approved: %s', async (name, draw) => {
    const { picture } = await pageOf(await draw(), 50)
    expect(difference(picture, approved(name, picture))).toBeLessThan(tolerance)
  })

  test('a picture that says something else is found different', async () => {
    const { picture } = await pageOf(
      await drawn({ certificate: named('王小明'), attachments: [credential], code: await codeText(usual) }),
      50,
    )
    expect(difference(picture, approved('usual'))).toBeGreaterThan(tolerance)
  })

  test('says in text what the certificate says', async () => {
    const { text } = await pageOf(await drawn({ certificate: full, attachments: [credential] }), 20)
    expect(text.split(/\r\n/)).toEqual([
      '专业技术等级证书',
      'CERTIFICATE OF PROFESSIONAL TECHNICAL GRADE',
      '证书编号 Certificate No.　PT26-0001-11-3801-1-0000017-G',
      '姓名 Name',
      '阿卜杜拉·买买提·䶮',
      'WANG JI',
      '经考核，成绩合格，达到下列职业和等级的要求，特发此证。',
      'has passed the assessment and met the requirements of the occupation and grade below.',
      '职业',
      'Occupation',
      '人工智能工程技术人员',
      'Artificial Intelligence Engineering Professional · 2-02-38-01（原 formerly 2-02-10-09）',
      '职业方向',
      'Direction',
      '计算机视觉产品实现',
      'Computer vision product implementation',
      '等级',
      'Grade',
      '初级 Junior',
      '专业技术等级共三级，由低到高第 1 级 · level 1 of 3, from low to high',
      '职业标准',
      'Standard',
      '人工智能工程技术人员国家职业标准（2021年版）',
      '2-02-10-09 · 2021 版 edition',
      '培训',
      'Training',
      '北京示例数字技术培训中心 64 标准学时 standard hours',
      '考核成绩',
      'Scores',
      '理论 Theory 86.5　专业能力 Practical 91',
      '满分 100 分 of 100 points each',
      '有效期至',
      'Valid until',
      '2031年3月1日 2031-03-01',
      '换发',
      'Reissue',
      '替代 2026年1月25日 签发的证书，原证书作废',
      'in place of the one issued on 2026-01-25, which no longer counts',
      '评价机构（签章） Evaluation agency',
      '示例评价机构',
      'Example Evaluation Agency',
      '发证日期 Date of award',
      '2026年1月25日　2026-01-25',
      '签名原件附于本 PDF 内，可离线验证：gradecert verify 本文件.pdf。以验证结果为准，勿凭纸面文字。',
      'The signed original is attached to this PDF. Verify it without a network: gradecert verify FILE.pdf. Trust the result, not the paper.',
    ])
  })

  test('has every character of the longest name and agency, none cut off', async () => {
    const { text } = await pageOf(await drawn({ certificate: crowded }), 20)
    const letters = text.replace(/\s/g, '')
    for (const long of [
      crowded.holder.name,
      crowded.issuer.labels['zh-Hans'],
      crowded.award.occupation.labels['zh-Hans'],
    ])
      expect(letters).toContain(long.replace(/\s/g, ''))
    expect([...crowded.holder.name]).toHaveLength(40)
  })

  test('sets the rare characters of names and the middle dot', async () => {
    const rare = await fontOf('𠮷', '吉')
    const certificate = named('𠮷㛃·䶮')
    const bytes = await drawn({ certificate }, { fonts: [noto, rare] })
    expect((await pageOf(bytes, 20)).text).toContain('𠮷㛃·䶮')
    const document = await PDFDocument.load(bytes)
    const fonts = document.context
      .enumerateIndirectObjects()
      .flatMap(([, object]) =>
        object instanceof PDFDict ? String(object.get(PDFName.of('BaseFont')) ?? '') : [],
      )
    expect(new Set(fonts.filter((name) => name !== '').map((name) => name.slice(8)))).toEqual(
      new Set(['NotoSansSC', 'Rare']),
    )
  })

  test('sets PostScript outlines by the codes that their font has for them', async () => {
    const square = await squareFontOf('𠮷')
    const bytes = await drawn({ certificate: named('𠮷𠮷') }, { fonts: [noto, square] })
    const { text, picture } = await pageOf(bytes, 72)
    expect(text).toContain('𠮷 𠮷')
    const { context } = await PDFDocument.load(bytes)
    const files = context
      .enumerateIndirectObjects()
      .flatMap(([, object]) =>
        object instanceof PDFDict && object.has(PDFName.of('FontFile3'))
          ? [String(object.get(PDFName.of('FontName')))]
          : [],
      )
    expect(files).toEqual([expect.stringMatching(/^\/[A-Z]{6}\+Square$/)])
    // Two squares of 0.8 by 0.8 of 34 points where the name stands, 190 to 250 points from above.
    const dark = picture.pixels
      .slice(190 * picture.width, 250 * picture.width)
      .filter((value) => value < 64).length
    expect(dark).toBeGreaterThan(2 * 27 * 27 * 0.9)
  })

  test.each(gradeCodes)('says which of three grades it is: %s', (code) => {
    const { rows } = faceOf(named('王', { award: { ...usual.award, grade: grades[code] } }))
    expect(rows.find(({ field }) => field === 'grade')?.value.en).toContain(
      `level ${grades[code].ordinal} of 3`,
    )
  })

  test('adds hours of one provider, and keeps units apart', () => {
    const record = { provider: '甲', hours: 0.1, unit: '标准学时 (CN standard training hour)' }
    const certificate = named('王', {
      training: [record, { ...record, hours: 0.2 }, { ...record, unit: 'h' }],
    })
    expect(faceOf(certificate).rows.find(({ field }) => field === 'training')?.value.zh).toBe(
      '甲 0.3 标准学时 standard hours；甲 0.1 h',
    )
  })

  test('of a token shows what its holder disclosed and nothing else', async () => {
    const disclosed: DisclosedCertificate = {
      type: 'ProfessionalTechnicalGradeCertificate',
      form: 'sd-jwt',
      id: usual.id,
      number: usual.number,
      issuer: usual.issuer,
      awardedOn: usual.awardedOn,
      validFrom: '2026-01-24T16:00:00Z' as never,
      validUntil: '2027-01-24T15:59:59Z' as never,
      award: { occupation: usual.award.occupation, grade: usual.award.grade },
      holder: { idType: 'CN_RESIDENT_ID', idNumber: '110000199003078515' } as never,
      evaluation: { theory: 86.5 },
      training: { hours: 64, providers: ['甲', '乙'] },
    }
    const { text } = await pageOf(await drawn({ certificate: disclosed }), 20)
    expect(text).toContain('（未披露 not disclosed）')
    expect(text).toContain('证件号码 ID No. 110000199003078515')
    expect(text).toContain('理论 Theory 86.5\r\n')
    expect(text).toContain('甲，乙，64 标准学时 standard hours')
    expect(text).toContain('2027年1月24日 2027-01-24')
    expect(text).toContain('Nothing signed comes with this paper')
    expect(text).not.toContain('职业标准')
  })

  test('of a trial says so and has neither seal nor signature', async () => {
    const bytes = await drawn(
      { certificate: usual },
      { isTrial: true, seal: sealPng(), signature: sealPng() },
    )
    const { text, rgba } = await pageOf(bytes, 30)
    expect(text).toContain('TRIAL · NOT A CERTIFICATE')
    const coloured = rgba.findIndex(
      (value, i) => i % 4 === 0 && Math.abs(value - (rgba[i + 1] as number)) > 8,
    )
    expect(coloured).toBe(-1)
  })
})

describe('the code in the corner', () => {
  test.each([1, 20])('is read from the page at 100 dots an inch (name of %i characters)', async (length) => {
    const certificate = named('王'.repeat(length))
    const code = await codeText(certificate)
    const { picture, rgba } = await pageOf(await drawn({ certificate, code, attachments: [credential] }), 100)
    expect(jsqr(rgba, picture.width, picture.height)?.data).toBe(code)
  })

  test('is refused where its text is longer than a code holds', async () => {
    await expect(drawn({ certificate: usual, code: 'x'.repeat(3000) })).rejects.toMatchObject({
      code: 'render.code_too_long',
      detail: { bytes: 3000 },
    })
  })
})

describe('the document', () => {
  test('is the same, byte for byte, where the same is drawn', async () => {
    const page = { certificate: full, attachments: [credential], code: 'GC1:TEST' }
    const [first, second] = [await drawn(page, { seal: sealPng() }), await drawn(page, { seal: sealPng() })]
    expect(Buffer.compare(first, second)).toBe(0)
    const maker = await pdfMaker({ certificates: [usual, full], fonts: [noto] })
    const before = await maker.render({ certificate: usual, attachments: [credential] })
    await maker.render(page)
    expect(
      Buffer.compare(before, await maker.render({ certificate: usual, attachments: [credential] })),
    ).toBe(0)
  })

  test('carries what is attached, and our reader finds it', async () => {
    const text = (value: string) => new TextEncoder().encode(value)
    const attachments: readonly Attachment[] = [
      { ...credential, name: '证书 𠮷.json' },
      {
        name: 'a.anchor.json',
        mediaType: 'application/json',
        bytes: text('{"type":"AnchorBundle"}'),
        relationship: 'Data',
      },
      {
        name: 'evidence.json',
        mediaType: 'application/json',
        bytes: text('{"type":"GradecertEvidence"}'),
        relationship: 'Supplement',
      },
    ]
    const carrying = await pdf.read(new Uint8Array(await drawn({ certificate: usual, attachments })))
    expect(carrying).toEqual({
      ok: true,
      carried: {
        texts: [attachments[0]?.bytes],
        anchors: [attachments[1]?.bytes],
        evidence: [attachments[2]?.bytes],
      },
    })
  })

  test('without attachments carries nothing', async () => {
    expect(await pdf.read(new Uint8Array(await drawn({ certificate: usual })))).toMatchObject({
      fault: 'nothing_inside',
    })
  })

  test('says what PDF/A-3 asks for', async () => {
    const document = await PDFDocument.load(await drawn({ certificate: usual, attachments: [credential] }), {
      updateMetadata: false,
    })
    expect(document.getTitle()).toBe('专业技术等级证书 PT26-0001-11-3801-1-0000017-G 王㛃')
    expect(document.getCreationDate()?.toISOString()).toBe('2026-01-24T16:00:00.000Z')
    const { catalog, context } = document
    expect(String(catalog.get(PDFName.of('Lang')))).toBe('(zh-CN)')
    const lookup = (dict: PDFDict, name: string) => context.lookup(dict.get(PDFName.of(name)))
    const metadata = lookup(catalog, 'Metadata') as PDFRawStream
    expect(new TextDecoder().decode(metadata.contents)).toContain('<pdfaid:part>3</pdfaid:part>')
    const specification = context.lookup(
      (lookup(catalog, 'AF') as never as { get(i: number): never }).get(0),
    ) as PDFDict
    expect(String(specification.get(PDFName.of('AFRelationship')))).toBe('/Source')
    const intents = lookup(catalog, 'OutputIntents') as never as { get(i: number): PDFDict }
    expect(lookup(intents.get(0), 'DestOutputProfile')).toBeInstanceOf(PDFRawStream)
    const everything = context
      .enumerateIndirectObjects()
      .map(([, object]) => String(object))
      .join('\n')
    expect(everything).not.toMatch(/JavaScript|OpenAction|Launch|\/URI/)
    expect(context.trailerInfo.ID).toBeDefined()
  })

  test('is in English for readers aloud, where that is asked for', async () => {
    const document = await PDFDocument.load(await drawn({ certificate: usual }, { language: 'en' }))
    expect(String(document.catalog.get(PDFName.of('Lang')))).toBe('(en)')
  })
})

describe('nothing is drawn', () => {
  test('where no font has a character: it is named, with its field', async () => {
    const certificate = named('王𠮷')
    const fault = {
      code: 'render.glyph_missing',
      detail: { character: '𠮷', codePoint: 'U+20BB7', field: 'name', number: certificate.number },
    }
    await expect(pdfMaker({ certificates: [usual, certificate], fonts: [noto] })).rejects.toMatchObject(fault)
    expect(faultIn(certificate, [noto])).toMatchObject(fault)
    expect(faultIn(usual, [noto])).toBeNull()
  })

  test.each<[what: string, character: string, codePoint: string]>([
    ['a turned text', '\u202e', 'U+202E'],
    ['a character without width', '\u200b', 'U+200B'],
    ['a blank that is a letter', '\u3164', 'U+3164'],
    ['a variant selector', '\u{e0100}', 'U+E0100'],
    ['a private character', '\ue863', 'U+E863'],
  ])('where a name has %s', async (_what, character, codePoint) => {
    expect(faultIn(named(`王${character}`), [noto])).toMatchObject({ detail: { codePoint } })
  })

  test('where a glyph is there and nothing is to be seen of it', async () => {
    const blank = await fontOf('𠮷', ' ')
    expect(faultIn(named('王𠮷'), [noto, blank])).toMatchObject({ code: 'render.glyph_missing' })
  })

  test.each<[what: string, code: string, options: () => Partial<PdfOptions> | Promise<Partial<PdfOptions>>]>([
    ['without fonts', 'render.no_font', () => ({ fonts: [] })],
    [
      'with a font that is none',
      'render.font_malformed',
      () => ({ fonts: [{ name: 'x', bytes: new Uint8Array(100) }] }),
    ],
    [
      'with a font that is cut off',
      'render.font_malformed',
      () => ({ fonts: [{ name: 'x', bytes: noto.bytes.slice(0, 2000) }] }),
    ],
    ['with a seal that is no PNG', 'render.picture_malformed', () => ({ seal: new Uint8Array(100) })],
    [
      'with a signature that is cut off',
      'render.picture_malformed',
      () => ({ signature: sealPng().slice(0, 200) }),
    ],
    [
      'with a seal that says it is huge',
      'render.picture_malformed',
      () => {
        const png = sealPng()
        new DataView(png.buffer).setUint32(16, 60_000)
        return { seal: png }
      },
    ],
  ])('%s', async (_what, code, options) => {
    await expect(drawn({ certificate: usual }, await options())).rejects.toMatchObject({ code })
  })

  test('where texts do not fit at a size that can be read', async () => {
    const labels = { 'zh-Hans': '长'.repeat(500), en: 'W'.repeat(500) }
    const { award } = usual
    const certificate = named('王', {
      award: {
        ...award,
        occupation: { ...award.occupation, labels },
        direction: { labels },
        standard: { ...award.standard, labels },
      },
      training: Array.from({ length: 32 }, (_, i) => ({
        provider: `${i}${'长'.repeat(400)}`,
        hours: 1,
        unit: 'h',
      })),
    })
    await expect(drawn({ certificate })).rejects.toMatchObject({
      code: 'render.does_not_fit',
      detail: { number: usual.number, field: 'training' },
    })
  })

  test('of a certificate whose characters were not announced', async () => {
    const maker = await pdfMaker({ certificates: [usual], fonts: [noto] })
    await expect(maker.render({ certificate: named('龘'), attachments: [] })).rejects.toMatchObject({
      code: 'render.text_not_given',
    })
  })
})

test('the first font of a collection is taken', async () => {
  const bytes = await drawn(
    { certificate: usual },
    { fonts: [{ name: 'TTC', bytes: collectionOf(noto.bytes) }] },
  )
  // A name of two characters is set wide.
  expect((await pageOf(bytes, 20)).text).toContain('王 㛃')
})
