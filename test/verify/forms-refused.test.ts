import { beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { toJwk } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { present } from '../../src/securing/sd-jwt.ts'
import type { Trust } from '../../src/trust/trust.ts'
import type { CheckId, Report } from '../../src/verify/report.ts'
import { verify, verifyCredential } from '../../src/verify/verify.ts'
import {
  allLists,
  baseProofOf,
  binding,
  context2,
  type FormName,
  formNames,
  formOf,
  held,
  otherWallet,
  p256Agency,
  p384Agency,
  retold,
  retoldBy,
  statuses,
  tokenListOf,
  trustInAll,
  wallet,
} from './forms.ts'
import {
  allStand,
  at,
  keyAgency,
  type Loose,
  now,
  onlyFormat,
  otherAgency,
  outcomesOf,
  parsed,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  trustListOf,
  trustOf,
} from './scene.ts'

let trust: Trust
let items: readonly EvidenceItem[]
const texts = new Map<FormName, string>()
beforeAll(async () => {
  trust = await trustInAll()
  items = await allLists()
  for (const name of formNames) texts.set(name, (await formOf(name)).text)
})

const textOf = (name: FormName): string => texts.get(name)!
const bindingOf = (name: FormName) => (name === 'dc+sd-jwt, bound' ? { binding } : {})
const judge = (text: string, options: Parameters<typeof verify>[1] = {}): Promise<Report> =>
  verify(text, { trust, evidence: { items }, now, ...options })

describe('a certificate', () => {
  test.each(formNames)('DI-7, BSL-11, SDVC-8: as %s is valid, and every check says so', async (name) => {
    const report = await judge(textOf(name), bindingOf(name))
    expect([report.verdict, outcomesOf(report)]).toEqual(['valid', allStand])
  })

  test.each(formNames)('as %s is nothing without trust, and nothing without lists', async (name) => {
    const [noTrust, noLists] = await Promise.all([
      judge(textOf(name), { ...bindingOf(name), trust: undefined }),
      judge(textOf(name), { ...bindingOf(name), evidence: { items: [] } }),
    ])
    expect(outcomesOf(noTrust)).toEqual({ ...allStand, trust: 'unknown no_trust' })
    expect(outcomesOf(noLists)).toEqual({ ...allStand, status: 'unknown status_list_not_at_hand' })
  })

  test.each(formNames)('VCDM-18: as %s that was revoked is still verified, and not valid', async (name) => {
    const set = { set: [statusIndex] }
    const revoked = name.startsWith('dc+sd-jwt')
      ? [await tokenListOf(p256Agency, { values: statuses({ [statusIndex]: 1 }) })]
      : await Promise.all([
          statusListOf(keyAgency, 'revocation', set),
          statusListOf(p256Agency, 'revocation', set, 'ecdsa-rdfc-2019'),
          statusListOf(p384Agency, 'revocation', set, 'ecdsa-jcs-2019'),
        ])
    const report = await judge(textOf(name), {
      ...bindingOf(name),
      evidence: { items: [...revoked, ...items] },
    })
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'fail revoked' })
  })

  test.each(formNames)('as %s of an agency that nobody lists is invalid', async (name) => {
    const none = trustOf(await signTrustList({ ...(await trustListOf()), agencies: [] }))
    const report = await judge(textOf(name), { ...bindingOf(name), trust: none })
    expect(outcomesOf(report)).toEqual({ ...allStand, trust: 'fail agency_not_listed' })
  })

  test.each(formNames)('as %s does not count before it begins', async (name) => {
    const early = at('2026-02-28T00:00:00Z')
    const { format, issuer, validity } = outcomesOf(
      await judge(textOf(name), { ...bindingOf(name), now: early }),
    )
    expect([format, issuer, validity]).toEqual(['pass', 'pass', 'fail not_yet_valid'])
  })

  test.each(formNames)(
    'as %s with a binding asked for is valid only where its holder made one',
    async (name) => {
      const report = await judge(textOf(name), { binding })
      const expected = {
        'dc+sd-jwt, bound': 'pass',
        'dc+sd-jwt': 'fail key_binding_missing',
      } as Record<string, string>
      expect(outcomesOf(report).proof).toBe(expected[name] ?? 'fail binding_missing')
    },
  )
})

