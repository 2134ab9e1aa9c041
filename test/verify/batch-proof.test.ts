/** A signature taken from its issuer's word on the whole batch: said in the report, and never worth more than itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batch, buildBatch } from '../../src/anchor/batch.ts'
import { type BatchStatement, statementJson } from '../../src/anchor/batch-statement.ts'
import { bundleJson, withBundle } from '../../src/anchor/bundle.ts'
import type { Inclusion } from '../../src/anchor/tree.ts'
import { toBase64url, toHex } from '../../src/base/bytes.ts'
import { canonicalJson } from '../../src/base/canonical.ts'
import type { Did } from '../../src/base/did-url.ts'
import { sha256, sha256Hex } from '../../src/base/digest.ts'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { webDocument } from '../../src/did/web.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { suiteFor } from '../../src/securing/data-integrity.ts'
import { subjectsOf } from '../../src/securing/subject.ts'
import type { Trust } from '../../src/trust/trust.ts'
import { type JudgeOptions, judgeCredentialsWith, judgeWith } from '../../src/verify/judge.ts'
import { readRecord, recordOf, replay } from '../../src/verify/replay.ts'
import type { Report } from '../../src/verify/report.ts'
import { logAnchorOf, stateWith } from '../anchor/makers.ts'
import { formOf, trustInAll } from './forms.ts'
import { mutated, mutation } from './mutations.ts'
import {
  allStand,
  at,
  certificateOf,
  didItem,
  keyAgency,
  type Loose,
  now,
  otherAgency,
  outcomesOf,
  parsed,
  resigned,
  type Scene,
  sceneOf,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  tampered,
  trustListOf,
  trustOf,
  webAgency,
  withAgency,
} from './scene.ts'

/** Salts that never change. */
const salt = ({ digest }: { readonly digest: Uint8Array<ArrayBuffer> }) => sha256(digest)
const batchOf = (texts: readonly string[]): Batch =>
  buildBatch(
    texts.flatMap((text) => subjectsOf(text)[0]!),
    salt,
  )

const bundleOf = ({ members }: Batch, index: number, anchors: Loose[] = []): JsonObject =>
  bundleJson({ ...members[index]!, anchors })

const statementOf = (
  { commitment, size }: Pick<Batch, 'commitment' | 'size'>,
  signer: GeneratedSigner,
  change: Partial<BatchStatement> = {},
  options: Parameters<typeof sign>[2] = {},
): Promise<JsonObject> =>
  sign(statementJson({ issuer: signer.controller, commitment, size, ...change }), signer, {
    created: at('2026-03-03T00:00:00Z'),
    suite: suiteFor(signer.algorithm, 'jcs'),
    ...options,
  })

const item = (document: JsonObject): EvidenceItem => ({
  kind: 'batch-statement',
  url: 'urn:x:batch',
  document,
})

/** Certificates that differ in their number, and their batch. */
async function batched(issuer: GeneratedSigner = keyAgency, count = 5) {
  const scene = await sceneOf(issuer)
  const others = await Promise.all(
    Array.from({ length: count - 1 }, async (_, i) => {
      const certificate = { ...certificateOf(issuer), number: `PT26-0001-11-3801-1-000002${i}-G` }
      return (await sceneOf(issuer, { certificate })).text
    }),
  )
  const texts = [scene.text, ...others]
  const batch = batchOf(texts)
  return { scene, texts, batch, statement: await statementOf(batch, issuer) }
}

/** Judged with and without batches; every other input is the same. */
async function both(
  { trust, evidence }: Pick<Scene, 'trust' | 'evidence'>,
  text: string,
  anchors: readonly JsonObject[],
  statements: readonly JsonObject[],
  options: Partial<JudgeOptions> = {},
): Promise<{ readonly byBatch: Report; readonly inFull: Report }> {
  const given = {
    trust,
    evidence: { items: [...evidence.items, ...statements.map(item)] },
    now,
    ...options,
  }
  const [fast, full] = await Promise.all([judgeWith({ ...given, proofBy: 'batch' }), judgeWith(given)])
  return { byBatch: await fast(text, { anchors }), inFull: await full(text, { anchors }) }
}

