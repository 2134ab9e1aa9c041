/**
 * What a verifier holds of logs and chains, `chains.json`: the one thing by which anchors are judged. Headers, pinned
 * blocks, logs of headers, and notes that a quorum of named institutions signed; nothing of it is ever taken from a proof.
 */
import { type Bytes, equalBytes, fromHex, toHex } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { sha256 } from '../base/digest.ts'
import { chainsErrors } from '../base/errors-chains.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import {
  anchorLimits,
  type ChainId,
  type HeaderProof,
  type HeaderSegment,
  isChainId,
  type TrustedBlock,
} from './anchor.ts'
import { headerAt, headerBytes, headerHash, linksTo, readHeader } from './bitcoin-header.ts'
import { bitcoinNetworks } from './bitcoin-networks.ts'
import { readChainNote } from './chain-note.ts'
import { judgeCheckpoint, type LogPolicy, readLogPolicy } from './log-policy.ts'
import { type NoteKey, readNoteKey } from './note.ts'
import { hashLeaf, rootFromInclusion } from './tree.ts'

export interface ChainState {
  /** Which logs and witnesses count; `undefined` where none were named. */
  readonly logPolicy: LogPolicy | undefined
  readonly chains: ReadonlyMap<ChainId, KnownChain>
  /** All that it is made of, as plain data for another thread. */
  readonly held: HeldChains
  /** Whether anchors in a chain prove nothing outside of tests. */
  isTest(chain: ChainId): boolean
  /** A block that this state vouches for, or why it does not. */
  block(claim: BlockClaim): BlockAnswer
  /**
   * The state with what notes add that somebody brought. A note counts by the quorum that this state names, and never
   * against what it holds.
   */
  withNotes(notes: readonly string[]): Promise<ChainState>
}

export interface BlockClaim {
  readonly chain: ChainId
  readonly height: number
  readonly headers?: HeaderSegment
  readonly headerProof?: HeaderProof
  /** What a path ends at, where that is the hash of a block. */
  readonly hash?: Bytes
}

export type BlockAnswer =
  | { readonly ok: true; readonly block: TrustedBlock }
  | {
      readonly ok: false
      readonly status: 'no_trusted_state' | 'too_shallow' | 'invalid'
      readonly reason: string
    }

/** What is held of one chain. Hashes of Bitcoin's family in internal byte order. */
export interface KnownChain {
  readonly family: 'bitcoin' | 'evm'
  readonly isTest: boolean
  /** Blocks from an anchor's to the last known one that are enough, both counted. */
  readonly minDepth: number
  readonly headers: readonly HeaderSegment[]
  readonly pins: ReadonlyMap<number, PinnedBlock>
  readonly headerLogs: readonly HeaderLog[]
}

export interface PinnedBlock {
  readonly hash: Bytes
  /** Seconds since 1970, where it was said. */
  readonly time?: number
  readonly basis: 'checkpoint' | 'pinned' | 'signed-note'
}

/** A tree whose leaves are the headers from a height on. */
interface HeaderLog {
  readonly start: number
  readonly size: number
  readonly root: Bytes
}

export interface ReadChainsOptions {
  /** Gives the bytes of a file of headers that the state names. */
  readonly file?: (name: string) => Promise<Bytes>
}

export const chainsFileType = 'AnchorTrust'

/**
 * Reads a state of logs and chains. Handing it over is trusting it: that its headers hold together is asked when they are
 * added to it (`chain add-headers`, `chain check`), and here only that they are the very bytes that it names.
 *
 * @param source UTF-8 bytes or text of `chains.json`, at most 16 MiB
 * @throws `anchor.file_malformed`
 * @example
 * const chains = await readChains(await readFile('chains.json', 'utf8'))
 */
