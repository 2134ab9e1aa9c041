import { describe, expect, test } from 'vitest'
import { type EvmSignature, evmSignerOfSecret, isSignedBy } from '../../src/anchor/evm-signer.ts'
import { keccak256 } from '../../src/anchor/path.ts'
import { quantityBytes } from '../../src/anchor/rlp.ts'
import { type Bytes, toHex, utf8 } from '../../src/base/bytes.ts'
import { hex } from './evm-recorded.ts'
import { devSigner } from './evm-transactions.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const hash = keccak256(utf8('a transaction'))

test('the address of a key is the known one', () => {
  // The first account of the mnemonic that development nodes share, and the key 1, whose public key is the base point.
  expect(devSigner.address).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
  expect(evmSignerOfSecret(hex(`${'00'.repeat(31)}01`)).address).toBe(
    '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf',
  )
})

test('EIP 155: the signature over the hash of its example is the one given there', async () => {
  const signer = evmSignerOfSecret(hex('46'.repeat(32)))
  const { r, s, yParity } = await signer.sign(
    hex('daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53'),
  )
  expect(BigInt(`0x${toHex(r)}`)).toBe(
    18515461264373351373200002665853028612451056578545711640558177340181847433846n,
  )
  expect(BigInt(`0x${toHex(s)}`)).toBe(
    46948507304638947509940763649030358759909902576025900602547168820602576006531n,
  )
  expect(yParity).toBe(0)
})

test.each([
  ['0', new Uint8Array(32)],
  ['the order of the curve', quantityBytes(order)],
  ['of 31 bytes', new Uint8Array(31).fill(1)],
])('a secret key that is %s is refused', (_, secret) => {
  expect(() => evmSignerOfSecret(secret)).toThrow(
    expect.objectContaining({ code: 'anchor.evm_secret_malformed' }),
  )
})

describe('a signature counts', () => {
  const good = devSigner.sign(hash) as EvmSignature
  const flip = (yParity: 0 | 1): 0 | 1 => (yParity === 0 ? 1 : 0)

  test('where it is the account’s, however the address is written', () => {
    expect(isSignedBy(devSigner.address, hash, good)).toBe(true)
    expect(isSignedBy('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', hash, good)).toBe(true)
  })

  const highS = quantityBytes(order - BigInt(`0x${toHex(good.s)}`))
  const other = evmSignerOfSecret(new Uint8Array(32).fill(7))
  test.each<[what: string, of: Bytes, signature: EvmSignature]>([
    ['of another hash', keccak256(hash), good],
    ['of another account', hash, other.sign(hash) as EvmSignature],
    ['with the other parity', hash, { ...good, yParity: flip(good.yParity) }],
    ['with s in the upper half', hash, { ...good, s: highS, yParity: flip(good.yParity) }],
    ['with r of 0', hash, { ...good, r: new Uint8Array(32) }],
    ['with r of 31 bytes', hash, { ...good, r: good.r.slice(1) }],
    ['with s of 0', hash, { ...good, s: new Uint8Array(32) }],
  ])('not %s', (_, of, signature) => {
    expect(isSignedBy(devSigner.address, of, signature)).toBe(false)
  })
})
