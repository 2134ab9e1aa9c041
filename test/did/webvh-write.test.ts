import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasCode } from '../../src/base/coded-error.ts'
import type { Did } from '../../src/base/did-url.ts'
import { instantAt } from '../../src/base/instant.ts'
import { findMethod } from '../../src/did/document.ts'
import { webDocument } from '../../src/did/web.ts'
import { resolveWebvh } from '../../src/did/webvh.ts'
import { readLog } from '../../src/did/webvh-log.ts'
import { nextKeyHash } from '../../src/did/webvh-parameters.ts'
import { addWitnessProof, createWebvh, updateWebvh, witnessProof } from '../../src/did/webvh-write.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { day, instant, now, signerOf, stateOf } from './logs.ts'

const [one, two, three, four] = [signerOf(1), signerOf(2), signerOf(3), signerOf(4)]
const start = (more: object = {}) =>
  createWebvh({
    location: 'agency.example',
    document: (did) => webDocument(did, [{ id: `${did}#k1`, multikey: four.multikey }]),
    signer: one,
    now: day(1),
    ...more,
  })

/** The code, and of a refused log the fault. */
const refusal = async (written: Promise<unknown>): Promise<unknown> => {
  try {
    await written
    return 'none'
  } catch (error) {
    return hasCode(error, 'did.log_refused')
      ? error.detail.fault
      : hasCode(error, 'did.signer_unfit') && 'unfit'
  }
}

describe('a log that we write', () => {
  test('has a known text, whose hashes and signatures were also checked by another program', async () => {
    const known = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
    const made = await start({
      location: 'agency.example:webvh',
      document: (did: Did) => ({
        '@context': ['https://www.w3.org/ns/did/v1'],
        id: did,
        verificationMethod: [
          { id: `${did}#k1`, type: 'Multikey', controller: did, publicKeyMultibase: signerOf(9).multikey },
        ],
        assertionMethod: [`${did}#k1`],
      }),
      witness: { threshold: 1, witnesses: [three.controller] },
    })
    const next = await updateWebvh(made.log, { signer: one, updateKeys: [two.multikey], now: day(2) })
    expect(next.log).toBe(known('known.did.jsonl'))
    const approval = await witnessProof(next.versionId, {
      signer: three,
      now: instant('2026-03-02T10:00:00Z'),
    })
    expect(JSON.parse(addWitnessProof(undefined, approval))).toEqual(
      JSON.parse(known('known.did-witness.json')),
    )
  })

  test('gives its document and key under the DID that it made', async () => {
    const { did, log } = await start({ location: 'agency.example%3A8443:a' })
    expect(did).toMatch(/^did:webvh:Qm\w{44}:agency\.example%3A8443:a$/)
    const found = await resolveWebvh(did, log, { now })
    if (!found.ok) throw new Error(found.fault)
    expect(findMethod(found.document, `${did}#k1`, 'assertionMethod')).toMatchObject({ key: four.publicKey })
  })

  test('WVH-6: rotates to announced keys, ends that, and then the DID', async () => {
    const made = await start({ nextKeyHashes: [nextKeyHash(two.multikey)] })
    const rotated = await updateWebvh(made.log, {
      signer: two,
      updateKeys: [two.multikey],
      nextKeyHashes: [nextKeyHash(three.multikey)],
      now: day(2),
    })
    const plain = await updateWebvh(rotated.log, {
      signer: three,
      updateKeys: [three.multikey],
      nextKeyHashes: [],
      now: day(3),
    })
    const ended = await updateWebvh(plain.log, { signer: three, deactivate: true, now: day(4) })
    expect(await readLog(ended.log, { now })).toMatchObject({
      ok: true,
      versions: [
        { parameters: { updateKeys: [one.multikey] } },
        { parameters: { updateKeys: [two.multikey] } },
        { parameters: { updateKeys: [three.multikey], nextKeyHashes: [] } },
        { parameters: { updateKeys: [], deactivated: true } },
      ],
    })
    expect(await resolveWebvh(made.did, ended.log, { now })).toMatchObject({ fault: 'did_deactivated' })
    expect(await refusal(updateWebvh(ended.log, { signer: three, now: day(5) }))).toBe(
      'entry_after_deactivation',
    )
  })

  test('goes on from a log without a line break at its end', async () => {
    const { log } = await start()
    const next = await updateWebvh(log.trimEnd(), { signer: one, now: day(2) })
    expect(next.log).toBe((await updateWebvh(log, { signer: one, now: day(2) })).log)
  })

  test('WVH-7: moves and says where it was', async () => {
    const { did, log } = await start({ portable: true })
    const moved = did.replace('agency', 'new') as Did
    const document = { ...webDocument(moved, []), alsoKnownAs: [did] }
    const next = await updateWebvh(log, { signer: one, document, now: day(2) })
    expect(next.did).toBe(moved)
    expect(await resolveWebvh(did, next.log, { now })).toMatchObject({ ok: true, document })
  })

  test('WVH-8: holds once its witnesses have approved it, and not before', async () => {
    const witness = { threshold: 2, witnesses: [two.controller, three.controller, four.controller] }
    const made = await start({ witness })
    const next = await updateWebvh(made.log, { signer: one, now: day(2) })
    let witnesses: string | undefined
    const holds = async () => (await readLog(next.log, { now, witnesses })).ok
    expect(await holds()).toBe(false)
    witnesses = addWitnessProof(witnesses, await witnessProof(made.versionId, { signer: two, now: day(1) }))
    witnesses = addWitnessProof(witnesses, await witnessProof(next.versionId, { signer: two, now: day(2) }))
    witnesses = addWitnessProof(witnesses, await witnessProof(next.versionId, { signer: two, now: day(3) }))
    expect(await holds()).toBe(false)
    witnesses = addWitnessProof(witnesses, await witnessProof(next.versionId, { signer: three, now: day(2) }))
    expect(await holds()).toBe(true)
    expect(JSON.parse(witnesses)).toEqual([
      { versionId: made.versionId, proof: [expect.objectContaining({ created: day(1) })] },
      {
        versionId: next.versionId,
        proof: [expect.objectContaining({ created: day(3) }), expect.objectContaining({ created: day(2) })],
      },
    ])
    const ended = await updateWebvh(next.log, { signer: one, witness: null, now: day(3) })
    expect(JSON.parse(ended.log.trim().split('\n').at(-1) as string).parameters).toEqual({ witness: {} })
  })
})

