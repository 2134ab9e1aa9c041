/** @digitalbazaar/vc with both its EdDSA suites. The loader has everything at hand, and status is not asked. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as rdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue, verifyCredential } from '@digitalbazaar/vc'
import { pinnedContexts } from '../../src/credential/contexts.ts'
import { agency, now } from '../scene.ts'
import { asItIs, type Contender } from './contender.ts'

const { controller, verificationMethod: id, multikey: publicKeyMultibase } = agency
const method = {
  '@context': 'https://w3id.org/security/multikey/v1',
  id,
  type: 'Multikey',
  controller,
  publicKeyMultibase,
}
const loaded = await Promise.all(pinnedContexts.map(async ({ url, load }) => [url, await load()] as const))
const documents = new Map<string, object>([
  ...loaded,
  [id, method],
  [controller, { '@context': ['https://www.w3.org/ns/did/v1'], id: controller, assertionMethod: [method] }],
])

async function documentLoader(documentUrl: string) {
  const document = documents.get(documentUrl)
  if (document === undefined) throw new Error(`not at hand: ${documentUrl}`)
  return { contextUrl: null, documentUrl, document }
}

const key = await ed25519Multikey.from({
  id,
  controller,
  publicKeyMultibase,
  secretKeyMultibase: agency.exportSecret(),
})
const date = '2026-03-02T01:02:03Z'
const judgedAt = new Date(now)

const suites = [
  ['eddsa-jcs-2022', jcs.createSignCryptosuite(), jcs.createVerifyCryptosuite()],
  ['eddsa-rdfc-2022', rdfc, rdfc],
] as const

export const contenders = suites.map(([name, signing, verifying]): Contender => {
  const signSuite = new DataIntegrityProof({ signer: key.signer(), cryptosuite: signing, date })
  const verifySuite = new DataIntegrityProof({ cryptosuite: verifying })
  return {
    id: `peer/@digitalbazaar/vc/${name}`,
    form: name,
    inputOf: asItIs,
    // The proof is written into what it is given.
    issue: async (document) =>
      JSON.stringify(
        await issue({ credential: { ...document }, suite: signSuite, documentLoader, now: judgedAt }),
      ),
    verify: async (text) =>
      (
        await verifyCredential({
          credential: JSON.parse(text),
          suite: verifySuite,
          documentLoader,
          checkStatus: async () => ({ verified: true }),
          now: judgedAt,
        })
      ).verified,
  }
})
