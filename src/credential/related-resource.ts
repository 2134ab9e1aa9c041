/** Resources whose content a credential fixes by digest: `relatedResource` (VCDM 2.0, section 5.3). */
import { type Bytes, equalBytes, fromHex } from '../base/bytes.ts'
import { isUrl } from '../base/did-url.ts'
import { asList, isObject, type Json, type JsonObject } from '../base/json.ts'
import { pinnedContexts } from './contexts.ts'
import { isDigestOf, readMultihash, readSri, type StatedDigest } from './resource-digest.ts'

export interface RelatedResourceFault {
  readonly rule: 'VCDM-10' | 'VCDM-11'
  /** JSON Pointer into the document. */
  readonly pointer: string
  readonly problem: string
}

export type RelatedResourceResult =
  /** `unchecked` are those that are not at hand byte by byte, or whose digest is of a kind that we do not compute. */
  | { readonly ok: true; readonly checked: readonly string[]; readonly unchecked: readonly string[] }
  | ({ readonly ok: false } & RelatedResourceFault)

const maxResources = 100

/** VCDM-10: what is wrong with the entries themselves. */
export function relatedResourceShapeFault(document: JsonObject): RelatedResourceFault | null {
  const faultAt = (pointer: string, problem: string): RelatedResourceFault => ({
    rule: 'VCDM-10',
    pointer: `/relatedResource${pointer}`,
    problem,
  })
  const entries = asList(document.relatedResource)
  if (document.relatedResource !== undefined && entries.length === 0) return faultAt('', 'no resource')
  if (entries.length > maxResources) return faultAt('', `more than ${maxResources} resources`)
  const seen = new Set<string>()
  for (const [i, entry] of entries.entries()) {
    const at = Array.isArray(document.relatedResource) ? `/${i}` : ''
    if (!isObject(entry)) return faultAt(at, 'not an object')
    if (!isUrl(entry.id)) return faultAt(`${at}/id`, 'not a URL')
    if (seen.has(entry.id)) return faultAt(`${at}/id`, 'named twice')
    seen.add(entry.id)
    const { digestSRI, digestMultibase, mediaType } = entry
    if (digestSRI === undefined && digestMultibase === undefined) return faultAt(at, 'no digest')
    for (const value of asList(digestSRI)) {
      if (readSri(value) === null)
        return faultAt(`${at}/digestSRI`, 'not integrity metadata in standard base64')
    }
    for (const value of asList(digestMultibase)) {
      if (typeof value !== 'string' || !/^[zu][A-Za-z0-9_-]+$/.test(value)) {
        return faultAt(`${at}/digestMultibase`, 'not multibase of base58btc or base64url')
      }
    }
    if (mediaType !== undefined && (typeof mediaType !== 'string' || !mediaTypeSyntax.test(mediaType))) {
      return faultAt(`${at}/mediaType`, 'not a media type')
    }
  }
  return null
}

const mediaTypeSyntax =
  /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(;[ -~]{1,200})?$/

/**
 * VCDM-10 and VCDM-11: whether the resources that are at hand have the digests that the document states. `resources` are
 * bytes by URL. Of contexts that are bundled the published file is known by its SHA-256 only, so another digest of theirs
 * stays unchecked.
 */
export function checkRelatedResources(
  document: JsonObject,
  resources: ReadonlyMap<string, Bytes>,
): RelatedResourceResult {
  const shape = relatedResourceShapeFault(document)
  if (shape !== null) return { ok: false, ...shape }
  const checked: string[] = []
  const unchecked: string[] = []
  for (const [i, entry] of asList(document.relatedResource).entries()) {
    const { id, digestSRI, digestMultibase } = entry as JsonObject & { id: string } // by its shape
    const holds = [
      ...sriResults(digestSRI, id, resources),
      ...multihashResults(digestMultibase, id, resources),
    ]
    if (holds.includes(false)) {
      const at = Array.isArray(document.relatedResource) ? `/${i}` : ''
      return {
        ok: false,
        rule: 'VCDM-11',
        pointer: `/relatedResource${at}`,
        problem: `${id} is not what the credential states`,
      }
    }
    const list = holds.includes(null) ? unchecked : checked
    list.push(id)
  }
  return { ok: true, checked, unchecked }
}

/** `null` is what could not be found out. */
type Holds = boolean | null
type Resources = ReadonlyMap<string, Bytes>

const sriResults = (value: Json | undefined, id: string, resources: Resources): readonly Holds[] =>
  asList(value).map((sri) => {
    const results = (readSri(sri) ?? []).map((stated) => holdsFor(stated, id, resources))
    return results.includes(true) || (results.includes(null) ? null : false)
  })

const multihashResults = (value: Json | undefined, id: string, resources: Resources): readonly Holds[] =>
  asList(value).map((text) => {
    const stated = readMultihash(text)
    return stated === null ? null : holdsFor(stated, id, resources)
  })

function holdsFor(stated: StatedDigest, id: string, resources: Resources): Holds {
  const bytes = resources.get(id)
  if (bytes !== undefined) return isDigestOf(stated, bytes)
  const published = pinnedContexts.find(({ url }) => url === id)?.fileSha256
  if (published === undefined || stated.algorithm !== 'sha256') return null
  return equalBytes(stated.digest, fromHex(published) as Bytes)
}