const isByBatch = ({ checks: { proof } }: Report) => proof.outcome === 'pass' && proof.facts.by === 'batch'

describe('a certificate with a way into a signed batch', () => {
  test('is valid, and its report says what was checked', async () => {
    const { scene, texts, batch, statement } = await batched()
    const { byBatch, inFull } = await both(scene, texts[2]!, [bundleOf(batch, 2)], [statement])
    expect(inFull.verdict).toBe('valid')
    expect(isByBatch(inFull)).toBe(false)
    const { proof: _, ...unsigned } = statement
    expect(byBatch).toEqual({
      ...inFull,
      checks: {
        ...inFull.checks,
        proof: {
          outcome: 'pass',
          facts: {
            suites: ['eddsa-rdfc-2022'],
            created: '2026-03-02T01:02:03Z',
            by: 'batch',
            statement: sha256Hex(canonicalJson(unsigned)),
            commitment: toHex(batch.commitment),
            index: 2,
            size: 5,
          },
        },
      },
    })
  })

  test.each(['eddsa-jcs-2022', 'vc+jwt, Ed25519', 'ecdsa-jcs-2019, P-384', 'dc+sd-jwt'] as const)(
    'may be of the form %s',
    async (form) => {
      const { issuer, text } = await formOf(form)
      const batch = batchOf([text])
      const scene = {
        trust: await trustInAll(),
        evidence: {
          items: await Promise.all(
            (['revocation', 'suspension'] as const).map((purpose) =>
              statusListOf(issuer, purpose, {}, suiteFor(issuer.algorithm, 'jcs')),
            ),
          ),
        },
      }
      const { byBatch, inFull } = await both(
        scene,
        text,
        [bundleOf(batch, 0)],
        [await statementOf(batch, issuer)],
      )
      expect(isByBatch(byBatch)).toBe(true)
      expect(outcomesOf(byBatch)).toEqual(outcomesOf(inFull))
      expect(byBatch.verdict).toBe(inFull.verdict)
    },
  )

  test('may carry it inside, have it in the evidence, or lie among bundles of others', async () => {
    const { scene, texts, batch, statement } = await batched()
    const inside = JSON.stringify(withBundle(parsed(texts[1]!), { ...batch.members[1]!, anchors: [] }))
    expect(isByBatch((await both(scene, inside, [], [statement])).byBatch)).toBe(true)
    const anchor: EvidenceItem = { kind: 'anchor', url: 'urn:x:anchor', document: bundleOf(batch, 1) }
    const brought = { ...scene, evidence: { items: [...scene.evidence.items, anchor] } }
    expect(isByBatch((await both(brought, texts[1]!, [], [statement])).byBatch)).toBe(true)
    const many = [0, 1, 2, 3, 4].map((i) => bundleOf(batch, i))
    expect(isByBatch((await both(scene, texts[1]!, many, [statement])).byBatch)).toBe(true)
  })

  test('gives the same report whatever else was said of the batch, in whatever order', async () => {
    const { scene, texts, batch, statement } = await batched()
    const later = await statementOf(batch, keyAgency, {}, { created: at('2026-04-03T00:00:00Z') })
    const foreign = await statementOf(batch, stranger, { issuer: keyAgency.controller })
    const all = [foreign, later, statement, await statementOf(batch, otherAgency)]
    const anchors = [bundleOf(batch, 2)]
    const { byBatch } = await both(scene, texts[2]!, anchors, all)
    expect(isByBatch(byBatch)).toBe(true)
    expect((await both(scene, texts[2]!, anchors, all.toReversed())).byBatch).toEqual(byBatch)
  })

  test('has no anchor by that, and an anchor beside it is still told', async () => {
    const { scene, texts, batch, statement } = await batched()
    const { byBatch } = await both(scene, texts[2]!, [bundleOf(batch, 2)], [statement], {
      chains: await stateWith(),
    })
    expect(outcomesOf(byBatch)).toEqual(allStand)
    expect(isByBatch(byBatch)).toBe(true)
    const anchored = [bundleOf(batch, 2, [await logAnchorOf(batch.commitment)])]
    const told = await both(scene, texts[2]!, anchored, [statement])
    expect(outcomesOf(told.byBatch)).toEqual({ ...allStand, anchor: 'skipped no_chain_state' })
    expect(isByBatch(told.byBatch)).toBe(true)
  })

  test('is not spared what speaks against it otherwise', async () => {
    const { scene, texts, batch, statement } = await batched()
    const revoked = await statusListOf(keyAgency, 'revocation', { set: [statusIndex] })
    const items = [revoked, ...scene.evidence.items.slice(1)]
    const { byBatch } = await both(
      { ...scene, evidence: { items } },
      texts[2]!,
      [bundleOf(batch, 2)],
      [statement],
    )
    expect(byBatch.verdict).toBe('invalid')
    expect(outcomesOf(byBatch)).toEqual({ ...allStand, status: 'fail revoked' })
    const unlisted = trustOf(await signTrustList({ ...(await trustListOf()), agencies: [] }))
    const other = await both({ ...scene, trust: unlisted }, texts[2]!, [bundleOf(batch, 2)], [statement])
    expect(other.byBatch.verdict).toBe('invalid')
    expect(outcomesOf(other.byBatch)).toEqual({ ...allStand, trust: 'fail agency_not_listed' })
  })

  test('is held to its own signature unless a batch is asked for', async () => {
    const { scene, texts, batch, statement } = await batched()
    const { inFull } = await both(scene, texts[2]!, [bundleOf(batch, 2)], [statement])
    const without = await both(scene, texts[2]!, [], [])
    expect(inFull).toEqual(without.inFull)
    expect(without.byBatch).toEqual(without.inFull)
  })

  test('is judged again from its record as it was', async () => {
    const { scene, texts, batch, statement } = await batched()
    const options = { trust: scene.trust, evidence: { items: [...scene.evidence.items, item(statement)] } }
    const beside = { anchors: [bundleOf(batch, 2)] }
    const { byBatch } = await both(scene, texts[2]!, beside.anchors, [statement])
    const record = readRecord(JSON.parse(JSON.stringify(recordOf(texts[2]!, byBatch, options, beside))))
    expect(await replay(record, texts[2]!, options, beside)).toMatchObject({ same: true, report: byBatch })
  })

  test('may be any credential whose signature is over its very text', async () => {
    const { scene } = await batched()
    const text = await resigned(scene, () => {}, keyAgency, { suite: 'eddsa-jcs-2022' })
    const batch = batchOf([text, scene.text])
    const evidence = { items: [...scene.evidence.items, item(await statementOf(batch, keyAgency))] }
    const judge = await judgeCredentialsWith({ evidence, now, proofBy: 'batch' })
    const [exact, rdf] = await Promise.all(
      [text, scene.text].map((one, i) => judge(one, { anchors: [bundleOf(batch, i)] })),
    )
    expect([exact?.verdict, rdf?.verdict]).toEqual(['valid', 'valid'])
    expect(exact?.checks.proof).toMatchObject({ outcome: 'pass', facts: { by: 'batch' } })
    expect(rdf?.checks.proof).toMatchObject({ outcome: 'pass', facts: { suites: ['eddsa-rdfc-2022'] } })
    expect(rdf?.checks.proof).not.toMatchObject({ facts: { by: 'batch' } })
  })
})

