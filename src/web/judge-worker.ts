/** What runs beside the page, so that it stays responsive: looks through files, judges what they hold, says what it left alone. */

import { bundleType } from '../anchor/bundle.ts'
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

/** Judges what a person dropped. A newer request ends an older one. */
export async function judgeFiles(
  request: JudgeRequest,
  answer: Answer,
  isCurrent: () => boolean,
): Promise<void> {
  const { run, files } = request
  const leave = (path: string, why: LeftAlone) => answer({ kind: 'left_alone', run, path, why })
  try {
    const items = await itemsIn(files, leave)
    const sorted = await sortItems(items, { run, answer, leave })
    const judging = await judgingOf(request, sorted.evidence)
    answer({ kind: 'expected', run, count: sorted.certificates.length })
    for (const item of sorted.certificates) {
      if (!isCurrent()) return
      const bytes = await item.read()
      if (bytes === null) {
        leave(item.path, 'damaged')
        continue
      }
      const anchors = await anchorsBeside(item.path, sorted.sidecars)
      for await (const text of textsIn(item, bytes, leave)) {
        const bundles = [...anchors, ...text.anchors].flatMap(bundleIn)
        const { judge } = await judging(text.evidence)
        const report = await judge(text.bytes, { anchors: bundles })
        answer({ kind: 'judged', run, path: text.path, report })
      }
    }
    answer({ kind: 'done', run })
  } catch (error) {
    answer({ kind: 'refused', run, what: error instanceof CodedError ? error.code : 'internal_error' })
  }
}

/** Files with the entries of archives in their places. */
async function itemsIn(
  files: readonly NamedFile[],
  leave: (path: string, why: LeftAlone) => void,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const { path, blob, isChosen } of files) {
    if (!(await isZip(blob))) {
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
  const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
  return parsed.ok && isObject(parsed.value) ? parsed.value.type : undefined
}

const openingBrace = 0x7b

interface FoundText {
  readonly path: string
  readonly bytes: Bytes
  readonly anchors: readonly Bytes[]
  /** What lay in the same file. */
  readonly evidence: readonly Bytes[]
}

/** The texts of a file: itself, a line each, or what a document or picture carries. */
async function* textsIn(
  { path, isChosen }: Item,
  bytes: Bytes,
  leave: (path: string, why: LeftAlone) => void,
): AsyncGenerator<FoundText> {
  const carried = await carriedIn(bytes, textsInPicture)
  if (typeof carried === 'string') return leave(path, carried)
  if (carried !== null) {
    const { texts, anchors, evidence } = carried
    for (const [i, text] of texts.entries())
      yield { path: texts.length === 1 ? path : `${path}:${i + 1}`, bytes: text, anchors, evidence }
    return
  }
  if (path.toLowerCase().endsWith('.jsonl')) {
    let start = 0
    for (let line = 1; start < bytes.length; line++) {
      const found = bytes.indexOf(lineFeed, start)
      const end = found < 0 ? bytes.length : found
      if (end > start)
        yield { path: `${path}:${line}`, bytes: bytes.slice(start, end), anchors: [], evidence: [] }
      start = end + 1
    }
    return
  }
  const type = typeIn(bytes)
  if (type === trustFileType || type === bundleType || type === evidenceFileType)
    return leave(path, 'trust_not_taken')
  if (bytes.length > sizeLimitOf(path) && !isChosen) return leave(path, 'too_large')
  yield { path, bytes, anchors: [], evidence: [] }
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
