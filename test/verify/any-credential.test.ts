import { describe, expect, test, vi } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { contextUrls } from '../../src/credential/contexts.ts'
import { schemaCredentialSchemaUrl } from '../../src/credential/json-schema.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { enveloped } from '../../src/securing/envelope.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import { type CheckId, type CredentialReport, checkIds } from '../../src/verify/report.ts'
import { type VerifyOptions, verifyCredential } from '../../src/verify/verify.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'
import { at, keyAgency, now, sign, stranger } from './scene.ts'

const judge = (text: string | JsonObject, options: VerifyOptions = {}): Promise<CredentialReport> =>
  verifyCredential(typeof text === 'string' ? text : JSON.stringify(text), { now, ...options })

/** The checks that neither pass nor are skipped: `issuer fail key_ended`. */
const objections = ({ checks }: CredentialReport): readonly string[] =>
  checkIds.flatMap((id: CheckId) => {
    const check = checks[id]
    return check.outcome === 'fail' || check.outcome === 'unknown'
      ? [`${id} ${check.outcome} ${check.reason}`]
      : []
  })

const [v2, v1] = [contextUrls['credentials/v2'], contextUrls['credentials/v1']]
const undefinedTerms = contextUrls['credentials/undefined-terms/v2']
const issuer = keyAgency.controller
const document: JsonObject = {
  '@context': [v2, undefinedTerms],
  id: 'urn:uuid:66666666-2222-4333-8444-555555555555',
  type: ['VerifiableCredential'],
  issuer,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', memberOf: 'A club', since: 2026 },
}
const signed = (change: object = {}, signer = keyAgency): Promise<JsonObject> =>
  sign({ ...document, ...change } as JsonObject, signer)

describe('a credential of any type', () => {
  test('is valid by its issuer’s own word, and nobody is asked whether the issuer may', async () => {
    const report = await judge(await signed())
    expect(report).toMatchObject({ verdict: 'valid', credential: document })
    expect(report.checks).toMatchObject({
      format: { outcome: 'pass', facts: { form: 'data-integrity' } },
      schema: { outcome: 'skipped', because: 'no_schema_at_hand' },
      status: { outcome: 'skipped', because: 'no_status' },
      trust: { outcome: 'skipped', because: 'not_asked' },
    })
  })

  test('VCDM-16: is refused where nobody signed it', async () => {
    expect(objections(await judge(document))).toEqual([
      'issuer unknown method_not_found',
      'proof fail proof_missing',
    ])
  })

  test.each<[what: string, change: object, found: readonly string[]]>([
    ['has run out', { validUntil: '2026-05-31T00:00:00Z' }, ['validity fail expired']],
    ['has not begun', { validFrom: '2026-06-02T00:00:00Z' }, ['validity fail not_yet_valid']],
    [
      'names a context that nobody has',
      { '@context': [v2, 'https://words.example/v1'] },
      ['format unknown context_not_at_hand'],
    ],
    [
      'brings a context of its own',
      { '@context': [v2, { memberOf: 'https://words.example/m' }] },
      ['format fail context_not_accepted'],
    ],
    ['has terms that no context maps', { '@context': [v2] }, ['format fail data_loss']],
    [
      'has an issuer of no kind that has keys',
      { issuer: 'urn:uuid:1' },
      ['format fail credential_malformed'],
    ],
    [
      'has a status of a kind that nobody knows',
      { credentialStatus: { type: 'https://status.example/Other' } },
      ['status unknown status_type_unknown'],
    ],
  ])('that %s', async (_what, change, found) => {
    const report = await judge(await signed(change))
    const format = found.filter((line) => line.startsWith('format'))
    expect(objections(report).filter((line) => format.length === 0 || line.startsWith('format'))).toEqual(
      found,
    )
    expect(report.verdict).toBe(found.some((line) => line.includes(' fail ')) ? 'invalid' : 'undetermined')
  })

  const entry = { id: 'https://r.example/1', type: 'T' }
  test.each<[rule: string, what: string, change: object, pointer: string]>([
    ['VCDM-1', 'another first context', { '@context': [undefinedTerms, v2] }, '/@context/0'],
    ['VCDM-2', 'no type of a credential', { type: ['T'] }, '/type'],
    ['VCDM-3', 'evidence without a type', { evidence: [{ id: 'https://r.example/1' }] }, '/evidence/0/type'],
    ['VCDM-4', 'an id that is no URL', { id: 'no url' }, '/id'],
    ['VCDM-5', 'an issuer without an id', { issuer: { name: 'A' } }, '/issuer/id'],
    ['VCDM-6', 'a subject that says nothing', { credentialSubject: {} }, '/credentialSubject'],
    ['VCDM-7', 'a date that is none', { validFrom: '2026-02-30T00:00:00Z' }, '/validFrom'],
    [
      'VCDM-8',
      'a schema without an id',
      { credentialSchema: { type: 'JsonSchema' } },
      '/credentialSchema/id',
    ],
    ['VCDM-9', 'a name that is a number', { name: 7 }, '/name'],
    ['VCDM-10', 'a resource without a digest', { relatedResource: [entry] }, '/relatedResource/0'],
    [
      'VCDM-12',
      'undefined terms before another context',
      { '@context': [v2, undefinedTerms, contextUrls['open-badges/3.0.3']] },
      '/@context/1',
    ],
    ['VCDM-13', 'a word of version 1.1', { issuanceDate: '2026-01-01T00:00:00Z' }, '/issuanceDate'],
  ])('%s: is malformed with %s', async (rule, _what, change, pointer) => {
    const { verdict, checks } = await judge(await signed(change))
    expect(verdict).toBe('invalid')
    expect(checks.format).toMatchObject({ outcome: 'fail', reason: 'credential_malformed' })
    expect(checks.format).toHaveProperty('detail', expect.stringContaining(`${rule}, ${pointer}: `))
  })
})

