import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Bytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import * as digest from '../../src/base/digest.ts'
import { plainSha256 } from '../../src/base/sha256.ts'
import * as longer from '../../src/base/sha512.ts'

const onNode = { ...digest, ...longer }

/** The same module where Node's crypto is not to be had. */
async function withoutNode(): Promise<typeof onNode> {
  vi.resetModules()
  vi.doMock('../../src/base/platform.ts', () => ({ nodeCrypto: undefined, subtleCrypto: undefined }))
  return { ...(await import('../../src/base/digest.ts')), ...(await import('../../src/base/sha512.ts')) }
}

afterEach(() => {
  vi.doUnmock('../../src/base/platform.ts')
  vi.resetModules()
})

const runtimes: readonly [name: string, load: () => Promise<typeof onNode>][] = [
  ['with node:crypto', async () => onNode],
  ['without it', withoutNode],
]

test('SHA-256 in plain arithmetic has the padding right at every length', () => {
  for (let length = 0; length <= 200; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)
    expect(toHex(plainSha256(data))).toBe(toHex(onNode.sha256(data)))
  }
  // FIPS 180-4, example of a million times `a`.
  expect(toHex(plainSha256(new Uint8Array(1_000_000).fill(0x61)))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  )
})

test('SHA-256 in plain arithmetic takes a part of a buffer as what it is', () => {
  const data = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff)
  expect(plainSha256(data.subarray(7, 260))).toEqual(onNode.sha256(data.slice(7, 260)))
})

describe.each(runtimes)('digests %s', (_name, load) => {
  test('known answers of FIPS 180-4', async () => {
    const { sha256, sha384, sha512, sha256Hex } = await load()
    const abc = utf8('abc')
    expect(toHex(sha256(abc) as Bytes)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(toHex(sha384(abc) as Bytes)).toBe(
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    )
    expect(toHex(sha512(abc) as Bytes)).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    )
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256Hex(abc)).toBe(sha256Hex('abc'))
  })

  test('known answers of RFC 4231', async () => {
    const { hmacSha256 } = await load()
    expect(toHex(hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
    expect(toHex(hmacSha256(new Uint8Array(20).fill(0x0b), utf8('Hi There')))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
    expect(
      toHex(
        hmacSha256(
          new Uint8Array(131).fill(0xaa),
          utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
        ),
      ),
    ).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54')
  })
})

test('a text is hashed as its UTF-8', () => {
  expect(onNode.sha256Hex('证书')).toBe(onNode.sha256Hex(fromHex('e8af81e4b9a6') as Bytes))
})

test('both runtimes agree on any bytes', async () => {
  const portable = await withoutNode()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 200 }), (data, key) => {
      expect(portable.sha256(data)).toEqual(onNode.sha256(data))
      expect(portable.sha384(data)).toEqual(onNode.sha384(data))
      expect(portable.sha512(data)).toEqual(onNode.sha512(data))
      const under = [portable, onNode].map(({ hmacsUnder }) => hmacsUnder(key as Bytes, data.length))
      for (const hmac of under) {
        hmac(new Uint8Array(data.length).fill(1))
        expect(hmac(data as Bytes)).toEqual(onNode.hmacSha256(key as Bytes, data as Bytes))
      }
      expect(toHex(portable.hmacSha256(key as Bytes, data as Bytes))).toBe(
        toHex(onNode.hmacSha256(key as Bytes, data as Bytes)),
      )
    }),
    { seed: 1 },
  )
})
