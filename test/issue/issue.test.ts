import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import { type JsonObject, parseJson } from '../../src/base/json.ts'
import type { Certificate, CertificateDraft } from '../../src/certificate/certificate.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { contextV1Text } from '../../src/credential/published-texts.ts'
import { type IssueOptions, issue, type Secured } from '../../src/issue/issue.ts'
import { type Signer, signerOfSeed } from '../../src/key/signer.ts'
import { openDataIntegrity, verifyProof } from '../../src/securing/data-integrity.ts'
import {
  exampleAgency,
  exampleCertificate,
  exampleCompletion,
  exampleForm,
  exampleNotice,
  exampleStatus,
  fullCertificate,
} from '../certificates.ts'

const seed = new Uint8Array(32).fill(9)
const signer = signerOfSeed(seed, { verificationMethod: `${exampleAgency.id}#key-1` })
const created = '2026-01-25T01:00:00Z' as Instant
const proofId = 'urn:uuid:5a0c0a3e-7c7b-4a5d-8f0a-0d9f3f1f7e11'
const fixed = { signer, status: exampleStatus, created, proofId }

const documentOf = ({ text }: Secured): JsonObject => {
  const parsed = parseJson(text)
  if (!parsed.ok) throw new Error(parsed.detail)
  return parsed.value as JsonObject
}

/** Whether every proof of a secured certificate is by the key above. */
async function isSigned(secured: Secured, contexts = contextTable()): Promise<boolean> {
  const opening = openDataIntegrity(documentOf(secured))
  if (!opening.ok) return false
  const { document, proofs, all } = opening.opened
  const results = await Promise.all(
    proofs.map((proof) => verifyProof(document, proof, { key: signer.publicKey, all, contexts })),
  )
  return results.every(({ ok }) => ok)
}

describe('an issued certificate', () => {
  test.each<[what: string, certificate: Certificate]>([
    ['an everyday one', exampleCertificate],
    ['one with every member', fullCertificate],
    ['a notice', exampleNotice],
    ['a completion', { ...exampleCompletion, issuer: exampleAgency }],
  ])('OB-15: is its badge with one proof, on one line: %s', async (_what, certificate) => {
    const secured = await issue(certificate, fixed)
    const { proof, ...badge } = documentOf(secured)
    expect(secured.mediaType).toBe('application/vc')
    expect(secured.text).not.toMatch(/[\r\n]/)
    expect(badge).toEqual(toBadge(certificate, exampleForm))
    expect(proof).toEqual({
      id: proofId,
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created,
      verificationMethod: 'did:web:cert.agency.example#key-1',
      proofPurpose: 'assertionMethod',
      proofValue: expect.stringMatching(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/),
    })
    expect(await isSigned(secured)).toBe(true)
  })

  test('has the same bytes whenever it is signed with the same options', async () => {
    expect(await issue(fullCertificate, fixed)).toEqual(await issue(fullCertificate, fixed))
  })

  test('has a proof with a random id, dated now, where nothing is said of them', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const proofs = await Promise.all(
      [1, 2].map(
        async () =>
          documentOf(await issue(exampleCertificate, { signer })).proof as { id: string; created: string },
      ),
    )
    const after = Date.now()
    for (const { id, created: at } of proofs) {
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4/)
      expect(Date.parse(at)).toBeGreaterThanOrEqual(before)
      expect(Date.parse(at)).toBeLessThanOrEqual(after)
    }
    expect(proofs[0]?.id).not.toBe(proofs[1]?.id)
  })

  test('may be secured with eddsa-jcs-2022', async () => {
    const secured = await issue(exampleCertificate, { ...fixed, suite: 'eddsa-jcs-2022' })
    expect(documentOf(secured)).toMatchObject({
      proof: { cryptosuite: 'eddsa-jcs-2022', '@context': documentOf(secured)['@context'] },
    })
    expect(await isSigned(secured)).toBe(true)
  })

  test("may name the agency's own addresses of our context and schema", async () => {
    const contextUrl = 'https://cert.agency.example/contexts/gradecert-v1.json'
    const schemaUrl = 'https://cert.agency.example/schemas/v1.json'
    const secured = await issue(exampleCertificate, { ...fixed, contextUrl, schemaUrl })
    expect(documentOf(secured)).toMatchObject({
      '@context': [{}, {}, {}, contextUrl].map((url) => (typeof url === 'string' ? url : expect.any(String))),
      credentialSchema: [{}, { id: schemaUrl }],
    })
    expect(await isSigned(secured)).toBe(false)
    expect(await isSigned(secured, contextTable({ [contextUrl]: JSON.parse(contextV1Text()) }))).toBe(true)
  })

  test('has no status where none was given', async () => {
    const document = documentOf(await issue(exampleNotice, { signer, created }))
    expect(document).not.toHaveProperty('credentialStatus')
    expect(document).not.toHaveProperty('supplementaryStatus')
  })
})

