/** `gradecert serve`: the workspace over HTTP, until somebody asks it to stop. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CertificateError } from '../base/errors.ts'
import type { JsonObject } from '../base/json.ts'
import { contextV1Text } from '../credential/published-texts.ts'
import { type EvidenceItem, mergeEvidence, readEvidence } from '../evidence/evidence.ts'
import { openWorkspace, type Settings, workspaceFiles } from '../issue/workspace.ts'
import { createApp } from '../server/app.ts'
import { folderSite } from '../server/folder-site.ts'
import { type ListenOptions, listen } from '../server/node.ts'
import { resultsIssuer } from '../server/results-issuer.ts'
import { isLoopback, type Tokens } from '../server/tokens.ts'
import { mergeTrust, readTrust } from '../trust/trust.ts'
import { readChainsFile } from './chains-file.ts'
import { type Command, clockOf, readFrom, readGiven } from './command.ts'
import { exitCodes } from './output.ts'

export interface ServeCommandOptions {
  readonly host: string
  readonly port: string
  readonly tokenFile?: string
  readonly open?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly trust: readonly string[]
  readonly evidence: readonly string[]
  readonly online?: boolean
  readonly bodyLimit?: string
  readonly chains?: string
}

export const serve: Command<ServeCommandOptions, []> = async (call) => {
  const { io, voice, options } = call
  const { host } = options
  const port = wholeNumber('--port', options.port, 65_535)
  const bodyLimit =
    options.bodyLimit === undefined
      ? undefined
      : wholeNumber('--body-limit', options.bodyLimit, Number.MAX_SAFE_INTEGER)
  clockOf(call) // a clock that cannot be read is said now, not at the first request
  const tokens = await tokensOf(options)
  const tls = await tlsOf(options)
  const trust =
    options.trust.length === 0
      ? undefined
      : mergeTrust(await Promise.all(options.trust.map((path) => readFrom(path, readTrust))))
  const evidence = await Promise.all(options.evidence.map((path) => readFrom(path, readEvidence)))
  const workspace = await openWorkspace(options.dir)
  try {
    const { settings, signer, registry } = workspace
    const app = createApp({
      issuer: {
        signers: [signer],
        registry,
        issueResults: resultsIssuer(workspace, { out: join(options.dir, 'out'), random: io.random }),
      },
      trust,
      chains: options.chains === undefined ? undefined : await readChainsFile(options.chains),
      evidence: mergeEvidence([...evidence, { items: [contextItem(settings)] }]),
      ...(options.online && { fetch: io.fetch }),
      clock: () => clockOf(call),
      random: io.random,
      tokens,
      site: folderSite(join(options.dir, workspaceFiles.publicFolder), basePath(settings)),
      ...(!options.quiet && { log: (line: string) => io.err(`${line}\n`) }),
      bodyLimit,
    })
    const server = await listen(app, { host, port, tls })
    voice.value({ url: server.url, host, port: server.port })
    voice.say(words.listening, { url: server.url })
    await (io.interrupted?.() ?? new Promise<never>(() => {})) // whoever cannot ask ends the process
    await server.stop()
    return exitCodes.fine
  } finally {
    workspace.registry.close()
  }
}

/** Our context under the agency's own address. */
const contextItem = ({ contextUrl }: Settings): EvidenceItem => ({
  kind: 'context',
  url: contextUrl,
  document: JSON.parse(contextV1Text()) as JsonObject, // our own text
})

/** A did:web with a path publishes below it. */
const basePath = ({ site }: Settings): string =>
  site === undefined ? '' : new URL(site).pathname.replace(/\/$/, '')

function wholeNumber(option: string, text: string, greatest: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number <= greatest) return number
  throw new CertificateError('cli.serve_number_malformed', { option, text })
}

async function tokensOf({ tokenFile, open, host }: ServeCommandOptions): Promise<Tokens> {
  if (tokenFile !== undefined) return readTokens(tokenFile)
  if (open !== true) throw new CertificateError('cli.serve_access_unsaid')
  if (!isLoopback(host)) throw new CertificateError('cli.serve_open_beyond_loopback', { host })
  return 'open'
}

/** One token a line, in a file that is its owner's alone. */
async function readTokens(path: string): Promise<readonly string[]> {
  const text = await readFrom(path, (bytes) => new TextDecoder().decode(bytes))
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw new CertificateError('cli.serve_token_file_shared', { path })
  const tokens = text.split(/\r?\n/).filter((line) => line !== '')
  if (tokens.length === 0) throw new CertificateError('cli.serve_token_file_empty', { path })
  return tokens
}

async function tlsOf({ tlsCert, tlsKey }: ServeCommandOptions): Promise<ListenOptions['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) throw new CertificateError('cli.serve_tls_incomplete')
  const [cert, key] = await Promise.all([tlsCert, tlsKey].map(readGiven))
  return { cert: String(cert), key: String(key) }
}

const words = {
  listening: { en: 'Listening at {url}; stop with Ctrl-C.', zh: '正在监听 {url}；按 Ctrl-C 停止。' },
} as const