describe('a credential of version 1.1', () => {
  const old = (change: object = {}): Promise<JsonObject> => {
    const { validFrom: _, ...rest } = document
    return sign(
      {
        ...rest,
        '@context': [v1, contextUrls['open-badges/3.0.0']],
        issuanceDate: '2026-01-01T00:00:00Z',
        credentialSubject: { id: 'did:example:subject', type: 'AchievementSubject' },
        ...change,
      } as JsonObject,
      keyAgency,
    )
  }
  const inWords = (change: object) => old({ '@context': [v1, undefinedTerms], ...change })

  test.each<[what: string, change: object, found: readonly string[]]>([
    ['is read by its own words', {}, []],
    ['has run out', { expirationDate: '2026-05-31T00:00:00Z' }, ['validity fail expired']],
    ['has not begun', { issuanceDate: '2026-06-02T00:00:00Z' }, ['validity fail not_yet_valid']],
  ])('VCDM-7: %s', async (_what, change, found) => {
    expect(objections(await judge(await inWords(change)))).toEqual(found)
  })

  test('VCDM-7: has to say when it was issued', async () => {
    expect((await judge(await inWords({ issuanceDate: undefined }))).checks.format).toMatchObject({
      reason: 'credential_malformed',
      detail: expect.stringContaining('VCDM-7, /issuanceDate: '),
    })
  })
})

describe('a credential in an envelope', () => {
  const token = () =>
    signVcJwt(document, { signer: keyAgency, kind: 'vc', created: at('2026-05-01T00:00:00Z') })

  test('VCDM-15: is the credential that is in it', async () => {
    const report = await judge(enveloped(await token(), 'application/vc+jwt'))
    expect(report).toMatchObject({ verdict: 'valid', credential: document })
    expect(report.checks.format).toMatchObject({ facts: { form: 'jwt' } })
  })

  test.each<[what: string, change: (envelope: JsonObject) => JsonObject, reason: string]>([
    ['says more than it may', (one) => ({ ...one, issuer }), 'envelope_malformed'],
    [
      'is of another media type',
      (one) => ({ ...one, id: String(one.id).replace('vc+jwt', 'dc+sd-jwt') }),
      'envelope_media_type',
    ],
    ['holds no token', (one) => ({ ...one, id: 'data:application/vc+jwt,x' }), 'envelope_malformed'],
    ['is no data URL', (one) => ({ ...one, id: 'https://r.example/1' }), 'envelope_media_type'],
    ['has another context', (one) => ({ ...one, '@context': [v2, undefinedTerms] }), 'envelope_malformed'],
  ])('VCDM-15: is refused where the envelope %s', async (_what, change, reason) => {
    expect(objections(await judge(change(enveloped(await token(), 'application/vc+jwt'))))).toEqual([
      `format fail ${reason}`,
    ])
  })
})

