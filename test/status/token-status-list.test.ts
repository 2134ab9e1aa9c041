import { readdirSync } from 'node:fs'
import { deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, concat, fromHex, toBase64url, toHex } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { fromJwk, type PublicKey } from '../../src/key/public-key.ts'
import { verifyJws } from '../../src/securing/jws.ts'
import {
  decodeStatuses,
  encodeStatuses,
  openTokenStatusList,
  packStatuses,
  type StatusBits,
  signTokenStatusList,
  tokenStatusAt,
  tokenStatuses,
  tokenStatusListClaims,
} from '../../src/status/token-status-list.ts'
import { knownAnswers } from '../known-answers.ts'
import { signers, tokenOf } from '../securing/tokens.ts'
import { sharedIsHere, sharedJson, sharedPath, sharedText } from '../shared.ts'

const signer = signers['P-256']
const bytes = (hex: string): Bytes => fromHex(hex) as Bytes
const lstOf = (packed: Uint8Array): string => toBase64url(new Uint8Array(packed))

describe('packed statuses', () => {
  /** Section 4.1: index 0 in the lowest bits of the first byte. */
  test.each<[bits: StatusBits, values: readonly number[], hex: string]>([
    [1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], 'b9a3'],
    [2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3], 'c944f9'],
    [4, [1, 2, 15, 0, 5], '210f05'],
    [8, [0, 1, 255], '0001ff'],
    [1, [1], '01'],
    [1, [], ''],
  ])('of %i bits are those of %j', (bits, values, hex) => {
    const packed = packStatuses(values, bits)
    expect(toHex(packed.bytes)).toBe(hex)
    expect(values.map((_, index) => tokenStatusAt(packed, index))).toEqual(values)
  })

  test('trap 39: the bits run from the right, unlike those of a Bitstring Status List', () => {
    const list = { bits: 1, bytes: bytes('01') } as const
    expect([0, 7].map((index) => tokenStatusAt(list, index))).toEqual([1, 0])
  })

  test.each([-1, 24, 1e9, 0.5, Number.NaN, Infinity, 2 ** 53])(
    'TSL-4, trap 40: have no status at %d',
    (index) => {
      expect(tokenStatusAt({ bits: 1, bytes: bytes('c944f9') }, index)).toBeNull()
    },
  )

  test('have no status at a text', () => {
    expect(tokenStatusAt({ bits: 1, bytes: bytes('c944f9') }, '1' as unknown as number)).toBeNull()
  })

  test.each<[bits: StatusBits, value: number]>([
    [1, 2],
    [2, 4],
    [4, 16],
    [8, 256],
    [1, -1],
    [1, 0.5],
  ])('of %i bits cannot be %d', (bits, value) => {
    expect(() => packStatuses([value], bits)).toThrow(RangeError)
  })

  test('have names for the first three', () => {
    expect(tokenStatuses).toEqual({ valid: 0, invalid: 1, suspended: 2 })
  })

  test('come back from their text, whatever they are, and node reads it too', () => {
    const lists = fc
      .constantFrom<StatusBits>(1, 2, 4, 8)
      .chain((bits) => fc.tuple(fc.constant(bits), fc.array(fc.nat(2 ** bits - 1), { maxLength: 300 })))
    fc.assert(
      fc.property(lists, ([bits, values]) => {
        const packed = packStatuses(values, bits)
        const lst = encodeStatuses(packed)
        expect(decodeStatuses(lst, bits)).toEqual({ ok: true, statuses: packed })
        expect(new Uint8Array(inflateSync(Buffer.from(lst, 'base64url')))).toEqual(packed.bytes)
      }),
      { seed: 6, numRuns: 60 },
    )
  })
})

