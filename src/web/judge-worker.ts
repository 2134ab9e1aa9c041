/** What runs beside the page, so that it stays responsive: looks through files, judges what they hold, says what it left alone. */
import { anchorLimits, bundleType } from '../anchor/anchor.ts'
import { chainsFileType, readChains } from '../anchor/chains.ts'
import { isSidecarName, sidecarNames } from '../anchor/sidecar.ts'
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { carrierLimits } from '../carrier/carried.ts'
import { carriedIn } from '../carrier/carriers.ts'
import { textLines } from '../carrier/lines.ts'
import {
  evidenceLimits,
  isCertificateName,
  isEvidenceName,
  isLinesName,
  sizeLimitOf,
} from '../carrier/names.ts'
import { listZip } from '../carrier/zip-slices.ts'
import { evidenceFileLimit, evidenceFileType, mergeEvidence, readEvidence } from '../evidence/evidence.ts'
import { mergeTrust, readTrust, trustFileType } from '../trust/trust.ts'
import { type JudgeOptions, judgeWith } from '../verify/judge.ts'
import { judgesBy } from '../verify/judges.ts'
import { readPolicy } from '../verify/policy.ts'
import type { JudgeRequest, Left, LeftAlone, NamedFile, Source, WorkerMessage } from './messages.ts'
import { textsInPicture } from './picture.ts'

type Answer = (message: WorkerMessage) => void
type Leave = (left: Left) => void

/** A file, or one inside an archive. */
interface Item {
  readonly path: string
  readonly size: number
  readonly from: Source
  /** `null` where it cannot be had; `otherwise` says what that means. */
  readonly read: () => Promise<Bytes | null>
  readonly otherwise: 'damaged' | 'not_readable'
  /** Piece by piece, where it lies for itself. */
  readonly blob?: Blob
}

/** Judges what a person dropped, or its part of it. A newer request ends an older one. */
export async function judgeFiles(
  request: JudgeRequest,
  answer: Answer,
  isCurrent: () => boolean,
): Promise<void> {
  const { run, files, part } = request
  // What is no certificate is told by one of the workers.
  const tell: Answer = part.index === 0 ? answer : () => {}
  const leave: Leave = (left) => tell({ kind: 'left_alone', run, ...left })
  try {
    const items = await itemsIn(files, leave)
    const sorted = await sortItems(items, { run, answer: tell, leave, isCurrent })
    if (!isCurrent()) return
    const judging = await judgingOf(request, sorted.evidence)
    tell({ kind: 'expected', run, count: sorted.certificates.length })
    const judgeText = async ({ at, ...text }: FoundText, place: number, anchors: readonly Bytes[]) => {
      const bundles = [...anchors, ...text.anchors].flatMap(bundleIn)
      const { judge } = await judging(text.evidence)
      const report = await judge(text.bytes, { anchors: bundles })
      answer({ kind: 'judged', run, path: text.path, place: [place, at], report })
    }
    for await (const { item, place, bytes } of readAhead(partOf(sorted.certificates, part))) {
      if (!isCurrent()) return
      const anchors = await anchorsBeside(item.path, sorted.sidecars)
      // Of a file of many lines every worker judges some, and one tells the rest.
      const leaveOne: Leave = isLinesName(item.path)
        ? leave
        : (left) => answer({ kind: 'left_alone', run, ...left })
      for await (const text of textsIn(item, bytes, { part, leave: leaveOne })) {
        if (!isCurrent()) return
        await judgeText(text, place, anchors)
      }
    }
    answer({ kind: 'done', run })
  } catch (error) {
    answer({ kind: 'refused', run, what: error instanceof CodedError ? error.code : 'internal_error' })
  }
}

interface Placed {
  readonly item: Item
  readonly place: number
}

/** Every n-th file; one of many lines is everybody's. */
const partOf = (items: readonly Item[], { index, of }: JudgeRequest['part']): readonly Placed[] =>
  items
    .map((item, place) => ({ item, place }))
    .filter(({ item, place }) => place % of === index || isLinesName(item.path))

/** Files that are being read while one is judged, since a browser takes milliseconds for each, and bytes of all of them. */
const ahead = { files: 64, bytes: 67_108_864 } as const

/** Bytes that a file may have to be read as a whole; what holds lines is read line by line. */
const limitOf = ({ path, from }: Item): number =>
  from === 'folder' ? sizeLimitOf(path) : carrierLimits.fileBytes

const isReadWhole = (item: Item): boolean => !isLinesName(item.path) && item.size <= limitOf(item)

