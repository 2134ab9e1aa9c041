import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { signerOfSeed } from '../../src/key/signer.ts'
import { memoryRegistry } from '../../src/registry/memory.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { certificateOf, keyAgency, sceneOf } from '../verify/scene.ts'
import { now, post, type Server, serverWith, token } from './requests.ts'

const p256 = signerOfSeed(new Uint8Array(32).fill(7), { algorithm: 'P-256' })

let registry: Registry
let server: Server
beforeAll(async () => {
  registry = memoryRegistry()
  for (const [i, number] of ['PT26-0001-11-3801-1-0000018-D', 'PT26-0001-11-3801-1-0000019-A'].entries()) {
    const id = `urn:uuid:00000000-0000-4000-8000-00000000000${i}`
    await registry.reserve(`key-${i}`, () => ({
      id,
      number,
      certificate: { ...certificateOf(keyAgency), id, number },
      signing: { created: now, proofId: 'urn:uuid:1', suite: 'eddsa-rdfc-2022' },
    }))
  }
  server = serverWith({ issuer: { signers: [keyAgency, p256], registry } })
})

const v2 = 'https://www.w3.org/ns/credentials/v2'
const credential = {
  '@context': [v2],
  type: ['VerifiableCredential'],
  id: 'urn:uuid:5f0c0d2e-58a5-4f7e-a1f0-8d5d4ae3b111',
  name: 'Membership',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', name: 'Wang' },
}
const ask = (path: string, value: unknown) => server(path, post(value, { token }))
const issue = (value: unknown, options?: unknown) =>
  ask('/credentials/issue', { credential: value, ...(options !== undefined && { options }) })
const verify = (verifiableCredential: unknown) =>
  server('/credentials/verify', post({ verifiableCredential }))

describe('POST /credentials/issue', () => {
  test.each([
    ['nothing asked for', undefined, 'eddsa-rdfc-2022', keyAgency],
    ['a Data Integrity proof', { type: 'DataIntegrityProof' }, 'eddsa-rdfc-2022', keyAgency],
    ['eddsa-jcs-2022', { cryptosuite: 'eddsa-jcs-2022' }, 'eddsa-jcs-2022', keyAgency],
    ['ecdsa-rdfc-2019', { cryptosuite: 'ecdsa-rdfc-2019' }, 'ecdsa-rdfc-2019', p256],
    ['ecdsa-jcs-2019', { cryptosuite: 'ecdsa-jcs-2019' }, 'ecdsa-jcs-2019', p256],
  ])('with %s signs what verifies, in the name of the key', async (_what, options, suite, signer) => {
    const issued = await issue(credential, options)
    expect(issued.status).toBe(201)
    const { verifiableCredential } = issued.json
    expect(verifiableCredential).toMatchObject({ ...credential, issuer: signer.controller })
    expect(verifiableCredential.proof).toMatchObject({
      type: 'DataIntegrityProof',
      cryptosuite: suite,
      created: now,
      proofPurpose: 'assertionMethod',
      verificationMethod: signer.verificationMethod,
    })
    const verified = await verify(verifiableCredential)
    expect([verified.status, verified.json.verified]).toEqual([200, true])
  })

  test('envelopes a JWT, which verifies', async () => {
    const issued = await issue(credential, { type: 'vc+jwt' })
    expect(issued.status).toBe(201)
    expect(issued.json.verifiableCredential).toMatchObject({ type: 'EnvelopedVerifiableCredential' })
    expect((await verify(issued.json.verifiableCredential)).json.verified).toBe(true)
  })

  test('signs for selective disclosure, of which a part can be derived and verified', async () => {
    const issued = await issue(credential, {
      cryptosuite: 'ecdsa-sd-2023',
      mandatoryPointers: ['/issuer', '/validFrom'],
    })
    expect(issued.status).toBe(201)
    const { verifiableCredential } = issued.json
    const base = await verify(verifiableCredential)
    expect([base.status, base.json.problemDetails[0].reason]).toEqual([422, 'proof_not_derived'])
    const derived = await ask('/credentials/derive', {
      verifiableCredential,
      options: { selectivePointers: ['/credentialSubject/name'] },
    })
    expect(derived.status).toBe(201)
    const shown = derived.json.verifiableCredential
    expect(shown).toMatchObject({ issuer: p256.controller, credentialSubject: { name: 'Wang' } })
    expect(shown.name).toBeUndefined()
    expect((await verify(shown)).json.verified).toBe(true)
  })
})

