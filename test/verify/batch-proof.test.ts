/** A signature taken from its issuer's word on the whole batch: said in the report, and never worth more than itself. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batch, buildBatch } from '../../src/anchor/batch.ts'
import { type BatchStatement, statementJson } from '../../src/anchor/batch-statement.ts'
import { bundleJson } from '../../src/anchor/bundle.ts'
import { inclusionPath, treeReader } from '../../src/anchor/tree.ts'
import { toHex } from '../../src/base/bytes.ts'
import { canonicalJson } from '../../src/base/canonical.ts'
import { sha256, sha256Hex } from '../../src/base/digest.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { subjectsOf } from '../../src/securing/subject.ts'
import { type JudgeOptions, judgeWith } from '../../src/verify/judge.ts'
import { readRecord, recordOf, replay } from '../../src/verify/replay.ts'
import type { Report } from '../../src/verify/report.ts'
import { logAnchorOf, stateWith } from '../anchor/makers.ts'
import {
  allStand,
  at,
  certificateOf,
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
})
