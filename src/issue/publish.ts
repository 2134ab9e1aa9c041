/** The static site of an agency, and one evidence file with all that verifying its certificates offline takes. */
import { join } from 'node:path'
import { writeFileWhole } from '../base/files.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'
import { contextUrls } from '../credential/contexts.ts'
import { contextV1Text, gradeCertificateSchemaText } from '../credential/published-texts.ts'
import { typeMetadataText } from '../credential/type-metadata.ts'
import { type PublishedKey, webDocument } from '../did/web.ts'
import { type EvidenceItem, evidenceFileText } from '../evidence/evidence.ts'
import { readTrust, trustFileText } from '../trust/trust.ts'
import { batchStatements } from './batch-statements.ts'
import { historyFile, signedHistory } from './history-file.ts'
import { firstHistoryEntry, historyText } from './key-history.ts'
import { publishedLists, refuseForgetting } from './published-lists.ts'
import { type Random, systemRandom } from './random.ts'
import { readExisting, type Workspace, workspaceFiles } from './workspace.ts'

export interface PublishOptions {
  /** When lists are signed; now by default. */
  readonly now?: Instant | undefined
  /** The folder to write; `public` in the workspace by default. */
  readonly out?: string | undefined
  readonly random?: Random | undefined
  /** Makes the verifier page of a trust file and an evidence file; without it none is written. */
  readonly page?: ((given: { readonly trust: string; readonly evidence: string }) => string) | undefined
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
  const { now = instantAt(Date.now()), random = systemRandom, page } = options
  const { lists, revoked, suspended } = await publishedLists(workspace, { now, random })
  for (const list of lists) await refuseForgetting(`${out}/${list.path}`, list)
  const trust = readTrust(await readExisting(workspace.dir, workspaceFiles.trust))
  const { settings, catalogue, signer, dir } = workspace
  const isSite = settings.site !== undefined
  const didDocument = webDocument(settings.did, publishedKeys(workspace))
  const stored = await signedHistory(dir)
  const history = stored.length > 0 ? stored : [await firstHistoryEntry(signer, now, random)]
  if (stored.length === 0)
    await writeFileWhole(join(dir, historyFile), historyText(history), { durable: true })
  const statements = await batchStatements(dir)
  const context: JsonObject = JSON.parse(contextV1Text()) as JsonObject // our own text
  const evidence: EvidenceItem[] = [
    ...(isSite ? [{ kind: 'did-document', url: settings.did, document: didDocument } as const] : []),
    ...lists.map(({ item }) => item),
    { kind: 'key-history', url: settings.did, document: { id: settings.did, entries: history } },
    ...statements.map(
      ({ commitment, document }) =>
        ({ kind: 'batch-statement', url: `urn:gradecert:batch:${commitment}`, document }) as const,
    ),
    ...(settings.contextUrl === contextUrls['gradecert/v1']
      ? []
      : [{ kind: 'context', url: settings.contextUrl, document: context } as const]),
  ]
  const evidenceText = evidenceFileText({ items: evidence })
  const files = new Map<string, string>([
    ...(isSite ? ([[didPath(settings.did), pretty(didDocument)]] as const) : []),
    ...lists.map(({ path, text }) => [path, text] as const),
    ['catalogue.json', pretty(catalogue)],
    ['trust-lists.json', pretty(trust.lists)],
    [historyFile, historyText(history)],
    ['contexts/gradecert-v1.json', contextV1Text()],
    ['schemas/grade-certificate-v1.json', gradeCertificateSchemaText()],
    ['vct/grade-certificate-v1.json', typeMetadataText()],
    ...statements.map(
      ({ commitment, document }) => [`batches/${commitment}.json`, pretty(document)] as const,
    ),
    ['evidence.json', evidenceText],
    ...(page === undefined
      ? []
      : ([['verify.html', page({ trust: trustFileText(trust), evidence: evidenceText })]] as const)),
  ])
  for (const [path, text] of files) await writeFileWhole(`${out}/${path}`, text, { durable: true })
  return {
    out,
    files: [...files.keys()].sort(),
    freshUntil: lists.map((list) => list.freshUntil).reduce((a, b) => (b < a ? b : a)),
    revoked,
    suspended,
  }
}

/** Old keys stay listed for old signatures; from stolen ones nothing is to be counted. */
const publishedKeys = ({ keys, signer }: Workspace): readonly PublishedKey[] =>
  keys.map(({ method, multikey, compromisedSince }) => ({
    id: method,
    multikey,
    signs: method === signer.verificationMethod,
    ...(compromisedSince !== undefined && { revoked: compromisedSince }),
  }))

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** did:web without a path is read from `.well-known`. */
const didPath = (did: string): string => (did.split(':').length > 3 ? 'did.json' : '.well-known/did.json')
