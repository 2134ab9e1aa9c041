/** `gradecert anchor`: takes what was issued to logs and chains, and gives holders the proofs. */
import { join, resolve } from 'node:path'
import type { ChainId } from '../anchor/anchor.ts'
import { bundleText } from '../anchor/bundle.ts'
import { trustedBlockOf } from '../anchor/evm-submitter.ts'
import { toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { withLock } from '../base/lock.ts'
import {
  type Advanced,
  advanceBatches,
  bundlesOf,
  collectBatch,
  textsIn,
  writeEmbedded,
  writeSidecars,
} from '../batch/anchor-batch.ts'
import { type AnchorSetting, keepAnchorSetting, readAnchorSettings } from '../batch/anchor-settings.ts'
import { readBatches, type StoredBatch, saltsOf } from '../batch/anchor-store.ts'
import { signBatch } from '../batch/sign-batch.ts'
import { anchorsFolder } from '../issue/batch-statements.ts'
import { openWorkspace, type Workspace } from '../issue/workspace.ts'
import { submittersFor } from './anchor-submitters.ts'
import { readChainsFile } from './chains-file.ts'
import { type Call, type Command, clockOf } from './command.ts'
import { exitCodes, type Voice } from './output.ts'

export interface AddAnchorOptions {
  readonly log?: string
  readonly policy?: string
  readonly witness: readonly string[]
  readonly calendar: readonly string[]
  readonly minimum?: string
  readonly rpc?: string
  readonly chain?: string
  readonly key?: string
  readonly depth?: string
  readonly bitcoin?: string
}

export const addAnchor: Command<AddAnchorOptions, [name: string]> = async ({ voice, options }, name) => {
  await keepAnchorSetting(options.dir, name, settingOf(name, options))
  voice.value({ name })
  voice.say(words.added, { name })
  return exitCodes.fine
}

/** Which kind is meant follows from the option that only that kind has. */
function settingOf(name: string, options: AddAnchorOptions): AnchorSetting {
  const { log, policy, witness, calendar, minimum, rpc, chain, key, depth, bitcoin } = options
  if (log !== undefined && policy !== undefined) return { kind: 'tlog', log, policy, witnesses: witness }
  if (calendar.length > 0) {
    return { kind: 'ots', calendars: calendar, minimum: minimum === undefined ? 1 : Number(minimum) }
  }
  if (rpc !== undefined && chain !== undefined && key !== undefined) {
    const known = { kind: 'evm', chain: chain as ChainId, rpc, key } as const // checked when it is kept
    return depth === undefined ? known : { ...known, depth: Number(depth) }
  }
  if (bitcoin !== undefined) return { kind: 'bitcoin', chain: bitcoin as ChainId }
  throw new CertificateError('anchor.setting_refused', { name, what: 'kind' })
}

export const listAnchors: Command<object, []> = async ({ voice, options }) => {
  const workspace = await closedWorkspace(options.dir)
  const settings = await readAnchorSettings(options.dir)
  const batches = await readBatches(options.dir, saltsOf(workspace.secret))
  if (Object.keys(settings).length === 0) voice.say(words.noneSetUp)
  for (const [name, setting] of Object.entries(settings)) {
    // An address of a node often holds a secret in its path.
    voice.value({ name, ...setting, ...('rpc' in setting && { rpc: new URL(setting.rpc).origin }) })
    voice.line(`${name}  ${setting.kind}`)
  }
  for (const { name, created, batch, receipts } of batches) {
    const states = Object.fromEntries([...receipts].map(([backEnd, one]) => [backEnd, stateOf(one)]))
    voice.value({ batch: name, created, size: batch.size, commitment: toHex(batch.commitment), ...states })
    voice.line(
      `${name}  ${created}  ${batch.size}  ${Object.entries(states)
        .map((pair) => pair.join(': '))
        .join(', ')}`,
    )
  }
  return exitCodes.fine
}

export interface SubmitOptions {
  readonly to: readonly string[]
  readonly from?: string
}

export const submitAnchors: Command<SubmitOptions, []> = async (call) => {
  const { options } = call
  const workspace = await closedWorkspace(options.dir)
  return anchorIssued(call, { workspace, folder: options.from ?? join(options.dir, 'out'), to: options.to })
}

export interface Anchoring {
  readonly workspace: Pick<Workspace, 'dir' | 'secret' | 'settings' | 'signer'>
  readonly folder: string
  readonly to: readonly string[]
}

/** What `issue --anchor` and `anchor submit` do: new certificates into a batch, all batches to the places named, files beside. */
export const anchorIssued = (call: Call<object>, anchoring: Anchoring): Promise<number> =>
  oneAtATime(anchoring.workspace.dir, () => anchorNew(call, anchoring))

/** Two runs at once could send one batch twice. @throws `file.locked` */
const oneAtATime = <T>(dir: string, action: () => Promise<T>): Promise<T> =>
  withLock(join(dir, anchorsFolder, 'lock'), action)

async function anchorNew(call: Call<object>, { workspace, folder, to }: Anchoring): Promise<number> {
  const { voice } = call
  const { dir, secret } = workspace
  const salt = saltsOf(secret)
  const settings = await readAnchorSettings(dir)
  const unknown = to.find((name) => !Object.hasOwn(settings, name))
  if (unknown !== undefined || to.length === 0)
    throw new CertificateError('anchor.unknown', { name: unknown ?? '' })
  const submitters = await submittersFor(call, { dir, settings, names: to })
  const batches = await collectSigned(call, workspace, folder)
  const code = await advance(voice, batches, { dir, submitters, start: true })
  const count = await writeSidecars(await readBatches(dir, salt), folder)
  if (count > 0) voice.say(words.written, { count, folder })
  return code
}

export interface BatchOptions {
  readonly from?: string
}

/** Batches that are signed and go to no log or chain. */
export const signBatches: Command<BatchOptions, []> = async (call) => {
  const { options, voice } = call
  const workspace = await closedWorkspace(options.dir)
  const folder = options.from ?? join(options.dir, 'out')
  return oneAtATime(options.dir, async () => {
    const batches = await collectSigned(call, workspace, folder)
    const count = await writeSidecars(batches, folder)
    voice.value({ signed: batches.filter(({ statement }) => statement !== undefined).length, count })
    if (count > 0) voice.say(words.written, { count, folder })
    return count > 0 ? exitCodes.fine : exitCodes.undetermined
  })
}

/** New certificates into a batch, and the agency's word on each batch; all batches that there are now. */
async function collectSigned(
  call: Call<object>,
  workspace: Anchoring['workspace'],
  folder: string,
): Promise<readonly StoredBatch[]> {
  const { voice } = call
  const { dir, secret } = workspace
  const salt = saltsOf(secret)
  const now = clockOf(call)
  const collected = await collectBatch(textsIn(folder), { dir, salt, now })
  if (collected !== null) {
    const { name, batch } = collected
    voice.value({ batch: name, size: batch.size, commitment: toHex(batch.commitment) })
    voice.say(words.collected, { count: batch.size, name })
  }
  const batches = await readBatches(dir, salt)
  if (batches.length === 0) voice.warn(words.noCertificate, { folder })
  for (const batch of batches.filter(({ statement }) => statement === undefined)) {
    const signing = await signBatch(batch, { workspace, folder, now })
    if (!signing.ok)
      voice.warn(unsigned[signing.fault], { name: batch.name, file: 'file' in signing ? signing.file : '' })
  }
  return readBatches(dir, salt)
}

export interface UpgradeOptions {
  readonly proof: readonly string[]
  readonly chains?: string
  readonly from?: string
}

export const upgradeAnchors: Command<UpgradeOptions, []> = async (call) => {
  await closedWorkspace(call.options.dir)
  return oneAtATime(call.options.dir, () => upgradeStarted(call))
}

async function upgradeStarted(call: Call<UpgradeOptions>): Promise<number> {
  const { options, voice } = call
  const { secret } = await closedWorkspace(options.dir)
  const salt = saltsOf(secret)
  const settings = await readAnchorSettings(options.dir)
  const batches = await readBatches(options.dir, salt)
  const names = Object.keys(settings).filter((name) => batches.some(({ receipts }) => receipts.has(name)))
  const chains = options.chains === undefined ? undefined : await readChainsFile(options.chains)
  const submitters = await submittersFor(call, {
    dir: options.dir,
    settings,
    names,
    given: options.proof,
    chains,
  })
  const code = await advance(voice, batches, { dir: options.dir, submitters, start: false })
  const folder = options.from ?? join(options.dir, 'out')
  const count = await writeSidecars(await readBatches(options.dir, salt), folder)
  if (count > 0) voice.say(words.written, { count, folder })
  return code
}

export interface ExportOptions {
  readonly from?: string
  readonly out?: string
  readonly embed?: boolean
}

export const exportAnchors: Command<ExportOptions, []> = async ({ voice, options }) => {
  const { secret } = await closedWorkspace(options.dir)
  const batches = await readBatches(options.dir, saltsOf(secret))
  const from = options.from ?? join(options.dir, 'out')
  const out = options.out ?? from
  const count = await exported(batches, { from, out, embed: options.embed === true })
  voice.value({ out, count })
  if (count === 0) voice.warn(words.nothing)
  else voice.say(words.written, { count, folder: out })
  return count === 0 ? exitCodes.undetermined : exitCodes.fine
}

/** Into a folder a file each; into one file, a bundle a line. */
async function exported(
  batches: readonly StoredBatch[],
  { from, out, embed }: { readonly from: string; readonly out: string; readonly embed: boolean },
): Promise<number> {
  if (embed) {
    if (resolve(from) === resolve(out)) throw new CertificateError('anchor.embed_in_place')
    return writeEmbedded(batches, { from, to: out })
  }
  if (!out.endsWith('.jsonl')) return writeSidecars(batches, out)
  const lines = batches.flatMap((batch) => [...bundlesOf(batch)].map(({ bundle }) => bundleText(bundle)))
  await writeFileWhole(out, lines.join(''))
  return lines.length
}

async function advance(
  voice: Voice,
  batches: readonly StoredBatch[],
  {
    dir,
    submitters,
    start,
  }: {
    readonly dir: string
    readonly submitters: Parameters<typeof advanceBatches>[1]
    readonly start: boolean
  },
): Promise<number> {
  let isWaiting = false
  for await (const { batch, backEnd, stored } of advanceBatches(batches, submitters, { dir, start })) {
    isWaiting ||= stored.is === 'waiting'
    const { block, chain } = stored.receipt.state
    voice.value({
      batch: batch.name,
      to: backEnd,
      is: stored.is,
      ...(stored.for && { for: stored.for }),
      ...(stored.is === 'final' && block !== undefined && { block }),
    })
    if (stored.is === 'final') {
      voice.say(words.final, { name: batch.name, backEnd })
      const trusted = trustedBlockOf(stored.receipt)
      if (trusted !== null) voice.say(words.block, { chain: String(chain), block: trusted.join(' ') })
    }
    if (stored.for !== undefined) voice.say(waiting[stored.for], { name: batch.name, backEnd })
  }
  return isWaiting ? exitCodes.undetermined : exitCodes.fine
}

const stateOf = ({ is, for: waitsFor }: Advanced['stored']): string =>
  waitsFor === undefined ? is : `${is} (${waitsFor})`

/** The registry is not asked for anything here. */
async function closedWorkspace(dir: string): Promise<Workspace> {
  const workspace = await openWorkspace(dir)
  workspace.registry.close()
  return workspace
}

const words = {
  added: { en: 'Anchor {name} is set up.', zh: '已设置存证 {name}。' },
  collected: {
    en: 'Batch {name}: {count} certificates that were in none before.',
    zh: '批次 {name}：{count} 张此前未存证的证书。',
  },
  noneSetUp: {
    en: 'No log or chain is set up: `gradecert anchor add` does it.',
    zh: '尚未设置日志或区块链：请用 `gradecert anchor add` 设置。',
  },
  noCertificate: {
    en: 'There is no certificate in {folder} to anchor.',
    zh: '{folder} 中没有可存证的证书。',
  },
  final: { en: 'Batch {name} is anchored at {backEnd}.', zh: '批次 {name} 已在 {backEnd} 存证。' },
  block: {
    en: 'Verifiers need its block: gradecert chain add-block chains.json {chain} {block}',
    zh: '验证方需要其区块：gradecert chain add-block chains.json {chain} {block}',
  },
  written: {
    en: '{count} files with anchors written beside the certificates in {folder}.',
    zh: '已在 {folder} 中的证书旁写入 {count} 个存证文件。',
  },
  nothing: {
    en: 'There is no anchor to export: run `gradecert anchor submit` first.',
    zh: '没有可导出的存证：请先运行 `gradecert anchor submit`。',
  },
} as const

/** Why the agency gives no word on a batch, which leaves its certificates to their own signatures. */
const unsigned = {
  member_not_verified: {
    en: 'Batch {name} was not signed as a whole: {file} is missing, was changed, or does not hold under its key. Each certificate still has its own signature.',
    zh: '批次 {name} 未作整批签名：{file} 缺失、被改动或签名不成立。各证书自身的签名不受影响。',
  },
  no_member_of_this_key: {
    en: 'Batch {name} was not signed as a whole: none of it was signed by the key that signs now.',
    zh: '批次 {name} 未作整批签名：其中没有由当前签发密钥签署的证书。',
  },
} as const

/** What has to happen before a submission can go on. */
const waiting = {
  block: {
    en: 'Batch {name} waits for a block of {backEnd}: run `gradecert anchor upgrade` later.',
    zh: '批次 {name} 正等待 {backEnd} 出块：请稍后运行 `gradecert anchor upgrade`。',
  },
  depth: {
    en: 'Batch {name} is in a block of {backEnd} that is not final yet: run `gradecert anchor upgrade` later.',
    zh: '批次 {name} 已进入 {backEnd} 的区块，但尚未最终确认：请稍后运行 `gradecert anchor upgrade`。',
  },
  calendar: {
    en: 'Batch {name} is with the calendars of {backEnd}; Bitcoin takes hours: run `gradecert anchor upgrade` later.',
    zh: '批次 {name} 已提交 {backEnd} 的日历服务，比特币确认需数小时：请稍后运行 `gradecert anchor upgrade`。',
  },
  witnesses: {
    en: 'Batch {name} is in the log {backEnd}, but too few witnesses answered: run `gradecert anchor upgrade` later.',
    zh: '批次 {name} 已写入日志 {backEnd}，但应答的见证方不足：请稍后运行 `gradecert anchor upgrade`。',
  },
  signature: {
    en: 'Batch {name} waits for your wallet: `gradecert anchor transaction` shows the transaction for {backEnd} to sign and send; then `gradecert anchor upgrade --proof FILE`.',
    zh: '批次 {name} 等待您的钱包：用 `gradecert anchor transaction` 查看要在 {backEnd} 签名并广播的交易，然后运行 `gradecert anchor upgrade --proof 文件`。',
  },
  proof: {
    en: 'Batch {name} waits for the proof that {backEnd} took its transaction: `gradecert anchor upgrade --proof FILE`.',
    zh: '批次 {name} 等待 {backEnd} 收录交易的证明：`gradecert anchor upgrade --proof 文件`。',
  },
} as const
