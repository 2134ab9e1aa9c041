/** One row per signature algorithm; code elsewhere asks the row and never compares names. */

/** Algorithms that we sign with. */
export type SigningAlgorithm = 'Ed25519' | 'P-256' | 'P-384'
/** RSA is only verified: Open Badges 3.0 in JWT form may be signed with it. */
export type AlgorithmName = SigningAlgorithm | 'RSA'

export interface Algorithm {
  /** The two bytes of the multicodec varint before the key in a Multikey. */
  readonly multicodec: readonly [number, number]
  /** The same before the private seed in a secret Multikey. */
  readonly secretMulticodec: readonly [number, number]
  /** Bytes of a public key in a Multikey; a point is compressed. */
  readonly keyBytes: number
  /** Bytes of a secret key. */
  readonly secretBytes: number
  /** Bytes of a raw signature: r then s for ECDSA, never DER. */
  readonly signatureBytes: number
  readonly jwk: { readonly kty: string; readonly crv: string }
  /** Names of the signature in JOSE (RFC 7518, section 3.1 and RFC 9864); the first is what we write. */
  readonly jws: readonly string[]
}

/** Headers: Controlled Identifiers 1.0, section 2.2.2. */
export const algorithms: Readonly<Record<SigningAlgorithm, Algorithm>> = {
  Ed25519: {
    multicodec: [0xed, 0x01],
    secretMulticodec: [0x80, 0x26],
    keyBytes: 32,
    secretBytes: 32,
    signatureBytes: 64,
    jwk: { kty: 'OKP', crv: 'Ed25519' },
    jws: ['EdDSA', 'Ed25519'],
  },
  'P-256': {
    multicodec: [0x80, 0x24],
    secretMulticodec: [0x86, 0x26],
    keyBytes: 33,
    secretBytes: 32,
    signatureBytes: 64,
    jwk: { kty: 'EC', crv: 'P-256' },
    jws: ['ES256'],
  },
  'P-384': {
    multicodec: [0x81, 0x24],
    secretMulticodec: [0x87, 0x26],
    keyBytes: 49,
    secretBytes: 48,
    signatureBytes: 96,
    jwk: { kty: 'EC', crv: 'P-384' },
    jws: ['ES384'],
  },
}

export const algorithmNames = Object.keys(algorithms) as readonly SigningAlgorithm[]

/** Names in JOSE of the signatures of a key (RFC 7518, section 3.1). */
export const jwsNames = (algorithm: AlgorithmName): readonly string[] =>
  algorithm === 'RSA' ? ['RS256'] : algorithms[algorithm].jws
