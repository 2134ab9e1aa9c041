/**
 * The JSON-LD contexts we know. A context is known by the SHA-256 of its canonical JSON, never by its URL alone, and
 * nothing is fetched. The documents themselves are bundled and loaded when first needed; names, addresses and digests
 * are here.
 */
import { digestJson } from '../base/canonical.ts'
import type { Json, JsonObject } from '../base/json.ts'

/** Names of the contexts that our own documents use. */
export type ContextName = 'credentials/v2' | 'open-badges/3.0.3' | 'open-badges/extensions' | 'gradecert/v1'

/** Names of all contexts that are bundled. */
export type PinnedContextName =
  | ContextName
  | 'credentials/v1'
  | 'credentials/undefined-terms/v2'
  | 'open-badges/3.0.0'
  | 'open-badges/3.0.1'
  | 'open-badges/3.0.2'
  | 'data-integrity/v2'
  | 'multikey/v1'
  | 'ed25519-2020/v1'

export interface PinnedContext {
  readonly name: PinnedContextName
  /** The address that the standard, or the field's custom, gives it. */
  readonly url: string
  /** Lower-case hex SHA-256 of the canonical JSON. */
  readonly sha256: string
  /** Lower-case hex SHA-256 of the file as published, where a Recommendation states it: packages reformat their copies. */
  readonly fileSha256: string | undefined
  /** Rejects only where the part of the program that holds the documents cannot be loaded. */
  readonly load: () => Promise<JsonObject>
}

const pin = (name: PinnedContextName, url: string, sha256: string, fileSha256?: string): PinnedContext => ({
  name,
  url,
  sha256,
  fileSha256,
  load: async () => (await import('./context-documents.ts')).contextDocuments[name],
})

const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0'

/** One row per context. A test recomputes every digest from the package that carries it. */
export const pinnedContexts: readonly PinnedContext[] = [
  pin(
    'credentials/v2',
    'https://www.w3.org/ns/credentials/v2',
    'b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf',
    '59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734',
  ),
  pin(
    'credentials/v1',
    'https://www.w3.org/2018/credentials/v1',
    'b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247',
  ),
  pin(
    'credentials/undefined-terms/v2',
    'https://www.w3.org/ns/credentials/undefined-terms/v2',
    '3b11e1df8c618447e9f79f3737e3c30fc0841537eb95f36003742c633672bb9f',
  ),
  // Two files are in circulation under the address of 3.0.3. This is the one of the specification (April 2025); the one
  // of 1EdTech's validator (June 2026) adds two terms and is in no package yet.
  pin(
    'open-badges/3.0.3',
    `${openBadges}/context-3.0.3.json`,
    'c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99',
  ),
  pin(
    'open-badges/3.0.2',
    `${openBadges}/context-3.0.2.json`,
    'bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c',
  ),
  pin(
    'open-badges/3.0.1',
    `${openBadges}/context-3.0.1.json`,
    '8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5',
  ),
  pin(
    'open-badges/3.0.0',
    `${openBadges}/context.json`,
    '2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b',
  ),
  pin(
    'open-badges/extensions',
    `${openBadges}/extensions.json`,
    '15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7',
  ),
  pin(
    'data-integrity/v2',
    'https://w3id.org/security/data-integrity/v2',
    '7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305',
    '67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4',
  ),
  pin(
    'multikey/v1',
    'https://w3id.org/security/multikey/v1',
    'be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc',
    'ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597',
  ),
  pin(
    'ed25519-2020/v1',
    'https://w3id.org/security/suites/ed25519-2020/v1',
    'fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691',
  ),
  pin(
    'gradecert/v1',
    'https://w3id.org/gradecert/v1',
    '28adcc73fe06e1adbc7f9f51e212c6bd6f1a37253fb60d293f2da43a6d2a25d7',
  ),
]

export const contextUrls = Object.fromEntries(pinnedContexts.map(({ name, url }) => [name, url])) as Readonly<
  Record<PinnedContextName, string>
>

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
