/** Keys of fixed seeds for each algorithm, and tokens put together by hand for what a proper signer would not make. */
import { type Bytes, fromBase64url, toBase64url, utf8 } from '../../src/base/bytes.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { SigningAlgorithm } from '../../src/key/algorithm.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'

/** The seeds are 01 02 03 … */
const signerOf = (algorithm: SigningAlgorithm, size: number): GeneratedSigner =>
  signerOfSeed(
    Uint8Array.from({ length: size }, (_, i) => i + 1),
    { algorithm, verificationMethod: 'did:web:agency.example#k1' },
  )

export const signers: Readonly<Record<SigningAlgorithm, GeneratedSigner>> = {
  Ed25519: signerOf('Ed25519', 32),
  'P-256': signerOf('P-256', 32),
  'P-384': signerOf('P-384', 48),
}

/** A compact JWS of any header and payload, signed over exactly these. */
export async function tokenOf(
  header: JsonObject | string,
  payload: JsonObject | string,
  signer: GeneratedSigner = signers.Ed25519,
): Promise<string> {
  const encode = (part: JsonObject | string) =>
    toBase64url(utf8(typeof part === 'string' ? part : JSON.stringify(part)))
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`
}

export const bytesOf = (base64url: string): Bytes => fromBase64url(base64url) as Bytes
