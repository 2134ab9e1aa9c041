/** `gradecert witness`: signs the heads of others' logs, each only where it continues the last. */
import { readNoteKey } from '../anchor/note.ts'
import { vkeyOf } from '../anchor/note-signature.ts'
import { createWitness, openWitness, witnessFolderState } from '../anchor/witness-folder.ts'
import { CertificateError } from '../base/errors.ts'
import { epoch } from '../base/instant.ts'
import { generateSigner } from '../key/signer.ts'
import { listen } from '../server/node.ts'
import { createWitnessApp } from '../server/witness.ts'
import { type Command, clockOf } from './command.ts'
import { exitCodes } from './output.ts'

export const initWitness: Command<{ readonly name: string }, [folder: string]> = async (
  { voice, options },
  folder,
) => {
  const signer = await createWitness(folder, { name: options.name, signer: await generateSigner() })
  const vkey = vkeyOf(signer)
  voice.value({ folder, vkey })
  voice.say(words.made, { folder })
  voice.line(`witness ${options.name.replace(/[^A-Za-z0-9.-]/g, '-')} ${vkey}`)
  return exitCodes.fine
}

export interface ServeWitnessOptions {
  readonly log: readonly string[]
  readonly host: string
  readonly port: string
}

export const serveWitness: Command<ServeWitnessOptions, [folder: string]> = async (call, folder) => {
  const { io, voice, options } = call
  const port = /^\d{1,5}$/.test(options.port) ? Number(options.port) : Number.NaN
  if (!(port <= 65_535))
    throw new CertificateError('cli.serve_number_malformed', { option: '--port', text: options.port })
  if (options.log.length === 0) throw new CertificateError('log.none_to_witness')
  const logs = options.log.map((text) => {
    const key = readNoteKey(text)
    if (key?.algorithm !== 'Ed25519')
      throw new CertificateError('chain.value_malformed', { name: '--log', text })
    return key
  })
  const app = createWitnessApp({
    logs,
    signers: [await openWitness(folder)],
    state: witnessFolderState(folder),
    now: () => Math.floor(epoch(clockOf(call)) / 1000),
    ...(!options.quiet && { log: (line: string) => io.err(`${line}\n`) }),
  })
  const interrupted = io.interrupted?.() ?? new Promise<never>(() => {}) // whoever cannot ask ends the process
  const server = await listen(app, { host: options.host, port })
  voice.value({ url: server.url, port: server.port })
  voice.say(words.listening, { url: server.url })
  await interrupted
  await server.stop()
  return exitCodes.fine
}

const words = {
  made: { en: 'A witness in {folder}. Its line in a policy:', zh: '已在 {folder} 建立见证方。其策略行：' },
  listening: { en: 'Witness at {url}; stop with Ctrl-C.', zh: '见证服务位于 {url}；按 Ctrl-C 停止。' },
} as const
