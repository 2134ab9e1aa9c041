/**
 * How fast one core issues and verifies beside the raw signature, and what a batch of 40,000 takes:
 * `npm run bench [-- --json FILE]`. Rounds go through all rows in a random order; every slice of a row stands between two slices
 * of its floor, node:crypto's Ed25519 with a cached key, and the ratio is the median over the rounds. Issuing goes from a
 * document or certificate to signed text, verifying from text to report with all checks. Nothing here is a test.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '../src/base/bytes.ts'
import type { Instant } from '../src/base/instant.ts'
import { issueBatch } from '../src/batch/issue-batch.ts'
import { contextTable } from '../src/credential/contexts.ts'
import { checkResults } from '../src/issue/check-results.ts'
import { createWorkspace } from '../src/issue/create-workspace.ts'
import { issue } from '../src/issue/issue.ts'
import { type GeneratedSigner, signerOfSecret } from '../src/key/signer.ts'
import { useSodium } from '../src/key/sodium.ts'
import { secureText } from '../src/securing/add-proof.ts'
import type { DataIntegritySuite } from '../src/securing/data-integrity.ts'
import { judgeCredentialsWith, judgeWith } from '../src/verify/judge.ts'
import { floors, type Measured, measure, type Row, rate, report, summary } from './measure.ts'
import { writeResults } from './results.ts'
import {
  agency,
  badge,
  badgeOptions,
  certificateOf,
  now,
  smallDocument,
  status,
  trust,
  variousDocument,
} from './scene.ts'
import { screenRows } from './screen-rows.ts'

/** Different certificates in rotation. */
const variety = 128

const created = '2026-03-02T01:02:03Z' as Instant
const contexts = contextTable()
const suites = ['eddsa-jcs-2022', 'eddsa-rdfc-2022'] as const satisfies readonly DataIntegritySuite[]
const range = Array.from({ length: variety }, (_, i) => i)
const at = <T>(list: readonly T[], i: number): T => list[i % variety] as T

const plain = await measure((await Promise.all(suites.map((suite) => rowsOf(suite, agency)))).flat())
const screened = await measure(await screenRows())
const whole = await batch(40_000)
// From here on libsodium signs and verifies; the floor stays OpenSSL's.
await useSodium()
const sodium = signerOfSecret(agency.exportSecret())
const fast = await measure((await Promise.all(suites.map((suite) => rowsOf(suite, sodium)))).flat())
report([...plain, ...fast.map((row) => ({ ...row, id: `${row.id}@sodium` })), ...screened, whole])

async function rowsOf(suite: DataIntegritySuite, signer: GeneratedSigner): Promise<readonly Row[]> {
  const documents = range.map(smallDocument)
  const various = range.map(variousDocument)
  const secure = (i: number) => secureText(at(documents, i), { signer, suite, created, contexts })
  // Of many kinds, by a signer of its own: nothing that was found of one helps with another.
  const other = signerOfSecret(signer.exportSecret())
  const secureAny = (i: number) => secureText(at(various, i), { signer: other, suite, created, contexts })
  // As bytes, which is how a file or a request gives them.
  const texts = {
    small: (await Promise.all(range.map(secure))).map((text) => utf8(text)),
    badge: (await Promise.all(range.map((i) => badge(i, suite)))).map((text) => utf8(text)),
  }
  const kinds = range.map(certificateOf)
  const loose = kinds.map((certificate) => structuredClone(certificate))
  const judge = {
    small: await judgeCredentialsWith({ evidence: { items: status }, now }),
    badge: await judgeWith({ trust, evidence: { items: status }, now }),
  }
  const valid = (name: 'small' | 'badge') => async (i: number) => {
    const { verdict } = await judge[name](at(texts[name], i))
    if (verdict !== 'valid') throw new Error(`${name} is ${verdict}`)
  }
  return [
    { id: `issue/${suite}/small`, floor: 'sign', unit: secureAny },
    {
      id: `issue/${suite}/badge`,
      floor: 'sign',
      unit: (i) => issue(at(loose, i), { ...badgeOptions(i), proofId: undefined, signer, suite }),
    },
    { id: `issue-batch/${suite}/small`, floor: 'sign', unit: secure },
    {
      id: `issue-batch/${suite}/badge`,
      floor: 'sign',
      unit: (i) => issue(at(kinds, i), { ...badgeOptions(i), signer, suite }),
    },
    { id: `verify/${suite}/small`, floor: 'verify', unit: valid('small') },
    { id: `verify/${suite}/badge`, floor: 'verify', unit: valid('badge') },
  ]
}

/** From the rows of a CSV to signed badges in one JSONL, by all threads, registry on the disk. Its floor is the signature on as many cores. */
async function batch(count: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'gradecert-bench-'))
  try {
    await writeResults(`${folder}/results.csv`, count)
    const workspace = await createWorkspace(`${folder}/agency`, { labels: { 'zh-Hans': '示例评价机构' } })
    const start = performance.now()
    const { records } = await checkResults([`${folder}/results.csv`], workspace)
    for await (const { outcome } of issueBatch(records, { workspace, out: `${folder}/all.jsonl` }))
      if (outcome !== 'issued') throw new Error(outcome)
    const median = (count * 1000) / (performance.now() - start)
    await workspace.registry.close()
    const floor = (await rate(floors.sign, 500)) * cpus().length
    return summary(`batch/${count}`, [{ rate: median, floor }])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
