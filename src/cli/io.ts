/** What a command sees of the world: streams, clock, environment. Handed in, so that tests call commands in process. */
import type { Bytes } from '../base/bytes.ts'
import type { ExchangeFetch } from '../base/exchange.ts'
import type { Fetch } from '../base/fetch.ts'
import type { Random } from '../issue/random.ts'

export interface Io {
  /** Data for programs and people; one call may carry several lines. */
  readonly out: (text: string) => void
  /** Diagnostics and progress. */
  readonly err: (text: string) => void
  readonly stdin: () => Promise<Bytes>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly isTerminal: boolean
  /** Whether standard output is one, so that colours are seen. */
  readonly isOutTerminal?: boolean
  /** The network, for `--online` and `gather` only. */
  readonly fetch: Fetch
  /** The network for addresses that the person's own configuration names: logs, witnesses, calendars, nodes. */
  readonly exchange?: ExchangeFetch
  /** Resolves when somebody asks a command that runs for ever to stop. Asked for by such a command only. */
  readonly interrupted?: () => Promise<void>
  /** For tests: where ids come from. */
  readonly random?: Random
}
