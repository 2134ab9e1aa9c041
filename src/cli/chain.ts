/** `gradecert chain`: what a verifier trusts of logs and chains, kept in one file and checked before it is kept. */
import { dirname, join, resolve } from 'node:path'
import { type ChainId, isChainId } from '../anchor/anchor.ts'
import { headerBytes } from '../anchor/bitcoin-header.ts'
import {
  chainFaults,
  emptyChainsFile,
  headersIn,
  noteOfState,
  withBlock,
  withHeaders,
  withLogPolicy,
  withNote,
  withNoteQuorum,
} from '../anchor/chain-files.ts'
import type { ChainState } from '../anchor/chains.ts'
import { readChains } from '../anchor/chains.ts'
import { readDecimal } from '../anchor/checkpoint.ts'
import { noteKeyText } from '../anchor/note.ts'
import { noteSigner, signNote } from '../anchor/note-signature.ts'
import { type Bytes, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { epoch } from '../base/instant.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { readKey } from '../issue/workspace.ts'
import { type Command, clockOf, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export const initChains: Command<object, [path: string]> = async (call, path) => {
  const isThere = await readGiven(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new CertificateError('cli.would_overwrite', { path })
  await keep(path, emptyChainsFile(clockOf(call)))
  return done(call.voice, path)
}

export const addHeaders: Command<
  { readonly start: string },
  [path: string, chain: string, headers: string]
> = async (call, path, chain, headers) => {
  const { file, state } = await read(path)
  const start = numberOf('--start', call.options.start)
  const bytes = headersIn(new Uint8Array(await readGiven(headers)))
  if (bytes === null)
    throw new CertificateError('anchor.file_malformed', { kind: 'run of headers', what: headers })
  const id = chainOf(chain)
  const name = `${id.split(':')[1]}-${start}.bin`
  const changed = withHeaders(file, state, { chain: id, start, bytes, name })
  // The headers first: a state that names a file that is not there yet would not be read.
  await writeFileWhole(join(dirname(path), name), bytes, { durable: true })
  await keep(path, { ...changed, updated: clockOf(call) })
  call.voice.value({ chain: id, start, count: bytes.length / headerBytes })
  return done(call.voice, path)
}

export interface AddBlockOptions {
  readonly minDepth?: string
  readonly test?: boolean
}

export const addBlock: Command<
  AddBlockOptions,
  [path: string, chain: string, height: string, hash: string, time?: string]
> = async (call, path, chain, height, hash, time) => {
  const { minDepth, test } = call.options
  const { file } = await read(path)
  const changed = withBlock(file, {
    chain: chainOf(chain),
    height: numberOf('height', height),
    hash,
    ...(time !== undefined && { time: numberOf('time', time) }),
    ...(minDepth !== undefined && { minDepth: numberOf('--min-depth', minDepth) }),
    isTest: test === true,
  })
  await keep(path, { ...changed, updated: clockOf(call) })
  return done(call.voice, path)
}

export const setLogPolicy: Command<object, [path: string, policy: string]> = async (call, path, policy) => {
  const { file } = await read(path)
  const text = textOf(new Uint8Array(await readGiven(policy)), policy)
  await keep(path, { ...withLogPolicy(file, text), updated: clockOf(call) })
  return done(call.voice, path)
}

export const trustNotes: Command<
  { readonly quorum: string },
  [path: string, keys: readonly string[]]
> = async (call, path, keys) => {
  const { file } = await read(path)
  const changed = withNoteQuorum(file, numberOf('--quorum', call.options.quorum), keys)
  await keep(path, { ...changed, updated: clockOf(call) })
  return done(call.voice, path)
}

export const addNote: Command<object, [path: string, note: string]> = async (call, path, note) => {
  const { file } = await read(path)
  const text = textOf(new Uint8Array(await readGiven(note)), note)
  await keep(path, { ...withNote(file, text), updated: clockOf(call) })
  return done(call.voice, path)
}

export interface SignChainsOptions {
  readonly key: string
  readonly name: string
  readonly out: string
}

export const signChains: Command<SignChainsOptions, [path: string]> = async (call, path) => {
  const { voice, options } = call
  const { state } = await read(path)
  const now = clockOf(call)
  const signer = await readKey(dirname(resolve(options.key)), resolve(options.key))
  if (signer.algorithm !== 'Ed25519')
    throw new CertificateError('securing.wrong_algorithm', {
      suite: 'signed-note',
      algorithm: signer.algorithm,
    })
  const signing = noteSigner(options.name, signer)
  await writeFileWhole(options.out, await signNote(noteOfState(state, now), [signing], epoch(now) / 1000))
  const vkey = noteKeyText(signing.key)
  voice.value({ out: options.out, vkey })
  voice.say(words.signed, { out: options.out, vkey })
  return exitCodes.fine
}

export const checkChains: Command<object, [path: string]> = async ({ voice }, path) => {
  const { file, state } = await read(path)
  const faults = chainFaults(file, state)
  for (const fault of faults) {
    voice.value(fault)
    voice.warn(words.fault, { ...fault })
  }
  for (const [chain, known] of state.chains) {
    const count = known.headers.reduce((sum, { bytes }) => sum + bytes.length / headerBytes, 0)
    voice.value({ chain, headers: count, blocks: known.pins.size, test: state.isTest(chain) })
    voice.say(words.chain, { chain, count, blocks: known.pins.size })
  }
  if (state.logPolicy !== undefined) {
    const { logs, witnesses } = state.logPolicy
    voice.value({ logs: logs.map(({ origin }) => origin), witnesses: witnesses.map(({ name }) => name) })
    voice.say(words.logs, { logs: logs.length, witnesses: witnesses.length })
  }
  return faults.length === 0 ? exitCodes.fine : exitCodes.invalid
}

async function read(path: string): Promise<{ readonly file: JsonObject; readonly state: ChainState }> {
  const source = new Uint8Array(await readGiven(path))
  const state = await readChains(source, { file: beside(path) })
  const parsed = parseJson(source, { maxBytes: source.length })
  return { file: parsed.ok && isObject(parsed.value) ? parsed.value : {}, state } // `readChains` read the same
}

/** Writes what can be read again, and nothing else. */
async function keep(path: string, file: JsonObject): Promise<void> {
  const text = `${JSON.stringify(file, null, 1)}\n`
  await readChains(text, { file: beside(path) })
  await writeFileWhole(path, text, { durable: true })
}

const beside = (path: string) => async (name: string) =>
  new Uint8Array(await readGiven(resolve(dirname(path), name)))

const done = (voice: Parameters<typeof checkChains>[0]['voice'], path: string): number => {
  voice.value({ file: path })
  voice.say(words.kept, { path })
  return exitCodes.fine
}

function chainOf(text: string): ChainId {
  if (!isChainId(text)) throw new CertificateError('chain.value_malformed', { name: 'chain', text })
  return text
}

function numberOf(name: string, text: string): number {
  const value = readDecimal(text)
  if (value === null) throw new CertificateError('chain.value_malformed', { name, text })
  return value
}

function textOf(bytes: Bytes, path: string): string {
  const text = utf8Text(bytes)
  if (text === null) throw new CertificateError('anchor.file_malformed', { kind: 'text', what: path })
  return text
}

const words = {
  kept: { en: '{path} is up to date.', zh: '已更新 {path}。' },
  signed: {
    en: 'Signed into {out}. Those who trust it name this key: {vkey}',
    zh: '已签署并写入 {out}。信任者应指定此密钥：{vkey}',
  },
  fault: { en: '{chain}: block {height}: {fault}', zh: '{chain}：区块 {height}：{fault}' },
  chain: {
    en: '{chain}: {count} headers, {blocks} blocks pinned.',
    zh: '{chain}：{count} 个区块头，{blocks} 个固定区块。',
  },
  logs: { en: '{logs} logs, {witnesses} witnesses.', zh: '{logs} 个日志，{witnesses} 个见证方。' },
} as const
