/** Secured texts inside a presentation (VCDM 2.0, sections 4.13 and 4.14): an object whose id is a `data:` URL with the text. */
import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { contextUrls } from '../credential/contexts.ts'

export type EnvelopedMediaType = keyof typeof envelopeTypes

/** The type of the object around each. */
const envelopeTypes = {
  'application/vc+jwt': 'EnvelopedVerifiableCredential',
  'application/vc+sd-jwt': 'EnvelopedVerifiableCredential',
  'application/dc+sd-jwt': 'EnvelopedVerifiableCredential',
  'application/vp+jwt': 'EnvelopedVerifiablePresentation',
} as const

export interface Enveloped {
  readonly mediaType: EnvelopedMediaType
  readonly text: string
}

/** The object around a secured text, to stand in `verifiableCredential` or alone. */
export const enveloped = (text: string, mediaType: EnvelopedMediaType): JsonObject => ({
  '@context': contextUrls['credentials/v2'],
  id: `data:${mediaType},${text}`,
  type: envelopeTypes[mediaType],
})

export type EnvelopeFault =
  /** The object is of another shape, or says more than an envelope may: nothing signs it. */
  'envelope_malformed' | 'envelope_media_type' | 'envelope_too_large'

export type EnvelopeOpening =
  | ({ readonly ok: true } & Enveloped)
  | { readonly ok: false; readonly fault: EnvelopeFault; readonly detail: string }

/** Reads an envelope. What is in it is not looked at. */
export function openEnvelope(object: Json): EnvelopeOpening {
  if (!isObject(object)) return refuse('envelope_malformed', 'no object')
  const { '@context': context, id, type, ...more } = object
  const other = Object.keys(more)[0]
  if (other !== undefined) return refuse('envelope_malformed', other.slice(0, 100))
  if (only(context) !== contextUrls['credentials/v2']) return refuse('envelope_malformed', '@context')
  if (typeof id !== 'string') return refuse('envelope_malformed', 'id')
  if (id.length > idLimit) return refuse('envelope_too_large', `more than ${idLimit} characters`)
  const comma = id.indexOf(',')
  const [scheme, text] = [id.slice(0, Math.max(comma, 0)).toLowerCase(), id.slice(comma + 1)]
  const mediaType = mediaTypes.find((name) => scheme === `data:${name}`)
  if (mediaType === undefined) return refuse('envelope_media_type', scheme.slice(0, 100))
  if (only(type) !== envelopeTypes[mediaType]) return refuse('envelope_malformed', 'type')
  // What the serialisations are made of needs no escapes, so there are none to undo.
  return /^[\w.~-]+$/.test(text) ? { ok: true, mediaType, text } : refuse('envelope_malformed', 'id')
}

const mediaTypes = Object.keys(envelopeTypes) as readonly EnvelopedMediaType[]

/** Characters: a token of the greatest length and what stands before it. */
const idLimit = 1_048_576 + 64

/** A value that stands alone or as the only one of a list. */
const only = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value

const refuse = (fault: EnvelopeFault, detail: string): EnvelopeOpening => ({ ok: false, fault, detail })
