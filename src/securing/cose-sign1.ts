/** COSE_Sign1 (RFC 9052, section 4.2) with a key that its protected header names; nothing stands outside of what is signed. */
import { type Bytes, concat, utf8, utf8Text } from '../base/bytes.ts'
import { fromCbor, toCbor } from '../base/cbor.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import { type PublicKey, verifySignature } from '../key/public-key.ts'
import type { Signer } from '../key/signer.ts'

export interface CoseSign1 {
  /** A row of the table below. */
  readonly algorithm: SigningAlgorithm
  /** The name of the key among its issuer's. */
  readonly kid: string
  readonly payload: Bytes
  readonly signature: Bytes
  /** The bytes that were signed: `Sig_structure`, section 4.4. */
  readonly signingInput: Bytes
}

/** IANA COSE Algorithms by what we sign with: the first is what we write, the others say the same (RFC 9864). */
const coseAlgorithms: Readonly<Record<SigningAlgorithm, readonly number[]>> = {
  Ed25519: [-8, -19],
  'P-256': [-7, -9],
  'P-384': [-35, -51],
}

/** Section 3.1: labels of the header. */
const labels = { alg: 1, kid: 4 } as const
/** Tag 18 in one byte. */
const tag = 0xd2
/** Bytes of a name. */
const kidLimit = 256

/** A payload with its signature, tagged. */
export async function signCose(payload: Bytes, kid: string, signer: Signer): Promise<Bytes> {
  const header = toCbor(
    new Map<number, unknown>([
      [labels.alg, coseAlgorithms[signer.algorithm][0]],
      [labels.kid, utf8(kid)],
    ]),
  )
  const signature = await signer.sign(signingInputOf(header, payload))
  return concat(Uint8Array.of(tag), toCbor([header, new Map(), payload, signature]))
}

/** Takes a message apart; `null` where it is none of ours. */
export function openCose(bytes: Bytes): CoseSign1 | null {
  if (bytes[0] !== tag) return null
  const parts = fromCbor(bytes.slice(1))
  if (!Array.isArray(parts) || parts.length !== 4) return null
  const [header, open, payload, signature] = parts as readonly unknown[]
  if (!isBytes(header) || !isBytes(payload) || !isBytes(signature)) return null
  if (!(open instanceof Map) || open.size !== 0) return null
  const fields = fromCbor(header)
  if (!(fields instanceof Map) || fields.size !== 2) return null
  const [alg, name]: readonly unknown[] = [fields.get(labels.alg), fields.get(labels.kid)]
  const algorithm = (Object.keys(coseAlgorithms) as SigningAlgorithm[]).find((one) =>
    coseAlgorithms[one].some((number) => number === alg),
  )
  const kid = isBytes(name) && name.length <= kidLimit ? utf8Text(name) : null
  if (algorithm === undefined || kid === null) return null
  return { algorithm, kid, payload, signature, signingInput: signingInputOf(header, payload) }
}

/** Whether the key made it; a key of another algorithm did not. */
export async function verifyCose(message: CoseSign1, key: PublicKey): Promise<boolean> {
  const { algorithm, signingInput, signature } = message
  return key.algorithm === algorithm && verifySignature(key, signingInput, signature)
}

const signingInputOf = (header: Bytes, payload: Bytes): Bytes =>
  toCbor(['Signature1', header, new Uint8Array(), payload])

const isBytes = (value: unknown): value is Bytes => value instanceof Uint8Array
