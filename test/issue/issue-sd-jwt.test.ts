import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { hmacSha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Certificate, CertificateDraft } from '../../src/certificate/certificate.ts'
import { disclosableClaims, readClaims } from '../../src/credential/claims.ts'
import { issueSdJwt, type SdJwtIssueOptions } from '../../src/issue/issue-sd-jwt.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { openSdJwt, present, verifyKeyBinding } from '../../src/securing/sd-jwt.ts'
import { openSdJwtVc } from '../../src/securing/sd-jwt-vc.ts'
import {
  day,
  exampleAgency,
  exampleCertificate,
  exampleCompletion,
  exampleNotice,
  fullCertificate,
} from '../certificates.ts'

const verificationMethod = `${exampleAgency.id}#key-1` as const
const signer = signerOfSeed(new Uint8Array(32).fill(9), { algorithm: 'P-256', verificationMethod })
const wallet = signerOfSeed(new Uint8Array(32).fill(8), { algorithm: 'P-256' })
const created = '2026-01-25T01:00:00Z' as Instant
const status = { uri: 'https://cert.agency.example/status/2026-t1', index: 48211 }
const salt = (label: string): Bytes => hmacSha256(utf8('test salts'), utf8(label)).slice(0, 16)
const holder = { idType: 'resident-id', idNumber: '110000199003078572', birthDate: '1990-03-07' } as const
const fixed: SdJwtIssueOptions = { signer, holder, status, confirmation: wallet.publicKey, created, salt }

const openedOf = (text: string) => {
  const opening = openSdJwtVc(text)
  if (!opening.ok) throw new Error(`${opening.fault}: ${opening.detail}`)
  return opening
}

describe('a certificate issued as SD-JWT VC', () => {
  test.each([
    ['Ed25519', 32],
    ['P-256', 32],
    ['P-384', 48],
  ] as const)(
    'SDVC-1: signed with %s it opens, holds and reads as what was stated',
    async (algorithm, bytes) => {
      const key = signerOfSeed(new Uint8Array(bytes).fill(7), { algorithm, verificationMethod })
      const secured = await issueSdJwt(fullCertificate, { ...fixed, signer: key })
      expect(secured.mediaType).toBe('application/dc+sd-jwt')
      const { opened } = openedOf(secured.text)
      const [signature] = opened.signatures
      expect(signature).toMatchObject({ key: { by: 'method', url: verificationMethod } })
      expect(await signature?.verify(key.publicKey, {} as never)).toMatchObject({ ok: true })
      expect(readClaims(opened.document)).toMatchObject({
        ok: true,
        certificate: {
          number: fullCertificate.number,
          holder: { name: '王𠮷', romanisedName: 'WANG JI', ...holder },
          evaluation: { theory: 86.5, practical: 91 },
          status,
        },
      })
    },
  )

  test('its header names type and key and nothing else', async () => {
    const { sdJwt } = openedOf((await issueSdJwt(exampleCertificate, fixed)).text)
    expect(sdJwt.jws.header).toEqual({ typ: 'dc+sd-jwt', alg: 'ES256', kid: verificationMethod })
  })

  test('the same inputs give the same text; the system’s salts never do', async () => {
    const { salt: _, ...unsalted } = fixed
    const issue = (options: SdJwtIssueOptions) => issueSdJwt(exampleCertificate, options)
    expect(await issue(fixed)).toEqual(await issue(fixed))
    expect((await issue(unsalted)).text).not.toBe((await issue(unsalted)).text)
  })

  test('two certificates share no salt', async () => {
    const labels: string[] = []
    const noted = (label: string) => {
      labels.push(label)
      return salt(label)
    }
    const other = { ...exampleCertificate, id: 'urn:uuid:00000000-0000-4000-8000-000000000000' }
    await issueSdJwt(exampleCertificate, { ...fixed, salt: noted })
    await issueSdJwt(other, { ...fixed, salt: noted })
    expect(new Set(labels).size).toBe(labels.length)
  })

  test('the number of digests does not tell what a certificate has', async () => {
    const countOf = async (certificate: CertificateDraft, options: Partial<SdJwtIssueOptions> = {}) => {
      const { sdJwt } = openedOf((await issueSdJwt(certificate, { ...fixed, ...options })).text)
      return (sdJwt.jws.payload._sd as readonly string[]).length
    }
    expect(await countOf(fullCertificate)).toBe(disclosableClaims.length)
    expect(await countOf(exampleCertificate, { holder: undefined })).toBe(disclosableClaims.length)
    expect(await countOf(exampleCertificate, { holder: undefined, decoys: 0 })).toBe(4)
  })

  test('SDVC-3: it says nothing personal to everybody, and a holder with the key shows what is wanted', async () => {
    const { text } = await issueSdJwt(exampleCertificate, fixed)
    const everybody = openSdJwt(await present(text, { disclose: [] }))
    expect(JSON.stringify(everybody)).not.toMatch(/王|110000199003078572|1990-03-07|海淀|北京/)
    const demand = { audience: 'https://employer.example', nonce: 'n1', now: created }
    const shown = await present(text, { disclose: ['name'], keyBinding: { signer: wallet, ...demand } })
    const { sdJwt, opened } = openedOf(shown)
    expect(readClaims(opened.document)).toMatchObject({ ok: true, certificate: { holder: { name: '王𠮷' } } })
    expect(await verifyKeyBinding(sdJwt, demand)).toMatchObject({ ok: true, key: wallet.publicKey })
  })

  test('without the key of a wallet nobody is bound', async () => {
    const { text } = await issueSdJwt(exampleCertificate, { ...fixed, confirmation: undefined })
    const demand = { audience: 'https://employer.example', nonce: 'n1', now: created }
    const keyBinding = { signer: wallet, ...demand }
    await expect(present(text, { disclose: ['name'], keyBinding })).rejects.toMatchObject({
      code: 'securing.not_the_holder',
      detail: { fault: 'confirmation_missing' },
    })
  })
})

