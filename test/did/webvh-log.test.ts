/** did:webvh 1.0: every rule of a log, each broken alone in a log that is hashed and signed as if it were whole. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { type LogFault, type LogOptions, readLog } from '../../src/did/webvh-log.ts'
import { nextKeyHash } from '../../src/did/webvh-parameters.ts'
import { day, didOf, firstLine, instant, lines, nextLine, now, signed, signerOf, stateOf } from './logs.ts'

const known = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const knownLog = known('known.did.jsonl')
const knownWitnesses = known('known.did-witness.json')

const [one, two, three] = [signerOf(1), signerOf(2), signerOf(3)]
const first = await firstLine()
const second = await nextLine(first)
const did = didOf(first)
const preRotated = await firstLine({}, { parameters: { nextKeyHashes: [nextKeyHash(two.multikey)] } })
const portable = await firstLine({}, { parameters: { portable: true } })
const scid = did.split(':')[2] as string

const faultOf = async (text: string, options: Partial<LogOptions> = {}): Promise<LogFault | 'none'> => {
  const read = await readLog(text, { now, ...options })
  return read.ok ? 'none' : read.fault
}

/** A line changed after it was signed. */
const altered = (line: string, change: object): string => JSON.stringify({ ...JSON.parse(line), ...change })
const proofOf = (line: string): JsonObject => JSON.parse(line).proof

describe('a log that holds', () => {
  test('WVH-2, WVH-3, WVH-5, WVH-8: is read in full; its hashes and signatures were also checked by another program', async () => {
    const read = await readLog(knownLog, { now, witnesses: knownWitnesses })
    expect(read).toMatchObject({
      ok: true,
      versions: [
        {
          versionId: '1-QmNyqSY66UN8Fz6AXr86yoshbENQjxck8dD9mkGQueEz8t',
          versionNumber: 1,
          versionTime: '2026-03-01T09:00:00Z',
          startsAt: Date.UTC(2026, 2, 1, 9),
          did: 'did:webvh:QmaomfP2Tz6qk3xNXaXCrJCx67tfGJatzMWfr1CXriHyH5:agency.example:webvh',
          parameters: {
            scid: 'QmaomfP2Tz6qk3xNXaXCrJCx67tfGJatzMWfr1CXriHyH5',
            updateKeys: [one.multikey],
            nextKeyHashes: [],
            witness: { threshold: 1, witnesses: [three.multikey] },
            portable: false,
            deactivated: false,
          },
          rule: { threshold: 1, witnesses: [three.multikey] },
        },
        {
          versionId: '2-QmRLbHLpm44CHAys38p9YCfP3psJxZFSj1uNv5kRSKRUgh',
          parameters: { updateKeys: [two.multikey] },
          rule: { threshold: 1, witnesses: [three.multikey] },
        },
      ],
    })
  })

  const announced = { updateKeys: [one.multikey], nextKeyHashes: [nextKeyHash(two.multikey)] }
  const rotated = { updateKeys: [two.multikey], nextKeyHashes: [] }
  test.each<[what: string, text: () => Promise<string>]>([
    ['with one entry', async () => lines(first)],
    ['with two', async () => lines(first, second)],
    ['without a line break at its end', async () => `${first}\n${second}`],
    [
      'with a proof that stands alone',
      async () => lines(altered(first, { proof: [proofOf(first)].flat()[0] })),
    ],
    [
      'WVH-1: with members in another order',
      async () => lines(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(first)).toReversed()))),
    ],
    [
      'WVH-4: with a time as +00:00',
      async () => lines(await firstLine({ versionTime: '2026-03-01T09:00:00+00:00' })),
    ],
    [
      'WVH-4: with parts of a second',
      async () => lines(first, await nextLine(first, { versionTime: '2026-03-01T09:00:00.001Z' })),
    ],
    [
      'WVH-4: five minutes ahead',
      async () => lines(await firstLine({ versionTime: '2026-04-01T00:05:00Z' })),
    ],
    [
      'WVH-5: signed by the keys of the entry before',
      async () => {
        const rotation = await nextLine(first, { parameters: { updateKeys: [two.multikey] } })
        return lines(first, rotation, await nextLine(rotation, {}, { by: two }))
      },
    ],
    [
      'WVH-5: signed by the second of two keys',
      async () =>
        lines(await firstLine({}, { by: two, parameters: { updateKeys: [one.multikey, two.multikey] } })),
    ],
    [
      'WVH-6: rotated to announced keys, which sign their own entry',
      async () => {
        const start = await firstLine({}, { parameters: announced })
        const rotation = await nextLine(start, { parameters: rotated }, { by: two })
        return lines(start, rotation, await nextLine(rotation, {}, { by: two }))
      },
    ],
    [
      'WVH-7: that states its method again',
      async () => lines(first, await nextLine(first, { parameters: { method: 'did:webvh:1.0' } })),
    ],
    [
      'WVH-7: that moves',
      async () => {
        const start = await firstLine({}, { parameters: { portable: true } })
        const moved = didOf(start).replace('agency.example', 'new.example:a')
        return lines(start, await nextLine(start, { state: stateOf(moved, { alsoKnownAs: [didOf(start)] }) }))
      },
    ],
    [
      'with everything stated as empty',
      async () =>
        lines(
          await firstLine(
            {},
            {
              parameters: {
                nextKeyHashes: [],
                watchers: [],
                witness: {},
                portable: false,
                deactivated: false,
                ttl: 0,
              },
            },
          ),
        ),
    ],
    [
      'with null for none',
      async () =>
        lines(
          first,
          await nextLine(first, {
            parameters: { nextKeyHashes: null, watchers: null, witness: null, ttl: null },
          }),
        ),
    ],
    [
      'that ends the DID',
      async () => lines(first, await nextLine(first, { parameters: { deactivated: true, updateKeys: [] } })),
    ],
  ])('%s', async (_what, text) => {
    expect(await faultOf(await text())).toBe('none')
  })
})