const sriOf = async (text: string): Promise<string> =>
  `sha384-${Buffer.from(await crypto.subtle.digest('SHA-384', utf8(text))).toString('base64')}`
const schemaItem = (id: string, text: string): EvidenceItem => ({
  kind: 'schema',
  url: id,
  document: { id, text },
})

describe('resources that a credential names by digest', () => {
  const id = 'https://r.example/1'
  const text = '{"a":1}\n'

  test.each<[what: string, at: readonly EvidenceItem[], found: readonly string[], facts?: JsonObject]>([
    ['are checked where they are at hand', [schemaItem(id, text)], [], { resources: [id], unchecked: [] }],
    ['are named as unchecked where they are not', [], [], { resources: [], unchecked: [id] }],
    [
      'are not known where something else was brought',
      [schemaItem(id, '{"a":1}')],
      ['format unknown resource_mismatch'],
    ],
  ])('VCDM-11: %s', async (_what, items, found, facts) => {
    const relatedResource = [{ id, digestSRI: await sriOf(text) }]
    const report = await judge(await signed({ relatedResource }), { evidence: { items } })
    expect(objections(report)).toEqual(found)
    if (facts !== undefined) expect(report.checks.format).toMatchObject({ facts })
  })
})

describe('the schemas that a credential names', () => {
  const id = 'https://schemas.example/1'
  const draft = 'https://json-schema.org/draft/2020-12/schema'
  const needing = (...names: readonly string[]): JsonObject => ({
    $schema: draft,
    $id: id,
    type: 'object',
    properties: { credentialSubject: { type: 'object', required: [...names] } },
  })
  const holding = JSON.stringify(needing('memberOf'))
  const broken = JSON.stringify(needing('memberOf', 'rank'))
  const elsewhere = JSON.stringify({ $schema: draft, $id: id, $ref: 'https://schemas.example/2' })

  const nameless = JSON.stringify({ ...needing('memberOf'), $id: undefined })

  type Row = [what: string, text: string | null, digested: string | null, schema: object]
  test.each<Row>([
    ['holds', holding, holding, { outcome: 'pass', facts: { checked: [id], unchecked: [] } }],
    [
      'is violated',
      broken,
      broken,
      { outcome: 'fail', reason: 'schema_violated', detail: expect.stringContaining('/credentialSubject') },
    ],
    [
      'is at hand with other bytes',
      holding,
      broken,
      { outcome: 'unknown', reason: 'schema_not_believed', detail: `${id}: schema_digest_mismatch` },
    ],
    [
      'is no JSON',
      'x',
      'x',
      { outcome: 'unknown', reason: 'schema_not_believed', detail: `${id}: schema_unreadable` },
    ],
    [
      'refers to another',
      elsewhere,
      elsewhere,
      { outcome: 'unknown', reason: 'schema_indeterminate', detail: expect.stringContaining(id) },
    ],
    [
      'does not say its name',
      nameless,
      nameless,
      { outcome: 'unknown', reason: 'schema_indeterminate', detail: `${id}: schema_id_missing` },
    ],
    ['is not at hand', null, holding, { outcome: 'skipped', because: 'no_schema_at_hand' }],
    [
      'has no digest, so that nobody knows which is meant',
      broken,
      null,
      { outcome: 'skipped', because: 'no_schema_at_hand' },
    ],
  ])('JsonSchema: one that %s', async (_what, text, digested, schema) => {
    const digestSRI = digested === null ? undefined : await sriOf(digested)
    const credentialSchema = { id, type: 'JsonSchema', ...(digestSRI !== undefined && { digestSRI }) }
    const evidence = { items: text === null ? [] : [schemaItem(id, text)] }
    const { verdict, checks } = await judge(await signed({ credentialSchema }), { evidence })
    expect(checks.schema).toEqual(schema)
    const { outcome } = checks.schema
    expect(verdict).toBe(outcome === 'fail' ? 'invalid' : outcome === 'unknown' ? 'undetermined' : 'valid')
  })

  test('JsonSchema: a digest that is none', async () => {
    const credentialSchema = { id, type: 'JsonSchema', digestSRI: 'sha384-x' }
    expect((await judge(await signed({ credentialSchema }))).checks.schema).toEqual({
      outcome: 'fail',
      reason: 'schema_entry_malformed',
      detail: id,
    })
  })

  /** A credential that holds a schema, before it is signed. */
  const carrying = async (jsonSchema: Json, change: object = {}): Promise<JsonObject> =>
    ({
      '@context': [v2],
      id,
      type: ['VerifiableCredential', 'JsonSchemaCredential'],
      issuer: stranger.controller,
      validFrom: '2026-01-01T00:00:00Z',
      credentialSchema: { id: schemaCredentialSchemaUrl, type: 'JsonSchema', digestSRI: await sriOf('x') },
      credentialSubject: { id: 'https://schemas.example/1#schema', type: 'JsonSchema', jsonSchema },
      ...change,
    }) as JsonObject
  const held = async (jsonSchema: Json, change: object = {}, signer = stranger): Promise<string> =>
    JSON.stringify(await sign(await carrying(jsonSchema, change), signer))
  const refused = { outcome: 'unknown', reason: 'schema_not_believed', detail: id }
  const webAuthor = signerOfSeed(new Uint8Array(32).fill(41), {
    verificationMethod: 'did:web:schemas.example#k1',
  })
  const ofWeb = { issuer: webAuthor.controller }

  test.each<[what: string, text: () => Promise<string>, schema: object]>([
    ['holds', () => held(needing('memberOf')), { outcome: 'pass', facts: { checked: [id], unchecked: [] } }],
    [
      'is violated',
      () => held(needing('rank')),
      { outcome: 'fail', reason: 'schema_violated', detail: expect.stringContaining('/credentialSubject') },
    ],
    ['nobody signed', async () => JSON.stringify(await carrying(needing('rank'))), refused],
    ['another signed', () => held(needing('rank'), {}, keyAgency), refused],
    ['was changed', async () => (await held(needing('rank'))).replace('rank', 'name'), refused],
    ['has run out', () => held(needing('rank'), { validUntil: '2026-05-01T00:00:00Z' }), refused],
    ['is no such credential', () => held(needing('rank'), { type: ['VerifiableCredential'] }), refused],
    ['holds no schema', () => held('x'), refused],
    ['is of an issuer whose key is not at hand', () => held(needing('memberOf'), ofWeb, webAuthor), refused],
  ])('JsonSchemaCredential: one that %s', async (_what, text, schema) => {
    const made = await text()
    const credentialSchema = { id, type: 'JsonSchemaCredential', digestSRI: await sriOf(made) }
    const evidence = { items: [schemaItem(id, made)] }
    const { checks } = await judge(await signed({ credentialSchema }), { evidence })
    expect(checks.schema).toEqual(schema)
  })

  test('are fetched with the document of whoever signed them', async () => {
    const made = await held(needing('memberOf'), ofWeb, webAuthor)
    const { controller, verificationMethod, multikey } = webAuthor
    const answers: Readonly<Record<string, string>> = {
      [id]: made,
      'https://schemas.example/.well-known/did.json': JSON.stringify({
        id: controller,
        verificationMethod: [
          { id: verificationMethod, type: 'Multikey', controller, publicKeyMultibase: multikey },
        ],
        assertionMethod: [verificationMethod],
      }),
    }
    const fetch = vi.fn<Fetch>(
      async (url) => new Response(answers[url] ?? '', { status: answers[url] ? 200 : 404 }),
    )
    const credentialSchema = { id, type: 'JsonSchemaCredential' }
    const report = await judge(await signed({ credentialSchema }), { fetch })
    expect(report.checks.schema).toEqual({ outcome: 'pass', facts: { checked: [id], unchecked: [] } })
    expect(report.verdict).toBe('valid')
  })
})

