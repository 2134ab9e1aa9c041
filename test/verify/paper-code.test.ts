import { zlibSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { fromBase45, toBase45 } from '../../src/base/base45.ts'
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { fromCbor, toCbor } from '../../src/base/cbor.ts'
import { unzlib } from '../../src/base/zlib.ts'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { paperClaims, paperMap } from '../../src/credential/paper-claims.ts'
import { paperCode } from '../../src/issue/paper-code.ts'
import { verifySignature } from '../../src/key/public-key.ts'
import { type GeneratedSigner, type Signer, signerOfSeed } from '../../src/key/signer.ts'
import { signCose } from '../../src/securing/cose-sign1.ts'
import { p256Agency, p384Agency, trustInAll } from './forms.ts'
import {
  allStand,
  type Changes,
  certificateOf,
  day,
  judged,
  keyAgency,
  onlyFormat,
  outcomesOf,
  sceneOf,
  statusIndex,
  statusListOf,
  statusLists,
  stranger,
  webAgency,
} from './scene.ts'

const status = { index: statusIndex, lists: statusLists }
const codeOf = (signer: GeneratedSigner = keyAgency, change: Partial<GradeCertificate> = {}) =>
  paperCode({ ...certificateOf(signer), ...change }, { signer, status })

const messageOf = (code: string): Bytes => {
  const expanded = unzlib(fromBase45(code.slice(4)) as Bytes, 8192)
  if (!expanded.ok) throw new Error(expanded.fault)
  return expanded.bytes
}
const codeFrom = (message: Uint8Array): string => `GC1:${toBase45(zlibSync(message, { level: 9 }) as Bytes)}`
const partsOf = (code: string) =>
  fromCbor(messageOf(code).slice(1)) as [Bytes, Map<unknown, unknown>, Bytes, Bytes]
const tagged = (parts: readonly unknown[]) => codeFrom(concat(Uint8Array.of(0xd2), toCbor(parts)))

describe('the code on a paper', () => {
  test('is a COSE_Sign1 of a CWT, byte by byte as RFC 9052 and RFC 8392 have it', async () => {
    const message = messageOf(await codeOf())
    const kid = utf8(keyAgency.multikey)
    const header = concat(fromHex('a201270458 30'.replaceAll(' ', '')) as Bytes, kid)
    expect(
      toHex(message).startsWith(`d284${toHex(Uint8Array.of(0x58, header.length))}${toHex(header)}a0`),
    ).toBe(true)
    const [, , payload, signature] = partsOf(await codeOf())
    // Sig_structure of RFC 9052, section 4.4, written by hand.
    const structure = concat(
      Uint8Array.of(0x84, 0x6a),
      utf8('Signature1'),
      Uint8Array.of(0x58, header.length),
      header,
      Uint8Array.of(0x40, 0x59, payload.length >> 8, payload.length & 255),
      payload,
    )
    expect(await verifySignature(keyAgency.publicKey, structure, signature)).toBe(true)
    expect([...(fromCbor(payload) as Map<number, unknown>).keys()]).toEqual([1, 5, 7, -70117])
  })

  test('carries what a person needs, and is the same each time', async () => {
    const code = await codeOf()
    expect(await codeOf()).toBe(code)
    expect(code).toMatch(/^GC1:[0-9A-Z $%*+./:-]+$/)
    expect(code.length).toBeLessThan(700)
    const report = await judged(await sceneOf(), { text: code })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.verdict === 'valid' && report.certificate).toEqual({
      type: 'ProfessionalTechnicalGradeCertificate',
      form: 'paper-code',
      id: certificateOf(keyAgency).id,
      number: 'PT26-0001-11-3801-1-0000017-G',
      issuer: { id: keyAgency.controller, labels: { 'zh-Hans': '示例评价机构' } },
      awardedOn: '2026-03-01',
      validFrom: '2026-02-28T16:00:00Z',
      region: 'CN-BJ',
      award: {
        occupation: { code: '2-02-38-01', labels: { 'zh-Hans': '人工智能工程技术人员' } },
        direction: { labels: { 'zh-Hans': '计算机视觉产品实现' } },
        grade: { scheme: 'cn.ptg.3', code: 'junior', ordinal: 1 },
      },
      holder: { name: '王小明' },
    })
    expect(report.checks.format).toMatchObject({
      facts: {
        form: 'paper-code',
        carries: expect.arrayContaining(['name', 'grade', 'award_date', 'status_index']),
      },
    })
  })

  test.each([
    ['Ed25519, a site of its own', webAgency],
    ['P-256', p256Agency],
    ['P-384', p384Agency],
  ] as const)('is signed by any key of an agency: %s', async (_what, signer) => {
    const scene = await sceneOf(signer === webAgency ? webAgency : keyAgency)
    const lists = await Promise.all(
      (['revocation', 'suspension'] as const).map((purpose) =>
        statusListOf(signer, purpose, {}, signer === webAgency ? 'eddsa-jcs-2022' : 'ecdsa-jcs-2019'),
      ),
    )
    const report = await judged(scene, {
      text: await codeOf(signer),
      trust: signer === webAgency ? scene.trust : await trustInAll(),
      items: [...scene.evidence.items.filter(({ kind }) => kind === 'did-document'), ...lists],
    })
    expect(outcomesOf(report)).toEqual(allStand)
  })

  test('as a link says the same, and its host is never asked', async () => {
    const scene = await sceneOf()
    const link = await paperCode(certificateOf(keyAgency), {
      signer: keyAgency,
      status,
      link: 'https://hr.example/verify',
    })
    expect(link).toMatch(/^https:\/\/hr\.example\/verify#GC1%3A/)
    for (const text of [link, `${link}\n`, link.replace('GC1%3A', 'GC1:')])
      expect(outcomesOf(await judged(scene, { text }))).toEqual(allStand)
    await expect(
      paperCode(certificateOf(keyAgency), { signer: keyAgency, status, link: 'http://hr.example/verify' }),
    ).rejects.toMatchObject({ code: 'paper.link_malformed' })
  })

  test('that no phone could read is refused when it is made', async () => {
    const lists = { revocation: `https://a.example/${'r'.repeat(20)}`, suspension: `https://b.example/s` }
    const long = [
      ...'一丁七万丈三上下不与丐丑专且世丘丙业丛东丝丢两严丧个丫中丰串临丸丹为主丽举乃久么义之乌乍乎乏乐乒乓乔乖乘乙九也习乡书买乱乳乾了予争事二于亏云互五井亚些亡交亥亦产亨亩享京亭亮亲人什仁仅仆仇今介仍从仑仓仔他仗付仙代令以仪们仰仲件价任份仿企伊伍伏伐休众优伙会伞伟传伤',
    ].join('')
    const agency = {
      ...certificateOf(keyAgency).issuer,
      labels: { 'zh-Hans': `${long}${[...long].reverse().join('')}` },
    }
    await expect(
      paperCode(
        { ...certificateOf(keyAgency), issuer: agency },
        { signer: keyAgency, status: { index: 1, lists } },
      ),
    ).rejects.toMatchObject({ code: 'paper.too_long' })
  })

  test('is made only by the issuer', async () => {
    await expect(paperCode(certificateOf(keyAgency), { signer: stranger, status })).rejects.toMatchObject({
      code: 'issue.wrong_signer',
    })
  })
})

describe('the verdict of the code is that of the certificate', () => {
  const cases: [what: string, changes: Changes, change?: Partial<GradeCertificate>][] = [
    ['nobody trusted', { trust: undefined }],
    ['no lists', { items: [] }],
    ['a policy of other types', { policy: { types: ['TrainingCompletionCertificate'] } }],
    ['expired', {}, { validUntil: day('2026-05-01') }],
    ['its last day', {}, { validUntil: day('2026-06-01') }],
    ['not yet in force', {}, { validFrom: day('2026-07-01'), awardedOn: day('2026-03-01') }],
    ['out of the agency’s region', {}, { region: 'CN-SH' }],
    ['of no region', {}, { region: undefined }],
  ]
  test.each<[what: string, changes: Changes, change?: Partial<GradeCertificate>]>(cases)(
    '%s',
    async (_what: string, changes: Changes = {}, change: Partial<GradeCertificate> = {}) => {
      const certificate = { ...certificateOf(keyAgency), ...change }
      const scene = await sceneOf(keyAgency, { certificate })
      const badge = await judged(scene, changes)
      const paper = await judged(scene, { ...changes, text: await codeOf(keyAgency, change) })
      expect(outcomesOf(paper)).toEqual({ ...outcomesOf(badge) })
      expect(paper.verdict).toBe(badge.verdict)
    },
  )

  test.each(['revocation', 'suspension'] as const)('whose list says %s', async (purpose) => {
    const items = await Promise.all(
      (['revocation', 'suspension'] as const).map((one) =>
        statusListOf(keyAgency, one, one === purpose ? { set: [statusIndex] } : {}),
      ),
    )
    const scene = await sceneOf()
    const [badge, paper] = [
      await judged(scene, { items }),
      await judged(scene, { items, text: await codeOf() }),
    ]
    expect(paper.verdict).toBe('invalid')
    expect(outcomesOf(paper)).toEqual(outcomesOf(badge))
  })

  test('of an agency that nobody recognises', async () => {
    const scene = await sceneOf(stranger)
    const [badge, paper] = [await judged(scene), await judged(scene, { text: await codeOf(stranger) })]
    expect(outcomesOf(paper)).toEqual(outcomesOf(badge))
    expect(outcomesOf(paper).trust).toBe('fail agency_not_listed')
  })
})

describe('a code that was changed', () => {
  const claims = paperClaims(certificateOf(keyAgency), status)
  const mismatch = { ...allStand, proof: 'fail signature_mismatch' }
  /** Signs other claims with the signature of the true ones. */
  const restated = async (change: Partial<typeof claims>) => {
    const [header, open, , signature] = partsOf(await codeOf())
    return tagged([header, open, toCbor(paperMap({ ...claims, ...change })), signature])
  }

  test.each<[string, Partial<typeof claims>, object?]>([
    ['the name', { name: '李小明' }],
    ['the number', { certificate_number: 'PT26-0001-11-3801-1-0000018-E' }],
    ['the occupation’s name', { occupation_name: '大数据工程技术人员' }],
    ['the occupation', { occupation_code: '2-02-38-03' }, { trust: 'fail occupation_out_of_scope' }],
    ['the grade', { grade: 2 }],
    ['the direction', { direction: '其他方向' }],
    ['the day of award', { award_date: day('2026-02-28') }],
    ['an end', { exp: claims.nbf + 400 * 86_400 }],
    ['the agency’s name', { agency: '另一机构' }],
    ['the id', { jti: 'urn:uuid:11111111-2222-4333-8444-555555555556' }],
    ['another place in the list', { status_index: 4243 }],
  ])('%s fails the proof', async (_what, change, others = {}) => {
    const report = await judged(await sceneOf(), { text: await restated(change) })
    expect(report.verdict).toBe('invalid')
    expect(outcomesOf(report)).toEqual({ ...mismatch, ...others })
  })

  const headerOf = (entries: readonly (readonly [unknown, unknown])[]) => toCbor(new Map(entries))
  const kid = utf8(keyAgency.multikey)
  const malformed = onlyFormat('fail code_malformed')
  type Parts = [Bytes, Map<unknown, unknown>, Bytes, Bytes]
  test.each<[string, (parts: Parts) => string]>([
    [
      'no algorithm',
      ([, open, payload, signature]) => tagged([headerOf([[4, kid]]), open, payload, signature]),
    ],
    [
      'an algorithm that we do not know',
      ([, o, p, s]) =>
        tagged([
          headerOf([
            [1, -37],
            [4, kid],
          ]),
          o,
          p,
          s,
        ]),
    ],
    [
      'an algorithm by name',
      ([, o, p, s]) =>
        tagged([
          headerOf([
            [1, 'EdDSA'],
            [4, kid],
          ]),
          o,
          p,
          s,
        ]),
    ],
    ['no key', ([, o, p, s]) => tagged([headerOf([[1, -8]]), o, p, s])],
    [
      'a critical header',
      ([, o, p, s]) =>
        tagged([
          headerOf([
            [1, -8],
            [2, [99]],
            [4, kid],
          ]),
          o,
          p,
          s,
        ]),
    ],
    [
      'a key that is a text',
      ([, o, p, s]) =>
        tagged([
          headerOf([
            [1, -8],
            [4, keyAgency.multikey],
          ]),
          o,
          p,
          s,
        ]),
    ],
    ['a header that is not signed', ([h, , p, s]) => tagged([h, new Map([[4, kid]]), p, s])],
    ['no payload', ([h, o, , s]) => tagged([h, o, null, s])],
    ['a fifth part', ([h, o, p, s]) => tagged([h, o, p, s, p])],
    ['no tag', ([h, o, p, s]) => codeFrom(toCbor([h, o, p, s]))],
    ['another tag', ([h, o, p, s]) => codeFrom(concat(Uint8Array.of(0xd1), toCbor([h, o, p, s])))],
    [
      'bytes behind the message',
      ([h, o, p, s]) => codeFrom(concat(Uint8Array.of(0xd2), toCbor([h, o, p, s]), Uint8Array.of(0))),
    ],
    [
      'a list without an end',
      ([h, o, p, s]) =>
        codeFrom(concat(Uint8Array.of(0xd2, 0x9f), ...[h, o, p, s].map(toCbor), Uint8Array.of(0xff))),
    ],
    [
      'a length written longer than needed',
      ([h, o, p, s]) => codeFrom(concat(Uint8Array.of(0xd2, 0x98, 4), ...[h, o, p, s].map(toCbor))),
    ],
    ['no zlib', ([h, o, p, s]) => `GC1:${toBase45(concat(Uint8Array.of(0xd2), toCbor([h, o, p, s])))}`],
    ['a letter less', (parts) => tagged(parts).slice(0, -1)],
    ['small letters', (parts) => `GC1:${tagged(parts).slice(4).toLowerCase()}`],
    ['white space at its end', (parts) => `${tagged(parts)} `],
    ['nothing', () => 'GC1:'],
  ])('%s is no code', async (_what, change) => {
    const text = change(partsOf(await codeOf()) as Parts)
    expect(outcomesOf(await judged(await sceneOf(), { text }))).toEqual(malformed)
  })

  test('one that expands without end is refused at its bound', async () => {
    const text = codeFrom(new Uint8Array(2_000_000))
    expect(outcomesOf(await judged(await sceneOf(), { text }))).toEqual(onlyFormat('fail code_too_large'))
  })

  const signed = async (map: ReadonlyMap<unknown, unknown>, signer: Signer = keyAgency) =>
    codeFrom(await signCose(toCbor(map), keyAgency.multikey, signer))
  const own = () => paperMap(claims).get(-70117) as Map<number, unknown>
  test.each<[string, () => ReadonlyMap<unknown, unknown>]>([
    ['a claim that we do not know', () => new Map([...paperMap(claims), [99, 1]])],
    [
      'a claim of ours that we do not know',
      () => new Map<unknown, unknown>([...paperMap(claims), [-70117, new Map([...own(), [99, 1]])]]),
    ],
    ['no claims of ours', () => new Map([[1, claims.iss]])],
    [
      'no name',
      () =>
        new Map<unknown, unknown>([
          ...paperMap(claims),
          [-70117, new Map([...own()].filter(([label]) => label !== 2))],
        ]),
    ],
    ['a grade that is none', () => paperMap({ ...claims, grade: 4 })],
    [
      'a day that is none',
      () => new Map<unknown, unknown>([...paperMap(claims), [-70117, new Map([...own(), [7, 'x']])]]),
    ],
    [
      'an issuer that is no DID',
      () => paperMap({ ...claims, iss: 'https://agency.example' as typeof claims.iss }),
    ],
    ['a name that hides', () => paperMap({ ...claims, name: '王\u202e明' })],
    ['validity before its award', () => paperMap({ ...claims, nbf: claims.nbf - 3 * 86_400 })],
    ['a map in place of a text', () => new Map<unknown, unknown>([...paperMap(claims), [1, new Map()]])],
  ])('%s is refused, though its issuer signed it', async (_what, map) => {
    const report = await judged(await sceneOf(), { text: await signed(map()) })
    expect(outcomesOf(report)).toEqual(onlyFormat('fail code_claims_malformed'))
  })

  test('signed by somebody else in the agency’s name fails', async () => {
    const text = await signed(paperMap(claims), signerOfSeed(new Uint8Array(32).fill(99)))
    expect(outcomesOf(await judged(await sceneOf(), { text }))).toEqual(mismatch)
  })

  test('in any one bit of its message is never good', async () => {
    const scene = await sceneOf()
    const message = messageOf(await codeOf())
    const verdicts = new Map<string, number>()
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.slice()
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      const { verdict } = await judged(scene, { text: codeFrom(changed) })
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    }
    expect(verdicts.get('valid')).toBeUndefined()
    expect([...verdicts.values()].reduce((sum, count) => sum + count)).toBe(message.length * 8)
  })
})