/** What is handed over, and what the verifier asks. */
interface Attempt {
  readonly scene: Pick<Scene, 'trust' | 'evidence'>
  readonly text: string
  readonly anchors: readonly JsonObject[]
  readonly statements: readonly JsonObject[]
  readonly options?: Partial<JudgeOptions>
}

type Batched = Awaited<ReturnType<typeof batched>>

/** The second certificate's way into the batch, with something of it changed. */
const withPlace = (batch: Batch, change: Partial<Inclusion>): JsonObject => {
  const member = batch.members[1]!
  return bundleJson({ ...member, inclusion: { ...member.inclusion, ...change }, anchors: [] })
}

/** A bundle for a text that never was in the batch, with a member's place in it. */
const bundleAs = (text: string, batch: Batch, index: number): JsonObject =>
  bundleJson({ ...batch.members[index]!, subject: subjectsOf(text)[0]!, anchors: [] })

/** Everything in order but for what is given. */
const attempt = ({ scene, texts, batch, statement }: Batched, change: Partial<Attempt>): Attempt => ({
  scene,
  text: texts[1]!,
  anchors: [bundleOf(batch, 1)],
  statements: [statement],
  ...change,
})

/** The list with something said of the agency's key. */
const trustWithKey = async (change: object): Promise<Trust> =>
  trustOf(
    await signTrustList(
      withAgency(await trustListOf(), keyAgency, {
        keys: [{ thumbprint: thumbprint(keyAgency.publicKey), ...change }],
      }),
    ),
  )

