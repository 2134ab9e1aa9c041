/** `gradecert gather`: all that verification will need, in one file: fetched, taken over, or renewed. */
import { readChains } from '../anchor/chains.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { readInputs } from '../carrier/read-inputs.ts'
import {
  distinctEvidence,
  type EvidenceItem,
  type EvidenceKind,
  evidenceFileText,
  mergeEvidence,
  readEvidence,
} from '../evidence/evidence.ts'
import { gather as gatherEvidence, type Missed } from '../evidence/gather.ts'
import { refresh } from '../evidence/refresh.ts'
import { readTrust } from '../trust/trust.ts'
import { type Command, clockOf, readFrom, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export interface GatherCommandOptions {
  readonly out: string
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
  const local = (kind: EvidenceKind, path: string, document: JsonObject): EvidenceItem => ({
    kind,
    url: nameOf(kind, document),
    document,
    got: { at: now, from: path },
  })
  const items: EvidenceItem[] = []
  const sources = []
  for await (const { bytes, anchors, file } of readInputs(paths, { stdin: io.stdin, leftOut() {} })) {
    sources.push(bytes)
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
  const taken = mergeEvidence(await Promise.all(options.from.map((path) => readFrom(path, readEvidence))))
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
  await writeFileWhole(options.out, evidenceFileText(evidence), { durable: true })
  voice.value({
    out: options.out,
    items: evidence.items.map(({ kind, url }) => ({ kind, url })),
    ...(options.refresh !== undefined && { renewed }),
    missed,
  })
  for (const { url, fault } of missed) voice.warn(words.missed, { url, fault })
  if (options.refresh !== undefined) voice.say(words.renewed, { count: renewed.length })
  voice.say(words.done, { count: evidence.items.length, out: options.out })
  return missed.length > 0 ? exitCodes.undetermined : exitCodes.fine
}

/** How an item is called that has no address: by what it is about. */
function nameOf(kind: EvidenceKind, document: JsonObject): string {
  const { credentialSubject: subject, subject: anchored } = document
  if (kind === 'trust-list' && isObject(subject) && typeof subject.id === 'string') return subject.id
  if (kind === 'anchor' && isObject(anchored) && typeof anchored.digest === 'string') {
    return `urn:gradecert:anchor:${anchored.digest}`
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
