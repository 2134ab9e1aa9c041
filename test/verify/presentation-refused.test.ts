import { beforeAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import type { Trust } from '../../src/trust/trust.ts'
import type {
  PresentationChecks,
  PresentationReport,
  VerifyPresentationOptions,
} from '../../src/verify/presentation.ts'
import { verifyPresentation } from '../../src/verify/verify.ts'
import {
  allLists,
  binding,
  context2,
  created,
  formOf,
  held,
  otherWallet,
  p256Agency,
  presentationOf,
  retold,
  retoldBy,
  trustInAll,
  wallet,
} from './forms.ts'
import { keyAgency, type Loose, now, outcomesOf, sign, stranger } from './scene.ts'

let trust: Trust
let items: readonly EvidenceItem[]
/** Certificates in three forms, as they stand in a presentation. */
let badge: JsonObject
let token: JsonObject
let sdJwt: JsonObject
/** A credential of the wallet's own agency about the wallet. */
let own: JsonObject
let whole: JsonObject
beforeAll(async () => {
  trust = await trustInAll()
  items = await allLists()
  badge = JSON.parse((await formOf('eddsa-jcs-2022')).text)
  token = enveloped((await formOf('vc+jwt, P-256')).text, 'application/vc+jwt')
  sdJwt = enveloped(await held(), 'application/dc+sd-jwt')
  own = await credentialOf(keyAgency)
  whole = await presentationOf([badge, token, sdJwt, own], wallet)
})

const credentialOf = (issuer: GeneratedSigner, change: JsonObject = {}): Promise<JsonObject> =>
  sign(
    {
      '@context': [context2],
      type: ['VerifiableCredential'],
      issuer: issuer.controller,
      credentialSubject: { id: wallet.controller, name: '王小明' },
      ...change,
    },
    issuer,
    { suite: issuer === keyAgency || issuer === stranger ? 'eddsa-rdfc-2022' : 'ecdsa-rdfc-2019' },
  )

const judge = (
  presentation: Json,
  options: Partial<VerifyPresentationOptions> = {},
): Promise<PresentationReport> =>
  verifyPresentation(typeof presentation === 'string' ? presentation : JSON.stringify(presentation), {
    binding,
    trust,
    evidence: { items },
    now,
    ...options,
  })

const stands: Readonly<Record<keyof PresentationChecks, string>> = {
  format: 'pass',
  holder: 'pass',
  proof: 'pass',
  validity: 'pass',
}
const linesOf = ({ checks }: PresentationReport) =>
  Object.fromEntries(
    Object.entries(checks).map(([id, check]) => [
      id,
      check.outcome === 'pass'
        ? 'pass'
        : `${check.outcome} ${check.outcome === 'skipped' ? check.because : check.reason}`,
    ]),
  )
const verdictsOf = ({ credentials }: PresentationReport) =>
  credentials.map(({ report, isAboutHolder }) => [report.verdict, isAboutHolder])

describe('a presentation', () => {
  test('DI-6, DI-7, VCDM-14, VCDM-15: in order is valid, and so is each credential in it', async () => {
    const report = await judge(whole)
    expect([report.verdict, report.holder, linesOf(report)]).toEqual(['valid', wallet.controller, stands])
    expect(verdictsOf(report)).toEqual([
      ['valid', false],
      ['valid', false],
      ['valid', undefined],
      ['valid', true],
    ])
    expect(report.credentials.map(({ report: one }) => outcomesOf(one).trust)).toEqual([
      'pass',
      'pass',
      'pass',
      'skipped not_asked',
    ])
  })

  const changed = (alter: (vp: Loose) => void) => async () => {
    const vp = structuredClone(whole) as Loose
    alter(vp)
    return vp as Json
  }
  const remade =
    (options: Loose, change: JsonObject = {}, signer: GeneratedSigner = wallet) =>
    () =>
      presentationOf([own], signer, options, change)
  const noProof = { holder: 'unknown method_not_found' }
  const onlyFormat = (format: string) => ({
    format,
    holder: 'skipped format_failed',
    proof: 'skipped format_failed',
    validity: 'skipped format_failed',
  })

  test.each<[what: string, make: () => Promise<Json>, expected: Partial<Record<string, string>>]>([
    [
      'VCDM-16: without a proof',
      changed((vp) => delete vp.proof),
      { ...noProof, proof: 'fail proof_missing' },
    ],
    [
      'DI-6: made to assert',
      remade({ purpose: 'assertionMethod' }),
      { ...noProof, proof: 'fail proof_purpose' },
    ],
    [
      'DI-6: without a challenge',
      remade({ challenge: undefined }),
      { ...noProof, proof: 'fail proof_challenge' },
    ],
    [
      'DI-6: for another challenge',
      remade({ challenge: 'x' }),
      { ...noProof, proof: 'fail proof_challenge' },
    ],
    ['DI-6: for no domain', remade({ domain: undefined }), { ...noProof, proof: 'fail proof_domain' }],
    ['DI-6: for another domain', remade({ domain: 'x' }), { ...noProof, proof: 'fail proof_domain' }],
    [
      'DI-6: for another domain as well',
      remade({ domain: [binding.domain, 'x'] }),
      { ...noProof, proof: 'fail proof_domain' },
    ],
    [
      'DI-7: by the key of another than its holder',
      remade({}, { holder: stranger.controller }, otherWallet),
      { holder: 'fail method_of_another_controller', proof: 'unknown key_unknown' },
    ],
    [
      'with a credential taken out',
      changed((vp) => vp.verifiableCredential.pop()),
      { proof: 'fail signature_mismatch' },
    ],
    [
      'with a credential put in',
      changed((vp) => vp.verifiableCredential.push(badge)),
      { proof: 'fail signature_mismatch' },
    ],
    [
      'with the holder replaced',
      changed((vp) => Object.assign(vp, { holder: otherWallet.controller })),
      { holder: 'fail method_of_another_controller', proof: 'unknown key_unknown' },
    ],
    [
      'DI-9: that says its holder under a URL',
      changed((vp) => {
        vp['https://www.w3.org/2018/credentials#holder'] = { '@id': vp.holder }
        delete vp.holder
      }),
      { proof: 'fail context_inline' },
    ],
    [
      'DI-9: whose credential says something under a URL',
      changed((vp) => {
        const subject = vp.verifiableCredential[3].credentialSubject
        subject['https://schema.org/name'] = subject.name
        delete subject.name
      }),
      { proof: 'fail context_inline' },
    ],
    [
      'VCDM-19: with a term that nobody defines',
      remade({ suite: 'ecdsa-jcs-2019' }, { colour: 'red' }),
      { format: 'fail data_loss' },
    ],
    [
      'VCDM-1: without contexts',
      remade({ suite: 'ecdsa-jcs-2019' }, { '@context': [] }),
      { format: 'fail context_not_accepted' },
    ],
    [
      'of another type',
      remade({ suite: 'ecdsa-jcs-2019' }, { type: ['VerifiableCredential'] }),
      onlyFormat('fail not_a_presentation'),
    ],
    [
      'VCDM-14: of a credential that is a text',
      remade({ suite: 'ecdsa-jcs-2019' }, { verifiableCredential: ['x'] }),
      onlyFormat('fail presentation_malformed'),
    ],
    [
      'VCDM-14: of a list within a list',
      remade({ suite: 'ecdsa-jcs-2019' }, { verifiableCredential: [[{}]] }),
      onlyFormat('fail presentation_malformed'),
    ],
    [
      'of a hundred and one credentials',
      remade({ suite: 'ecdsa-jcs-2019' }, { verifiableCredential: Array.from({ length: 101 }, () => ({})) }),
      onlyFormat('fail presentation_malformed'),
    ],
    ['that is a credential', async () => badge, onlyFormat('fail not_a_presentation')],
    ['that is no object', async () => '[]', onlyFormat('fail not_a_credential')],
    ['that ran out', remade({ expires: '2026-05-31T00:00:00Z' }), { validity: 'fail proof_expired' }],
    [
      'from the day after',
      remade({ created: '2026-06-02T00:00:00Z' }),
      { validity: 'fail proof_from_future' },
    ],
  ])('%s is refused', async (_what, make, expected) => {
    const report = await judge(await make())
    expect(linesOf(report)).toEqual({ ...stands, ...expected })
    expect(report.verdict).toBe('invalid')
  })

  test.each<[what: string, make: () => Promise<Json>, check: string]>([
    [
      'VCDM-16: nobody signed',
      async () => {
        const { proof: _, ...unsigned } = await credentialOf(keyAgency, { issuer: wallet.controller })
        return unsigned
      },
      'fail proof_missing',
    ],
    [
      'VCDM-16: a stranger signed for its issuer',
      () => credentialOf(stranger, { issuer: wallet.controller }),
      'unknown key_unknown',
    ],
    ['was changed', async () => ({ ...own, name: 'x' }), 'fail signature_mismatch'],
  ])('is invalid where one of its credentials is one that %s', async (_what, make, proof) => {
    const report = await judge(await presentationOf([own, await make()], wallet))
    expect([report.verdict, linesOf(report)]).toEqual(['invalid', stands])
    expect(report.credentials.map(({ report: one }) => outcomesOf(one).proof)).toEqual(['pass', proof])
  })

  test('asks the trust lists of a certificate in whatever form: nobody lists a stranger', async () => {
    const forged = enveloped(await held(otherWallet), 'application/dc+sd-jwt')
    const report = await judge(await presentationOf([forged], wallet))
    expect(report.verdict).toBe('invalid')
    expect(report.credentials.map(({ report: one }) => outcomesOf(one).trust)).toEqual([
      'fail agency_not_listed',
    ])
  })

  test('says of a credential about nobody, or about somebody else too, that it is not about its holder', async () => {
    const { controller } = wallet
    const subjects: readonly Json[] = [
      { name: 'a' },
      [{ id: controller }, { id: stranger.controller }],
      [{ id: controller }, { name: 'b' }],
      { id: stranger.controller },
    ]
    const credentials = await Promise.all(
      subjects.map((credentialSubject) => credentialOf(keyAgency, { credentialSubject })),
    )
    const report = await judge(await presentationOf(credentials, wallet))
    expect(verdictsOf(report).map(([, about]) => about)).toEqual([undefined, false, undefined, false])
  })

  test('made for anybody is accepted only by a verifier that says so', async () => {
    const vp = await presentationOf([own], wallet, { challenge: undefined, domain: undefined } as Loose)
    expect((await judge(vp, { binding: 'not-asked' })).verdict).toBe('valid')
    expect((await judge(vp)).verdict).toBe('invalid')
  })

  test.each([
    { challenge: '', domain: 'd' },
    { challenge: 'c', domain: '' },
    { challenge: 'c', domain: [] },
    { challenge: undefined, domain: 'd' },
    { challenge: 'c', domain: undefined },
  ] as readonly Loose[])('a verifier that asks for %j is told that it asks for nothing', async (asked) => {
    await expect(judge(whole, { binding: asked })).rejects.toMatchObject({ code: 'verify.binding_malformed' })
  })

  test('a clock that is not said to differ does not', async () => {
    const vp = await presentationOf([own], wallet, { created: '2026-06-02T00:00:00Z' } as Loose)
    const report = await judge(vp, { policy: { clockSkew: undefined } as Loose })
    expect(linesOf(report).validity).toBe('fail proof_from_future')
    await expect(judge(vp, { policy: { clockSkew: -1 } })).rejects.toMatchObject({
      code: 'verify.policy_malformed',
    })
  })
})

describe('a presentation as vp+jwt', () => {
  let jwt: string
  const make = (change: Loose = {}, document: JsonObject = {}, signer = wallet) =>
    signVcJwt(
      {
        '@context': [context2],
        type: ['VerifiablePresentation'],
        holder: wallet.controller,
        verifiableCredential: [token, own],
        ...document,
      },
      { signer, kind: 'vp', created, challenge: binding.challenge, audience: binding.domain, ...change },
    )
  beforeAll(async () => {
    jwt = await make()
  })

  test('DI-6: in order is valid, in an envelope too', async () => {
    for (const text of [jwt, JSON.stringify(enveloped(jwt, 'application/vp+jwt'))]) {
      const report = await judge(text)
      expect([report.verdict, linesOf(report)]).toEqual(['valid', stands])
      expect(verdictsOf(report)).toEqual([
        ['valid', false],
        ['valid', true],
      ])
    }
  })

  const noProof = { holder: 'unknown method_not_found' }
  test.each<[what: string, text: () => Promise<string>, expected: Record<string, string>]>([
    ['without a nonce', () => make({ challenge: undefined }), { ...noProof, proof: 'fail proof_challenge' }],
    ['with another nonce', () => make({ challenge: 'x' }), { ...noProof, proof: 'fail proof_challenge' }],
    ['without an audience', () => make({ audience: undefined }), { ...noProof, proof: 'fail proof_domain' }],
    ['for another audience', () => make({ audience: 'x' }), { ...noProof, proof: 'fail proof_domain' }],
    [
      'for another audience as well',
      () => retoldBy(wallet, jwt, (_, payload) => Object.assign(payload, { aud: [binding.domain, 'x'] })),
      { ...noProof, proof: 'fail proof_domain' },
    ],
    [
      'whose nonce was put in',
      async () =>
        retold(await make({ challenge: 'x' }), (_, payload) =>
          Object.assign(payload, { nonce: binding.challenge }),
        ),
      { proof: 'fail signature_mismatch' },
    ],
    ['by another wallet', () => retoldBy(otherWallet, jwt, () => {}), { proof: 'fail signature_mismatch' }],
    [
      'by another wallet under its own key',
      () =>
        retoldBy(otherWallet, jwt, (header) =>
          Object.assign(header, { kid: otherWallet.verificationMethod }),
        ),
      { ...noProof, proof: 'fail jwt_key_name' },
    ],
    [
      'as a credential',
      () => retoldBy(wallet, jwt, (header) => Object.assign(header, { typ: 'vc+jwt' })),
      { ...noProof, proof: 'fail jwt_type' },
    ],
  ])('%s is refused', async (_what, text, expected) => {
    const report = await judge(await text())
    expect(linesOf(report)).toEqual({ ...stands, ...expected })
    expect(report.verdict).toBe('invalid')
  })

  test('is no credential, and a credential is no presentation', async () => {
    const asCredential = await formOf('vc+jwt, P-256')
    expect((await judge(asCredential.text)).verdict).toBe('invalid')
    const inside = await judge(
      await presentationOf(
        [
          {
            '@context': context2,
            type: 'EnvelopedVerifiablePresentation',
            id: `data:application/vp+jwt,${jwt}`,
          },
        ],
        p256Agency,
      ),
    )
    expect(inside.verdict).toBe('invalid')
  })
})
