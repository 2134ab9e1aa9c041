/** ECDSA Cryptosuites 1.0, appendix A.7 and A.8: what an issuer makes, what a holder shows, and every step between. */
import { describe, expect, test } from 'vitest'
import { type Bytes, fromBase58, fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { hmacSha256, sha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { type GeneratedSigner, signerOfSecret } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { deriveProof } from '../../src/securing/ecdsa-sd.ts'
import { readProofValue } from '../../src/securing/ecdsa-sd-value.ts'
import { type ContextDocuments, canonicalNQuads, splitLines } from '../../src/securing/rdfc.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'
import { keyInUrl, type Open, outcome, vectorContexts } from './shared-document.ts'

const folder = 'vectors/di-ecdsa'
const answers = knownAnswers('Data Integrity ECDSA Cryptosuites 1.0')

const verified = (secured: JsonObject): Promise<string> => outcome(secured, keyInUrl, vectorContexts())

describe.skipIf(!sharedIsHere).each([
  ['prc', 'prCred'],
  ['employ', 'employ'],
])('EC-6: ecdsa-sd-2023, %s', (at, pointers) => {
  const path = (name: string) => `${folder}/ecdsa-sd-2023/${at}/${name}`
  const file = (name: string): Open => sharedJson(`${path(name)}.json`)
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
    answers.holds(path('addBaseDocCanon.json'))
    answers.holds(path('addBaseDocHMACCanon.json'))
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
    answers.holds(path('addSignedSDBase.json'))
    answers.holds(path('addRawBaseSignatureInfo.json'))
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
    answers.holds(path('derivedRevealDocument.json'))
    answers.holds(path('derivedDisclosureData.json'))
  })

  test('what is signed is made of the published digests', () => {
    const { proofHash, mandatoryHash } = file('addHashData')
    const config = sharedText(`${folder}/ecdsa-sd-2023/${at}/addProofConfigCanon.txt`)
    expect(toHex(sha256(utf8(config)))).toBe(proofHash)
    const mandatory = file('addBaseTransform').mandatory.value as [number, string][]
    expect(toHex(sha256(utf8(mandatory.map(([, line]) => line).join(''))))).toBe(mandatoryHash)
    answers.holds(path('addHashData.json'))
  })
})

describe.skipIf(!sharedIsHere).each(['valid/vc2.0', 'valid/vc1.1', 'achievement/vc2.0', 'achievement/vc1.1'])(
  'the document %s of the test suite of the working group',
  (at) => {
    const mock = (name: string) => sharedJson(`${folder}/test-suite/tests/mocks/${at}/${name}.json`)
    const inline = 'https://a.example/inline'
    /** Its inline context under an address, and what it leaves for implementers to add. */
    const prepared = (): { readonly plain: JsonObject; readonly contexts: ContextDocuments } => {
      const given: Open = mock('document')
      const [first, second] = given['@context']
      const contexts = new Map([
        ...vectorContexts(),
        [
          'https://www.w3.org/2018/credentials/v1',
          { load: async () => sharedJson('vectors/contexts/credentials/v1') },
        ] as const,
        [inline, { load: async () => ({ '@context': second ?? {} }) }] as const,
      ])
      const date = at.endsWith('1.1') ? { issuanceDate: '2026-01-01T00:00:00Z' } : {}
      const context = [
        first,
        ...(second === undefined ? [] : [inline]),
        ...(at.endsWith('1.1') ? ['https://w3id.org/security/data-integrity/v2'] : []),
      ]
      return { plain: { ...given, '@context': context, issuer: 'did:web:agency.example', ...date }, contexts }
    }
    const signerOf = (algorithm: 'P-256' | 'P-384') =>
      signerOfSecret(
        sharedJson(`${folder}/${algorithm.replace('-', '').toLowerCase()}KeyPair.json`).secretKeyMultibase,
      )

    test('EC-1: is signed and verified with both curves', async () => {
      const { plain, contexts } = prepared()
      for (const algorithm of ['P-256', 'P-384'] as const) {
        const created = '2026-01-01T00:00:00Z' as Instant
        const signer = signerOf(algorithm)
        const secured = await addProof(plain, { signer, suite: 'ecdsa-rdfc-2019', created, contexts })
        expect(await outcome(secured, keyInUrl, contexts)).toBe('valid')
        answers.holds(`di-ecdsa/test-suite/tests/mocks/${at}/document.json`, `ecdsa-rdfc-2019 ${algorithm}`)
      }
    })

    test('EC-6: is shown in the part that its pointers name', async () => {
      const { plain, contexts } = prepared()
      const base = await addProof(plain, {
        signer: signerOf('P-256'),
        suite: 'ecdsa-sd-2023',
        created: '2026-01-01T00:00:00Z' as Instant,
        contexts,
        selective: {
          mandatoryPointers: mock('mandatoryPointers'),
          hmacKey: new Uint8Array(32).fill(1),
          proofKey: signerOfSecret(
            sharedJson(`${folder}/ecdsa-sd-2023/SDKeyMaterial.json`).proofKeyPair.secretKeyMultibase,
          ),
        },
      })
      const derivation = await deriveProof(base, { pointers: mock('selectivePointers'), contexts })
      if (!derivation.ok) throw new Error(derivation.detail)
      expect(await outcome(derivation.document, keyInUrl, contexts)).toBe('valid')
      const all = JSON.stringify(derivation.document)
      expect(all.includes('A credential about Alice')).toBe(false)
      expect(all.includes('Alice') || all.includes('sailName')).toBe(true)
      answers.holds(`di-ecdsa/test-suite/tests/mocks/${at}/document.json`, 'ecdsa-sd-2023')
    })

    test('DI-9: is refused with the context that it defines itself', async () => {
      const { plain, contexts } = prepared()
      const own = { ...plain, '@context': mock('document')['@context'] }
      const result = await canonicalNQuads(own, contexts)
      expect(result.ok ? 'accepted' : result.fault).toBe(at === 'valid/vc2.0' ? 'accepted' : 'context_inline')
    })
  },
)
