import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { openProofs, type ProofFault, predecessors, previousIds } from '../../src/securing/proof.ts'

const known = new Map(['eddsa-jcs-2022', 'eddsa-rdfc-2022'].map((suite) => [suite, 'DataIntegrityProof']))
const good: JsonObject = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-jcs-2022',
  verificationMethod: 'did:web:a.example#k1',
  proofPurpose: 'assertionMethod',
  proofValue: 'z1',
}
const other: JsonObject = { ...good, cryptosuite: 'ecdsa-rdfc-2019', proofValue: 5 }
const rest = { a: 1, credentialSubject: { proof: { type: 'data' } } }
const open = (proof: Json) => openProofs({ ...rest, proof }, {}, known)
const named = (id: string, previousProof?: Json): JsonObject => ({
  ...good,
  id,
  ...(previousProof !== undefined && { previousProof }),
})

describe('proofs that open', () => {
  test.each<[what: string, proof: JsonObject]>([
    ['as little as is asked for', good],
    [
      'whatever else a proof may say',
      {
        ...good,
        id: 'urn:a:1',
        created: '2026-03-01T09:00:00Z',
        expires: '10000-01-01T24:00:00+14:00',
        nonce: 'n',
        domain: ['a.example'],
        challenge: 'c',
        '@context': 'x',
      },
    ],
    ['a proofValue of the greatest length', { ...good, proofValue: 'z'.padEnd(131_072, '1') }],
  ])('%s', (_what, proof) => {
    const opened = { document: rest, proofs: [proof], all: [proof], unknown: [] }
    expect(open(proof)).toEqual({ ok: true, opened })
    expect(open([proof])).toEqual({ ok: true, opened })
  })

  test('sixteen proofs do', () => {
    const proofs = Array.from({ length: 16 }, (_, i) => named(`urn:a:${i}`))
    expect(open(proofs)).toEqual({ ok: true, opened: { document: rest, proofs, all: proofs, unknown: [] } })
  })

  test.each<[what: string, unknown: JsonObject, name: string]>([
    ['a suite that we do not know', other, 'ecdsa-rdfc-2019'],
    ['another type of proof', { type: 'Ed25519Signature2020', proofPurpose: 'x' }, 'Ed25519Signature2020'],
    ['a type in a list', { type: ['DataIntegrityProof'] }, '["DataIntegrityProof"]'],
    ['a type that is an object with a toString', { type: { toString: 1 } }, '{"toString":1}'],
    ['nothing at all', {}, 'nothing'],
  ])('DI-25: beside a good one %s is reported and not counted', (_what, unknown, name) => {
    expect(open([unknown, good])).toEqual({
      ok: true,
      opened: { document: rest, proofs: [good], all: [unknown, good], unknown: [name] },
    })
  })

  test('DI-23: proofs that vouch for each other in a row or in a fan do, in any order', () => {
    const row = [named('urn:a:3', 'urn:a:2'), named('urn:a:1'), named('urn:a:2', ['urn:a:1'])]
    const fan = [named('urn:a:1'), named('urn:a:2'), named('urn:a:3', ['urn:a:2', 'urn:a:1', 'urn:a:1'])]
    for (const proofs of [row, fan]) expect(open(proofs)).toMatchObject({ ok: true, opened: { proofs } })
  })
})

