import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import {
  type BackendName,
  type Ed25519Backend,
  ed25519Backends,
  fastestBackend,
  isStrictKey,
  preferBackend,
  verifyEd25519,
} from '../../src/key/ed25519.ts'
import { ed25519PublicKey } from '../../src/key/ed25519-noble.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { sodiumBackend, useSodium } from '../../src/key/sodium.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const bytes = (hex: string): Bytes => {
  const decoded = fromHex(hex)
  if (decoded === null) throw new Error(`not hex: ${hex}`)
  return decoded
}

const backends: readonly (readonly [BackendName | 'sodium', Ed25519Backend])[] = [
  ...(Object.entries(ed25519Backends) as [BackendName, Ed25519Backend][]),
  ['sodium', await sodiumBackend()],
]

/** What each backend answers behind the strict check, by its name. */
async function answers(signature: Bytes, message: Bytes, key: Bytes): Promise<Record<string, boolean>> {
  return Object.fromEntries(
    await Promise.all(
      backends.map(
        async ([name, backend]) => [name, await verifyEd25519(signature, message, key, backend)] as const,
      ),
    ),
  )
}
const all = (answer: boolean) => ({ node: answer, webcrypto: answer, noble: answer, sodium: answer })

/** L, little-endian arithmetic on the second half of a signature. */
const groupOrder = (1n << 252n) + 27742317777372353535851937790883648493n
const number = (le: Bytes): bigint => BigInt(`0x${toHex(le.toReversed())}`)
const le32 = (value: bigint): Bytes => bytes(value.toString(16).padStart(64, '0')).toReversed()

/** RFC 8032, section 7.1, TEST 1 to 3 and TEST SHA(abc). */
const rfc8032: readonly (readonly [
  name: string,
  seed: string,
  publicKey: string,
  message: string,
  signature: string,
])[] = [
  [
    'TEST 1',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST SHA(abc)',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
]
const [, seed3, key3, message3, signature3] = rfc8032[2] as (typeof rfc8032)[number]

test('this runtime has all three backends, and node:crypto is the one that is used', () => {
  expect(Object.keys(ed25519Backends)).toEqual(['node', 'webcrypto', 'noble'])
  expect(fastestBackend).toBe(ed25519Backends.node)
})

describe('Ed25519', () => {
  test.each(rfc8032)(
    '%s of RFC 8032 holds on every backend',
    async (_name, seed, key, message, signature) => {
      expect(toHex(ed25519PublicKey(bytes(seed)))).toBe(key)
      for (const [, backend] of backends) {
        expect(toHex(await backend.signer(bytes(seed))(bytes(message)))).toBe(signature)
      }
      expect(await answers(bytes(signature), bytes(message), bytes(key))).toEqual(all(true))
      expect(await verifyEd25519(bytes(signature), bytes(message), bytes(key))).toBe(true)
    },
  )

  test('node:crypto answers at once', () => {
    const backend = ed25519Backends.node
    expect(backend?.signer(bytes(seed3))(bytes(message3))).toBeInstanceOf(Uint8Array)
    expect(verifyEd25519(bytes(signature3), bytes(message3), bytes(key3), backend)).toBe(true)
  })

  test('what one backend signs, all accept, and no other message or key has that signature', async () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(
        bytes32,
        bytes32,
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(63),
        async (seed, other, message, at) => {
          const key = ed25519PublicKey(seed as Bytes)
          const signatures = await Promise.all(
            backends.map(([, backend]) => backend.signer(seed as Bytes)(message as Bytes)),
          )
          const [signature] = signatures as [Bytes]
          expect(signatures.map((one) => toHex(one))).toEqual(Array(backends.length).fill(toHex(signature)))
          expect(await answers(signature, message as Bytes, key)).toEqual(all(true))
          expect(await answers(signature, concat(message as Bytes, Uint8Array.of(0)), key)).toEqual(
            all(false),
          )
          const changed = signature.slice()
          changed[at] = (changed[at] as number) ^ 1
          expect(await answers(changed, message as Bytes, key)).toEqual(all(false))
          if (toHex(seed as Bytes) !== toHex(other as Bytes)) {
            expect(await answers(signature, message as Bytes, ed25519PublicKey(other as Bytes))).toEqual(
              all(false),
            )
          }
        },
      ),
      { seed: 1, numRuns: 25 },
    )
  })

  test('more issuers than the cache of key objects holds are all served', () => {
    const message = utf8('message')
    const seeds = Array.from({ length: 300 }, (_, i) =>
      new Uint8Array(32).fill(i & 0xff, 0, 1).fill(i >> 8, 1),
    )
    for (const seed of [...seeds, ...seeds.slice(0, 3)]) {
      const signature = fastestBackend.signer(seed)(message) as Bytes
      expect(verifyEd25519(signature, message, ed25519PublicKey(seed))).toBe(true)
    }
  })
})