describe('what is not signed for', () => {
  test.each<[what: string, change: object, expected: object]>([
    [
      'another issuer',
      { issuer: 'did:example:other' },
      { title: 'MALFORMED_VALUE_ERROR', pointer: '/issuer' },
    ],
    ['an issuer that is a list', { issuer: [keyAgency.controller] }, { pointer: '/issuer' }],
    ['a proof that is there', { proof: { type: 'DataIntegrityProof' } }, { pointer: '/proof' }],
    ['no type', { type: undefined }, { pointer: '/type', rule: 'VCDM-2' }],
    ['a presentation', { type: ['VerifiablePresentation'] }, { pointer: '/type', rule: 'VCDM-2' }],
    [
      'version 1.1',
      { '@context': ['https://www.w3.org/2018/credentials/v1'], validFrom: undefined },
      { pointer: '/@context/0', rule: 'VCDM-1' },
    ],
    ['no context', { '@context': undefined }, { rule: 'VCDM-1' }],
    [
      'a context nobody has',
      { '@context': [v2, 'https://evil.example/v1'] },
      { fault: 'context_not_at_hand' },
    ],
    ['a context of its own', { '@context': [v2, { name: 'urn:x' }] }, { fault: 'context_not_accepted' }],
    ['no subject', { credentialSubject: undefined }, { rule: 'VCDM-6' }],
    ['a subject without a claim', { credentialSubject: {} }, { rule: 'VCDM-6' }],
    ['a date that is none', { validFrom: '2026-02-30T00:00:00Z' }, { rule: 'VCDM-7' }],
    ['an id that is no URL', { id: 'no url' }, { rule: 'VCDM-4' }],
    ['a status without a type', { credentialStatus: { id: 'urn:x:1' } }, { rule: 'VCDM-3' }],
    [
      'a term that no context defines',
      { favouriteColour: 'green' },
      { title: 'PROOF_TRANSFORMATION_ERROR', code: 'securing.no_canonical_form' },
    ],
  ])('%s', async (_what, change, expected) => {
    const reply = await issue({ ...credential, ...change })
    expect(reply.status).toBe(400)
    expect(reply.json).toMatchObject(expected)
  })

  test.each<[options: object, pointer: string]>([
    [{ cryptosuite: 'eddsa-2030' }, '/options'],
    [{ cryptosuite: 'Ed25519Signature2020' }, '/options'],
    [{ type: 'vp+jwt' }, '/options'],
    [{ type: 'vc+jwt', cryptosuite: 'eddsa-jcs-2022' }, '/options'],
    [{ mandatoryPointers: ['/issuer'] }, '/options/mandatoryPointers'],
    [{ proofPurpose: 'authentication' }, '/options'],
  ])('with %j', async (options, pointer) => {
    const reply = await issue(credential, options)
    expect([reply.status, reply.json.pointer]).toEqual([400, pointer])
  })

  test('a mandatory pointer that leads nowhere', async () => {
    const reply = await issue(credential, { cryptosuite: 'ecdsa-sd-2023', mandatoryPointers: ['/nothing'] })
    expect([reply.status, reply.json.code]).toEqual([400, 'securing.pointer_unmatched'])
  })

  test('a suite for which the named issuer has no key', async () => {
    const named = { ...credential, issuer: keyAgency.controller }
    expect((await issue(named, { cryptosuite: 'ecdsa-jcs-2019' })).status).toBe(400)
    expect((await issue(named, { cryptosuite: 'eddsa-jcs-2022' })).status).toBe(201)
  })

  test('an issuer that is an object keeps what it says of itself', async () => {
    const reply = await issue({ ...credential, issuer: { name: 'Club' } })
    expect(reply.json.verifiableCredential.issuer).toEqual({ name: 'Club', id: keyAgency.controller })
  })
})

