/** ECDSA Cryptosuites 1.0, appendix A, and Ed25519Signature2020: every published file, byte for byte. */
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { sha384 } from '../../src/base/sha512.ts'
import { signerOfSecret } from '../../src/key/signer.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { type DataIntegritySuite, hashInputs } from '../../src/securing/data-integrity.ts'
import { canonicalNQuads } from '../../src/securing/rdfc.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson, sharedText } from '../shared.ts'
import { copy, keyInUrl, type Open, outcome, vectorContexts } from './shared-document.ts'

const folder = 'vectors/di-ecdsa'
const answers = knownAnswers('Data Integrity ECDSA Cryptosuites 1.0')
/** Published with every signed document; each is compared on the way to it. */
const steps = ['canonDoc', 'proofCanon', 'docHash', 'proofHash', 'combinedHash', 'sigHex', 'sigBTC58']

const verified = (secured: JsonObject): Promise<string> => outcome(secured, keyInUrl, vectorContexts())

interface Row {
  readonly suite: DataIntegritySuite
  readonly curve: 'P-256' | 'P-384'
  readonly at: string
  readonly suffix: string
  readonly unsigned: string
}

const row = (suite: DataIntegritySuite, curve: Row['curve'], at: string, unsigned: string): Row => ({
  suite,
  curve,
  at,
  suffix: `${at.includes('jcs') ? 'JCS' : ''}ECDSA${curve.replace('-', '')}`,
  unsigned,
})

const rows: readonly Row[] = [
  row('ecdsa-rdfc-2019', 'P-256', 'ecdsa-rdfc-2019-p256', 'unsigned'),
  row('ecdsa-rdfc-2019', 'P-256', 'ecdsa-rdfc-2019-p256/employ', 'employmentAuth'),
  row('ecdsa-rdfc-2019', 'P-384', 'ecdsa-rdfc-2019-p384', 'unsigned'),
  row('ecdsa-rdfc-2019', 'P-384', 'ecdsa-rdfc-2019-p384/employ', 'employmentAuth'),
  row('ecdsa-jcs-2019', 'P-256', 'ecdsa-jcs-2019-p256', 'unsigned'),
  row('ecdsa-jcs-2019', 'P-384', 'ecdsa-jcs-2019-p384', 'unsigned'),
]

const digests = { 'P-256': sha256, 'P-384': sha384 }

