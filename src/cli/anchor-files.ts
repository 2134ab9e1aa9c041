/** `gradecert anchor inspect | convert | transaction | key`: single files of anchoring. */
import { type Anchor, bundleType, type ChainId, isChainId, type PathAnchor } from '../anchor/anchor.ts'
import { commitmentOf, preimageFrom } from '../anchor/batch.ts'
import { bitcoinMainnet } from '../anchor/bitcoin-networks.ts'
import {
  bitcoinSubmitter,
  type Funding,
  outputScript,
  psbt,
  unsignedTransaction,
} from '../anchor/bitcoin-submitter.ts'
import { readTransaction, txidOf } from '../anchor/bitcoin-transaction.ts'
import { isBeef, readBeef, readBump } from '../anchor/bump.ts'
import { type AnchorBundle, bundleText, readBundle } from '../anchor/bundle.ts'
import { shownHash } from '../anchor/chain-note.ts'
import { readCheckpoint } from '../anchor/checkpoint.ts'
import { judgeBundle } from '../anchor/judge.ts'
import { readLogProof } from '../anchor/log-proof.ts'
import { readNote } from '../anchor/note.ts'
import { attestationsOf, readTimestamp, timestampBytes, timestampOfPath } from '../anchor/timestamp.ts'
import { hashLeaf, rootFromInclusion } from '../anchor/tree.ts'
import { type Bytes, equalBytes, fromHex, toHex, utf8, utf8Text } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import type { JsonObject } from '../base/json.ts'
import { readAnchorSettings } from '../batch/anchor-settings.ts'
import { readBatches, saltsOf } from '../batch/anchor-store.ts'
import { openWorkspace } from '../issue/workspace.ts'
import { readChainsFile } from './chains-file.ts'
import { type Command, readGiven } from './command.ts'
import { writeEvmKey } from './evm-key.ts'
import { exitCodes } from './output.ts'

