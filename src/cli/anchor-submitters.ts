/** The back-ends that a workspace has set up, ready to submit. */
import { resolve } from 'node:path'
import type { ChainState } from '../anchor/chains.ts'
import type { Submitter } from '../anchor/submitter.ts'
import { CertificateError } from '../base/errors.ts'
import type { AnchorSetting, AnchorSettings } from '../batch/anchor-settings.ts'
import { type Call, readGiven } from './command.ts'
import { readEvmKey } from './evm-key.ts'
import { readPolicy } from './log.ts'
import { exchangeOf } from './network.ts'

export interface SubmittersOptions {
  /** The workspace. */
  readonly dir: string
  readonly settings: AnchorSettings
  readonly names: readonly string[]
  /** Files that a person brought: transactions and proofs from a wallet. */
  readonly given?: readonly string[]
  /** What the person trusts of chains: an anchor in a block that is not in them is put aside. */
  readonly chains?: ChainState | undefined
}

export async function submittersFor(
  call: Call<object>,
  { dir, settings, names, given = [], chains }: SubmittersOptions,
): Promise<ReadonlyMap<string, Submitter>> {
  const made = await Promise.all(
    names.map(async (name) => {
      const setting = settings[name]
      if (setting === undefined) throw new CertificateError('anchor.unknown', { name })
      return [name, await rows[setting.kind](setting as never, { call, dir, given, chains })] as const
    }),
  )
  return new Map(made)
}

interface Surroundings {
  readonly call: Call<object>
  readonly dir: string
  readonly given: readonly string[]
  readonly chains: ChainState | undefined
}

/** One row per kind of back-end; each is loaded when it is first needed. */
const rows: {
  readonly [Kind in AnchorSetting['kind']]: (
    setting: Extract<AnchorSetting, { kind: Kind }>,
    surroundings: Surroundings,
  ) => Promise<Submitter>
} = {
  async tlog({ log, policy, witnesses }, { call: { io, voice }, dir }) {
    const { openLog } = await import('../anchor/log-folder.ts')
    const { logSubmitter } = await import('../anchor/log-submitter.ts')
    return logSubmitter({
      log: await openLog(resolve(dir, log)),
      policy: await readPolicy(resolve(dir, policy)),
      witnesses,
      fetch: exchangeOf(io),
      failed: (url, why) => voice.warn(words.failed, { url, why }),
    })
  },
  async ots({ calendars, minimum }, { call: { io } }) {
    const { calendarSubmitter } = await import('../anchor/calendar.ts')
    return calendarSubmitter({ calendars, minimum, fetch: exchangeOf(io) })
  },
  async evm({ chain, rpc, key, depth }, { call: { io }, dir }) {
    const { evmSubmitter } = await import('../anchor/evm-submitter.ts')
    return evmSubmitter({
      chain,
      transport: { url: rpc, fetch: exchangeOf(io) },
      signer: await readEvmKey(resolve(dir, key)),
      ...(depth !== undefined && { depth }),
      now: io.now,
    })
  },
  async bitcoin({ chain }, { given, chains }) {
    const { bitcoinSubmitter } = await import('../anchor/bitcoin-submitter.ts')
    const files = await Promise.all(given.map(async (path) => new Uint8Array(await readGiven(path))))
    return bitcoinSubmitter({ chain, given: files, ...(chains && { chains }) })
  },
}

const words = {
  failed: { en: '{url} did not sign ({why}).', zh: '{url} 未签署（{why}）。' },
} as const
