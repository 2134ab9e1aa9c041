/** `gradecert keys`: what keys a workspace has, a copy of them for the safe, and back from the copy. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DidUrl, isDid } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { readInstant } from '../base/instant.ts'
import { isObject, parseJson } from '../base/json.ts'
import { resign } from '../batch/reissue-batch.ts'
import { readHistory, signedHistory } from '../issue/history-file.ts'
import { compromiseKey, type KeyChange, retireKey, rotateKey } from '../issue/key-history.ts'
import { systemRandom } from '../issue/random.ts'
import { renewTrialList } from '../issue/trial-list.ts'
import { keyFileText, openWorkspace, readKey, type Workspace } from '../issue/workspace.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import { thumbprint } from '../key/public-key.ts'
import { generateSigner } from '../key/signer.ts'
import { type HistoryKey, keysOfHistory } from '../trust/key-history.ts'
import { type Call, type Command, clockOf } from './command.ts'
import { exitCodes, type Voice } from './output.ts'
import { sayItem } from './reissue.ts'

export const listKeys: Command<object, []> = async ({ voice, options }) => {
  const history = await historyIn(options.dir)
  for (const file of await keyFiles(options.dir)) {
    if (!file.endsWith('.json')) continue
    const { verificationMethod, multikey, publicKey } = await readKey(options.dir, `keys/${file}`)
    const print = thumbprint(publicKey)
    const state = history.find(({ method }) => method === verificationMethod)
    voice.value({ file, verificationMethod, multikey, thumbprint: print, ...stateValue(state) })
    voice.line(`${file}\n  ${verificationMethod as DidUrl}\n  ${multikey}\n  thumbprint ${print}`)
    sayState(voice, state)
  }
  return exitCodes.fine
}

/** What became of each key; a workspace that cannot be opened still has files of keys. */
async function historyIn(dir: string): Promise<readonly HistoryKey[]> {
  const signed = await signedHistory(dir)
  const [first] = signed
  const did = isObject(first) ? first.issuer : undefined
  return isDid(did) ? keysOfHistory(await readHistory(dir, did)) : []
}

const stateValue = (key: HistoryKey | undefined) =>
  key === undefined
    ? {}
    : {
        ...(key.from !== undefined && { from: key.from }),
        ...(key.until !== undefined && { until: key.until }),
        ...(key.compromisedSince !== undefined && { compromisedSince: key.compromisedSince }),
        ...(key.isDestroyed && { destroyed: true }),
      }

function sayState(voice: Voice, key: HistoryKey | undefined): void {
  if (key?.until !== undefined && key.compromisedSince === undefined)
    voice.say(words.until, { until: key.until })
  if (key?.compromisedSince !== undefined) voice.say(words.stolen, { since: key.compromisedSince })
}

/** Changes the keys, then says what others have to be told. */
const changeKeys =
  <Options extends object>(
    change: (workspace: Workspace, call: Call<Options>) => Promise<KeyChange>,
  ): Command<Options, readonly string[]> =>
  async (call) => {
    const { voice, options, io } = call
    const workspace = await openWorkspace(options.dir)
    try {
      const { current, keys } = await change(workspace, call)
      const isTrial = await renewTrialList(
        { ...workspace, keys },
        { now: clockOf(call), random: io.random ?? systemRandom },
      )
      voice.value({ current, keys, trialListRenewed: isTrial })
      voice.say(words.current, { current })
      for (const key of keys) {
        voice.line(`  ${key.method}`)
        sayState(voice, key)
      }
      voice.say(isTrial ? words.trialRenewed : words.tellAuthority)
      voice.say(words.publish)
      return exitCodes.fine
    } finally {
      workspace.registry.close()
    }
  }

export const rotateKeys = changeKeys<{ readonly algorithm?: SigningAlgorithm }>((workspace, call) =>
  rotateKey(workspace, { ...changeOf(call), algorithm: call.options.algorithm }),
)

export const retireKeys = (name: string) =>
  changeKeys<object>((workspace, call) => retireKey(workspace, { ...changeOf(call), name }))

export const compromiseKeys = changeKeys<{ readonly since: string; readonly key?: string }>(
  (workspace, call) => {
    const since = readInstant(call.options.since, workspace.settings.zone)
    if (since === null) throw new CertificateError('cli.instant_malformed', { text: call.options.since })
    return compromiseKey(workspace, { ...changeOf(call), since, name: call.options.key })
  },
)

/** Gives every live certificate that a stolen key had signed a new credential; run again, it goes on where it was. */
export const resignAll: Command<{ readonly out?: string }, []> = async (call) => {
  const { voice, options, io } = call
  const workspace = await openWorkspace(options.dir)
  try {
    const { keys, signer } = workspace
    const stolen = keys
      .filter(
        ({ method, compromisedSince }) =>
          compromisedSince !== undefined && method !== signer.verificationMethod,
      )
      .map(({ method }) => method)
    if (stolen.length === 0) throw new CertificateError('keys.none_compromised')
    const out = options.out ?? join(options.dir, 'out')
    const items = resign(workspace, { keys: stolen, out, now: clockOf(call), random: io.random })
    let step = await items.next()
    for (; !step.done; step = await items.next()) sayItem(voice, step.value)
    voice.value({ summary: step.value })
    voice.say(words.resigned, { ...step.value })
    voice.say(words.publish)
    return step.value.refused > 0 ? exitCodes.invalid : exitCodes.fine
  } finally {
    workspace.registry.close()
  }
}

