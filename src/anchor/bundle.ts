/** The file beside a certificate, `NAME.anchor.json`: its way into a batch, and where that batch was anchored. */
import {
  type Bytes,
  fromBase64,
  fromBase64url,
  toBase64,
  toBase64url,
  utf8,
  utf8Text,
} from '../base/bytes.ts'
import { asList, defined, isObject, type Json, type JsonObject, parseJson } from '../base/json.ts'
import { anchorSuite, carriesAnchors, type SubjectForm } from '../securing/subject.ts'
import {
  type Anchor,
  anchorLimits,
  bundleType,
  type ChainId,
  type HeaderProof,
  type HeaderSegment,
  isChainId,
} from './anchor.ts'
import { saltBytes } from './batch.ts'
import { pathBytes, readPath } from './path.ts'
import { type Inclusion, pathLimit, treeAlgorithm } from './tree.ts'

/** Bytes of a bundle have many spellings: they are never a name for anything. */
export interface AnchorBundle {
  readonly subject: {
    readonly of: SubjectForm
    /** 32 bytes, only to find the bundle by: what is judged is computed from the certificate. */
    readonly digest: Bytes
    readonly proof?: string
  }
  readonly salt: Bytes
  readonly inclusion: Inclusion
  /** At most 16. */
  readonly anchors: readonly (Anchor | UnknownAnchor)[]
}

/** An anchor of a kind that came after this version. */
export interface UnknownAnchor {
  readonly kind: 'unknown'
  readonly as: JsonObject
}

export type BundleReading =
  | { readonly ok: true; readonly bundle: AnchorBundle }
  /** `what` names the member that is wrong. */
  | { readonly ok: false; readonly what: string }

/** Reads the text of a bundle, strictly. Nothing in it is believed. */
export function readBundle(source: Bytes | string): BundleReading {
  const parsed = parseJson(source, { maxBytes: anchorLimits.bundleBytes })
  return parsed.ok ? bundleIn(parsed.value) : { ok: false, what: parsed.detail }
}

/** Reads a bundle from JSON that is parsed already. */
export function bundleIn(value: Json): BundleReading {
  if (!isObject(value) || value.type !== bundleType) return { ok: false, what: 'type' }
  if (value.version !== 1) return { ok: false, what: 'version' }
  const { type: _, version: __, subject, salt, batch, anchors, ...more } = value
  const other = Object.keys(more)[0]
  if (other !== undefined) return { ok: false, what: other.slice(0, 100) }
  const subjectRead = readSubject(subject)
  if (subjectRead === null) return { ok: false, what: 'subject' }
  const saltRead = typeof salt === 'string' ? fromBase64url(salt) : null
  if (saltRead?.length !== saltBytes) return { ok: false, what: 'salt' }
  const inclusion = readInclusion(batch)
  if (inclusion === null) return { ok: false, what: 'batch' }
  if (!Array.isArray(anchors) || anchors.length > anchorLimits.anchors) return { ok: false, what: 'anchors' }
  const read = (anchors as readonly Json[]).map(readAnchor)
  const wrong = read.indexOf(null)
  return wrong === -1
    ? {
        ok: true,
        bundle: {
          subject: subjectRead,
          salt: saltRead,
          inclusion,
          anchors: read.filter((anchor) => anchor !== null),
        },
      }
    : { ok: false, what: `anchors/${wrong}` }
}

/** The way into the batch alone, whatever the anchors are. Its hashes are as they are written: whoever goes it reads them. */
export interface WrittenPlace {
  readonly salt: string
  readonly index: number
  readonly size: number
  readonly path: readonly Json[]
}

/** `null` where it is malformed. */
export function placeIn({ type, version, salt, batch }: JsonObject): WrittenPlace | null {
  if (type !== bundleType || version !== 1 || typeof salt !== 'string' || !isObject(batch)) return null
  const { alg, index, size, path } = batch
  if (alg !== treeAlgorithm || Object.keys(batch).length !== 4 || !isPlace(index) || !isPlace(size))
    return null
  return Array.isArray(path) && path.length <= pathLimit
    ? { salt, index, size, path: path as readonly Json[] }
    : null
}

/** The text of a bundle, with a line break at its end. */
export function bundleText(bundle: AnchorBundle): string {
  const { anchors } = bundle
  const text = anchorTexts.get(anchors) ?? JSON.stringify(anchors.map(anchorJson))
  anchorTexts.set(anchors, text)
  return `${JSON.stringify(placeJson(bundle)).slice(0, -1)},"anchors":${text}}\n`
}

/** Certificates of one batch have the same anchors: they are written once. */
const anchorTexts = new WeakMap<AnchorBundle['anchors'], string>()

export const bundleJson = (bundle: AnchorBundle): JsonObject => ({
  ...placeJson(bundle),
  anchors: bundle.anchors.map(anchorJson),
})

