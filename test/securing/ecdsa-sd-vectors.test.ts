/** ECDSA Cryptosuites 1.0, appendix A.7 and A.8: what an issuer makes, what a holder shows, and every step between. */
import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase58, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { hmacSha256, sha256 } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { type GeneratedSigner, signerOfSecret } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/data-integrity.ts'
import { deriveProof } from '../../src/securing/ecdsa-sd.ts'
import { readProofValue } from '../../src/securing/ecdsa-sd-value.ts'
import { canonicalNQuads, splitLines } from '../../src/securing/rdfc.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'
import { keyInUrl, type Open, outcome, vectorContexts } from './shared-document.ts'

const folder = 'vectors/di-ecdsa'

const verified = (secured: JsonObject): Promise<string> => outcome(secured, keyInUrl, vectorContexts())

describe.skipIf(!sharedIsHere).each([
  ['prc', 'prCred'],
  ['employ', 'employ'],
])('EC-6: ecdsa-sd-2023, %s', (at, pointers) => {
  const file = (name: string): Open => sharedJson(`${folder}/ecdsa-sd-2023/${at}/${name}.json`)
  const keys = () => sharedJson(`${folder}/ecdsa-sd-2023/SDKeyMaterial.json`)
  const hmacKey = (): Bytes => fromHex(keys().hmacKeyString.toLowerCase()) as Bytes
  const mandatoryPointers = (): readonly string[] => sharedJson(`${folder}/${pointers}Mandatory.json`)
  const selectivePointers = (): readonly string[] => sharedJson(`${folder}/${pointers}Selective.json`)
  /** What was signed; the unsigned document beside the published ones has another description. */
  const unsigned = (): JsonObject => {
    const { proof: _, ...document } = file('addSignedSDBase')
    return document
  }
  const keyBytes = (multikey: string) => toHex(fromBase58(multikey.slice(1)) as Bytes)

  test('the labels of blank nodes are HMACs of the canonical ones', async () => {
    const canonical = await canonicalNQuads(unsigned(), vectorContexts())
    expect(canonical.ok && splitLines(canonical.nquads)).toEqual(file('addBaseDocCanon'))
    const labels = new Set((file('addBaseDocHMACCanon') as string[]).join('').match(/_:u[\w-]+/g))
    const hmacs = [...labels].map((_, i) => hmacSha256(hmacKey(), utf8(`c14n${i}`)))
    expect(new Set(hmacs.map((hmac) => `_:u${Buffer.from(hmac).toString('base64url')}`))).toEqual(labels)
  })

  test('the issuer makes the published base proof', async () => {
    const config = file('addProofConfig')
    const signer = signerOfSecret(keys().baseKeyPair.secretKeyMultibase, {
      verificationMethod: config.verificationMethod,
    })
    const proofKey: GeneratedSigner = signerOfSecret(keys().proofKeyPair.secretKeyMultibase)
    const ours = await addProof(unsigned(), {
      signer,
      suite: 'ecdsa-sd-2023',
      created: config.created,
      contexts: vectorContexts(),
      selective: { mandatoryPointers: mandatoryPointers(), hmacKey: hmacKey(), proofKey },
    })
    const published = file('addSignedSDBase')
    const [mine, theirs] = [ours, published].map((one: Open) => readProofValue(one.proof.proofValue))
    expect(mine).toEqual(theirs)
    expect(ours).toEqual(published)
    const raw = file('addRawBaseSignatureInfo')
    if (mine?.kind !== 'base') throw new Error('no base proof')
    expect(toHex(mine.value.baseSignature)).toBe(raw.baseSignature)
    expect(toHex(mine.value.publicKey)).toBe(keyBytes(raw.publicKey))
    expect(mine.value.signatures.map(toHex)).toEqual(raw.signatures)
    expect(mine.value.mandatoryPointers).toEqual(raw.mandatoryPointers)
    expect(await verified(published)).toBe('proof_not_derived')
  })

  test('the holder shows the published part, which verifies', async () => {
    const published = file('derivedRevealDocument')
    const derivation = await deriveProof(file('addSignedSDBase'), {
      pointers: selectivePointers(),
      contexts: vectorContexts(),
    })
    expect(derivation).toEqual({ ok: true, document: published })
    expect(await verified(published)).toBe('valid')
    const read = readProofValue(published.proof.proofValue)
    if (read?.kind !== 'derived') throw new Error('no derived proof')
    const disclosed = file('derivedDisclosureData')
    expect(toHex(read.value.baseSignature)).toBe(disclosed.baseSignature)
    expect(toHex(read.value.publicKey)).toBe(keyBytes(disclosed.publicKey))
    expect(read.value.signatures.map(toHex)).toEqual(disclosed.signatures)
    expect([...read.value.labels]).toEqual(disclosed.labelMap.value)
    expect(read.value.mandatoryIndexes).toEqual(disclosed.mandatoryIndexes)
  })

  test('what is signed is made of the published digests', () => {
    const { proofHash, mandatoryHash } = file('addHashData')
    const config = sharedText(`${folder}/ecdsa-sd-2023/${at}/addProofConfigCanon.txt`)
    expect(toHex(sha256(utf8(config)))).toBe(proofHash)
    const mandatory = file('addBaseTransform').mandatory.value as [number, string][]
    expect(toHex(sha256(utf8(mandatory.map(([, line]) => line).join(''))))).toBe(mandatoryHash)
  })
})