describe.skipIf(!sharedIsHere)('published credentials', () => {
  const file = (path: string): JsonObject => (sharedIsHere ? sharedJson(`vectors/${path}`) : {})
  const examples = 'https://www.w3.org/ns/credentials/examples/v2'
  const citizenship = 'https://w3id.org/citizenship/v4rc1'
  const contexts = {
    [examples]: file('contexts/credentials/examples/v2'),
    'https://www.w3.org/2018/credentials/examples/v1': file('contexts/credentials/examples/v1'),
    [citizenship]: file('contexts/citizenship/v4rc1.jsonld'),
  }

  const unsigned = ['issuer unknown method_not_found', 'proof fail proof_missing']
  /** Examples of the suites: whoever signs them is not the issuer that they name, which DI-7 does not let pass. */
  const byAnother = ['issuer fail method_of_another_controller', 'proof unknown key_unknown']
  const ownContext = ['format fail context_not_accepted']
  const notThere = ['issuer unknown did_not_at_hand', 'proof unknown key_unknown']
  const numericIndex = [...notThere, 'status fail status_malformed']

  test.each<[path: string, missing: string | null, found: readonly string[]]>([
    ['di-eddsa/eddsa-jcs-2022/signedJCS.json', examples, byAnother],
    ['di-eddsa/eddsa-rdfc-2022/signedDataInt.json', examples, byAnother],
    ['di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json', citizenship, byAnother],
    ['di-eddsa/Ed25519Signature2020/signedEdSig.json', examples, byAnother],
    ['di-eddsa/proof-set-chain/signedProofSet1.json', examples, byAnother],
    ['di-eddsa/proof-set-chain/signedProofSet2.json', examples, byAnother],
    ['di-eddsa/proof-set-chain/signedProofChain1.json', examples, byAnother],
    ['di-eddsa/proof-set-chain/signedProofChain2.json', examples, byAnother],
    ['di-eddsa/proof-set-chain/proofChainTempDoc1.json', examples, byAnother],
    [
      'di-eddsa/proof-set-chain/proofChainTempDoc2.json',
      examples,
      ['issuer unknown method_not_found', 'proof fail proof_chain_broken'],
    ],
    ['di-eddsa/proof-set-chain/unsigned.json', examples, unsigned],
    ['di-eddsa/unsigned.json', examples, unsigned],
    ['di-eddsa/employmentAuth.json', citizenship, unsigned],
    ['di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json', examples, byAnother],
    ['di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json', examples, byAnother],
    ['di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json', examples, byAnother],
    ['di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json', examples, byAnother],
    ['di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json', citizenship, byAnother],
    ['di-ecdsa/ecdsa-rdfc-2019-p384/employ/signedECDSAP384.json', citizenship, byAnother],
    ['di-ecdsa/ecdsa-sd-2023/employ/addSignedSDBase.json', citizenship, byAnother],
    ['di-ecdsa/ecdsa-sd-2023/employ/derivedRevealDocument.json', citizenship, byAnother],
    ['di-ecdsa/ecdsa-sd-2023/employ/derivedUnsignedReveal.json', citizenship, unsigned],
    ['di-ecdsa/ecdsa-sd-2023/prc/addSignedSDBase.json', citizenship, [...byAnother, 'validity fail expired']],
    [
      'di-ecdsa/ecdsa-sd-2023/prc/derivedRevealDocument.json',
      citizenship,
      [...byAnother, 'validity fail expired'],
    ],
    [
      'di-ecdsa/ecdsa-sd-2023/prc/derivedUnsignedReveal.json',
      citizenship,
      [...unsigned, 'validity fail expired'],
    ],
    ['di-ecdsa/employmentAuth.json', citizenship, unsigned],
    ['di-ecdsa/prCredUnsigned.json', citizenship, [...unsigned, 'validity fail expired']],
    ['di-ecdsa/unsigned.json', examples, unsigned],
    ['di-ecdsa/test-suite/tests/mocks/achievement/vc1.1/document.json', null, ownContext],
    ['di-ecdsa/test-suite/tests/mocks/achievement/vc2.0/document.json', null, ownContext],
    ['di-ecdsa/test-suite/tests/mocks/valid/vc1.1/document.json', null, ownContext],
    ['di-ecdsa/test-suite/tests/mocks/valid/vc2.0/document.json', null, ['format fail credential_malformed']],
    ['bitstring-status-list/1edtech/testlist', null, notThere],
    ['bitstring-status-list/1edtech/credential-status-revoked.json', null, numericIndex],
    ['bitstring-status-list/1edtech/credential-status-revoked-blank-nodes.json', null, numericIndex],
    [
      'sd-jwt-vc/oid4vp-examples/credentials/ldp_vc.json',
      'https://www.w3.org/2018/credentials/examples/v1',
      ['format fail data_loss', 'issuer unknown did_method_unknown', 'proof unknown key_unknown'],
    ],
  ])('DI-7: %s', async (path, missing, found) => {
    const text = sharedText(`vectors/${path}`)
    if (missing !== null) {
      const bare = await judge(text)
      expect(bare.checks.format).toEqual({
        outcome: 'unknown',
        reason: 'context_not_at_hand',
        detail: missing,
      })
      expect(bare.verdict).toBe('undetermined')
    }
    const report = await judge(text, { contexts })
    expect(objections(report)).toEqual(found)
    expect(report.verdict).not.toBe('valid')
  })

  const answering =
    (answers: Readonly<Record<string, JsonObject>>): Fetch =>
    async (url) =>
      answers[url] === undefined ? new Response('', { status: 404 }) : Response.json(answers[url])

  test.each([
    ['credential-status-revoked.json', ['status fail status_malformed']],
    ['credential-status-revoked-blank-nodes.json', ['status fail status_malformed']],
    ['testlist', []],
  ])('of 1EdTech hold under the key of their issuer: %s', async (name, found) => {
    const [id, key] = [
      'https://1edtech.edu/issuers/565049',
      'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi',
    ]
    const method = { id: `${id}#${key}`, type: 'Multikey', controller: id, publicKeyMultibase: key }
    const fetch = answering({ [id]: { id, verificationMethod: [method], assertionMethod: [method.id] } })
    const report = await judge(sharedText(`vectors/bitstring-status-list/1edtech/${name}`), { fetch })
    expect(report.checks).toMatchObject({ issuer: { outcome: 'pass' }, proof: { outcome: 'pass' } })
    expect(objections(report)).toEqual(found)
  })

  test('of RFC 9901: an SD-JWT VC under the key that its issuer lists; others are no VC', async () => {
    const { a1, a3, s5_2: presented, keys } = sharedJson('vectors/sd-jwt/rfc9901.json')
    const { d: _, ...jwk } = keys.issuer
    const issuer = 'https://pid-issuer.bund.de.example'
    const fetch = answering({
      [`${issuer}/.well-known/jwt-vc-issuer`]: { issuer, jwks: { keys: [jwk] } },
    })
    const report = await judge(a3.compact, { fetch })
    expect(report).toMatchObject({ verdict: 'valid', credential: a3.processed })
    expect(objections(await judge(a3.compact))).toEqual([
      'issuer unknown issuer_metadata_not_at_hand',
      'proof unknown key_unknown',
    ])
    for (const { compact } of [a1, presented]) {
      expect(objections(await judge(compact, { fetch }))).toEqual(['format fail context_not_accepted'])
    }
  })
})
