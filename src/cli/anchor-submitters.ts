/** The back-ends that a workspace has set up, ready to submit. */
import type { Submitter } from '../anchor/submitter.ts'
import { CertificateError } from '../base/errors.ts'
import type { AnchorSetting, AnchorSettings } from '../batch/anchor-settings.ts'
import type { Call } from './command.ts'

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
  tlog: async () => {
    throw new CertificateError('anchor.unknown', { name: 'tlog' })
  },
  ots: async () => {
    throw new CertificateError('anchor.unknown', { name: 'ots' })
  },
  evm: async () => {
    throw new CertificateError('anchor.unknown', { name: 'evm' })
  },
  bitcoin: async () => {
    throw new CertificateError('anchor.unknown', { name: 'bitcoin' })
  },
}
