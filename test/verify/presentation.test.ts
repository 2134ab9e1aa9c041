import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { signJws } from '../../src/securing/jws.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import type { PresentationReport, VerifyPresentationOptions } from '../../src/verify/presentation.ts'
import { verifyPresentation } from '../../src/verify/verify.ts'
import { agencyOf, asJson, holder, impostor, listItems, seedOf, textOf, trustIn } from './forms-scene.ts'
import { at, now } from './scene.ts'

const agency = agencyOf('P-256')
const binding = { challenge: 'c-1', domain: 'hr.example' }
const created = at('2026-05-31T23:59:00Z')

async function presentationOf(change: JsonObject = {}): Promise<JsonObject> {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    holder: holder.controller,
    verifiableCredential: [asJson(await textOf('ecdsa-jcs-2019', agency))],
    ...change,
  }
}

async function signed(
  document: JsonObject,
  options: Partial<ProofOptions> = {},
  signer: GeneratedSigner = holder,
): Promise<string> {
  const suite = signer.algorithm === 'Ed25519' ? 'eddsa-jcs-2022' : 'ecdsa-jcs-2019'
  const base = { suite, created, purpose: 'authentication', ...binding, contexts: contextTable() } as const
  return JSON.stringify(await addProof(document, { ...base, ...options, signer }))
}

const judge = async (
  text: string,
  options: Partial<VerifyPresentationOptions> = {},
): Promise<PresentationReport> =>
  verifyPresentation(text, {
    binding,
    trust: await trustIn(agency),
    evidence: { items: await listItems(agency) },
    now,
    ...options,
  })

function outcomes({ checks }: PresentationReport): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checks).map(([id, check]) => [
      id,
      check.outcome === 'pass'
        ? 'pass'
        : `${check.outcome} ${check.outcome === 'skipped' ? check.because : check.reason}`,
    ]),
  )
}
const allStand = { format: 'pass', holder: 'pass', proof: 'pass', validity: 'pass' }

