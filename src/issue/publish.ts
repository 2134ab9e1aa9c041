/** The static site of an agency, and one evidence file with all that verifying its certificates offline takes. */
import { join } from 'node:path'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { epoch, type Instant, instantAt, later } from '../base/instant.ts'
import { isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { contextTable, contextUrls } from '../credential/contexts.ts'
import { contextV1Text, gradeCertificateSchemaText } from '../credential/published-texts.ts'
import type { StatusPurpose } from '../credential/status-entry.ts'
import { webDocument } from '../did/web.ts'
import { type EvidenceItem, evidenceFileText } from '../evidence/evidence.ts'
import { addProof } from '../securing/data-integrity.ts'
import { listEntries } from '../status/bitstring.ts'
import { bitsOf, readStatusList, statusListCredential } from '../status/status-list.ts'
import { readTrust } from '../trust/trust.ts'
import { type Random, systemRandom, uuidUrn } from './random.ts'
import { positionOf } from './status-slots.ts'
import { listNames, listPath, readExisting, type Workspace, workspaceFiles } from './workspace.ts'

export interface PublishOptions {
  /** When lists are signed; now by default. */
  readonly now?: Instant | undefined
  /** The folder to write; `public` in the workspace by default. */
  readonly out?: string | undefined
  readonly random?: Random | undefined
}

export interface Published {
  readonly out: string
  /** Paths below `out`, sorted. */
  readonly files: readonly string[]
  /** When the status lists stop counting. */
  readonly freshUntil: Instant
  readonly revoked: number
  readonly suspended: number
}

/** Writes the site. With nothing changed and lists still fresh the same bytes come out. */
export async function publish(workspace: Workspace, options: PublishOptions = {}): Promise<Published> {
  const out = options.out ?? join(workspace.dir, workspaceFiles.publicFolder)
  const lists = await signedLists(workspace, options)
  for (const list of lists.all) await refuseForgetting(`${out}/${list.path}`, list.document)
  const trust = readTrust(await readExisting(workspace.dir, workspaceFiles.trust))
  const { settings, catalogue, signer } = workspace
  const isSite = settings.site !== undefined
  const document = webDocument(settings.did, [{ id: signer.verificationMethod, multikey: signer.multikey }])
  const context: JsonObject = JSON.parse(contextV1Text()) as JsonObject // our own text
  const evidence: EvidenceItem[] = [
    ...(isSite ? [{ kind: 'did-document', url: settings.did, document } as const] : []),
    ...lists.all.map(
      (list) => ({ kind: 'status-list', url: String(list.document.id), document: list.document }) as const,
    ),
    ...(settings.contextUrl === contextUrls['gradecert/v1']
      ? []
      : [{ kind: 'context', url: settings.contextUrl, document: context } as const]),
  ]
  const files = new Map<string, string>([
    ...(isSite ? ([[didPath(settings.did), pretty(document)]] as const) : []),
    ...lists.all.map(({ path, text }) => [path, text] as const),
    ['catalogue.json', pretty(catalogue)],
    ['trust-lists.json', pretty(trust.lists)],
    ['contexts/gradecert-v1.json', contextV1Text()],
    ['schemas/grade-certificate-v1.json', gradeCertificateSchemaText()],
    ['evidence.json', evidenceFileText({ items: evidence })],
  ])
  for (const [path, text] of files) await writeFileWhole(`${out}/${path}`, text, { durable: true })
  return {
    out,
    files: [...files.keys()].sort(),
    freshUntil: lists.freshUntil,
    revoked: lists.revoked,
    suspended: lists.suspended,
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** did:web without a path is read from `.well-known`. */
const didPath = (did: string): string => (did.split(':').length > 3 ? 'did.json' : '.well-known/did.json')

interface SignedList {
  readonly path: string
  readonly text: string
  readonly document: JsonObject
}

async function signedLists(
  workspace: Workspace,
  { now = instantAt(Date.now()), random = systemRandom }: PublishOptions,
): Promise<{ all: readonly SignedList[]; freshUntil: Instant; revoked: number; suspended: number }> {
  const set: Record<StatusPurpose, Map<number, number[]>> = { revocation: new Map(), suspension: new Map() }
  const nameList = listNames(workspace)
  let slots = 0
  for await (const { slot, standing } of workspace.registry.entries()) {
    slots = Math.max(slots, slot + 1)
    const purpose = purposeOf[standing]
    if (purpose === undefined) continue
    const number = Math.floor(slot / listEntries) + 1
    const { index } = positionOf(slot, 'badge', workspace.secret, nameList)
    set[purpose].set(number, [...(set[purpose].get(number) ?? []), index])
  }
  const all: SignedList[] = []
  for (let number = 1; number <= Math.max(1, Math.ceil(slots / listEntries)); number++) {
    for (const purpose of ['revocation', 'suspension'] as const) {
      const unsigned = statusListCredential({
        id: nameList(purpose, number),
        issuer: workspace.settings.did,
        purpose,
        validFrom: now,
        validUntil: later(now, workspace.settings.statusDays * 86_400),
        set: set[purpose].get(number) ?? [],
      })
      const list = await signList(workspace, { path: listPath(purpose, number), unsigned, now, random })
      all.push(list)
    }
  }
  const ends = all.map(({ document }) => String(document.validUntil) as Instant)
  const freshUntil = ends.reduce((a, b) => (b < a ? b : a))
  const count = (purpose: StatusPurpose) =>
    [...set[purpose].values()].reduce((sum, indexes) => sum + indexes.length, 0)
  return { all, freshUntil, revoked: count('revocation'), suspended: count('suspension') }
}

/**
 * A registry put back from an old copy knows less than what was published with a newer one: what stands there as revoked
 * stays so. @throws `publish.would_unrevoke`
 */
async function refuseForgetting(path: string, document: JsonObject): Promise<void> {
  const text = await readFileBounded(path).catch(() => null)
  const parsed = text === null ? null : parseJson(new Uint8Array(text))
  const before = parsed?.ok && isObject(parsed.value) ? readStatusList(withoutProof(parsed.value)) : null
  const after = readStatusList(withoutProof(document))
  if (before === null || after === null || before.id !== after.id || !after.purposes.includes('revocation'))
    return
  const [old, now] = [bitsOf(before), bitsOf(after)]
  if (!old.ok || !now.ok) return
  const forgotten = old.bits.reduce((count, byte, i) => count + bitCount(byte & ~(now.bits[i] ?? 0)), 0)
  if (forgotten > 0) throw new CertificateError('publish.would_unrevoke', { path, count: forgotten })
}

const bitCount = (byte: number): number => byte.toString(2).replaceAll('0', '').length

/** Which list shows a standing; a superseded credential is dead for good, so it stands where the revoked ones do. */
const purposeOf: Readonly<Record<string, StatusPurpose | undefined>> = {
  revoked: 'revocation',
  superseded: 'revocation',
  suspended: 'suspension',
}

/** The list signed before, where it says the same and half of its life is left; else a new one, kept before it is seen. */
async function signList(
  { registry, signer }: Workspace,
  { path, unsigned, now, random }: { path: string; unsigned: JsonObject; now: Instant; random: Random },
): Promise<SignedList> {
  const kept = await registry.published(path)
  const before = kept === null ? null : parseJson(kept)
  if (kept !== null && before?.ok && isObject(before.value) && saysTheSame(before.value, unsigned, now)) {
    return { path, text: kept, document: before.value }
  }
  const document = await addProof(unsigned, {
    signer,
    suite: 'eddsa-jcs-2022',
    created: now,
    id: uuidUrn(random(`${path}/${now}`)),
    contexts: contextTable(),
  })
  const text = `${JSON.stringify(document)}\n`
  await registry.keepPublished(path, text)
  return { path, text, document }
}

function saysTheSame(before: JsonObject, wanted: JsonObject, now: Instant): boolean {
  const list = readStatusList(withoutProof(before))
  const other = readStatusList(wanted)
  if (list === null || other === null || list.validUntil === null) return false
  const halfway = (list.validFrom + list.validUntil) / 2
  const said = list.id === other.id && list.issuer === other.issuer && list.encodedList === other.encodedList
  return said && list.validFrom <= epoch(now) && epoch(now) < halfway
}

function withoutProof({ proof: _, ...document }: JsonObject): Json {
  return document
}
