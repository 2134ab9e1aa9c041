import { beforeAll, describe, expect, test } from 'vitest'
import { digestJson } from '../../src/base/canonical.ts'
import type { DidUrl } from '../../src/base/did-url.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import {
  type HistoryEntry,
  historyCredential,
  type KeyEvent,
  keysOfHistory,
  readKeyHistory,
} from '../../src/trust/key-history.ts'
import { verify } from '../../src/verify/verify.ts'
import { withAt } from '../credential/pointers.ts'
import {
  allStand,
  at,
  entryOf,
  now,
  outcomesOf,
  type Scene,
  sceneOf,
  sign,
  signTrustList,
  stranger,
  trustListOf,
  trustOf,
  webAgency,
  withAgency,
} from '../verify/scene.ts'
import { signerNamed } from './lists.ts'

const did = webAgency.controller
const method = (name: string): DidUrl => `${did}#${name}`
/** The key that comes after. */
const second = signerNamed('second key', method('k2'))
const third = signerNamed('third key', method('k3'))

const added = ({ verificationMethod, multikey }: GeneratedSigner, from: string): KeyEvent => ({
  kind: 'added',
  method: verificationMethod,
  multikey,
  from: at(from),
})
const stolen = ({ verificationMethod, multikey }: GeneratedSigner, since: string): KeyEvent => ({
  kind: 'compromised',
  method: verificationMethod,
  multikey,
  since: at(since),
})
const retired = ({ verificationMethod, multikey }: GeneratedSigner, until: string): KeyEvent => ({
  kind: 'retired',
  method: verificationMethod,
  multikey,
  until: at(until),
})

async function signedBy(signers: readonly GeneratedSigner[], entry: HistoryEntry): Promise<JsonObject> {
  let document = historyCredential(entry)
  for (const signer of signers) document = await sign(document, signer, { created: entry.recordedAt })
  return document
}

const digestOf = ({ proof: _, ...document }: JsonObject): string => digestJson(document)

let entries: readonly JsonObject[]
let scene: Scene
beforeAll(async () => {
  scene = await sceneOf(webAgency)
  const first = await signedBy([webAgency], {
    issuer: did,
    sequence: 1,
    recordedAt: at('2026-01-01T00:00:00Z'),
    events: [added(webAgency, '2026-01-01T00:00:00Z')],
  })
  const next = await signedBy([webAgency, second], {
    issuer: did,
    sequence: 2,
    previous: digestOf(first),
    recordedAt: at('2026-05-25T00:00:00Z'),
    events: [stolen(webAgency, '2026-03-02T01:02:03Z'), added(second, '2026-05-25T00:00:00Z')],
  })
  entries = [first, next]
})

