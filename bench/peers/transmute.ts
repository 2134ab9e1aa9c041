/** @transmute/verifiable-credentials as JWT. Its own `issue` reads JSON as YAML; the key is imported once and not, as in its guide, each time. */
import * as transmute from '@transmute/verifiable-credentials'
import { CompactSign, importJWK } from 'jose'
import { toBase64url } from '../../src/base/bytes.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { agency } from '../scene.ts'
import { asItIs, type Contender, seed } from './contender.ts'

const { encoder, decoder } = transmute.text
const type = 'application/vc-ld+jwt'
const jwk = { ...toJwk(agency.publicKey), alg: 'EdDSA' }
const privateKey = await importJWK({ ...jwk, d: toBase64url(seed) }, 'EdDSA')
const header = { alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid: agency.verificationMethod }

const issuer = transmute.issuer({
  // Its types name no EdDSA; for a JWT it is the signer that decides.
  alg: 'EdDSA' as 'ES256',
  type,
  signer: {
    sign: async (bytes) =>
      encoder.encode(await new CompactSign(bytes).setProtectedHeader(header).sign(privateKey)),
  },
})
const key = { type: 'application/jwk+json', content: encoder.encode(JSON.stringify(jwk)) } as const
const verifier = transmute.verifier({ resolver: { resolve: async () => key } })

export const contenders: readonly Contender[] = [
  {
    id: 'peer/@transmute/verifiable-credentials/jwt',
    form: 'vc+jwt',
    inputOf: asItIs,
    issue: async (document) =>
      decoder.decode(await issuer.issue({ claimset: encoder.encode(JSON.stringify(document)) })),
    verify: async (text) =>
      (await verifier.verify<{ issuer?: unknown }>({ type, content: encoder.encode(text) })).issuer !==
      undefined,
  },
]