describe('is held to its own signature, with the same report as ever:', () => {
  test.each<[what: string, make: (all: Batched) => Attempt | Promise<Attempt>, proof: string]>([
    [
      'a raised grade with the path of the certificate that it was',
      (all) => {
        const text = tampered({ ...all.scene, text: all.texts[1]! }, (vc) => {
          vc.validFrom = '2026-02-01T00:00:00+08:00'
        })
        return attempt(all, { text, anchors: [bundleAs(text, all.batch, 1)] })
      },
      'fail signature_mismatch',
    ],
    [
      'the signature of another member',
      (all) => {
        const text = tampered({ ...all.scene, text: all.texts[1]! }, (vc) => {
          vc.proof.proofValue = parsed(all.texts[2]!).proof.proofValue
        })
        return attempt(all, { text, anchors: [1, 2].map((i) => bundleAs(text, all.batch, i)) })
      },
      'fail signature_mismatch',
    ],
    [
      'no proof at all',
      (all) => {
        const text = tampered({ ...all.scene, text: all.texts[1]! }, (vc) => {
          delete vc.proof
        })
        return attempt(all, { text })
      },
      'fail proof_missing',
    ],
    [
      'the path of another leaf',
      (all) => attempt(all, { anchors: [bundleAs(all.texts[1]!, all.batch, 2)] }),
      'pass',
    ],
    [
      'a path of another batch, whose statement is not at hand',
      (all) => {
        const other = batchOf(all.texts.slice(0, 3))
        return attempt(all, { anchors: [bundleOf(other, 1)] })
      },
      'pass',
    ],
    [
      'a path that ends early, in a tree of fewer leaves',
      ({ batch, ...all }) => {
        const { path } = batch.members[1]!.inclusion
        const anchors = [1, 2, 3, 4].flatMap((size) =>
          path.map((_, i) => withPlace(batch, { size, path: path.slice(0, i) })),
        )
        return attempt({ batch, ...all }, { anchors })
      },
      'pass',
    ],
    [
      'a path that starts late, as if its first node were a leaf',
      ({ batch, ...all }) => {
        const { path } = batch.members[1]!.inclusion
        return attempt(
          { batch, ...all },
          { anchors: [withPlace(batch, { index: 0, size: 3, path: path.slice(1) })] },
        )
      },
      'pass',
    ],
    [
      'a path with one sibling more',
      ({ batch, ...all }) => {
        const { path } = batch.members[1]!.inclusion
        return attempt({ batch, ...all }, { anchors: [withPlace(batch, { path: [...path, path[0]!] })] })
      },
      'pass',
    ],
    [
      'another place than the path is of',
      (all) => attempt(all, { anchors: [withPlace(all.batch, { index: 0 })] }),
      'pass',
    ],
    [
      'another size than the batch has',
      (all) => attempt(all, { anchors: [withPlace(all.batch, { size: 6 })] }),
      'pass',
    ],
    [
      'another salt',
      (all) =>
        attempt(all, {
          anchors: [bundleJson({ ...all.batch.members[1]!, salt: sha256(new Uint8Array(1)), anchors: [] })],
        }),
      'pass',
    ],
    [
      'a bundle that is malformed',
      (all) => attempt(all, { anchors: [{ ...bundleOf(all.batch, 1), salt: 'x' }] }),
      'pass',
    ],
    [
      'a bundle of another version',
      (all) => attempt(all, { anchors: [{ ...bundleOf(all.batch, 1), version: 2 }] }),
      'pass',
    ],
    ['no bundle', (all) => attempt(all, { anchors: [] }), 'pass'],
    ['no statement', (all) => attempt(all, { statements: [] }), 'pass'],
    [
      'a statement by a stranger',
      async (all) => attempt(all, { statements: [await statementOf(all.batch, stranger)] }),
      'pass',
    ],
    [
      "a stranger's statement in the name of the agency",
      async (all) =>
        attempt(all, {
          statements: [await statementOf(all.batch, stranger, { issuer: keyAgency.controller })],
        }),
      'pass',
    ],
    [
      "a stranger's statement that names the agency's key",
      async (all) => {
        const { verificationMethod } = keyAgency
        const document = await statementOf(
          all.batch,
          { ...stranger, verificationMethod },
          { issuer: keyAgency.controller },
        )
        return attempt(all, { statements: [document] })
      },
      'pass',
    ],
    [
      'a statement by another agency of the list',
      async (all) => attempt(all, { statements: [await statementOf(all.batch, otherAgency)] }),
      'pass',
    ],
    [
      "a forged certificate in an agency's own batch, in the name of another",
      async (all) => {
        const text = tampered({ ...all.scene, text: all.texts[1]! }, (vc) => {
          vc.credentialSubject.identifier[0].identityHash = '他人'
        })
        const batch = batchOf([text])
        const statements = [
          await statementOf(batch, otherAgency),
          await statementOf(batch, otherAgency, { issuer: keyAgency.controller }),
        ]
        return attempt(all, { text, anchors: [bundleOf(batch, 0)], statements })
      },
      'fail signature_mismatch',
    ],
    [
      'a statement moved to another batch',
      (all) => {
        const forged = `sha-256:${toBase64url(batchOf([all.texts[1]!]).commitment)}`
        return attempt(all, {
          anchors: [bundleOf(batchOf([all.texts[1]!]), 0)],
          statements: [{ ...all.statement, commitment: forged, size: 1 }],
        })
      },
      'pass',
    ],
    [
      'a statement on another number of certificates',
      async (all) => attempt(all, { statements: [await statementOf(all.batch, keyAgency, { size: 6 })] }),
      'pass',
    ],
    [
      'a statement without a proof',
      (all) => {
        const { proof: _, ...unsigned } = all.statement
        return attempt(all, { statements: [unsigned] })
      },
      'pass',
    ],
    [
      'a statement with two proofs',
      async (all) => attempt(all, { statements: [await sign(all.statement, keyAgency)] }),
      'pass',
    ],
    [
      'a statement that says more',
      async (all) => {
        const { commitment, size } = all.batch
        const more = { ...statementJson({ issuer: keyAgency.controller, commitment, size }), but: 'not all' }
        return attempt(all, { statements: [await sign(more, keyAgency)] })
      },
      'pass',
    ],
    [
      'a statement of another version',
      async (all) => {
        const { commitment, size } = all.batch
        const other = { ...statementJson({ issuer: keyAgency.controller, commitment, size }), version: 2 }
        return attempt(all, { statements: [await sign(other, keyAgency)] })
      },
      'pass',
    ],
    [
      'a statement from the future',
      async (all) =>
        attempt(all, {
          statements: [await statementOf(all.batch, keyAgency, {}, { created: at('2026-06-01T00:05:01Z') })],
        }),
      'pass',
    ],
    [
      'a statement with an end',
      async (all) =>
        attempt(all, {
          statements: [await statementOf(all.batch, keyAgency, {}, { expires: at('2027-01-01T00:00:00Z') })],
        }),
      'pass',
    ],
    [
      'a statement for another purpose',
      async (all) =>
        attempt(all, {
          statements: [await statementOf(all.batch, keyAgency, {}, { purpose: 'authentication' })],
        }),
      'pass',
    ],
    [
      "a statement from outside the key's window",
      async (all) => {
        const trust = await trustWithKey({ until: '2026-03-02T23:59:59Z' })
        return attempt(all, { scene: { ...all.scene, trust } })
      },
      'pass',
    ],
    [
      'a second signature beside the first',
      async (all) => {
        const text = JSON.stringify(
          await sign(parsed(all.texts[1]!), keyAgency, {
            id: 'urn:uuid:77777777-2222-4333-8444-555555555556',
          }),
        )
        return attempt(all, { text })
      },
      'pass',
    ],
    ['a verifier who wants every step', (all) => attempt(all, { options: { explain: true } }), 'pass'],
    [
      'an anchor that was verified, which dates a signature and no other bytes',
      async (all) =>
        attempt(all, {
          anchors: [bundleOf(all.batch, 1, [await logAnchorOf(all.batch.commitment)])],
          options: { chains: await stateWith() },
        }),
      'pass',
    ],
  ])('%s', async (_what, make, proof) => {
    const { scene, text, anchors, statements, options } = await make(await batched())
    const { byBatch, inFull } = await both(scene, text, anchors, statements, options)
    expect(byBatch).toEqual(inFull)
    expect(isByBatch(byBatch)).toBe(false)
    expect(outcomesOf(byBatch).proof).toBe(proof)
  })
})

