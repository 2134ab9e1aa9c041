/** What runs beside the page, so that it stays responsive: looks through files, judges what they hold, says what it left alone. */

import { bundleType } from '../anchor/anchor.ts'
import { chainsFileType, readChains } from '../anchor/chains.ts'
import { isSidecarName, sidecarNames } from '../anchor/sidecar.ts'
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import type { Instant } from '../base/instant.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { carriedIn } from '../carrier/carriers.ts'
import { isCertificateName, isEvidenceName, sizeLimitOf } from '../carrier/names.ts'
import { listZip } from '../carrier/zip-slices.ts'
import { evidenceFileLimit, evidenceFileType, mergeEvidence, readEvidence } from '../evidence/evidence.ts'
import { mergeTrust, readTrust, trustFileType } from '../trust/trust.ts'
import { type JudgeOptions, judgeWith } from '../verify/judge.ts'
import { judgesBy } from '../verify/judges.ts'
import { readPolicy } from '../verify/policy.ts'
import type { JudgeRequest, LeftAlone, NamedFile, WorkerMessage } from './messages.ts'
import { textsInPicture } from './picture.ts'

type Answer = (message: WorkerMessage) => void

/** A file, or one inside an archive. */
interface Item {
  readonly path: string
  readonly size: number
  readonly isChosen: boolean
  readonly read: () => Promise<Bytes | null>
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
  const leave = (path: string, why: LeftAlone) => tell({ kind: 'left_alone', run, path, why })
  try {
    const items = await itemsIn(files, leave)
    const sorted = await sortItems(items, { run, answer: tell, leave })
    const judging = await judgingOf(request, sorted.evidence)
    const mine = partOf(sorted.certificates, part)
    tell({ kind: 'expected', run, count: sorted.certificates.length })
    for await (const { item, place, bytes } of readAhead(mine)) {
      if (!isCurrent()) return
      if (bytes === null) {
        answer({ kind: 'left_alone', run, path: item.path, why: 'damaged' })
        continue
      }
      const anchors = await anchorsBeside(item.path, sorted.sidecars)
      const leaveOne = (path: string, why: LeftAlone) => answer({ kind: 'left_alone', run, path, why })
      for await (const { at, ...text } of textsIn(item, bytes, { part, leave: leaveOne })) {
        const bundles = [...anchors, ...text.anchors].flatMap(bundleIn)
        const { judge } = await judging(text.evidence)
        const report = await judge(text.bytes, { anchors: bundles })
        answer({ kind: 'judged', run, path: text.path, place: [place, at], report })
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
    .filter(({ item, place }) => place % of === index || isLines(item.path))

const isLines = (path: string): boolean => path.toLowerCase().endsWith('.jsonl')

/** Files that are being read while one is judged: a browser takes milliseconds for each. */
const ahead = 64

async function* readAhead(
  placed: readonly Placed[],
): AsyncGenerator<Placed & { readonly bytes: Bytes | null }> {
  const reading: Promise<Bytes | null>[] = []
  for (const [i, one] of placed.entries()) {
    for (let next = i + reading.length; reading.length < ahead && next < placed.length; next++)
      reading.push((placed[next] as Placed).item.read().catch(() => null))
    yield { ...one, bytes: (await reading.shift()) ?? null }
  }
}

/** Files with the entries of archives in their places. */
async function itemsIn(
  files: readonly NamedFile[],
  leave: (path: string, why: LeftAlone) => void,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const { path, blob, isChosen } of files) {
    if (!(isChosen || /\.zip$/i.test(path)) || !(await isZip(blob))) {
      items.push({
        path,
        size: blob.size,
        isChosen,
        read: async () => new Uint8Array(await blob.arrayBuffer()),
      })
      continue
    }
    const listed = await listZip(blob)
    if (typeof listed === 'string') leave(path, listed)
    else items.push(...listed.map((one) => ({ ...one, path: `${path}/${one.name}`, isChosen: false })))
  }
  return items
}

/** An archive begins with the header of its first entry, or of its end. */
async function isZip(blob: Blob): Promise<boolean> {
  const head = new Uint8Array(await blob.slice(0, 4).arrayBuffer())
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)
}

interface Sorted {
  readonly certificates: readonly Item[]
  readonly sidecars: ReadonlyMap<string, Item>
  readonly evidence: readonly string[]
}

/** Files that a person chose themselves are told by what they hold; those in folders and archives by their names. */
async function sortItems(
  items: readonly Item[],
  {
    run,
    answer,
    leave,
  }: {
    readonly run: number
    readonly answer: Answer
    readonly leave: (path: string, why: LeftAlone) => void
  },
): Promise<Sorted> {
  const certificates: Item[] = []
  const sidecars = new Map<string, Item>()
  const evidence: string[] = []
  const takeEvidence = async (item: Item) => {
    const text = item.size > evidenceFileLimit ? null : textOf(await item.read())
    if (text === null) return leave(item.path, 'evidence_not_readable')
    try {
      readEvidence(text)
      evidence.push(text)
      leave(item.path, 'evidence_taken')
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      leave(item.path, 'evidence_not_readable')
    }
  }
  for (const item of items) {
    const { path, size, isChosen } = item
    if (isSidecarName(path)) sidecars.set(path, item)
    else if (isEvidenceName(path)) await takeEvidence(item)
    else if (isChosen) {
      const type = size <= evidenceFileLimit ? typeIn(await item.read()) : undefined
      if (type === evidenceFileType) await takeEvidence(item)
      else if (type === trustFileType)
        answer({ kind: 'trust_met', run, path, text: textOf(await item.read()) ?? '' })
      else if (type === chainsFileType)
        answer({ kind: 'chains_met', run, path, text: textOf(await item.read()) ?? '' })
      else if (type === bundleType) sidecars.set(`${path.replace(/\.json$/i, '')}.anchor.json`, item)
      else certificates.push(item)
    } else if (!isCertificateName(path)) leave(path, 'not_a_certificate_file')
    else certificates.push(item)
  }
  if (evidence.length > 0) answer({ kind: 'evidence_met', run, texts: evidence })
  return { certificates, sidecars, evidence }
}

const textOf = (bytes: Bytes | null): string | null => (bytes === null ? null : utf8Text(bytes))

function typeIn(bytes: Bytes | null): unknown {
  if (bytes === null || bytes[0] !== openingBrace) return undefined
  // Only what names one of the types is parsed: a certificate is parsed when it is judged.
  const text = utf8Text(bytes)
  if (text === null || !otherTypes.some((type) => text.includes(type))) return undefined
  const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
  return parsed.ok && isObject(parsed.value) ? parsed.value.type : undefined
}

const openingBrace = 0x7b
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
  { path, isChosen }: Item,
  bytes: Bytes,
  {
    part,
    leave,
  }: {
    readonly part: JudgeRequest['part']
    readonly leave: (path: string, why: LeftAlone) => void
  },
): AsyncGenerator<FoundText> {
  const alone = { anchors: [], evidence: [] }
  const carried = await carriedIn(bytes, textsInPicture)
  if (typeof carried === 'string') return leave(path, carried)
  if (carried !== null) {
    const { texts, anchors, evidence } = carried
    for (const [at, text] of texts.entries())
      yield { path: texts.length === 1 ? path : `${path}:${at + 1}`, at, bytes: text, anchors, evidence }
    return
  }
  if (isLines(path)) {
    let start = 0
    for (let line = 1; start < bytes.length; line++) {
      const found = bytes.indexOf(lineFeed, start)
      const end = found < 0 ? bytes.length : found
      if (end > start && line % part.of === part.index)
        yield { path: `${path}:${line}`, at: line, bytes: bytes.slice(start, end), ...alone }
      start = end + 1
    }
    return
  }
  const type = typeIn(bytes)
  if (type === trustFileType || type === bundleType || type === evidenceFileType)
    return leave(path, 'trust_not_taken')
  if (bytes.length > sizeLimitOf(path) && !isChosen) return leave(path, 'too_large')
  yield { path, at: 0, bytes, ...alone }
}

const lineFeed = 0x0a

async function anchorsBeside(path: string, sidecars: ReadonlyMap<string, Item>): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (const name of sidecarNames(path)) {
    const bytes = await sidecars.get(name)?.read()
    if (bytes) found.push(bytes)
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
