import { expect, test, vi } from 'vitest'
import { judged, onlyFormat, outcomesOf, sceneOf } from './scene.ts'

vi.mock('../../src/credential/schemas.ts', async (original) => ({
  ...(await original<typeof import('../../src/credential/schemas.ts')>()),
  gradeCertificateSchemaFault() {
    throw new RangeError('Maximum call stack size exceeded')
  },
}))

test('a library that throws below the judge leaves a certificate undetermined, never valid', async () => {
  const scene = await sceneOf()
  const report = await judged(scene)
  expect(report).toMatchObject({
    verdict: 'undetermined',
    checks: { format: { outcome: 'unknown', reason: 'internal_error', detail: 'RangeError' } },
  })
  expect(report).not.toHaveProperty('certificate')
  expect(report).not.toHaveProperty('claimed')
  expect(report.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(outcomesOf(report)).toEqual(onlyFormat('unknown internal_error'))
})
