import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { contextTable } from '../../src/credential/contexts.ts'
import { issueSdJwt } from '../../src/issue/issue-sd-jwt.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { signJws } from '../../src/securing/jws.ts'
import { present } from '../../src/securing/sd-jwt.ts'
import type { CheckId, Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  agencyOf,
  created,
  type Form,
  forms,
  holder,
  idNumber,
  impostor,
  listItems,
  scores,
  textOf,
  trustIn,
  withHeader,
  withPayload,
} from './forms-scene.ts'
import { allStand, certificateOf, now, onlyFormat, outcomesOf } from './scene.ts'

const judge = async (
  text: string,
  signer: GeneratedSigner,
  more: Parameters<typeof verify>[1] = {},
): Promise<Report> =>
  verify(text, {
    trust: await trustIn(signer),
    evidence: { items: await listItems(signer) },
    now,
    ...more,
  })

describe('a certificate in every form', () => {
  test.each(forms)(
    'by %s with a key of %s is valid, and says so of the same certificate',
    async (form, algorithm) => {
      const signer = agencyOf(algorithm)
      const report = await judge(await textOf(form, signer), signer)
      expect(outcomesOf(report)).toEqual(allStand)
      const { number, award } = certificateOf(signer)
      expect(report).toMatchObject({
        verdict: 'valid',
        certificate: {
          number,
          issuer: { id: signer.controller },
          holder: { name: '王小明' },
          award: { grade: award.grade, occupation: { code: award.occupation.code } },
          awardedOn: '2026-03-01',
        },
      })
    },
  )

  test.each(forms)('by %s with a key of %s is undetermined without its lists', async (form, algorithm) => {
    const signer = agencyOf(algorithm)
    const report = await judge(await textOf(form, signer), signer, { evidence: { items: [] } })
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_at_hand' })
  })

  test.each(forms)(
    'by %s with a key of %s is unrecognised where a trust list has another key',
    async (form, algorithm) => {
      const signer = agencyOf(algorithm)
      const report = await judge(await textOf(form, signer), signer, { trust: await trustIn(impostor) })
      expect(outcomesOf(report)).toEqual({ ...allStand, trust: 'fail agency_not_listed' })
    },
  )

  test.each(forms)(
    'by %s with a key of %s, changed in one place at random, is never valid',
    async (form, algorithm) => {
      const signer = agencyOf(algorithm)
      const text = await textOf(form, signer)
      const [trust, items] = [await trustIn(signer), await listItems(signer)]
      await fc.assert(
        fc.asyncProperty(
          fc.nat(text.length - 1),
          fc.constantFrom(...'aA0_-.~"{} é'),
          async (i, character) => {
            fc.pre(text[i] !== character)
            const changed = text.slice(0, i) + character + text.slice(i + 1)
            const { verdict } = await verify(changed, { trust, evidence: { items }, now })
            expect([verdict, changed]).not.toEqual(['valid', changed])
          },
        ),
        { numRuns: 25 },
      )
    },
  )

  test.each(['vc+jwt', 'sd-jwt'] as const)(
    'VCDM-15: a %s in an envelope is judged as the token in it',
    async (form) => {
      const signer = agencyOf('P-256')
      const text = await textOf(form, signer)
      const mediaType = form === 'sd-jwt' ? 'application/dc+sd-jwt' : 'application/vc+jwt'
      const report = await judge(JSON.stringify(enveloped(text, mediaType)), signer)
      expect(outcomesOf(report)).toEqual(allStand)
      const other = form === 'sd-jwt' ? 'application/vc+jwt' : 'application/dc+sd-jwt'
      expect(outcomesOf(await judge(JSON.stringify(enveloped(text, other)), signer))).toEqual(
        onlyFormat('fail envelope_media_type'),
      )
    },
  )

  test.each(['vc+jwt', 'badge-jwt', 'sd-jwt'] as const)(
    'a %s ends with a line break as text files do, and with nothing else',
    async (form) => {
      const signer = agencyOf('P-256')
      const text = await textOf(form, signer)
      expect((await judge(`${text}\n`, signer)).verdict).toBe('valid')
      expect((await judge(`${text}\n\n`, signer)).verdict).toBe('invalid')
      expect((await judge(` ${text}`, signer)).verdict).toBe('invalid')
    },
  )
})

