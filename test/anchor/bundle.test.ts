import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Anchor } from '../../src/anchor/anchor.ts'
import { buildBatch } from '../../src/anchor/batch.ts'
import {
  type AnchorBundle,
  bundleIn,
  bundleJson,
  bundlesWithin,
  bundleText,
  readBundle,
  withBundle,
} from '../../src/anchor/bundle.ts'
import { sidecarName, sidecarNames } from '../../src/anchor/sidecar.ts'
import { toBase64url, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { type Subject, subjectsOf } from '../../src/securing/subject.ts'

const hash = (text: string) => sha256(utf8(text))
const subjects = [1, 2, 3].map(
  (i): Subject => ({
    of: 'di-jcs',
    digest: hash(`${i}`),
    proof: 'urn:uuid:11111111-2222-4333-8444-555555555555',
  }),
)
const { members } = buildBatch(subjects, ({ digest }) => digest)
const anchors: readonly Anchor[] = [
  { kind: 'tlog', proof: 'c2sp.org/tlog-proof@v1\nindex 0\n' },
  {
    kind: 'ots',
    ots: hash('a file'),
    headers: [{ height: 358391, bytes: new Uint8Array(160) }],
    headerProofs: [{ height: 7, header: new Uint8Array(80), index: 0, size: 2, path: [hash('sibling')] }],
  },
  {
    kind: 'path',
    chain: 'eip155:1',
    height: 23456789,
    end: 'blockHash',
    path: [
      { op: 'prepend', data: utf8('before') },
      { op: 'append', data: utf8('after') },
      { op: 'keccak256' },
    ],
    transaction: `0x${'ab'.repeat(32)}`,
  },
  {
    kind: 'path',
    chain: 'bip122:000000000019d6689c085ae165831e93',
    height: 800000,
    end: 'merkleRoot',
    path: [{ op: 'sha256' }],
    headers: { height: 800000, bytes: new Uint8Array(80) },
    headerProof: { height: 800000, header: new Uint8Array(80), index: 1, size: 2, path: [hash('x')] },
  },
]
const { subject, salt, inclusion } = members[1]!
const bundle: AnchorBundle = { subject: { ...subject, proof: subject.proof! }, salt, inclusion, anchors }

describe('a bundle', () => {
  test('is read as it was written, every kind of anchor', () => {
    expect(readBundle(bundleText(bundle))).toEqual({ ok: true, bundle })
  })

  test('keeps anchors of a kind that came later', () => {
    const later = { kind: 'moon-dust', grains: [1, 2] }
    const reading = bundleIn({ ...bundleJson(bundle), anchors: [later] })
    expect(reading).toEqual({ ok: true, bundle: { ...bundle, anchors: [{ kind: 'unknown', as: later }] } })
    expect(reading.ok && bundleJson(reading.bundle).anchors).toEqual([later])
  })

  const json = bundleJson(bundle) as unknown as Record<string, Record<string, Json>>
  const withAnchor = (i: number, change: JsonObject): JsonObject => ({
    ...json,
    anchors: [{ ...((json.anchors as unknown as JsonObject[])[i] as JsonObject), ...change }],
  })
  const header = toBase64url(new Uint8Array(79))
  test.each<[change: string, json: Json, what: string]>([
    ['no object', [], 'type'],
    ['another type', { ...json, type: 'Bundle' }, 'type'],
    ['another version', { ...json, version: 2 }, 'version'],
    ['a member that nobody knows', { ...json, signature: 'x' }, 'signature'],
    ['no subject', { ...json, subject: null }, 'subject'],
    ['a subject of another form', { ...json, subject: { ...json.subject, of: 'cose' } }, 'subject'],
    [
      'a digest of 31 bytes',
      { ...json, subject: { ...json.subject, digest: `sha-256:${toBase64url(salt.subarray(1) as never)}` } },
      'subject',
    ],
    ['a digest by another hash', { ...json, subject: { ...json.subject, digest: 'sha-1:AAAA' } }, 'subject'],
    ['a subject that says more', { ...json, subject: { ...json.subject, more: 1 } }, 'subject'],
    ['a salt of 31 bytes', { ...json, salt: toBase64url(new Uint8Array(31)) }, 'salt'],
    ['no batch', { ...json, batch: 1 }, 'batch'],
    ['a tree of another kind', { ...json, batch: { ...json.batch, alg: 'sorted' } }, 'batch'],
    ['a negative index', { ...json, batch: { ...json.batch, index: -1 } }, 'batch'],
    ['a fraction as size', { ...json, batch: { ...json.batch, size: 1.5 } }, 'batch'],
    [
      'a path of 64 hashes',
      { ...json, batch: { ...json.batch, path: Array(64).fill('A'.repeat(43).concat('=')) } },
      'batch',
    ],
    ['a hash in base64url', { ...json, batch: { ...json.batch, path: ['_'.repeat(43)] } }, 'batch'],
    ['no anchors', { ...json, anchors: {} }, 'anchors'],
    ['17 anchors', { ...json, anchors: Array(17).fill({ kind: 'x' }) }, 'anchors'],
    ['an anchor without kind', { ...json, anchors: [{}] }, 'anchors/0'],
    ['a log proof that says more', withAnchor(0, { checked: true }), 'anchors/0'],
    ['a log proof that is no text', withAnchor(0, { proof: 1 }), 'anchors/0'],
    ['a timestamp that is no base64', withAnchor(1, { ots: 'ä' }), 'anchors/0'],
    ['headers that are not whole', withAnchor(1, { headers: [{ height: 1, headers: header }] }), 'anchors/0'],
    ['a header proof that says more', withAnchor(1, { headerProofs: [{ height: 1, more: 1 }] }), 'anchors/0'],
    ['a chain without CAIP-2 id', withAnchor(2, { chain: 'bitcoin' }), 'anchors/0'],
    ['another end', withAnchor(2, { end: 'receiptsRoot' }), 'anchors/0'],
    ['steps with a byte left over', withAnchor(2, { steps: 'CADx' }), 'anchors/0'],
    ['steps of OpenTimestamps alone', withAnchor(2, { steps: 'Ag==' }), 'anchors/0'],
    ['a transaction that is no name', withAnchor(2, { tx: 'https://explorer.example' }), 'anchors/0'],
    ['2017 headers', withAnchor(3, { headers: Buffer.alloc(2017 * 80).toString('base64') }), 'anchors/0'],
    ['a height beyond 2^53', withAnchor(3, { height: 2 ** 53 }), 'anchors/0'],
  ])('with %s is refused', (_change, changed, what) => {
    expect(bundleIn(changed)).toEqual({ ok: false, what })
  })

  test('of more than a mebibyte is refused unread', () => {
    const text = bundleText(bundle).replace('index 0', 'x'.repeat(1_048_576))
    expect(readBundle(text)).toEqual({ ok: false, what: 'more than 1048576 bytes' })
  })

  test('whatever a stranger writes, reading never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(bundleIn(value as Json).ok).toBe(false)
        bundleIn({ ...json, anchors: [value] } as Json)
        bundleIn({ ...json, batch: value } as Json)
      }),
      { seed: 20261123, numRuns: 2000 },
    )
  })
})

