/** How a certificate stands at a moment: what the registry says of it, then its own last day. */
import { dateIn, type Instant } from '../base/instant.ts'
import type { Entry, Standing } from './registry.ts'

export type StandingNow = Standing | 'expired'

/**
 * Where several are true, the one that a person has to know first: revoked, superseded, suspended, expired. A certificate
 * holds up to the end of its last day in its own zone.
 */
export function standingNow({ certificate, standing }: Entry, now: Instant): StandingNow {
  if (standing !== 'live' || !('validUntil' in certificate) || certificate.validUntil === undefined)
    return standing
  return dateIn(now, certificate.zone) > certificate.validUntil ? 'expired' : 'live'
}
