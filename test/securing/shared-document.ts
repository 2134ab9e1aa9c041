/** A small document, a key, and what one asks of a secured document: the whole way from opening to each signature. */
import type { Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { fromMultikey, type PublicKey } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import { type DataIntegritySuite, openDataIntegrity, verifyProof } from '../../src/securing/data-integrity.ts'
import type { ContextDocuments } from '../../src/securing/rdfc.ts'
import { sharedJson } from '../shared.ts'

export const suites = ['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const satisfies readonly DataIntegritySuite[]

export const contexts = contextTable()

/** The seed is 00 01 02 … 1f. */
export const signer = signerOfSeed(
  Uint8Array.from({ length: 32 }, (_, i) => i),
  { verificationMethod: 'did:web:agency.example#k1' },
)

export const document = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100',
  type: ['VerifiableCredential'],
  issuer: { id: 'did:web:agency.example', name: '某某技能鉴定中心' },
  validFrom: '2026-03-01T09:00:00Z',
  credentialSubject: { name: '李四', description: 'no "id"\n' },
} as const satisfies JsonObject

export const created = '2026-03-01T09:00:01Z' as Instant

export const secure = (
  suite: DataIntegritySuite,
  options: Partial<ProofOptions> = {},
  what: JsonObject = document,
): Promise<JsonObject> => addProof(what, { signer, suite, created, contexts, ...options })

/** JSON that a test may change. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into documents of any shape
export type Open = any
export const copy = (value: Json): Open => JSON.parse(JSON.stringify(value))

/** `valid` where every proof that is known holds, else the first fault. */
export async function outcome(
  secured: JsonObject,
  keyOf: (method: string) => PublicKey = () => signer.publicKey,
  at: ContextDocuments = contexts,
): Promise<string> {
  const opening = openDataIntegrity(secured)
  if (!opening.ok) return opening.fault
  const { document: opened, proofs, all } = opening.opened
  for (const proof of proofs) {
    const key = keyOf(proof.verificationMethod)
    const result = await verifyProof(opened, proof, { key, all, contexts: at })
    if (!result.ok) return result.fault
  }
  return 'valid'
}

/** The pinned contexts, and those that only published vectors use. */
export const vectorContexts = (): ContextDocuments =>
  new Map<string, { load: () => Promise<JsonObject> }>([
    ...contexts,
    [
      'https://www.w3.org/ns/credentials/examples/v2',
      { load: async () => sharedJson('vectors/contexts/credentials/examples/v2') },
    ],
    [
      'https://w3id.org/citizenship/v4rc1',
      { load: async () => sharedJson('vectors/contexts/citizenship/v4rc1.jsonld') },
    ],
  ])

/** The key that the fragment of a did:key names, as the methods of published vectors all do. */
export function keyInUrl(method: string): PublicKey {
  const key = fromMultikey(method.slice(method.indexOf('#') + 1))
  if (key === null) throw new Error(method)
  return key
}
