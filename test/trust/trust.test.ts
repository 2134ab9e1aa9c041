import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { digestJson } from '../../src/base/canonical.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { trustedLists } from '../../src/trust/chain.ts'
import {
  mergeTrust,
  readTrust,
  type SeenList,
  seenName,
  type Trust,
  type TrustRoot,
  trustFileText,
} from '../../src/trust/trust.ts'
import { type TrustList, trustListCredential } from '../../src/trust/trust-list.ts'
import { withAt } from '../credential/pointers.ts'
import { authority, exampleList, instant, signed, signerNamed, stranger } from './lists.ts'

const root: TrustRoot = { id: authority.controller }
const now = instant('2026-03-15T00:00:00Z')
const authentic = (list: TrustList) => ({
  list,
  digest: digestOf(list),
  signedAt: '2026-03-01T00:00:00Z',
  signers: [thumbprint(authority.publicKey)],
  path: [],
})
const refused = ({ id, issuer, sequence }: TrustList, fault: string) => ({ id, issuer, sequence, fault })
const digestOf = (list: TrustList): string => digestJson(trustListCredential(list))

describe('a trust file', () => {
  const trust: Trust = {
    roots: [root, { id: 'did:web:hrss.city.example', keys: [authority.multikey] }],
    lists: [{ any: 'list' }],
  }

  test('is read as it was written', () => {
    expect(readTrust(trustFileText(trust))).toEqual(trust)
    expect(readTrust(utf8(trustFileText(trust)))).toEqual(trust)
  })

  test.each<[what: string, text: string]>([
    ['no JSON', 'trust me'],
    ['a name given twice', '{"type":"GradecertTrust","type":"GradecertTrust"}'],
    ['a list', '[]'],
    ['another file of ours', '{"type":"GradecertEvidence","version":1,"items":[]}'],
  ])('is not %s', (_what, text) => {
    expect(() => readTrust(text)).toThrow(expect.objectContaining({ code: 'trust.file_malformed' }))
  })

  const written = JSON.parse(trustFileText(trust)) as JsonObject
  test.each<[what: string, pointer: string, value: Json | undefined, found: string]>([
    ['of another version', '/version', 2, 'version'],
    ['with an unknown member', '/seen', {}, 'seen'],
    ['without roots', '/roots', [], 'roots'],
    ['with 65 roots', '/roots', Array.from({ length: 65 }, () => ({ id: authority.controller })), 'roots'],
    ['with a root that is no DID', '/roots/0/id', 'https://hrss.city.example', 'roots/0/id'],
    ['with a root with an empty list of keys', '/roots/1/keys', [], 'roots/1/keys'],
    ['with a root with an unknown member', '/roots/0/scope', 'all', 'roots/0'],
    ['without lists', '/lists', undefined, 'lists'],
    ['with a list that is a text', '/lists/0', 'x', 'lists/0'],
    ['with 257 lists', '/lists', Array.from({ length: 257 }, () => ({})), 'lists'],
  ])('is refused %s', (_what, pointer, value, what) => {
    expect(() => readTrust(JSON.stringify(withAt(written, pointer, value)))).toThrow(
      expect.objectContaining({ code: 'trust.file_malformed', detail: { what } }),
    )
  })

  test('adds to another: roots and lists of both', () => {
    expect(
      mergeTrust([
        { roots: [root], lists: [1] },
        { roots: trust.roots, lists: [2, 3] },
      ]),
    ).toEqual({
      roots: [root, ...trust.roots],
      lists: [1, 2, 3],
      seen: {},
    })
  })

  test.each([['one way'], ['the other way']])(
    'adds to another: of what was seen the highest, %s round',
    (way) => {
      const older = {
        roots: [],
        lists: [],
        seen: { a: { sequence: 3, digest: 'x' }, b: { sequence: 1, digest: 'x' } },
      }
      const newer = { roots: [], lists: [], seen: { a: { sequence: 5, digest: 'y' } } }
      expect(mergeTrust(way === 'one way' ? [older, newer] : [newer, older]).seen).toEqual({
        a: { sequence: 5, digest: 'y' },
        b: { sequence: 1, digest: 'x' },
      })
    },
  )
})

