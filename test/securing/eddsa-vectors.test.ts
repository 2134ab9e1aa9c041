/** EdDSA Cryptosuites 1.0, appendix B: every published file, byte for byte. */
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { Instant } from '../../src/base/instant.ts'
import { asList, type JsonObject } from '../../src/base/json.ts'
import { signerOfSecret } from '../../src/key/signer.ts'
import { addProof, type ProofOptions } from '../../src/securing/add-proof.ts'
import { type DataIntegritySuite, hashInputs, openDataIntegrity } from '../../src/securing/data-integrity.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'
import { vectorContexts as contexts, copy, keyInUrl, type Open, outcome } from './shared-document.ts'

const folder = 'vectors/di-eddsa'
const answers = knownAnswers('Data Integrity EdDSA Cryptosuites 1.0')

const verified = (secured: JsonObject): Promise<string> => outcome(secured, keyInUrl, contexts())

/** One row per published vector: folder, suffix of its files, the document that was signed. */
const rows: readonly [suite: DataIntegritySuite, at: string, suffix: string, unsigned: string][] = [
  ['eddsa-jcs-2022', 'eddsa-jcs-2022', 'JCS', 'unsigned'],
  ['eddsa-rdfc-2022', 'eddsa-rdfc-2022', 'DataInt', 'unsigned'],
  ['eddsa-rdfc-2022', 'eddsa-rdfc-2022/employ', 'DataInt', 'employmentAuth'],
]