describe('proofs that do not open', () => {
  test('DI-24: the absence of a proof is its own fault', () => {
    expect(openProofs(rest, {}, known)).toEqual({
      ok: false,
      fault: 'proof_missing',
      detail: 'no member `proof`',
      document: rest,
    })
  })

  const malformed = 'a member is missing or of another shape'
  const without = (name: string): JsonObject => {
    const { [name]: _, ...others } = good
    return others
  }
  test.each<[what: string, proof: Json, fault: ProofFault, detail: string]>([
    ['no proof in the list', [], 'proof_empty', 'an empty list of proofs'],
    ['null', null, 'proof_malformed', 'a proof that is no object'],
    ['a text', 'z1', 'proof_malformed', 'a proof that is no object'],
    ['true', true, 'proof_malformed', 'a proof that is no object'],
    ['a list in the list', [[good]], 'proof_malformed', 'a proof that is no object'],
    ['null beside a good one', [good, null], 'proof_malformed', 'a proof that is no object'],
    ['seventeen proofs', Array(17).fill(good), 'proof_malformed', 'more than 16 proofs'],
    ['an id that is no URL', { ...good, id: 'a' }, 'proof_malformed', 'an id that is no URL'],
    ['an id that is null', { ...good, id: null }, 'proof_malformed', 'an id that is no URL'],
    ['an id in a list', { ...good, id: ['urn:a:1'] }, 'proof_malformed', 'an id that is no URL'],
    [
      'an id that two share',
      [named('urn:a:1'), { ...other, id: 'urn:a:1' }],
      'proof_id_duplicate',
      'two proofs with one id',
    ],
    ...['verificationMethod', 'proofPurpose', 'proofValue', 'cryptosuite'].map(
      (name): [string, Json, ProofFault, string] => [
        `no ${name}`,
        without(name),
        'proof_malformed',
        malformed,
      ],
    ),
    ...(
      [
        ['verificationMethod', 'k1'],
        ['verificationMethod', { id: 'did:web:a.example#k1' }],
        ['verificationMethod', ['did:web:a.example#k1']],
        ['proofPurpose', ['assertionMethod']],
        ['proofValue', null],
        ['proofValue', ['z1']],
        ['proofValue', 'z'.padEnd(131_073, '1')],
        ['created', '2026-03-01'],
        ['created', '2026-02-30T00:00:00Z'],
        ['created', ['2026-03-01T09:00:00Z']],
        ['created', 1],
        ['created', null],
        ['expires', '2026-03-01T09:00:00'],
        ['nonce', 5],
        ['challenge', ['c']],
        ['domain', 5],
        ['domain', ['a.example', null]],
        ['cryptosuite', ['eddsa-jcs-2022']],
        ['cryptosuite', { toString: 1, valueOf: 1 }],
        ['cryptosuite', null],
      ] as [string, Json][]
    ).map(([name, value]): [string, Json, ProofFault, string] => [
      `${JSON.stringify(value).slice(0, 40)} as ${name}`,
      { ...good, [name]: value },
      'proof_malformed',
      malformed,
    ]),
    ['a malformed one beside a good one', [good, without('proofValue')], 'proof_malformed', malformed],
    [
      'another purpose',
      { ...good, proofPurpose: 'authentication' },
      'proof_purpose',
      'made for another purpose than assertionMethod',
    ],
    [
      'another purpose beside a good one',
      [good, { ...good, proofPurpose: 'x' }],
      'proof_purpose',
      'made for another purpose than assertionMethod',
    ],
    ['only suites that we do not know', [other, { type: 'A' }], 'proof_suite_unknown', 'ecdsa-rdfc-2019, A'],
    [
      'a suite with a very long name',
      { ...other, cryptosuite: 'x'.repeat(500) },
      'proof_suite_unknown',
      'x'.repeat(200),
    ],
    [
      'a previous proof that is missing',
      named('urn:a:1', 'urn:a:2'),
      'proof_chain_broken',
      'a previous proof is not there',
    ],
    [
      'one of two previous proofs missing',
      [named('urn:a:1', ['urn:a:2', 'urn:a:3']), named('urn:a:2')],
      'proof_chain_broken',
      'a previous proof is not there',
    ],
    [
      'a proof that precedes itself',
      named('urn:a:1', 'urn:a:1'),
      'proof_chain_broken',
      'proofs that precede each other',
    ],
    [
      'proofs in a circle',
      [named('urn:a:1', 'urn:a:3'), named('urn:a:2', 'urn:a:1'), named('urn:a:3', 'urn:a:2'), good],
      'proof_chain_broken',
      'proofs that precede each other',
    ],
    [
      'a broken chain of a suite that we do not know',
      [good, { ...other, previousProof: 'urn:a:2' }],
      'proof_chain_broken',
      'a previous proof is not there',
    ],
    [
      'a previous proof of a suite that we do not know',
      [named('urn:a:1', 'urn:a:2'), { ...other, id: 'urn:a:2' }],
      'proof_chain_broken',
      'a previous proof is of a suite that we do not know',
    ],
    ...([[], null, 5, ['urn:a:2', 5], { id: 'urn:a:2' }, [['urn:a:2']]] as Json[]).map(
      (previous): [string, Json, ProofFault, string] => [
        `previousProof ${JSON.stringify(previous)}`,
        [named('urn:a:1', previous), named('urn:a:2')],
        'proof_chain_broken',
        'previousProof is neither a text nor a list of texts',
      ],
    ),
  ])('DI-1 to DI-4, DI-23, DI-24, trap 9: %s', (_what, proof, fault, detail) => {
    expect(open(proof)).toEqual({ ok: false, fault, detail, document: rest })
  })
})

describe('predecessors', () => {
  const [a, b, c] = [named('urn:a:1'), named('urn:a:2'), good] as const

  test('come in the order of the document, whatever order they are named in', () => {
    expect(predecessors(named('urn:a:3', ['urn:a:2', 'urn:a:1']), [a, c, b])).toEqual([a, b])
    expect(predecessors(named('urn:a:3', 'urn:a:2'), [a, c, b])).toEqual([b])
    expect(predecessors(good, [a, c, b])).toEqual([])
    expect(predecessors(named('urn:a:3', 5), [a, c, b])).toEqual([])
  })

  test('are named by a text or by a list of texts', () => {
    expect(previousIds({})).toEqual([])
    expect(previousIds({ previousProof: 'a' })).toEqual(['a'])
    expect(previousIds({ previousProof: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(previousIds({ previousProof: [] })).toBeNull()
  })
})