describe('a stolen key', () => {
  /** Anchored before the theft without a signature; after it the thief signs a statement over it. */
  const prepared = async () => {
    const scene = await sceneOf(keyAgency)
    const text = tampered(scene, (vc) => {
      vc.proof.proofValue = `${vc.proof.proofValue.slice(0, -1)}${vc.proof.proofValue.endsWith('2') ? '3' : '2'}`
    })
    const batch = batchOf([text])
    const anchor = await logAnchorOf(batch.commitment)
    return { scene, text, batch, anchor, statement: await statementOf(batch, keyAgency) }
  }

  test('makes no signature of what was anchored before the theft', async () => {
    const { scene, text, batch, anchor, statement } = await prepared()
    const trust = await trustWithKey({ compromisedSince: '2026-05-01T00:00:00Z' })
    const own = await statementOf(batch, keyAgency, {}, { created: at('2026-03-02T09:00:00Z') })
    for (const chains of [undefined, await stateWith()]) {
      const { byBatch, inFull } = await both(
        { ...scene, trust },
        text,
        [bundleOf(batch, 0, [anchor])],
        [statement, own],
        {
          chains,
        },
      )
      expect(byBatch).toEqual(inFull)
      expect(outcomesOf(byBatch).proof).toBe('fail signature_mismatch')
      expect(byBatch.verdict).toBe('invalid')
    }
  })

  test('makes none either while nobody knows of the theft, where the anchor is verified', async () => {
    const { scene, text, batch, anchor, statement } = await prepared()
    const chains = await stateWith()
    const { byBatch, inFull } = await both(scene, text, [bundleOf(batch, 0, [anchor])], [statement], {
      chains,
    })
    expect(byBatch).toEqual(inFull)
    expect(outcomesOf(byBatch).proof).toBe('fail signature_mismatch')
  })

  test('that its agency calls stolen leaves certificates to their own signatures', async () => {
    const { scene, texts, batch, statement } = await batched(webAgency)
    const document = webDocument(webAgency.controller as Did, [
      { id: webAgency.verificationMethod, multikey: webAgency.multikey, revoked: at('2026-05-01T00:00:00Z') },
    ])
    const items = [...scene.evidence.items.filter(({ kind }) => kind !== 'did-document'), didItem(document)]
    const given = { ...scene, evidence: { items } }
    const { byBatch, inFull } = await both(given, texts[1]!, [bundleOf(batch, 1)], [statement])
    expect(byBatch).toEqual(inFull)
    expect(isByBatch(byBatch)).toBe(false)
    const good = await both(scene, texts[1]!, [bundleOf(batch, 1)], [statement])
    expect(isByBatch(good.byBatch)).toBe(true)
  })

  test('saves what an anchor dates before the theft by its own signature, as ever', async () => {
    const { scene, texts, batch, statement } = await batched()
    const trust = await trustWithKey({ compromisedSince: '2026-05-01T00:00:00Z' })
    const anchors = [bundleOf(batch, 1, [await logAnchorOf(batch.commitment)])]
    const statusBefore = await Promise.all(
      (['revocation', 'suspension'] as const).map((purpose) => statusListOf(keyAgency, purpose)),
    )
    const given = { trust, evidence: { items: [...scene.evidence.items, ...statusBefore] } }
    const { byBatch, inFull } = await both(given, texts[1]!, anchors, [statement], {
      chains: await stateWith(),
    })
    expect(byBatch).toEqual(inFull)
    expect(outcomesOf(byBatch)).toMatchObject({ proof: 'pass', trust: 'pass', anchor: 'pass' })
  })
})

