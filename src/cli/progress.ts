/** Progress on standard error: one line drawn again on a terminal, a plain line now and then elsewhere. */

import { visible } from '../base/visible.ts'
import type { Call } from './command.ts'

export interface Progress {
  readonly step: () => void
  readonly end: () => void
}

/** Milliseconds between two drawings, and between two plain lines: a short run has none. */
const pauses = { terminal: 100, plain: 10_000 } as const

/** Says how far a run is, how fast, and how long the rest will take. Programs that asked for JSON hear nothing. */
export function progressOf({ io, options }: Call<unknown>, total: number): Progress {
  if (options.quiet || options.json || total === 0) return { step() {}, end() {} }
  const started = io.now()
  const pause = io.isTerminal ? pauses.terminal : pauses.plain
  let done = 0
  let drawn = io.isTerminal ? Number.NEGATIVE_INFINITY : started
  const draw = () => io.err(io.isTerminal ? `\r${lineOf()}\u001b[K` : `${lineOf()}\n`)
  const lineOf = () => {
    const seconds = (io.now() - started) / 1000
    const rate = seconds > 0 ? done / seconds : 0
    const left = rate > 0 ? (total - done) / rate : 0
    return visible(`${done}/${total}  ${Math.round(rate)}/s  ${clock(done < total ? left : seconds)}`)
  }
  return {
    step() {
      done++
      if (io.now() - drawn < pause) return
      drawn = io.now()
      draw()
    },
    end() {
      if (!io.isTerminal) return
      draw()
      io.err('\n')
    },
  }
}

/** `1:02:03`, `2:03`: of what is left while it goes on, of what it took at the end. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
