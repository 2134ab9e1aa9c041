/** What the benchmarks issue and judge: an agency that a list recognises, its status lists, a full badge and a small credential. */

import { fix } from '../src/base/fixed.ts'
import type { CalendarDate, Instant } from '../src/base/instant.ts'
import type { JsonObject } from '../src/base/json.ts'
import { awardFrom } from '../src/certificate/award.ts'
import type { GradeCertificate } from '../src/certificate/certificate.ts'
import { starterCatalogue } from '../src/certificate/starter-catalogue.ts'
import { contextTable } from '../src/credential/contexts.ts'
import type { EvidenceItem } from '../src/evidence/evidence.ts'
import { issue } from '../src/issue/issue.ts'
import { thumbprint } from '../src/key/public-key.ts'
import { signerOfSeed } from '../src/key/signer.ts'
import { addProof, secureText } from '../src/securing/add-proof.ts'
import type { DataIntegritySuite } from '../src/securing/data-integrity.ts'
import { statusListCredential } from '../src/status/status-list.ts'
import type { Trust } from '../src/trust/trust.ts'
import { trustListCredential } from '../src/trust/trust-list.ts'

export const now = '2026-06-01T00:00:00Z' as Instant
export const agency = signerOfSeed(new Uint8Array(32).fill(1))
const authority = signerOfSeed(new Uint8Array(32).fill(2))
const labels = { 'zh-Hans': '示例评价机构', en: 'Example Agency' }
export const lists = {
  revocation: 'https://agency.example/status/1',
  suspension: 'https://agency.example/status/2',
}

export const signed = (document: JsonObject, signer = agency): Promise<JsonObject> =>
  addProof(document, {
    signer,
    suite: 'eddsa-jcs-2022',
    created: '2026-05-01T00:00:00Z' as Instant,
    contexts: contextTable(),
  })

export const status = await Promise.all(
  (['revocation', 'suspension'] as const).map(async (purpose): Promise<EvidenceItem> => {
    const list = statusListCredential({
      id: lists[purpose],
      issuer: agency.controller,
      purpose,
      validFrom: '2026-05-20T00:00:00Z' as Instant,
      validUntil: '2026-06-20T00:00:00Z' as Instant,
      set: [],
    })
    return { kind: 'status-list', url: lists[purpose], document: await signed(list) }
  }),
)
const trustList = trustListCredential({
  id: 'https://authority.example/list',
  issuer: authority.controller,
  sequence: 1,
  validFrom: '2026-01-01T00:00:00Z' as Instant,
  validUntil: '2027-01-01T00:00:00Z' as Instant,
  trial: false,
  agencies: [
    {
      id: agency.controller,
      labels,
      standing: 'active',
      keys: [{ thumbprint: thumbprint(agency.publicKey) }],
      scopes: [{ occupations: ['2-02-38-01'], grades: ['junior'], region: 'CN-BJ' }],
      statusIssuers: [],
    },
  ],
  delegates: [],
})
export const trust: Trust = {
  roots: [{ id: authority.controller }],
  lists: [await signed(trustList, authority)],
}

const issuer = fix({ id: agency.controller, labels: { ...labels }, url: 'https://agency.example' })

const hexOf = (i: number): string => i.toString(16).padStart(12, '0')
const award = fix(
  structuredClone(
    awardFrom(
      starterCatalogue((path) => `https://agency.example/catalogue/${path}`),
      { occupationCode: '2-02-38-01', grade: 'junior', direction: '计算机视觉产品实现' },
    ),
  ),
)

/** What is certified of one person after the other; one award, fixed as that of a workspace is. */
export const certificateOf = (i: number): GradeCertificate => ({
  type: 'ProfessionalTechnicalGradeCertificate',
  id: `urn:uuid:11111111-2222-4333-8444-${hexOf(i)}`,
  number: `PT26-0001-11-3801-1-${String(i).padStart(7, '0')}-G`,
  issuer,
  holder: { id: `urn:uuid:99999999-2222-4333-8444-${hexOf(i)}`, name: `候选${i}` },
  zone: '+08:00',
  awardedOn: '2026-03-01' as CalendarDate,
  validFrom: '2026-03-01' as CalendarDate,
  region: 'CN-BJ',
  session: '2026-01',
  examinedOn: '2026-01-25' as CalendarDate,
  award,
  training: [],
})

export const badgeOptions = (i: number) => ({
  signer: agency,
  created: '2026-03-02T01:02:03Z' as Instant,
  proofId: 'urn:uuid:11111111-2222-4333-8444-555555555555',
  status: { index: i, lists },
})

/** The full badge. */
export async function badge(i: number, suite: DataIntegritySuite = 'eddsa-jcs-2022'): Promise<string> {
  return (await issue(certificateOf(i), { ...badgeOptions(i), suite })).text
}

/** A credential of 1.5 kB with a status, of a kind of its own. */
export const smallDocument = (i: number): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: `urn:uuid:11111111-2222-4333-8444-${hexOf(i)}`,
  type: ['VerifiableCredential'],
  issuer: { id: agency.controller, name: 'Example Agency' },
  validFrom: '2026-03-01T00:00:00Z',
  validUntil: '2036-03-01T00:00:00Z',
  credentialStatus: {
    id: `${lists.revocation}#${i}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(i),
    statusListCredential: lists.revocation,
  },
  credentialSubject: {
    id: `urn:uuid:99999999-2222-4333-8444-${hexOf(i)}`,
    name: `候选${i}`,
    description: 'Implements products of computer vision: '.repeat(9).trim(),
  },
})

/** The same with members of its own, of seven that a credential may have or not: 128 kinds. */
export function variousDocument(i: number): JsonObject {
  const document = smallDocument(i)
  const {
    credentialSubject,
    issuer,
    validUntil: _,
    ...members
  } = document as typeof document & {
    readonly credentialSubject: JsonObject
    readonly issuer: JsonObject
  }
  const { name, description } = credentialSubject
  const has = (bit: number) => ((i >> bit) & 1) === 1
  return {
    ...members,
    ...(has(0) && { name: 'Certificate' }),
    ...(has(1) && { description: 'A certificate' }),
    ...(has(2) && { validUntil: '2036-03-01T00:00:00Z' }),
    issuer: { ...issuer, ...(has(3) && { description: 'Evaluates' }) },
    credentialSubject: {
      ...(has(4) && { id: credentialSubject.id as string }),
      name: has(5) ? { '@value': name as string, '@language': 'zh-Hans' } : (name as string),
      description: has(6) ? [description as string] : (description as string),
    },
  }
}

export const small = (i: number): Promise<string> =>
  secureText(smallDocument(i), {
    signer: agency,
    suite: 'eddsa-jcs-2022',
    created: '2026-05-01T00:00:00Z' as Instant,
    contexts: contextTable(),
  })
