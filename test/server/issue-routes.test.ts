import { beforeAll, describe, expect, test } from 'vitest'
import { signerOfSeed } from '../../src/key/signer.ts'
import { memoryRegistry } from '../../src/registry/memory.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { certificateOf, keyAgency } from '../verify/scene.ts'
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