/** All encodings, canonical and not, of the eight points of small order. */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]

/** y = p + 2 … p + 18 with either sign: encodings that are not canonical, of whatever point. */
const notCanonical = Array.from({ length: 17 }, (_, i) => i + 0xef).flatMap((low) =>
  ['7f', 'ff'].map((high) => `${low.toString(16)}${'ff'.repeat(30)}${high}`),
)

/** Backends that would say yes to anything, so that only the strict check can say no. */
const credulous: Ed25519Backend = { signer: () => (message) => message, verify: () => true }

describe('the strict rule', () => {
  test.each([...smallOrder, ...notCanonical])('trap 20: %s is refused as A and as R', async (encoded) => {
    const point = bytes(encoded)
    const s = new Uint8Array(32)
    expect(isStrictKey(point)).toBe(false)
    expect(await answers(concat(bytes(key3), s), bytes(message3), point)).toEqual(all(false))
    expect(verifyEd25519(bytes(signature3), bytes(message3), point, credulous)).toBe(false)
    expect(
      verifyEd25519(concat(point, bytes(signature3).subarray(32)), bytes(message3), bytes(key3), credulous),
    ).toBe(false)
  })

  test('a key of small order, under which one signature would fit every message, verifies nothing', async () => {
    const identity = bytes(smallOrder[2] as string)
    const universal = concat(identity, new Uint8Array(32))
    for (const message of ['', 'a', 'b']) {
      expect(await answers(universal, utf8(message), identity)).toEqual(all(false))
    }
  })

  test('trap 21: S and S + L are not both accepted', async () => {
    const good = bytes(signature3)
    const s = number(good.subarray(32))
    for (const shifted of [s + groupOrder, s + 2n * groupOrder, groupOrder, (1n << 256n) - 1n]) {
      const signature = concat(good.subarray(0, 32), le32(shifted))
      expect(await answers(signature, bytes(message3), bytes(key3))).toEqual(all(false))
      expect(verifyEd25519(signature, bytes(message3), bytes(key3), credulous)).toBe(false)
    }
    const largest = concat(good.subarray(0, 32), le32(groupOrder - 1n))
    expect(verifyEd25519(largest, bytes(message3), bytes(key3), credulous)).toBe(true)
    expect(await answers(largest, bytes(message3), bytes(key3))).toEqual(all(false))
  })

  test.each([0, 32, 63, 65, 128])('a signature of %d bytes is refused', async (length) => {
    const signature = concat(bytes(signature3), new Uint8Array(64)).subarray(0, length)
    expect(await answers(signature, bytes(message3), bytes(key3))).toEqual(all(false))
    expect(verifyEd25519(signature, bytes(message3), bytes(key3), credulous)).toBe(false)
  })

  test.each([0, 31, 33, 64])('a key of %d bytes is refused', async (length) => {
    const key = concat(bytes(key3), new Uint8Array(32)).subarray(0, length)
    expect(isStrictKey(key)).toBe(false)
    expect(await answers(bytes(signature3), bytes(message3), key)).toEqual(all(false))
  })

  test('a key that is no point of the curve verifies nothing and breaks nothing', async () => {
    const nowhere = bytes('0200000000000000000000000000000000000000000000000000000000000000')
    expect(isStrictKey(nowhere)).toBe(true)
    for (let i = 0; i < 2; i++) {
      expect(await answers(bytes(signature3), bytes(message3), nowhere)).toEqual(all(false))
      expect(
        await answers(concat(nowhere, bytes(signature3).subarray(32)), bytes(message3), bytes(key3)),
      ).toEqual(all(false))
    }
  })

  test('S = 0 is a number like any other', async () => {
    const signature = concat(bytes(signature3).subarray(0, 32), new Uint8Array(32))
    expect(await answers(signature, bytes(message3), bytes(key3))).toEqual(all(false))
  })
})

test('a caller may have libsodium sign and verify, with the same bytes and behind the same rule', async () => {
  const before = signerOfSeed(bytes(seed3)).sign(bytes(message3))
  try {
    await useSodium()
    expect(fastestBackend).not.toBe(ed25519Backends.node)
    const signature = signerOfSeed(bytes(seed3)).sign(bytes(message3))
    expect(signature).toBeInstanceOf(Uint8Array)
    expect(signature).toEqual(before)
    expect(await verifyEd25519(signature as Bytes, bytes(message3), bytes(key3))).toBe(true)
    // S + L: libsodium refuses it as well, but never sees it.
    const high = concat(
      (signature as Bytes).slice(0, 32),
      le32(number((signature as Bytes).slice(32)) + groupOrder),
    )
    expect(await verifyEd25519(high, bytes(message3), bytes(key3))).toBe(false)
  } finally {
    preferBackend(ed25519Backends.node as Ed25519Backend)
  }
})

