/**
 * What anchoring costs on this machine: `npm run bench:anchors [-- --json FILE]`. Each figure is the median of several rounds, beside
 * the floor that it rests on, measured in the same run. Nothing here is a test.
 */
import { writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBatch } from '../src/anchor/batch.ts'
import { headerHash } from '../src/anchor/bitcoin-header.ts'
import { bitcoinMainnet } from '../src/anchor/bitcoin-networks.ts'
import { bundleText, readBundle } from '../src/anchor/bundle.ts'
import { readChains } from '../src/anchor/chains.ts'
import { checkpointText } from '../src/anchor/checkpoint.ts'
import { cosigner } from '../src/anchor/cosigner.ts'
import { judgeBundle } from '../src/anchor/judge.ts'
import { logProofText } from '../src/anchor/log-proof.ts'
import { noteSigner, signNote, vkeyOf } from '../src/anchor/note-signature.ts'
import type { Operation } from '../src/anchor/path.ts'
import { hashLeaf, inclusionPath, rootOf, treeReader } from '../src/anchor/tree.ts'
import { type Bytes, concat, toHex, utf8 } from '../src/base/bytes.ts'
import { sha256 } from '../src/base/digest.ts'
import { verifyEd25519 } from '../src/key/ed25519.ts'
import { generateSigner } from '../src/key/signer.ts'
import { documentSubject, type Subject, subjectsOf } from '../src/securing/subject.ts'

const size = 10_000
const rounds = 5

interface Row {
  readonly id: string
  /** Operations a second. */
  readonly median: number
  readonly floor: number
  readonly ratio: number
  readonly what: string
}
const rows: Row[] = []

const digests = Array.from({ length: size }, (_, i) => sha256(utf8(`certificate ${i}`)))
const subjects = digests.map((digest): Subject => ({ of: 'jwt', digest }))
const salt = ({ digest }: Subject): Bytes => sha256(digest)

const log = noteSigner('log.example', await generateSigner())
const witnesses = await Promise.all(
  [1, 2, 3].map(async (i) => cosigner(`w${i}.example`, await generateSigner())),
)
const policy = [
  `log ${vkeyOf(log)}`,
  ...witnesses.map((witness, i) => `witness w${i} ${vkeyOf(witness)}`),
  'group two 2 w0 w1 w2',
  'quorum two',
  '',
].join('\n')

const batch = buildBatch(subjects, salt)
const logAnchor = { kind: 'tlog', proof: await logProofOf(batch.commitment) } as const

const hashes = await rate(() => {
  for (let i = 0; i < size; i++) sha256(concat(digests[i]!, digests[0]!))
}, size)
const batched = await rate(() => {
  const { members } = buildBatch(subjects, salt)
  const anchors = [logAnchor]
  const lines = members.map((member) => bundleText({ ...member, anchors }))
  writeFileSync(join(tmpdir(), 'gradecert-bench.jsonl'), lines.join(''))
}, size)
// A leaf, its salt, and about one node of the tree for each certificate.
row('anchor/batch', batched, hashes / 4, `${size} bundles built and written into one JSONL`)

const badge = JSON.stringify({ ...JSON.parse(badgeText()), proof: { id: 'urn:uuid:1', proofValue: 'z1' } })
row(
  'anchor/subject',
  await rate(() => void subjectsOf(badge), 1, 2_000),
  hashes,
  'digest of a badge of 6 kB, parsed strictly',
)
const document = JSON.parse(badge)
row(
  'anchor/subject/parsed',
  await rate(() => void documentSubject(document, document.proof), 1, 2_000),
  hashes,
  'the same, parsed already',
)

const [member] = batch.members
const logBundle = { ...member!, anchors: [logAnchor] }
const chains = await readChains(JSON.stringify({ type: 'AnchorTrust', version: 1, tlog: policy }))
const key = await generateSigner()
const message = utf8('message')
const signature = (await key.sign(message)) as Bytes
const signatures = await rate(
  async () => void (await verifyEd25519(signature, message, key.publicKey.bytes)),
  1,
  2_000,
)
const policies = Array.from({ length: 6_000 }, () => ({ ...chains, logPolicy: { ...chains.logPolicy! } }))
row(
  'anchor/verify/log',
  await rate(
    async () => void (await judgeBundle(member!.subject.digest, logBundle, { chains: policies.pop()! })),
    1,
    1_000,
  ),
  signatures / 4,
  'one log anchor: the log’s and three witnesses’ signatures and the path',
)
row(
  'anchor/verify/log/next',
  await rate(async () => void (await judgeBundle(member!.subject.digest, logBundle, { chains })), 1, 1_000),
  hashes / 25,
  'another of the same batch: the path alone',
)