export async function readChains(
  source: Bytes | string,
  { file }: ReadChainsOptions = {},
): Promise<ChainState> {
  const parsed = parseJson(source, { maxBytes: chainsFileLimit })
  if (!parsed.ok) throw malformed(parsed.detail)
  const { type, version, updated, tlog, logOrigins, chains, notes, noteQuorum, ...more } = objectIn(
    parsed.value,
    'file',
  )
  if (type !== chainsFileType || version !== 1) throw malformed('type and version')
  refuseMore(more, 'file')
  if (updated !== undefined && typeof updated !== 'string') throw malformed('updated')
  const logPolicy = tlog === undefined ? undefined : readPolicy(tlog, logOrigins)
  const known = new Map<ChainId, KnownChain>()
  for (const [id, entry] of Object.entries(chains === undefined ? {} : objectIn(chains, 'chains'))) {
    if (!isChainId(id)) throw malformed(`chains/${id.slice(0, 100)}`)
    known.set(id, await readChain(id, objectIn(entry, id), file))
  }
  const quorum = noteQuorum === undefined ? undefined : readNoteQuorum(noteQuorum)
  const texts = listIn(notes ?? [], 'notes')
  const state = chainState({ logPolicy, chains: known, quorum })
  for (const [i, text] of texts.entries()) {
    const counts =
      typeof text === 'string' && quorum !== undefined && (await noteBlocks(text, quorum)) !== null
    if (!counts) throw malformed(`notes/${i}`)
  }
  return texts.length === 0 ? state : state.withNotes(texts as readonly string[])
}

/** Nothing is known of any log or chain. */
export const noChains: ChainState = chainState({ logPolicy: undefined, chains: new Map(), quorum: undefined })

/** What a state is made of; `chainState` makes it one again. */
export interface HeldChains {
  readonly logPolicy: LogPolicy | undefined
  readonly chains: ReadonlyMap<ChainId, KnownChain>
  readonly quorum: NoteQuorum | undefined
}

interface NoteQuorum {
  readonly threshold: number
  readonly keys: readonly NoteKey[]
}

/** Bytes of `chains.json`; files of headers stand beside it. */
const chainsFileLimit = 16_777_216
const defaultDepth = { bitcoin: 6, evm: 1 } as const

/** The state that holds these things; they are trusted as `readChains` trusts its file. */
export function chainState(held: HeldChains): ChainState {
  const { logPolicy, chains, quorum } = held
  return {
    logPolicy,
    chains,
    held,
    isTest: (chain) => isTestChain(chain) || chains.get(chain)?.isTest === true,
    block(claim) {
      const known = chains.get(claim.chain)
      if (known === undefined) return { ok: false, status: 'no_trusted_state', reason: 'chain_unknown' }
      const answer = blockIn(known, claim)
      if (!answer.ok) return answer
      const { depth } = answer.block
      return depth < known.minDepth
        ? { ok: false, status: 'too_shallow', reason: `depth_${depth}_of_${known.minDepth}` }
        : answer
    },
    async withNotes(notes) {
      if (quorum === undefined) return chainState(held)
      const blocks = await Promise.all(notes.map((note) => noteBlocks(note, quorum)))
      return chainState({
        logPolicy,
        chains: withPins(
          chains,
          blocks.flatMap((one) => one ?? []),
        ),
        quorum,
      })
    },
  }
}

/** EVM chains whose blocks cost nothing: development nodes and public test nets. */
const testChains: ReadonlySet<string> = new Set(
  [31337, 1337, 5, 11155111, 17000, 560048, 80001, 80002, 84532, 421614, 11155420, 97, 43113, 10200].map(
    (id) => `eip155:${id}`,
  ),
)

export const isTestChain = (chain: ChainId): boolean =>
  testChains.has(chain) || bitcoinNetworks.get(chain)?.isTest === true

