/** A second opinion on Bitstring Status List: their lists are read and judged by us, ours are checked by them. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue } from '@digitalbazaar/vc'
import {
  type BitstringStatusList,
  checkStatus,
  createCredential,
  createList,
  decodeList,
} from '@digitalbazaar/vc-bitstring-status-list'
import fc from 'fast-check'
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Bytes, toBase64url } from '../../src/base/bytes.ts'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import type { StatusPurpose } from '../../src/credential/status-entry.ts'
import type { GeneratedSigner } from '../../src/key/signer.ts'
import { bitAt, encodeBitstring, listEntries } from '../../src/status/bitstring.ts'
import { bitsOf, readStatusList } from '../../src/status/status-list.ts'
import {
  at,
  judged,
  keyAgency,
  type Loose,
  otherAgency,
  parsed,
  sceneOf,
  sign,
  statusIndex,
  statusListOf,
  statusLists,
} from '../verify/scene.ts'

const neighbour = statusIndex + 1
/** They take no time: their lists are judged by the clock of the machine, so these count for long. */
const period = { validFrom: at('2020-01-01T00:00:00Z'), validUntil: at('2099-01-01T00:00:00Z') }
const date = '2026-05-01T00:00:00Z'

const suites = [
  ['eddsa-rdfc-2022', eddsaRdfc, eddsaRdfc],
  ['eddsa-jcs-2022', eddsaJcs.createSignCryptosuite(), eddsaJcs.createVerifyCryptosuite()],
] as const
const [[, , rdfc]] = suites

/** Pinned contexts, the keys of agencies that are did:key, and the lists that are handed in; nothing else is found. */
function loaderOf(lists: readonly Json[] = []) {
  const methods = [keyAgency, otherAgency].map(({ controller, verificationMethod, multikey }) => ({
    '@context': 'https://w3id.org/security/multikey/v1',
    id: verificationMethod,
    type: 'Multikey',
    controller,
    publicKeyMultibase: multikey,
  }))
  const controllers = methods.map((method) => ({
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: method.controller,
    assertionMethod: [method],
  }))
  const documents = new Map<string, unknown>(
    [...methods, ...controllers, ...lists.filter(isObject)].map((document) => [
      String(document.id),
      document,
    ]),
  )
  return async (url: string) => {
    const document = documents.get(url) ?? (await contextTable().get(url)?.load())
    if (document === undefined) throw new Error(`not at hand: ${url}`)
    return { contextUrl: null, documentUrl: url, document: structuredClone(document) }
  }
}

async function theirBits(
  indexes: readonly number[],
  length: number = listEntries,
): Promise<BitstringStatusList> {
  const list = await createList({ length })
  for (const index of indexes) list.setStatus(index, true)
  return list
}

/** A list that they make and sign under the key of `issuer`. */
async function theirList(
  set: readonly number[],
  cryptosuite: unknown,
  { issuer = keyAgency, change = {}, length = listEntries }: ListOptions = {},
): Promise<JsonObject> {
  const list = await createCredential({
    id: statusLists.revocation,
    list: await theirBits(set, length),
    statusPurpose: 'revocation',
  })
  const pair = await ed25519Multikey.from({
    id: issuer.verificationMethod,
    controller: issuer.controller,
    publicKeyMultibase: issuer.multikey,
    secretKeyMultibase: issuer.exportSecret(),
  })
  return (await issue({
    credential: { ...list, issuer: issuer.controller, ...period, ...change },
    suite: new DataIntegrityProof({ signer: pair.signer(), cryptosuite, date }),
    documentLoader: loaderOf(),
    now: new Date(date),
  })) as JsonObject
}
interface ListOptions {
  readonly issuer?: GeneratedSigner
  readonly change?: object
  readonly length?: number
}

/** What our judgement says of the status where their list stands for revocations. */
async function ourAnswer(list: JsonObject): Promise<string> {
  const items = [
    { kind: 'status-list', url: statusLists.revocation, document: list } as const,
    await statusListOf(keyAgency, 'suspension'),
  ]
  const { status } = (await judged(await sceneOf(), { items })).checks
  return status.outcome === 'fail' || status.outcome === 'unknown' ? status.reason : status.outcome
}