describe('a history of keys', () => {
  test('tells what became of each', async () => {
    const reading = await readKeyHistory(entries, did)
    expect(reading.ok && keysOfHistory(reading.entries)).toEqual([
      {
        method: webAgency.verificationMethod,
        multikey: webAgency.multikey,
        thumbprint: thumbprint(webAgency.publicKey),
        from: '2026-01-01T00:00:00Z',
        until: undefined,
        compromisedSince: '2026-03-02T01:02:03Z',
        isDestroyed: false,
      },
      {
        method: second.verificationMethod,
        multikey: second.multikey,
        thumbprint: thumbprint(second.publicKey),
        from: '2026-05-25T00:00:00Z',
        until: undefined,
        compromisedSince: undefined,
        isDestroyed: false,
      },
    ])
  })

  test('says the earliest of several moments of one key', () => {
    const keys = keysOfHistory([
      { events: [added(second, '2026-01-01T00:00:00Z'), stolen(second, '2026-05-01T00:00:00Z')] },
      { events: [stolen(second, '2026-04-01T00:00:00Z'), stolen(second, '2026-06-01T00:00:00Z')] },
    ])
    expect(keys.map(({ compromisedSince }) => compromisedSince)).toEqual(['2026-04-01T00:00:00Z'])
  })

  const faultOf = async (signed: readonly Json[]) => {
    const reading = await readKeyHistory(signed, did)
    return reading.ok ? null : `${reading.fault}, ${reading.detail}`
  }

  test.each<[what: string, change: () => readonly Json[], fault: string]>([
    ['its first entry missing', () => entries.slice(1), 'entry_out_of_order, entry 1'],
    ['its entries turned round', () => entries.toReversed(), 'entry_out_of_order, entry 1'],
    ['an entry twice', () => [...entries, entries[1]!], 'entry_out_of_order, entry 3'],
    ['something that is none', () => [...entries, {}], 'entry_malformed, entry 3'],
    ['nothing in an entry', () => [entries[0]!, null], 'entry_malformed, entry 2'],
    [
      'a date changed',
      () => [
        entries[0]!,
        withAt(entries[1]!, '/credentialSubject/event/0/key/compromisedSince', '2026-05-24T00:00:00Z'),
      ],
      'entry_not_signed, entry 2',
    ],
    [
      'the key of an event exchanged',
      () => [
        withAt(entries[0]!, '/credentialSubject/event/0/key/publicKeyMultibase', stranger.multikey),
        entries[1]!,
      ],
      'entry_malformed, entry 1',
    ],
    [
      'an entry in another’s name',
      () => [withAt(entries[0]!, '/issuer', 'did:web:other.example')],
      'entry_malformed, entry 1',
    ],
    [
      'an event with two dates',
      () => [withAt(entries[0]!, '/credentialSubject/event/0/key/keyUntil', '2026-05-24T00:00:00Z')],
      'entry_malformed, entry 1',
    ],
    ['too many entries', () => Array.from({ length: 1025 }, () => entries[0]!), 'too_many_entries, 1025'],
  ])('with %s is refused', async (_what, change, fault) => {
    expect(await faultOf(change())).toBe(fault)
  })

  test('may not be continued by a stranger, nor by a key that was retired before', async () => {
    const rotated = await signedBy([webAgency, second], {
      issuer: did,
      sequence: 2,
      previous: digestOf(entries[0]!),
      recordedAt: at('2026-02-01T00:00:00Z'),
      events: [retired(webAgency, '2026-02-01T00:00:00Z'), added(second, '2026-02-01T00:00:00Z')],
    })
    expect(await faultOf([entries[0]!, rotated])).toBeNull()
    const next = {
      issuer: did,
      sequence: 3,
      previous: digestOf(rotated),
      recordedAt: at('2026-03-01T00:00:00Z'),
    }
    const events = [added(third, '2026-03-01T00:00:00Z')]
    expect(
      await faultOf([entries[0]!, rotated, await signedBy([second, third], { ...next, events })]),
    ).toBeNull()
    for (const signers of [[webAgency, third], [third], [stranger]]) {
      expect(await faultOf([entries[0]!, rotated, await signedBy(signers, { ...next, events })])).toBe(
        'entry_not_signed, entry 3',
      )
    }
  })

  test('does not go back in time', async () => {
    const back = await signedBy([webAgency], {
      issuer: did,
      sequence: 2,
      previous: digestOf(entries[0]!),
      recordedAt: at('2025-12-31T23:59:59Z'),
      events: [stolen(webAgency, '2025-12-01T00:00:00Z')],
    })
    expect(await faultOf([entries[0]!, back])).toBe('entry_out_of_order, entry 2')
  })
})

