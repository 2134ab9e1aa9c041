/** The independent implementation that ours is compared with: its keys, its loader without a network, what it says. */
import * as ecdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { derive, issue, verifyCredential } from '@digitalbazaar/vc'
import type { JsonObject } from '../../src/base/json.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import { fromMultikey, type PublicKey, toMultikey } from '../../src/key/public-key.ts'
import { contexts } from './shared-document.ts'

/** Of every document in these tests. */
export const controller = 'did:web:cert.agency.example'
export const method = `${controller}#k1` as const
const now = new Date('2026-06-01T00:00:00Z')

export interface PeerKey {
  readonly publicKey: PublicKey<SigningAlgorithm>
  readonly signer: unknown
}

/** A new key of theirs. */
export async function peerKey(algorithm: SigningAlgorithm): Promise<PeerKey> {
  const pair =
    algorithm === 'Ed25519'
      ? await ed25519Multikey.generate({ id: method, controller })
      : await ecdsaMultikey.generate({ id: method, controller, curve: algorithm })
  const publicKey = fromMultikey(pair.publicKeyMultibase)
  if (publicKey === null) throw new Error(pair.publicKeyMultibase)
  return { publicKey, signer: pair.signer() }
}

/** Pinned contexts, the controller and its one key; nothing else is found. */
function loaderFor(key: PublicKey<SigningAlgorithm>) {
  const multikey = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: method,
    type: 'Multikey',
    controller,
    publicKeyMultibase: toMultikey(key),
  }
  const documents = new Map<string, unknown>([
    [method, multikey],
    [
      controller,
      { '@context': ['https://www.w3.org/ns/did/v1'], id: controller, assertionMethod: [multikey] },
    ],
  ])
  return async (url: string) => {
    const document = documents.get(url) ?? (await contexts.get(url)?.load())
    if (document === undefined) throw new Error(`not at hand: ${url}`)
    return { contextUrl: null, documentUrl: url, document: structuredClone(document) }
  }
}

/** What they make of a document with a suite of theirs. */
export const peerIssue = async (document: JsonObject, suite: unknown, { publicKey }: PeerKey) =>
  (await issue({
    credential: structuredClone(document),
    suite,
    documentLoader: loaderFor(publicKey),
    now,
  })) as JsonObject

/** What they show of a document that has a base proof. */
export const peerDerive = async (secured: JsonObject, suite: unknown, key: PublicKey<SigningAlgorithm>) =>
  (await derive({
    verifiableCredential: structuredClone(secured),
    suite,
    documentLoader: loaderFor(key),
  })) as JsonObject

/** Whether a document verifies for them. Status is left out: it is not what is compared. */
export async function peerAccepts(
  secured: JsonObject,
  suite: unknown,
  key: PublicKey<SigningAlgorithm>,
): Promise<boolean> {
  const { verified } = await verifyCredential({
    credential: structuredClone(secured),
    suite,
    documentLoader: loaderFor(key),
    checkStatus: async () => ({ verified: true }),
    now,
  })
  return verified
}