function blockIn(known: KnownChain, claim: BlockClaim): BlockAnswer {
  const { height, headers, headerProof, hash: claimed } = claim
  const trusted = trustedHash(known, height)
  const segment = headers?.height === height ? headers : undefined
  const brought = segment === undefined ? headerProof?.header : segment.bytes.slice(0, headerBytes)
  const broughtHash = brought === undefined ? claimed : headerHash(brought)
  if (claimed !== undefined && broughtHash !== undefined && !equalBytes(claimed, broughtHash))
    return invalid('header_of_another_block')
  const depth = tipOf(known) - height + 1
  if (trusted !== undefined) {
    // A block of this height that is not in the chain: it was dropped in favour of another, or never was in it.
    if (broughtHash !== undefined && !equalBytes(broughtHash, trusted.hash))
      return invalid('block_not_in_chain')
    const header = trusted.header ?? (brought === undefined ? null : readHeader(brought))
    const time = header?.time ?? trusted.time
    if (time === undefined) return unknownState('header_not_at_hand')
    return {
      ok: true,
      block: {
        height,
        hash: trusted.hash,
        ...(header !== null && header !== undefined && { merkleRoot: header.merkleRoot }),
        time,
        depth,
        basis: trusted.basis,
      },
    }
  }
  const header = brought === undefined ? null : readHeader(brought)
  if (known.family !== 'bitcoin' || header === null) return unknownState('height_not_covered')
  const basis = segment === undefined ? basisOfProof(known, headerProof) : basisOfSegment(known, segment)
  if (typeof basis !== 'string') return basis
  const { hash, merkleRoot, time } = header
  return { ok: true, block: { height, hash, merkleRoot, time, depth, basis } }
}

/** Headers that lead, link by link, to a later block that is trusted. */
function basisOfSegment(known: KnownChain, { height, bytes }: HeaderSegment): 'checkpoint' | BlockAnswer {
  const count = bytes.length / headerBytes
  if (!Number.isInteger(count) || count > anchorLimits.headers) return invalid('headers_malformed')
  for (let later = height + count - 1; later > height; later--) {
    const trusted = trustedHash(known, later)
    if (trusted === undefined) continue
    const upTo = bytes.slice(0, (later - height + 1) * headerBytes)
    return linksTo(upTo, trusted.hash) ? 'checkpoint' : invalid('headers_not_linked')
  }
  return unknownState('height_not_covered')
}

/** A header with its place in a log of headers. */
function basisOfProof(
  { headerLogs }: KnownChain,
  proof: HeaderProof | undefined,
): 'header-log' | BlockAnswer {
  if (proof === undefined) return unknownState('height_not_covered')
  const { height, index, size } = proof
  const log = headerLogs.find((one) => one.size === size && height === one.start + index)
  if (log === undefined) return unknownState('header_log_unknown')
  const root = rootFromInclusion(hashLeaf(proof.header), proof)
  return root !== null && equalBytes(root, log.root) ? 'header-log' : invalid('header_not_in_log')
}

interface TrustedHash {
  readonly hash: Bytes
  readonly basis: TrustedBlock['basis']
  readonly header?: ReturnType<typeof readHeader>
  readonly time?: number
}

/** What is held itself of a height. */
export function trustedHash({ headers, pins }: KnownChain, height: number): TrustedHash | undefined {
  for (const { height: start, bytes } of headers) {
    const header = height < start ? null : headerAt(bytes, height - start)
    if (header !== null) return { hash: header.hash, header, basis: 'headers' }
  }
  return pins.get(height)
}

/** The greatest height that is known. Depth is counted from here, and never from a proof. */
export function tipOf({ headers, pins, headerLogs }: KnownChain): number {
  return Math.max(
    -1,
    ...headers.map(({ height, bytes }) => height + bytes.length / headerBytes - 1),
    ...headerLogs.map(({ start, size }) => start + size - 1),
    [...pins.keys()].reduce((greatest, height) => Math.max(greatest, height), -1),
  )
}

interface NotedBlock {
  readonly chain: ChainId
  readonly height: number
  readonly hash: Bytes
  readonly time: number
}

/** What a note says where enough of the named keys signed it; `null` where it does not count. */
const noteBlocks = async (note: string, quorum: NoteQuorum): Promise<readonly NotedBlock[] | null> => {
  const read = await readChainNote(note, quorum.keys)
  return read !== null && read.signers.length >= quorum.threshold ? read.blocks : null
}