type Changed = Partial<Record<CheckId, string>>
type Row = readonly [
  name: FormName,
  what: string,
  alter: (text: string) => string | Promise<string>,
  changed: Changed,
]

const inJson = (alter: (vc: Loose) => Loose) => (text: string) => {
  const vc = parsed(text)
  alter(vc)
  return JSON.stringify(vc)
}
const inToken = (alter: (header: Loose, payload: Loose) => void) => (text: string) => retold(text, alter)
const stolen = (signer: GeneratedSigner, alter: (header: Loose, payload: Loose) => void) => (text: string) =>
  retoldBy(signer, text, alter)
const mismatch = { proof: 'fail signature_mismatch' }
const noKey = { proof: 'unknown key_unknown', trust: 'unknown key_unknown' }
const another = 'urn:uuid:11111111-2222-4333-8444-555555555556'
const asWords = { '@type': 'http://www.w3.org/2001/XMLSchema#dateTime', '@value': '2026-03-02T01:02:03Z' }

const overRdf = [
  'eddsa-rdfc-2022',
  'ecdsa-rdfc-2019',
  'ecdsa-rdfc-2019, P-384',
  'ecdsa-sd-2023',
] as const satisfies readonly FormName[]
const withProof = [
  ...overRdf,
  'eddsa-jcs-2022',
  'ecdsa-jcs-2019',
  'ecdsa-jcs-2019, P-384',
] as const satisfies readonly FormName[]
const asVcJwt = ['vc+jwt, Ed25519', 'vc+jwt, P-256'] as const satisfies readonly FormName[]
const asJwt = [...asVcJwt, 'badge-jwt'] as const satisfies readonly FormName[]
const asSdJwt = ['dc+sd-jwt', 'dc+sd-jwt, bound'] as const satisfies readonly FormName[]

const forEach = (
  names: readonly FormName[],
  ...[what, alter, changed]: readonly [what: string, alter: Row[2], changed: Changed]
): readonly Row[] => names.map((name) => [name, what, alter, changed])