describe('laws', () => {
  /** Fixed, so that a run today is the run of tomorrow. */
  const runs = (numRuns: number) => ({ numRuns, seed: 20261124 })

  test('whatever is changed in text, path or statement, the verdict is that of the signature itself', async () => {
    const all = await batched()
    const whole: Json = [parsed(all.texts[1]!), bundleOf(all.batch, 1), all.statement]
    let passed = 0
    let failed = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (choice, change) => {
        const [vc, bundle, statement] = mutated(whole, choice, change) as Loose
        const text = JSON.stringify(vc ?? null)
        const renamed = subjectsOf(text)[0]
        // Whoever changes a text gives its bundle the name that it has now, so that it is found.
        const found =
          renamed === undefined || typeof bundle?.subject !== 'object'
            ? bundle
            : { ...bundle, subject: { ...bundle.subject, digest: `sha-256:${toBase64url(renamed.digest)}` } }
        const anchors = [bundle, found].filter(isObject)
        const { byBatch, inFull } = await both(all.scene, text, anchors, [statement].filter(isObject))
        expect(byBatch.verdict).toBe(inFull.verdict)
        expect({ ...byBatch.checks, proof: '' }).toEqual({ ...inFull.checks, proof: '' })
        expect(byBatch.checks.proof.outcome).toBe(inFull.checks.proof.outcome)
        if (isByBatch(byBatch)) passed++
        else failed++
      }),
      runs(400),
    )
    // Changes of what no proof is over leave some by their batch; the rest is by their signatures.
    expect(passed).toBeGreaterThan(5)
    expect(failed).toBeGreaterThan(200)
  })

  test('of batches of any size every member is proven by its own path and by no other', async () => {
    const texts = (await batched(keyAgency, 9)).texts
    const { scene } = await batched()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.nat(8), fc.nat(8), async (size, a, b) => {
        const [own, other] = [a % size, b % size]
        const batch = batchOf(texts.slice(0, size))
        const statement = await statementOf(batch, keyAgency)
        const anchors = [bundleAs(texts[own]!, batch, other)]
        const { byBatch } = await both(scene, texts[own]!, anchors, [statement])
        expect(byBatch.verdict).toBe('valid')
        expect(isByBatch(byBatch)).toBe(own === other)
      }),
      runs(60),
    )
  })
})
