import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/base/instant.ts'
import type { JsonObject } from '../../src/base/json.ts'
import { disclosableClaims, gradeCertificateVct, toClaims } from '../../src/credential/claims.ts'
import {
  readTypeMetadata,
  type TypeMetadata,
  typeMetadataFault,
  typeMetadataIntegrity,
  typeMetadataText,
} from '../../src/credential/type-metadata.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import { exampleCertificate, fullCertificate } from '../certificates.ts'

const sri = (text: string, hash: 'sha256' | 'sha384' | 'sha512' | 'sha1' = 'sha256') =>
  `${hash}-${createHash(hash).update(text).digest('base64')}`
const claimsOf = (text: string) =>
  (JSON.parse(text) as { claims: { path: string[]; sd: string; mandatory: boolean; display: object[] }[] })
    .claims

describe('SDVC-6: the document for our type', () => {
  test('has the digest that is written down: a change of a word is a change of type', () => {
    expect(typeMetadataIntegrity).toBe('sha256-SG/1ebVNdWD6t/D+Qpe/EaRlppB6Rin2JZh+s4loz5E=')
    expect(sri(typeMetadataText())).toBe(typeMetadataIntegrity)
  })

  test('is read by ourselves', () => {
    const reading = readTypeMetadata(typeMetadataText(), {
      vct: gradeCertificateVct,
      integrity: typeMetadataIntegrity,
    })
    expect(reading).toEqual({ ok: true, metadata: JSON.parse(typeMetadataText()) })
  })

  test('has every claim that is written, with texts in both languages, and says which may be kept back', () => {
    const written = toClaims(fullCertificate, {
      created: '2026-01-25T01:00:00Z' as Instant,
      holder: {
        idType: 'passport',
        idNumber: 'E12345678',
        birthDate: fullCertificate.awardedOn,
        portrait: 'x',
      },
      status: { uri: 'https://cert.agency.example/status/1', index: 1 },
      confirmation: signerOfSeed(new Uint8Array(32).fill(1)).publicKey,
    })
    const listed = claimsOf(typeMetadataText())
    const names = listed.map(({ path }) => path[0] as string)
    expect(names.sort()).toEqual(
      Object.keys(written.claims)
        .filter((name) => name !== 'vct')
        .sort(),
    )
    const hidden = listed.filter(({ sd }) => sd === 'always').map(({ path }) => path[0] as string)
    expect(hidden.sort()).toEqual([...disclosableClaims].sort())
    expect(listed.every(({ sd }) => sd === 'always' || sd === 'never')).toBe(true)
    expect(listed.map(({ display }) => display.length)).toEqual(listed.map(() => 2))
  })

  test('calls mandatory what the least certificate has', () => {
    const { region: _r, site: _s, ...least } = exampleCertificate
    const award = { ...least.award, direction: undefined }
    const { claims } = toClaims(
      { ...least, award, training: [] },
      { created: '2026-01-25T01:00:00Z' as Instant },
    )
    const mandatory = claimsOf(typeMetadataText()).filter((claim) => claim.mandatory)
    const { vct: _v, ...others } = claims
    expect(mandatory.map(({ path }) => path[0]).sort()).toEqual(Object.keys(others).sort())
  })
})

