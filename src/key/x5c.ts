/**
 * The certificate chains of a JWS header (RFC 7515, section 4.1.6): X.509 certificates (RFC 5280) up to a pinned root.
 * Read by our own few lines, so that a browser loads no library for them and the signatures meet the same strict checks
 * as all others. No certificate is looked up and no revocation is asked for: that is the caller's to decide.
 */
import { type Bytes, concat, equalBytes, fromBase64, toHex, utf8Text } from '../base/bytes.ts'
import { epoch, epochOf, type Instant } from '../base/instant.ts'
import type { Json } from '../base/json.ts'
import type { AlgorithmName } from './algorithm.ts'
import {
  constructedContext,
  context,
  type Der,
  readAll,
  readDer,
  tags,
  unsignedBytes,
  unsignedDigits,
  wholeBits,
} from './der.ts'
import { compress, type EcdsaCurve } from './ecdsa.ts'
import { isStrictKey } from './ed25519.ts'
import { type PublicKey, verifySignature } from './public-key.ts'
import { rsaKey } from './rsa.ts'

/** DER certificates, the signer's first. */
export type Chain = readonly Bytes[]

/** Reads `x5c`: one to eight certificates of up to 16 KiB, in base64 with padding (not base64url); `null` where it is anything else. */
export function readChain(x5c: Json): Chain | null {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > chainLimit) return null
  const chain = (x5c as readonly Json[]).flatMap((one) => {
    const bytes = typeof one === 'string' && one.length <= base64Limit ? fromBase64(one) : null
    return bytes === null || bytes.length === 0 || bytes.length > certificateLimit ? [] : [bytes]
  })
  return chain.length === x5c.length ? chain : null
}

const chainLimit = 8
/** Bytes. */
const certificateLimit = 16_384
/** Characters of so many bytes. */
const base64Limit = 4 * Math.ceil(certificateLimit / 3)

export type ChainFault =
  /** Not DER, not X.509 version 3, or twice the same extension. */
  | 'certificate_malformed'
  /** A key or a signature of a kind that we do not verify. */
  | 'certificate_algorithm'
  | 'certificate_not_yet_valid'
  | 'certificate_expired'
  /** A critical extension that we do not know: RFC 5280, section 4.2. */
  | 'certificate_extension'
  /** A leaf that may not sign, or an issuer that may not issue, or not so deep. */
  | 'certificate_use'
  | 'certificate_self_signed'
  /** A certificate that the next one did not issue. */
  | 'chain_broken'
  /** The last certificate is neither a pinned root nor issued by one. */
  | 'chain_root_unknown'

export type ChainResult =
  | {
      readonly ok: true
      readonly key: PublicKey
      /** What the certificate was issued for: its alternative names of the kinds dNSName and URI. */
      readonly names: readonly string[]
      /** The subject's common name: for people to read, never to decide by. */
      readonly commonName: string | undefined
    }
  | { readonly ok: false; readonly fault: ChainFault; readonly detail: string }

export interface ChainTrust {
  /** DER certificates that the caller trusts to issue, or to be the last of a chain. */
  readonly roots: readonly Bytes[]
  readonly now: Instant
}

/** Verifies a chain (RFC 5280, section 6.1, without policies and name constraints) and gives the key of its first certificate. */
export async function verifyChain(chain: Chain, { roots, now }: ChainTrust): Promise<ChainResult> {
  const read = chain.map(readCertificate)
  const bad = read.indexOf(null)
  if (chain.length === 0 || bad >= 0) return refuse('certificate_malformed', bad)
  const path = read as Certificate[]
  const last = path.at(-1)!
  const isPinned = roots.some((root) => equalBytes(root, last.whole))
  const candidates = isPinned ? [] : roots.flatMap((root) => readCertificate(root) ?? [])
  // A root that was renewed has two certificates for one key, of which one may be past its time.
  const usable = candidates.filter((one) => certificateFault(one, path.length, epoch(now)) === null)
  const root = (await firstIssuer(last, usable)) ?? (await firstIssuer(last, candidates))
  for (const [depth, one] of [...path, ...(root === null ? [] : [root])].entries()) {
    const fault = certificateFault(one, depth, epoch(now))
    if (fault !== null) return refuse(fault, depth)
    const issuer = path[depth + 1]
    if (issuer !== undefined && !(await issued(issuer, one))) return refuse('chain_broken', depth)
  }
  if (!isPinned && root === null) return refuse('chain_root_unknown', path.length - 1)
  const { key, names, commonName } = path[0]!
  return { ok: true, key: key as PublicKey, names, commonName } // a certificate without a key that we know was refused
}

const refuse = (fault: ChainFault, depth: number): ChainResult => ({
  ok: false,
  fault,
  detail: depth < 0 ? 'no certificate' : `certificate ${depth}`,
})