describe('certificates of ours', () => {
  const badge = async () => {
    const { proof: _, ...unsigned } = JSON.parse((await sceneOf()).text)
    return unsigned
  }

  test('are signed where a verifier would read them, and then verify', async () => {
    const issued = await issue(await badge())
    expect(issued.status).toBe(201)
    const { trust, evidence } = await sceneOf()
    const verifier = serverWith({ trust, evidence })
    const verified = await verifier('/certificates/verify', post(issued.json.verifiableCredential))
    expect(verified.json.verified).toBe(true)
  })

  test('are refused where they contradict themselves or have no status', async () => {
    const unsigned = await badge()
    const raised = await issue({ ...unsigned, name: 'Another name' })
    expect([raised.status, raised.json.problemDetails[0].reason]).toEqual([400, 'badge_malformed'])
    const { credentialStatus: _, ...without } = unsigned
    const bare = await issue(without)
    expect([bare.status, bare.json.problemDetails[0].reason]).toEqual([400, 'status_missing'])
  })

  test('are refused where another live certificate has the number', async () => {
    const unsigned = await badge()
    const taken = memoryRegistry()
    await taken.reserve('key', () => ({
      id: 'urn:uuid:00000000-0000-4000-8000-0000000000ff',
      number: certificateOf(keyAgency).number,
      certificate: certificateOf(keyAgency),
      signing: { created: now, proofId: 'urn:uuid:1', suite: 'eddsa-rdfc-2022' },
    }))
    const other = serverWith({ issuer: { signers: [keyAgency], registry: taken } })
    const reply = await other('/credentials/issue', post({ credential: unsigned }, { token }))
    expect([reply.status, reply.json.code]).toEqual([409, 'registry.number_taken'])
  })
})

describe('POST /credentials/derive', () => {
  const derive = (verifiableCredential: unknown, selectivePointers: readonly string[]) =>
    ask('/credentials/derive', { verifiableCredential, options: { selectivePointers } })

  test('refuses what has no base proof, and pointers that lead nowhere', async () => {
    const whole = (await issue(credential)).json.verifiableCredential
    expect((await derive(whole, ['/name'])).json).toMatchObject({ status: 400, fault: 'proof_suite_unknown' })
    const base = (await issue(credential, { cryptosuite: 'ecdsa-sd-2023' })).json.verifiableCredential
    expect((await derive(base, ['/nothing'])).json).toMatchObject({
      status: 400,
      code: 'securing.pointer_unmatched',
    })
    expect((await derive(base, [])).json).toMatchObject({ status: 400, code: 'securing.nothing_shown' })
    expect((await derive({}, ['/name'])).json).toMatchObject({ status: 400, fault: 'proof_missing' })
  })

  test('two credentials share no key, so that nobody sees by it that they are of one holder', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => issue(credential, { cryptosuite: 'ecdsa-sd-2023' })))
    const values = [a, b].map((reply) => reply?.json.verifiableCredential.proof.proofValue as string)
    expect(values[0]).not.toBe(values[1])
  })
})

describe('POST /credentials/status', () => {
  const first = {
    id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    number: 'PT26-0001-11-3801-1-0000018-D',
  }
  const second = 'urn:uuid:00000000-0000-4000-8000-000000000001'
  const set = (credentialId: string, statusPurpose: string, status: boolean, reason: string) =>
    ask('/credentials/status', {
      credentialId,
      credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose, status }],
      reason,
    })

  test('suspends, reinstates and revokes, by number or id, and asking again changes nothing', async () => {
    const standing = async () => (await registry.findByNumber(first.number))?.standing
    const suspended = await set(first.number, 'suspension', true, 'under-investigation')
    expect([suspended.status, suspended.json]).toEqual([
      200,
      { credentialId: first.number, standing: 'suspended', at: now },
    ])
    const again = await set(first.id, 'suspension', true, 'under-investigation')
    expect([again.status, again.json]).toEqual([200, { credentialId: first.id, standing: 'suspended' }])
    expect((await set(first.id, 'suspension', false, 'under-investigation')).json.standing).toBe('live')
    expect(await standing()).toBe('live')
    expect((await set(first.id, 'revocation', true, 'holder-request')).json.standing).toBe('revoked')
    expect((await set(first.id, 'revocation', true, 'holder-request')).status).toBe(200)
    expect(await standing()).toBe('revoked')
    const changes = []
    for await (const { kind, reason, at } of registry.statusChanges()) changes.push([kind, reason, at])
    expect(changes).toEqual([
      ['suspend', 'under-investigation', now],
      ['reinstate', 'under-investigation', now],
      ['revoke', 'holder-request', now],
    ])
  })

  test('never undoes a revocation', async () => {
    expect((await set(second, 'revocation', true, 'cheating-grave')).status).toBe(200)
    for (const [purpose, status] of [
      ['revocation', false],
      ['suspension', true],
      ['suspension', false],
    ] as const) {
      const reply = await set(second, purpose, status, 'under-investigation')
      expect([reply.status, reply.json.type]).toEqual([
        409,
        'https://w3id.org/gradecert/problems#status_not_possible',
      ])
    }
  })

  test('knows nothing of what was not issued here', async () => {
    for (const id of ['PT26-0001-11-3801-1-9999999-X', 'urn:uuid:none'])
      expect((await set(id, 'revocation', true, 'holder-request')).status).toBe(404)
  })

  test('asks for a reason that fits', async () => {
    const reply = await set(second, 'revocation', true, 'under-investigation')
    expect([reply.status, reply.json.code]).toEqual([400, 'status.reason_unknown'])
  })

  test.each<[what: string, body: object]>([
    ['no entry', { credentialStatus: [] }],
    [
      'two entries',
      {
        credentialStatus: [1, 2].map(() => ({
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          status: true,
        })),
      },
    ],
    [
      'a purpose that no list here has',
      { credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'message', status: true }] },
    ],
    [
      'a status that is no boolean',
      {
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: 'true' }],
      },
    ],
    [
      'no reason',
      {
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
        reason: undefined,
      },
    ],
  ])('%s is malformed', async (_what, body) => {
    const reply = await ask('/credentials/status', {
      credentialId: second,
      reason: 'holder-request',
      ...body,
    })
    expect([reply.status, reply.json.title]).toEqual([400, 'MALFORMED_VALUE_ERROR'])
  })

  test('is no route where nothing is remembered', async () => {
    const forgetful = serverWith({ issuer: { signers: [keyAgency] } })
    expect((await forgetful('/credentials/status', post({}, { token }))).status).toBe(404)
  })
})