describe('what is not issued', () => {
  test.each<[what: string, certificate: Certificate, options: Partial<SdJwtIssueOptions>, error: object]>([
    ['a notice', exampleNotice, {}, { code: 'issue.certificate_malformed', detail: { where: '/type' } }],
    [
      'a completion',
      { ...exampleCompletion, issuer: exampleAgency },
      {},
      { code: 'issue.certificate_malformed', detail: { where: '/type' } },
    ],
    [
      'a certificate that does not hold together',
      { ...exampleCertificate, validFrom: day('2026-01-24') },
      {},
      { code: 'issue.certificate_malformed' },
    ],
    [
      "another agency's",
      { ...exampleCertificate, issuer: { ...exampleAgency, id: 'did:web:other.example' } },
      {},
      { code: 'issue.wrong_signer' },
    ],
    [
      'a key that is not under the agency',
      exampleCertificate,
      { signer: { ...signer, verificationMethod: 'did:web:other.example#k1' } },
      { code: 'securing.sd_jwt_refused', detail: { fault: 'kid_of_another' } },
    ],
    [
      'half a character',
      { ...exampleCertificate, site: { id: 'urn:site', name: '\ud800' } },
      {},
      { code: 'securing.sd_jwt_refused' },
    ],
    [
      'a status that stands nowhere',
      exampleCertificate,
      { status: { uri: 'status', index: 1 } },
      { code: 'securing.sd_jwt_refused', detail: { fault: '/status/status_list/uri' } },
    ],
    [
      'a portrait that is none',
      exampleCertificate,
      { holder: { portrait: 'data:image/jpeg;base64,AAAA' } },
      { code: 'issue.holder_malformed', detail: { where: '/portrait' } },
    ],
    [
      'a salt of 8 bytes',
      exampleCertificate,
      { salt: () => new Uint8Array(8) },
      { code: 'securing.salt_refused' },
    ],
  ])('%s', async (_what, certificate, options, error) => {
    await expect(issueSdJwt(certificate, { ...fixed, ...options })).rejects.toMatchObject(error)
  })

  test('an error names the place and not what stands there', async () => {
    const idNumber = '110000 199003078572'
    const issuing = issueSdJwt(exampleCertificate, { ...fixed, holder: { idType: 'resident-id', idNumber } })
    const error = (await issuing.catch((caught: unknown) => caught)) as Error
    expect(error).toMatchObject({ code: 'issue.holder_malformed', detail: { where: '/idNumber' } })
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('199003078572')
  })
})