/** What zlib makes of a stream: the bytes, or nothing where it fails or anything comes after it. */
function byZlib(stream: Uint8Array): Uint8Array | null {
  try {
    const { buffer, engine } = inflateSync(stream, { info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return engine.bytesWritten === stream.length ? new Uint8Array(buffer) : null
  } catch {
    return null
  }
}

describe('a lst', () => {
  const packed = new Uint8Array(deflateSync(Buffer.from('c944f9'.repeat(50), 'hex'), { level: 9 }))
  const good = toBase64url(packed)

  test.each<[what: string, packed: Uint8Array]>([
    ['by zlib', deflateSync(Buffer.from('c944f9', 'hex'))],
    ['stored, not deflated', deflateSync(Buffer.from('c944f9', 'hex'), { level: 0 })],
    ['with fixed codes', deflateSync(Buffer.from('c944f9', 'hex'), { strategy: 4 })],
  ])('is read where it was packed %s', (_what, one) => {
    expect(decodeStatuses(lstOf(one), 2)).toEqual({ ok: true, statuses: { bits: 2, bytes: bytes('c944f9') } })
  })

  test('with any byte changed is to us what it is to zlib, its header too', () => {
    for (let at = 0; at < packed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const other = packed.slice()
        other[at] = (other[at] as number) ^ (1 << bit)
        const decoded = decodeStatuses(lstOf(other), 2)
        expect([at, bit, decoded.ok ? decoded.statuses.bytes : null]).toEqual([at, bit, byZlib(other)])
      }
    }
  })

  test('is read though its checksum lies across two steps', () => {
    // Random bytes are stored as they are, so the lengths below end around 4096 and 8192.
    const noise = new Uint8Array(9000).map((_, i) => (i * i * 31 + (i >> 3) * 17) & 0xff)
    for (const size of [4080, 4081, 4082, 4083, 4084, 4085, 4086, 4087, 4088, 8180]) {
      const one = deflateSync(noise.subarray(0, size), { level: 0 })
      expect(decodeStatuses(lstOf(one), 8)).toMatchObject({ ok: true })
      expect(decodeStatuses(lstOf(one.subarray(0, -1)), 8)).toMatchObject({ ok: false })
    }
  })

  test.each<[what: string, lst: string]>([
    ['empty', ''],
    ['with padding', `${good}==`],
    ['with a u before it, as in the other kind of list', `u${good}`],
    ['with a space', ` ${good}`],
    ['of the other alphabet', '+/+/'],
    ['without its end', toBase64url(packed.slice(0, -5))],
    ['of its header alone', toBase64url(packed.slice(0, 2))],
    ['with another checksum', toBase64url(packed.with(-1, packed.at(-1)! ^ 1) as Bytes)],
    ['with a byte behind it', toBase64url(concat(packed, Uint8Array.of(0)))],
    [
      'with a byte before its checksum',
      toBase64url(concat(packed.slice(0, -4), Uint8Array.of(0), packed.slice(-4))),
    ],
    ['followed by another', toBase64url(concat(packed, packed))],
    ['followed by the like of it, checksum included', toBase64url(concat(packed, packed.slice(2)))],
    ['in gzip', lstOf(gzipSync(Buffer.from('c944f9', 'hex')))],
    ['without a zlib header', lstOf(deflateRawSync(Buffer.from('c944f9', 'hex')))],
    [
      'that wants a dictionary',
      lstOf(deflateSync(Buffer.from('c944f9', 'hex'), { dictionary: Buffer.from('c944', 'hex') })),
    ],
    ['of another method', toBase64url(packed.with(0, 0x79) as Bytes)],
    ['of noise', toBase64url(new Uint8Array(64).fill(0xa5))],
  ])('%s is none', (_what, lst) => {
    expect(decodeStatuses(lst, 2)).toEqual({ ok: false, fault: 'list_encoding' })
  })

  test('trap 38: that expands too far is left alone', () => {
    const most = 8_388_608
    expect(decodeStatuses(lstOf(deflateSync(Buffer.alloc(most))), 1)).toMatchObject({ ok: true })
    for (const size of [most + 1, 20 * most]) {
      expect(decodeStatuses(lstOf(deflateSync(Buffer.alloc(size))), 1)).toEqual({
        ok: false,
        fault: 'list_too_large',
      })
    }
    expect(decodeStatuses('A'.repeat(12_000_001), 1)).toEqual({ ok: false, fault: 'list_too_large' })
  })

  test('of any bytes is read or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        expect(typeof decodeStatuses(lstOf(concat(packed.slice(0, 2), noise as Bytes)), 1).ok).toBe('boolean')
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

const content = {
  uri: 'https://agency.example/status/1',
  issuer: 'https://agency.example',
  iat: '2026-03-01T00:00:00Z' as Instant,
  exp: '2026-04-01T00:00:00Z' as Instant,
  ttl: 43200,
  bits: 2,
  values: [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3],
} as const

type Change = Readonly<Record<string, Json | undefined>>
const changed = (value: JsonObject, change: Change): JsonObject =>
  JSON.parse(JSON.stringify({ ...value, ...change }))

describe('a status list token', () => {
  const claims = tokenStatusListClaims(content)

  test('trap 36: states its dates and its ttl in seconds', () => {
    const { status_list: list, ...rest } = claims
    expect(rest).toEqual({
      sub: 'https://agency.example/status/1',
      iss: 'https://agency.example',
      iat: 1772323200,
      exp: 1775001600,
      ttl: 43200,
    })
    expect(list).toEqual({ bits: 2, lst: 'eNo76fITAAPfAgc' })
  })

  test('is signed, opened, verified and asked', async () => {
    const opening = openTokenStatusList(await signTokenStatusList(claims, signer))
    if (!opening.ok) throw new Error(opening.fault)
    expect(opening.list).toEqual({
      uri: content.uri,
      issuer: content.issuer,
      iat: 1772323200,
      exp: 1775001600,
      ttl: 43200,
      bits: 2,
      lst: 'eNo76fITAAPfAgc',
    })
    expect(opening.key).toEqual({ by: 'method', url: signer.verificationMethod })
    expect(opening.jws.header).toEqual({
      typ: 'statuslist+jwt',
      kid: signer.verificationMethod,
      alg: 'ES256',
    })
    expect(await verifyJws(opening.jws, signer.publicKey)).toBe('good')
    const decoded = decodeStatuses(opening.list.lst, opening.list.bits)
    expect(decoded.ok && content.values.map((_, i) => tokenStatusAt(decoded.statuses, i))).toEqual(
      content.values,
    )
    expect(decoded.ok && tokenStatusAt(decoded.statuses, 12)).toBeNull()
  })

  test.each<[what: string, header: Change, key: unknown]>([
    [
      'is the URL of a method',
      { kid: 'https://a.example/keys#1' },
      { by: 'method', url: 'https://a.example/keys#1' },
    ],
    [
      'is in the issuer’s metadata',
      { kid: '12' },
      { by: 'issuer-metadata', issuer: content.issuer, kid: '12' },
    ],
    ['is in a certificate', { kid: '12', x5c: ['MAA='] }, { by: 'x5c', chain: [Uint8Array.of(0x30, 0)] }],
  ])('whose key %s says so', async (_what, header, key) => {
    const opening = openTokenStatusList(
      await tokenOf(changed({ alg: 'EdDSA', typ: 'statuslist+jwt' }, header), claims),
    )
    expect(opening.ok && opening.key).toEqual(key)
  })

  const list = { bits: 1, lst: 'eNrbuRgAAhcBXQ' }
  test.each<[what: string, header: Change, payload: Change, fault: string]>([
    ['without typ', { typ: undefined }, {}, 'jwt_type'],
    ['of another typ', { typ: 'vc+jwt' }, {}, 'jwt_type'],
    ['of the type of the CBOR form', { typ: 'statuslist+cwt' }, {}, 'jwt_type'],
    ['with alg none', { alg: 'none' }, {}, 'jws_header_refused'],
    ['without sub', {}, { sub: undefined }, 'jwt_claim'],
    ['with a sub that is no URL', {}, { sub: '/status/1' }, 'jwt_claim'],
    ['with an iss that is no text', {}, { iss: 5 }, 'jwt_claim'],
    ['without iat', {}, { iat: undefined }, 'jwt_claim'],
    ['with an iat in words', {}, { iat: content.iat }, 'jwt_claim'],
    ['TSL-3: with an exp in words', {}, { exp: content.exp }, 'jwt_claim'],
    ['with an exp in milliseconds', {}, { exp: 1775001600000 }, 'jwt_claim'],
    ['with a ttl of nothing', {}, { ttl: 0 }, 'jwt_claim'],
    ['with a ttl below nothing', {}, { ttl: -1 }, 'jwt_claim'],
    ['with a ttl in words', {}, { ttl: '43200' }, 'jwt_claim'],
    ['without a list', {}, { status_list: undefined }, 'jwt_claim'],
    ['with a list of lists', {}, { status_list: [list] }, 'jwt_claim'],
    ['of three bits', {}, { status_list: { ...list, bits: 3 } }, 'jwt_claim'],
    ['of sixteen bits', {}, { status_list: { ...list, bits: 16 } }, 'jwt_claim'],
    ['of bits in words', {}, { status_list: { ...list, bits: '1' } }, 'jwt_claim'],
    ['without lst', {}, { status_list: { bits: 1 } }, 'jwt_claim'],
    ['without a key', { kid: undefined }, {}, 'jwt_key_name'],
    ['with a label and no issuer', { kid: '12' }, { iss: undefined }, 'jwt_key_name'],
    ['with certificates that are none', { kid: '12', x5c: [] }, {}, 'jwt_key_name'],
  ])('%s is refused', async (_what, header, payload, fault) => {
    const goodHeader = { alg: 'EdDSA', typ: 'statuslist+jwt', kid: signer.verificationMethod }
    const opening = openTokenStatusList(await tokenOf(changed(goodHeader, header), changed(claims, payload)))
    expect(opening).toMatchObject({ ok: false, fault })
  })

  test('without exp, iss and ttl is one all the same', async () => {
    const { uri, iat, exp, bits, values } = content
    const { exp: _, ...endless } = tokenStatusListClaims({ uri, iat, exp, bits, values })
    const opening = openTokenStatusList(await signTokenStatusList(endless, signer))
    expect(opening).toMatchObject({ ok: true, list: { exp: undefined, issuer: undefined, ttl: undefined } })
  })

  test('that would be refused is not signed', async () => {
    await expect(signTokenStatusList({ ...claims, sub: 'list 1' }, signer)).rejects.toMatchObject({
      code: 'securing.jwt_refused',
      detail: { fault: 'jwt_claim', what: 'sub' },
    })
  })

  test('may be larger than a credential, and not without end', async () => {
    // Numbers without a pattern, so that nothing is saved by packing them.
    let state = 1
    const values = Uint8Array.from({ length: 1_100_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
      return (state >>> 16) & 0xff
    })
    const compact = await signTokenStatusList(tokenStatusListClaims({ ...content, bits: 8, values }), signer)
    expect(compact.length).toBeGreaterThan(1_500_000)
    expect(openTokenStatusList('A'.repeat(16_777_217))).toMatchObject({ ok: false, fault: 'jws_too_large' })
  })

  test('SDVC-8: that is no JWS is refused', () => {
    expect(openTokenStatusList('')).toMatchObject({ ok: false, fault: 'jws_malformed' })
  })
})

interface Row {
  readonly bits: StatusBits
  readonly size: number
  readonly entries: readonly (readonly [number, number])[]
  readonly json?: { readonly bits: StatusBits; readonly lst: string }
}

describe.skipIf(!sharedIsHere)('the vectors of the draft', () => {
  const folder = 'vectors/token-status-list'
  const answers = knownAnswers('Token Status List (draft 20)')
  let vectors: {
    small: { byteArrayHex: string; json?: { bits: StatusBits; lst: string } }[]
    appendix: Row[]
    jwtCompact: string
    signingKeyJwk: JsonObject
  }
  beforeAll(() => {
    vectors = sharedJson(`${folder}/vectors.json`)
  })

  test('the small lists hold their bytes, and are what we would write', () => {
    const rows = vectors.small.flatMap(({ byteArrayHex, json }) =>
      json === undefined ? [] : [{ byteArrayHex, json }],
    )
    expect(rows).toHaveLength(2)
    for (const { byteArrayHex, json } of rows) {
      const statuses = { bits: json.bits, bytes: bytes(byteArrayHex) }
      expect(decodeStatuses(json.lst, json.bits)).toEqual({ ok: true, statuses })
      expect(encodeStatuses(statuses)).toBe(json.lst)
      answers.holds(`${folder}/vectors.json`, `small, ${json.bits} bits`)
    }
  })

  test('the lists of 2^20 entries hold exactly theirs', () => {
    const rows = vectors.appendix.flatMap((row) =>
      row.json === undefined ? [] : [{ ...row, json: row.json }],
    )
    expect(rows.map(({ bits }) => bits)).toEqual([1, 2, 4, 8])
    for (const { bits, size, entries, json } of rows) {
      const values = new Uint8Array(size)
      for (const [index, value] of entries) values[index] = value
      const decoded = decodeStatuses(json.lst, bits)
      // Compared as a boolean: a difference would print a million numbers.
      expect(decoded.ok && Buffer.compare(decoded.statuses.bytes, packStatuses(values, bits).bytes)).toBe(0)
      answers.holds(`${folder}/vectors.json`, `2^20 entries, ${bits} bits`)
    }
  })

  test('the lists in its text are those of the table', () => {
    const files = ['encoding', 'encoding2', 'encoding1_long', 'encoding2_long', 'encoding4', 'encoding8']
    const lists = files.map((name) => {
      const text = sharedText(`${folder}/status_list_${name}_json.md`)
      return JSON.parse(text.slice(text.indexOf('{')).replace(/\s/g, '')) as { bits: number; lst: string }
    })
    const known = [...vectors.small, ...vectors.appendix].flatMap(({ json }) => json ?? [])
    expect(lists.map(({ lst }) => known.some((one) => one.lst === lst))).toEqual(files.map(() => true))
    for (const name of files) answers.holds(`${folder}/status_list_${name}_json.md`)
  })

  test('what is left of its files is in CBOR, which we do not read', () => {
    const files = readdirSync(sharedPath(folder)).filter((name) => name.startsWith('status_list_'))
    const left = files.filter((name) => !/_(json|jwt|jwt_raw)\.md$/.test(name))
    expect(left.filter((name) => !/_(cbor|cwt)(_diag)?\.md$/.test(name))).toEqual([])
    expect([files.length, left.length]).toEqual([18, 10])
    for (const name of left) answers.notApplicable(`${folder}/${name}`, '', 'in CBOR, which we do not read')
  })

  test('its token verifies, and its text is that token', async () => {
    const opening = openTokenStatusList(vectors.jwtCompact)
    if (!opening.ok) throw new Error(opening.fault)
    const { d: _, ...jwk } = vectors.signingKeyJwk as JsonObject & { d: string }
    expect(await verifyJws(opening.jws, fromJwk(jwk) as PublicKey)).toBe('good')
    expect(opening.list).toMatchObject({
      uri: 'https://example.com/statuslists/1',
      iat: 1686920170,
      exp: 2291720170,
      ttl: 43200,
    })
    expect(opening.key).toEqual({ by: 'issuer-metadata', issuer: 'https://example.com', kid: '12' })
    expect(sharedText(`${folder}/status_list_jwt_raw.md`).replace(/\s/g, '')).toBe(vectors.jwtCompact)
    const [header, payload] = sharedText(`${folder}/status_list_jwt.md`)
      .split('}\n.\n')
      .map((part, i) => JSON.parse(i === 0 ? `${part}}` : part) as JsonObject)
    expect(header).toEqual(opening.jws.header)
    expect({ iss: 'https://example.com', ...payload }).toEqual(opening.jws.payload)
    answers.holds(`${folder}/vectors.json`, 'token')
    answers.holds(`${folder}/status_list_jwt_raw.md`)
    answers.holds(`${folder}/status_list_jwt.md`)
  })
})
