/** Progress on standard error, for terminals only. */
import type { Call } from './command.ts'

export interface Progress {
  readonly step: () => void
  readonly end: () => void
}

/** Redraws one line at most ten times a second; silent where nobody watches. */
export function progressOf({ io, options }: Call<unknown>, total: number): Progress {
  if (!io.isTerminal || options.quiet || options.json || total === 0) return { step() {}, end() {} }
  let done = 0
  let drawn = Number.NEGATIVE_INFINITY
  const draw = () => io.err(`\r${done}/${total}`)
  return {
    step() {
      done++
      if (io.now() - drawn < 100) return
      drawn = io.now()
      draw()
    },
    end() {
      draw()
      io.err('\n')
    },
  }
}
