/** Revocation, suspension and reinstatement by certificate number, each with a reason, each remembered for good. */
import { CertificateError } from '../base/errors.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import { findReason, type StatusEffect, statusReasons } from '../certificate/status-reason.ts'
import type { Registry, Standing, StatusChange } from '../registry/registry.ts'

export interface ChangeStatusOptions {
  readonly registry: Registry
  /** A code of the status reasons, `cheating-grave`. */
  readonly reason: string
  /** When it happened; now by default. */
  readonly now?: Instant | undefined
}

export interface Revocation {
  readonly number: string
  readonly id: string
  readonly standing: Standing
  readonly reason: string
  readonly at: Instant
}

/**
 * Revokes for good. Verifiers learn of it with the next `publish`.
 * @throws `status.number_unknown`, `status.reason_unknown`, `status.not_possible`
 */
export const revoke = (number: string, options: ChangeStatusOptions): Promise<Revocation> =>
  changeStatus('revoke', number, options)

/** Suspends until it is reinstated or revoked. @throws as `revoke` */
export const suspend = (number: string, options: ChangeStatusOptions): Promise<Revocation> =>
  changeStatus('suspend', number, options)

/** Ends a suspension; the reason is the one that no longer holds. @throws as `revoke` */
export const reinstate = (number: string, options: ChangeStatusOptions): Promise<Revocation> =>
  changeStatus('reinstate', number, options)

/** The effect that a reason must have for each change. */
const reasonFor: Readonly<Record<StatusChange['kind'], StatusEffect>> = {
  revoke: 'revoked',
  suspend: 'suspended',
  reinstate: 'suspended',
}

export async function changeStatus(
  kind: StatusChange['kind'],
  number: string,
  options: ChangeStatusOptions,
): Promise<Revocation> {
  checkReason(kind, options)
  const entry = await options.registry.findByNumber(number)
  if (entry === null) throw new CertificateError('status.number_unknown', { number })
  return change(kind, { number, id: entry.id }, options)
}

/** The same for a certificate that is named by its credential's id. @throws as `revoke` */
export async function changeStatusOfId(
  kind: StatusChange['kind'],
  id: string,
  options: ChangeStatusOptions,
): Promise<Omit<Revocation, 'number'>> {
  checkReason(kind, options)
  const { number: _, ...changed } = await change(kind, { number: id, id }, options)
  return changed
}

function checkReason(kind: StatusChange['kind'], { reason }: ChangeStatusOptions): void {
  if (findReason(reason)?.effect === reasonFor[kind]) return
  const reasons = statusReasons.filter(({ effect }) => effect === reasonFor[kind]).map(({ code }) => code)
  throw new CertificateError('status.reason_unknown', { reason, reasons })
}

async function change(
  kind: StatusChange['kind'],
  { number, id }: { readonly number: string; readonly id: string },
  { registry, reason, now = instantAt(Date.now()) }: ChangeStatusOptions,
): Promise<Revocation> {
  const result = await registry.changeStatus(id, { kind, reason, at: now })
  if (result.ok) return { number, id, standing: result.standing, reason, at: now }
  throw result.standing === 'absent'
    ? new CertificateError('status.number_unknown', { number })
    : new CertificateError('status.not_possible', { number, standing: result.standing, change: kind })
}