describe('a list', () => {
  test('that a root signed counts, with the digest of what it says', async () => {
    const trust = { roots: [root], lists: [await signed(exampleList)] }
    expect(await trustedLists(trust, [], now)).toEqual({
      current: [authentic(exampleList)],
      unusable: [],
    })
  })

  test('that a root signed over RDF, which reads the same in any order, does not count', async () => {
    const trust = { roots: [root], lists: [await signed(exampleList, authority, 'eddsa-rdfc-2022')] }
    expect(await trustedLists(trust, [], now)).toEqual({ current: [], unusable: [] })
  })

  test('whose proof has an end of its own does not count: the list says its dates', async () => {
    const ending = await addProof(trustListCredential(exampleList), {
      signer: authority,
      suite: 'eddsa-jcs-2022',
      created: now,
      expires: now,
      contexts: contextTable(),
    })
    expect(await trustedLists({ roots: [root], lists: [ending] }, [], now)).toEqual({
      current: [],
      unusable: [],
    })
  })

  test('of another root under the same id displaces nothing', async () => {
    const own = await signed(exampleList)
    const others = await signed(
      { ...exampleList, issuer: stranger.controller, sequence: exampleList.sequence + 1 },
      stranger,
    )
    const roots = [root, { id: stranger.controller }]
    const { current, unusable } = await trustedLists({ roots, lists: [others, own] }, [], now)
    expect(current.map(({ list }) => list.issuer).sort()).toEqual(
      [exampleList.issuer, stranger.controller].sort(),
    )
    expect(unusable).toEqual([])
  })

  test('that came with evidence counts like one that was there', async () => {
    const list = await signed(exampleList)
    expect(await trustedLists({ roots: [root], lists: [] }, [list], now)).toEqual(
      await trustedLists({ roots: [root], lists: [list] }, [], now),
    )
  })

  const web = 'did:web:hrss.city.example'
  const webSigner = signerNamed('authority', `${web}#k1`)
  const webList = { ...exampleList, issuer: webSigner.controller }

  test.each<[what: string, roots: readonly TrustRoot[]]>([
    ['the key that is named for it', [{ id: web, keys: [authority.multikey] }]],
    ['one of two keys', [{ id: web, keys: [stranger.multikey, authority.multikey] }]],
    [
      'a key named in another row',
      [
        { id: web, keys: [stranger.multikey] },
        { id: web, keys: [authority.multikey] },
      ],
    ],
    ['a key beside one that cannot be read', [{ id: web, keys: ['k1', authority.multikey] }]],
  ])('of a did:web root counts under %s', async (_what, roots) => {
    const { current } = await trustedLists({ roots, lists: [await signed(webList, webSigner)] }, [], now)
    expect(current.map(({ list }) => list)).toEqual([webList])
  })

  test('with two proofs of the root counts', async () => {
    const second = await addProof(await signed(exampleList), {
      signer: authority,
      suite: 'eddsa-jcs-2022',
      created: now,
      contexts: contextTable(),
    })
    expect((await trustedLists({ roots: [root], lists: [second] }, [], now)).current).toHaveLength(1)
  })

  const of = async (change: (list: JsonObject) => JsonObject): Promise<JsonObject> =>
    change(await signed(exampleList))

  test.each<[what: string, roots: readonly TrustRoot[], list: () => Promise<Json>]>([
    ['signed by a stranger', [root], () => signed(exampleList, stranger)],
    ['of a stranger', [root], () => signed({ ...exampleList, issuer: stranger.controller }, stranger)],
    [
      'signed by a root for another issuer',
      [root],
      () => signed({ ...exampleList, issuer: stranger.controller }),
    ],
    [
      'of one root signed by another',
      [root, { id: stranger.controller }],
      () => signed(exampleList, stranger),
    ],
    [
      'under a name of the root that the issuer does not have',
      [root],
      () => signed(exampleList, signerNamed('authority', `${web}#k1`)),
    ],
    ['signed by no root at all', [], () => signed(exampleList)],
    ['of a did:web root without keys', [{ id: web }], () => signed(webList, webSigner)],
    [
      'of a did:web root with other keys',
      [{ id: web, keys: [stranger.multikey] }],
      () => signed(webList, webSigner),
    ],
    [
      'of a did:key root with other keys',
      [{ id: authority.controller, keys: [stranger.multikey] }],
      () => signed(exampleList),
    ],
    [
      'that was changed',
      [root],
      () => of((list) => withAt(list, '/credentialSubject/entry/0/scope/0/gradeCode', ['senior'])),
    ],
    [
      'with a higher number than was signed',
      [root],
      () => of((list) => withAt(list, '/credentialSubject/sequence', 99)),
    ],
    ['whose end was taken away', [root], () => of((list) => withAt(list, '/validUntil', undefined))],
    [
      'with a context more than was signed',
      [root],
      () => of((list) => withAt(list, '/@context/2', 'https://example.org/')),
    ],
    ['without a proof', [root], () => of(({ proof: _, ...list }) => list)],
    ['with an empty list of proofs', [root], () => of((list) => ({ ...list, proof: [] }))],
    [
      "with a stranger's proof beside the root's",
      [root],
      async () =>
        addProof(await signed(exampleList), {
          signer: stranger,
          suite: 'eddsa-jcs-2022',
          created: now,
          contexts: contextTable(),
        }),
    ],
    [
      'signed for another purpose',
      [root],
      () =>
        addProof(trustListCredential(exampleList), {
          signer: authority,
          suite: 'eddsa-jcs-2022',
          created: now,
          purpose: 'authentication',
          contexts: contextTable(),
        }),
    ],
    [
      'that is no list',
      [root],
      () =>
        addProof(
          { issuer: authority.controller },
          { signer: authority, suite: 'eddsa-jcs-2022', created: now, contexts: contextTable() },
        ),
    ],
    ['that is a text', [root], async () => 'list'],
    ['that is null', [root], async () => null],
  ])('%s does not count', async (_what, roots, make) => {
    const list = await make()
    expect(await trustedLists({ roots, lists: [list] }, [], now)).toEqual({ current: [], unusable: [] })
    expect(await trustedLists({ roots, lists: [] }, [list], now)).toEqual({ current: [], unusable: [] })
  })
})