type Outcomes = Partial<Record<CheckId, string>>
const mismatch: Outcomes = { proof: 'fail signature_mismatch' }

describe('a JWT that was changed after it was signed', () => {
  const signer = agencyOf('P-256')
  const noKey: Outcomes = { issuer: 'unknown method_not_found', trust: 'unknown key_unknown' }
  test.each<[what: string, form: Form, change: (text: string) => string, fails: Outcomes]>([
    [
      'an id',
      'vc+jwt',
      (text) =>
        withPayload(text, (vc) => {
          vc.id = 'urn:uuid:11111111-2222-4333-8444-666666666666'
        }),
      mismatch,
    ],
    [
      'an id that its `jti` contradicts',
      'badge-jwt',
      (text) =>
        withPayload(text, (vc) => {
          vc.id = 'urn:uuid:11111111-2222-4333-8444-666666666666'
        }),
      { ...noKey, proof: 'fail jwt_claim_conflict' },
    ],
    [
      'another day in `iat`',
      'vc+jwt',
      (text) =>
        withPayload(text, (vc) => {
          vc.iat = 1
        }),
      mismatch,
    ],
    [
      'an end that is over',
      'vc+jwt',
      (text) =>
        withPayload(text, (vc) => {
          vc.exp = 1
        }),
      { ...mismatch, validity: 'fail proof_expired' },
    ],
    [
      'a claim `vc` beside the credential',
      'vc+jwt',
      (text) =>
        withPayload(text, (vc) => {
          vc.vc = {}
        }),
      { ...noKey, format: 'fail badge_malformed', schema: 'fail schema_violated', proof: 'fail jwt_claim' },
    ],
    [
      '`alg: none`',
      'vc+jwt',
      (text) =>
        withHeader(text, (header) => {
          header.alg = 'none'
        }),
      onlyFormat('fail jws_header_refused'),
    ],
    [
      'an algorithm of another kind of key',
      'vc+jwt',
      (text) =>
        withHeader(text, (header) => {
          header.alg = 'ES384'
        }),
      { proof: 'fail key_algorithm' },
    ],
    [
      '`b64: false`',
      'vc+jwt',
      (text) =>
        withHeader(text, (header) => {
          header.b64 = false
        }),
      onlyFormat('fail jws_header_refused'),
    ],
    [
      '`crit`',
      'badge-jwt',
      (text) =>
        withHeader(text, (header) => {
          header.crit = ['exp']
        }),
      onlyFormat('fail jws_header_refused'),
    ],
    [
      'a type of another token',
      'vc+jwt',
      (text) =>
        withHeader(text, (header) => {
          header.typ = 'kb+jwt'
        }),
      { ...noKey, proof: 'fail jws_header_refused' },
    ],
    [
      'the key of an impostor',
      'vc+jwt',
      (text) =>
        withHeader(text, (header) => {
          header.kid = impostor.verificationMethod
        }),
      { ...noKey, proof: 'fail jwt_key_name' },
    ],
  ])('%s in a %s', async (_what, form, change, fails) => {
    const report = await judge(change(await textOf(form, signer)), signer)
    expect(outcomesOf(report)).toEqual({ ...allStand, ...fails })
    expect(report.verdict).toBe('invalid')
  })

  test('trap 25: an impostor’s token with the impostor’s key in its header is not the issuer’s', async () => {
    const payload = JSON.parse(
      Buffer.from((await textOf('badge-jwt', signer)).split('.')[1] as string, 'base64url').toString(),
    )
    const { toJwk } = await import('../../src/key/public-key.ts')
    const text = await signJws({ typ: 'JWT', jwk: toJwk(impostor.publicKey) }, payload, impostor)
    expect(outcomesOf(await judge(text, signer))).toMatchObject({
      issuer: 'fail method_not_found',
      proof: 'unknown key_unknown',
    })
  })
})

