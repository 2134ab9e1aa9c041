/** An issuing agency's folder: settings, keys, catalogue, trust list, registry and what it publishes. */
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { type Bytes, fromBase58, toBase58, utf8, utf8Text } from '../base/bytes.ts'
import { type Did, type DidUrl, isDid, splitDidUrl } from '../base/did-url.ts'
import { hmacSha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { fix } from '../base/fixed.ts'
import { type Instant, isZoneOffset, type ZoneOffset } from '../base/instant.ts'
import { parseJson } from '../base/json.ts'
import { type Catalogue, catalogueSchema, labelsSchema } from '../certificate/catalogue.ts'
import { usccPattern } from '../certificate/certificate.ts'
import type { Labels } from '../certificate/labels.ts'
import type { StatusPurpose } from '../credential/status-entry.ts'
import { type GeneratedSigner, signerOfSecret } from '../key/signer.ts'
import type { Registry } from '../registry/registry.ts'
import { sqliteRegistry } from '../registry/sqlite.ts'
import { type ListEntries, listEntries, listSizes } from '../status/bitstring.ts'
import { type HistoryKey, keysOfHistory } from '../trust/key-history.ts'
import { readHistory } from './history-file.ts'
import { uuidUrn } from './random.ts'
import {
  type NameList,
  type NameTokenList,
  type PlannedList,
  plannedLists,
  type SlotOrder,
} from './status-slots.ts'

/** `gradecert.json`. */
export interface Settings {
  readonly version: 1
  readonly did: Did
  readonly labels: Labels
  /** https address of what is published, without a slash at the end; absent for a did:key agency. */
  readonly site?: string | undefined
  /** Unified social credit code. */
  readonly uscc?: string | undefined
  /** Four characters of certificate numbers. */
  readonly agencyCode: string
  /** ISO 3166-2 region of the awards. */
  readonly region: string
  readonly zone: ZoneOffset
  /** Where badges say that our context and schema are read from. */
  readonly contextUrl: string
  readonly schemaUrl: string
  /** Days for which a status list counts after it was signed. */
  readonly statusDays: number
  /** Entries of a status list; settled with the first certificate. */
  readonly statusListEntries?: ListEntries | undefined
  /** File names in `keys/` without `.json`. */
  readonly issuerKey: string
  /** Where the registry is: a file of the workspace by default, else the server that the environment names. */
  readonly registry?: 'postgres' | undefined
}

export interface Workspace {
  readonly dir: string
  readonly settings: Settings
  readonly catalogue: Catalogue
  /** Signs now. */
  readonly signer: GeneratedSigner
  /** The first moment at which it may, where another key signed before. */
  readonly signsFrom: Instant | undefined
  /** Every key that ever signed for it, the first one first. */
  readonly keys: readonly HistoryKey[]
  /** Keys idempotency, status positions and names; 32 bytes that never leave the workspace. */
  readonly secret: Bytes
  readonly registry: Registry
}

/** Names status lists: an address on the agency's site, or a URN that follows from the secret. */
export function listNames({ settings, secret }: Pick<Workspace, 'settings' | 'secret'>): NameList {
  return (purpose, number) =>
    settings.site === undefined
      ? uuidUrn(hmacSha256(secret, utf8(`list/${purpose}/${number}`)))
      : `${settings.site}/${listPath(purpose, number)}`
}

/** Names token status lists in the same way. */
export function tokenListNames({ settings, secret }: Pick<Workspace, 'settings' | 'secret'>): NameTokenList {
  return (number) =>
    settings.site === undefined
      ? uuidUrn(hmacSha256(secret, utf8(`list/token/${number}`)))
      : `${settings.site}/${tokenListPath(number)}`
}

/**
 * The status lists that so many new certificates go into. A list that starts with them has to be published before anybody
 * can check their status.
 * @example
 * for (const { number, positions, isNew } of await listsFor(12_000, workspace)) console.log(number, positions, isNew)
 */
export const listsFor = async (
  count: number,
  { registry, ...workspace }: Pick<Workspace, 'settings' | 'secret' | 'registry'>,
): Promise<readonly PlannedList[]> => plannedLists(await registry.nextSlot(), count, slotOrder(workspace))

/** Where the slots of a workspace stand. */
export const slotOrder = ({ settings, secret }: Pick<Workspace, 'settings' | 'secret'>): SlotOrder => ({
  secret,
  entries: settings.statusListEntries ?? listEntries,
})

export const tokenListPath = (number: number): string => `status/token-${number}.jwt`

/** Where a list stands in the published folder. */
export const listPath = (purpose: StatusPurpose, number: number): string => `status/${purpose}-${number}.json`

export const workspaceFiles = {
  settings: 'gradecert.json',
  catalogue: 'catalogue.json',
  trust: 'trust.json',
  registry: 'registry.db',
  secret: 'keys/workspace-secret.txt',
  authorityKey: 'keys/trial-authority.json',
  publicFolder: 'public',
} as const

export const keyFile = (name: string): string => `keys/${name}.json`

/** The variable of the environment that names the server of a registry: the address has a password in it. */
const registryVariable = 'GRADECERT_REGISTRY'

/** The registry of a workspace. @throws `registry.url_missing`, and what opening it throws */
export async function openRegistry(
  dir: string,
  { registry }: Pick<Settings, 'registry'>,
  { create, patience }: OpenOptions & { readonly create: boolean },
): Promise<Registry> {
  if (registry !== 'postgres') return sqliteRegistry(resolve(dir, workspaceFiles.registry), { create })
  const { postgresRegistry } = await import('../registry/postgres.ts')
  return postgresRegistry(registryUrl(), { create, ...(patience !== undefined && { patience }) })
}

export interface OpenOptions {
  /** Milliseconds for which a server that is lost is sought again. */
  readonly patience?: number | undefined
}

/** Where the server of a registry is, with its password. @throws `registry.url_missing` */
export function registryUrl(): string {
  const url = process.env[registryVariable]
  if (url === undefined || url === '')
    throw new CertificateError('registry.url_missing', { name: registryVariable })
  return url
}

/** Opens the workspace in a folder. @throws `workspace.not_found`, `workspace.file_malformed`, `registry.*` */
export async function openWorkspace(dir: string, { patience }: OpenOptions = {}): Promise<Workspace> {
  const settings = await readWorkspaceFile(dir, workspaceFiles.settings, settingsSchema)
  const catalogue = await readWorkspaceFile(dir, workspaceFiles.catalogue, catalogueSchema)
  const { signer, keys } = await readKeys(dir, settings as Settings)
  const secret = fromBase58((utf8Text(await readExisting(dir, workspaceFiles.secret)) ?? '').trim())
  if (secret?.length !== 32) {
    throw new CertificateError('workspace.file_malformed', {
      file: workspaceFiles.secret,
      what: 'not 32 bytes',
    })
  }
  // A registry made anew would know of no revocation: a lost one is said, never replaced.
  const registry = await openRegistry(dir, settings as Settings, { create: false, patience })
  try {
    await settleAgency(registry, (settings as Settings).did)
    await settleListSize(registry, settings.statusListEntries ?? listEntries)
  } catch (error) {
    registry.close()
    throw error
  }
  const signsFrom =
    keys.length > 1 ? keys.find(({ method }) => method === signer.verificationMethod)?.from : undefined
  return {
    dir,
    settings: fix(settings as Settings),
    catalogue: fix(catalogue as Catalogue),
    signer,
    signsFrom,
    keys,
    secret,
    registry,
  }
}

/**
 * One registry is one agency's: two would share serial numbers, places in status lists and what was published. The first
 * workspace that opens it settles whose it is.
 * @throws `workspace.registry_of_another`
 */
export async function settleAgency(registry: Registry, did: Did): Promise<void> {
  const settled = await registry.published(agencyName)
  if (settled === did) return
  if (settled !== null) throw new CertificateError('workspace.registry_of_another', { settled, did })
  await registry.keepPublished(agencyName, did)
}

/** Kept beside the published lists, by this name. */
const agencyName = 'agency'

/**
 * Where a certificate stands follows from the size of its list: with another one the bits of other certificates would be
 * set. So the first certificate settles it, and the registry remembers.
 * @throws `workspace.list_size_settled`
 */
async function settleListSize(registry: Registry, asked: ListEntries): Promise<void> {
  const settled = Number((await registry.published(listSizeName)) ?? listEntries)
  if (settled === asked) return
  if ((await registry.nextSlot()) > 0)
    throw new CertificateError('workspace.list_size_settled', { settled, asked })
  await registry.keepPublished(listSizeName, String(asked))
}

/** Kept beside the published lists, by this name. */
const listSizeName = 'status/entries'

/** The key that signs: the history says which one, and the settings only follow it. */
async function readKeys(
  dir: string,
  { issuerKey, did }: Settings,
): Promise<Pick<Workspace, 'signer' | 'keys'>> {
  const keys = keysOfHistory(await readHistory(dir, did))
  const living = keys.findLast(
    ({ until, compromisedSince }) => until === undefined && compromisedSince === undefined,
  )
  const named = await readKey(dir, keyFile(issuerKey)).catch((error: unknown) => {
    if (living === undefined) throw error
    return null
  })
  const isCurrent = living === undefined || named?.verificationMethod === living.method
  const name = isCurrent ? issuerKey : `issuer-${keys.indexOf(living) + 1}`
  const signer = isCurrent && named !== null ? named : await readKey(dir, keyFile(name))
  if (signer.controller !== did) {
    throw new CertificateError('workspace.file_malformed', {
      file: keyFile(name),
      what: 'key of another DID',
    })
  }
  const { verificationMethod: method, multikey } = signer
  return {
    signer,
    keys: keys.length > 0 ? keys : keysOfHistory([{ events: [{ kind: 'added', method, multikey }] }]),
  }
}

/** A key file: which verification method it signs for, and the secret key. */
export async function readKey(dir: string, file: string): Promise<GeneratedSigner> {
  const { verificationMethod, publicKeyMultibase, secretKeyMultibase } = await readWorkspaceFile(
    dir,
    file,
    keySchema,
  )
  const signer = signerOfSecret(secretKeyMultibase, { verificationMethod: verificationMethod as DidUrl })
  // What such a key signs never verifies, so it is better met here.
  if (signer.multikey !== publicKeyMultibase) {
    throw new CertificateError('workspace.file_malformed', { file, what: 'public key of another secret' })
  }
  return signer
}

/** The text of a key file. Written with rights for its owner only, and never printed. */
export function keyFileText(signer: GeneratedSigner): string {
  const { verificationMethod, multikey } = signer
  return `${JSON.stringify({ type: 'GradecertKey', verificationMethod, publicKeyMultibase: multikey, secretKeyMultibase: signer.exportSecret() }, null, 2)}\n`
}

export const secretText = (secret: Bytes): string => `${toBase58(secret)}\n`

const text = z.string().check(z.minLength(1), z.maxLength(2000))

const settingsSchema = z.strictObject({
  version: z.literal(1),
  did: z.pipe(
    z.string().check(z.refine(isDid, 'not a DID')),
    z.transform((did) => did as Did),
  ),
  labels: labelsSchema,
  site: z.optional(z.url({ protocol: /^https$/ })),
  uscc: z.optional(z.string().check(z.regex(usccPattern))),
  agencyCode: z.string().check(z.regex(/^[0-9A-Z]{4}$/)),
  region: z.string().check(z.regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/)),
  zone: z.string().check(z.refine(isZoneOffset, 'not an offset such as +08:00')),
  contextUrl: text,
  schemaUrl: text,
  statusDays: z.int().check(z.gte(1), z.lte(366)),
  statusListEntries: z.optional(z.literal(listSizes)),
  issuerKey: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
  registry: z.optional(z.literal('postgres')),
})