describe.skipIf(!sharedIsHere)('one proof', () => {
  test.each(rows)('%s reproduces every step of %s', async (suite, at, suffix, unsigned) => {
    const file = (name: string) => sharedText(`${folder}/${at}/${name}${suffix}.txt`)
    const config: Open = sharedJson(`${folder}/${at}/proofConfig${suffix}.json`)
    const document: JsonObject = sharedJson(`${folder}/${unsigned}.json`)
    const signed: JsonObject = sharedJson(`${folder}/${at}/signed${suffix}.json`)
    const keys = sharedJson(`${folder}/keyPair.json`)
    const signer = signerOfSecret(keys.privateKeyMultibase, {
      verificationMethod: config.verificationMethod,
    })
    expect(signer.multikey).toBe(keys.publicKeyMultibase)

    const hashed = await hashInputs(document, config, { algorithm: 'Ed25519', all: [], contexts: contexts() })
    if (!hashed.ok) throw new Error(hashed.detail)
    expect(hashed.canonicalDocument).toBe(file('canonDoc'))
    expect(hashed.canonicalConfig).toBe(file('proofCanon'))
    expect(toHex(sha256(utf8(String(hashed.canonicalDocument))))).toBe(file('docHash').trim())
    expect(toHex(sha256(utf8(hashed.canonicalConfig)))).toBe(file('proofHash').trim())
    expect(toHex(hashed.hashData)).toBe(file('combinedHash').trim())
    expect(toHex(await signer.sign(hashed.hashData))).toBe(file('sigHex').trim())

    const options = { signer, suite, created: config.created as Instant, contexts: contexts() }
    const ours = await addProof(document, options)
    expect(ours).toEqual(signed)
    expect((ours.proof as Open).proofValue).toBe(file('sigBTC58').trim())
    expect(await verified(signed)).toBe('valid')
    expect(await verified({ ...signed, id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34' })).toBe(
      'signature_mismatch',
    )
    answers.holds(`di-eddsa/${at}/signed${suffix}.json`)
    for (const name of [
      'canonDoc',
      'proofCanon',
      'docHash',
      'proofHash',
      'combinedHash',
      'sigHex',
      'sigBTC58',
    ]) {
      answers.holds(`di-eddsa/${at}/${name}${suffix}.txt`)
    }
  })
})

test
  .skipIf(!sharedIsHere)
  .each(['testlist', 'credential-status-revoked.json', 'credential-status-revoked-blank-nodes.json'])(
  'the signature of 1EdTech on %s holds',
  async (name) => {
    const path = `vectors/bitstring-status-list/1edtech/${name}`
    const signed: Open = sharedJson(path)
    expect(await verified(signed)).toBe('valid')
    signed.validFrom = '2021-01-01T00:00:00Z'
    expect(await verified(signed)).toBe('signature_mismatch')
    answers.holds(path, 'signature')
  },
)

/** One row per proof that is added: its published configuration and result, by the key of that number. */
const steps: readonly [config: string, signed: string, before: string | null, keyPair: string][] = [
  ['proofSetConfig1', 'signedProofSet1', null, 'keyPair1'],
  ['proofSetConfig2', 'signedProofSet2', 'signedProofSet1', 'keyPair2'],
  ['proofChainConfig1', 'signedProofChain1', 'signedProofSet2', 'keyPair3'],
  ['proofChainConfig2', 'signedProofChain2', 'signedProofChain1', 'keyPair4'],
]

const published = (name: string): Open => sharedJson(`${folder}/proof-set-chain/${name}.json`)

describe.skipIf(!sharedIsHere)('proof sets and chains', () => {
  test.each(steps)('adding %s gives %s', async (configName, signedName, before, keyPair) => {
    const config = published(configName)
    const secret = published('multiKeyPairs')[keyPair].privateKeyMultibase
    const options: ProofOptions = {
      ...config,
      signer: signerOfSecret(secret),
      suite: config.cryptosuite,
      purpose: config.proofPurpose,
      contexts: contexts(),
    }
    const ours = await addProof(published(before ?? 'unsigned'), options)
    const signed = published(signedName)
    expect({ ...ours, proof: asList(ours.proof) }).toEqual({ ...signed, proof: asList(signed.proof) })
    expect(asList(ours.proof).at(-1)).toEqual(published(configName.replace('Config', 'ConfigSigned')))
    expect(await verified(signed)).toBe('valid')
    answers.holds(`di-eddsa/proof-set-chain/${signedName}.json`)
    answers.holds(`di-eddsa/proof-set-chain/${configName.replace('Config', 'ConfigSigned')}.json`)
  })

  test.each([
    ['proofChainTempDoc1', 'proofChainConfigSigned1'],
    ['proofChainTempDoc2', 'proofChainConfigSigned2'],
  ])('what a chained proof signs is %s', async (temporary, signedConfig) => {
    const { proofValue: _, ...config } = published(signedConfig)
    const { proof: earlier, ...document } = published(temporary)
    const all = published('signedProofChain2').proof
    const hashed = await hashInputs(document, config, {
      algorithm: 'Ed25519',
      all,
      contexts: contexts(),
    })
    const { previousProof: __, ...unchained } = config
    const whole = await hashInputs(
      { ...document, proof: earlier },
      { ...unchained, previousProof: config.previousProof },
      { algorithm: 'Ed25519', all: [], contexts: contexts() },
    )
    expect(hashed.ok).toBe(true)
    expect(hashed.ok && hashed.canonicalDocument).toBe(whole.ok && whole.canonicalDocument)
    answers.holds(`di-eddsa/proof-set-chain/${temporary}.json`)
  })

  test.each<[change: string, alter: (proofs: Open[]) => unknown, fault: string]>([
    ['its first proof removed', (proofs) => proofs.shift(), 'proof_chain_broken'],
    ['its third proof removed', (proofs) => proofs.splice(2, 1), 'proof_chain_broken'],
    [
      'its first proof dated otherwise',
      (proofs) => {
        proofs[0].created = '2023-02-24T23:36:39Z'
      },
      'signature_mismatch',
    ],
    [
      'the value of its first proof exchanged',
      (proofs) => {
        proofs[0].proofValue = proofs[1].proofValue
      },
      'signature_mismatch',
    ],
    ['a name taken from previousProof', (proofs) => proofs[2].previousProof.pop(), 'signature_mismatch'],
    [
      'previousProof taken away',
      (proofs) => {
        delete proofs[2].previousProof
      },
      'signature_mismatch',
    ],
    ['nothing changed', () => undefined, 'valid'],
    ['its last proof removed, which nobody can see', (proofs) => proofs.pop(), 'valid'],
    ['its proofs in another order', (proofs) => proofs.reverse(), 'valid'],
  ])('a chain with %s is judged as it deserves', async (_change, alter, fault) => {
    const signed = published('signedProofChain2')
    alter(signed.proof)
    expect(await verified(signed)).toBe(fault)
  })

  test('a published chain is opened with all of its proofs and nothing unknown', () => {
    const signed = published('signedProofChain2')
    const opening = openDataIntegrity(copy(signed))
    const { proof, ...document } = signed
    expect(opening).toEqual({ ok: true, opened: { document, proofs: proof, all: proof, unknown: [] } })
  })
})