describe('a log that does not hold', () => {
  const start = (parameters: object) => firstLine({}, { parameters })
  const added = async (parameters: object, by = one) =>
    lines(first, await nextLine(first, { parameters }, { by }))
  const state = async (id: string) => lines(await firstLine({ state: stateOf(id) }))
  const resigned = async (more: object, by = one): Promise<string> => {
    const { proof: _, ...content } = JSON.parse(first)
    return lines(JSON.stringify(await signed(content, by, more)))
  }
  const rotate = async (parameters: object, by = two) =>
    lines(preRotated, await nextLine(preRotated, { parameters }, { by }))
  const move = async (line: string, to: string, alsoKnownAs: readonly string[]) =>
    lines(line, await nextLine(line, { state: stateOf(to, { alsoKnownAs }) }))
  const witness = (threshold: unknown, ...ids: readonly unknown[]) => ({
    witness: { threshold, witnesses: ids.map((id) => ({ id })) },
  })

  test.each<[what: string, fault: LogFault, text: () => string | Promise<string>]>([
    ['an empty text', 'log_empty', () => ''],
    ['a text of line breaks', 'log_empty', () => '\n\n'],
    ['a text beyond 10 MiB', 'log_too_large', () => `${first}\n`.padEnd(10_485_761)],
    ['more than 10,000 entries', 'log_too_large', () => `${first}${'\n{}'.repeat(10_000)}`],
    [
      'WVH-1: a line beyond 1 MiB',
      'entry_malformed',
      () => `${first.slice(0, -1)},"x":"${'x'.repeat(1_048_576)}"}`,
    ],
    ['WVH-1: a line that is no JSON', 'entry_malformed', () => lines(first, 'x')],
    ['WVH-1: a name given twice', 'entry_malformed', () => lines(first.replace('{', '{"versionId":"1-x",'))],
    ['WVH-1: a list', 'entry_malformed', () => lines('[]')],
    ['WVH-1: an empty line between entries', 'entry_malformed', () => `${first}\n\n${second}\n`],
    ['WVH-1: a member more', 'entry_malformed', async () => lines(await firstLine({ extra: 1 }))],
    ['WVH-1: no time', 'entry_malformed', async () => lines(await firstLine({ versionTime: undefined }))],
    [
      'WVH-1: parameters that are a list',
      'parameters_malformed',
      async () => lines(first, await nextLine(first, { parameters: [] })),
    ],
    [
      'WVH-1: an entry that holds after one that does not',
      'signature_mismatch',
      async () => lines(altered(first, { proof: proofOf(second) }), second),
    ],
    [
      'WVH-2: another SCID',
      'scid_mismatch',
      async () => lines((await firstLine()).replaceAll(scid, `${scid.slice(0, -1)}1`)),
    ],
    [
      'WVH-2: an SCID over another entry',
      'scid_mismatch',
      () => lines(altered(first, { versionTime: '2026-03-01T09:00:01Z' })),
    ],
    [
      'WVH-2: a placeholder that was left',
      'scid_mismatch',
      () => lines(altered(first, { state: stateOf(did, { '{SCID}': 1 }) })),
    ],
    ['WVH-2: no SCID', 'scid_malformed', () => start({ scid: undefined })],
    ['WVH-2: an SCID of another form', 'scid_malformed', () => start({ scid: 'zQm' })],
    [
      'WVH-3: another hash',
      'entry_hash_mismatch',
      () => lines(first, altered(second, { versionTime: day(3) })),
    ],
    [
      'WVH-3: an entry that follows another',
      'entry_hash_mismatch',
      async () =>
        lines(
          first,
          await nextLine(
            await nextLine(first, { versionTime: day(3) }).then((other) =>
              altered(other, { versionId: '1-x' }),
            ),
          ),
        ),
    ],
    ['WVH-3: a second entry first', 'version_out_of_order', () => lines(second)],
    ['WVH-3: an entry twice', 'version_out_of_order', () => lines(first, first)],
    [
      'WVH-3: a number without a hash',
      'version_out_of_order',
      async () => lines(await firstLine({ versionId: '1' })),
    ],
    [
      'WVH-3: a number with a zero in front',
      'version_out_of_order',
      async () => lines(await firstLine({ versionId: '01-x' })),
    ],
    [
      'WVH-3: two dashes',
      'entry_hash_mismatch',
      () => lines(altered(first, { versionId: JSON.parse(first).versionId.replace('-', '--') })),
    ],
    [
      'WVH-3: a name that is no text',
      'version_out_of_order',
      async () => lines(await firstLine({ versionId: 1 })),
    ],
    [
      'WVH-4: a time of another zone',
      'time_malformed',
      async () => lines(await firstLine({ versionTime: '2026-03-01T09:00:00+08:00' })),
    ],
    ['WVH-4: a day', 'time_malformed', async () => lines(await firstLine({ versionTime: '2026-03-01' }))],
    ['WVH-4: a number', 'time_malformed', async () => lines(await firstLine({ versionTime: 1 }))],
    [
      'WVH-4: the time of the entry before',
      'time_not_increasing',
      async () => lines(first, await nextLine(first, { versionTime: day(1) })),
    ],
    [
      'WVH-4: an earlier time',
      'time_not_increasing',
      async () => lines(first, await nextLine(first, { versionTime: '2026-02-28T09:00:00Z' })),
    ],
    [
      'WVH-4: more than five minutes ahead',
      'time_in_future',
      async () => lines(await firstLine({ versionTime: '2026-04-01T00:05:01Z' })),
    ],
    ['WVH-5: an empty list of proofs', 'proof_malformed', () => lines(altered(first, { proof: [] }))],
    ['WVH-5: null for a proof', 'proof_malformed', () => lines(altered(first, { proof: null }))],
    ['WVH-5: another purpose', 'proof_malformed', () => resigned({ purpose: 'authentication' })],
    [
      'WVH-5: another suite of ours',
      'proof_suite',
      () =>
        lines(altered(first, { proof: { ...[proofOf(first)].flat()[0], cryptosuite: 'eddsa-rdfc-2022' } })),
    ],
    [
      'WVH-5: a suite that we do not know, beside a good proof',
      'proof_suite',
      () =>
        lines(
          altered(first, {
            proof: [proofOf(first), { type: 'DataIntegrityProof', cryptosuite: 'x' }].flat(),
          }),
        ),
    ],
    [
      'WVH-5: a key whose body is not its fragment',
      'proof_key_malformed',
      () => lines(first.replace(`did:key:${one.multikey}#`, `did:key:${two.multikey}#`)),
    ],
    [
      'WVH-5: a key without a fragment',
      'proof_key_malformed',
      () => lines(first.replace(`#${one.multikey}`, '')),
    ],
    [
      'WVH-5: a key that is none',
      'proof_key_malformed',
      () => lines(first.replace(`did:key:${one.multikey}#${one.multikey}`, 'did:key:z6Mk#z6Mk')),
    ],
    [
      'WVH-5: the key of a document',
      'proof_key_malformed',
      async () => resigned({}, { ...one, verificationMethod: `${did}#k1` }),
    ],
    ['WVH-5: a key that may not update', 'proof_key_not_active', () => firstLine({}, { by: two })],
    [
      'WVH-5: keys of the entry itself, where none were announced',
      'proof_key_not_active',
      () => added({ updateKeys: [two.multikey] }, two),
    ],
    [
      'WVH-5: a key that was replaced',
      'proof_key_not_active',
      async () => {
        const rotation = await nextLine(first, { parameters: { updateKeys: [two.multikey] } })
        return lines(first, rotation, await nextLine(rotation))
      },
    ],
    ['WVH-5: a proof that has expired', 'proof_expired', () => resigned({ expires: now })],
    [
      'WVH-5: the signature of another entry',
      'signature_mismatch',
      () => lines(altered(first, { proof: proofOf(second) })),
    ],
    [
      'WVH-5: a good proof and a bad one',
      'signature_mismatch',
      () => lines(altered(first, { proof: [proofOf(first), proofOf(second)].flat() })),
    ],
    [
      'WVH-6: announced keys and none stated',
      'pre_rotation_incomplete',
      () => rotate({ nextKeyHashes: [] }, one),
    ],
    [
      'WVH-6: announced keys and an empty list',
      'pre_rotation_incomplete',
      () => rotate({ updateKeys: [], nextKeyHashes: [] }, one),
    ],
    [
      'WVH-6: announced keys and no next ones',
      'pre_rotation_incomplete',
      () => rotate({ updateKeys: [two.multikey] }),
    ],
    [
      'WVH-6: a key that was not announced',
      'pre_rotation_key_unknown',
      () => rotate({ updateKeys: [one.multikey], nextKeyHashes: [] }, one),
    ],
    [
      'WVH-6: an announced key beside one that was not',
      'pre_rotation_key_unknown',
      () => rotate({ updateKeys: [two.multikey, one.multikey], nextKeyHashes: [] }),
    ],
    [
      'WVH-6: announced keys, signed by the old one',
      'proof_key_not_active',
      () => rotate({ updateKeys: [two.multikey], nextKeyHashes: [] }, one),
    ],
    ['WVH-7: no method', 'method_unsupported', () => start({ method: undefined })],
    ['WVH-7: an older method', 'method_unsupported', () => start({ method: 'did:webvh:0.5' })],
    ['WVH-7: a newer method later', 'method_unsupported', () => added({ method: 'did:webvh:1.1' })],
    ['WVH-7: null for the method', 'method_unsupported', () => added({ method: null })],
    ['WVH-7: the SCID again', 'scid_restated', () => added({ scid })],
    ['WVH-7: portable later', 'portable_too_late', () => added({ portable: true })],
    [
      'WVH-7: another SCID in the document',
      'scid_of_another',
      () => state(`did:webvh:Qm${'1'.repeat(44)}:agency.example`),
    ],
    [
      'WVH-7: a move of what may not move',
      'moved_without_portable',
      () => move(first, did.replace('agency', 'new'), [did]),
    ],
    [
      'WVH-7: a move without a trace',
      'moved_without_trace',
      () => move(portable, didOf(portable).replace('agency', 'new'), []),
    ],
    [
      'WVH-7: a move that changes the SCID',
      'scid_of_another',
      () => move(portable, `did:webvh:Qm${'1'.repeat(44)}:agency.example`, [didOf(portable)]),
    ],
    [
      'WVH-7: a move after the right to move was given up',
      'moved_without_portable',
      async () => {
        const fixed = await nextLine(portable, { parameters: { portable: false } })
        const moved = stateOf(didOf(portable).replace('agency', 'new'), { alsoKnownAs: [didOf(portable)] })
        return lines(portable, fixed, await nextLine(fixed, { state: moved }))
      },
    ],
    ['WVH-8: a witness twice', 'witness_malformed', () => start(witness(2, two.controller, two.controller))],
    [
      'WVH-8: a witness in both forms',
      'witness_malformed',
      () => start(witness(1, two.controller, two.multikey)),
    ],
    ['WVH-8: a threshold of 0', 'witness_malformed', () => start(witness(0, two.controller))],
    [
      'WVH-8: a threshold above the number of witnesses',
      'witness_malformed',
      () => start(witness(2, two.controller)),
    ],
    [
      'WVH-8: a threshold that is no whole number',
      'witness_malformed',
      () => start(witness(1.5, two.controller, three.controller)),
    ],
    ['WVH-8: a threshold that is a text', 'witness_malformed', () => start(witness('1', two.controller))],
    ['WVH-8: no witnesses', 'witness_malformed', () => start(witness(1))],
    [
      'WVH-8: a witness of another method',
      'witness_malformed',
      () => start(witness(1, 'did:web:witness.example')),
    ],
    [
      'WVH-8: witnesses that are no list',
      'witness_malformed',
      () => start({ witness: { threshold: 1, witnesses: two.controller } }),
    ],
    [
      'WVH-8: a rule of more than it may state',
      'witness_malformed',
      () => start({ witness: { ...witness(1, two.controller).witness, selfWeight: 1 } }),
    ],
    [
      'WVH-8: a witness without an id',
      'witness_malformed',
      () => start({ witness: { threshold: 1, witnesses: ['x'] } }),
    ],
    [
      'WVH-8: a weight',
      'witness_malformed',
      () => start({ witness: { threshold: 1, witnesses: [{ id: two.controller, weight: 1 }] } }),
    ],
    ['an unknown parameter', 'parameters_malformed', () => start({ prerotation: true })],
    ['a parameter that objects have', 'parameters_malformed', () => start({ toString: 1 })],
    ['a key twice', 'parameters_malformed', () => start({ updateKeys: [one.multikey, one.multikey] })],
    [
      'more than a hundred keys',
      'parameters_malformed',
      () => start({ updateKeys: Array.from({ length: 101 }, (_, i) => `z${i}`) }),
    ],
    ['keys that are no list', 'parameters_malformed', () => start({ updateKeys: one.multikey })],
    ['keys that are no texts', 'parameters_malformed', () => start({ updateKeys: [1] })],
    ['no key', 'parameters_malformed', () => start({ updateKeys: [] })],
    ['portable that is a text', 'parameters_malformed', () => start({ portable: 'true' })],
    ['deactivated that is null', 'parameters_malformed', () => start({ deactivated: null })],
    ['a negative ttl', 'parameters_malformed', () => start({ ttl: -1 })],
    ['witnesses that are a list', 'parameters_malformed', () => start({ witness: [] })],
    [
      'an entry after the end',
      'entry_after_deactivation',
      async () => {
        const end = await nextLine(first, { parameters: { deactivated: true } })
        return lines(first, end, await nextLine(end))
      },
    ],
    ['a document that is a list', 'state_malformed', async () => lines(await firstLine({ state: [] }))],
    ['a document without an id', 'state_malformed', async () => lines(await firstLine({ state: {} }))],
    ['a document of a did:web', 'state_malformed', () => state('did:web:agency.example')],
    ['a document at an IP address', 'state_malformed', () => state('did:webvh:{SCID}:127.0.0.1')],
    ['a document that climbs', 'state_malformed', () => state('did:webvh:{SCID}:agency.example:..')],
    ['a document without a host', 'state_malformed', () => state('did:webvh:{SCID}')],
  ])('%s is refused as %s', async (_what, fault, text) => {
    expect(await faultOf(await text())).toBe(fault)
  })

  test('the detail says which entry', async () => {
    expect(await readLog(lines(first, first), { now })).toEqual({
      ok: false,
      fault: 'version_out_of_order',
      detail: `entry 2: ${JSON.parse(first).versionId}`,
    })
  })

  test('WVH-5: no single character of a log can be another', async () => {
    const text = lines(first)
    for (let i = 0; i < text.length - 1; i += 7) {
      const other = text[i] === 'x' ? 'y' : 'x'
      expect(await faultOf(text.slice(0, i) + other + text.slice(i + 1)), `character ${i}`).not.toBe('none')
    }
  })
})

