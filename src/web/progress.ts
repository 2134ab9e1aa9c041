/** How far it is, and what came out, in a line. */
import { filled } from '../base/visible.ts'
import type { Verdict } from '../verify/report.ts'
import type { State } from './state.ts'
import { pageWords } from './words.ts'

export function progressText(state: State): string {
  const { language, phase, expected, judged, fault } = state
  if (phase === 'waiting') return ''
  if (phase !== 'done')
    return expected === undefined
      ? pageWords.reading[language]
      : filled(pageWords.working[language], { done: judged.length, total: expected })
  if (fault !== undefined) return ''
  if (judged.length === 0)
    return state.asks.length > 0 || state.leftAlone.some(({ why }) => why === 'evidence_taken')
      ? ''
      : pageWords.nothing[language]
  const counts: Record<Verdict, number> = { valid: 0, invalid: 0, undetermined: 0 }
  for (const { report } of judged) counts[report.verdict]++
  const seconds = (state.ended - state.started) / 1000
  const rate =
    judged.length > 100
      ? ` ${filled(pageWords.rate[language], { rate: Math.round(judged.length / seconds) })}`
      : ''
  return `${filled(pageWords.ready[language], { ...counts, total: judged.length })}${rate}`
}