describe('a presentation', () => {
  test.each(['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const)(
    'DI-6, VCDM-14: by %s for our challenge and domain is valid, and so is the certificate in it',
    async (suite) => {
      const report = await judge(await signed(await presentationOf(), { suite }))
      expect(outcomes(report)).toEqual(allStand)
      expect(report).toMatchObject({
        verdict: 'valid',
        holder: holder.controller,
        credentials: [
          { isAboutHolder: false, report: { verdict: 'valid', certificate: { number: expect.any(String) } } },
        ],
      })
    },
  )

  test.each(['vc+jwt', 'sd-jwt'] as const)(
    'JC-8: as vp+jwt with a %s in an envelope is valid',
    async (form) => {
      const mediaType = form === 'sd-jwt' ? 'application/dc+sd-jwt' : 'application/vc+jwt'
      const document = await presentationOf({
        verifiableCredential: [enveloped(await textOf(form, agency), mediaType)],
      })
      const text = await signVcJwt(document, {
        signer: holder,
        kind: 'vp',
        created,
        challenge: binding.challenge,
        audience: binding.domain,
      })
      const report = await judge(text)
      expect(outcomes(report)).toEqual(allStand)
      expect(report.credentials.map(({ report: { verdict } }) => verdict)).toEqual(['valid'])
      expect((await judge(text, { binding: { ...binding, challenge: 'c-2' } })).checks.proof).toMatchObject({
        reason: 'proof_challenge',
      })
      expect(
        (await judge(text, { binding: { ...binding, domain: 'other.example' } })).checks.proof,
      ).toMatchObject({ reason: 'proof_domain' })
    },
  )

  test('is about its holder where the credential names them', async () => {
    const credential = await addProof(
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiableCredential'],
        issuer: agency.controller,
        credentialSubject: { id: holder.controller, name: '王小明' },
      },
      { signer: agency, suite: 'ecdsa-jcs-2019', created, contexts: contextTable() },
    )
    const report = await judge(await signed(await presentationOf({ verifiableCredential: [credential] })))
    expect(report).toMatchObject({
      verdict: 'valid',
      credentials: [{ isAboutHolder: true, report: { verdict: 'valid' } }],
    })
    expect(report.credentials[0]?.report).toHaveProperty('credential')
  })

  test.each<[what: string, options: Partial<ProofOptions>, asked: typeof binding, reason: string]>([
    ['for another challenge', {}, { ...binding, challenge: 'c-2' }, 'proof_challenge'],
    ['for another verifier', {}, { ...binding, domain: 'other.example' }, 'proof_domain'],
    ['for a verifier whose name starts like ours', { domain: 'hr.example.org' }, binding, 'proof_domain'],
    ['for us and somebody else', { domain: ['hr.example', 'other.example'] }, binding, 'proof_domain'],
  ])('trap 33: made %s is refused', async (_what, options, asked, reason) => {
    const report = await judge(await signed(await presentationOf(), options), { binding: asked })
    expect([report.verdict, outcomes(report).proof]).toEqual(['invalid', `fail ${reason}`])
  })

  test('trap 33: made for nobody and no occasion is refused, unless the verifier says that it may be', async () => {
    const { challenge: _c, domain: _d, ...rest } = { ...binding }
    const bare = {
      suite: 'eddsa-jcs-2022',
      created,
      purpose: 'authentication',
      contexts: contextTable(),
      ...rest,
    } as const
    const text = JSON.stringify(await addProof(await presentationOf(), { ...bare, signer: holder }))
    expect(outcomes(await judge(text)).proof).toMatch(/^fail proof_(challenge|domain)$/)
    expect((await judge(text, { binding: 'not-asked' })).verdict).toBe('valid')
  })

  test('trap 34: signed for assertions is no presentation of its holder', async () => {
    const report = await judge(await signed(await presentationOf(), { purpose: 'assertionMethod' }))
    expect(outcomes(report)).toMatchObject({ proof: 'fail proof_purpose' })
  })

  test('DI-7: by a key of somebody else than its holder is refused', async () => {
    const report = await judge(await signed(await presentationOf(), {}, impostor))
    expect(outcomes(report)).toMatchObject({
      holder: 'fail method_of_another_controller',
      proof: 'unknown key_unknown',
    })
    expect(report.verdict).toBe('invalid')
  })

  test('without a holder is whoever’s key made it', async () => {
    const { holder: _, ...document } = await presentationOf()
    expect(await judge(await signed(document))).toMatchObject({ verdict: 'valid', holder: holder.controller })
  })

  test('by a did:web whose document nobody got at its own address is undetermined', async () => {
    const web = signerOfSeed(seedOf(61), { verificationMethod: 'did:web:holder.example#k1' })
    const text = await signed(await presentationOf({ holder: web.controller }), {}, web)
    const { webDocument } = await import('../../src/did/web.ts')
    const document = webDocument(web.controller, [{ id: web.verificationMethod, multikey: web.multikey }])
    const item = { kind: 'did-document', url: web.controller, document } as const
    const items = [...(await listItems(agency)), item]
    const brought = await judge(text, { evidence: { items } })
    expect([brought.verdict, outcomes(brought).holder]).toEqual(['undetermined', 'unknown key_not_vouched'])
    expect((await judge(text, { fetched: { items: [item] } })).verdict).toBe('valid')
  })

  test('VCDM-16: with a credential that nobody signed is invalid, however well it is signed itself', async () => {
    const { proof: _, ...unsigned } = asJson(await textOf('ecdsa-jcs-2019', agency))
    const report = await judge(await signed(await presentationOf({ verifiableCredential: [unsigned] })))
    expect(outcomes(report)).toEqual({ ...allStand, format: 'fail presentation_malformed' })
    expect(report).toMatchObject({
      verdict: 'invalid',
      credentials: [{ report: { checks: { proof: { reason: 'proof_missing' } } } }],
    })
  })

  test('trap 8: vouches for no credential that was changed before it was signed', async () => {
    const changed = {
      ...asJson(await textOf('ecdsa-jcs-2019', agency)),
      id: 'urn:uuid:11111111-2222-4333-8444-666666666666',
    }
    const report = await judge(await signed(await presentationOf({ verifiableCredential: [changed] })))
    expect(report).toMatchObject({
      verdict: 'invalid',
      credentials: [{ report: { checks: { proof: { reason: 'signature_mismatch' } } } }],
    })
  })

  test('VCDM-18: with a credential of which something could not be found out is undetermined', async () => {
    const report = await judge(await signed(await presentationOf()), { evidence: { items: [] } })
    expect(outcomes(report)).toEqual(allStand)
    expect([report.verdict, report.credentials[0]?.report.verdict]).toEqual(['undetermined', 'undetermined'])
  })

  test.each<[what: string, change: JsonObject, format: string]>([
    ['credentials as texts', { verifiableCredential: ['x'] }, 'fail presentation_malformed'],
    [
      'more credentials than anybody has',
      { verifiableCredential: Array(101).fill({}) },
      'fail presentation_malformed',
    ],
    ['another type', { type: ['VerifiableCredential'] }, 'fail not_a_presentation'],
  ])('VCDM-14: with %s is refused', async (_what, change, format) => {
    const text = JSON.stringify({ ...(await presentationOf(change)), proof: {} })
    const report = await judge(text)
    expect([report.verdict, outcomes(report).format, report.credentials]).toEqual(['invalid', format, []])
  })

  test.each<[what: string, text: string]>([
    ['no text', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a token without a signature', 'e30.e30.'],
    ['a mebibyte of dots', '.'.repeat(1_048_576)],
  ])('trap 52: %s is a report too', async (_what, text) => {
    expect((await judge(text)).verdict).toBe('invalid')
  })

  test('a vp+jwt signed for a credential is none', async () => {
    const token = await signJws(
      { typ: 'vc+jwt', kid: holder.verificationMethod },
      { ...(await presentationOf()), nonce: binding.challenge, aud: binding.domain },
      holder,
    )
    expect(outcomes(await judge(token)).proof).toMatch(/^fail jwt_type|^skipped/)
    expect((await judge(token)).verdict).toBe('invalid')
  })

  test.each([
    [{ challenge: '', domain: 'hr.example' }],
    [{ challenge: 'c-1', domain: '' }],
    [{ challenge: 'c-1', domain: ['hr.example', ''] }],
  ])('a verifier that asks for %o is told so', async (asked) => {
    await expect(judge('{}', { binding: asked })).rejects.toMatchObject({ code: 'verify.binding_malformed' })
  })
})