/** Our certificate with the entry for one purpose alone in `credentialStatus`, which is all that they look at. */
async function entryFor(purpose: StatusPurpose, change: object = {}): Promise<Loose> {
  const { credentialStatus, supplementaryStatus, ...certificate } = parsed((await sceneOf()).text)
  const entry = [credentialStatus, supplementaryStatus]
    .flat()
    .find(({ statusPurpose }) => statusPurpose === purpose)
  return { ...certificate, credentialStatus: { ...entry, ...change } }
}

async function theirAnswer(credential: object, list: Json, cryptosuite: unknown = rdfc) {
  const { verified, results } = await checkStatus({
    credential,
    documentLoader: loaderOf([list]),
    suite: new DataIntegrityProof({ cryptosuite }),
  })
  return { verified, set: results?.map(({ status }) => status) }
}

describe('the bits', () => {
  const places = fc.uniqueArray(fc.nat(listEntries - 1), { maxLength: 20 })

  test('BSL-6, BSL-8: that they write we read', async () => {
    await fc.assert(
      fc.asyncProperty(places, async (set) => {
        const list = readStatusList({
          ...(await createCredential({
            id: statusLists.revocation,
            list: await theirBits(set),
            statusPurpose: 'revocation',
          })),
          issuer: keyAgency.controller,
          ...period,
        })
        const bits = list === null ? null : bitsOf(list)
        if (!bits?.ok) throw new Error('not read')
        const found = Array.from({ length: listEntries }, (_, index) => index).filter((index) =>
          bitAt(bits.bits, index),
        )
        expect(found).toEqual(set.toSorted((a, b) => a - b))
      }),
      { numRuns: 5 },
    )
  })

  test('BSL-6, BSL-8: that we write they read', async () => {
    await fc.assert(
      fc.asyncProperty(places, async (set) => {
        const list = await decodeList({ encodedList: encodeBitstring(set) })
        const found = Array.from({ length: listEntries }, (_, index) => index).filter((index) =>
          list.getStatus(index),
        )
        expect(found).toEqual(set.toSorted((a, b) => a - b))
      }),
      { numRuns: 5 },
    )
  })
})

describe.each(suites)('with %s', (suite, signing, verifying) => {
  test('BSL-5, BSL-13: a list of theirs is judged by us as it is meant', async () => {
    expect(await ourAnswer(await theirList([], signing))).toBe('pass')
    expect(await ourAnswer(await theirList([neighbour], signing))).toBe('pass')
    expect(await ourAnswer(await theirList([statusIndex, neighbour], signing))).toBe('revoked')
  })

  test.each<[what: string, alter: (list: Loose) => void]>([
    [
      'another list in it',
      (list) => Object.assign(list.credentialSubject, { encodedList: encodeBitstring([]) }),
    ],
    ['another end', (list) => Object.assign(list, { validUntil: '2098-01-01T00:00:00Z' })],
    ['another issuer', (list) => Object.assign(list, { issuer: otherAgency.controller })],
  ])('a list of theirs with %s counts for nobody', async (_what, alter) => {
    const list = structuredClone(await theirList([statusIndex], signing)) as Loose
    alter(list)
    expect(await ourAnswer(list)).toBe('status_list_not_believed')
    expect(await theirAnswer(await entryFor('revocation'), list, verifying)).toMatchObject({
      verified: false,
    })
  })

  test('BSL-11: a list of theirs by another issuer counts for nobody', async () => {
    const list = await theirList([statusIndex], signing, { issuer: otherAgency })
    expect(await ourAnswer(list)).toBe('status_list_not_believed')
    expect(await theirAnswer(await entryFor('revocation'), list, verifying)).toMatchObject({
      verified: false,
    })
  })

  test.each(['revocation', 'suspension'] as const)(
    'BSL-1, BSL-5: our entry and our list for %s are checked by them',
    async (purpose) => {
      const credential = await entryFor(purpose)
      const ours = async (set: readonly number[]) =>
        (await statusListOf(keyAgency, purpose, { ...period, set }, suite)).document
      expect(await theirAnswer(credential, await ours([]), verifying)).toEqual({
        verified: true,
        set: [false],
      })
      expect(await theirAnswer(credential, await ours([neighbour]), verifying)).toEqual({
        verified: true,
        set: [false],
      })
      expect(await theirAnswer(credential, await ours([statusIndex]), verifying)).toEqual({
        verified: true,
        set: [true],
      })
      const tampered = structuredClone(await ours([statusIndex])) as Loose
      tampered.credentialSubject.encodedList = encodeBitstring([])
      expect(await theirAnswer(credential, tampered, verifying)).toMatchObject({ verified: false })
    },
  )
})

