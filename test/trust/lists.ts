/** Trust lists for tests: one fixed list, those who sign it, and a generator of all that can be written. */
import fc from 'fast-check'
import { utf8 } from '../../src/base/bytes.ts'
import type { Did, DidUrl } from '../../src/base/did-url.ts'
import { sha256 } from '../../src/base/digest.ts'
import { type Instant, instantAt } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { gradeCodes } from '../../src/certificate/grade.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import type { DataIntegritySuite } from '../../src/securing/data-integrity.ts'
import type {
  AgencyScope,
  DelegatedAuthority,
  DelegateKey,
  TrustedAgency,
  TrustedKey,
  TrustList,
} from '../../src/trust/trust-list.ts'
import { trustListCredential } from '../../src/trust/trust-list.ts'
import { day, dayArbitrary } from '../certificates.ts'

export const instant = (text: string): Instant => text as Instant

/** A signer whose key follows from a name. */
export const signerNamed = (name: string, verificationMethod?: DidUrl): GeneratedSigner =>
  signerOfSeed(sha256(utf8(name)), { verificationMethod })

export const authority = signerNamed('authority')
export const stranger = signerNamed('stranger')

export const exampleKey: TrustedKey = { thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' }

export const exampleScope: AgencyScope = {
  occupations: ['2-02-38-01', '2-02-38-03'],
  grades: ['junior', 'intermediate'],
  region: 'CN-BJ',
  from: day('2025-01-01'),
  until: day('2027-12-31'),
}

export const exampleTrusted: TrustedAgency = {
  id: 'did:web:cert.agency.example',
  code: '12110000MB0000001U',
  labels: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' },
  standing: 'active',
  keys: [exampleKey],
  scopes: [exampleScope],
  statusIssuers: [],
}

export const exampleList: TrustList = {
  id: 'https://hrss.city.example/lists/evaluation-agencies',
  issuer: authority.controller,
  sequence: 14,
  validFrom: instant('2026-03-01T00:00:00Z'),
  validUntil: instant('2026-06-01T00:00:00Z'),
  nextUpdate: instant('2026-04-01T00:00:00Z'),
  trial: false,
  agencies: [exampleTrusted],
  delegates: [],
}

/** A list as its authority hands it out. */
export const signed = (
  list: TrustList,
  signer: GeneratedSigner = authority,
  suite: DataIntegritySuite = 'eddsa-jcs-2022',
): Promise<JsonObject> =>
  addProof(trustListCredential(list), {
    signer,
    suite,
    created: instant('2026-03-01T00:00:00Z'),
    contexts: contextTable(),
  })

const instants = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => instantAt(seconds * 1000))
const text = fc.oneof(
  fc.constantFrom('示例', '𠮷', '"'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
)
const did = fc.constantFrom<Did>('did:web:cert.agency.example', 'did:web:a.example:b', authority.controller)

/** Members given `undefined` where they are absent, as `readTrustList` gives them. */
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })
const object = <T extends object>(
  members: { readonly [Name in keyof T]: fc.Arbitrary<T[Name]> },
): fc.Arbitrary<T> =>
  fc.record(members as { [Name in keyof T]: fc.Arbitrary<T[Name]> }, {
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>

const windowArbitraries = {
  from: optional(instants),
  until: optional(instants),
  compromisedSince: optional(instants),
}

const listedArbitraries = {
  id: did,
  code: optional(text),
  labels: fc.oneof(
    object<TrustedAgency['labels']>({ 'zh-Hans': text, en: text }),
    text.map((zh) => ({ 'zh-Hans': zh })),
  ),
  standing: fc.constantFrom<TrustedAgency['standing']>('active', 'removed'),
  scopes: fc.array(
    object<AgencyScope>({
      occupations: fc.subarray(['2-02-38-01', '2-02-10-11', '4-04-04-02-004']),
      grades: fc.subarray([...gradeCodes]),
      region: optional(text),
      from: optional(dayArbitrary),
      until: optional(dayArbitrary),
    }),
    { maxLength: 3 },
  ),
}

/** Any list that may be written. */
export const trustListArbitrary: fc.Arbitrary<TrustList> = object<TrustList>({
  id: fc.constantFrom('https://hrss.city.example/list', 'urn:uuid:03250029-595f-4da1-85ae-efcb3b98cd01'),
  issuer: did,
  sequence: fc.integer({ min: 1, max: 1_000_000 }),
  validFrom: optional(instants),
  validUntil: optional(instants),
  nextUpdate: optional(instants),
  trial: fc.boolean(),
  previous: optional(fc.constantFrom('0'.repeat(64), 'ab'.repeat(32))),
  agencies: fc.array(
    object<TrustedAgency>({
      ...listedArbitraries,
      keys: fc.array(
        object<TrustedKey>({
          thumbprint: fc.constantFrom(exampleKey.thumbprint, 'A'.repeat(43)),
          ...windowArbitraries,
        }),
        { maxLength: 3 },
      ),
      statusIssuers: fc.array(did, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  delegates: fc.array(
    object<DelegatedAuthority>({
      ...listedArbitraries,
      keys: fc.array(
        object<DelegateKey>({
          thumbprint: fc.constant(thumbprint(stranger.publicKey)),
          multikey: fc.constant(stranger.multikey),
          ...windowArbitraries,
        }),
        { maxLength: 2 },
      ),
      publishes: fc.constantFrom('urn:x:list', 'https://province.example/list'),
    }),
    { maxLength: 2 },
  ),
})