describe('what our own reader would refuse is not written', () => {
  const made = start()
  const update = async (more: object) =>
    refusal(updateWebvh((await made).log, { signer: one, now: day(2), ...more }))

  test.each<[what: string, written: () => Promise<unknown>, fault: string]>([
    ['a host that is an IP address', () => refusal(start({ location: '127.0.0.1' })), 'state_malformed'],
    [
      'a host as people type a port',
      () => refusal(start({ location: 'agency.example:8443/a' })),
      'state_malformed',
    ],
    [
      'a document of somebody else',
      () => refusal(start({ document: () => stateOf('did:web:a.example') })),
      'state_malformed',
    ],
    ['a key that is no text', () => refusal(start({ updateKeys: [1] })), 'parameters_malformed'],
    [
      'keys without the signer’s',
      () => refusal(start({ updateKeys: [two.multikey] })),
      'proof_key_not_active',
    ],
    [
      'a witness of another method',
      () => refusal(start({ witness: { threshold: 1, witnesses: ['did:web:a.example'] } })),
      'witness_malformed',
    ],
    ['an entry of the moment of the last', () => update({ now: day(1) }), 'time_not_increasing'],
    ['an entry by a stranger', () => update({ signer: two }), 'proof_key_not_active'],
    [
      'a move of what may not move',
      () => update({ document: stateOf('did:webvh:x:a.example') }),
      'scid_of_another',
    ],
    [
      'an entry after a log that does not hold',
      () => refusal(updateWebvh('{}', { signer: one, now })),
      'entry_malformed',
    ],
    [
      'an end where keys are announced',
      async () => {
        const { log } = await start({ nextKeyHashes: [nextKeyHash(two.multikey)] })
        return refusal(updateWebvh(log, { signer: one, deactivate: true, now: day(2) }))
      },
      'pre_rotation_incomplete',
    ],
    [
      'a proof in a file that is none',
      () => refusal((async () => addWitnessProof('{}', await witnessProof('1-x', { signer: one, now })))()),
      'witness_file_malformed',
    ],
  ])('%s', async (_what, written, fault) => {
    expect(await written()).toBe(fault)
  })

  const p256 = signerOfSeed(new Uint8Array(32).fill(1), { algorithm: 'P-256' })
  const named = signerOfSeed(new Uint8Array(32).fill(1), { verificationMethod: 'did:web:agency.example#k1' })
  test.each([
    ['of another algorithm', p256],
    ['named by another DID', named],
  ])('a signer %s', async (_what, signer) => {
    expect(await refusal(start({ signer }))).toBe('unfit')
    expect(await update({ signer })).toBe('unfit')
    expect(await refusal(witnessProof('1-x', { signer, now }))).toBe('unfit')
  })
})

describe('any history', () => {
  const keys = Array.from({ length: 6 }, (_, i) => signerOf(i + 10))
  const step = fc.record({
    rotateTo: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    announce: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    name: fc.string({ unit: 'grapheme', maxLength: 20 }),
    seconds: fc.integer({ min: 1, max: 100_000 }),
  })

  test('that is written is read again, every version of it as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        let signer = keys[0]!
        let announced: number | undefined
        let at = Date.UTC(2026, 0, 1)
        let written = await start({ signer, now: instantAt(at) })
        const documents = [
          { ...webDocument(written.did, [{ id: `${written.did}#k1`, multikey: four.multikey }]) },
        ]
        for (const { rotateTo, announce, name, seconds } of steps) {
          at += seconds * 1000
          const before = signer
          const next = keys[announced ?? rotateTo ?? keys.indexOf(signer)]!
          const isPreRotated = announced !== undefined
          const document = stateOf(written.did, { name })
          written = await updateWebvh(written.log, {
            signer: isPreRotated ? next : before,
            document,
            updateKeys: [next.multikey],
            nextKeyHashes: announce === undefined ? [] : [nextKeyHash(keys[announce]!.multikey)],
            now: instantAt(at),
          })
          documents.push(document as never)
          signer = next
          announced = announce
        }
        for (const [i, document] of documents.entries()) {
          const found = await resolveWebvh(written.did, written.log, {
            now: instant('2026-12-31T00:00:00Z'),
            versionNumber: i + 1,
          })
          expect(found).toMatchObject({ ok: true, document })
        }
        const lines = written.log.trim().split('\n')
        const cut = lines.toSpliced(Math.floor(lines.length / 2), 1).join('\n')
        expect((await readLog(cut, { now: instant('2026-12-31T00:00:00Z') })).ok).toBe(
          lines.length > 1 && Math.floor(lines.length / 2) === lines.length - 1,
        )
      }),
      { numRuns: 15 },
    )
  })
})

describe('any text', () => {
  test('is answered, never thrown at', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant('{"versionId":"1-x","versionTime":1,"parameters":{},"state":{},"proof":[]}'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), fc.json(), async (texts, witnesses) => {
        expect((await readLog(texts.join('\n'), { now, witnesses })).ok).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})