/** Everything but the anchors. */
function placeJson({ subject, salt, inclusion }: AnchorBundle): JsonObject {
  return {
    type: bundleType,
    version: 1,
    subject: defined({
      of: subject.of,
      digest: `${digestPrefix}${toBase64url(subject.digest)}`,
      proof: subject.proof,
    }),
    salt: toBase64url(salt),
    batch: {
      alg: treeAlgorithm,
      index: inclusion.index,
      size: inclusion.size,
      path: inclusion.path.map(sharedBase64),
    },
  }
}

/**
 * A document with a bundle inside, as one more member of its proof set that signs nothing: no other proof covers it. One
 * that was there for the same proof is replaced.
 * `null` where the document has no proof of the id that the bundle names.
 */
export function withBundle(document: JsonObject, bundle: AnchorBundle): JsonObject | null {
  const proofs = asList(document.proof)
  const named = proofs.find((proof) => isObject(proof) && proof.id === bundle.subject.proof)
  if (bundle.subject.proof === undefined || !isObject(named)) return null
  const member = {
    type: 'DataIntegrityProof',
    cryptosuite: anchorSuite,
    proofPurpose: 'assertionMethod',
    previousProof: bundle.subject.proof,
    proofValue: `u${toBase64url(utf8(JSON.stringify(bundleJson(bundle))))}`,
  }
  const others = proofs.filter(
    (proof) => !isObject(proof) || !carriesAnchors(proof) || proof.previousProof !== bundle.subject.proof,
  )
  return { ...document, proof: [...others, member] }
}

/** The bundles inside a document; what is no bundle is left out: taking it away would change as little. */
export function bundlesWithin(document: JsonObject): readonly AnchorBundle[] {
  return asList(document.proof)
    .filter(isObject)
    .filter(carriesAnchors)
    .slice(0, anchorLimits.anchors)
    .flatMap(({ proofValue }) => {
      const bytes = typeof proofValue === 'string' && proofValue.startsWith('u') ? proofValue.slice(1) : ''
      const text = utf8Text(fromBase64url(bytes) ?? new Uint8Array(0))
      const read = text === null ? null : readBundle(text)
      return read?.ok ? [read.bundle] : []
    })
}

/** Certificates of one batch share most of their siblings: each is written once. */
function sharedBase64(hash: Bytes): string {
  const text = base64Texts.get(hash) ?? toBase64(hash)
  base64Texts.set(hash, text)
  return text
}

const base64Texts = new WeakMap<Bytes, string>()

const digestPrefix = 'sha-256:'
const headerBytes = 80

function readSubject(value: Json | undefined): AnchorBundle['subject'] | null {
  if (!isObject(value)) return null
  const { of, digest, proof, ...more } = value
  if (Object.keys(more).length > 0 || (of !== 'di-jcs' && of !== 'jwt')) return null
  if (typeof digest !== 'string' || !digest.startsWith(digestPrefix)) return null
  const bytes = fromBase64url(digest.slice(digestPrefix.length))
  if (bytes?.length !== 32 || (proof !== undefined && typeof proof !== 'string')) return null
  return { of, digest: bytes, ...(proof !== undefined && { proof }) }
}

function readInclusion(value: Json | undefined): Inclusion | null {
  if (!isObject(value) || value.alg !== treeAlgorithm) return null
  const { alg: _, index, size, path, ...more } = value
  const hashes = readHashes(path)
  if (!isPlace(index) || !isPlace(size) || hashes === null || Object.keys(more).length > 0) return null
  return { index, size, path: hashes }
}

function readHashes(value: Json | undefined): readonly Bytes[] | null {
  if (!Array.isArray(value) || value.length > pathLimit) return null
  const hashes = (value as readonly Json[]).map(readHash)
  return hashes.every((hash) => hash !== null) ? hashes : null
}

/** 32 bytes, or `null`. */
export function readHash(text: Json): Bytes | null {
  const hash = typeof text === 'string' ? fromBase64(text) : null
  return hash?.length === 32 ? hash : null
}

