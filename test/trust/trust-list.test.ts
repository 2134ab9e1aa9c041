import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { canonicalNQuads } from '../../src/securing/rdfc.ts'
import { readTrustList, trustListCredential } from '../../src/trust/trust-list.ts'
import { withAt } from '../credential/pointers.ts'
import { exampleKey, exampleList, exampleScope, exampleTrusted, trustListArbitrary } from './lists.ts'

describe('a trust list as a credential and back', () => {
  test('is the same, whatever it says', () => {
    fc.assert(
      fc.property(trustListArbitrary, (list) => {
        const credential = trustListCredential(list)
        expect(JSON.parse(JSON.stringify(credential))).toStrictEqual(credential)
        expect(readTrustList(credential)).toEqual(list)
      }),
      { numRuns: 300 },
    )
  })

  test('loses nothing in its canonical form', async () => {
    await fc.assert(
      fc.asyncProperty(trustListArbitrary, async (list) => {
        expect(await canonicalNQuads(trustListCredential(list), contextTable())).toMatchObject({ ok: true })
      }),
      { numRuns: 25 },
    )
  })

  test('has every member in its place', () => {
    expect(
      trustListCredential({
        ...exampleList,
        trial: true,
        agencies: [
          { ...exampleTrusted, statusIssuers: ['did:web:status.example'] },
          {
            ...exampleTrusted,
            id: 'did:web:old.example',
            code: undefined,
            standing: 'removed',
            keys: [],
            scopes: [],
          },
        ],
      }),
    ).toStrictEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://w3id.org/gradecert/v1'],
      type: ['VerifiableCredential'],
      issuer: exampleList.issuer,
      validFrom: '2026-03-01T00:00:00Z',
      validUntil: '2026-06-01T00:00:00Z',
      credentialSubject: {
        id: 'https://hrss.city.example/lists/evaluation-agencies',
        type: 'EvaluationAgencyList',
        sequence: 14,
        nextUpdate: '2026-04-01T00:00:00Z',
        trial: true,
        entry: [
          {
            id: 'did:web:cert.agency.example',
            type: 'EvaluationAgency',
            uscc: '12110000MB0000001U',
            labels: { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' },
            entryStatus: 'active',
            key: [{ type: 'AgencyKey', keyThumbprint: exampleKey.thumbprint }],
            statusIssuer: ['did:web:status.example'],
            scope: [
              {
                type: 'AgencyScope',
                occupationCode: ['2-02-38-01', '2-02-38-03'],
                gradeCode: ['junior', 'intermediate'],
                region: 'CN-BJ',
                issueFrom: '2025-01-01',
                issueUntil: '2027-12-31',
              },
            ],
          },
          {
            id: 'did:web:old.example',
            type: 'EvaluationAgency',
            labels: exampleTrusted.labels,
            entryStatus: 'removed',
            key: [],
            scope: [],
          },
        ],
      },
    })
  })
})

describe('what is no trust list', () => {
  const credential = trustListCredential(exampleList)
  const entry = '/credentialSubject/entry/0'

  test.each<[what: string, pointer: string, value: Json | undefined]>([
    ['without contexts', '/@context', undefined],
    [
      'with contexts in the other order',
      '/@context',
      ['https://w3id.org/gradecert/v1', 'https://www.w3.org/ns/credentials/v2'],
    ],
    ['with a context more', '/@context/2', 'https://example.org/context'],
    ['of another type', '/type', ['VerifiablePresentation']],
    ['without a type', '/type', undefined],
    ['issued by nobody', '/issuer', undefined],
    ['issued by an address', '/issuer', 'https://hrss.city.example'],
    ['issued by an object', '/issuer', { id: exampleList.issuer }],
    ['with an unknown member', '/delegates', []],
    ['with a validity in another zone', '/validFrom', '2026-03-01T08:00:00+08:00'],
    ['with a validity in parts of a second', '/validFrom', '2026-03-01T00:00:00.5Z'],
    ['with a validity on no day', '/validUntil', '2026-02-30T00:00:00Z'],
    ['with a validity that is a day', '/validUntil', '2026-06-01'],
    ['with a validity in the year 10000', '/validUntil', '10000-01-01T00:00:00Z'],
    ['about something else', '/credentialSubject/type', 'AchievementSubject'],
    ['without an id', '/credentialSubject/id', undefined],
    ['with a relative id', '/credentialSubject/id', 'list'],
    ['with number 0', '/credentialSubject/sequence', 0],
    ['with a number in halves', '/credentialSubject/sequence', 14.5],
    ['with a number that is a text', '/credentialSubject/sequence', '14'],
    ['with a trial that is a text', '/credentialSubject/trial', 'true'],
    ['without entries', '/credentialSubject/entry', undefined],
    ['with one entry that is no list', '/credentialSubject/entry', {}],
    ['with an agency that is no DID', `${entry}/id`, 'https://cert.agency.example'],
    ['with an agency of another type', `${entry}/type`, 'DelegatedAuthority'],
    ['with an agency that is suspended', `${entry}/entryStatus`, 'suspended'],
    ['with an agency without a standing', `${entry}/entryStatus`, undefined],
    ['with an agency without a Chinese label', `${entry}/labels`, { en: 'Agency' }],
    ['with an agency without keys', `${entry}/key`, undefined],
    ['with a key by another digest', `${entry}/key/0/keyThumbprint`, 'sha256:k1'],
    [
      'with a key that states itself',
      `${entry}/key/0/publicKeyMultibase`,
      'z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
    ],
    ['with a key from a day on', `${entry}/key/0/keyFrom`, '2026-01-01'],
    [
      'with 257 keys',
      `${entry}/key`,
      Array.from({ length: 257 }, () => ({ type: 'AgencyKey', keyThumbprint: exampleKey.thumbprint })),
    ],
    ['with a status issuer that is no DID', `${entry}/statusIssuer`, ['https://status.example']],
    ['with an agency without scopes', `${entry}/scope`, undefined],
    ['with a scope for a malformed occupation', `${entry}/scope/0/occupationCode`, ['20238']],
    ['with a scope for every occupation', `${entry}/scope/0/occupationCode`, '*'],
    ['with a scope for a fourth grade', `${entry}/scope/0/gradeCode`, ['expert']],
    ['with a scope from a moment on', `${entry}/scope/0/issueFrom`, '2025-01-01T00:00:00Z'],
    ['with a scope until no day', `${entry}/scope/0/issueUntil`, '2027-02-29'],
    ['with a scope of another type', `${entry}/scope/0/type`, 'Scope'],
  ])('%s', (_what, pointer, value) => {
    expect(readTrustList(withAt(credential, pointer, value))).toBeNull()
  })

  test.each<[what: string, value: Json]>([
    ['null', null],
    ['a text', 'x'],
    ['an empty object', {}],
    ['a list of lists', [credential]],
  ])('%s', (_what, value) => {
    expect(readTrustList(value)).toBeNull()
  })

  test('but a type that is one text is taken', () => {
    expect(readTrustList(withAt(credential, '/type', 'VerifiableCredential'))).toEqual(exampleList)
    expect(exampleList.agencies[0]?.scopes).toEqual([exampleScope])
  })
})
