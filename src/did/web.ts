/** did:web: where the document of a DID stands, and the document that an agency publishes (W3C CCG did:web). */
import { type Did, type DidUrl, isDid } from '../base/did-url.ts'
import type { Instant } from '../base/instant.ts'
import type { JsonObject } from '../base/json.ts'

/** The https URL of a did:web's document; `null` for hosts and paths that must not be asked. */
export function documentUrl(did: Did): string | null {
  const [, method, ...place] = did.split(':')
  const folder = method === 'web' ? folderUrl(place) : null
  return folder === null ? null : `${folder}/did.json`
}

/**
 * The https folder of `host[%3Aport]` and its path, as a DID lists them; `null` for hosts and paths that must not be
 * asked. Nothing is decoded but the colon before a port, and that only in its upper-case spelling: what could hide in
 * others is an IP address or a climb.
 */
export function folderUrl([host = '', ...path]: readonly string[]): string | null {
  const authority = host.replace(/%3A(\d{1,5})$/, ':$1')
  if (!isHost(authority) || !path.every(isSegment)) return null
  return `https://${[authority.toLowerCase(), ...(path.length === 0 ? ['.well-known'] : path)].join('/')}`
}

/** The https address of what a did:web agency publishes, without a slash at the end. */
export function siteUrl(did: Did): string | null {
  return documentUrl(did)?.replace(/(?:\/\.well-known)?\/did\.json$/, '') ?? null
}

/** The DID for `HOST[:PATH…]` as people type it, `null` where it is none. */
export function didOfHost(host: string): Did | null {
  const did = `did:web:${host.trim()}`
  // `host:8443` means a port to whoever types it; in a DID it would be a folder, and a port is written `host%3A8443`.
  const isPortMeant = /^[^:]+:\d+(:|$)/.test(host.trim())
  return isDid(did) && !isPortMeant && documentUrl(did) !== null ? did : null
}

/** A key as the document lists it. */
export interface PublishedKey {
  readonly id: DidUrl
  /** Multikey, `z6Mk…`. */
  readonly multikey: string
  /** Whether new signatures are by it, as by default; one that only old ones are by is listed for those. */
  readonly signs?: boolean
  /** From when on nobody is to count it (CID 1.0, section 2.2). */
  readonly revoked?: Instant | undefined
}

/** The document that `publish` writes. */
export function webDocument(did: Did, keys: readonly PublishedKey[]): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: keys.map(({ id, multikey, revoked }) => ({
      id,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multikey,
      ...(revoked !== undefined && { revoked }),
    })),
    assertionMethod: keys.map(({ id }) => id),
    authentication: keys.filter(({ signs = true }) => signs).map(({ id }) => id),
  }
}

/** A DNS name of letters, digits and hyphens with at least one dot and a last label that is not a number: never an IP. */
function isHost(authority: string): boolean {
  const [name = '', port] = authority.split(':')
  const labels = name.split('.')
  return (
    name.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) &&
    !/^(0x[0-9a-f]*|\d+)$/i.test(labels.at(-1) as string) &&
    (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535))
  )
}

/** One segment of the path. Percent-encoding is refused: what it could hide is `/`, `\` and `..`; a dot in front would name `.well-known` twice. */
const isSegment = (segment: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment)
