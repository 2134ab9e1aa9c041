import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Bytes, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { type StatusListContent, statusListCredential } from '../../src/status/status-list.ts'
import type { Report } from '../../src/verify/report.ts'
import {
  allStand,
  at,
  judged,
  keyAgency,
  type Loose,
  otherAgency,
  outcomesOf,
  parsed,
  resigned,
  sceneOf,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  statusLists,
  stranger,
  tampered,
  trustListOf,
  trustOf,
  withAgency,
} from './scene.ts'

type List = () => Promise<EvidenceItem>
const revocation =
  (change: Partial<StatusListContent> = {}, issuer = keyAgency) =>
  () =>
    statusListOf(issuer, 'revocation', change)
const suspension =
  (change: Partial<StatusListContent> = {}, issuer = keyAgency) =>
  () =>
    statusListOf(issuer, 'suspension', change)
const set = [statusIndex]
const older = { validFrom: at('2026-04-01T00:00:00Z'), validUntil: at('2026-05-01T00:00:00Z') }
const newer = { validFrom: at('2026-05-31T00:00:00Z') }

/** A list that its issuer signed with something else in it than we would write. */
const unlike =
  (alter: (list: Loose) => void, issuer = keyAgency): List =>
  async () => {
    const { document } = await statusListOf(issuer, 'revocation')
    const { proof: _, ...list } = structuredClone(document) as Loose
    alter(list)
    return { kind: 'status-list', url: statusLists.revocation, document: await sign(list, issuer) }
  }
/** A list changed after it was signed. */
const broken =
  (alter: (list: Loose) => void): List =>
  async () => {
    // As text, since document and proof share their contexts in memory.
    const item = parsed(JSON.stringify(await statusListOf(keyAgency, 'revocation')))
    alter(item.document)
    return item
  }
const encoded = (bits: Bytes) => `u${toBase64url(gzipSync(bits) as Bytes)}`

test('a list whose proof has an end of its own is not believed: the list itself says until when it counts', async () => {
  const { document } = await statusListOf(keyAgency, 'revocation')
  const { proof: _, ...list } = document
  const ending = await addProof(list, {
    signer: keyAgency,
    suite: 'eddsa-jcs-2022',
    created: at('2026-05-30T00:00:00Z'),
    expires: at('2026-05-31T00:00:00Z'),
    contexts: contextTable(),
  })
  const scene = await sceneOf()
  const items = [
    { kind: 'status-list', url: statusLists.revocation, document: ending } as const,
    await suspension()(),
  ]
  const report = await judged(scene, { items })
  expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_believed' })
})

describe('a list signed over RDF', () => {
  const overRdf = async (change: JsonObject): Promise<Report> => {
    const { document } = await statusListOf(keyAgency, 'revocation')
    const { proof: _, ...list } = document
    const signed = await addProof(
      { ...list, ...change },
      {
        signer: keyAgency,
        suite: 'eddsa-rdfc-2022',
        created: at('2026-05-20T00:00:00Z'),
        contexts: contextTable(),
      },
    )
    const item = { kind: 'status-list', url: statusLists.revocation, document: signed } as const
    return judged(await sceneOf(), { items: [item, await suspension()()] })
  }

  test('is believed where it has nothing but what its RDF fixes', async () => {
    expect(outcomesOf(await overRdf({}))).toEqual(allStand)
  })

  test.each<[string, JsonObject]>([
    ['a member that a list need not have', { name: 'Status of 2026' }],
    ['an issuer as object', { issuer: { id: keyAgency.controller } }],
  ])('is not believed with %s: another text could read as the same RDF', async (_, change) => {
    const expected = { ...allStand, status: 'unknown status_list_not_believed' }
    expect(outcomesOf(await overRdf(change))).toEqual(expected)
  })
})

