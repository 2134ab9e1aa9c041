/** @sd-jwt/sd-jwt-vc, which is handed what signs and hashes: node:crypto with cached keys, as fast as it can be had. */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { toBase64url } from '../../src/base/bytes.ts'
import { epoch } from '../../src/base/instant.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { agency, now } from '../scene.ts'
import { type Contender, claimsOf, hidden, seed } from './contender.ts'

const jwk = { ...toJwk(agency.publicKey) }
const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
const privateKey = createPrivateKey({ key: { ...jwk, d: toBase64url(seed) }, format: 'jwk' })

const instance = new SDJwtVcInstance({
  signAlg: 'EdDSA',
  signer: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  verifier: (text, signature) =>
    verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url')),
  hashAlg: 'sha-256',
  hasher: (text) =>
    createHash('sha256')
      .update(typeof text === 'string' ? text : new Uint8Array(text))
      .digest(),
  saltGenerator: (length) => randomBytes(length).toString('base64url'),
})

type Payload = Parameters<typeof instance.issue>[0]
type Frame = Parameters<typeof instance.issue>[1]

const header = { kid: agency.verificationMethod }
const currentDate = epoch(now) / 1000

export const contenders = ([[], hidden] as const).map(
  (names): Contender => ({
    id: `peer/@sd-jwt/sd-jwt-vc/${names.length}-hidden`,
    form: 'dc+sd-jwt',
    inputOf: claimsOf,
    issue: (claims) =>
      // Their types know frames of members that are named in the type only.
      instance.issue(claims as Payload, { _sd: [...names] } as Frame, { header }),
    verify: async (text) => (await instance.verify(text, { currentDate })).payload.iss === agency.controller,
  }),
)
