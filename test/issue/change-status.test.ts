import { beforeEach, describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import { changeStatus, reinstate, revoke, suspend } from '../../src/issue/change-status.ts'
import { memoryRegistry } from '../../src/registry/memory.ts'
import type { Registry, StatusChange } from '../../src/registry/registry.ts'
import { collect, draftOf } from '../registry/drafts.ts'

const now = '2026-03-01T09:00:00Z' as Instant
let registry: Registry
beforeEach(async () => {
  registry = memoryRegistry()
  await registry.reserve('key-a', draftOf('a', { number: 'N' }))
})

const revoked = [
  'cheating-serious',
  'cheating-grave',
  'fraudulent-materials',
  'identical-answers',
  'holder-request',
]

describe('a change of status', () => {
  test.each(revoked)('revokes for %s', async (reason) => {
    expect(await revoke('N', { registry, reason, now })).toEqual({
      number: 'N',
      id: 'urn:x:a',
      standing: 'revoked',
      reason,
      at: now,
    })
    expect(await collect(registry.statusChanges())).toEqual([
      { id: 'urn:x:a', kind: 'revoke', reason, at: now },
    ])
    expect(await registry.findByNumber('N')).toMatchObject({ standing: 'revoked' })
  })

  test('suspends, reinstates and revokes one after the other', async () => {
    const reason = 'under-investigation'
    expect(await suspend('N', { registry, reason, now })).toMatchObject({ standing: 'suspended', reason })
    expect(await reinstate('N', { registry, reason, now })).toMatchObject({ standing: 'live', reason })
    expect(await suspend('N', { registry, reason, now })).toMatchObject({ standing: 'suspended' })
    expect(await revoke('N', { registry, reason: 'cheating-grave', now })).toMatchObject({
      standing: 'revoked',
    })
    expect((await collect(registry.statusChanges())).map(({ kind }) => kind)).toEqual([
      'suspend',
      'reinstate',
      'suspend',
      'revoke',
    ])
  })

  test('changes the live certificate of a number and no earlier one', async () => {
    await registry.reserve('key-b', draftOf('b', { number: 'N', replaces: 'urn:x:a' }))
    expect(await revoke('N', { registry, reason: 'cheating-grave', now })).toMatchObject({ id: 'urn:x:b' })
    expect((await collect(registry.entries())).map(({ standing }) => standing)).toEqual([
      'superseded',
      'revoked',
    ])
  })

  test('is made now where no time is given', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const { at } = await revoke('N', { registry, reason: 'cheating-grave' })
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now())
  })
})

describe('a change of status is refused', () => {
  test.each<[kind: StatusChange['kind'], reason: string, reasons: readonly string[]]>([
    ['revoke', 'under-investigation', revoked],
    ['revoke', 'data-correction', revoked],
    ['revoke', 'agency-removed', revoked],
    ['revoke', 'because', revoked],
    ['suspend', 'cheating-grave', ['under-investigation']],
    ['suspend', '', ['under-investigation']],
    ['reinstate', 'cheating-grave', ['under-investigation']],
  ])('to %s for %j', async (kind, reason, reasons) => {
    await expect(changeStatus(kind, 'N', { registry, reason, now })).rejects.toMatchObject({
      code: 'status.reason_unknown',
      detail: { reason, reasons },
    })
    expect(await collect(registry.statusChanges())).toEqual([])
  })

  test('of a number that nobody has', async () => {
    await expect(revoke('M', { registry, reason: 'cheating-grave', now })).rejects.toMatchObject({
      code: 'status.number_unknown',
      detail: { number: 'M' },
    })
  })

  test('that its standing does not allow', async () => {
    const reason = 'under-investigation'
    await expect(reinstate('N', { registry, reason, now })).rejects.toMatchObject({
      code: 'status.not_possible',
      detail: { number: 'N', standing: 'live', change: 'reinstate' },
    })
    await revoke('N', { registry, reason: 'cheating-grave', now })
    for (const [change, kind] of [
      [suspend, 'suspend'],
      [reinstate, 'reinstate'],
    ] as const) {
      await expect(change('N', { registry, reason, now })).rejects.toMatchObject({
        code: 'status.not_possible',
        detail: { number: 'N', standing: 'revoked', change: kind },
      })
    }
  })
})
