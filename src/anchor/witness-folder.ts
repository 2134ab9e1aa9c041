/** A witness in a folder: its key, and the last head of each log that it signed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex, toHex, utf8 } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { withLock } from '../base/lock.ts'
import { type GeneratedSigner, signerOfSecret } from '../key/signer.ts'
import { cosigner } from './cosigner.ts'
import { isKeyName } from './note.ts'
import type { NoteSigner } from './note-signature.ts'
import type { WitnessState } from './witness.ts'

/** Makes a witness. Its key must sign for nothing else. @throws `log.origin_malformed`, `cli.would_overwrite` */
export async function createWitness(
  folder: string,
  { name, signer }: { readonly name: string; readonly signer: GeneratedSigner },
): Promise<NoteSigner> {
  if (!isKeyName(name)) throw new CertificateError('log.origin_malformed', { origin: name })
  const path = join(folder, settingsFile)
  const isThere = await readFile(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new CertificateError('cli.would_overwrite', { path })
  const settings = { type: 'GradecertWitness', version: 1, name, secretKeyMultibase: signer.exportSecret() }
  await writeFileWhole(path, `${JSON.stringify(settings)}\n`, secret)
  return cosigner(name, signer)
}

/** @throws `log.witness_unknown`, `anchor.file_malformed` */
export async function openWitness(folder: string): Promise<NoteSigner> {
  const bytes = await readFileBounded(join(folder, settingsFile)).catch((cause) => {
    throw new CertificateError('log.witness_unknown', { folder }, { cause })
  })
  const parsed = parseJson(new Uint8Array(bytes))
  const { type, name, secretKeyMultibase } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
  if (type !== 'GradecertWitness' || typeof name !== 'string' || typeof secretKeyMultibase !== 'string')
    throw new CertificateError('anchor.file_malformed', { kind: 'witness', what: folder })
  return cosigner(name, signerOfSecret(secretKeyMultibase))
}

/** Heads in files of their own. A file that cannot be read is no head of size 0: the witness says nothing then. */
export function witnessFolderState(folder: string): WitnessState {
  const pathOf = (origin: string) => join(folder, 'heads', toHex(sha256(utf8(origin))).slice(0, 32))
  return {
    async read(origin) {
      const path = `${pathOf(origin)}.json`
      const bytes = await readFileBounded(path).catch((error: { readonly code?: string }) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (bytes === null) return null
      const parsed = parseJson(new Uint8Array(bytes))
      const { size, root, ...named } = parsed.ok && isObject(parsed.value) ? parsed.value : {}
      const rootBytes = typeof root === 'string' ? fromHex(root) : null
      if (named.origin !== origin || !Number.isSafeInteger(size) || rootBytes?.length !== 32)
        throw new CertificateError('anchor.file_malformed', { kind: 'head of a witness', what: path })
      return { size: Number(size), root: rootBytes }
    },
    keep: (origin, { size, root }) =>
      writeFileWhole(
        `${pathOf(origin)}.json`,
        `${JSON.stringify({ origin, size, root: toHex(root) })}\n`,
        secret,
      ),
    alone: (origin, action) => withLock(`${pathOf(origin)}.lock`, action),
  }
}

const settingsFile = 'witness.json'
const secret = { mode: 0o600, durable: true } as const
