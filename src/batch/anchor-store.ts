/**
 * What an agency remembers of its anchoring, in `anchors/` of its workspace: one folder a batch with its members, and a
 * receipt for each log or chain it goes to. Everything is on disk before anything leaves the machine.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { Anchor } from '../anchor/anchor.ts'
import { type Batch, buildBatch } from '../anchor/batch.ts'
import { anchorJson, readAnchor } from '../anchor/bundle.ts'
import type { Receipt, WaitingFor } from '../anchor/submitter.ts'
import { type Bytes, fromHex, toHex } from '../base/bytes.ts'
import { hmacSha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import type { Instant } from '../base/instant.ts'
import { defined, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { anchorsFolder, batchFolders, readBatchStatement } from '../issue/batch-statements.ts'
import type { Subject } from '../securing/subject.ts'

export interface StoredBatch {
  /** The first 16 digits of the commitment. */
  readonly name: string
  readonly created: Instant
  /** File names of the certificates, in the order of the tree. */
  readonly files: readonly string[]
  readonly batch: Batch
  readonly receipts: ReadonlyMap<string, StoredReceipt>
  /** What the agency signed of it. */
  readonly statement?: JsonObject
}

/** Where one submission stands. */
export interface StoredReceipt {
  readonly is: 'working' | 'waiting' | 'final'
  readonly for?: WaitingFor
  readonly receipt: Receipt
  /** A proof; of one that is waiting it says no more than that. */
  readonly anchor?: Anchor
}

/**
 * All batches of a workspace, the oldest first.
 * @param salt gives 32 bytes for a subject, the same as when the batch was made
 * @throws `anchor.file_malformed` for a batch that is not what its name says
 */
export async function readBatches(dir: string, salt: Salt): Promise<readonly StoredBatch[]> {
  const names = await batchFolders(dir)
  const batches = await Promise.all(names.map((name) => readBatch(dir, name, salt)))
  return batches
    .filter((batch) => batch !== null)
    .toSorted((a, b) => (`${a.created}${a.name}` < `${b.created}${b.name}` ? -1 : 1))
}

/** Keeps a new batch for good. One with the same members is there already, and stays as it is. */
export async function keepBatch(
  dir: string,
  {
    subjects,
    files,
    created,
    salt,
  }: {
    readonly subjects: readonly Subject[]
    readonly files: readonly string[]
    readonly created: Instant
    readonly salt: Salt
  },
): Promise<StoredBatch> {
  const batch = buildBatch(subjects, salt)
  const name = toHex(batch.commitment).slice(0, 16)
  const file: BatchFile = {
    type: 'GradecertAnchorBatch',
    version: 1,
    created,
    commitment: toHex(batch.commitment),
    members: subjects.map(({ of, digest, proof }, i) =>
      defined({ file: files[i], of, digest: toHex(digest), proof }),
    ) as unknown as BatchFile['members'],
  }
  const path = join(dir, anchorsFolder, name, batchName)
  await writeFileWhole(path, `${JSON.stringify(file)}\n`, { mode: 0o600, durable: true })
  return { name, created, files, batch, receipts: new Map() }
}

/** Keeps where a submission stands, for good. */
export async function keepReceipt(
  dir: string,
  { name }: Pick<StoredBatch, 'name'>,
  backEnd: string,
  { is, for: waitsFor, receipt, anchor }: StoredReceipt,
): Promise<void> {
  const file = defined({
    type: 'GradecertAnchorReceipt',
    version: 1,
    is,
    for: waitsFor,
    receipt: receipt as unknown as JsonObject,
    anchor: anchor && anchorJson(anchor),
  })
  const path = join(dir, anchorsFolder, name, `${backEnd}.receipt.json`)
  await writeFileWhole(path, `${JSON.stringify(file)}\n`, { mode: 0o600, durable: true })
}

export type Salt = (subject: Subject) => Bytes

/** Salts that follow from a workspace's secret, so that none has to be kept and a batch made again is the same. */
export const saltsOf =
  (secret: Bytes): Salt =>
  ({ digest }) =>
    hmacSha256(secret, new Uint8Array([...saltLabel, ...digest]))

