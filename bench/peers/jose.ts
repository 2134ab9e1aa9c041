/** jose: a `vc+jwt` with what a JWT says of itself, and with nothing but the signature; one call at a time. */
import { CompactSign, compactVerify, importJWK, jwtVerify, SignJWT } from 'jose'
import { toBase64url } from '../../src/base/bytes.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { agency, now } from '../scene.ts'
import { asItIs, type Contender, seed } from './contender.ts'

const jwk = { ...toJwk(agency.publicKey) }
const publicKey = await importJWK(jwk, 'EdDSA')
const privateKey = await importJWK({ ...jwk, d: toBase64url(seed) }, 'EdDSA')
const header = { alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid: agency.verificationMethod }
const checks = { algorithms: ['EdDSA'], typ: 'vc+jwt', currentDate: new Date(now) }
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const contenders: readonly Contender[] = [
  {
    id: 'peer/jose/jwt',
    form: 'vc+jwt',
    inputOf: asItIs,
    issue: (document) =>
      new SignJWT({ ...document }).setProtectedHeader(header).setIssuedAt(1_772_413_323).sign(privateKey),
    verify: async (text) => (await jwtVerify(text, publicKey, checks)).payload.issuer !== undefined,
  },
  {
    id: 'peer/jose/compact',
    form: 'vc+jwt',
    inputOf: asItIs,
    issue: (document) =>
      new CompactSign(encoder.encode(JSON.stringify(document))).setProtectedHeader(header).sign(privateKey),
    async verify(text) {
      const { payload } = await compactVerify(text, publicKey, checks)
      return JSON.parse(decoder.decode(payload)).issuer !== undefined
    },
  },
]