describe('what an agency says against its own key', () => {
  const item = (signed: readonly Json[], id: string = did): EvidenceItem => ({
    kind: 'key-history',
    url: id,
    document: { id, entries: signed },
  })
  /** Status lists are by the new key, which the authority knows as well. */
  const judge = async (histories: readonly EvidenceItem[], options: { now?: string } = {}) => {
    const keys = [
      { thumbprint: thumbprint(webAgency.publicKey) },
      { thumbprint: thumbprint(second.publicKey) },
    ]
    const list = withAgency(await trustListOf(), webAgency, { keys })
    const evidence = { items: [...scene.evidence.items, ...histories] }
    const trust = trustOf(await signTrustList(list))
    return outcomesOf(await verify(scene.text, { evidence, trust, now: at(options.now ?? now) }))
  }
  const openStatus = { status: 'unknown status_list_not_believed' }

  test('counts before any list says so: a signature of that moment is refuted', async () => {
    expect(await judge([])).toEqual(allStand)
    expect(await judge([item(entries)])).toEqual({
      ...allStand,
      ...openStatus,
      trust: 'fail key_compromised',
    })
  })

  test('leaves open what claims to be older', async () => {
    const later = await signedBy([webAgency, second], {
      issuer: did,
      sequence: 2,
      previous: digestOf(entries[0]!),
      recordedAt: at('2026-05-25T00:00:00Z'),
      events: [stolen(webAgency, '2026-03-02T01:02:04Z'), added(second, '2026-05-25T00:00:00Z')],
    })
    expect(await judge([item([entries[0]!, later])])).toMatchObject({
      trust: 'unknown key_maybe_compromised',
    })
  })

  test('was not known before it was said', async () => {
    expect(await judge([item(entries)], { now: '2026-05-24T23:59:59Z' })).toEqual(allStand)
  })

  test.each<[what: string, histories: () => Promise<readonly EvidenceItem[]>]>([
    ['in the name of another agency', async () => [item(entries, 'did:web:other.example')]],
    [
      'with a broken entry',
      async () => [item([entries[0]!, withAt(entries[1]!, '/validFrom', '2026-05-26T00:00:00Z')])],
    ],
    [
      'by a stranger, of keys of his own',
      async () => {
        const own = signerNamed('stranger', method('k1'))
        const first = await signedBy([own], {
          issuer: did,
          sequence: 1,
          recordedAt: at('2026-01-01T00:00:00Z'),
          events: [added(own, '2026-01-01T00:00:00Z'), stolen(webAgency, '2026-01-01T00:00:00Z')],
        })
        return [item([first])]
      },
    ],
    ['that is no list', async () => [{ ...item([]), document: { id: did, entries: 'x' } }]],
    ['that is empty', async () => [item([])]],
  ])('changes nothing %s', async (_what, histories) => {
    expect(await judge(await histories())).toEqual(allStand)
  })

  test('twice over with different words is believed in neither', async () => {
    const other = await signedBy([webAgency], {
      issuer: did,
      sequence: 2,
      previous: digestOf(entries[0]!),
      recordedAt: at('2026-05-25T00:00:00Z'),
      events: [added(third, '2026-05-25T00:00:00Z')],
    })
    const histories = [item(entries), item([entries[0]!, other])]
    expect(await judge(histories)).toMatchObject({ trust: 'unknown key_history_forked' })
    expect(await judge(histories.toReversed())).toEqual(await judge(histories))
    // How one begins is no other story.
    expect(await judge([item(entries), item(entries.slice(0, 1))])).toMatchObject({
      trust: 'fail key_compromised',
    })
  })

  test('is not put in doubt by what a stolen key signs alone', async () => {
    const forged = await signedBy([webAgency, third], {
      issuer: did,
      sequence: 2,
      previous: digestOf(entries[0]!),
      recordedAt: at('2026-05-26T00:00:00Z'),
      events: [added(third, '2026-05-26T00:00:00Z'), stolen(second, '2026-01-01T00:00:00Z')],
    })
    const row = await entryOf(webAgency)
    const keys = [
      ...row.keys.map((key) => ({ ...key, compromisedSince: at('2026-05-20T00:00:00Z') })),
      { thumbprint: thumbprint(second.publicKey) },
    ]
    const trust = trustOf(await signTrustList(withAgency(await trustListOf(), webAgency, { keys })))
    const judged = async (...histories: readonly EvidenceItem[]) =>
      outcomesOf(
        await verify(scene.text, {
          evidence: { items: [...scene.evidence.items, ...histories] },
          trust,
          now,
        }),
      )
    expect(await judged(item(entries), item([entries[0]!, forged]))).toEqual(await judged(item(entries)))
    expect((await judged(item(entries))).trust).toBe('fail key_compromised')
  })

  test('by a key that an authority calls stolen accuses no other key', async () => {
    const row = await entryOf(webAgency)
    const keys = [
      ...row.keys,
      { thumbprint: thumbprint(second.publicKey), compromisedSince: at('2026-05-01T00:00:00Z') },
    ]
    const first = await signedBy([second], {
      issuer: did,
      sequence: 1,
      recordedAt: at('2026-05-25T00:00:00Z'),
      events: [added(second, '2026-05-25T00:00:00Z'), stolen(webAgency, '2026-01-01T00:00:00Z')],
    })
    const trust = trustOf(await signTrustList(withAgency(await trustListOf(), webAgency, { keys })))
    const evidence = { items: [...scene.evidence.items, item([first])] }
    expect(outcomesOf(await verify(scene.text, { evidence, trust, now }))).toEqual(allStand)
  })
})