const rule = (threshold: number, ...by: readonly { controller: string }[]) => ({
  witness: { threshold, witnesses: by.map(({ controller }) => ({ id: controller })) },
})
const idOf = (line: string): string => JSON.parse(line).versionId
const approval = async (line: string, ...by: readonly (typeof one)[]) => ({
  versionId: idOf(line),
  proof: await Promise.all(by.map(async (who) => (await signed({ versionId: idOf(line) }, who)).proof)),
})
const four = signerOf(4)
const witnessed = await firstLine({}, { parameters: rule(2, two, three) })
const onward = await nextLine(witnessed)
const replaced = await nextLine(witnessed, { parameters: rule(1, four) })
const ended = await nextLine(witnessed, { parameters: { witness: {} } })
const resumed = await nextLine(ended)
const begun = await nextLine(first, { parameters: rule(1, two) })
const outsider = await nextLine(witnessed, { versionTime: day(9) })

const whole = await approval(witnessed, two, three)
const [good, better] = whole.proof as unknown as readonly [JsonObject, JsonObject]
const file = (...proof: readonly unknown[]) => JSON.stringify([{ ...whole, proof }])

describe('witnesses', () => {
  test.each<
    [what: string, log: string, approvals: () => Promise<readonly object[]>, fault: LogFault | 'none']
  >([
    ['WVH-8: all approve', lines(witnessed), async () => [await approval(witnessed, two, three)], 'none'],
    [
      'WVH-8: approvals apart',
      lines(witnessed),
      async () => [await approval(witnessed, two), await approval(witnessed, three)],
      'none',
    ],
    [
      'WVH-8: one too few',
      lines(witnessed),
      async () => [await approval(witnessed, two)],
      'witness_threshold',
    ],
    [
      'WVH-8: one twice',
      lines(witnessed),
      async () => [await approval(witnessed, two, two), await approval(witnessed, two)],
      'witness_threshold',
    ],
    [
      'WVH-8: a stranger',
      lines(witnessed),
      async () => [await approval(witnessed, two, four)],
      'witness_threshold',
    ],
    [
      'WVH-8: the controller',
      lines(witnessed),
      async () => [await approval(witnessed, two, one)],
      'witness_threshold',
    ],
    ['WVH-8: nobody', lines(witnessed), async () => [], 'witness_threshold'],
    [
      'WVH-8: a later approval covers what came before',
      lines(witnessed, onward),
      async () => [await approval(onward, two, three)],
      'none',
    ],
    [
      'WVH-8: one of the later, one of the first',
      lines(witnessed, onward),
      async () => [await approval(onward, two), await approval(witnessed, three)],
      'witness_threshold',
    ],
    [
      'WVH-8: an earlier approval does not cover what follows',
      lines(witnessed, onward),
      async () => [await approval(witnessed, two, three)],
      'witness_threshold',
    ],
    [
      'WVH-8: of an entry that is not published',
      lines(witnessed),
      async () => [await approval(onward, two, three)],
      'witness_threshold',
    ],
    [
      'WVH-8: of another entry of the same number',
      lines(witnessed, onward),
      async () => [await approval(outsider, two, three)],
      'witness_threshold',
    ],
    [
      'WVH-8: those who are replaced approve it',
      lines(witnessed, replaced),
      async () => [await approval(replaced, two, three)],
      'none',
    ],
    [
      'WVH-8: those who come approve it alone',
      lines(witnessed, replaced),
      async () => [await approval(witnessed, two, three), await approval(replaced, four)],
      'witness_threshold',
    ],
    [
      'WVH-8: the end of witnessing is approved',
      lines(witnessed, ended),
      async () => [await approval(ended, two, three)],
      'none',
    ],
    [
      'WVH-8: the end of witnessing is not approved',
      lines(witnessed, ended),
      async () => [await approval(witnessed, two, three)],
      'witness_threshold',
    ],
    [
      'WVH-8: after the end nobody is asked',
      lines(witnessed, ended, resumed),
      async () => [await approval(ended, two, three)],
      'none',
    ],
    [
      'WVH-8: the first witnesses approve their own entry',
      lines(first, begun),
      async () => [await approval(begun, two)],
      'none',
    ],
    ['WVH-8: the first witnesses do not', lines(first, begun), async () => [], 'witness_threshold'],
  ])('%s', async (_what, log, approvals, fault) => {
    expect(await faultOf(log, { witnesses: JSON.stringify(await approvals()) })).toBe(fault)
  })

  test.each<[what: string, witnesses: string | undefined, fault: LogFault | 'none']>([
    ['no file', undefined, 'witness_file_missing'],
    ['a file that is no JSON', 'x', 'witness_file_malformed'],
    ['an object', JSON.stringify(whole), 'witness_file_malformed'],
    ['a version that is no text', '[{"versionId":1}]', 'witness_file_malformed'],
    ['an item that is none', '[null]', 'witness_file_malformed'],
    ['more than 10,000 proofs', file(...Array(10_001).fill({})), 'witness_file_malformed'],
    [
      'a proof that stands alone',
      JSON.stringify([
        { ...whole, proof: good },
        { ...whole, proof: better },
      ]),
      'none',
    ],
    ['items without proofs', JSON.stringify([{ versionId: 'x' }, whole]), 'none'],
    [
      'proofs that are none, beside good ones',
      file(null, 'x', {}, { verificationMethod: 1 }, good, better),
      'none',
    ],
    ['a bad proof beside good ones', file({ ...good, created: now }, good, better), 'none'],
    ['a proof that was changed', file(good, { ...better, created: now }), 'witness_threshold'],
    [
      'a proof under the name of another',
      file(good, { ...good, verificationMethod: better.verificationMethod }),
      'witness_threshold',
    ],
    ['another suite', file(good, { ...better, cryptosuite: 'eddsa-rdfc-2022' }), 'witness_threshold'],
    [
      'a key whose body is not its fragment',
      file(good, { ...good, verificationMethod: `did:key:${two.multikey}#${three.multikey}` }),
      'witness_threshold',
    ],
  ])('WVH-8: %s', async (_what, witnesses, fault) => {
    expect(await faultOf(lines(witnessed), { witnesses })).toBe(fault)
  })

  test('a file that nobody asked for is not read', async () => {
    expect(await faultOf(lines(first), { witnesses: 'x' })).toBe('none')
  })

  test('WVH-8: witnesses may be named by their Multikey alone', async () => {
    const bare = await firstLine(
      {},
      { parameters: { witness: { threshold: 1, witnesses: [{ id: two.multikey }] } } },
    )
    expect(await faultOf(lines(bare), { witnesses: JSON.stringify([await approval(bare, two)]) })).toBe(
      'none',
    )
    expect(await faultOf(lines(bare), { witnesses: JSON.stringify([await approval(bare, three)]) })).toBe(
      'witness_threshold',
    )
  })

  test('a moment is the caller’s: what is of the future today is not tomorrow', async () => {
    const line = await firstLine({ versionTime: '2026-06-01T00:00:00Z' })
    expect(await faultOf(lines(line))).toBe('time_in_future')
    expect(await faultOf(lines(line), { now: instant('2026-06-01T00:00:00Z') })).toBe('none')
  })
})
