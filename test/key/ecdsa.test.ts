import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { compress, decompress, type EcdsaCurve } from '../../src/key/ecdsa.ts'
import { ecdsaPublicKey, ecdsaSigner, freshEcdsaSecret } from '../../src/key/ecdsa-secret.ts'
import {
  type EcdsaBackend,
  ecdsaBackends,
  fastestEcdsaBackend,
  verifyEcdsa,
} from '../../src/key/ecdsa-verify.ts'
import type { BackendName } from '../../src/key/ed25519.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const bytes = (hex: string): Bytes => {
  const decoded = fromHex(hex)
  if (decoded === null) throw new Error(`not hex: ${hex}`)
  return decoded
}

const backends = Object.entries(ecdsaBackends) as [BackendName, EcdsaBackend][]
type Asked = [curve: EcdsaCurve, signature: Bytes, message: Bytes, key: Bytes]

/** What each backend answers behind our own check, by its name. */
const answers = async (...asked: Asked): Promise<Record<string, boolean>> =>
  Object.fromEntries(
    await Promise.all(
      backends.map(async ([name, backend]) => [name, await verifyEcdsa(...asked, backend)] as const),
    ),
  )
const all = (answer: boolean) => ({ node: answer, webcrypto: answer, noble: answer })

interface KnownAnswer {
  readonly secret: string
  readonly x: string
  readonly y: string
  /** Over "sample", with the digest of the curve. */
  readonly r: string
  readonly s: string
  /** Order of the base point. */
  readonly n: bigint
}

/** RFC 6979, appendices A.2.5 and A.2.6. */
const known: Readonly<Record<EcdsaCurve, KnownAnswer>> = {
  'P-256': {
    secret: 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721',
    x: '60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6',
    y: '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    r: 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
    s: 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    secret:
      '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
    x: 'ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13',
    y: '8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720',
    r: '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46',
    s: '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
}
const curves = Object.keys(known) as EcdsaCurve[]
const sample = utf8('sample')

const keyOf = (curve: EcdsaCurve): Bytes => {
  const { x, y } = known[curve]
  return bytes(`${Number.parseInt(y.slice(-1), 16) % 2 === 0 ? '02' : '03'}${x}`)
}
const signatureOf = (curve: EcdsaCurve): Bytes => bytes(known[curve].r + known[curve].s)
const wide = (curve: EcdsaCurve, value: bigint): string =>
  value.toString(16).padStart(known[curve].r.length, '0')

test('this runtime has all three backends, and node:crypto is the one that is used', () => {
  expect(backends.map(([name]) => name)).toEqual(['node', 'webcrypto', 'noble'])
  expect(fastestEcdsaBackend).toBe(ecdsaBackends.node)
})

describe.each(curves)('ECDSA on %s', (curve) => {
  const { secret, x, y, r, s, n } = known[curve]
  const key = keyOf(curve)
  const signature = signatureOf(curve)

  test('EC-4: signs as RFC 6979 says, each time alike', () => {
    expect(toHex(ecdsaSigner(curve, bytes(secret))(sample))).toBe(r + s)
    expect(toHex(ecdsaPublicKey(curve, bytes(secret)) as Bytes)).toBe(toHex(key))
  })

  test('verifies that on every backend, and nothing else', async () => {
    expect(await answers(curve, signature, sample, key)).toEqual(all(true))
    expect(await answers(curve, signature, utf8('Sample'), key)).toEqual(all(false))
    expect(verifyEcdsa(curve, signature, sample, key)).toBe(true)
  })

  test('EC-3, trap 22: high and low s both count', async () => {
    const other = bytes(r + wide(curve, n - BigInt(`0x${s}`)))
    expect(await answers(curve, other, sample, key)).toEqual(all(true))
  })

  const credulous: EcdsaBackend = { verify: () => true }
  test.each<[what: string, make: () => Bytes]>([
    ['r = 0', () => bytes(wide(curve, 0n) + s)],
    ['s = 0', () => bytes(r + wide(curve, 0n))],
    ['r = n', () => bytes(wide(curve, n) + s)],
    ['s = n', () => bytes(r + wide(curve, n))],
    ['the greatest r', () => bytes('ff'.repeat(r.length / 2) + s)],
    ['no bytes', () => new Uint8Array()],
    ['a byte less', () => signature.subarray(1)],
    ['a byte more', () => concat(signature, Uint8Array.of(0))],
    ['the DER form', () => concat(Uint8Array.of(0x30, 2 * r.length - 2, 2, r.length / 2), signature)],
  ])('EC-3: a signature with %s is refused in front of every backend', (_what, make) => {
    expect(verifyEcdsa(curve, make(), sample, key, credulous)).toBe(false)
    expect(verifyEcdsa(curve, signature, sample, key, credulous)).toBe(true)
  })

  test('EC-5: a point is compressed and comes back, of either sign', () => {
    const point = { x: bytes(x), y: bytes(y) }
    expect(compress(curve, point)).toEqual(key)
    expect(decompress(curve, key)).toEqual(point)
    const mirrored = decompress(curve, concat(Uint8Array.of(5 - (key[0] as number)), key.subarray(1)))
    expect(mirrored?.x).toEqual(point.x)
    expect(mirrored?.y).not.toEqual(point.y)
    expect(compress(curve, mirrored as typeof point)?.[0]).toBe(5 - (key[0] as number))
  })

  const p = bytes(
    curve === 'P-256'
      ? 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'
      : 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
  )
  test.each<[what: string, make: () => Bytes]>([
    ['the sign byte of a whole point', () => concat(Uint8Array.of(4), bytes(x))],
    ['a whole point', () => concat(Uint8Array.of(4), bytes(x), bytes(y))],
    ['the point at infinity', () => Uint8Array.of(0)],
    ['a byte less', () => key.subarray(0, -1)],
    ['a byte more', () => concat(key, Uint8Array.of(0))],
    ['an x as great as the field', () => concat(Uint8Array.of(2), p)],
    ['an x that no point has', () => concat(key.subarray(0, -1), Uint8Array.of((key.at(-1) as number) ^ 7))],
  ])('EC-5: %s is no key', async (_what, make) => {
    expect(decompress(curve, make())).toBeNull()
    expect(await answers(curve, signature, sample, make())).toEqual(all(false))
  })

  test.each<[what: string, make: () => { x: Bytes; y: Bytes }]>([
    ['a y beside the curve', () => ({ x: bytes(x), y: bytes(x) })],
    ['a leading zero byte', () => ({ x: concat(Uint8Array.of(0), bytes(x)), y: bytes(y) })],
    ['a short y', () => ({ x: bytes(x), y: bytes(y).subarray(1) })],
    ['an x as great as the field', () => ({ x: p, y: bytes(y) })],
    ['a y as great as the field', () => ({ x: bytes(x), y: p })],
  ])('EC-5, trap 23: a point with %s is none', (_what, make) => {
    expect(compress(curve, make())).toBeNull()
  })

  test('a secret of 0 or beyond the order has no key', () => {
    expect(ecdsaPublicKey(curve, bytes(wide(curve, 0n)))).toBeNull()
    expect(ecdsaPublicKey(curve, bytes(wide(curve, n)))).toBeNull()
  })

  test('what is signed, all backends accept, under no other key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.nat(), async (data, at) => {
        const [one, other] = [freshEcdsaSecret(curve), freshEcdsaSecret(curve)]
        const made = ecdsaSigner(curve, one)(data as Bytes)
        const publicKey = ecdsaPublicKey(curve, one) as Bytes
        expect(await answers(curve, made, data as Bytes, publicKey)).toEqual(all(true))
        expect(await answers(curve, made, data as Bytes, ecdsaPublicKey(curve, other) as Bytes)).toEqual(
          all(false),
        )
        made[at % made.length] = (made[at % made.length] as number) ^ 1
        expect(await answers(curve, made, data as Bytes, publicKey)).toEqual(all(false))
      }),
      { numRuns: 10 },
    )
  })
})