const saltLabel = new TextEncoder().encode('anchor-salt/')
const batchName = 'batch.json'

/** `null` where a run was stopped before it kept the batch. */
async function readBatch(dir: string, name: string, salt: Salt): Promise<StoredBatch | null> {
  const folder = join(dir, anchorsFolder)
  const names = await readdir(join(folder, name))
  if (!names.includes(batchName)) return null
  const path = join(folder, name, batchName)
  const file = checked(path, 'batch of anchors', batchSchema, await readJson(path))
  const subjects = file.members.map(({ of, digest, proof }) => ({
    of,
    digest: fromHex(digest)!, // the schema asks for 64 digits
    ...(proof !== undefined && { proof }),
  }))
  const batch = buildBatch(subjects, salt)
  if (toHex(batch.commitment) !== file.commitment || !file.commitment.startsWith(name)) {
    throw malformed(path, 'batch of anchors', 'commitment')
  }
  const receipts = new Map<string, StoredReceipt>()
  for (const receiptName of names.filter((one) => one.endsWith(receiptEnd)).toSorted()) {
    receipts.set(
      receiptName.slice(0, -receiptEnd.length),
      await readReceipt(join(folder, name, receiptName), file.commitment),
    )
  }
  const statement = await readBatchStatement(dir, name)
  return {
    name,
    created: file.created as Instant,
    files: file.members.map((member) => member.file),
    batch,
    receipts,
    ...(statement !== null && { statement }),
  }
}

const receiptEnd = '.receipt.json'

async function readReceipt(path: string, commitment: string): Promise<StoredReceipt> {
  const file = checked(path, 'receipt of an anchor', receiptSchema, await readJson(path))
  if (file.receipt.commitment !== commitment) throw malformed(path, 'receipt of an anchor', 'commitment')
  const anchor = file.anchor === undefined ? undefined : readAnchor(file.anchor as Json)
  if (anchor === null || anchor?.kind === 'unknown') throw malformed(path, 'receipt of an anchor', 'anchor')
  return {
    is: file.is,
    ...(file.for !== undefined && { for: file.for }),
    receipt: file.receipt as unknown as Receipt,
    ...(anchor && { anchor }),
  }
}

async function readJson(path: string): Promise<Json> {
  const parsed = parseJson(new Uint8Array(await readFileBounded(path)), { maxBytes: storeLimit })
  if (!parsed.ok) throw malformed(path, 'file of gradecert', parsed.detail)
  return parsed.value
}

/** Bytes: a batch of a million takes 200 MB. */
const storeLimit = 268_435_456

function checked<T>(path: string, kind: string, schema: z.ZodMiniType<T>, value: Json): T {
  const read = schema.safeParse(value)
  if (!read.success) throw malformed(path, kind, read.error.issues[0]?.path.join('/') ?? '')
  return read.data
}

const malformed = (path: string, kind: string, what: string): CertificateError =>
  new CertificateError('anchor.file_malformed', { kind, what: `${path}: ${what}` })

const digestText = z.string().check(z.regex(/^[0-9a-f]{64}$/))

const batchSchema = z.strictObject({
  type: z.literal('GradecertAnchorBatch'),
  version: z.literal(1),
  created: z.string(),
  commitment: digestText,
  members: z
    .array(
      z.strictObject({
        file: z.string().check(z.regex(/^[A-Za-z0-9._%-]+$/)),
        of: z.enum(['di-jcs', 'jwt']),
        digest: digestText,
        proof: z.optional(z.string()),
      }),
    )
    .check(z.minLength(1)),
})
type BatchFile = z.infer<typeof batchSchema>

const receiptSchema = z.strictObject({
  type: z.literal('GradecertAnchorReceipt'),
  version: z.literal(1),
  is: z.enum(['working', 'waiting', 'final']),
  for: z.optional(z.enum(['block', 'depth', 'calendar', 'witnesses', 'signature', 'proof'])),
  receipt: z.strictObject({
    kind: z.enum(['tlog', 'ots', 'evm', 'bitcoin']),
    commitment: digestText,
    state: z.custom<JsonObject>(isObject),
  }),
  anchor: z.optional(z.custom<JsonObject>(isObject)),
})