describe('a signer of a machine of its own', () => {
  test('answers later, is handed 64 bytes once, and is asked for nothing else', async () => {
    const asked: (string | symbol)[] = []
    const messages: Bytes[] = []
    const machine: Signer = {
      algorithm: 'Ed25519',
      controller: signer.controller,
      verificationMethod: signer.verificationMethod,
      sign: async (bytes) => {
        messages.push(bytes)
        return signer.sign(bytes)
      },
    }
    const watched = new Proxy(machine, {
      get: (target, name) => {
        asked.push(name)
        return Reflect.get(target, name)
      },
    })
    const secured = await issue(exampleCertificate, { ...fixed, signer: watched })
    expect(secured).toEqual(await issue(exampleCertificate, fixed))
    expect(messages.map(({ length }) => length)).toEqual([64])
    expect([...new Set(asked)].sort()).toEqual(['algorithm', 'controller', 'sign', 'verificationMethod'])
  })

  test.each<[what: string, sign: Signer['sign'], code: string, detail: object]>([
    ['answers with DER', () => new Uint8Array(72), 'securing.signer_misbehaves', { bytes: 72 }],
    ['answers with nothing', async () => new Uint8Array(), 'securing.signer_misbehaves', { bytes: 0 }],
  ])('that %s is refused', async (_what, sign, code, detail) => {
    await expect(issue(exampleCertificate, { ...fixed, signer: { ...signer, sign } })).rejects.toMatchObject({
      code,
      detail,
    })
  })

  test('that fails says so in its own words', async () => {
    const offline = new Error('token not present')
    const sign = () => Promise.reject(offline)
    await expect(issue(exampleCertificate, { ...fixed, signer: { ...signer, sign } })).rejects.toBe(offline)
  })
})

describe('issuing is refused', () => {
  test.each<
    [
      what: string,
      certificate: CertificateDraft,
      options: Partial<IssueOptions>,
      code: string,
      detail: object,
    ]
  >([
    [
      'for a day that does not exist',
      { ...exampleCertificate, awardedOn: '2026-02-30' },
      {},
      'issue.certificate_malformed',
      { where: '/awardedOn', what: 'not a day of the calendar' },
    ],
    [
      'for a score below the pass mark',
      { ...exampleCertificate, evaluation: { theory: 59.9, practical: 90 } },
      {},
      'issue.certificate_malformed',
      { where: '', what: 'a score below the pass mark' },
    ],
    [
      'for a type that is none',
      { ...exampleCertificate, type: 'Diploma' } as unknown as CertificateDraft,
      {},
      'issue.certificate_malformed',
      { where: '/type', what: 'not a type of certificate' },
    ],
    [
      'for half a character, which no reader takes',
      { ...exampleCertificate, session: 'BJ\ud842' },
      {},
      'issue.certificate_malformed',
      { where: '', what: expect.stringContaining('lone surrogate') },
    ],
    [
      'with the key of another agency',
      exampleCertificate,
      { signer: signerOfSeed(seed) },
      'issue.wrong_signer',
      { signer: signerOfSeed(seed).controller, issuer: 'did:web:cert.agency.example' },
    ],
    [
      'with a key of an agency below it',
      exampleCertificate,
      { signer: signerOfSeed(seed, { verificationMethod: 'did:web:cert.agency.example:branch#key-1' }) },
      'issue.wrong_signer',
      { signer: 'did:web:cert.agency.example:branch', issuer: 'did:web:cert.agency.example' },
    ],
  ])('%s', async (_what, certificate, options, code, detail) => {
    await expect(issue(certificate, { ...fixed, ...options })).rejects.toMatchObject({ code, detail })
  })

  test('before anything is signed', async () => {
    const sign = () => {
      throw new Error('signed')
    }
    const other = { ...signerOfSeed(seed), sign }
    await expect(issue(exampleCertificate, { ...fixed, signer: other })).rejects.toMatchObject({
      code: 'issue.wrong_signer',
    })
    await expect(
      issue({ ...exampleCertificate, number: '' }, { ...fixed, signer: { ...signer, sign } }),
    ).rejects.toMatchObject({ code: 'issue.certificate_malformed' })
  })
})