describe('SDVC-6: reading a document', () => {
  const vct = 'https://other.example/diploma'
  const text = JSON.stringify({ vct, name: 'Diploma', more: { of: 'theirs' } })

  test('what is not understood is left out', () => {
    expect(readTypeMetadata(text, { vct })).toEqual({ ok: true, metadata: { vct, name: 'Diploma' } })
  })

  test('claims with paths into arrays', () => {
    const claims = [{ path: ['degrees', null, 'type'], sd: 'allowed' }, { path: ['degrees', 0] }]
    expect(readTypeMetadata(JSON.stringify({ vct, claims }), { vct })).toEqual({
      ok: true,
      metadata: { vct, claims },
    })
  })

  test.each<[what: string, integrity: string, ok: boolean]>([
    ['SHA-256', sri(text), true],
    ['SHA-384', sri(text, 'sha384'), true],
    ['SHA-512', sri(text, 'sha512'), true],
    ['one of two', `${sri('other')} ${sri(text)}`, true],
    ['the weaker of two', `${sri('other', 'sha512')} ${sri(text)}`, false],
    ['another text', sri(`${text} `), false],
    ['a hash that we do not know', sri(text, 'sha1'), false],
    ['nothing', '', false],
    ['no base64', 'sha256-*', false],
  ])('vct#integrity by %s', (_what, integrity, ok) => {
    expect(readTypeMetadata(text, { vct, integrity })).toMatchObject(
      ok ? { ok } : { ok, fault: 'type_metadata_altered' },
    )
  })

  test.each<[what: string, document: string, fault: string]>([
    ['no JSON', '{', 'type_metadata_malformed'],
    ['a name given twice', `{"vct":"${vct}","vct":"${vct}"}`, 'type_metadata_malformed'],
    ['more than 256 KiB', JSON.stringify({ vct, name: 'x'.repeat(300_000) }), 'type_metadata_malformed'],
    ['a list', '[]', 'type_metadata_malformed'],
    ['no type', '{}', 'type_metadata_malformed'],
    ['a path that is empty', of({ claims: [{ path: [] }] }), 'type_metadata_malformed'],
    ['a position below 0', of({ claims: [{ path: [-1] }] }), 'type_metadata_malformed'],
    [
      'an unknown word for disclosure',
      of({ claims: [{ path: ['a'], sd: 'maybe' }] }),
      'type_metadata_malformed',
    ],
    ['no languages', of({ display: [] }), 'type_metadata_malformed'],
    ['another type', of({ vct: `${vct}/2` }), 'type_metadata_of_another'],
    ['built upon another type', of({ extends: 'https://other.example/document' }), 'type_metadata_extends'],
    ['built upon itself', of({ extends: vct }), 'type_metadata_extends'],
  ])('%s is refused', (_what, document, fault) => {
    expect(readTypeMetadata(document, { vct })).toMatchObject({ ok: false, fault })
  })

  function of(members: JsonObject): string {
    return JSON.stringify({ vct, ...members })
  }
})

describe('SDVC-6: claims against their type', () => {
  const ours = JSON.parse(typeMetadataText()) as TypeMetadata
  const { claims, disclosable } = toClaims(fullCertificate, { created: '2026-01-25T01:00:00Z' as Instant })
  const pointers = disclosable.map((name) => `/${name}`)
  const open = Object.fromEntries(
    Object.entries(claims).filter(([name]) => !(disclosable as readonly string[]).includes(name)),
  )

  test('a certificate of ours is as the type says, whole or with little shown', () => {
    expect(typeMetadataFault(ours, { claims, disclosed: pointers, isPartial: false })).toBeNull()
    expect(typeMetadataFault(ours, { claims: open, disclosed: [], isPartial: true })).toBeNull()
  })

  test.each<[what: string, shown: Parameters<typeof typeMetadataFault>[1], fault: object]>([
    [
      'a name that everybody is told',
      { claims, disclosed: pointers.filter((one) => one !== '/name'), isPartial: false },
      { path: ['name'], problem: 'not_disclosable' },
    ],
    [
      'a grade that could be kept back',
      { claims, disclosed: [...pointers, '/grade'], isPartial: true },
      { path: ['grade'], problem: 'disclosable' },
    ],
    [
      'no grade',
      { claims: without('grade'), disclosed: pointers, isPartial: true },
      { path: ['grade'], problem: 'missing' },
    ],
    [
      'no name, and nothing behind which it could be',
      { claims: without('name'), disclosed: pointers, isPartial: false },
      { path: ['name'], problem: 'missing' },
    ],
  ])('%s', (_what, shown, fault) => {
    expect(typeMetadataFault(ours, shown)).toEqual(fault)
  })

  test('members inside others are found, inherited ones are not, and places in arrays are let be', () => {
    const type: TypeMetadata = {
      vct: 'x',
      claims: [
        { path: ['a', 'b/c'], sd: 'always', mandatory: true },
        { path: ['list', null], sd: 'never', mandatory: true },
      ],
    }
    const shown = { claims: { a: { 'b/c': 1 } }, disclosed: ['/a/b~1c'], isPartial: false }
    expect(typeMetadataFault(type, shown)).toBeNull()
    const fault = { path: ['a', 'toString'], problem: 'missing' }
    const inherited: TypeMetadata = { vct: 'x', claims: [{ path: ['a', 'toString'], mandatory: true }] }
    expect(typeMetadataFault(inherited, shown)).toEqual(fault)
    expect(typeMetadataFault({ vct: 'x' }, shown)).toBeNull()
  })

  function without(name: string): JsonObject {
    const { [name]: _, ...rest } = claims
    return rest
  }
})