/** What notes add. Where two say different things of one height neither counts; where the state knows it, the state does. */
function withPins(
  chains: ReadonlyMap<ChainId, KnownChain>,
  blocks: readonly NotedBlock[],
): ReadonlyMap<ChainId, KnownChain> {
  const all = new Map(chains)
  for (const chain of new Set(blocks.map((block) => block.chain))) {
    const known = chains.get(chain) ?? emptyChain(chain)
    const pins = new Map(known.pins)
    for (const { height, hash, time } of blocks.filter((block) => block.chain === chain)) {
      const isDisputed = blocks.some(
        (other) => other.chain === chain && other.height === height && !equalBytes(other.hash, hash),
      )
      if (!isDisputed && trustedHash(known, height) === undefined)
        pins.set(height, { hash, time, basis: 'signed-note' })
    }
    all.set(chain, { ...known, pins })
  }
  return all
}

function emptyChain(chain: ChainId): KnownChain {
  const family = chain.startsWith('bip122:') ? 'bitcoin' : 'evm'
  return {
    family,
    isTest: false,
    minDepth: defaultDepth[family],
    headers: [],
    pins: new Map(),
    headerLogs: [],
  }
}

async function readChain(
  id: ChainId,
  entry: JsonObject,
  file: ReadChainsOptions['file'],
): Promise<KnownChain> {
  const { family, rules, test, minDepth, headers, checkpoints, headerLogs, blocks, ...more } = entry
  refuseMore(more, id)
  const own = emptyChain(id)
  if (family !== own.family) throw malformed(`${id}/family`)
  if (rules !== undefined && rules !== 'btc' && rules !== 'pow-only') throw malformed(`${id}/rules`)
  if (test !== undefined && typeof test !== 'boolean') throw malformed(`${id}/test`)
  if (minDepth !== undefined && !(isHeight(minDepth) && minDepth >= 1)) throw malformed(`${id}/minDepth`)
  const isBitcoin = family === 'bitcoin'
  if (!isBitcoin && (headers ?? checkpoints ?? headerLogs ?? rules) !== undefined)
    throw malformed(`${id}: only for chains of Bitcoin's family`)
  const segments: HeaderSegment[] = []
  for (const [i, value] of listIn(headers ?? [], `${id}/headers`).entries()) {
    segments.push(await readHeaderFile(objectIn(value, `${id}/headers/${i}`), `${id}/headers/${i}`, file))
  }
  const pins = new Map<number, PinnedBlock>()
  const known = { ...own, headers: segments, pins }
  const pin = (row: Json, at: string, basis: PinnedBlock['basis']) => {
    const [height, text, time, ...rest] = listIn(row, at)
    const hash = hashIn(text, isBitcoin)
    if (!isHeight(height) || hash === null || rest.length > 0) throw malformed(at)
    if (time !== undefined ? !isHeight(time) : !isBitcoin) throw malformed(`${at}: time`)
    const before = trustedHash(known, height)
    if (before !== undefined && !equalBytes(before.hash, hash))
      throw malformed(`${at}: two blocks of one height`)
    pins.set(height, { hash, ...(time !== undefined && { time: time as number }), basis })
  }
  for (const [i, row] of listIn(checkpoints ?? [], `${id}/checkpoints`).entries()) {
    pin(row, `${id}/checkpoints/${i}`, 'checkpoint')
  }
  for (const [i, row] of listIn(blocks ?? [], `${id}/blocks`).entries()) {
    pin(row, `${id}/blocks/${i}`, 'pinned')
  }
  const logs: HeaderLog[] = []
  for (const [i, value] of listIn(headerLogs ?? [], `${id}/headerLogs`).entries()) {
    logs.push(await readHeaderLog(objectIn(value, `${id}/headerLogs/${i}`), `${id}/headerLogs/${i}`))
  }
  return {
    ...known,
    headerLogs: logs,
    isTest: test === true,
    minDepth: minDepth === undefined ? own.minDepth : Number(minDepth),
  }
}