interface Certificate {
  readonly whole: Bytes
  /** What is signed. */
  readonly signed: Bytes
  /** `null` where it is of a kind that we do not verify. */
  readonly signature: { readonly algorithm: AlgorithmName; readonly bytes: Bytes } | null
  readonly key: PublicKey | null
  /** DER of the names. */
  readonly issuer: Bytes
  readonly subject: Bytes
  readonly commonName: string | undefined
  /** Milliseconds since 1970; both ends are included. */
  readonly notBefore: number
  readonly notAfter: number
  readonly isAuthority: boolean
  /** Authorities that may follow below it. */
  readonly pathLength: number
  /** The first byte of keyUsage, `null` where there is none. */
  readonly usage: number | null
  readonly names: readonly string[]
  readonly hasUnknownCritical: boolean
}

/** What a certificate has to be at its place; 0 is the signer's. */
function certificateFault(one: Certificate, depth: number, now: number): ChainFault | null {
  if (one.key === null || one.signature === null) return 'certificate_algorithm'
  if (now < one.notBefore) return 'certificate_not_yet_valid'
  if (now > one.notAfter) return 'certificate_expired'
  if (one.hasUnknownCritical) return 'certificate_extension'
  if (depth === 0) {
    if (equalBytes(one.issuer, one.subject)) return 'certificate_self_signed'
    return one.usage !== null && (one.usage & usages.digitalSignature) !== 0 ? null : 'certificate_use'
  }
  const mayIssue = one.usage === null || (one.usage & usages.keyCertSign) !== 0
  // Between it and the leaf there are depth - 1 authorities.
  return one.isAuthority && mayIssue && depth - 1 <= one.pathLength ? null : 'certificate_use'
}

/** RFC 5280, section 4.2.1.3: bit 0 is the highest of the first byte. */
const usages = { digitalSignature: 0x80, keyCertSign: 0x04 } as const

async function firstIssuer(
  one: Certificate,
  candidates: readonly Certificate[],
): Promise<Certificate | null> {
  for (const candidate of candidates) if (await issued(candidate, one)) return candidate
  return null
}

async function issued(
  { subject, key }: Certificate,
  { issuer, signed, signature }: Certificate,
): Promise<boolean> {
  if (
    key === null ||
    signature === null ||
    !equalBytes(subject, issuer) ||
    key.algorithm !== signature.algorithm
  ) {
    return false
  }
  return verifySignature(key, signed, signature.bytes)
}

/** RFC 5280, section 4.1. */
function readCertificate(whole: Bytes): Certificate | null {
  const outer = readDer(whole, tags.sequence)
  const [signed, algorithm, signatureValue, ...more] = membersOf(outer) ?? []
  if (!signed || !algorithm || !signatureValue || more.length > 0) return null
  const fields = signed.tag === tags.sequence ? readAll(signed.content) : null
  if (fields?.length !== 8) return null // version and extensions are always there; unique ids never are
  const [version, serial, inner, issuer, validity, subject, keyInfo, extensionList] = fields as Octet<Der>
  if (toHex(version.whole) !== 'a003020102' || serial.tag !== tags.integer) return null
  if (!equalBytes(inner.whole, algorithm.whole)) return null
  if ([issuer, validity, subject, keyInfo].some(({ tag }) => tag !== tags.sequence)) return null
  const [notBefore, notAfter] = readAll(validity.content)?.map(timeOf) ?? []
  const extensions = readExtensions(extensionList)
  const signature = wholeBits(signatureValue)
  if (
    typeof notBefore !== 'number' ||
    typeof notAfter !== 'number' ||
    extensions === null ||
    signature === null
  ) {
    return null
  }
  return {
    whole,
    signed: signed.whole,
    signature: signatureOf(algorithm, signature),
    key: keyOf(keyInfo),
    issuer: issuer.whole,
    subject: subject.whole,
    commonName: commonNameOf(subject),
    notBefore,
    notAfter,
    ...extensions,
  }
}

type Octet<T> = [T, T, T, T, T, T, T, T]

const membersOf = (value: Der | null): readonly Der[] | null =>
  value?.tag === tags.sequence ? readAll(value.content) : null

