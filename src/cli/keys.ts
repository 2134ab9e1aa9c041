/** `gradecert keys`: what keys a workspace has, a copy of them for the safe, and back from the copy. */
import { readdir } from 'node:fs/promises'
import type { DidUrl } from '../base/did-url.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded, writeFileWhole } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { keyFileText, readKey } from '../issue/workspace.ts'
import type { SigningAlgorithm } from '../key/algorithm.ts'
import { thumbprint } from '../key/public-key.ts'
import { generateSigner } from '../key/signer.ts'
import type { Command } from './command.ts'
import { exitCodes } from './output.ts'

export const listKeys: Command<object, []> = async ({ voice, options }) => {
  for (const file of await keyFiles(options.dir)) {
    if (!file.endsWith('.json')) continue
    const { verificationMethod, multikey, publicKey } = await readKey(options.dir, `keys/${file}`)
    const print = thumbprint(publicKey)
    voice.value({ file, verificationMethod, multikey, thumbprint: print })
    voice.line(`${file}\n  ${verificationMethod as DidUrl}\n  ${multikey}\n  thumbprint ${print}`)
  }
  return exitCodes.fine
}

export const exportKeys: Command<{ readonly out: string }, []> = async ({ voice, options }) => {
  const names = await keyFiles(options.dir)
  const files = Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readText(`${options.dir}/keys/${name}`)] as const),
    ),
  )
  await refuseOverwriting(options.out)
  await writeFileWhole(
    options.out,
    `${JSON.stringify({ type: bundleType, version: 1, files }, null, 2)}\n`,
    secretFile,
  )
  voice.value({ out: options.out, files: names })
  voice.say(words.exported, { count: names.length, out: options.out })
  return exitCodes.fine
}

export const importKeys: Command<object, [bundle: string]> = async ({ voice, options }, bundle) => {
  const parsed = parseJson(await readText(bundle))
  const files =
    parsed.ok && isObject(parsed.value) && parsed.value.type === bundleType ? parsed.value.files : null
  if (!isObject(files)) throw new CertificateError('cli.keys_malformed', { path: bundle })
  const written: string[] = []
  for (const [name, text] of Object.entries(files)) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name) || name.startsWith('.') || typeof text !== 'string') {
      throw new CertificateError('cli.keys_malformed', { path: bundle })
    }
    const path = `${options.dir}/keys/${name}`
    const present = await readText(path).catch(() => null)
    if (present === text) continue
    if (present !== null) throw new CertificateError('cli.would_overwrite', { path })
    await writeFileWhole(path, text, secretFile)
    written.push(name)
  }
  voice.value({ written })
  voice.say(words.imported, { count: written.length })
  return exitCodes.fine
}

/** A new key in a file of its own, for an authority that has no workspace. */
export const generateKey: Command<
  { readonly out: string; readonly algorithm: SigningAlgorithm },
  []
> = async ({ voice, options }) => {
  await refuseOverwriting(options.out)
  const signer = await generateSigner(options.algorithm)
  await writeFileWhole(options.out, keyFileText(signer), secretFile)
  voice.value({ out: options.out, verificationMethod: signer.verificationMethod })
  voice.say(words.generated, { did: signer.controller, out: options.out })
  return exitCodes.fine
}

const bundleType = 'GradecertKeys'
const secretFile = { mode: 0o600, durable: true }

const readText = async (path: string): Promise<string> => (await readFileBounded(path)).toString('utf8')

async function keyFiles(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(`${dir}/keys`)).sort()
  } catch (cause) {
    throw new CertificateError('workspace.not_found', { dir, file: 'keys/' }, { cause })
  }
}

async function refuseOverwriting(path: string): Promise<void> {
  const present = await readFileBounded(path).catch(() => null)
  if (present !== null) throw new CertificateError('cli.would_overwrite', { path })
}

const words = {
  exported: {
    en: '{count} files are in {out}. Whoever has it can sign as you: keep it offline.',
    zh: '{count} 个文件已导出到 {out}。持有者可以以您的名义签名，请离线保存。',
  },
  imported: { en: '{count} files were put back.', zh: '已恢复 {count} 个文件。' },
  generated: {
    en: 'The key of {did} is in {out}. Whoever has it can sign as you: keep it offline.',
    zh: '{did} 的密钥已写入 {out}。持有者可以以您的名义签名，请离线保存。',
  },
} as const
