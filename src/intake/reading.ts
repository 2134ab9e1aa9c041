/** What reading one cell gives: a value, or the one code that says best why there is none, or both. */
import type { Detail } from '../base/message.ts'
import type { FindingCode } from './codes.ts'

export interface Reading<Value> {
  readonly value?: Value
  readonly code?: FindingCode
  readonly detail?: Detail
  /** The cell without noise, for telling equal rows where there is no value. */
  readonly normal?: string
  /** What the cell probably should say. Personal, so never part of a detail. */
  readonly suggested?: string
}

/** A value, with a notice where something had to be changed to get at it. */
export function read<Value>(value: Value, code?: FindingCode, detail?: Detail): Reading<Value> {
  return { value, ...(code !== undefined && { code }), ...(detail !== undefined && { detail }) }
}

export function fault(code: FindingCode, about: Omit<Reading<never>, 'value' | 'code'> = {}): Reading<never> {
  return { code, ...about }
}
