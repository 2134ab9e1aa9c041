/** Drafts for registry tests. */
import type { Instant } from '../../src/base/instant.ts'
import type { Draft, Drawn, SigningRecord } from '../../src/registry/registry.ts'
import { fullCertificate } from '../certificates.ts'

export const signing: SigningRecord = {
  created: '2026-01-25T01:00:00Z' as Instant,
  proofId: 'urn:uuid:5a0c0a3e-7c7b-4a5d-8f0a-0d9f3f1f7e11',
  suite: 'eddsa-rdfc-2022',
}

/** What a caller makes of the drawn numbers, told by a name. */
export const draftOf =
  (name: string, { number = `N-${name}`, replaces }: { number?: string; replaces?: string } = {}) =>
  (_drawn: Drawn): Draft => ({
    id: `urn:x:${name}`,
    number,
    certificate: fullCertificate,
    signing,
    ...(replaces !== undefined && { supersedes: { id: replaces, reason: 'data-correction' } }),
  })

/** All that an iteration gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
