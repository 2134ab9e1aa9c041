import { describe, expect, test } from 'vitest'
import { epochOf, type Instant } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { bitAt, encodeBitstring } from '../../src/status/bitstring.ts'
import {
  bitsOf,
  readStatusList,
  type StatusList,
  statusListCredential,
} from '../../src/status/status-list.ts'
import { knownAnswers } from '../known-answers.ts'
import { sharedIsHere, sharedJson } from '../shared.ts'

const id = 'https://agency.example/status/revocation-1.json'
const validFrom = '2026-03-01T09:00:00Z' as Instant
const validUntil = '2026-03-08T09:00:00Z' as Instant
const credential = statusListCredential({
  id,
  issuer: 'did:web:agency.example',
  purpose: 'revocation',
  validFrom,
  validUntil,
  set: [7, 131_071],
})
const subject = credential.credentialSubject as JsonObject
const list: StatusList = {
  id,
  issuer: 'did:web:agency.example',
  purposes: ['revocation'],
  validFrom: epochOf(validFrom) as number,
  validUntil: epochOf(validUntil) as number,
  encodedList: encodeBitstring([7, 131_071]),
}
const { validUntil: _, ...endless } = credential

describe('a status list credential', () => {
  test('BSL-5: is what the standard shows', () => {
    expect(credential).toEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: 'did:web:agency.example',
      validFrom,
      validUntil,
      credentialSubject: {
        id: `${id}#list`,
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        encodedList: encodeBitstring([7, 131_071]),
      },
    })
  })

  test('is read back with the bits that were set', () => {
    const read = readStatusList(credential)
    expect(read).toEqual(list)
    const bits = bitsOf(read as StatusList)
    expect(bits.ok && [6, 7, 131_071].map((index) => bitAt(bits.bits, index))).toEqual([false, true, true])
  })

  test.each<[what: string, document: JsonObject, read: Partial<StatusList>]>([
    ['has no end', endless, { validUntil: null }],
    [
      'has an issuer with a name',
      { ...credential, issuer: { id: 'did:web:agency.example', name: 'Agency' } },
      {},
    ],
    ['has one type', { ...credential, type: 'BitstringStatusListCredential' }, {}],
    [
      'has a subject of several types',
      { ...credential, credentialSubject: { ...subject, type: ['A', 'BitstringStatusList'] } },
      {},
    ],
    [
      'is for several purposes',
      { ...credential, credentialSubject: { ...subject, statusPurpose: ['revocation', 'suspension'] } },
      { purposes: ['revocation', 'suspension'] },
    ],
    [
      'holds an encoding that is none, which is found later',
      { ...credential, credentialSubject: { ...subject, encodedList: 'x' } },
      { encodedList: 'x' },
    ],
  ])('may be one that %s', (_what, document, read) => {
    expect(readStatusList(document)).toEqual({ ...list, ...read })
  })

  const withSubject = (change: JsonObject): JsonObject => ({
    ...credential,
    credentialSubject: { ...subject, ...change },
  })
  test.each<[what: string, document: Json]>([
    ['null', null],
    ['a list', [credential]],
    ['a text', 'x'],
    ['an empty object', {}],
    ['one without an id', { ...credential, id: undefined as never }],
    ['one whose id is no URL', { ...credential, id: 'list' }],
    ['one without its type', { ...credential, type: ['VerifiableCredential'] }],
    ['one whose type is a number', { ...credential, type: 5 }],
    ['one whose issuer is no URL', { ...credential, issuer: 'agency' }],
    ['one whose issuer has no id', { ...credential, issuer: { name: 'Agency' } }],
    ['one with two issuers', { ...credential, issuer: ['did:web:a.example'] }],
    ['one without a start', { ...credential, validFrom: undefined as never }],
    ['one whose start is a date', { ...credential, validFrom: '2026-03-01' }],
    ['one whose end is no day', { ...credential, validUntil: '2026-02-30T00:00:00Z' }],
    ['one whose end is null', { ...credential, validUntil: null }],
    ['one without a subject', { ...credential, credentialSubject: undefined as never }],
    ['one with two subjects', { ...credential, credentialSubject: [subject, subject] }],
    ['one whose subject is of another type', withSubject({ type: 'StatusList2021' })],
    ['one whose subject has no type', withSubject({ type: undefined as never })],
    ['one without a purpose', withSubject({ statusPurpose: undefined as never })],
    ['one with an empty list of purposes', withSubject({ statusPurpose: [] })],
    ['one with a purpose that is no text', withSubject({ statusPurpose: ['revocation', 5] })],
    ['one without a list', withSubject({ encodedList: undefined as never })],
    ['one whose list is a number', withSubject({ encodedList: 5 })],
  ])('BSL-5: is not %s', (_what, document) => {
    expect(readStatusList(document)).toBeNull()
  })
})

test.skipIf(!sharedIsHere)('the list of 1EdTech is read', () => {
  const { proof: _proof, ...document } = sharedJson('vectors/bitstring-status-list/1edtech/testlist')
  expect(readStatusList(document)).toEqual({
    id: 'https://example.com/credentials/status/3',
    issuer: 'https://1edtech.edu/issuers/565049',
    purposes: ['revocation'],
    validFrom: Date.UTC(2021, 3, 5, 14, 27, 40),
    validUntil: null,
    encodedList: 'uH4sIAAAAAAAA_-3BMQEAAAzDoMy_6cnoA9QFAAAAAAAAAAAAAAAAAAAAbD3uPa2cAEAAAA',
  })
  knownAnswers('Bitstring Status List 1.0').holds('bitstring-status-list/1edtech/testlist', 'credential')
})
