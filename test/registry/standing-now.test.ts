import { expect, test } from 'vitest'
import type { CalendarDate, Instant } from '../../src/base/instant.ts'
import type { Entry, Standing } from '../../src/registry/registry.ts'
import { type StandingNow, standingNow } from '../../src/registry/standing-now.ts'
import { fullCertificate } from '../certificates.ts'
import { draftOf } from './drafts.ts'

const entry = (standing: Standing, validUntil: string | undefined): Entry => ({
  ...draftOf('a')({ serial: 1, slot: 0 }),
  certificate: { ...fullCertificate, zone: '+08:00', validUntil: validUntil as CalendarDate | undefined },
  ...{ key: 'key', slot: 0, text: 'text', standing },
})

/** The whole table: the second column is a certificate whose last day is over. */
test.each<[standing: Standing, within: StandingNow, after: StandingNow]>([
  ['revoked', 'revoked', 'revoked'],
  ['superseded', 'superseded', 'superseded'],
  ['suspended', 'suspended', 'suspended'],
  ['live', 'live', 'expired'],
])('a certificate that is %s is %s within its time and %s after it', (standing, within, after) => {
  const now = '2026-06-01T00:00:00Z' as Instant
  expect(standingNow(entry(standing, '2026-12-31'), now)).toBe(within)
  expect(standingNow(entry(standing, undefined), now)).toBe(within)
  expect(standingNow(entry(standing, '2026-05-31'), now)).toBe(after)
})

test.each<[now: string, standing: StandingNow]>([
  ['2026-05-31T15:59:59Z', 'live'],
  ['2026-05-31T16:00:00Z', 'expired'],
])('the last day ends at midnight where the certificate was issued: at %s it is %s', (now, standing) => {
  expect(standingNow(entry('live', '2026-05-31'), now as Instant)).toBe(standing)
})