/** A bundle is judged under the digest that it says itself: whether that is a certificate's is for `verify`. */
export const inspectAnchor: Command<{ readonly chains?: string }, [path: string]> = async (
  { voice, options },
  path,
) => {
  const bytes = await bytesOf(path)
  const bundle = bundleOf(bytes)
  const said = bundle === null ? described(bytes) : describedBundle(bundle)
  if (said === null) throw notUnderstood(path)
  voice.value(said)
  for (const [name, value] of Object.entries(said)) {
    voice.line(`${name}  ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  }
  if (bundle === null || options.chains === undefined) return exitCodes.fine
  const chains = await readChainsFile(options.chains)
  const verdicts = await judgeBundle(bundle.subject.digest, bundle, { chains, testChains: true })
  for (const verdict of verdicts) {
    voice.value(verdict)
    voice.line(`${verdict.kind}  ${verdict.status}  ${verdict.existedBy ?? verdict.reason ?? ''}`)
  }
  if (verdicts.some(({ status }) => status === 'invalid')) return exitCodes.invalid
  return verdicts.every(({ status }) => status === 'verified') ? exitCodes.fine : exitCodes.undetermined
}

export interface ConvertOptions {
  readonly to?: string
  readonly into?: string
  readonly transaction?: string
  readonly chain?: string
  readonly out: string
}

export const convertAnchor: Command<ConvertOptions, [path: string]> = async ({ voice, options }, path) => {
  const bytes = await bytesOf(path)
  const content =
    options.into === undefined
      ? exported(bytes, options.to ?? '', path)
      : await imported(bytes, options.into, path, options)
  await writeFileWhole(options.out, content)
  voice.value({ out: options.out })
  voice.say(words.converted, { out: options.out })
  return exitCodes.fine
}

/** What each format is out of a bundle; `null` where the bundle has nothing for it. */
const formats: Readonly<Record<string, (bundle: AnchorBundle) => Bytes | string | null>> = {
  ots(bundle) {
    const own = bundle.anchors.find((anchor) => anchor.kind === 'ots')
    if (own !== undefined) return own.ots
    const path = bundle.anchors.find(
      (anchor): anchor is PathAnchor =>
        anchor.kind === 'path' && anchor.chain === bitcoinMainnet && anchor.end === 'merkleRoot',
    )
    const commitment = commitmentOf(bundle.subject.digest, bundle)
    return path === undefined || commitment === null
      ? null
      : timestampBytes(timestampOfPath(commitment, path.path, { is: 'bitcoin', height: path.height }))
  },
  'tlog-proof': (bundle) => bundle.anchors.find((anchor) => anchor.kind === 'tlog')?.proof ?? null,
  preimage: (bundle) => preimageFrom(bundle.subject.digest, bundle),
}

function exported(bytes: Bytes, to: string, path: string): Bytes | string {
  const bundle = bundleOf(bytes)
  const make = Object.hasOwn(formats, to) ? formats[to] : undefined
  const made = bundle === null || make === undefined ? null : make(bundle)
  if (made === null) throw notUnderstood(path)
  return made
}

/** A bundle with one more anchor, which has to be one of its own commitment. */
async function imported(
  bytes: Bytes,
  into: string,
  path: string,
  { transaction, chain }: ConvertOptions,
): Promise<string> {
  const bundle = bundleOf(await bytesOf(into))
  const commitment = bundle === null ? null : commitmentOf(bundle.subject.digest, bundle)
  if (bundle === null || commitment === null) throw notUnderstood(into)
  const given = transaction === undefined ? [bytes] : [await bytesOf(transaction), bytes]
  const anchor =
    logAnchor(bytes, commitment) ??
    timestampAnchor(bytes, commitment) ??
    (await walletAnchor(given, commitment, chain))
  if (anchor === null) throw notUnderstood(path)
  return bundleText({ ...bundle, anchors: [...bundle.anchors, anchor] })
}

function logAnchor(bytes: Bytes, commitment: Bytes): Anchor | null {
  const text = utf8Text(bytes)
  const proof = text === null ? null : readLogProof(text)
  const checkpoint = proof === null ? null : readCheckpoint(readNote(proof.checkpoint)?.text ?? '')
  if (text === null || proof === null || checkpoint === null) return null
  const root = rootFromInclusion(hashLeaf(commitment), { ...proof, size: checkpoint.size })
  return root !== null && equalBytes(root, checkpoint.root) ? { kind: 'tlog', proof: text } : null
}

function timestampAnchor(bytes: Bytes, commitment: Bytes): Anchor | null {
  const timestamp = readTimestamp(bytes)
  return timestamp !== null && equalBytes(timestamp.digest, commitment) ? { kind: 'ots', ots: bytes } : null
}

async function walletAnchor(
  given: readonly Bytes[],
  commitment: Bytes,
  chain: string | undefined,
): Promise<Anchor | null> {
  if (!isChainId(chain)) return null
  const submitter = bitcoinSubmitter({ chain, given })
  const step = await submitter.advance(submitter.start(commitment))
  return step.is === 'final' ? step.anchor : null
}

const bundleOf = (bytes: Bytes): AnchorBundle | null => {
  const read = readBundle(bytes)
  return read.ok ? read.bundle : null
}

function describedBundle({ subject, inclusion, anchors, salt }: AnchorBundle): JsonObject {
  const commitment = commitmentOf(subject.digest, { salt, inclusion })
  return {
    type: bundleType,
    subject: `${subject.of} ${toHex(subject.digest)}`,
    place: `${inclusion.index} of ${inclusion.size}`,
    commitment: commitment === null ? 'none: the path does not fit the place' : toHex(commitment),
    anchors: anchors.map((anchor) =>
      anchor.kind === 'path' ? `${anchor.chain} ${anchor.height} ${anchor.path.length} steps` : anchor.kind,
    ),
  }
}

/** What a file of another tool says; `null` where it is none that is known. */
function described(bytes: Bytes): JsonObject | null {
  const timestamp = readTimestamp(bytes)
  if (timestamp !== null) {
    return {
      type: 'OpenTimestamps',
      digest: toHex(timestamp.digest),
      attestations: attestationsOf(timestamp).map(({ attestation, message, path }) => ({
        is: attestation.is,
        ...('height' in attestation && { height: attestation.height }),
        ...('uri' in attestation && { uri: attestation.uri }),
        message: toHex(message),
        steps: path.length,
      })),
    }
  }
  const proof = readLogProof(utf8Text(bytes) ?? '')
  if (proof !== null) {
    const note = readNote(proof.checkpoint)
    const checkpoint = note === null ? null : readCheckpoint(note.text)
    return {
      type: 'tlog-proof',
      index: proof.index,
      origin: checkpoint?.origin ?? null,
      size: checkpoint?.size ?? null,
      signatures: note?.signatures.map(({ name }) => name) ?? [],
    }
  }
  const hex = utf8Text(bytes)?.trim() ?? ''
  const raw = /^[0-9a-f]+$/i.test(hex) ? (fromHex(hex.toLowerCase()) ?? bytes) : bytes
  const txid = (transaction: Parameters<typeof txidOf>[0]) => shownHash(bitcoinMainnet, txidOf(transaction))
  const beef = isBeef(raw) ? readBeef(raw) : null
  if (beef !== null) {
    return {
      type: 'BEEF',
      transactions: beef.map(({ transaction, bump }) => ({
        txid: txid(transaction),
        ...(bump && { height: bump.height }),
      })),
    }
  }
  const transaction = readTransaction(raw)
  if (transaction !== null)
    return { type: 'transaction', txid: txid(transaction), outputs: transaction.outputs.length }
  const bump = readBump(raw)
  return bump === null ? null : { type: 'BUMP', height: bump.height, levels: bump.levels.length }
}

export interface TransactionOptions {
  readonly to: string
  readonly input: readonly string[]
  readonly change?: string
  readonly fee: string
  readonly psbt?: boolean
}

export const anchorTransaction: Command<TransactionOptions, [batch: string]> = async (
  { voice, options },
  name,
) => {
  const workspace = await openWorkspace(options.dir)
  workspace.registry.close()
  const setting = (await readAnchorSettings(options.dir))[options.to]
  const batch = (await readBatches(options.dir, saltsOf(workspace.secret))).find((one) => one.name === name)
  if (setting?.kind !== 'bitcoin' || batch === undefined)
    throw new CertificateError('anchor.unknown', { name: setting?.kind === 'bitcoin' ? name : options.to })
  const { commitment } = batch.batch
  const script = toHex(outputScript(commitment, setting.chain))
  if (options.input.length === 0) {
    voice.value({ chain: setting.chain, script })
    voice.say(words.output, { chain: setting.chain })
    voice.line(script)
    return exitCodes.fine
  }
  const made = transactionOf(commitment, setting.chain, options)
  voice.value({ chain: setting.chain, script, [options.psbt ? 'psbt' : 'transaction']: made })
  voice.line(made)
  return exitCodes.fine
}

/** Base64 for a PSBT, hex for a transaction: what wallets take. */
function transactionOf(commitment: Bytes, chain: ChainId, options: TransactionOptions): string {
  const { input, change = '', fee } = options
  const funding: Funding = {
    inputs: input.map((text) => {
      const [txid = '', vout = '', amount = '', script = ''] = text.split(':')
      const bytes = fromHex(script)
      if (!/^\d{1,9}$/.test(vout) || !/^\d{1,16}$/.test(amount) || bytes === null)
        throw new CertificateError('chain.value_malformed', { name: '--input', text })
      return { txid, vout: Number(vout), amount: Number(amount), script: bytes }
    }),
    change: fromHex(change) ?? utf8(''),
    fee: Number(fee),
  }
  if (funding.change.length === 0 || !Number.isSafeInteger(funding.fee) || funding.fee < 0)
    throw new CertificateError('chain.value_malformed', {
      name: '--change or --fee',
      text: `${change} ${fee}`,
    })
  return options.psbt
    ? Buffer.from(psbt(commitment, chain, funding)).toString('base64')
    : toHex(unsignedTransaction(commitment, chain, funding))
}

export const makeAnchorKey: Command<{ readonly out: string }, []> = async ({ voice, options }) => {
  const { address } = await writeEvmKey(options.out)
  voice.value({ out: options.out, address })
  voice.say(words.key, { out: options.out, address })
  return exitCodes.fine
}

const bytesOf = async (path: string): Promise<Bytes> => new Uint8Array(await readGiven(path))

const notUnderstood = (path: string): CertificateError =>
  new CertificateError('anchor.file_malformed', { kind: 'anchor of this kind', what: path })

const words = {
  converted: { en: 'Written to {out}.', zh: '已写入 {out}。' },
  output: {
    en: 'Let your wallet make a transaction on {chain} with this output, of no value:',
    zh: '请用钱包在 {chain} 上创建含以下零金额输出的交易：',
  },
  key: {
    en: 'A key in {out}. Send what pays for transactions to {address}.',
    zh: '密钥已写入 {out}。请向 {address} 转入用于支付交易的资金。',
  },
} as const
