/** did-jwt-vc, which knows the data model 1.1 only, signs in JavaScript, and has the DID document at hand. */
import { EdDSASigner } from 'did-jwt'
import { createVerifiableCredentialJwt, verifyCredential } from 'did-jwt-vc'
import { epoch } from '../../src/base/instant.ts'
import { toJwk } from '../../src/key/public-key.ts'
import { agency, now } from '../scene.ts'
import { type Contender, seed } from './contender.ts'
import { inputOf11 } from './vcdm-1.1.ts'

const { controller: id, verificationMethod } = agency
const method = {
  id: verificationMethod,
  type: 'JsonWebKey2020',
  controller: id,
  publicKeyJwk: { ...toJwk(agency.publicKey) },
}
const resolution = {
  didResolutionMetadata: {},
  didDocumentMetadata: {},
  didDocument: { id, verificationMethod: [method], assertionMethod: [verificationMethod] },
}
const resolver = { resolve: async () => resolution }
const issuer = { did: id, signer: EdDSASigner(seed), alg: 'EdDSA' }
const judgedAt = epoch(now) / 1000

export const contenders: readonly Contender[] = [
  {
    id: 'peer/did-jwt-vc/jwt',
    form: 'jwt of 1.1',
    inputOf: inputOf11,
    issue: (credential) =>
      createVerifiableCredentialJwt(
        credential as unknown as Parameters<typeof createVerifiableCredentialJwt>[0],
        issuer,
        { header: { alg: 'EdDSA', kid: verificationMethod } },
      ),
    verify: async (text) =>
      (await verifyCredential(text, resolver, { policies: { now: judgedAt } })).verified,
  },
]