describe('an SD-JWT', () => {
  const signer = agencyOf('P-256')
  const binding = { challenge: 'c-1', domain: 'hr.example' }
  let whole: string
  let bound: string
  beforeAll(async () => {
    whole = await textOf('sd-jwt', signer)
    const keyBinding = { signer: holder, audience: binding.domain, nonce: binding.challenge, now }
    bound = await present(whole, { disclose: ['name'], keyBinding })
  })

  test('tells what its holder discloses and not a thing more', async () => {
    const shown = await present(whole, { disclose: ['id_number', 'theory_score'] })
    const report = await judge(shown, signer)
    expect(report).toMatchObject({
      verdict: 'valid',
      checks: {
        format: { facts: { disclosed: ['/theory_score', '/id_number'], partial: true } },
        schema: { facts: { checked: ['https://w3id.org/gradecert/vct/grade-certificate/v1'] } },
      },
    })
    const { certificate } = report as Extract<Report, { verdict: 'valid' }>
    expect(certificate.holder).toEqual({ idNumber })
    expect('evaluation' in certificate && certificate.evaluation).toEqual({ theory: scores.theory })
    expect(JSON.stringify(report)).not.toContain('王小明')
  })

  test('SD-5: bound to the verifier and the occasion says whose key it was', async () => {
    const report = await judge(bound, signer, { binding })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.proof).toMatchObject({ facts: { boundTo: expect.stringMatching(/^[\w-]{43}$/) } })
    const several = { challenge: 'c-1', domain: ['other.example', 'hr.example'] }
    expect((await judge(bound, signer, { binding: several })).verdict).toBe('valid')
  })

  test.each<[what: string, text: () => string | Promise<string>, asked: typeof binding, reason: string]>([
    [
      'with the holder’s signature taken off',
      () => bound.slice(0, bound.lastIndexOf('~') + 1),
      binding,
      'key_binding_missing',
    ],
    ['that its holder never presented', () => whole, binding, 'key_binding_missing'],
    ['made for another challenge', () => bound, { ...binding, challenge: 'c-2' }, 'key_binding_nonce'],
    [
      'made for another verifier',
      () => bound,
      { ...binding, domain: 'other.example' },
      'key_binding_audience',
    ],
    [
      'with one disclosure more than its holder signed for',
      () => {
        const [jwt, ...parts] = bound.split('~')
        const more = whole
          .split('~')
          .slice(1, -1)
          .find((one) => !parts.includes(one))
        return [jwt, ...parts.slice(0, -1), more, parts.at(-1)].join('~')
      },
      binding,
      'key_binding_of_another_text',
    ],
    [
      'whose holder’s signature is an impostor’s',
      async () => {
        const stem = bound.slice(0, bound.lastIndexOf('~') + 1)
        const payload = JSON.parse(
          Buffer.from(bound.slice(stem.length).split('.')[1] as string, 'base64url').toString(),
        )
        return `${stem}${await signJws({ typ: 'kb+jwt' }, payload, impostor)}`
      },
      binding,
      'key_binding_algorithm',
    ],
  ])('%s is no answer to a challenge', async (_what, text, asked, reason) => {
    const report = await judge(await text(), signer, { binding: asked })
    expect(outcomesOf(report)).toEqual({ ...allStand, proof: `fail ${reason}` })
  })

  test('presented an hour ago is no answer now', async () => {
    const report = await judge(bound, signer, { binding, now: '2026-06-01T01:00:00Z' as never })
    expect(outcomesOf(report)).toMatchObject({ proof: 'fail key_binding_time' })
  })

  test.each(forms.filter(([form]) => form !== 'sd-jwt'))(
    'is the only form that answers a challenge: %s with a key of %s does not',
    async (form, algorithm) => {
      const agency = agencyOf(algorithm)
      const report = await judge(await textOf(form, agency), agency, { binding })
      expect([report.verdict, outcomesOf(report).proof]).toEqual(['invalid', 'fail binding_missing'])
    },
  )

  test.each<[what: string, change: (claims: Record<string, unknown>) => void, fails: Outcomes]>([
    [
      'a raised grade',
      (claims) => {
        claims.grade = {
          code: 'senior',
          ordinal: 3,
          scheme: 'cn.ptg.3',
          name: { 'zh-Hans': '高级', en: 'Senior' },
        }
      },
      { ...mismatch, trust: 'fail grade_out_of_scope' },
    ],
    [
      'a grade that contradicts itself',
      (claims) => {
        ;(claims.grade as { ordinal: number }).ordinal = 3
      },
      {
        ...mismatch,
        format: 'fail claims_malformed',
        schema: 'skipped no_schema_at_hand',
        trust: 'skipped format_failed',
      },
    ],
    [
      'a name that nobody hid',
      (claims) => {
        claims.name = '李小明'
      },
      onlyFormat('fail disclosed_name_taken'),
    ],
    [
      'no status',
      (claims) => {
        delete claims.status
      },
      { ...mismatch, format: 'fail status_missing', status: 'skipped no_status' },
    ],
    [
      'another holder’s key',
      (claims) => {
        claims.cnf = { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }
      },
      mismatch,
    ],
    [
      'a term of another kind',
      (claims) => {
        claims.vct = 'https://other.example/vct'
      },
      {
        ...mismatch,
        format: 'fail type_unknown',
        schema: 'skipped no_schema_at_hand',
        trust: 'skipped format_failed',
      },
    ],
    [
      'no type',
      (claims) => {
        delete claims.vct
      },
      {},
    ],
  ])('%s in its claims', async (what, change, fails) => {
    const report = await judge(withPayload(whole, change), signer)
    if (what === 'no type') expect(report.verdict).toBe('invalid')
    else expect(outcomesOf(report)).toEqual({ ...allStand, ...fails })
  })

  test('SDVC-9: a document with proofs is no SD-JWT, whatever it says of itself', async () => {
    const claims = JSON.parse(Buffer.from(whole.split('.')[1] as string, 'base64url').toString())
    const { _sd, _sd_alg, ...stated } = claims
    const signed = await addProof(stated, {
      signer,
      suite: 'ecdsa-jcs-2019',
      created,
      contexts: contextTable(),
    })
    expect(outcomesOf(await judge(JSON.stringify(signed), signer))).toEqual(
      onlyFormat('fail not_a_credential'),
    )
  })

  test('SDVC-2: an issuer that hides the status is refused', async () => {
    const { makeSdJwt } = await import('../../src/securing/sd-jwt.ts')
    const { claims } = (await import('../../src/credential/claims.ts')).toClaims(certificateOf(signer), {
      created,
      status: { uri: 'https://agency.example/status/token-1', index: 1 },
    })
    const text = await makeSdJwt({ typ: 'dc+sd-jwt', kid: signer.verificationMethod }, claims, {
      signer,
      disclosable: ['/status'],
      salt: () => new Uint8Array(16),
    })
    expect(outcomesOf(await judge(text, signer))).toMatchObject({ proof: 'fail claim_hidden' })
    // Kept back, it is simply not there: then nothing says how it could be revoked.
    const kept = await present(text, { disclose: [] })
    expect(outcomesOf(await judge(kept, signer))).toMatchObject({ format: 'fail status_missing' })
  })

  test('an SD-JWT of another agency in this one’s name is nobody’s', async () => {
    const { text } = await issueSdJwt(certificateOf(impostor), { signer: impostor, created })
    const renamed = withPayload(text, (claims) => {
      claims.iss = signer.controller
    })
    expect(outcomesOf(await judge(renamed, signer))).toMatchObject({ proof: 'fail kid_of_another' })
  })
})

describe('texts that only look like tokens', () => {
  test.each<[what: string, text: string]>([
    ['a mebibyte of dots', '.'.repeat(1_048_576)],
    ['a mebibyte of tildes', '~'.repeat(1_048_576)],
    ['three words', 'a.b.c'],
    ['two dots', '..'],
    ['a token of more than a mebibyte', `${'a'.repeat(1_048_577)}.b.c`],
    ['many empty disclosures', `e30.e30.AA${'~'.repeat(100_000)}`],
    ['nothing', ''],
  ])('%s is refused at once', async (_what, text) => {
    const start = performance.now()
    const report = await verify(text, { now })
    expect(report.verdict).toBe('invalid')
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