describe('POST /presentations/create', () => {
  const asked = { challenge: 'a-challenge', domain: 'hr.example' }
  const create = (more: object = {}, options: object = asked) =>
    ask('/presentations/create', {
      presentation: { '@context': [v2], type: ['VerifiablePresentation'], ...more },
      options,
    })

  test.each([
    ['a proof', {}],
    ['a proof of another key', { cryptosuite: 'ecdsa-rdfc-2019' }],
    ['a JWT', { type: 'vp+jwt' }],
  ])('signs with %s what the verifier who asked takes, and no other', async (_what, options) => {
    const issued = (await issue(credential)).json.verifiableCredential
    const created = await create({ verifiableCredential: [issued] }, { ...asked, ...options })
    expect(created.status).toBe(201)
    const { verifiablePresentation } = created.json
    const ask = (options: object) =>
      server('/presentations/verify', post({ verifiablePresentation, options }))
    expect((await ask(asked)).json.verified).toBe(true)
    expect((await ask({ ...asked, challenge: 'another' })).status).toBe(422)
  })

  test.each<[what: string, more: object, options: object | undefined, expected: object]>([
    ['another holder', { holder: 'did:example:other' }, undefined, { pointer: '/holder' }],
    ['a credential that is a text', { verifiableCredential: ['x'] }, undefined, { rule: 'VCDM-14' }],
    ['no challenge', {}, { domain: 'd' }, { pointer: '/options/challenge' }],
    ['no domain', {}, { challenge: 'c' }, { pointer: '/options/domain' }],
    ['a suite for credentials', {}, { ...asked, cryptosuite: 'ecdsa-sd-2023' }, { pointer: '/options' }],
    ['a credential', { type: ['VerifiableCredential'] }, undefined, { pointer: '/type' }],
  ])('refuses %s', async (_what, more, options, expected) => {
    const reply = await create(more, options)
    expect(reply.json).toMatchObject({ status: 400, ...expected })
  })
})

test('whatever comes to the routes that sign, the server is not at fault', async () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  const input = fc.oneof(
    fc.record(
      { credential: fc.record({ ...asJson(credential), extra: json, issuer: json }), options: json },
      { requiredKeys: ['credential'] },
    ),
    fc.record({ credential: json }),
    fc.record({ verifiableCredential: json, options: fc.constant({ selectivePointers: ['/a', '/issuer'] }) }),
    fc.record({ presentation: json, options: fc.constant({ challenge: 'c', domain: 'd' }) }),
    fc.record({ credentialId: json, credentialStatus: json, reason: json }),
  )
  const path = fc.constantFrom(
    '/credentials/issue',
    '/credentials/derive',
    '/presentations/create',
    '/credentials/status',
  )
  await fc.assert(
    fc.asyncProperty(path, input, async (path, value) => {
      expect((await ask(path, value)).status).toBeLessThan(500)
    }),
    { numRuns: 150 },
  )
})

/** Each member as it is, or replaced. */
const asJson = (members: object) =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      ),
    ]),
  )