describe('where they are wrong, or less strict', () => {
  test('BSL-13: they call a revoked credential verified: its bit stands beside it', async () => {
    const list = await theirList([statusIndex], rdfc)
    expect(await ourAnswer(list)).toBe('revoked')
    expect(await theirAnswer(await entryFor('revocation'), list)).toEqual({ verified: true, set: [true] })
  })

  test('BSL-5: they make a list without validFrom, of which we could not tell the age', async () => {
    const list = await createCredential({
      id: statusLists.revocation,
      list: await theirBits([]),
      statusPurpose: 'revocation',
    })
    expect(readStatusList({ ...list, issuer: keyAgency.controller })).toBeNull()
    const undated = await theirList([], rdfc, { change: { validFrom: undefined } })
    expect(await ourAnswer(undated)).toBe('status_list_not_believed')
    expect(await theirAnswer(await entryFor('revocation'), undated)).toEqual({ verified: true, set: [false] })
  })

  test('BSL-7: they read a list that is shorter than it may be', async () => {
    const list = await theirList([], rdfc, { length: 8192 })
    expect(await ourAnswer(list)).toBe('status_list_unreadable')
    expect(await theirAnswer(await entryFor('revocation'), list)).toEqual({ verified: true, set: [false] })
  })

  test('BSL-12: they take a list that says it is another one', async () => {
    const list = await theirList([], rdfc, { change: { id: 'https://agency.example/status/3' } })
    expect(await ourAnswer(list)).toBe('status_list_not_at_hand')
    const { credentialStatus, ...certificate } = await entryFor('revocation')
    const documentLoader = loaderOf([list])
    const { verified } = await checkStatus({
      credential: { ...certificate, credentialStatus },
      documentLoader: (url: string) =>
        documentLoader(url === statusLists.revocation ? 'https://agency.example/status/3' : url),
      suite: new DataIntegrityProof({ cryptosuite: rdfc }),
    })
    expect(verified).toBe(true)
  })

  test.each([[`${statusIndex}x`], [`${statusIndex}.9`], [statusIndex], [` ${statusIndex}`]])(
    'trap 40: they read the index %j as a number',
    async (statusListIndex) => {
      const list = await theirList([statusIndex], rdfc)
      const entry = await entryFor('revocation', { statusListIndex })
      expect(await theirAnswer(entry, list)).toEqual({ verified: true, set: [true] })
      const { proof: _, ...certificate } = parsed((await sceneOf()).text)
      certificate.credentialStatus.statusListIndex = statusListIndex
      const text = JSON.stringify(await sign(certificate, keyAgency))
      const { status } = (await judged(await sceneOf(), { text })).checks
      expect(status).toMatchObject({ outcome: 'fail', reason: 'status_malformed' })
    },
  )

  test('BSL-15, trap 38: they expand further than 2^26 entries', async () => {
    const bytes = (length: number) => gzipSync(new Uint8Array(length)) as Bytes
    const large = `u${toBase64url(bytes(8_388_609))}`
    expect((await decodeList({ encodedList: large })).getStatus(statusIndex)).toBe(false)
    const list = readStatusList({
      ...(await createCredential({
        id: statusLists.revocation,
        list: await theirBits([]),
        statusPurpose: 'revocation',
      })),
      issuer: keyAgency.controller,
      ...period,
      credentialSubject: { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: large },
    })
    expect(list && bitsOf(list)).toEqual({ ok: false, fault: 'list_too_large' })
  })
})
