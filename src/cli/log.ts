/** `gradecert log`: a transparency log of one's own in a folder, and a watch over any. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appendEntries, createLog, openLog, proveEntry, readPublished } from '../anchor/log-folder.ts'
import { checkContinuation } from '../anchor/log-monitor.ts'
import { type LogPolicy, readLogPolicy } from '../anchor/log-policy.ts'
import { witnessHead } from '../anchor/log-submitter.ts'
import { vkeyOf } from '../anchor/note-signature.ts'
import { type TileName, tilePath, tileWidth } from '../anchor/tiles.ts'
import { type Bytes, fromHex, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { exchange } from '../base/exchange.ts'
import { writeFileWhole } from '../base/files.ts'
import { generateSigner } from '../key/signer.ts'
import { type Call, type Command, readGiven } from './command.ts'
import { exchangeOf } from './network.ts'
import { exitCodes } from './output.ts'

export const initLog: Command<{ readonly origin: string }, [folder: string]> = async (
  { voice, options },
  folder,
) => {
  const { signer } = await createLog(folder, { origin: options.origin, signer: await generateSigner() })
  const vkey = vkeyOf(signer)
  voice.value({ folder, vkey })
  voice.say(words.made, { folder })
  voice.line(`log ${vkey}`)
  return exitCodes.fine
}

export const appendToLog: Command<object, [folder: string, entries: readonly string[]]> = async (
  { voice },
  folder,
  entries,
) => {
  const read = entries.map((text) => {
    const bytes = fromHex(text)
    if (bytes?.length !== 32) throw new CertificateError('chain.value_malformed', { name: 'entry', text })
    return bytes
  })
  const places = await appendEntries(await openLog(folder), read)
  for (const [i, index] of places.entries()) {
    voice.value({ entry: entries[i], index })
    voice.line(`${index}  ${entries[i]}`)
  }
  return exitCodes.fine
}

export interface PublishLogOptions {
  readonly policy: string
  readonly witness: readonly string[]
}

export const publishLog: Command<PublishLogOptions, [folder: string]> = async (call, folder) => {
  const { voice, options, io } = call
  const log = await openLog(folder)
  const { isEnough, size } = await witnessHead(log, {
    policy: await readPolicy(options.policy),
    witnesses: options.witness,
    fetch: exchangeOf(io),
    failed: (url, why) => voice.warn(words.failed, { url, why }),
  })
  voice.value({ size, published: isEnough })
  voice.say(isEnough ? words.published : words.waiting, { size, folder })
  return isEnough ? exitCodes.fine : exitCodes.undetermined
}

export const proveInLog: Command<{ readonly out: string }, [folder: string, index: string]> = async (
  { voice, options },
  folder,
  index,
) => {
  const log = await openLog(folder)
  const shown = await readPublished(log)
  const at = Number(index)
  if (shown === null || !Number.isInteger(at) || at < 0 || at >= shown.checkpoint.size)
    throw new CertificateError('chain.value_malformed', { name: 'index', text: index })
  await writeFileWhole(options.out, await proveEntry(log, at, shown.note))
  voice.value({ out: options.out })
  voice.say(words.proved, { index, out: options.out })
  return exitCodes.fine
}

export interface CheckLogOptions {
  readonly since: string
  readonly policy: string
  readonly head?: string
}

/** The place is a folder or an address below which a log shows its files. */
export const checkLog: Command<CheckLogOptions, [place: string]> = async (call, place) => {
  const { voice, options } = call
  const get = filesOf(call, place)
  const policy = await readPolicy(options.policy)
  const kept = async (path: string) => textOf(new Uint8Array(await readGiven(path)), path)
  const older = await kept(options.since)
  const newer = options.head === undefined ? textOf(await get('checkpoint'), place) : await kept(options.head)
  const tiles = new Map<string, Bytes>()
  const wanted: TileName[] = []
  // Which tiles are needed is found by asking for them: those that are missing are got, and it is asked again.
  for (;;) {
    const found = await checkContinuation(older, newer, {
      policy,
      tile(name) {
        const known = tiles.get(tilePath(name))
        if (known === undefined) wanted.push(name)
        return known ?? missing()
      },
    })
    const name = wanted.pop()
    if (found.ok || name === undefined || found.reason !== 'tiles_missing') {
      voice.value(found.ok ? { ok: true, from: found.older.size, to: found.newer.size } : found)
      if (found.ok) voice.say(words.continues, { from: found.older.size, to: found.newer.size })
      else voice.say(words.broken, { reason: found.reason })
      return found.ok ? exitCodes.fine : exitCodes.invalid
    }
    const bytes = await get(tilePath(name)).catch(() => get(tilePath({ ...name, width: tileWidth })))
    tiles.set(tilePath(name), bytes)
  }
}

function missing(): never {
  throw new RangeError('not read yet')
}

/** Bytes of one file of a log: a bundle of 256 entries of 65,535 bytes. */
const fileLimit = 16_777_216

function filesOf({ io }: Call<object>, place: string): (name: string) => Promise<Bytes> {
  if (!/^https?:/.test(place)) return async (name) => new Uint8Array(await readFile(join(place, name)))
  return async (name) => {
    const url = `${place.replace(/\/+$/, '')}/${name}`
    const answer = await exchange(url, { fetch: exchangeOf(io), maxBytes: fileLimit })
    if (answer.ok && answer.status === 200) return answer.body
    const [fault, what] = answer.ok ? ['status', String(answer.status)] : [answer.fault, answer.detail]
    throw new CertificateError('anchor.endpoint_failed', { url, fault, what })
  }
}

/** @throws `carrier.not_found`, `anchor.file_malformed` */
export async function readPolicy(path: string): Promise<LogPolicy> {
  return readLogPolicy(textOf(new Uint8Array(await readGiven(path)), path))
}

function textOf(bytes: Bytes, path: string): string {
  const text = utf8Text(bytes)
  if (text === null) throw new CertificateError('anchor.file_malformed', { kind: 'text', what: path })
  return text
}

const words = {
  made: {
    en: 'A log in {folder}: show its folder public/ to everybody. Its line in a policy:',
    zh: '已在 {folder} 建立日志：请公开其 public/ 文件夹。其策略行：',
  },
  failed: { en: '{url} did not sign ({why}).', zh: '{url} 未签署（{why}）。' },
  published: {
    en: 'The head of {size} entries is shown in {folder}.',
    zh: '含 {size} 条记录的检查点已在 {folder} 公开。',
  },
  waiting: {
    en: 'Too few witnesses signed the head of {size} entries: nothing new is shown.',
    zh: '含 {size} 条记录的检查点签署的见证方不足：未公开新内容。',
  },
  proved: { en: 'The proof of entry {index} is in {out}.', zh: '记录 {index} 的证明已写入 {out}。' },
  continues: {
    en: 'The log of {to} entries continues the one of {from}.',
    zh: '含 {to} 条记录的日志延续了含 {from} 条的日志。',
  },
  broken: {
    en: 'The log does not continue what it showed before ({reason}). Keep both heads: they are the evidence.',
    zh: '该日志与其此前公开的内容不连续（{reason}）。请保留两份检查点作为证据。',
  },
} as const
