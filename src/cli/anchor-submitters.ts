/** The back-ends that a workspace has set up, ready to submit. */
import { resolve } from 'node:path'
import type { Submitter } from '../anchor/submitter.ts'
import { CertificateError } from '../base/errors.ts'
import type { AnchorSetting, AnchorSettings } from '../batch/anchor-settings.ts'
import type { Call } from './command.ts'
import { readPolicy } from './log.ts'
import { exchangeOf } from './network.ts'

export interface SubmittersOptions {
  /** The workspace. */
  readonly dir: string
  readonly settings: AnchorSettings
  readonly names: readonly string[]
  /** Files that a person brought: transactions and proofs from a wallet. */
  readonly given?: readonly string[]
}

export async function submittersFor(
  call: Call<object>,
  { dir, settings, names, given = [] }: SubmittersOptions,
): Promise<ReadonlyMap<string, Submitter>> {
  const made = await Promise.all(
    names.map(async (name) => {
      const setting = settings[name]
      if (setting === undefined) throw new CertificateError('anchor.unknown', { name })
      return [name, await rows[setting.kind](setting as never, { call, dir, given })] as const
    }),
  )
  return new Map(made)
}

interface Surroundings {
  readonly call: Call<object>
  readonly dir: string
  readonly given: readonly string[]
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
  evm: async () => {
    throw new CertificateError('anchor.unknown', { name: 'evm' })
  },
  bitcoin: async () => {
    throw new CertificateError('anchor.unknown', { name: 'bitcoin' })
  },
}

const words = {
  failed: { en: '{url} did not sign ({why}).', zh: '{url} 未签署（{why}）。' },
} as const
