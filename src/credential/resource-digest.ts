/** Digests that a credential states of a resource: `digestSRI` and `digestMultibase` (VCDM 2.0, section 5.3). */
import { type Bytes, equalBytes, fromBase64, fromMultibase } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { Json } from '../base/json.ts'
import { sha384, sha512 } from '../base/sha512.ts'

export interface StatedDigest {
  readonly algorithm: DigestAlgorithm
  readonly digest: Bytes
}

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** The length in bytes of a digest and, for multihash, the code that stands before length and digest. */
const algorithms: Readonly<
  Record<
    DigestAlgorithm,
    { readonly bytes: number; readonly code: number; readonly hash: (data: Bytes) => Bytes }
  >
> = {
  sha256: { bytes: 32, code: 0x12, hash: sha256 },
  sha384: { bytes: 48, code: 0x20, hash: sha384 },
  sha512: { bytes: 64, code: 0x13, hash: sha512 },
}
const algorithmNames = Object.keys(algorithms) as readonly DigestAlgorithm[]

const maxTokens = 8

/**
 * The digests of Subresource Integrity metadata: of the strongest algorithm that it names, since one of these has to
 * match. `null` where it is no such text.
 */
export function readSri(value: Json | undefined): readonly StatedDigest[] | null {
  if (typeof value !== 'string') return null
  const tokens = value.split(' ')
  if (tokens.length > maxTokens) return null
  const digests = tokens.map(readToken)
  if (digests.includes(null)) return null
  const read = digests as readonly StatedDigest[]
  const strongest = algorithmNames.findLast((name) => read.some(({ algorithm }) => algorithm === name))
  return read.filter(({ algorithm }) => algorithm === strongest)
}

function readToken(token: string): StatedDigest | null {
  const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]{43,86}={0,2})$/.exec(token)
  if (match === null) return null
  const algorithm = match[1] as DigestAlgorithm
  const digest = fromBase64(match[2] as string)
  return digest?.length === algorithms[algorithm].bytes ? { algorithm, digest } : null
}

/** Whether a value is integrity metadata of SHA-2 in standard base64. */
export const isSri = (value: Json | undefined): value is string => readSri(value) !== null

/** Whether bytes have the digest that the metadata states. */
export const matchesSri = (sri: string, bytes: Bytes): boolean =>
  readSri(sri)?.some((stated) => isDigestOf(stated, bytes)) === true

/** The digest of a multibase (`z`, `u`) multihash of SHA-2; `null` where it is none. */
export function readMultihash(value: Json | undefined): StatedDigest | null {
  const bytes = typeof value === 'string' && value.length <= 128 ? fromMultibase(value) : null
  if (bytes === null) return null
  const algorithm = algorithmNames.find((name) => algorithms[name].code === bytes[0])
  if (algorithm === undefined) return null
  const digest = bytes.slice(2)
  return bytes[1] === digest.length && digest.length === algorithms[algorithm].bytes
    ? { algorithm, digest }
    : null
}

export const isDigestOf = ({ algorithm, digest }: StatedDigest, bytes: Bytes): boolean =>
  equalBytes(algorithms[algorithm].hash(bytes), digest)
