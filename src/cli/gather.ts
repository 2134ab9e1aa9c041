/** `gradecert gather`: all that verification will need, in one file: fetched, taken over, or renewed. */

import { basename } from 'node:path'
import { readChains } from '../anchor/chains.ts'
import { CodedError } from '../base/coded-error.ts'
import { isUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { readInputs } from '../carrier/read-inputs.ts'
import {
  distinctEvidence,
  type Evidence,
  type EvidenceItem,
  type EvidenceKind,
  evidenceFileText,
  evidenceWithin,
  mergeEvidence,
  readEvidence,
} from '../evidence/evidence.ts'
import { gather as gatherEvidence, type Missed } from '../evidence/gather.ts'
import { refresh } from '../evidence/refresh.ts'
import { readTrust } from '../trust/trust.ts'
import { type Command, clockOf, readFrom, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export interface GatherCommandOptions {
  /** By default the file that is renewed. */
  readonly out?: string
  readonly refresh?: string
  readonly from: readonly string[]
  readonly trust: readonly string[]
  readonly anchor: readonly string[]
  readonly chains?: string
  readonly offline?: boolean
}

export const gather: Command<GatherCommandOptions, [paths: readonly string[]]> = async (call, paths) => {
  const { io, voice, options } = call
  const now = clockOf(call)
  const out = options.out ?? options.refresh
  if (out === undefined) throw new CertificateError('cli.out_missing')
  const local = (kind: EvidenceKind, path: string, document: JsonObject): EvidenceItem => ({
    kind,
    url: nameOf(kind, document),
    document,
    got: { at: now, from: basename(path) }, // the folders above it are nobody's business
  })
  const items: EvidenceItem[] = []
  const sources = []
  const carried: Evidence[] = []
  for await (const { bytes, anchors, evidence, file } of readInputs(paths, {
    stdin: io.stdin,
    leftOut() {},
  })) {
    sources.push(bytes)
    carried.push(...evidence.map(evidenceWithin))
    for (const document of anchors.flatMap(objectIn)) items.push(local('anchor', file, document))
  }
  for (const path of options.trust) {
    for (const list of (await readFrom(path, readTrust)).lists) {
      if (isObject(list)) items.push(local('trust-list', path, list))
    }
  }
  for (const path of options.anchor) items.push(local('anchor', path, await readObject(path)))
  if (options.chains !== undefined) {
    const state = await readObject(options.chains)
    await readChains(JSON.stringify(state)) // one that names files beside it cannot be carried
    items.push(local('chain-state', options.chains, state))
  }
  const taken = mergeEvidence([
    ...carried,
    ...(await Promise.all(options.from.map((path) => readFrom(path, readEvidence)))),
  ])
  const missed: Missed[] = []
  let renewed: readonly string[] = []
  if (options.refresh !== undefined) {
    const before = await readFrom(options.refresh, readEvidence)
    const after = options.offline
      ? { ...before, renewed: [], missed: [] }
      : await refresh(before, { fetch: io.fetch, now })
    items.push(...after.items)
    missed.push(...after.missed)
    renewed = after.renewed
  }
  const gathered =
    options.offline || sources.length === 0
      ? { items: [], missed: [] }
      : await gatherEvidence(sources, { fetch: io.fetch, now })
  missed.push(...gathered.missed)
  const evidence = distinctEvidence(mergeEvidence([gathered, { items }, taken]))
  await writeFileWhole(out, readableText(evidence), { durable: true })
  voice.value({
    out,
    items: evidence.items.map(({ kind, url }) => ({ kind, url })),
    ...(options.refresh !== undefined && { renewed }),
    missed,
  })
  for (const { url, fault } of missed) voice.warn(words.missed, { url, fault })
  if (options.refresh !== undefined) voice.say(words.renewed, { count: renewed.length })
  voice.say(words.done, { count: evidence.items.length, out })
  return missed.length > 0 ? exitCodes.undetermined : exitCodes.fine
}

/** The text of a file that can be read again. @throws `evidence.too_much` before a good file is written over */
function readableText(evidence: Evidence): string {
  const text = evidenceFileText(evidence)
  try {
    readEvidence(text)
    return text
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CertificateError('evidence.too_much', { what: String(cause.detail.what) }, { cause })
  }
}

/** How an item is called that has no address: by what it is about. */
export function nameOf(kind: EvidenceKind, document: JsonObject): string {
  const { credentialSubject: subject, subject: anchored } = document
  if (kind === 'trust-list' && isObject(subject) && isUrl(subject.id)) return subject.id
  if (kind === 'anchor' && isObject(anchored)) {
    const name = `urn:gradecert:anchor:${anchored.digest}`
    if (isUrl(name)) return name
  }
  return `urn:gradecert:${kind}`
}

const objectIn = (bytes: Uint8Array<ArrayBuffer>): readonly JsonObject[] => {
  const parsed = parseJson(bytes)
  return parsed.ok && isObject(parsed.value) ? [parsed.value] : []
}

async function readObject(path: string): Promise<JsonObject> {
  const parsed = parseJson(new Uint8Array(await readGiven(path)), { maxBytes: 16_777_216 })
  const value: Json = parsed.ok ? parsed.value : null
  if (isObject(value)) return value
  throw new CertificateError('anchor.file_malformed', {
    path,
    what: parsed.ok ? 'not an object' : parsed.detail,
  })
}

const words = {
  missed: { en: '{url} could not be had ({fault}).', zh: '未能获取 {url}（{fault}）。' },
  renewed: { en: '{count} documents are newer now.', zh: '已更新 {count} 份文档。' },
  done: { en: '{count} documents are in {out}.', zh: '{out} 中共有 {count} 份文档。' },
} as const
