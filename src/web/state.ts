/** What the page knows: everything that it shows follows from this. */
import type { Language } from '../base/message.ts'
import type { RosterPerson } from '../intake/roster.ts'
import type { Camera } from './camera.ts'
import type { Given, Left } from './messages.ts'
import type { Found } from './sources.ts'
import { firstTable, type Judged, type TableState } from './table-view.ts'

export interface State {
  language: Language
  /** What came with the page, then what the person loaded. */
  readonly builtIn: Given
  given: Given
  run: number
  found: Found
  judged: Judged[]
  leftAlone: Left[]
  expected: number | undefined
  /** `waiting` until something is given, `reading` until it is known what that holds. */
  phase: 'waiting' | 'reading' | 'judging' | 'done'
  /** Workers that have not finished. */
  atWork: number
  fault: string | undefined
  started: number
  ended: number
  /** Asks that wait for an answer of the person. */
  asks: Ask[]
  opened: Judged | undefined
  table: TableState
  roster: readonly RosterPerson[] | undefined
  camera: Camera | undefined
  isScanning: boolean
}

/** A file that says whom to trust, or which chains count: the person decides. */
export interface Ask {
  readonly kind: 'trust' | 'chains'
  readonly path: string
  readonly text: string
}

export const nothingFound: Found = { files: [], leftAlone: [] }

export const firstState = (builtIn: Given, language: Language): State => ({
  language,
  builtIn,
  given: { trust: [], evidence: [] },
  run: 0,
  found: nothingFound,
  judged: [],
  leftAlone: [],
  expected: undefined,
  phase: 'waiting',
  atWork: 0,
  fault: undefined,
  started: 0,
  ended: 0,
  asks: [],
  opened: undefined,
  table: firstTable,
  roster: undefined,
  camera: undefined,
  isScanning: false,
})
