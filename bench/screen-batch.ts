/**
 * What screening by batches costs on this machine: `node bench/screen-batch.ts [--json FILE]`. Certificates of one batch, each
 * with its path, are judged one after the other on one thread from texts to report: parsing, schema, key, path, dates,
 * status and recognition; and the same by their signatures. The floor is the raw Ed25519 verification of node:crypto in the same run, which is what screening by
 * signatures cannot go below. Nothing here is a test.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { buildBatch } from '../src/anchor/batch.ts'
import { statementJson } from '../src/anchor/batch-statement.ts'
import { bundleText } from '../src/anchor/bundle.ts'
import { type Bytes, utf8 } from '../src/base/bytes.ts'
import { sha256 } from '../src/base/digest.ts'
import { type JsonObject, parseJson } from '../src/base/json.ts'
import { verifyEd25519 } from '../src/key/ed25519.ts'
import { type Subject, subjectsOf } from '../src/securing/subject.ts'
import { judgeCredentialsWith, judgeWith } from '../src/verify/judge.ts'
import { isByBatch } from '../src/verify/report.ts'
import { agency, badge, now, signed, small, status, trust } from './scene.ts'

const size = 2000
const rounds = 5
interface Row {
  readonly id: string
  /** Certificates a second. */
  readonly median: number
  readonly spread: number
  readonly floor: number
  readonly ratio: number
  readonly bytes: number
}

const salt = ({ digest }: Subject): Bytes => sha256(digest)

const message = new Uint8Array(64)
const signature = await agency.sign(message)
const floor = median(
  await rates(async () => {
    for (let i = 0; i < size; i++) await verifyEd25519(signature, message, agency.publicKey.bytes)
  }),
)
const rows = [
  await measured('screen/batch', small, judgeCredentialsWith, 'batch'),
  await measured('screen/batch/badge', (i) => badge(i), judgeWith, 'batch'),
  await measured('screen/signature', small, judgeCredentialsWith, 'signature'),
  await measured('screen/signature/badge', (i) => badge(i), judgeWith, 'signature'),
]

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`
console.log(machine)
console.log('                       per second  spread     floor  ratio')
for (const { id, median: middle, spread, floor: raw, ratio, bytes } of rows) {
  const figures = [
    Math.round(middle).toString().padStart(11),
    `${Math.round(spread * 100)} %`.padStart(8),
    Math.round(raw).toString().padStart(10),
    ratio.toFixed(2).padStart(7),
  ]
  console.log(`${id.padEnd(22)}${figures.join('')}  ${bytes} bytes`)
}
const at = process.argv.indexOf('--json')
if (at !== -1) writeFileSync(process.argv[at + 1]!, `${JSON.stringify({ machine, rows }, null, 2)}\n`)

async function measured(
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
  const bundles = batch.members.map((member) => bundleText({ ...member, anchors: [] }))
  const all = await rates(async () => {
    const judge = await judging({ trust, evidence: { items }, now, proofBy })
    for (const [i, text] of texts.entries()) {
      const bundle = parseJson(bundles[i]!)
      const report = await judge(text, { anchors: bundle.ok ? [bundle.value as JsonObject] : [] })
      // Anything but valid in the way that was asked for would measure something else.
      if (report.verdict !== 'valid' || isByBatch(report.checks.proof) !== (proofBy === 'batch')) {
        throw new Error(JSON.stringify(report.checks))
      }
    }
  })
  const middle = median(all)
  const spread = (Math.max(...all) - Math.min(...all)) / middle
  return { id, median: middle, spread, floor, ratio: middle / floor, bytes: utf8(texts[0]!).length }
}

/** Certificates a second in each round after one that warms up. */
async function rates(run: () => Promise<void>): Promise<readonly number[]> {
  const found: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const start = process.hrtime.bigint()
    await run()
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    if (round > 0) found.push(size / seconds)
  }
  return found
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