describe('a bundle inside a document', () => {
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    id: subject.proof!,
    proofValue: 'z1',
  }
  const document = { id: 'urn:uuid:1', name: '王小明', proof }

  test('is found there again, beside the proof that it belongs to', () => {
    const carrying = withBundle(document, bundle)
    expect(bundlesWithin(carrying!)).toEqual([bundle])
    expect(carrying).toEqual({
      ...document,
      proof: [proof, { ...(carrying!.proof as JsonObject[])[1]!, previousProof: proof.id }],
    })
  })

  test('replaces the one that was there for the same proof', () => {
    const renewed = { ...bundle, anchors: [] }
    expect(bundlesWithin(withBundle(withBundle(document, bundle)!, renewed)!)).toEqual([renewed])
  })

  test('does not change what the anchors of the document commit to', () => {
    expect(subjectsOf(JSON.stringify(withBundle(document, bundle)))).toEqual(
      subjectsOf(JSON.stringify(document)),
    )
  })

  test('needs a proof of the id that it names', () => {
    expect(withBundle({ ...document, proof: { ...proof, id: 'urn:uuid:2' } }, bundle)).toBeNull()
    const { proof: _, ...unnamed } = bundle.subject
    expect(withBundle(document, { ...bundle, subject: unnamed })).toBeNull()
  })

  test('that is none is passed over', () => {
    const carrying = withBundle(document, bundle)!
    const broken = (proofValue: Json) => ({
      ...document,
      proof: [proof, { ...(carrying.proof as JsonObject[])[1]!, proofValue }],
    })
    for (const value of ['', 'u', 'uAAAA', 'zabc', 1, null]) {
      expect(bundlesWithin(broken(value))).toEqual([])
    }
  })
})

describe('a file of anchors', () => {
  test.each([
    ['PT26-1.json', 'PT26-1.anchor.json', ['PT26-1.anchor.json', 'PT26-1.json.anchor.json']],
    ['PT26-1.jwt', 'PT26-1.anchor.json', ['PT26-1.anchor.json', 'PT26-1.jwt.anchor.json']],
    ['PT26-1.sd-jwt', 'PT26-1.sd-jwt.anchor.json', ['PT26-1.sd-jwt.anchor.json', 'PT26-1.anchor.json']],
    ['out.d/noend', 'out.d/noend.anchor.json', ['out.d/noend.anchor.json']],
  ])('of %s is called %s', (file, name, names) => {
    expect(sidecarName(file)).toBe(name)
    expect(sidecarNames(file)).toEqual(names)
  })
})