/** UTCTime and GeneralizedTime as section 4.1.2.5 wants them: to the second, in Z. */
function timeOf({ tag, content }: Der): number | null {
  const text = utf8Text(content) ?? ''
  const match =
    tag === tags.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
      : tag === tags.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
        : null
  if (match === null) return null
  const [, year = '', month, day, hour, minute, second] = match
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  return epochOf(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/**
 * The whole AlgorithmIdentifier in hex: RFC 5480, section 2.1.1, RFC 5758, section 3.2, RFC 8410, section 3 and RFC 4055,
 * sections 1.2 and 5. A digest is the one that goes with the curve, and for RSA it is SHA-256.
 */
const signatureAlgorithms: Readonly<Record<string, AlgorithmName>> = {
  '300506032b6570': 'Ed25519',
  '300a06082a8648ce3d040302': 'P-256',
  '300a06082a8648ce3d040303': 'P-384',
  '300d06092a864886f70d01010b0500': 'RSA',
}
const keyAlgorithms: Readonly<Record<string, AlgorithmName>> = {
  '300506032b6570': 'Ed25519',
  '301306072a8648ce3d020106082a8648ce3d030107': 'P-256',
  '301006072a8648ce3d020106052b81040022': 'P-384',
  '300d06092a864886f70d0101010500': 'RSA',
}

function signatureOf({ whole }: Der, value: Bytes): Certificate['signature'] {
  const algorithm = signatureAlgorithms[toHex(whole)]
  if (algorithm === undefined) return null
  if (algorithm === 'Ed25519' || algorithm === 'RSA') return { algorithm, bytes: value }
  const numbers = membersOf(readDer(value, tags.sequence))?.map((one) =>
    unsignedBytes(one, coordinateBytes[algorithm]),
  )
  const [r, s] = numbers ?? []
  return numbers?.length === 2 && r && s ? { algorithm, bytes: concat(r, s) } : null
}

const coordinateBytes: Readonly<Record<EcdsaCurve, number>> = { 'P-256': 32, 'P-384': 48 }

/** A point is written uncompressed (RFC 5480, section 2.2). */
function keyOf(keyInfo: Der): PublicKey | null {
  const [identifier, bits, ...more] = membersOf(keyInfo) ?? []
  const algorithm = identifier === undefined ? undefined : keyAlgorithms[toHex(identifier.whole)]
  const value = bits === undefined ? null : wholeBits(bits)
  if (algorithm === undefined || value === null || more.length > 0) return null
  if (algorithm === 'Ed25519') return isStrictKey(value) ? { algorithm, bytes: value } : null
  if (algorithm === 'RSA') {
    const [n, e, ...rest] = membersOf(readDer(value, tags.sequence))?.map(unsignedDigits) ?? []
    const bytes = n && e && rest.length === 0 ? rsaKey({ n, e }) : null
    return bytes === null ? null : { algorithm, bytes }
  }
  const size = coordinateBytes[algorithm]
  if (value[0] !== 4 || value.length !== 1 + 2 * size) return null
  const bytes = compress(algorithm, { x: value.slice(1, 1 + size), y: value.slice(1 + size) })
  return bytes === null ? null : { algorithm, bytes }
}

/** 2.5.4.3, the last of them. */
function commonNameOf(subject: Der): string | undefined {
  const attributes = (membersOf(subject) ?? [])
    .flatMap((set) => readAll(set.content) ?? [])
    .map((attribute) => membersOf(attribute) ?? [])
  const value = attributes.findLast(([type]) => type !== undefined && toHex(type.whole) === '0603550403')?.[1]
  return value?.tag === tags.utf8String || value?.tag === tags.printableString
    ? (utf8Text(value.content) ?? undefined)
    : undefined
}

type Extensions = Pick<Certificate, 'isAuthority' | 'pathLength' | 'usage' | 'names' | 'hasUnknownCritical'>

/** Section 4.2. What is not there is as if it said nothing; `null` where something is twice or unreadable. */
function readExtensions({ tag, content }: Der): Extensions | null {
  const list = tag === constructedContext(3) ? membersOf(readDer(content, tags.sequence)) : null
  if (list === null) return null
  let found: Extensions = {
    isAuthority: false,
    pathLength: Infinity,
    usage: null,
    names: [],
    hasUnknownCritical: false,
  }
  const seen = new Set<string>()
  for (const one of list) {
    const members = membersOf(one)
    const [oid, ...rest] = members ?? []
    const isCritical = rest.length === 2
    const value = rest.at(-1)
    // A DEFAULT is left out in DER, so a boolean that is there says true.
    if (oid?.tag !== tags.objectIdentifier || value?.tag !== tags.octetString || rest.length > 2) return null
    if (isCritical && toHex(rest[0]!.whole) !== '0101ff') return null
    const name = toHex(oid.content)
    if (seen.has(name)) return null
    seen.add(name)
    const reader = extensionReaders[name]
    const part =
      reader === undefined
        ? { hasUnknownCritical: found.hasUnknownCritical || isCritical }
        : reader(value.content)
    if (part === null) return null
    found = { ...found, ...part }
  }
  return found
}

/** By the content of the object identifier in hex. */
const extensionReaders: Readonly<Record<string, (value: Bytes) => Partial<Extensions> | null>> = {
  // 2.5.29.19 basicConstraints
  '551d13': (value) => {
    const members = membersOf(readDer(value, tags.sequence))
    if (members === null) return null
    if (members.length === 0) return {}
    const [authority, length, ...more] = members as [Der, ...Der[]]
    if (toHex(authority.whole) !== '0101ff' || more.length > 0) return null
    if (length === undefined) return { isAuthority: true }
    const pathLength = unsignedBytes(length, 1)?.[0]
    return pathLength === undefined ? null : { isAuthority: true, pathLength }
  },
  // 2.5.29.15 keyUsage
  '551d0f': (value) => {
    const [unused = 8, first] = readDer(value, tags.bitString)?.content ?? []
    return unused > 7 || first === undefined ? null : { usage: first }
  },
  // 2.5.29.17 subjectAltName
  '551d11': (value) => {
    const members = membersOf(readDer(value, tags.sequence))
    const texts = members
      ?.filter(({ tag }) => tag === context(2) || tag === context(6))
      .map(({ content }) => utf8Text(content))
    return texts?.every((text) => text !== null && /^[!-~]+$/.test(text))
      ? { names: texts as string[] }
      : null
  },
}