describe('the status of a certificate', () => {
  test.each<[lists: string, items: readonly List[], status: string, detail: string]>([
    [
      'a list under an inline context',
      [
        unlike((list) => {
          list['@context'] = [...list['@context'], { validUntil: '@default', encodedList: '@explicit' }]
        }),
        suspension(),
      ],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    ['no list', [], 'unknown status_list_not_at_hand', statusLists.revocation],
    ['no list for suspension', [revocation()], 'unknown status_list_not_at_hand', statusLists.suspension],
    ['no list for revocation', [suspension()], 'unknown status_list_not_at_hand', statusLists.revocation],
    [
      'a list under another name',
      [revocation({ id: 'https://agency.example/status/9' }), suspension()],
      'unknown status_list_not_at_hand',
      statusLists.revocation,
    ],
    [
      'a list that is no list of bits',
      [
        async () => ({
          kind: 'status-list',
          url: statusLists.revocation,
          document: { id: statusLists.revocation },
        }),
        suspension(),
      ],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list by a stranger in its own name',
      [revocation({}, stranger), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list by another agency, which nobody named for this one',
      [revocation({}, otherAgency), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list by a stranger in the name of the issuer',
      [unlike((list) => Object.assign(list, { issuer: keyAgency.controller }), stranger), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list whose second proof is a stranger’s',
      [
        async () => {
          const item = await statusListOf(keyAgency, 'revocation')
          return { ...item, document: await sign(item.document, stranger) }
        },
        suspension(),
      ],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list without a proof',
      [broken((list) => delete list.proof), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list with no proofs',
      [broken((list) => Object.assign(list, { proof: [] })), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list whose end was put off',
      [broken((list) => Object.assign(list, { validUntil: '2027-01-01T00:00:00Z' })), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list with a context that is not signed',
      [broken((list) => list['@context'].push('https://w3id.org/security/multikey/v1')), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'trap 34: a list made for login',
      [
        async () => {
          const { proof: _, ...list } = (await statusListOf(keyAgency, 'revocation')).document as Loose
          return {
            kind: 'status-list',
            url: statusLists.revocation,
            document: await sign(list, keyAgency, { purpose: 'authentication' }),
          }
        },
        suspension(),
      ],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list of a year that no instant can say',
      [unlike((list) => Object.assign(list, { validFrom: '-271821-04-20T00:00:00+14:00' })), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'a list that ends in a year that no instant can say',
      [unlike((list) => Object.assign(list, { validUntil: '275760-09-13T00:00:00-14:00' })), suspension()],
      'unknown status_list_not_believed',
      statusLists.revocation,
    ],
    [
      'trap 42: a list that ran out a second ago',
      [revocation({ validUntil: at('2026-05-31T23:59:59Z') }), suspension()],
      'unknown status_list_stale',
      `${statusLists.revocation}, 2026-05-31T23:59:59Z`,
    ],
    [
      'a list without an end',
      [unlike((list) => delete list.validUntil), suspension()],
      'unknown status_list_stale',
      `${statusLists.revocation}`,
    ],
    [
      'a list from 301 seconds ahead',
      [revocation({ validFrom: at('2026-06-01T00:05:01Z') }), suspension()],
      'unknown status_list_from_future',
      statusLists.revocation,
    ],
    [
      'trap 41: a list for another purpose',
      [revocation({ purpose: 'suspension' }), suspension()],
      'unknown status_purpose_mismatch',
      `${statusLists.revocation} does not speak of revocation`,
    ],
    [
      'a list that is shorter than it may be',
      [
        unlike((list) =>
          Object.assign(list.credentialSubject, { encodedList: encoded(new Uint8Array(16_383)) }),
        ),
        suspension(),
      ],
      'unknown status_list_unreadable',
      `${statusLists.revocation}: list_too_short`,
    ],
    [
      'a list that expands without end',
      [
        unlike((list) =>
          Object.assign(list.credentialSubject, { encodedList: encoded(new Uint8Array(9_000_000)) }),
        ),
        suspension(),
      ],
      'unknown status_list_unreadable',
      `${statusLists.revocation}: list_too_large`,
    ],
    [
      'a list that is not packed',
      [
        unlike((list) =>
          Object.assign(list.credentialSubject, { encodedList: `u${toBase64url(utf8('bits'))}` }),
        ),
        suspension(),
      ],
      'unknown status_list_unreadable',
      `${statusLists.revocation}: list_encoding`,
    ],
    [
      'revoked',
      [revocation({ set }), suspension()],
      'fail revoked',
      `${statusLists.revocation} of 2026-05-20T00:00:00Z`,
    ],
    [
      'suspended',
      [revocation(), suspension({ set })],
      'fail suspended',
      `${statusLists.suspension} of 2026-05-20T00:00:00Z`,
    ],
    [
      'both: revocation is what is said',
      [suspension({ set }), revocation({ set })],
      'fail revoked',
      `${statusLists.revocation} of 2026-05-20T00:00:00Z`,
    ],
    [
      'revoked, the other list missing',
      [revocation({ set })],
      'fail revoked',
      `${statusLists.revocation} of 2026-05-20T00:00:00Z`,
    ],
    [
      'suspended, the other list missing',
      [suspension({ set })],
      'fail suspended',
      `${statusLists.suspension} of 2026-05-20T00:00:00Z`,
    ],
    [
      'revoked in a list that ran out',
      [revocation({ ...older, set }), suspension()],
      'fail revoked',
      `${statusLists.revocation} of 2026-04-01T00:00:00Z`,
    ],
    [
      'suspended in a list that ran out',
      [revocation(), suspension({ ...older, set })],
      'fail suspended',
      `${statusLists.suspension} of 2026-04-01T00:00:00Z`,
    ],
    [
      'trap 42: revoked in an older list only',
      [revocation(), revocation({ ...older, set }), suspension()],
      'fail revoked',
      `${statusLists.revocation} of 2026-04-01T00:00:00Z`,
    ],
    [
      'revoked in an older list, the newest unreadable',
      [
        unlike((list) => Object.assign(list.credentialSubject, { encodedList: 'u' })),
        revocation({ ...older, set }),
        suspension(),
      ],
      'fail revoked',
      `${statusLists.revocation} of 2026-04-01T00:00:00Z`,
    ],
    [
      'revoked in three lists: the newest is named',
      [revocation({ ...older, set }), revocation({ ...newer, set }), revocation({ set }), suspension()],
      'fail revoked',
      `${statusLists.revocation} of 2026-05-31T00:00:00Z`,
    ],
    [
      'suspended since the newer list',
      [revocation(), suspension(), suspension({ ...newer, set })],
      'fail suspended',
      `${statusLists.suspension} of 2026-05-31T00:00:00Z`,
    ],
    [
      'one of two lists of one moment shows a suspension',
      [revocation(), suspension(), suspension({ set })],
      'fail suspended',
      `${statusLists.suspension} of 2026-05-20T00:00:00Z`,
    ],
    [
      'of two lists of one moment the one that ends first counts',
      [revocation(), revocation({ validUntil: at('2026-05-31T00:00:00Z') }), suspension()],
      'unknown status_list_stale',
      `${statusLists.revocation}, 2026-05-31T00:00:00Z`,
    ],
    [
      'the newest list has run out, however fresh an older one is',
      [revocation(), revocation({ ...newer, validUntil: at('2026-05-31T12:00:00Z') }), suspension()],
      'unknown status_list_stale',
      `${statusLists.revocation}, 2026-05-31T12:00:00Z`,
    ],
  ])('%s', async (_lists, items, status, detail) => {
    const scene = await sceneOf()
    const made = await Promise.all(items.map((item) => item()))
    const report = await judged(scene, { items: made })
    expect(outcomesOf(report)).toEqual({ ...allStand, status })
    expect(report.verdict).toBe(status.startsWith('fail') ? 'invalid' : 'undetermined')
    expect(report.checks.status).toMatchObject({ detail })
    // In whatever order the lists came.
    for (const order of [made.toReversed(), [...made.slice(1), ...made.slice(0, 1)]]) {
      expect(await judged(scene, { items: order })).toEqual(report)
    }
  })

  const place = { index: statusIndex, digest: expect.stringMatching(/^[0-9a-f]{64}$/), says: 'nothing' }
  const asOf = (from: string, until = '2026-06-20T00:00:00Z') => ({ asOf: from, until })
  test.each<[lists: string, items: readonly List[], revocationFacts: object, suspensionFacts: object]>([
    [
      'reinstated in the newer list',
      [revocation(), suspension({ set }), suspension(newer)],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-31T00:00:00Z'),
    ],
    [
      'an older list beside the newest',
      [revocation(older), revocation(), suspension()],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'a list from the future beside one of today',
      [
        revocation(),
        revocation({ validFrom: at('2026-07-01T00:00:00Z'), validUntil: at('2026-08-01T00:00:00Z'), set }),
        suspension(),
      ],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'a list from 300 seconds ahead, by a clock that is behind',
      [revocation({ validFrom: at('2026-06-01T00:05:00Z') }), suspension()],
      asOf('2026-06-01T00:05:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'a list in its last second',
      [revocation({ validUntil: at('2026-06-01T00:00:00Z') }), suspension()],
      asOf('2026-05-20T00:00:00Z', '2026-06-01T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'the neighbours revoked',
      [revocation({ set: [statusIndex - 1, statusIndex + 1, 0, 131_071] }), suspension()],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'a list that speaks of both',
      [
        unlike((list) =>
          Object.assign(list.credentialSubject, { statusPurpose: ['revocation', 'suspension'] }),
        ),
        suspension(),
      ],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
    [
      'forgeries beside the right lists',
      [
        revocation({ set }, stranger),
        unlike((list) => Object.assign(list, { issuer: keyAgency.controller }), stranger),
        broken((list) => delete list.proof),
        revocation(),
        suspension(),
      ],
      asOf('2026-05-20T00:00:00Z'),
      asOf('2026-05-20T00:00:00Z'),
    ],
  ])('nothing stands against it: %s', async (_lists, items, revoked, suspended) => {
    const scene = await sceneOf()
    const made = await Promise.all(items.map((item) => item()))
    const report = await judged(scene, { items: made })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.status).toEqual({
      outcome: 'pass',
      facts: {
        lists: [
          { ...place, purpose: 'revocation', list: statusLists.revocation, ...revoked },
          { ...place, purpose: 'suspension', list: statusLists.suspension, ...suspended },
        ],
      },
    })
    expect(await judged(scene, { items: made.toReversed() })).toEqual(report)
  })

  test('lists by a party that the agency’s entry names count as its own', async () => {
    const scene = await sceneOf()
    const list = withAgency(await trustListOf(), keyAgency, { statusIssuers: [stranger.controller] })
    const trust = trustOf(await signTrustList(list))
    const items = await Promise.all([revocation({}, stranger)(), suspension({}, stranger)()])
    expect(outcomesOf(await judged(scene, { items, trust }))).toEqual(allStand)
    const revoked = await Promise.all([revocation({ set }, stranger)(), suspension()()])
    expect(outcomesOf(await judged(scene, { items: revoked, trust }))).toEqual({
      ...allStand,
      status: 'fail revoked',
    })
    // The same lists, where the entry names nobody, and where it names the other way round.
    expect(outcomesOf(await judged(scene, { items }))).toEqual({
      ...allStand,
      status: 'unknown status_list_not_believed',
    })
    const other = withAgency(await trustListOf(), otherAgency, { statusIssuers: [stranger.controller] })
    expect(
      outcomesOf(await judged(scene, { items, trust: trustOf(await signTrustList(other)) })).status,
    ).toBe('unknown status_list_not_believed')
  })

  test('a set bit for a purpose that says nothing of validity leaves a certificate standing', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = await resigned(scene, (vc) => {
      vc.supplementaryStatus.push({
        ...vc.credentialStatus,
        id: 'urn:x:refresh',
        statusPurpose: 'refresh',
        statusListCredential: 'https://agency.example/status/3',
      })
    })
    const document = statusListCredential({
      id: 'https://agency.example/status/3',
      issuer: keyAgency.controller,
      purpose: 'refresh' as never,
      validFrom: at('2026-05-20T00:00:00Z'),
      validUntil: at('2026-06-20T00:00:00Z'),
      set,
    })
    const refresh: EvidenceItem = {
      kind: 'status-list',
      url: 'https://agency.example/status/3',
      document: await sign(document, keyAgency),
    }
    const report = await judged(scene, { text, items: [...scene.evidence.items, refresh] })
    // Our own schema knows two purposes, so the certificate is none of ours; its status is what is asked here.
    expect(outcomesOf(report)).toEqual({ ...allStand, schema: 'fail schema_violated' })
  })

  test('nobody’s name for a list decides what it is: evidence is sorted by what is signed', async () => {
    const scene = await sceneOf()
    const items = scene.evidence.items.map((item) => ({ ...item, url: 'urn:x:elsewhere' }))
    expect(outcomesOf(await judged(scene, { items }))).toEqual(allStand)
  })

  test('a tampered certificate cannot name another place: the proof tells', async () => {
    const scene = await sceneOf()
    const items = await Promise.all([revocation({ set })(), suspension()()])
    const text = tampered(scene, (vc) => {
      vc.credentialStatus.statusListIndex = '1'
    })
    expect(outcomesOf(await judged(scene, { text, items }))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })
})
