/** Reasons for changing the status of a certificate, and what each may be used for. */
import reasonsFile from './data/status-reasons.json' with { type: 'json' }
import type { Labels } from './labels.ts'

/** What a reason does to a certificate. */
export type StatusEffect = 'revoked' | 'suspended' | 'superseded' | 'unchanged'

export interface StatusReason {
  readonly code: string
  readonly labels: Labels
  readonly basis: string
  readonly effect: StatusEffect
}

export const statusReasons: readonly StatusReason[] = reasonsFile.statusReasons.map((row) => ({
  code: row.code,
  labels: { 'zh-Hans': row.zh },
  basis: row.basis,
  effect: row.status as StatusEffect,
}))

export const findReason = (code: string): StatusReason | undefined =>
  statusReasons.find((reason) => reason.code === code)