async function readHeaderFile(
  { start, count, file: name, sha256: digest, ...more }: JsonObject,
  at: string,
  file: ReadChainsOptions['file'],
): Promise<HeaderSegment> {
  refuseMore(more, at)
  if (!isHeight(start) || !isHeight(count) || typeof name !== 'string') throw malformed(at)
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) throw malformed(`${at}/file`)
  if (file === undefined) throw malformed(`${at}: the file ${name} is not at hand`)
  const bytes = await file(name)
  if (bytes.length !== count * headerBytes || count === 0) throw malformed(`${at}/count`)
  if (toHex(sha256(bytes)) !== digest) throw malformed(`${at}/sha256`)
  return { height: start, bytes }
}

async function readHeaderLog(
  { start, policy, checkpoint, ...more }: JsonObject,
  at: string,
): Promise<HeaderLog> {
  refuseMore(more, at)
  if (!isHeight(start) || typeof policy !== 'string' || typeof checkpoint !== 'string') throw malformed(at)
  const judged = await judgeCheckpoint(checkpoint, readLogPolicy(policy))
  if (!judged.ok) throw malformed(`${at}/checkpoint: ${judged.reason}`)
  const { size, root } = judged.checkpoint
  return { start, size, root }
}

function readPolicy(tlog: Json, logOrigins: Json | undefined): LogPolicy {
  const origins = logOrigins === undefined ? {} : objectIn(logOrigins, 'logOrigins')
  if (typeof tlog !== 'string') throw malformed('tlog')
  if (!Object.values(origins).every((origin) => typeof origin === 'string')) throw malformed('logOrigins')
  return readLogPolicy(tlog, { origins: origins as Readonly<Record<string, string>> })
}

function readNoteQuorum(value: Json): NoteQuorum {
  const { k, keys, ...more } = objectIn(value, 'noteQuorum')
  refuseMore(more, 'noteQuorum')
  const read = listIn(keys ?? [], 'noteQuorum/keys').map((text) =>
    typeof text === 'string' ? readNoteKey(text) : null,
  )
  const isWhole = read.every((key) => key?.algorithm === 'Ed25519')
  if (!isWhole || !isHeight(k) || k < 1 || k > read.length) throw malformed('noteQuorum')
  const known = read as readonly NoteKey[]
  if (new Set(known.map(({ key }) => toHex(key))).size < known.length) throw malformed('noteQuorum/keys')
  return { threshold: k, keys: known }
}

/** A hash as people write it: 64 digits, for Bitcoin's family reversed, for EVM after `0x`. */
function hashIn(value: Json | undefined, isReversed: boolean): Bytes | null {
  if (typeof value !== 'string' || !(isReversed ? /^[0-9a-f]{64}$/ : /^0x[0-9a-f]{64}$/).test(value))
    return null
  const bytes = fromHex(value.slice(-64)) as Bytes // 64 digits, as asked above
  return isReversed ? new Uint8Array(bytes.toReversed()) : bytes
}

const isHeight = (value: Json | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function objectIn(value: Json, at: string): JsonObject {
  if (!isObject(value)) throw malformed(at)
  return value
}

function listIn(value: Json, at: string): readonly Json[] {
  if (!Array.isArray(value)) throw malformed(at)
  return value as readonly Json[]
}

function refuseMore(more: JsonObject, at: string): void {
  const [other] = Object.keys(more)
  if (other !== undefined) throw malformed(`${at}: ${other.slice(0, 100)}`)
}

const invalid = (reason: string) => ({ ok: false, status: 'invalid', reason }) as const
const unknownState = (reason: string) => ({ ok: false, status: 'no_trusted_state', reason }) as const

const malformed = (what: string): CodedError<'anchor.file_malformed'> =>
  new CodedError(chainsErrors['anchor.file_malformed'], 'anchor.file_malformed', {
    kind: 'chains.json',
    what,
  })
