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
import type { CalendarDate, Instant } from '../src/base/instant.ts'
import { type JsonObject, parseJson } from '../src/base/json.ts'
import { awardFrom } from '../src/certificate/award.ts'
import type { GradeCertificate } from '../src/certificate/certificate.ts'
import { starterCatalogue } from '../src/certificate/starter-catalogue.ts'
import { contextTable } from '../src/credential/contexts.ts'
import type { EvidenceItem } from '../src/evidence/evidence.ts'
import { issue } from '../src/issue/issue.ts'
import { verifyEd25519 } from '../src/key/ed25519.ts'
import { thumbprint } from '../src/key/public-key.ts'
import { signerOfSeed } from '../src/key/signer.ts'
import { addProof } from '../src/securing/add-proof.ts'
import { type Subject, subjectsOf } from '../src/securing/subject.ts'
import { statusListCredential } from '../src/status/status-list.ts'
import type { Trust } from '../src/trust/trust.ts'
import { trustListCredential } from '../src/trust/trust-list.ts'
import { judgeCredentialsWith, judgeWith } from '../src/verify/judge.ts'
import { isByBatch } from '../src/verify/report.ts'

const size = 2000
const rounds = 5
const now = '2026-06-01T00:00:00Z' as Instant
const agency = signerOfSeed(new Uint8Array(32).fill(1))
const authority = signerOfSeed(new Uint8Array(32).fill(2))
const labels = { 'zh-Hans': '示例评价机构', en: 'Example Agency' }
const lists = { revocation: 'https://agency.example/status/1', suspension: 'https://agency.example/status/2' }

interface Row {
  readonly id: string
  /** Certificates a second. */
  readonly median: number
  readonly spread: number
  readonly floor: number
  readonly ratio: number
  readonly bytes: number
}

const signed = (document: JsonObject, signer = agency): Promise<JsonObject> =>
  addProof(document, {
    signer,
    suite: 'eddsa-jcs-2022',
    created: '2026-05-01T00:00:00Z' as Instant,
    contexts: contextTable(),
  })

const status = await Promise.all(
  (['revocation', 'suspension'] as const).map(async (purpose): Promise<EvidenceItem> => {
    const list = statusListCredential({
      id: lists[purpose],
      issuer: agency.controller,
      purpose,
      validFrom: '2026-05-20T00:00:00Z' as Instant,
      validUntil: '2026-06-20T00:00:00Z' as Instant,
      set: [],
    })
    return { kind: 'status-list', url: lists[purpose], document: await signed(list) }
  }),
)
const trustList = trustListCredential({
  id: 'https://authority.example/list',
  issuer: authority.controller,
  sequence: 1,
  validFrom: '2026-01-01T00:00:00Z' as Instant,
  validUntil: '2027-01-01T00:00:00Z' as Instant,
  trial: false,
  agencies: [
    {
      id: agency.controller,
      labels,
      standing: 'active',
      keys: [{ thumbprint: thumbprint(agency.publicKey) }],
      scopes: [{ occupations: ['2-02-38-01'], grades: ['junior'], region: 'CN-BJ' }],
      statusIssuers: [],
    },
  ],
  delegates: [],
})
const trust: Trust = { roots: [{ id: authority.controller }], lists: [await signed(trustList, authority)] }

const hexOf = (i: number): string => i.toString(16).padStart(12, '0')
const award = awardFrom(
  starterCatalogue((path) => `https://agency.example/catalogue/${path}`),
  { occupationCode: '2-02-38-01', grade: 'junior', direction: '计算机视觉产品实现' },
)

/** The full badge. */
async function badge(i: number): Promise<string> {
  const certificate: GradeCertificate = {
    type: 'ProfessionalTechnicalGradeCertificate',
    id: `urn:uuid:11111111-2222-4333-8444-${hexOf(i)}`,
    number: `PT26-0001-11-3801-1-${String(i).padStart(7, '0')}-G`,
    issuer: { id: agency.controller, labels, url: 'https://agency.example' },
    holder: { id: `urn:uuid:99999999-2222-4333-8444-${hexOf(i)}`, name: `候选${i}` },
    zone: '+08:00',
    awardedOn: '2026-03-01' as CalendarDate,
    validFrom: '2026-03-01' as CalendarDate,
    region: 'CN-BJ',
    session: '2026-01',
    examinedOn: '2026-01-25' as CalendarDate,
    award,
    training: [],
  }
  const { text } = await issue(certificate, {
    signer: agency,
    suite: 'eddsa-jcs-2022',
    created: '2026-03-02T01:02:03Z' as Instant,
    status: { index: i, lists },
  })
  return text
}

/** A credential of 1.5 kB with a status, of a kind of its own. */
async function small(i: number): Promise<string> {
  const document = await signed({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: `urn:uuid:11111111-2222-4333-8444-${hexOf(i)}`,
    type: ['VerifiableCredential'],
    issuer: { id: agency.controller, name: 'Example Agency' },
    validFrom: '2026-03-01T00:00:00Z',
    validUntil: '2036-03-01T00:00:00Z',
    credentialStatus: {
      id: `${lists.revocation}#${i}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(i),
      statusListCredential: lists.revocation,
    },
    credentialSubject: {
      id: `urn:uuid:99999999-2222-4333-8444-${hexOf(i)}`,
      name: `候选${i}`,
      description: 'Implements products of computer vision: '.repeat(9).trim(),
    },
  })
  return JSON.stringify(document)
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
  await measured('screen/batch/badge', badge, judgeWith, 'batch'),
  await measured('screen/signature', small, judgeCredentialsWith, 'signature'),
  await measured('screen/signature/badge', badge, judgeWith, 'signature'),
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
