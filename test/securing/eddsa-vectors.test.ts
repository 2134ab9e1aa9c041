import { describe, expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { fromMultikey, keyOfMethod } from '../../src/key/public-key.ts'
import { signerOfSecret } from '../../src/key/signer.ts'
import { addProof, type DataIntegritySuite, hashInputs, openDataIntegrity, verifyProof } from '../../src/securing/data-integrity.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'

const folder = 'vectors/di-eddsa'
const contexts = () =>
  new Map<string, { document: JsonObject }>([
    ...contextTable(),
    ['https://www.w3.org/ns/credentials/examples/v2', { document: sharedJson('vectors/contexts/credentials/examples/v2') }],
    ['https://w3id.org/citizenship/v4rc1', { document: sharedJson('vectors/contexts/citizenship/v4rc1.jsonld') }],
  ])

/** One row per published vector of the EdDSA cryptosuites: folder, suffix of its files. */
const rows: readonly [suite: DataIntegritySuite, at: string, suffix: string][] = [
  ['eddsa-jcs-2022', 'eddsa-jcs-2022', 'JCS'],
  ['eddsa-rdfc-2022', 'eddsa-rdfc-2022', 'DataInt'],
  ['eddsa-rdfc-2022', 'eddsa-rdfc-2022/employ', 'DataInt'],
]

describe.skipIf(!sharedIsHere)('EdDSA Cryptosuites 1.0, published vectors', () => {
  test.each(rows)('%s reproduces every step of %s', async (suite, at, suffix) => {
    const file = (name: string) => sharedText(`${folder}/${at}/${name}${suffix}.txt`)
    const signed = sharedJson(`${folder}/${at}/signed${suffix}.json`)
    const config = sharedJson(`${folder}/${at}/proofConfig${suffix}.json`)
    const { proof, ...document } = signed
    const { proofValue, ...options } = proof
    const hashed = await hashInputs(document, suite === 'eddsa-jcs-2022' ? config : options, { suite, all: [], contexts: contexts() })
    if (!hashed.ok) throw new Error(hashed.detail)
    expect(hashed.canonicalDocument).toBe(file('canonDoc'))
    expect(hashed.canonicalConfig).toBe(file('proofCanon'))
    expect(toHex(sha256(utf8(hashed.canonicalDocument)))).toBe(file('docHash').trim())
    expect(toHex(sha256(utf8(hashed.canonicalConfig)))).toBe(file('proofHash').trim())
    expect(toHex(hashed.hashData)).toBe(file('combinedHash').trim())

    const keys = sharedJson(`${folder}/keyPair.json`)
    const signer = signerOfSecret(keys.privateKeyMultibase, { verificationMethod: options.verificationMethod })
    expect(toHex(await signer.sign(hashed.hashData))).toBe(file('sigHex').trim())
    const ours = await addProof(document, { signer, suite, created: options.created as Instant, contexts: contexts() })
    expect((ours.proof as JsonObject).proofValue).toBe(proofValue)

    const opening = openDataIntegrity(signed)
    if (!opening.ok) throw new Error(opening.detail)
    const key = fromMultikey(keys.publicKeyMultibase)
    if (key === null) throw new Error('key')
    const result = await verifyProof(opening.opened.document, opening.opened.proofs[0]!, { key, all: opening.opened.all, contexts: contexts() })
    expect(result).toMatchObject({ ok: true })
  })
})
void keyOfMethod
void fromHex