const tampered: readonly Row[] = [
  ...forEach(
    withProof,
    'another id',
    inJson((vc) => Object.assign(vc, { id: another })),
    mismatch,
  ),
  ...forEach(
    withProof,
    'no proof',
    inJson((vc) => delete vc.proof),
    {
      issuer: 'unknown method_not_found',
      proof: 'fail proof_missing',
      trust: 'unknown key_unknown',
    },
  ),
  ...forEach(
    withProof,
    'a proof for authentication',
    inJson((vc) => Object.assign(vc.proof, { proofPurpose: 'authentication' })),
    {
      issuer: 'unknown method_not_found',
      proof: 'fail proof_purpose',
      trust: 'unknown key_unknown',
    },
  ),
  ...forEach(
    withProof,
    'a key of another',
    inJson((vc) => Object.assign(vc.proof, { verificationMethod: otherAgency.verificationMethod })),
    {
      issuer: 'fail method_of_another_controller',
      ...noKey,
    },
  ),
  ...forEach(
    overRdf,
    'DI-9: the time of signing under its URL',
    inJson(({ proof }) => {
      delete proof.created
      proof['http://purl.org/dc/terms/created'] = asWords
    }),
    { proof: 'fail context_inline' },
  ),
  ...forEach(
    ['eddsa-rdfc-2022', 'eddsa-jcs-2022'],
    'the suite of other keys',
    inJson((vc) => Object.assign(vc.proof, { cryptosuite: 'ecdsa-jcs-2019' })),
    { proof: 'fail key_algorithm' },
  ),
  ...forEach(
    ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'],
    'the suite of other keys',
    inJson((vc) => Object.assign(vc.proof, { cryptosuite: 'eddsa-jcs-2022' })),
    { proof: 'fail key_algorithm' },
  ),
  [
    'ecdsa-sd-2023',
    'the base proof',
    async (text) => {
      const { proof: _, ...badge } = parsed(text)
      return JSON.stringify(await baseProofOf(badge))
    },
    { proof: 'fail proof_not_derived' },
  ],
  [
    'ecdsa-sd-2023',
    'one entry of its status taken away',
    inJson((vc) => delete vc.credentialStatus),
    { format: 'fail status_missing', schema: 'fail schema_violated', ...mismatch },
  ],

  ...forEach(
    asJwt,
    'another number',
    inToken((_, payload) => Object.assign(payload, { id: another, jti: another })),
    mismatch,
  ),
  ...forEach(
    asVcJwt,
    'an id beside another jti',
    inToken((_, payload) => Object.assign(payload, { jti: another })),
    { issuer: 'unknown method_not_found', proof: 'fail jwt_claim_conflict', trust: 'unknown key_unknown' },
  ),
  ...forEach(
    asVcJwt,
    'a kid of another',
    inToken((header) => Object.assign(header, { kid: otherAgency.verificationMethod })),
    { issuer: 'unknown method_not_found', proof: 'fail jwt_key_name', trust: 'unknown key_unknown' },
  ),
  ...forEach(
    asVcJwt,
    'signed by a stranger under its own key',
    stolen(stranger, (header) => Object.assign(header, { kid: stranger.verificationMethod })),
    { issuer: 'unknown method_not_found', proof: 'fail jwt_key_name', trust: 'unknown key_unknown' },
  ),
  ...forEach(
    asVcJwt,
    'the type of a presentation',
    inToken((header) => Object.assign(header, { typ: 'vp+jwt' })),
    { issuer: 'unknown method_not_found', proof: 'fail jws_header_refused', trust: 'unknown key_unknown' },
  ),
  ...forEach(
    asVcJwt,
    'the members within vc',
    inToken((_, payload) => Object.assign(payload, { vc: {} })),
    {
      format: 'fail badge_malformed',
      schema: 'fail schema_violated',
      issuer: 'unknown method_not_found',
      proof: 'fail jwt_claim',
      trust: 'unknown key_unknown',
    },
  ),
  ['vc+jwt, Ed25519', 'a stranger of the same algorithm', stolen(stranger, () => {}), mismatch],
  [
    'badge-jwt',
    'a kid of another',
    inToken((header) => Object.assign(header, { kid: otherAgency.verificationMethod })),
    { issuer: 'fail method_of_another_controller', ...noKey },
  ],
  [
    'badge-jwt',
    'the key of a stranger in the header',
    stolen(otherWallet, (header) => {
      delete header.kid
      header.jwk = toJwk(otherWallet.publicKey)
    }),
    { issuer: 'fail method_not_found', ...noKey },
  ],
  [
    'badge-jwt',
    'another issuer as claim',
    inToken((_, payload) => Object.assign(payload, { iss: otherAgency.controller })),
    { issuer: 'unknown method_not_found', proof: 'fail jwt_claim_conflict', trust: 'unknown key_unknown' },
  ],
  [
    'badge-jwt',
    'members beside vc',
    inToken((_, payload) => {
      payload.vc = structuredClone(payload)
    }),
    onlyFormat('fail jwt_claim'),
  ],
  ...forEach(asJwt, 'no signature', (text) => text.slice(0, text.lastIndexOf('.') + 1), mismatch),
  ...forEach(
    asJwt,
    'the algorithm none',
    inToken((header) => Object.assign(header, { alg: 'none' })),
    onlyFormat('fail jws_header_refused'),
  ),

  ...forEach(
    asSdJwt,
    'another grade',
    inToken((_, payload) => Object.assign(payload, { award_date: '2026-02-01' })),
    mismatch,
  ),
  ...forEach(
    asSdJwt,
    'the kid of another',
    inToken((header) => Object.assign(header, { kid: otherAgency.verificationMethod })),
    { issuer: 'unknown method_not_found', proof: 'fail kid_of_another', trust: 'unknown key_unknown' },
  ),
  ...forEach(
    asSdJwt,
    'the key of another wallet',
    inToken((_, payload) => {
      payload.cnf = { jwk: toJwk(otherWallet.publicKey) }
    }),
    mismatch,
  ),
  ...forEach(
    asSdJwt,
    'no status',
    inToken((_, payload) => delete payload.status),
    { format: 'fail status_missing', status: 'skipped no_status', ...mismatch },
  ),
  ...forEach(
    asSdJwt,
    'the contexts of a badge',
    inToken((_, payload) => Object.assign(payload, { '@context': [context2] })),
    {
      format: 'fail claims_malformed',
      schema: 'skipped no_schema_at_hand',
      trust: 'skipped format_failed',
      ...mismatch,
    },
  ),
  [
    'dc+sd-jwt, bound',
    'a claim kept back after it was bound',
    (text) => text.replace(/~[^~]+~(?=[^~]+$)/, '~'),
    { proof: 'fail key_binding_of_another_text' },
  ],
  [
    'dc+sd-jwt, bound',
    'its binding taken off',
    (text) => text.slice(0, text.lastIndexOf('~') + 1),
    { proof: 'fail key_binding_missing' },
  ],
  [
    'dc+sd-jwt, bound',
    'a binding by another wallet',
    async (text) => {
      const [kb, ...before] = text.split('~').reverse()
      return [...before.reverse(), await retoldBy(otherWallet, kb as string, () => {})].join('~')
    },
    { proof: 'fail key_binding_signature' },
  ],
  [
    'dc+sd-jwt, bound',
    'a binding for another verifier',
    async (text) => {
      const [kb, ...before] = text.split('~').reverse()
      return [
        ...before.reverse(),
        await retoldBy(wallet, kb as string, (_, payload) =>
          Object.assign(payload, { aud: 'https://other.example' }),
        ),
      ].join('~')
    },
    { proof: 'fail key_binding_audience' },
  ],
]

