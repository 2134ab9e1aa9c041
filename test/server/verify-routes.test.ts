import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { signVcJwt } from '../../src/securing/vc-jwt.ts'
import { now, type Scene, sceneOf, stranger } from '../verify/scene.ts'
import { post, type Server, serverWith } from './requests.ts'

let scene: Scene
let server: Server
/** A server that was given no evidence. */
let bare: Server
beforeAll(async () => {
  scene = await sceneOf()
  const { trust, evidence } = scene
  server = serverWith({ trust, evidence })
  bare = serverWith({ trust })
})

const membership = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://www.w3.org/ns/credentials/undefined-terms/v2',
  ],
  type: ['VerifiableCredential'],
  issuer: stranger.controller,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:subject', memberOf: 'A club' },
}
const changed = () => ({ ...JSON.parse(scene.text), name: 'Another name' })

describe('POST /certificates/verify', () => {
  test.each(['application/vc', 'application/json', 'application/ld+json', 'application/vc; charset=utf-8'])(
    'answers a good certificate sent as %s with its report',
    async (type) => {
      const reply = await server('/certificates/verify', { body: scene.text, type })
      expect(reply.status).toBe(200)
      expect(reply.json.verified).toBe(true)
      expect(reply.json.report).toMatchObject({ verdict: 'valid', checkedAt: now })
      expect(reply.json.report.certificate.number).toBe('PT26-0001-11-3801-1-0000017-G')
      expect(reply.headers.get('cache-control')).toBe('no-store')
    },
  )

  test('answers a certificate that fails with 200 and the check that fails', async () => {
    const reply = await server('/certificates/verify', post(changed()))
    expect(reply.status).toBe(200)
    expect(reply.json.verified).toBe(false)
    expect(reply.json.report.verdict).toBe('invalid')
    expect(reply.json.report.checks.proof).toMatchObject({ outcome: 'fail', reason: 'signature_mismatch' })
  })

  test('takes what the one who asks has gathered beside the certificate', async () => {
    const evidence = JSON.parse(evidenceFileText(scene.evidence))
    const certificate = JSON.parse(scene.text)
    const without = await bare('/certificates/verify', post({ certificate }))
    const beside = await bare('/certificates/verify', post({ certificate, evidence }))
    expect([without.json.report.verdict, beside.json.report.verdict]).toEqual(['undetermined', 'valid'])
    expect(
      (await bare('/certificates/verify', post({ certificate: scene.text, evidence }))).json.verified,
    ).toBe(true)
  })

  test.each([
    ['application/vc+jwt'],
    ['application/jwt'],
    ['application/dc+sd-jwt'],
    ['application/vc+sd-jwt'],
  ])('reports on a token sent as %s', async (type) => {
    const token = await signVcJwt(membership, { signer: stranger, kind: 'vc', created: now })
    const reply = await server('/certificates/verify', { body: token, type })
    expect(reply.status).toBe(200)
    expect(reply.json).toMatchObject({
      verified: false,
      report: { checks: { format: { outcome: 'fail', reason: 'context_not_accepted' } } },
    })
  })

  test.each<[what: string, body: string | Uint8Array<ArrayBuffer>, type: string, fault: string]>([
    ['half a document', '{"a":', 'application/json', 'not_json'],
    ['nothing', '', 'application/vc', 'not_json'],
    ['a name given twice', '{"a":1,"a":2}', 'application/vc', 'duplicate_name'],
    ['a name of prototypes', '{"__proto__":1}', 'application/json', 'forbidden_name'],
    ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe), 'application/vc', 'invalid_utf8'],
    ['a token that is no UTF-8', Uint8Array.of(0xff, 0xfe), 'application/vc+jwt', 'invalid_utf8'],
  ])('refuses %s as malformed', async (_what, body, type, fault) => {
    const reply = await server('/certificates/verify', { body, type })
    expect(reply.status).toBe(400)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.json).toMatchObject({
      type: 'https://www.w3.org/TR/vc-data-model#PARSING_ERROR',
      title: 'PARSING_ERROR',
      status: 400,
      fault,
    })
  })

  test('refuses evidence of another shape, and members it does not know', async () => {
    const certificate = JSON.parse(scene.text)
    const evidence = await server('/certificates/verify', post({ certificate, evidence: { type: 'x' } }))
    expect(evidence.status).toBe(400)
    expect(evidence.json.code).toBe('evidence.file_malformed')
    const more = await server('/certificates/verify', post({ certificate, trust: {} }))
    expect(more.status).toBe(400)
    expect(more.json.title).toBe('MALFORMED_VALUE_ERROR')
  })
})

test('malformed bodies are never the fault of the server, whatever they are', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((value) => JSON.stringify({ verifiableCredential: value, options: value })),
    fc.jsonValue().map((value) => JSON.stringify({ certificate: value, evidence: value })),
    fc.jsonValue().map((value) =>
      JSON.stringify({
        verifiablePresentation: { type: value, verifiableCredential: value },
        options: { binding: 'not-asked' },
      }),
    ),
  )
  const path = fc.constantFrom('/certificates/verify', '/credentials/verify', '/presentations/verify')
  await fc.assert(
    fc.asyncProperty(path, body, async (path, body) => {
      expect([200, 400, 422]).toContain((await server(path, { body, method: 'POST' })).status)
    }),
    { numRuns: 150 },
  )
})
