import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { verify, verifyCredential } from '../../src/verify/verify.ts'
import { at, keyAgency, now, sceneOf } from './scene.ts'

const url = 'https://words.example/v1'
const words = { '@context': { colour: 'https://words.example/colour' } }
const contexts = { [url]: words }
const document: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', url],
  type: ['VerifiableCredential'],
  issuer: keyAgency.controller,
  credentialSubject: { id: 'did:example:subject', colour: 'red' },
}

const signed = async (suite: 'eddsa-jcs-2022' | 'eddsa-rdfc-2022'): Promise<string> => {
  const known = new Map<string, { readonly load: () => Promise<JsonObject> }>([
    ...contextTable(),
    [url, { load: async (): Promise<JsonObject> => words }],
  ])
  const created = at('2026-05-30T00:00:00Z')
  return JSON.stringify(await addProof(document, { signer: keyAgency, suite, created, contexts: known }))
}

test.each(['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const)(
  'VCDM-19: a credential in words of its own under %s is judged once the caller gives the words',
  async (suite) => {
    const text = await signed(suite)
    expect(await verifyCredential(text, { now, contexts })).toMatchObject({ verdict: 'valid' })
    expect(await verifyCredential(text, { now })).toMatchObject({
      verdict: 'undetermined',
      checks: { format: { outcome: 'unknown', reason: 'context_not_at_hand', detail: url } },
    })
  },
)

test('VCDM-19: a term that no context gives a meaning is refused, whatever secures the credential', async () => {
  const text = await signed('eddsa-jcs-2022')
  expect(await verifyCredential(text, { now, contexts: { [url]: { '@context': {} } } })).toMatchObject({
    verdict: 'invalid',
    checks: { format: { outcome: 'fail', reason: 'data_loss' } },
  })
})

test('a context that is known keeps its meaning, whatever the caller gives under its address', async () => {
  const v2 = 'https://www.w3.org/ns/credentials/v2'
  const text = await signed('eddsa-rdfc-2022')
  const other = { ...contexts, [v2]: { '@context': { issuer: 'https://words.example/nobody' } } }
  expect(await verifyCredential(text, { now, contexts: other })).toMatchObject({ verdict: 'valid' })
})

test('what the caller gives counts for no certificate: its four contexts are known', async () => {
  const { text, trust, evidence } = await sceneOf()
  const moved = JSON.stringify({
    ...JSON.parse(text),
    '@context': [...JSON.parse(text)['@context'].slice(0, 3), url],
  })
  expect(await verify(moved, { now, trust, evidence, contexts })).toMatchObject({
    verdict: 'undetermined',
    checks: { format: { outcome: 'unknown', reason: 'context_not_at_hand' } },
  })
})

test('trap 2: under RDF an end in a second object of the credential’s id hides nothing', async () => {
  const id = 'urn:uuid:11111111-2222-4333-8444-555555555555'
  const known = contextTable()
  const plain = {
    ...document,
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id,
    credentialSubject: { id: 'did:example:s', name: 'x' },
  }
  const options = {
    signer: keyAgency,
    suite: 'eddsa-rdfc-2022',
    created: at('2026-05-30T00:00:00Z'),
    contexts: known,
  } as const
  const signedWhole = await addProof({ ...plain, validUntil: '2026-05-31T00:00:00Z' }, options)
  expect(await verifyCredential(JSON.stringify(signedWhole), { now })).toMatchObject({
    verdict: 'invalid',
    checks: { validity: { reason: 'expired' } },
  })
  const { validUntil, ...rest } = signedWhole
  const moved = {
    ...rest,
    termsOfUse: [{ id, type: ['VerifiableCredential'], validUntil: validUntil as string }],
  }
  expect((await verifyCredential(JSON.stringify(moved), { now })).checks.format).toMatchObject({
    outcome: 'fail',
    reason: 'context_not_accepted',
  })
})
