import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CertificateDraft } from '../../src/certificate/certificate.ts'
import { type IssueOptions, issue } from '../../src/issue/issue.ts'
import { type GeneratedSigner, signerOfSeed } from '../../src/key/signer.ts'
import { at, day, rich, statusLists } from '../verify/scene.ts'

/** A signer that nothing was issued with, under the same key. */
const fresh = (): GeneratedSigner => signerOfSeed(new Uint8Array(32).fill(1))

const options = (signer: GeneratedSigner, change: Partial<IssueOptions> = {}): IssueOptions => ({
  signer,
  suite: 'eddsa-jcs-2022',
  created: at('2026-03-02T01:02:03Z'),
  proofId: 'urn:uuid:77777777-2222-4333-8444-555555555555',
  status: { index: 7, lists: statusLists },
  ...change,
})

/** A signer that has issued badges of one kind and knows it. */
async function knowing(): Promise<GeneratedSigner> {
  const signer = fresh()
  for (let i = 0; i < 3; i++) await issue(rich(), options(signer))
  return signer
}

const answer = (certificate: CertificateDraft, given: IssueOptions) =>
  issue(certificate, given).then(
    ({ text }) => text,
    (error: { readonly code?: string; readonly detail?: unknown }) => ({
      code: error.code,
      detail: error.detail,
    }),
  )

/** Ed25519 signs the same text with the same value, so both ways have to write the same bytes. */
async function expectSame(certificate: CertificateDraft, change: Partial<IssueOptions> = {}) {
  const known = await knowing()
  const one = await answer(certificate, options(known, change))
  expect(one).toEqual(await answer(certificate, options(fresh(), change)))
  return one
}

const [record] = rich().training
const holder = rich().holder

describe('a badge of a kind that was issued before is written as in full', () => {
  test.each<[what: string, certificate: CertificateDraft, change?: Partial<IssueOptions>]>([
    ['the same', rich()],
    [
      'another person',
      rich({ holder: { id: 'did:key:z6MkA', name: '阿依古丽·买买提', romanisedName: "O'NEIL-X" } }),
    ],
    ['a name outside the first plane', rich({ holder: { ...holder, name: '𠮷田' } })],
    ['a name with a quotation mark', rich({ holder: { ...holder, name: '王"小"明' } })],
    ['a name with a backslash', rich({ holder: { ...holder, name: '王\\明' } })],
    ['a name with a line separator', rich({ holder: { ...holder, name: '王\u2028明' } })],
    ['another id and number', rich({ id: 'urn:uuid:11111111-2222-4333-8444-666666666666', number: 'X-1' })],
    ['other scores', rich({ evaluation: { theory: 100, practical: 60.25 } })],
    [
      'another training record',
      rich({ training: [{ ...(record as NonNullable<typeof record>), id: 'urn:a:2' }] }),
    ],
    ['other hours', rich({ training: [{ ...(record as NonNullable<typeof record>), hours: 65 }] })],
    ['no training', rich({ training: [] })],
    ['another session', rich({ session: '2026-02' })],
    ['an end', rich({ validUntil: day('2029-03-01') })],
    ['a member without a value', rich({ validUntil: undefined })],
    ['no scores', rich({ evaluation: undefined })],
    ['no romanised name', rich({ holder: { id: holder.id, name: holder.name } })],
    ['another position', rich(), { status: { index: 131_071, lists: statusLists } }],
    ['no position', rich(), { status: undefined }],
    ['another list', rich(), { status: { index: 7, lists: { ...statusLists, suspension: 'urn:a:l' } } }],
    ['another time', rich(), { created: at('2026-03-02T01:02:04Z') }],
    ['another proof id', rich(), { proofId: 'urn:uuid:77777777-2222-4333-8444-666666666666' }],
    ['another context', rich(), { contextUrl: 'https://agency.example/context/v1' }],
    ['another schema', rich(), { schemaUrl: 'https://agency.example/schema.json' }],
    ['another suite', rich(), { suite: 'eddsa-rdfc-2022' }],
  ])('%s', async (_, certificate, change) => {
    expect(typeof (await expectSame(certificate, change))).toBe('string')
  })
})

describe('what could not be issued in full is not issued by its kind', () => {
  const withHolder = (change: object) => ({ ...rich(), holder: { ...holder, ...change } }) as CertificateDraft
  test.each<[what: string, certificate: CertificateDraft]>([
    ['a name with a mark that turns text around', withHolder({ name: '王\u202e明' })],
    ['half a character', withHolder({ name: '王\ud800' })],
    ['no name', withHolder({ name: '' })],
    ['a name that is a number', withHolder({ name: 7 })],
    ['a name that is a list', withHolder({ name: ['王'] })],
    ['a member that nobody knows', withHolder({ idNumber: '1' })],
    ['an id that is none', { ...rich(), id: 'urn:uuid:1' }],
    ['a number with a space', { ...rich(), number: 'a b' }],
    ['a number that is a number', { ...rich(), number: 7 } as unknown as CertificateDraft],
    ['a score below the pass mark', rich({ evaluation: { theory: 59, practical: 60 } })],
    ['a score beyond a hundred', rich({ evaluation: { theory: 100.5, practical: 60 } })],
    [
      'a score that is text',
      { ...rich(), evaluation: { theory: '81', practical: 60 } } as unknown as CertificateDraft,
    ],
    ['a score that is no number', rich({ evaluation: { theory: Number.NaN, practical: 60 } })],
    ['another issuer', rich({ issuer: { ...rich().issuer, id: 'did:web:other.example' as never } })],
    ['a day that is none', { ...rich(), validFrom: '2026-02-30' } as CertificateDraft],
  ])('%s', async (_, certificate) => {
    expect(await expectSame(certificate)).toHaveProperty('code')
  })

  test('nor by a kind of another key', async () => {
    const other = signerOfSeed(new Uint8Array(32).fill(9))
    await knowing()
    expect(await answer(rich(), options(other))).toHaveProperty('code', 'issue.wrong_signer')
  })

  test('nor what its caller changed after the first was issued', async () => {
    const signer = fresh()
    const award = structuredClone(rich().award) as { passMark: number }
    const draft = { ...rich(), award } as unknown as CertificateDraft
    for (let i = 0; i < 3; i++) await issue(draft, options(signer))
    award.passMark = 90
    expect(await answer(draft, options(signer))).toHaveProperty('code', 'issue.certificate_malformed')
  })
})

test('whatever people are called and whatever they scored, both ways write the same bytes', async () => {
  const known = await knowing()
  const score = fc.integer({ min: 0, max: 11_000 }).map((hundredths) => hundredths / 100)
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      score,
      score,
      fc.nat(131_071),
      async (name, theory, practical, index) => {
        const certificate = rich({ holder: { ...holder, name }, evaluation: { theory, practical } })
        const status = { index, lists: statusLists }
        const one = await answer(certificate, options(known, { status }))
        expect(one).toEqual(await answer(certificate, options(fresh(), { status })))
      },
    ),
    { numRuns: 300, seed: 20261124 },
  )
})
