/** Notes by which an institution vouches for blocks of chains, so that one can follow the chains for many. */
import { type Bytes, fromHex, toHex } from '../base/bytes.ts'
import { epochOf, type Instant } from '../base/instant.ts'
import { type ChainId, isChainId } from './anchor.ts'
import { readDecimal } from './checkpoint.ts'
import { isBy, type NoteKey, readNote } from './note.ts'
import { verifyNoteSignature } from './note-signature.ts'

export interface ChainNote {
  readonly at: Instant
  readonly blocks: readonly VouchedBlock[]
}

/** Hashes of Bitcoin's family in internal byte order. */
export interface VouchedBlock {
  readonly chain: ChainId
  readonly height: number
  readonly hash: Bytes
  /** Seconds since 1970. */
  readonly time: number
}

const firstLine = 'gradecert.org/chain-state/v1'

/** The text to be signed: its name, the moment, then a line for each block with hashes as people write them. */
export const chainNoteText = ({ at, blocks }: ChainNote): string =>
  `${[
    firstLine,
    at,
    ...blocks.map(({ chain, height, hash, time }) => `${chain} ${height} ${shownHash(chain, hash)} ${time}`),
  ].join('\n')}\n`

/** Who of the known signed a note, and what it says; `null` where it is none, or a signature of a known key does not hold. */
export async function readChainNote(
  source: string,
  keys: readonly NoteKey[],
): Promise<(ChainNote & { readonly signers: readonly NoteKey[] }) | null> {
  const note = readNote(source)
  const read = note === null ? null : readText(note.text)
  if (note === null || read === null) return null
  const signers: NoteKey[] = []
  for (const key of keys) {
    const own = note.signatures.filter((one) => isBy(one, key))
    const verdicts = await Promise.all(own.map((one) => verifyNoteSignature(note.text, one, key)))
    if (verdicts.some(({ is }) => is !== 'good')) return null
    if (verdicts.length > 0) signers.push(key)
  }
  return { ...read, signers }
}

/** Blocks of one note. */
const blockLimit = 10_000

function readText(text: string): ChainNote | null {
  const [first, at, ...lines] = text.slice(0, -1).split('\n')
  if (first !== firstLine || at === undefined || lines.length === 0 || lines.length > blockLimit) return null
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(at) || epochOf(at) === null) return null
  const blocks = lines.map(readLine)
  return blocks.every((block) => block !== null) ? { at: at as Instant, blocks } : null
}

function readLine(line: string): VouchedBlock | null {
  const [chain, heightText = '', hashText = '', timeText = '', ...more] = line.split(' ')
  const [height, time] = [readDecimal(heightText), readDecimal(timeText)]
  if (!isChainId(chain) || height === null || time === null || more.length > 0) return null
  const isBitcoin = chain.startsWith('bip122:')
  if (!(isBitcoin ? /^[0-9a-f]{64}$/ : /^0x[0-9a-f]{64}$/).test(hashText)) return null
  const bytes = fromHex(hashText.slice(-64)) as Bytes // 64 digits, as asked above
  return { chain, height, hash: isBitcoin ? new Uint8Array(bytes.toReversed()) : bytes, time }
}

/** As people write it: Bitcoin-family hashes reversed, EVM hashes after `0x`. */
export const shownHash = (chain: ChainId, hash: Bytes): string =>
  chain.startsWith('bip122:') ? toHex(new Uint8Array(hash.toReversed())) : `0x${toHex(hash)}`