describe('of several numbers of a list', () => {
  const numbered = (sequence: number): TrustList => ({ ...exampleList, sequence })

  test.each([[[13, 14, 15]], [[15, 14, 13]], [[14, 15, 13]], [[15, 13, 14]]])(
    'the highest counts, met in the order %j',
    async (order) => {
      const lists = await Promise.all(order.map((sequence) => signed(numbered(sequence))))
      expect(await trustedLists({ roots: [root], lists: lists.slice(0, 1) }, lists.slice(1), now)).toEqual({
        current: [authentic(numbered(15))],
        unusable: [],
      })
    },
  )

  test('the highest counts even where it is stale and a lower one is not', async () => {
    const stale = { ...numbered(15), validUntil: instant('2026-03-10T00:00:00Z') }
    const lists = await Promise.all([signed(numbered(14)), signed(stale)])
    expect(await trustedLists({ roots: [root], lists }, [], now)).toEqual({
      current: [],
      unusable: [refused(stale, 'trust_list_stale')],
    })
  })

  test('a higher one that is not of a root does not push out the one that is', async () => {
    const forged = withAt(await signed(numbered(14)), '/credentialSubject/sequence', 99)
    const { current } = await trustedLists(
      { roots: [root], lists: [await signed(numbered(14))] },
      [forged],
      now,
    )
    expect(current.map(({ list }) => list.sequence)).toEqual([14])
  })

  test('lists with other ids are counted by themselves', async () => {
    const other = { ...numbered(2), id: 'https://hrss.other.example/list' }
    const lists = await Promise.all([signed(numbered(14)), signed(other)])
    const { current } = await trustedLists({ roots: [root], lists }, [], now)
    expect(current.map(({ list }) => list)).toEqual([numbered(14), other])
  })
})

