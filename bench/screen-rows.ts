/**
 * Screening certificates of one batch, each with its path, one after the other on one thread from the bytes of a text to its
 * report: reading, schema, key, path, dates, status and recognition; and the same by their signatures. What one judgement
 * found is not kept beyond the batch.
 */
import { buildBatch } from '../src/anchor/batch.ts'
import { statementJson } from '../src/anchor/batch-statement.ts'
import { bundleText } from '../src/anchor/bundle.ts'
import { type Bytes, utf8 } from '../src/base/bytes.ts'
import { sha256 } from '../src/base/digest.ts'
import { type JsonObject, parseJson } from '../src/base/json.ts'
import { type Subject, subjectsOf } from '../src/securing/subject.ts'
import { judgeCredentialsWith, judgeWith } from '../src/verify/judge.ts'
import { isByBatch } from '../src/verify/report.ts'
import type { Row } from './measure.ts'
import { agency, badge, now, signed, small, status, trust } from './scene.ts'

const size = 2000

export const screenRows = (): Promise<readonly Row[]> =>
  Promise.all([
    rowOf('screen/batch', small, judgeCredentialsWith, 'batch'),
    rowOf('screen/batch/badge', (i) => badge(i), judgeWith, 'batch'),
    rowOf('screen/signature', small, judgeCredentialsWith, 'signature'),
    rowOf('screen/signature/badge', (i) => badge(i), judgeWith, 'signature'),
  ])

const salt = ({ digest }: Subject): Bytes => sha256(digest)

async function rowOf(
  id: string,
  make: (i: number) => Promise<string>,
  judging: typeof judgeWith | typeof judgeCredentialsWith,
  proofBy: 'batch' | 'signature',
): Promise<Row> {
  const texts = await Promise.all(Array.from({ length: size }, (_, i) => make(i)))
  const batch = buildBatch(
    texts.flatMap((text) => subjectsOf(text)[0]!),
    salt,
  )
  const statement = await signed(statementJson({ issuer: agency.controller, ...batch }))
  const items = [...status, { kind: 'batch-statement', url: 'urn:x:batch', document: statement } as const]
  const bytes = texts.map((text) => utf8(text))
  const bundles = batch.members.map((member) => utf8(bundleText({ ...member, anchors: [] })))
  const newJudge = () => judging({ trust, evidence: { items }, now, proofBy })
  let judge = await newJudge()
  const unit = async (turn: number) => {
    const i = turn % size
    if (i === 0) judge = await newJudge()
    const bundle = parseJson(bundles[i]!)
    const report = await judge(bytes[i]!, { anchors: bundle.ok ? [bundle.value as JsonObject] : [] })
    // Anything but valid in the way that was asked for would measure something else.
    if (report.verdict !== 'valid' || isByBatch(report.checks.proof) !== (proofBy === 'batch')) {
      throw new Error(JSON.stringify(report.checks))
    }
  }
  return { id, floor: 'verify', unit }
}