async function* readAhead(
  placed: readonly Placed[],
): AsyncGenerator<Placed & { readonly bytes: Bytes | null }> {
  const reading: Promise<Bytes | null>[] = []
  let held = 0
  for (const [i, one] of placed.entries()) {
    for (let next = i + reading.length; reading.length < ahead.files && next < placed.length; next++) {
      const { item } = placed[next] as Placed
      const size = isReadWhole(item) ? item.size : 0
      if (reading.length > 0 && held + size > ahead.bytes) break
      held += size
      reading.push(isReadWhole(item) ? item.read() : Promise.resolve(null))
    }
    yield { ...one, bytes: (await reading.shift()) ?? null }
    if (isReadWhole(one.item)) held -= one.item.size
  }
}

/** Files with the entries of archives in their places. */
async function itemsIn(files: readonly NamedFile[], leave: Leave): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const { path, blob, from } of files) {
    const read = () => bytesOf(blob)
    const mayBeZip = from === 'choice' || /\.zip$/i.test(path)
    if (!mayBeZip || !(await isZip(blob))) {
      items.push({ path, size: blob.size, from, read, otherwise: 'not_readable', blob })
      continue
    }
    const listed = await listZip(blob).catch(() => 'not_readable' as const)
    if (typeof listed === 'string') leave({ path, why: listed })
    else {
      for (const one of listed)
        items.push({ ...one, path: `${path}/${one.name}`, from: 'folder', otherwise: 'damaged' })
    }
  }
  return items
}

/** `null` where the browser does not hand it out: it is gone, or changed since. */
const bytesOf = (blob: Blob): Promise<Bytes | null> =>
  blob.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => null,
  )

/** An archive begins with the header of its first entry, or of its end. */
async function isZip(blob: Blob): Promise<boolean> {
  const head = await bytesOf(blob.slice(0, 4))
  return head?.[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)
}

interface Sorted {
  readonly certificates: readonly Item[]
  readonly sidecars: ReadonlyMap<string, Item>
  readonly evidence: readonly string[]
}

/**
 * Files that a person chose themselves are told by what they hold; those in folders and archives by their names. A text is
 * nothing but a certificate: whoever made it, or the link it stood in, is not asked whom to trust.
 */
async function sortItems(
  items: readonly Item[],
  {
    run,
    answer,
    leave,
    isCurrent,
  }: {
    readonly run: number
    readonly answer: Answer
    readonly leave: Leave
    readonly isCurrent: () => boolean
  },
): Promise<Sorted> {
  const certificates: Item[] = []
  const sidecars = new Map<string, Item>()
  const evidence: string[] = []
  let evidenceBytes = 0
  const takeEvidence = async ({ path, size, read }: Item) => {
    if (evidence.length === evidenceLimits.files || evidenceBytes + size > evidenceLimits.bytes)
      return leave({ path, why: 'too_much_evidence' })
    evidenceBytes += size
    const text = textOf(await read())
    if (text === null || !isReadBy(() => readEvidence(text)))
      return leave({ path, why: 'evidence_not_readable' })
    evidence.push(text)
    leave({ path, why: 'evidence_taken' })
  }
  const ask = async ({ path, read }: Item, kind: 'trust_met' | 'chains_met') => {
    const text = textOf(await read())
    const isGood =
      text !== null && (kind === 'trust_met' ? isReadBy(() => readTrust(text)) : await areChains(text))
    if (isGood) answer({ kind, run, path, text })
    else leave({ path, why: 'trust_not_readable' })
  }
  for (const item of items) {
    if (!isCurrent()) break
    const { path, size, from } = item
    if (isSidecarName(path)) sidecars.set(path, item)
    else if (isEvidenceName(path)) await takeEvidence(item)
    else if (from === 'choice') {
      const type = size <= evidenceFileLimit && !isLinesName(path) ? typeIn(await item.read()) : undefined
      if (type === evidenceFileType) await takeEvidence(item)
      else if (type === trustFileType) await ask(item, 'trust_met')
      else if (type === chainsFileType) await ask(item, 'chains_met')
      else if (type === bundleType) sidecars.set(`${path.replace(/\.json$/i, '')}.anchor.json`, item)
      else certificates.push(item)
    } else if (from === 'text' || isCertificateName(path)) certificates.push(item)
    else leave({ path, why: 'not_a_certificate_file' })
  }
  if (evidence.length > 0) answer({ kind: 'evidence_met', run, texts: evidence })
  return { certificates, sidecars, evidence }
}

function isReadBy(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return false
  }
}

const areChains = (text: string): Promise<boolean> =>
  readChains(text).then(
    () => true,
    () => false,
  )

