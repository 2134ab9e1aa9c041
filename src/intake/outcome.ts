/** From two scores and the declared result to what is due. */
import { isPlaceholder } from './cell-text.ts'
import type { FindingCode } from './codes.ts'
import { meaningOf, type ResultMeaning } from './outcome-word.ts'
import type { Reading } from './reading.ts'
import type { Score } from './score.ts'

export interface OutcomeCells {
  readonly theory: Reading<Score>
  readonly practical: Reading<Score>
  /** `undefined` where the file has no such column. */
  readonly result: string | undefined
}

export interface Outcome {
  readonly code?: FindingCode
  /** Whether what is wrong with single scores still matters: not once the candidate was absent or disqualified. */
  readonly scoresCount: boolean
}

type Declared = ResultMeaning | 'empty' | 'unknown'

export function decideOutcome(cells: OutcomeCells): Outcome {
  const declared = declaredResult(cells.result)
  const scores = [cells.theory.value, cells.practical.value]
  const kinds = new Set(scores.map((score) => score?.kind))
  const allPoints = kinds.size === 1 && kinds.has('points')
  const passes = scores.every((score) => score?.kind === 'points' && score.passes)
  const row = outcomes.find(({ when }) => when({ declared, kinds, allPoints, passes }))
  if (row !== undefined) return row
  return {
    scoresCount: true,
    ...(declared === 'empty' && cells.result !== undefined && { code: 'RESULT_EMPTY' }),
  }
}

interface Situation {
  readonly declared: Declared
  readonly kinds: ReadonlySet<Score['kind'] | undefined>
  readonly allPoints: boolean
  readonly passes: boolean
}

/** The first row that fits decides. Where none does, both papers are passed and nothing speaks against it. */
const outcomes: readonly (Outcome & { readonly when: (situation: Situation) => boolean })[] = [
  {
    when: ({ declared, kinds }) => kinds.has('disqualified') && declared === 'pass',
    code: 'RESULT_CONFLICT',
    scoresCount: true,
  },
  {
    when: ({ declared, kinds }) => declared === 'disqualified' || kinds.has('disqualified'),
    code: 'DISQUALIFIED',
    scoresCount: false,
  },
  {
    when: ({ declared, kinds }) => declared === 'pending' || kinds.has('pending'),
    code: 'RESULT_PENDING',
    scoresCount: true,
  },
  {
    when: ({ declared }) => declared === 'unknown' || declared === 'exempt',
    code: 'RESULT_UNKNOWN',
    scoresCount: true,
  },
  {
    when: ({ declared, kinds, allPoints }) =>
      (kinds.has('absent') && declared === 'pass') || (declared === 'absent' && allPoints),
    code: 'RESULT_CONFLICT',
    scoresCount: true,
  },
  {
    when: ({ declared, kinds }) => kinds.has('absent') || declared === 'absent',
    code: 'ABSENT',
    scoresCount: false,
  },
  {
    // A score that is missing or cannot be read has a code of its own.
    when: ({ allPoints }) => !allPoints,
    scoresCount: true,
  },
  {
    when: ({ declared, passes }) => (declared === 'pass' && !passes) || (declared === 'fail' && passes),
    code: 'RESULT_CONFLICT',
    scoresCount: true,
  },
  { when: ({ passes }) => !passes, code: 'SCORE_BELOW_60', scoresCount: true },
]

function declaredResult(cell: string | undefined): Declared {
  const text = cell?.trim() ?? ''
  return isPlaceholder(text) ? 'empty' : (meaningOf(text) ?? 'unknown')
}
