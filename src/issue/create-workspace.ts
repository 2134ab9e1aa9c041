/** Makes an issuing workspace: keys, settings, starter catalogue, a trial trust list, the registry. */
import { mkdir, stat } from 'node:fs/promises'
import { concat, utf8 } from '../base/bytes.ts'
import type { Did, DidUrl } from '../base/did-url.ts'
import { hmacSha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { type CalendarDate, type Instant, instantAt, type ZoneOffset } from '../base/instant.ts'
import type { Labels } from '../certificate/labels.ts'
import { type NameThing, starterCatalogue } from '../certificate/starter-catalogue.ts'
import { contextUrls } from '../credential/contexts.ts'
import { gradeCertificateSchemaUrl } from '../credential/schemas.ts'
import { didOfHost, siteUrl } from '../did/web.ts'
import { algorithms, type SigningAlgorithm } from '../key/algorithm.ts'
import { type GeneratedSigner, signerOfSeed } from '../key/signer.ts'
import type { ListEntries } from '../status/bitstring.ts'
import { historyFile } from './history-file.ts'
import { firstHistoryEntry, historyText } from './key-history.ts'
import { type Random, systemRandom, uuidUrn } from './random.ts'
import { trialTrust } from './trial-list.ts'
import {
  checkSettings,
  keyFile,
  keyFileText,
  openRegistry,
  openWorkspace,
  type Settings,
  secretText,
  settleAgency,
  type Workspace,
  workspaceFiles,
} from './workspace.ts'

export interface CreateOptions {
  readonly labels: Labels
  /** `key`, or `web:HOST[:PATH…]`. */
  readonly did?: string | undefined
  /** Of the issuer's key: Ed25519 by default, which badge platforms accept; P-256 is what wallets of the European Union ask for. */
  readonly algorithm?: SigningAlgorithm | undefined
  readonly agencyCode?: string | undefined
  readonly uscc?: string | undefined
  readonly region?: string | undefined
  readonly zone?: ZoneOffset | undefined
  /** Entries of a status list; settled with the first certificate. */
  readonly statusListEntries?: ListEntries | undefined
  /** Where the registry is kept: a file by default, or the server that GRADECERT_REGISTRY names. */
  readonly registry?: 'postgres' | undefined
  /** First day of award that the trial trust list recognises; open by default. */
  readonly from?: CalendarDate | undefined
  /** When the trial list is signed; now by default. */
  readonly now?: Instant | undefined
  readonly random?: Random | undefined
}

/**
 * Writes a new workspace and opens it.
 * @throws `workspace.exists`, `workspace.did_malformed`, `workspace.file_malformed` for other options, with nothing written
 */
export async function createWorkspace(dir: string, options: CreateOptions): Promise<Workspace> {
  // Keys or a registry without settings are a workspace in need of help, not an empty folder.
  for (const file of [workspaceFiles.settings, workspaceFiles.registry, 'keys']) {
    if (await exists(`${dir}/${file}`)) throw new CertificateError('workspace.exists', { dir, file })
  }
  const random = options.random ?? systemRandom
  const signer = issuerSigner(options.did ?? 'key', options.algorithm ?? 'Ed25519', random)
  const authority = signerOfSeed(random('authority-key'))
  const secret = random('workspace-secret')
  const settings = settingsOf(signer, options)
  checkSettings(settings)
  const nameThing = thingNames(settings.site, secret)

  await mkdir(dir, { recursive: true })
  await mkdir(`${dir}/keys`, { mode: 0o700, recursive: true })
  await mkdir(`${dir}/${workspaceFiles.publicFolder}`, { recursive: true })
  const secretFile = { mode: 0o600, durable: true }
  await writeFileWhole(`${dir}/${keyFile(settings.issuerKey)}`, keyFileText(signer), secretFile)
  await writeFileWhole(`${dir}/${workspaceFiles.authorityKey}`, keyFileText(authority), secretFile)
  await writeFileWhole(`${dir}/${workspaceFiles.secret}`, secretText(secret), secretFile)
  await writeFileWhole(`${dir}/${workspaceFiles.catalogue}`, pretty(starterCatalogue(nameThing)), {
    durable: true,
  })
  await writeFileWhole(
    `${dir}/${workspaceFiles.trust}`,
    await trialTrust({ settings, signer, authority, random }, options),
    { durable: true },
  )
  const history = await firstHistoryEntry(signer, options.now ?? instantAt(Date.now()), random)
  await writeFileWhole(`${dir}/${historyFile}`, historyText([history]), { durable: true })
  const registry = await openRegistry(dir, settings, { create: true })
  try {
    await settleAgency(registry, settings.did)
  } finally {
    await registry.close()
  }
  // The settings come last: a folder that has them is a whole workspace.
  await writeFileWhole(`${dir}/${workspaceFiles.settings}`, pretty(settings), { durable: true })
  return openWorkspace(dir)
}

const issuerKeyName = 'issuer-1'

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function issuerSigner(did: string, algorithm: SigningAlgorithm, random: Random): GeneratedSigner {
  const seed = concat(random('issuer-key'), random('issuer-key/more')).slice(
    0,
    algorithms[algorithm].secretBytes,
  )
  if (did === 'key') return signerOfSeed(seed, { algorithm })
  const web = did.startsWith('web:') ? didOfHost(did.slice('web:'.length)) : null
  if (web === null) throw new CertificateError('workspace.did_malformed', { did })
  return signerOfSeed(seed, { algorithm, verificationMethod: `${web}#key-1` as DidUrl })
}

function settingsOf(signer: GeneratedSigner, options: CreateOptions): Settings {
  const site = siteUrl(signer.controller as Did) ?? undefined
  return {
    version: 1,
    did: signer.controller,
    labels: options.labels,
    ...(site !== undefined && { site }),
    ...(options.uscc !== undefined && { uscc: options.uscc }),
    agencyCode: options.agencyCode ?? '0001',
    region: options.region ?? 'CN-BJ',
    zone: options.zone ?? '+08:00',
    contextUrl: contextUrls['gradecert/v1'],
    schemaUrl: gradeCertificateSchemaUrl,
    statusDays: 7,
    ...(options.statusListEntries !== undefined && { statusListEntries: options.statusListEntries }),
    issuerKey: issuerKeyName,
    ...(options.registry !== undefined && { registry: options.registry }),
  }
}

/** With a site, things of the catalogue have addresses on it; without one, a URN each that follows from the secret. */
function thingNames(site: string | undefined, secret: ReturnType<Random>): NameThing {
  return (path) =>
    site === undefined ? uuidUrn(hmacSha256(secret, utf8(`catalogue/${path}`))) : `${site}/catalogue/${path}`
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