describe('other runtimes', () => {
  afterEach(() => {
    vi.doUnmock('../../src/base/platform.ts')
    vi.resetModules()
  })

  async function on(subtleCrypto: SubtleCrypto | undefined) {
    vi.resetModules()
    vi.doMock('../../src/base/platform.ts', () => ({ nodeCrypto: undefined, subtleCrypto }))
    return import('../../src/key/ed25519.ts')
  }

  test('without node:crypto WebCrypto is used, and signs and verifies alike', async () => {
    const there = await on(globalThis.crypto.subtle)
    expect(Object.keys(there.ed25519Backends)).toEqual(['webcrypto', 'noble'])
    expect(there.fastestBackend).toBe(there.ed25519Backends.webcrypto)
    expect(toHex(await there.fastestBackend.signer(bytes(seed3))(bytes(message3)))).toBe(signature3)
    expect(await there.verifyEd25519(bytes(signature3), bytes(message3), bytes(key3))).toBe(true)
    expect(await there.verifyEd25519(bytes(signature3), utf8('x'), bytes(key3))).toBe(false)
  })

  test('without either noble is used, from the first call on', async () => {
    const signing = await on(undefined)
    expect(signing.fastestBackend).toBe(signing.ed25519Backends.noble)
    expect(toHex(await signing.fastestBackend.signer(bytes(seed3))(bytes(message3)))).toBe(signature3)
    const verifying = await on(undefined)
    expect(await verifying.verifyEd25519(bytes(signature3), bytes(message3), bytes(key3))).toBe(true)
    expect(await verifying.verifyEd25519(bytes(signature3), utf8('x'), bytes(key3))).toBe(false)
  })

  test.each<[error: string, answer: boolean]>([
    ['NotSupportedError', true],
    ['DataError', false],
  ])('where WebCrypto says %s to a good key, the answer is %s', async (error, answer) => {
    const subtle = {
      importKey: async () => {
        throw new DOMException('no', error)
      },
    } as unknown as SubtleCrypto
    const there = await on(subtle)
    expect(await there.verifyEd25519(bytes(signature3), bytes(message3), bytes(key3))).toBe(answer)
    expect(await there.verifyEd25519(bytes(signature3), utf8('x'), bytes(key3))).toBe(false)
  })
})

interface Case {
  readonly key: string
  readonly message: string
  readonly signature: string
}
const speccheck = (file: string): readonly Case[] =>
  sharedJson(`vectors/ed25519/${file}`).map(
    ({ message, pub_key: key, signature }: Record<string, string>) => ({ message, key, signature }) as Case,
  )

describe.skipIf(!sharedIsHere)('published vectors of Ed25519', () => {
  const known = knownAnswers('Ed25519')
  test('the 151 cases of Wycheproof have the expected answer on every backend', async () => {
    const { testGroups, numberOfTests } = sharedJson('vectors/ed25519/ed25519_test.json')
    const seen: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        expected[tcId] = all(result === 'valid')
        seen[tcId] = await answers(bytes(sig), bytes(msg), bytes(publicKey.pk))
      }
    }
    expect(seen).toEqual(expected)
    expect(Object.keys(seen)).toHaveLength(numberOfTests)
    known.holds('ed25519/ed25519_test.json', Object.keys(seen))
  })

  test.each(['speccheck/cases.json', 'noble/edge-cases.json'])(
    'of %s only the mixed-order case 3 is accepted, as by libsodium',
    async (file) => {
      const cases = speccheck(file)
      expect(cases).toHaveLength(12)
      const seen = await Promise.all(
        cases.map(({ signature, message, key }) => answers(bytes(signature), bytes(message), bytes(key))),
      )
      expect(seen).toEqual(cases.map((_, i) => all(i === 3)))
      known.holds(`ed25519/${file}`, [...cases.keys()])
    },
  )

  test('no ZIP215 case, all of which have small order somewhere, is accepted', async () => {
    const cases: { vk_bytes: string; sig_bytes: string }[] = sharedJson('vectors/ed25519/noble/zip215.json')
    expect(cases).toHaveLength(196)
    for (const { vk_bytes, sig_bytes } of cases) {
      expect(await answers(bytes(sig_bytes), utf8('Zcash'), bytes(vk_bytes))).toEqual(all(false))
    }
    known.notApplicable(
      'ed25519/noble/zip215.json',
      [...cases.keys()],
      'another rule, ZIP215, takes points of small order, under which one signature fits many messages: all are refused',
    )
  })

  test('the table of small orders above is the whole one', () => {
    const { encodings } = sharedJson('vectors/ed25519/small-order-encodings.json')
    expect(encodings.map(([hex]: [string]) => hex).toSorted()).toEqual(smallOrder.toSorted())
    known.holds('ed25519/small-order-encodings.json', smallOrder)
  })
})