describe('what a forger changes', () => {
  test.each(tampered)('%s: %s', async (name, _what, alter, changed) => {
    const report = await judge(await alter(textOf(name)), bindingOf(name))
    expect(outcomesOf(report)).toEqual({ ...allStand, ...changed })
  })
})

describe('forms that are not what they say', () => {
  test('claims under a proof are no SD-JWT', async () => {
    const claims = { vct: 'https://a.example/t', iss: stranger.controller, exp: 'soon' }
    const text = JSON.stringify(await sign(claims, stranger))
    expect(outcomesOf(await verifyCredential(text, { now })).format).toBe('fail context_not_accepted')
    expect(outcomesOf(await judge(text))).toEqual(onlyFormat('fail not_a_credential'))
  })

  test('SDVC-7: a binding to the wallet is no binding of another text', async () => {
    const [one, two] = [textOf('dc+sd-jwt, bound'), await present(await held(p256Agency), { disclose: [] })]
    const text = `${two}${one.slice(one.lastIndexOf('~') + 1)}`
    expect(outcomesOf(await judge(text, { binding }))).toEqual({
      ...allStand,
      proof: 'fail key_binding_of_another_text',
    })
  })

  test.each<[what: string, text: string]>([
    ['dots', '.'.repeat(1_048_576)],
    ['tildes', `a.a.${'~'.repeat(1_048_570)}`],
    ['letters', 'a'.repeat(1_048_576)],
    ['line breaks', '\n'.repeat(1_048_576)],
    ['returns', '\r'.repeat(1_048_576)],
    ['brackets', '['.repeat(1_048_576)],
    ['one part without end', `a.a.${'a'.repeat(1_048_570)}`],
  ])('a mebibyte of %s is answered at once', async (_what, text) => {
    const start = performance.now()
    expect((await judge(text, { binding })).verdict).toBe('invalid')
    expect((await verifyCredential(text, { now })).verdict).toBe('invalid')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test.each([
    { challenge: '', domain: 'd' },
    { challenge: 'c', domain: '' },
    { challenge: 'c', domain: [] },
    { challenge: 'c', domain: ['d', ''] },
    { challenge: undefined, domain: 'd' },
  ] as readonly Loose[])('a verifier that asks for %j is told that it asks for nothing', async (asked) => {
    const refused = { code: 'verify.binding_malformed' }
    await expect(judge('', { binding: asked })).rejects.toMatchObject(refused)
    await expect(verifyCredential('', { binding: asked, now })).rejects.toMatchObject(refused)
  })

  test('VCDM-15: a token in an envelope of another kind is refused', async () => {
    const text = JSON.stringify(enveloped(textOf('vc+jwt, P-256'), 'application/dc+sd-jwt'))
    expect(outcomesOf(await judge(text))).toEqual(onlyFormat('fail envelope_media_type'))
    const right = JSON.stringify(enveloped(textOf('vc+jwt, P-256'), 'application/vc+jwt'))
    expect(outcomesOf(await judge(right))).toEqual(allStand)
  })
})