const changeOf = (call: Call<object>) => ({ now: clockOf(call), random: call.io.random })

export const exportKeys: Command<{ readonly out: string }, []> = async ({ voice, options }) => {
  const names = await keyFiles(options.dir)
  const files = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readText(`${options.dir}/keys/${name}`)] as const),
    ),
  )
  await refuseOverwriting(options.out)
  await writeFileWhole(
    options.out,
    `${JSON.stringify({ type: bundleType, version: 1, files }, null, 2)}\n`,
    secretFile,
  )
  voice.value({ out: options.out, files: names })
  voice.say(words.exported, { count: names.length, out: options.out })
  return exitCodes.fine
}

export const importKeys: Command<object, [bundle: string]> = async ({ voice, options }, bundle) => {
  const parsed = parseJson(await readText(bundle))
  const files =
    parsed.ok && isObject(parsed.value) && parsed.value.type === bundleType ? parsed.value.files : null
  if (!isObject(files)) throw new CertificateError('cli.keys_malformed', { path: bundle })
  const written: string[] = []
  for (const [name, text] of Object.entries(files)) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name) || name.startsWith('.') || typeof text !== 'string') {
      throw new CertificateError('cli.keys_malformed', { path: bundle })
    }
    const path = `${options.dir}/keys/${name}`
    const present = await readText(path).catch(() => null)
    if (present === text) continue
    if (present !== null) throw new CertificateError('cli.would_overwrite', { path })
    await writeFileWhole(path, text, secretFile)
    written.push(name)
  }
  voice.value({ written })
  voice.say(words.imported, { count: written.length })
  return exitCodes.fine
}

/** A new key in a file of its own, for an authority that has no workspace. */
export const generateKey: Command<
  { readonly out: string; readonly algorithm: SigningAlgorithm },
  []
> = async ({ voice, options }) => {
  await refuseOverwriting(options.out)
  const signer = await generateSigner(options.algorithm)
  await writeFileWhole(options.out, keyFileText(signer), secretFile)
  voice.value({ out: options.out, verificationMethod: signer.verificationMethod })
  voice.say(words.generated, { did: signer.controller, out: options.out })
  return exitCodes.fine
}

const bundleType = 'GradecertKeys'
const secretFile = { mode: 0o600, durable: true }

const readText = async (path: string): Promise<string> => (await readFileBounded(path)).toString('utf8')

async function keyFiles(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(`${dir}/keys`)).sort()
  } catch (cause) {
    throw new CertificateError('workspace.not_found', { dir, file: 'keys/' }, { cause })
  }
}

async function refuseOverwriting(path: string): Promise<void> {
  const present = await readFileBounded(path).catch(() => null)
  if (present !== null) throw new CertificateError('cli.would_overwrite', { path })
}

const words = {
  exported: {
    en: '{count} files are in {out}. Whoever has it can sign as you: keep it offline.',
    zh: '{count} 个文件已导出到 {out}。持有者可以以您的名义签名，请离线保存。',
  },
  imported: { en: '{count} files were put back.', zh: '已恢复 {count} 个文件。' },
  until: {
    en: '  signed until {until}; what it signed stays good',
    zh: '  签名至 {until}；此前的签名继续有效',
  },
  stolen: {
    en: '  in wrong hands since {since}: only what an anchor dates before that stays good',
    zh: '  自 {since} 起可能泄露：仅存证早于该时刻的签名继续有效',
  },
  resigned: {
    en: '{reissued} signed again, {already_reissued} signed again before, {refused} refused.',
    zh: '已重新签发 {reissued}，此前已重新签发 {already_reissued}，拒绝 {refused}。',
  },
  current: { en: '{current} signs from now on.', zh: '自现在起由 {current} 签名。' },
  trialRenewed: {
    en: 'The trial list in trust.json has a new number that says so.',
    zh: 'trust.json 中的试用列表已更新编号。',
  },
  tellAuthority: {
    en: 'Tell the authority: `gradecert trust build` makes the draft that it signs. Until then verifiers know only your old keys.',
    zh: '请通知主管机构：用 `gradecert trust build` 生成草稿供其签署；在此之前验证方只认旧密钥。',
  },
  publish: {
    en: 'Run `gradecert publish`: the history and the lists have to go out.',
    zh: '请运行 `gradecert publish` 发布密钥历史和列表。',
  },
  generated: {
    en: 'The key of {did} is in {out}. Whoever has it can sign as you: keep it offline.',
    zh: '{did} 的密钥已写入 {out}。持有者可以以您的名义签名，请离线保存。',
  },
} as const
