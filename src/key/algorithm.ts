/** One row per signature algorithm; code elsewhere asks the row and never compares names. */

export type AlgorithmName = 'Ed25519'

export interface Algorithm {
  /** The two bytes of the multicodec varint before the key in a Multikey. */
  readonly multicodec: readonly [number, number]
  /** The same before the private seed in a secret Multikey. */
  readonly secretMulticodec: readonly [number, number]
  /** Bytes of a public key. */
  readonly keyBytes: number
  /** Bytes of a raw signature. */
  readonly signatureBytes: number
  readonly jwk: { readonly kty: string; readonly crv: string }
}

/** Headers: Controlled Identifiers 1.0, section 2.2.2. */
export const algorithms: Readonly<Record<AlgorithmName, Algorithm>> = {
  Ed25519: {
    multicodec: [0xed, 0x01],
    secretMulticodec: [0x80, 0x26],
    keyBytes: 32,
    signatureBytes: 64,
    jwk: { kty: 'OKP', crv: 'Ed25519' },
  },
}

export const algorithmNames = Object.keys(algorithms) as readonly AlgorithmName[]
