/** Independent implementations that ours is compared with, and the tests in which they say something else. */

export interface SecondOpinion {
  readonly packages: readonly string[]
  /** Below `test/`; it imports every package, or `securing/peer.ts` does. */
  readonly test: string
  readonly agrees: string
  /** Titles in that test: what they let through or do otherwise, and what we do. */
  readonly differs: readonly string[]
}

export const secondOpinions: readonly SecondOpinion[] = [
  {
    packages: [
      '@digitalbazaar/vc',
      '@digitalbazaar/data-integrity',
      '@digitalbazaar/eddsa-rdfc-2022-cryptosuite',
      '@digitalbazaar/eddsa-jcs-2022-cryptosuite',
      '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite',
      '@digitalbazaar/ed25519-signature-2020',
    ],
    test: 'securing/second-opinion-di.test.ts',
    agrees: 'what they issue we verify, what we issue they verify; both refuse what was changed',
    differs: [
      'an empty context below the top, which may become any other',
      'a nested member, whose readers look elsewhere',
    ],
  },
  {
    packages: ['@digitalbazaar/ecdsa-sd-2023-cryptosuite'],
    test: 'securing/second-opinion-sd.test.ts',
    agrees: 'base and derived proofs, in both directions',
    differs: ['a text that looks like a blank node is signed as it stands by us, and by them as another'],
  },
  {
    packages: ['@digitalbazaar/vc-bitstring-status-list'],
    test: 'status/second-opinion-bitstring.test.ts',
    agrees: 'their lists judged by us, ours by them: revoked, not revoked, tampered, by another issuer',
    differs: [
      'they call a revoked credential verified: its bit stands beside it',
      'they make a list without validFrom, of which we could not tell the age',
      'they read a list that is shorter than it may be',
      'they take a list that says it is another one',
      'they read the index %j as a number',
      'they expand further than 2^26 entries',
    ],
  },
  {
    packages: ['jose'],
    test: 'securing/second-opinion-jose.test.ts',
    agrees: 'vc+jwt, vp+jwt and statuslist+jwt with EdDSA, ES256 and ES384, in both directions',
    differs: [],
  },
  {
    packages: ['did-jwt-vc'],
    test: 'securing/second-opinion-jose.test.ts',
    agrees: 'nothing that is accepted: it speaks the JWT of version 1.1',
    differs: [
      'makes what our vc+jwt refuses for its claim vc, whatever its typ',
      'says of ours that it has no iss, which a full kid makes superfluous',
    ],
  },
  {
    packages: ['@sd-jwt/sd-jwt-vc'],
    test: 'securing/second-opinion-sd-jwt.test.ts',
    agrees: 'issuing, presenting and key binding, in both directions; both refuse what was changed',
    differs: [],
  },
]