const keySchema = z.strictObject({
  type: z.literal('GradecertKey'),
  verificationMethod: z.string().check(z.refine((url) => splitDidUrl(url) !== null, 'not a DID URL')),
  publicKeyMultibase: text,
  secretKeyMultibase: text,
})

/** @throws `workspace.file_malformed` for settings that a workspace could not be opened with */
export function checkSettings(settings: Settings): void {
  checked(workspaceFiles.settings, settings, settingsSchema)
}

/** The bytes of a file of the workspace. @throws `workspace.not_found` */
export async function readExisting(dir: string, file: string): Promise<Bytes> {
  try {
    return new Uint8Array(await readFileBounded(resolve(dir, file)))
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT')
      throw new CertificateError(
        file.startsWith('keys/') ? 'workspace.key_missing' : 'workspace.not_found',
        { dir: resolve(dir), file },
        { cause },
      )
    throw cause
  }
}

async function readWorkspaceFile<T>(dir: string, file: string, schema: z.ZodMiniType<T>): Promise<T> {
  const parsed = parseJson(await readExisting(dir, file), { maxBytes: 16_777_216 })
  if (!parsed.ok) throw new CertificateError('workspace.file_malformed', { file, what: parsed.detail })
  return checked(file, parsed.value, schema)
}

function checked<T>(file: string, value: unknown, schema: z.ZodMiniType<T>): T {
  const read = schema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new CertificateError('workspace.file_malformed', {
      file,
      what: `${issue?.path.join('/')}: ${issue?.message}`,
    })
  }
  return read.data
}