const textOf = (bytes: Bytes | null): string | null => (bytes === null ? null : utf8Text(bytes))

function typeIn(bytes: Bytes | null): unknown {
  if (bytes === null || !isObjectText(bytes)) return undefined
  // Only what names one of the types is parsed: a certificate is parsed when it is judged.
  const text = utf8Text(bytes)
  if (text === null || !otherTypes.some((type) => text.includes(type))) return undefined
  const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
  return parsed.ok && isObject(parsed.value) ? parsed.value.type : undefined
}

/** Whether the first sign behind white space opens an object. */
function isObjectText(bytes: Bytes): boolean {
  const first = bytes.findIndex((byte) => byte !== 0x20 && (byte < 9 || byte > 13))
  return bytes[first] === 0x7b
}

const otherTypes = [evidenceFileType, trustFileType, chainsFileType, bundleType]

interface FoundText {
  readonly path: string
  /** Its place in the file. */
  readonly at: number
  readonly bytes: Bytes
  readonly anchors: readonly Bytes[]
  /** What lay in the same file. */
  readonly evidence: readonly Bytes[]
}

/** The texts of a file: itself, a line each, or what a document or picture carries. */
async function* textsIn(
  item: Item,
  bytes: Bytes | null,
  { part, leave }: { readonly part: JudgeRequest['part']; readonly leave: Leave },
): AsyncGenerator<FoundText> {
  const { path, size, from, otherwise } = item
  const alone = { anchors: [], evidence: [] }
  if (isLinesName(path)) {
    try {
      for await (const { line, bytes: text } of textLines(piecesOf(item)))
        if (line % part.of === part.index) yield { path: `${path}:${line}`, at: line, bytes: text, ...alone }
    } catch (error) {
      if (!(error instanceof Unread)) throw error
      leave({ path, why: error.why })
    }
    return
  }
  if (size > limitOf(item)) return leave({ path, why: 'too_large', detail: `${size} bytes` })
  if (bytes === null) return leave({ path, why: otherwise })
  const carrying = await carriedIn(bytes, textsInPicture)
  if (carrying !== null && !carrying.ok) return leave({ path, why: carrying.fault, detail: carrying.detail })
  if (carrying !== null) {
    const { texts, anchors, evidence } = carrying.carried
    for (const [at, text] of texts.entries())
      yield { path: texts.length === 1 ? path : `${path}:${at + 1}`, at, bytes: text, anchors, evidence }
    return
  }
  const isOther = from === 'choice' ? false : otherTypes.includes(typeIn(bytes) as string)
  if (isOther) return leave({ path, why: 'trust_not_taken' })
  yield { path, at: 0, bytes, ...alone }
}

/** A file of lines that could not be read to its end. */
class Unread extends Error {
  readonly why: LeftAlone
  constructor(why: LeftAlone) {
    super(why)
    this.why = why
  }
}

const pieceBytes = 4_194_304

async function* piecesOf(item: Item): AsyncGenerator<Bytes> {
  const { blob, size, otherwise } = item
  // An entry of an archive is expanded as a whole.
  if (blob === undefined && size > limitOf(item)) throw new Unread('too_large')
  for (let at = 0; at < size; at += blob === undefined ? size : pieceBytes) {
    const piece = await (blob === undefined ? item.read() : bytesOf(blob.slice(at, at + pieceBytes)))
    if (piece === null) throw new Unread(otherwise)
    yield piece
  }
}

async function anchorsBeside(path: string, sidecars: ReadonlyMap<string, Item>): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (const name of sidecarNames(path)) {
    const item = sidecars.get(name)
    const bytes = item !== undefined && item.size <= anchorLimits.bundleBytes ? await item.read() : null
    if (bytes !== null) found.push(bytes)
  }
  return found
}

function bundleIn(bytes: Bytes): readonly JsonObject[] {
  const parsed = parseJson(bytes)
  return parsed.ok && isObject(parsed.value) ? [parsed.value] : []
}

/** Judges by what was given and what lay among the files. */
async function judgingOf({ given, now }: JudgeRequest, met: readonly string[]) {
  const base = mergeEvidence([...given.evidence, ...met].map((text) => readEvidence(text)))
  const options: JudgeOptions = {
    trust: given.trust.length === 0 ? undefined : mergeTrust(given.trust.map((text) => readTrust(text))),
    policy: given.policy === undefined ? undefined : readPolicy(given.policy),
    chains: given.chains === undefined ? undefined : await readChains(given.chains),
    now: now as Instant,
  }
  return judgesBy(base, (evidence) => judgeWith({ ...options, evidence }))
}