test('more issuers than the cache of points holds are all served', () => {
  const secrets = Array.from({ length: 260 }, (_, i) => bytes((i + 1).toString(16).padStart(64, '0')))
  for (const secret of [...secrets, ...secrets.slice(0, 3)]) {
    const key = ecdsaPublicKey('P-256', secret) as Bytes
    expect(verifyEcdsa('P-256', ecdsaSigner('P-256', secret)(sample), sample, key)).toBe(true)
  }
})

describe('other runtimes', () => {
  afterEach(() => {
    vi.doUnmock('../../src/base/platform.ts')
    vi.resetModules()
  })

  test.each<[name: BackendName, subtleCrypto: SubtleCrypto | undefined]>([
    ['webcrypto', globalThis.crypto.subtle],
    ['noble', undefined],
  ])('without what is faster %s verifies', async (name, subtleCrypto) => {
    vi.resetModules()
    vi.doMock('../../src/base/platform.ts', () => ({ nodeCrypto: undefined, subtleCrypto }))
    const there = await import('../../src/key/ecdsa-verify.ts')
    expect(there.fastestEcdsaBackend).toBe(there.ecdsaBackends[name])
    for (const curve of curves) {
      expect(await there.verifyEcdsa(curve, signatureOf(curve), sample, keyOf(curve))).toBe(true)
      expect(await there.verifyEcdsa(curve, signatureOf(curve), utf8('x'), keyOf(curve))).toBe(false)
    }
  })
})

describe.skipIf(!sharedIsHere)('published vectors of ECDSA', () => {
  test.each<[curve: EcdsaCurve, file: string]>([
    ['P-256', 'ecdsa_secp256r1_sha256_p1363_test'],
    ['P-384', 'ecdsa_secp384r1_sha384_p1363_test'],
  ])('EC-3: every case of Wycheproof on %s has the expected answer on every backend', async (curve, file) => {
    const { testGroups, numberOfTests } = sharedJson(`vectors/ecdsa/${file}.json`)
    const seen: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { publicKey, tests } of testGroups) {
      const size = curve === 'P-256' ? 64 : 96
      const [x, y] = [publicKey.wx, publicKey.wy].map((hex: string) =>
        bytes(hex.padStart(size, '0').slice(-size)),
      )
      const key = compress(curve, { x, y } as { x: Bytes; y: Bytes })
      expect(key).not.toBeNull()
      for (const { tcId, msg, sig, result } of tests) {
        expected[tcId] = all(result === 'valid')
        seen[tcId] = await answers(curve, bytes(sig), bytes(msg), key as Bytes)
      }
    }
    expect(seen).toEqual(expected)
    expect(Object.keys(seen)).toHaveLength(numberOfTests)
    knownAnswers('ECDSA').holds(`ecdsa/${file}.json`, Object.keys(seen))
  })
})