const isPlace = (value: Json | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

/** One row per kind of anchor: how it is written, and how it is read; `null` where it is malformed. */
const kinds: {
  readonly [Kind in Anchor['kind']]: {
    readonly write: (anchor: Extract<Anchor, { kind: Kind }>) => JsonObject
    readonly read: (value: JsonObject) => Extract<Anchor, { kind: Kind }> | null
  }
} = {
  tlog: {
    write: ({ proof }) => ({ kind: 'tlog', proof }),
    read: ({ proof, ...more }) =>
      typeof proof === 'string' && hasOnly(more, ['kind']) ? { kind: 'tlog', proof } : null,
  },
  ots: {
    write: ({ ots, headers, headerProofs }) =>
      defined({
        kind: 'ots',
        ots: toBase64(ots),
        headers: headers?.map(({ height, bytes }) => ({ height, headers: toBase64(bytes) })),
        headerProofs: headerProofs?.map((proof) => ({
          height: proof.height,
          ...headerProofJson(proof),
        })),
      }),
    read: ({ ots, headers, headerProofs, ...more }) => {
      const bytes = typeof ots === 'string' ? fromBase64(ots) : null
      if (bytes === null || !hasOnly(more, ['kind'])) return null
      const segments = readList(headers, (one) => {
        const height = one.height
        return isPlace(height) && hasOnly(one, ['height', 'headers'])
          ? readSegment(one.headers, height)
          : null
      })
      const proofs = readList(headerProofs, ({ height, ...one }) =>
        isPlace(height) ? readHeaderProof(one, height) : null,
      )
      if (segments === null || proofs === null) return null
      return {
        kind: 'ots',
        ots: bytes,
        ...(headers !== undefined && { headers: segments }),
        ...(headerProofs !== undefined && { headerProofs: proofs }),
      }
    },
  },
  path: {
    write: ({ chain, height, end, path, headers, headerProof, transaction }) =>
      defined({
        kind: 'path',
        chain,
        height,
        end,
        steps: toBase64(pathBytes(path)),
        headers: headers && toBase64(headers.bytes),
        headerProof: headerProof && headerProofJson(headerProof),
        tx: transaction,
      }),
    read: ({ chain, height, end, steps, headers, headerProof, tx, ...more }) => {
      const bytes = typeof steps === 'string' ? fromBase64(steps) : null
      const path = bytes === null ? null : readPath(bytes)
      if (path === null || !isChainId(chain) || !isPlace(height) || !hasOnly(more, ['kind'])) return null
      if ((end !== 'merkleRoot' && end !== 'blockHash') || (tx !== undefined && !isTransactionName(tx)))
        return null
      const segment = headers === undefined ? undefined : readSegment(headers, height)
      const proof = headerProof === undefined ? undefined : readHeaderProof(headerProof, height)
      if (segment === null || proof === null) return null
      return {
        kind: 'path',
        chain: chain as ChainId,
        height,
        end,
        path,
        ...(segment && { headers: segment }),
        ...(proof && { headerProof: proof }),
        ...(tx !== undefined && { transaction: tx }),
      }
    },
  },
}

/** Plain JSON of one anchor, as bundles and receipts hold it. */
export function anchorJson(anchor: Anchor | UnknownAnchor): JsonObject {
  switch (anchor.kind) {
    case 'tlog':
      return kinds.tlog.write(anchor)
    case 'ots':
      return kinds.ots.write(anchor)
    case 'path':
      return kinds.path.write(anchor)
    case 'unknown':
      return anchor.as
  }
}

/** Reads one anchor; `null` where it is malformed. */
export function readAnchor(value: Json): Anchor | UnknownAnchor | null {
  if (!isObject(value) || typeof value.kind !== 'string') return null
  const row = Object.hasOwn(kinds, value.kind) ? kinds[value.kind as Anchor['kind']] : undefined
  return row === undefined ? { kind: 'unknown', as: value } : row.read(value)
}

const headerProofJson = ({ header, index, size, path }: HeaderProof): JsonObject => ({
  header: toBase64(header),
  index,
  size,
  path: path.map(toBase64),
})

function readHeaderProof(value: Json, height: number): HeaderProof | null {
  if (!isObject(value)) return null
  const { header, index, size, path, ...more } = value
  const bytes = typeof header === 'string' ? fromBase64(header) : null
  const hashes = readHashes(path)
  if (bytes?.length !== headerBytes || !isPlace(index) || !isPlace(size) || hashes === null) return null
  return Object.keys(more).length > 0 ? null : { height, header: bytes, index, size, path: hashes }
}

function readSegment(value: Json | undefined, height: number): HeaderSegment | null {
  const bytes = typeof value === 'string' ? fromBase64(value) : null
  const isWhole = bytes !== null && bytes.length > 0 && bytes.length % headerBytes === 0
  return isWhole && bytes.length <= anchorLimits.headers * headerBytes ? { height, bytes } : null
}

/** A list of objects, read one by one; empty where it is absent, `null` where one is malformed. */
function readList<T>(value: Json | undefined, read: (one: JsonObject) => T | null): readonly T[] | null {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > anchorLimits.anchors) return null
  const all = (value as readonly Json[]).map((one) => (isObject(one) ? read(one) : null))
  return all.every((one) => one !== null) ? all : null
}

const hasOnly = (object: JsonObject, names: readonly string[]): boolean =>
  Object.keys(object).every((name) => names.includes(name))

const isTransactionName = (value: Json): value is string =>
  typeof value === 'string' && /^(?:0x)?[0-9a-f]{64}$/.test(value)