describe('an authority that says two things under one number', () => {
  const twin: TrustList = { ...exampleList, trial: true }

  test('has no list that counts', async () => {
    const lists = await Promise.all([signed(exampleList), signed(twin)])
    expect(await trustedLists({ roots: [root], lists }, [], now)).toEqual({
      current: [],
      unusable: [refused(exampleList, 'trust_list_equivocation')],
    })
  })

  test('is forgotten once there is a higher number', async () => {
    const next = { ...exampleList, sequence: 15 }
    const lists = await Promise.all([signed(exampleList), signed(twin), signed(next)])
    expect((await trustedLists({ roots: [root], lists }, [], now)).current.map(({ list }) => list)).toEqual([
      next,
    ])
  })

  test.each<[what: string, wrap: (list: JsonObject) => JsonObject]>([
    ['the same list again', (list) => structuredClone(list)],
    ['its proof in a list of one', (list) => ({ ...list, proof: [list.proof as Json] })],
    [
      'a proof of an unknown suite beside it',
      (list) => ({ ...list, proof: [list.proof as Json, { type: 'OtherProof' }] }),
    ],
  ])('is not made by a stranger who brings %s', async (_what, wrap) => {
    const list = await signed(exampleList)
    expect(await trustedLists({ roots: [root], lists: [list] }, [wrap(list)], now)).toEqual({
      current: [authentic(exampleList)],
      unusable: [],
    })
  })

  test('is not made by signing the same list again', async () => {
    const again = await signed(exampleList, authority, 'eddsa-rdfc-2022')
    const { current } = await trustedLists(
      { roots: [root], lists: [await signed(exampleList), again] },
      [],
      now,
    )
    expect(current).toHaveLength(1)
  })
})

describe('for a verifier who remembers', () => {
  test.each<[what: string, seen: SeenList, fault: string | null]>([
    ['an earlier number', { sequence: 13, digest: 'other' }, null],
    ['this very list', { sequence: 14, digest: digestOf(exampleList) }, null],
    ['this number with other words', { sequence: 14, digest: '0'.repeat(64) }, 'trust_list_equivocation'],
    ['a later number', { sequence: 15, digest: 'other' }, 'trust_list_rolled_back'],
  ])('%s: %j gives %s', async (_what, met, fault) => {
    const trust = {
      roots: [root],
      lists: [await signed(exampleList)],
      seen: { [seenName(exampleList)]: met },
    }
    const { current, unusable } = await trustedLists(trust, [], now)
    expect(current).toHaveLength(fault === null ? 1 : 0)
    expect(unusable).toEqual(fault === null ? [] : [refused(exampleList, fault)])
  })

  test('another list, it means nothing', async () => {
    const trust = {
      roots: [root],
      lists: [await signed(exampleList)],
      seen: { 'urn:x:other': { sequence: 99, digest: 'x' } },
    }
    expect((await trustedLists(trust, [], now)).current).toHaveLength(1)
  })
})

describe('a list in time', () => {
  test.each<[at: string, change: Partial<TrustList>, fault: string | null]>([
    ['2026-02-28T23:59:59Z', {}, 'trust_list_not_yet_valid'],
    ['2026-03-01T00:00:00Z', {}, null],
    ['2026-06-01T00:00:00Z', {}, null],
    ['2026-06-01T00:00:01Z', {}, 'trust_list_stale'],
    ['2026-05-01T00:00:00Z', {}, null], // past nextUpdate, which is an expectation and no end
    ['1999-01-01T00:00:00Z', { validFrom: undefined }, null],
    ['2099-01-01T00:00:00Z', { validUntil: undefined }, null],
  ])('at %s with %j: %s', async (at, change, fault) => {
    const list = { ...exampleList, ...change }
    const { current, unusable } = await trustedLists(
      { roots: [root], lists: [await signed(list)] },
      [],
      instant(at),
    )
    expect([current.map((one) => one.list), unusable]).toEqual(
      fault === null ? [[list], []] : [[], [refused(list, fault)]],
    )
  })
})
