/** The key that pays for transactions of an EVM chain, in a file that only its owner may read. */
import { type EvmSigner, evmSignerOfSecret } from '../anchor/evm-signer.ts'
import { fromHex, toHex } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { writeFileWhole } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { readGiven } from './command.ts'

const keyType = 'GradecertEvmKey'

/** @throws `carrier.not_found`, `anchor.file_malformed`, `anchor.evm_secret_malformed` */
export async function readEvmKey(path: string): Promise<EvmSigner> {
  const parsed = parseJson(new Uint8Array(await readGiven(path)))
  const { type, secretKeyHex } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  const secret = typeof secretKeyHex === 'string' ? fromHex(secretKeyHex) : null
  if (type !== keyType || secret === null)
    throw new CertificateError('anchor.file_malformed', { kind: keyType, what: path })
  return evmSignerOfSecret(secret)
}

/** Makes a key, or takes one that is known; the file must not be there yet. */
export async function writeEvmKey(
  path: string,
  secret = crypto.getRandomValues(new Uint8Array(32)),
): Promise<EvmSigner> {
  const isThere = await readGiven(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new CertificateError('cli.would_overwrite', { path })
  const signer = evmSignerOfSecret(secret)
  const file = { type: keyType, address: signer.address, secretKeyHex: toHex(secret) }
  await writeFileWhole(path, `${JSON.stringify(file)}\n`, { mode: 0o600, durable: true })
  return signer
}
