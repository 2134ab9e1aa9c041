import { describe, expect, test } from 'vitest'
import type { ControllerId, Did } from '../../src/base/did-url.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { jwkDocument } from '../../src/did/jwk.ts'
import { keyDocument } from '../../src/did/key.ts'
import { type Resolution, resolveController, resolveDid } from '../../src/did/resolve.ts'
import { didOf, firstLine, instant, lines, nextLine, now, signerOf, stateOf } from './logs.ts'

const key: Did = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const web: Did = 'did:web:agency.example'
const jwk: Did =
  'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6ImlvamozWFFKOFpYOVV0c3RQTHBkY3NwbkNiOGRsQkliODNTSUFiUVBiMXcifQ'
const gathered = new Map<string, JsonObject>([
  [web, { id: web }],
  [key, { id: key, forged: true }],
  ['did:jwk:abc', { id: 'did:jwk:abc' }],
])

describe('resolution', () => {
  test.each<[did: Did, result: Resolution]>([
    [key, { ok: true, document: keyDocument(key) as JsonObject, proven: 'self' }],
    [web, { ok: true, document: { id: web }, proven: 'gathered' }],
    ['did:web:other.example', { ok: false, fault: 'did_not_at_hand' }],
    ['did:web:Agency.example', { ok: false, fault: 'did_not_at_hand' }],
    ['did:key:z6Mk', { ok: false, fault: 'did_malformed' }],
    ['did:key:1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', { ok: false, fault: 'did_malformed' }],
    [jwk, { ok: true, document: jwkDocument(jwk) as JsonObject, proven: 'self' }],
    ['did:jwk:abc', { ok: false, fault: 'did_malformed' }],
    ['did:webvh:abc:agency.example', { ok: false, fault: 'did_not_at_hand' }],
    ['did:ion:abc', { ok: false, fault: 'did_method_unknown' }],
    ['did:constructor:abc', { ok: false, fault: 'did_method_unknown' }],
  ])('of %s', async (did, result) => {
    expect(await resolveDid(did, gathered, { now })).toEqual(result)
  })
})

const first = await firstLine()
const webvh = didOf(first)
const witnesses = [{ id: signerOf(2).controller }]
const witnessed = await firstLine({}, { parameters: { witness: { threshold: 1, witnesses } } })
const ended = await nextLine(first, { parameters: { deactivated: true } })

describe('resolution of a did:webvh', () => {
  const state = stateOf(webvh)
  test.each<[what: string, did: Did, files: JsonObject | undefined, result: Resolution]>([
    ['by its log', webvh, { id: webvh, log: lines(first) }, { ok: true, document: state, proven: 'self' }],
    ['without a log', webvh, undefined, { ok: false, fault: 'did_not_at_hand' }],
    ['by a document', webvh, state, { ok: false, fault: 'did_not_at_hand' }],
    [
      'by a log that does not hold',
      webvh,
      { log: lines(first, first) },
      { ok: false, fault: 'did_log_refused' },
    ],
    [
      'by the log of another',
      didOf(witnessed),
      { log: lines(first) },
      { ok: false, fault: 'did_log_refused' },
    ],
    [
      'without the proofs of its witnesses',
      didOf(witnessed),
      { log: lines(witnessed) },
      { ok: false, fault: 'did_not_at_hand' },
    ],
    [
      'with too few proofs',
      didOf(witnessed),
      { log: lines(witnessed), witnesses: '[]' },
      { ok: false, fault: 'did_log_refused' },
    ],
    ['that was ended', webvh, { log: lines(first, ended) }, { ok: false, fault: 'did_deactivated' }],
    [
      'at an IP address',
      webvh.replace('agency.example', '127.0.0.1') as Did,
      { log: lines(first) },
      { ok: false, fault: 'did_malformed' },
    ],
  ])('%s', async (_what, did, files, result) => {
    expect(await resolveDid(did, new Map(files === undefined ? [] : [[did, files]]), { now })).toEqual(result)
  })

  test('is of a moment: before its first entry the log is of the future', async () => {
    const files = new Map([[webvh, { id: webvh, log: lines(first) }]])
    expect(await resolveDid(webvh, files, { now: instant('2026-01-01T00:00:00Z') })).toEqual({
      ok: false,
      fault: 'did_log_refused',
    })
  })
})

describe('several logs of one did:webvh', () => {
  const next = (sign: string) =>
    nextLine(first, { state: stateOf(webvh, { alsoKnownAs: [`urn:x:${sign}`] }) })
  const state = (sign: string): Resolution => ({
    ok: true,
    document: stateOf(webvh, { alsoKnownAs: [`urn:x:${sign}`] }),
    proven: 'self',
  })

  test('the longest that holds counts, and every other is how it begins', async () => {
    const [a, b] = [await next('a'), await next('b')]
    const rows: readonly (readonly [logs: readonly string[][], result: Resolution])[] = [
      [[[first], [first, a]], state('a')],
      [
        [
          [first, a],
          [first, a],
          [first, a, a],
        ],
        state('a'),
      ],
      [[[first, a], [witnessed]], state('a')],
      [
        [
          [first, a],
          [first, b],
        ],
        { ok: false, fault: 'did_log_forked' },
      ],
      [
        [
          [first, a, await nextLine(a, { parameters: { deactivated: true } })],
          [first, a],
        ],
        { ok: false, fault: 'did_deactivated' },
      ],
      [[[first, first], [witnessed]], { ok: false, fault: 'did_log_refused' }],
      [[], { ok: false, fault: 'did_not_at_hand' }],
    ]
    for (const [logs, result] of rows) {
      const files = logs.map((log) => ({ id: webvh, log: lines(...log) }))
      for (const order of [files, files.toReversed()]) {
        expect(await resolveDid(webvh, new Map([[webvh, order]]), { now })).toEqual(result)
      }
    }
  })

  test('of a did:web two documents are none: which is meant is not told by their order', async () => {
    const two = new Map([[web, [{ id: web }, { id: web, other: true }]]])
    expect(await resolveDid(web, two, { now })).toEqual({ ok: false, fault: 'did_not_at_hand' })
  })
})

describe('resolution of a controller', () => {
  const address = 'https://issuer.example/123'
  const documents = new Map<string, JsonObject>([
    [address, { id: address }],
    [web, { id: web }],
    [webvh, { id: webvh, log: lines(first) }],
  ])

  test.each<[id: ControllerId, result: Resolution]>([
    [address, { ok: true, document: { id: address }, proven: 'gathered' }],
    [`${address}/`, { ok: false, fault: 'did_not_at_hand' }],
    [web, { ok: true, document: { id: web }, proven: 'gathered' }],
    [webvh, { ok: true, document: stateOf(webvh), proven: 'self' }],
    ['did:web:other.example', { ok: false, fault: 'did_not_at_hand' }],
  ])('%s', async (id, result) => {
    expect(await resolveController(id, documents, { now })).toEqual(result)
  })

  test('of a did:webvh with a port, a path and its SCID in the path', async () => {
    const line = await firstLine({ state: stateOf('did:webvh:{SCID}:agency.example%3A8443:a:{SCID}') })
    const did = didOf(line)
    expect(await resolveController(did, new Map([[did, { log: lines(line) }]]), { now })).toEqual({
      ok: true,
      document: stateOf(did),
      proven: 'self',
    })
    expect(await resolveController(address, new Map(), { now })).toEqual({
      ok: false,
      fault: 'did_not_at_hand',
    })
  })
})