describe.skipIf(!sharedIsHere)('one proof', () => {
  test.each(rows)(
    'EC-1, EC-4: $suite reproduces every step of $at',
    async ({ suite, curve, at, suffix, unsigned }) => {
      const file = (name: string) => sharedText(`${folder}/${at}/${name}${suffix}.txt`)
      const config: Open = sharedJson(`${folder}/${at}/proofConfig${suffix}.json`)
      const document: JsonObject = sharedJson(`${folder}/${unsigned}.json`)
      const signed: JsonObject = sharedJson(`${folder}/${at}/signed${suffix}.json`)
      const keys = sharedJson(`${folder}/${curve.replace('-', '').toLowerCase()}KeyPair.json`)
      const signer = signerOfSecret(keys.secretKeyMultibase, {
        verificationMethod: config.verificationMethod,
      })
      expect(signer.multikey).toBe(keys.publicKeyMultibase)

      const contexts = vectorContexts()
      const hashed = await hashInputs(document, config, { algorithm: curve, all: [], contexts })
      if (!hashed.ok) throw new Error(hashed.detail)
      expect(hashed.canonicalDocument).toBe(file('canonDoc'))
      expect(hashed.canonicalConfig).toBe(file('proofCanon'))
      expect(toHex(digests[curve](utf8(String(hashed.canonicalDocument))))).toBe(file('docHash').trim())
      expect(toHex(digests[curve](utf8(hashed.canonicalConfig)))).toBe(file('proofHash').trim())
      expect(toHex(hashed.hashData)).toBe(file('combinedHash').trim())
      expect(toHex(await signer.sign(hashed.hashData))).toBe(file('sigHex').trim())

      const ours = await addProof(document, { signer, suite, created: config.created, contexts })
      expect(ours).toEqual(signed)
      expect((ours.proof as Open).proofValue).toBe(file('sigBTC58').trim())
      expect(await verified(signed)).toBe('valid')
      expect(await verified({ ...signed, id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34' })).toBe(
        'signature_mismatch',
      )
      answers.holds(`di-ecdsa/${at}/signed${suffix}.json`)
      for (const name of steps) answers.holds(`di-ecdsa/${at}/${name}${suffix}.txt`)
    },
  )

  test('EC-2: with SHA-256 inside RDFC the P-384 vector of many nodes would not come out', async () => {
    const document = sharedJson(`${folder}/employmentAuth.json`)
    const expected = sharedText(`${folder}/ecdsa-rdfc-2019-p384/employ/canonDocECDSAP384.txt`)
    const nquadsBy = async (digest: 'SHA-256' | 'SHA-384') => {
      const result = await canonicalNQuads(document, vectorContexts(), { digest })
      return result.ok && result.nquads
    }
    expect(await nquadsBy('SHA-384')).toBe(expected)
    expect(await nquadsBy('SHA-256')).not.toBe(expected)
  })

  test('DI-3, ED-3: a date that is none is not let through', async () => {
    const signed = sharedJson(`${folder}/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json`)
    expect(await verified(signed)).toBe('valid')
    signed.proof.created = '2023-02-24'
    expect(await verified(signed)).toBe('proof_malformed')
  })
})

describe.skipIf(!sharedIsHere)('Ed25519Signature2020', () => {
  const published = (name: string) => `vectors/di-eddsa/Ed25519Signature2020/${name}EdSig`
  const signed = (): Open => sharedJson(`${published('signed')}.json`)

  test('ED-4: the published proof verifies, every step of it', async () => {
    const { proof, ...document } = signed()
    const { proofValue, ...config } = proof
    const hashed = await hashInputs(document, config, {
      algorithm: 'Ed25519',
      all: [],
      contexts: vectorContexts(),
    })
    if (!hashed.ok) throw new Error(hashed.detail)
    const file = (name: string) => sharedText(`${published(name)}.txt`)
    expect(hashed.canonicalDocument).toBe(file('canonDoc'))
    expect(hashed.canonicalConfig).toBe(file('proofCanon'))
    expect(toHex(sha256(utf8(String(hashed.canonicalDocument))))).toBe(file('docHash').trim())
    expect(toHex(sha256(utf8(hashed.canonicalConfig)))).toBe(file('proofHash').trim())
    expect(toHex(hashed.hashData)).toBe(file('combinedHash').trim())
    const signer = signerOfSecret(sharedJson('vectors/di-eddsa/keyPair.json').privateKeyMultibase)
    expect(toHex(await signer.sign(hashed.hashData))).toBe(file('sigHex').trim())
    expect(proofValue).toBe(file('sigBTC58').trim())
    expect(await verified(signed())).toBe('valid')
    const { holds } = knownAnswers('Ed25519Signature2020')
    holds(`${published('signed')}.json`)
    for (const name of steps) holds(`${published(name)}.txt`)
  })

  test.each<[change: string, alter: (vc: Open) => unknown, fault: string]>([
    [
      'another name',
      (vc) => {
        vc.name = 'other'
      },
      'signature_mismatch',
    ],
    [
      'its context taken from the document',
      (vc) => {
        vc['@context'] = vc['@context'].filter((url: string) => !url.includes('ed25519-2020'))
      },
      'context_mismatch',
    ],
    [
      'a cryptosuite beside its type',
      (vc) => {
        vc.proof.cryptosuite = 'eddsa-rdfc-2022'
      },
      'proof_malformed',
    ],
    [
      'its type as a cryptosuite',
      (vc) => {
        vc.proof.cryptosuite = vc.proof.type
        vc.proof.type = 'DataIntegrityProof'
      },
      'proof_suite_unknown',
    ],
    [
      'the type of a suite that it is not',
      (vc) => {
        vc.proof.type = 'eddsa-rdfc-2022'
      },
      'proof_suite_unknown',
    ],
  ])('ED-4: with %s it does not hold', async (_change, alter, fault) => {
    const changed = copy(signed())
    alter(changed)
    expect(await verified(changed)).toBe(fault)
  })
})
