/** The keys of a workspace: which sign now, which did before, and the history that tells it to others. */
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { concat } from '../base/bytes.ts'
import { digestJson } from '../base/canonical.ts'
import type { DidUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { withLock } from '../base/lock.ts'
import { contextTable } from '../credential/contexts.ts'
import { algorithms, type SigningAlgorithm } from '../key/algorithm.ts'
import { type GeneratedSigner, signerOfSeed } from '../key/signer.ts'
import { addProof } from '../securing/add-proof.ts'
import { suiteFor } from '../securing/data-integrity.ts'
import { type HistoryKey, historyCredential, type KeyEvent, keysOfHistory } from '../trust/key-history.ts'
import { historyFile, readHistory, signedHistory } from './history-file.ts'
import { type Random, systemRandom, uuidUrn } from './random.ts'
import { keyFile, keyFileText, readKey, type Workspace, workspaceFiles } from './workspace.ts'

export interface KeyChangeOptions {
  /** When it happens; now by default. */
  readonly now?: Instant | undefined
  readonly random?: Random | undefined
}

export interface KeyChange {
  /** The key that signs from now on, as the workspace names its file. */
  readonly current: string
  readonly keys: readonly HistoryKey[]
}

/**
 * A new key takes the place of the one that signs; what the old one signed stays good.
 * @throws `keys.did_is_the_key`, `keys.unsigned_left`, `keys.clock_behind`, `keys.history_broken`
 */
export async function rotateKey(
  workspace: Workspace,
  options: KeyChangeOptions & { readonly algorithm?: SigningAlgorithm | undefined } = {},
): Promise<KeyChange> {
  refuseDidKey(workspace)
  await refuseUnsigned(workspace)
  const { now = instantAt(Date.now()), algorithm = workspace.signer.algorithm } = options
  return changing(workspace, options, async (history) => {
    const { signer } = workspace
    const added = await newKey(workspace, history, { algorithm, random: options.random })
    const retired = {
      kind: 'retired',
      method: signer.verificationMethod,
      multikey: signer.multikey,
      until: now,
    } as const
    await append(workspace, history, {
      events: [retired, eventOf(added.signer, now)],
      signers: [signer, added.signer],
      ...options,
    })
    return added.name
  })
}

/**
 * Says since when others may have a key. Where it is the one that signs, a new one takes its place; a did:key has none.
 * @throws `keys.unknown`, `keys.already_told`, `keys.since_in_future`, and as `rotateKey`
 */
export async function compromiseKey(
  workspace: Workspace,
  options: KeyChangeOptions & {
    readonly since: Instant
    /** A key's file without `.json`, or its verification method; the one that signs by default. */
    readonly name?: string | undefined
  },
): Promise<KeyChange> {
  const { since, now = instantAt(Date.now()) } = options
  if (since > now) throw new CertificateError('keys.since_in_future', { since })
  return changing(workspace, options, async (history) => {
    const { settings, signer } = workspace
    const { name, key } = await keyNamed(workspace, history, options.name ?? settings.issuerKey)
    if (key.compromisedSince !== undefined && key.compromisedSince <= since) {
      throw new CertificateError('keys.already_told', { name, state: 'compromised' })
    }
    const stolen = { kind: 'compromised', method: key.method, multikey: key.multikey, since } as const
    const isDidKey = settings.did.startsWith('did:key:')
    if (key.method !== signer.verificationMethod || isDidKey) {
      await append(workspace, history, { events: [stolen], signers: [signer], ...options })
      return settings.issuerKey
    }
    const added = await newKey(workspace, history, { algorithm: signer.algorithm, random: options.random })
    await append(workspace, history, {
      events: [stolen, eventOf(added.signer, now)],
      signers: [signer, added.signer],
      ...options,
    })
    return added.name
  })
}

/**
 * Destroys the secret of a key that no longer signs, so that nobody can steal it; its signatures stay good.
 * @throws `keys.unknown`, `keys.still_signs`, `keys.already_told`
 */
export async function retireKey(
  workspace: Workspace,
  options: KeyChangeOptions & { readonly name: string },
): Promise<KeyChange> {
  return changing(workspace, options, async (history) => {
    const { settings, signer } = workspace
    const { name, key } = await keyNamed(workspace, history, options.name)
    if (key.method === signer.verificationMethod) throw new CertificateError('keys.still_signs', { name })
    if (!key.isDestroyed) {
      const gone = { kind: 'destroyed', method: key.method, multikey: key.multikey } as const
      await append(workspace, history, { events: [gone], signers: [signer], ...options })
    }
    // Told before it is done: stopped in between, the next run takes the file away.
    const isGone = await unlink(join(workspace.dir, keyFile(name))).then(
      () => false,
      () => true,
    )
    if (key.isDestroyed && isGone)
      throw new CertificateError('keys.already_told', { name, state: 'destroyed' })
    return settings.issuerKey
  })
}

/** The first entry of a history: the key that the workspace was made with. */
export const firstHistoryEntry = (
  signer: GeneratedSigner,
  now: Instant,
  random: Random,
): Promise<JsonObject> =>
  signEntry(
    { issuer: signer.controller, sequence: 1, recordedAt: now, events: [eventOf(signer, now)] },
    [signer],
    random,
  )

/** One signed entry a line. */
export const historyText = (entries: readonly Json[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')

interface History {
  readonly signed: readonly Json[]
  readonly keys: readonly HistoryKey[]
  readonly last: { readonly digest: string; readonly recordedAt: Instant; readonly sequence: number }
}

/** One change at a time. The history is what counts; the settings follow it. */
async function changing(
  workspace: Workspace,
  { now = instantAt(Date.now()), random = systemRandom }: KeyChangeOptions,
  change: (history: History) => Promise<string>,
): Promise<KeyChange> {
  const { dir, settings, signer } = workspace
  return withLock(join(dir, 'key-history.lock'), async () => {
    let signed = await signedHistory(dir)
    if (signed.length === 0) {
      signed = [await firstHistoryEntry(signer, now, random)]
      await writeHistory(dir, signed)
    }
    const entries = await readHistory(dir, settings.did)
    const last = entries.at(-1) as (typeof entries)[number] // one at least
    const own = keysOfHistory(entries).find(({ method }) => method === signer.verificationMethod)
    // Another run took its place since this workspace was opened: what it signs now would not be believed.
    if (own?.until !== undefined)
      throw new CertificateError('keys.already_told', { name: settings.issuerKey, state: 'retired' })
    if (now < last.recordedAt) throw new CertificateError('keys.clock_behind', { now, last: last.recordedAt })
    const current = await change({ signed, keys: keysOfHistory(entries), last })
    if (current !== settings.issuerKey) {
      const text = `${JSON.stringify({ ...settings, issuerKey: current }, null, 2)}\n`
      await writeFileWhole(join(dir, workspaceFiles.settings), text, { durable: true })
    }
    return { current, keys: keysOfHistory(await readHistory(dir, settings.did)) }
  })
}

const writeHistory = (dir: string, entries: readonly Json[]): Promise<void> =>
  writeFileWhole(join(dir, historyFile), historyText(entries), { durable: true })

async function append(
  { dir, settings }: Workspace,
  { signed, last }: History,
  {
    events,
    signers,
    now = instantAt(Date.now()),
    random = systemRandom,
  }: KeyChangeOptions & {
    readonly events: readonly KeyEvent[]
    readonly signers: readonly GeneratedSigner[]
  },
): Promise<void> {
  const sequence = last.sequence + 1
  const entry = { issuer: settings.did, sequence, previous: last.digest, recordedAt: now, events }
  await writeHistory(dir, [...signed, await signEntry(entry, signers, random)])
}

async function signEntry(
  entry: Parameters<typeof historyCredential>[0],
  signers: readonly GeneratedSigner[],
  random: Random,
): Promise<JsonObject> {
  let document = historyCredential(entry)
  const name = digestJson(document)
  for (const [i, signer] of signers.entries()) {
    document = await addProof(document, {
      signer,
      suite: suiteFor(signer.algorithm, 'jcs'),
      created: entry.recordedAt,
      id: uuidUrn(random(`key-history/${name}/${i}`)),
      contexts: contextTable(),
    })
  }
  return document
}

const eventOf = ({ verificationMethod, multikey }: GeneratedSigner, from: Instant): KeyEvent => ({
  kind: 'added',
  method: verificationMethod,
  multikey,
  from,
})

/** The next key in a file of its own, before anybody hears of it. */
async function newKey(
  { dir, settings }: Workspace,
  { keys }: History,
  {
    algorithm,
    random = systemRandom,
  }: { readonly algorithm: SigningAlgorithm; readonly random?: Random | undefined },
): Promise<{ readonly name: string; readonly signer: GeneratedSigner }> {
  const number = keys.length + 1
  const name = `issuer-${number}`
  const label = `issuer-key/${number}`
  const seed = concat(random(label), random(`${label}/more`)).slice(0, algorithms[algorithm].secretBytes)
  const verificationMethod = `${settings.did}#key-${number}` as DidUrl
  const signer = signerOfSeed(seed, { algorithm, verificationMethod })
  await writeFileWhole(join(dir, keyFile(name)), keyFileText(signer), { mode: 0o600, durable: true })
  return { name, signer }
}

/** A key by the name of its file or by its verification method; the secret need not be there any more. */
async function keyNamed(
  { dir, settings }: Workspace,
  { keys }: History,
  asked: string,
): Promise<{ readonly name: string; readonly key: HistoryKey }> {
  const file = asked.replace(/\.json$/, '')
  const method = asked.includes('#')
    ? asked
    : await readKey(dir, keyFile(file)).then(
        ({ verificationMethod }) => verificationMethod,
        () => `${settings.did}#key-${/^issuer-(\d+)$/.exec(file)?.[1] ?? ''}`,
      )
  const i = keys.findIndex((key) => key.method === method)
  const key = keys[i]
  if (key === undefined) throw new CertificateError('keys.unknown', { name: asked })
  return { name: asked.includes('#') ? `issuer-${i + 1}` : file, key }
}

function refuseDidKey({ settings: { did } }: Workspace): void {
  if (did.startsWith('did:key:')) throw new CertificateError('keys.did_is_the_key', { did })
}

/** What was reserved under a key is signed by it: its time would lie outside the next key's window. */
async function refuseUnsigned({ registry }: Workspace): Promise<void> {
  let count = 0
  for await (const { text } of registry.entries()) if (text === null) count++
  if (count > 0) throw new CertificateError('keys.unsigned_left', { count })
}