const path: readonly Operation[] = [
  { op: 'prepend', data: new Uint8Array(120) },
  { op: 'append', data: new Uint8Array(90) },
  { op: 'sha256' },
  { op: 'sha256' },
  ...Array.from({ length: 12 }, (): readonly Operation[] => [
    { op: 'append', data: new Uint8Array(32) },
    { op: 'sha256' },
    { op: 'sha256' },
  ]).flat(),
]
const header = concat(new Uint8Array(36), reached(batch.commitment), new Uint8Array(12))
const bitcoin = await readChains(
  JSON.stringify({
    type: 'AnchorTrust',
    version: 1,
    chains: {
      [bitcoinMainnet]: {
        family: 'bitcoin',
        minDepth: 1,
        checkpoints: [[7, toHex(new Uint8Array(headerHash(header).toReversed()))]],
      },
    },
  }),
)
const headers = { height: 7, bytes: header }
const pathAnchor = {
  kind: 'path',
  chain: bitcoinMainnet,
  height: 7,
  end: 'merkleRoot',
  path,
  headers,
} as const
const pathBundle = { ...member!, anchors: [pathAnchor] }
row(
  'anchor/verify/path',
  await rate(
    async () => void (await judgeBundle(member!.subject.digest, pathBundle, { chains: bitcoin })),
    1,
    1_000,
  ),
  hashes / 40,
  'one Bitcoin path of 38 operations under a checkpoint',
)
const text = bundleText(logBundle)
row(
  'anchor/read',
  await rate(() => void readBundle(text), 1, 2_000),
  hashes,
  `a bundle of ${text.length} bytes`,
)

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`
console.log(machine)
console.log('           per second        floor  ratio  what')
for (const { id, median, floor, ratio, what } of rows) {
  console.log(
    `${id.padEnd(22)}${Math.round(median).toString().padStart(9)}${Math.round(floor).toString().padStart(10)}${ratio.toFixed(2).padStart(7)}  ${what}`,
  )
}
const at = process.argv.indexOf('--json')
if (at !== -1) writeFileSync(process.argv[at + 1]!, `${JSON.stringify({ machine, rows }, null, 2)}\n`)

function row(id: string, median: number, floor: number, what: string): void {
  rows.push({ id, median, floor, ratio: median / floor, what })
}

/** Operations a second: the median of some rounds after one that warms up. */
async function rate(run: () => unknown, operations: number, repeats = 1): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < repeats; i++) await run()
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    if (round > 0) rates.push((operations * repeats) / seconds)
  }
  return rates.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!
}

async function logProofOf(commitment: Bytes): Promise<string> {
  const leaves = Array.from({ length: 1000 }, (_, i) => hashLeaf(i === 500 ? commitment : utf8(`${i}`)))
  const read = treeReader(leaves)
  const body = checkpointText({ origin: 'log.example', size: 1000, root: rootOf(read, 1000), extensions: [] })
  const checkpoint = await signNote(body, [log, ...witnesses], 1_770_000_000)
  return logProofText({ index: 500, path: inclusionPath(read, 500, 1000), checkpoint })
}

function reached(commitment: Bytes): Bytes {
  let hash = sha256(sha256(concat(new Uint8Array(120), commitment, new Uint8Array(90))))
  for (let i = 0; i < 12; i++) hash = sha256(sha256(concat(hash, new Uint8Array(32))))
  return hash
}

/** About as long as a full badge. */
function badgeText(): string {
  const line = { name: '人工智能工程技术人员', description: 'x'.repeat(300), hours: 100 }
  return JSON.stringify({ id: 'urn:uuid:1', lines: Array.from({ length: 16 }, (_, i) => ({ ...line, i })) })
}
