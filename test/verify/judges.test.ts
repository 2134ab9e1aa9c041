import { expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { type EvidenceItem, evidenceFileText, noEvidence } from '../../src/evidence/evidence.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import { judgesBy } from '../../src/verify/judges.ts'
import { now, sceneOf } from './scene.ts'

const scene = await sceneOf()
const judges = judgesBy(noEvidence, (evidence) => judgeWith({ trust: scene.trust, evidence, now }))
/** Lists of the same status whose signatures do not hold. */
const forged = (count: number): readonly EvidenceItem[] =>
  Array.from({ length: count }, (_, i) => {
    const item = scene.evidence.items[i % scene.evidence.items.length] as EvidenceItem
    return { ...item, document: { ...(item.document as object), note: i } }
  })
const judged = async (items: readonly EvidenceItem[]) => {
  const { judge } = await judges([utf8(evidenceFileText({ items }))])
  return (await judge(utf8(scene.text))).verdict
}

test('a text is judged by the evidence that it brings, whatever else lies there', async () => {
  expect(await judged(scene.evidence.items)).toBe('valid')
  expect(await judged([...forged(100), ...scene.evidence.items])).toBe('valid')
})

test('a text that brings more than any certificate needs is judged at once, and as if it brought nothing', async () => {
  const many = utf8(evidenceFileText({ items: [...scene.evidence.items, ...forged(9990)] }))
  const started = performance.now()
  const { judge, evidence } = await judges([many])
  expect(evidence).toEqual(noEvidence)
  expect((await judge(utf8(scene.text))).verdict).toBe('undetermined')
  expect(performance.now() - started).toBeLessThan(2000)
})
