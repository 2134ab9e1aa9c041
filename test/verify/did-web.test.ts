import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import {
  allStand,
  didItem,
  entryOf,
  judged,
  keyAgency,
  type Loose,
  outcomesOf,
  type Scene,
  sceneOf,
  signTrustList,
  stranger,
  trustListOf,
  trustOf,
  webAgency,
  webDocumentOf,
  withAgency,
} from './scene.ts'

const method = 'did:web:agency.example#k1'
const right = webDocumentOf(webAgency)
/** The right document with something changed. */
const altered = (alter: (document: Loose) => void): JsonObject => {
  const document = structuredClone(right) as Loose
  alter(document)
  return document
}
const keyMember = (change: object) =>
  altered((document) => Object.assign(document.verificationMethod[0], change))
/** A second key of the agency's, on the trust list too. */
const secondKey = signerOfSeed(new Uint8Array(32).fill(7), { verificationMethod: method })

const withDocuments = (scene: Scene, ...documents: readonly JsonObject[]) =>
  judged(scene, {
    items: [...scene.evidence.items.filter(({ kind }) => kind !== 'did-document'), ...documents.map(didItem)],
  })
/** Without the key the status lists of the agency cannot be believed, nor anything be recognised. */
const withoutKey = {
  ...allStand,
  proof: 'unknown key_unknown',
  status: 'unknown status_list_not_believed',
  trust: 'unknown key_unknown',
}

describe('an agency known by its site', () => {
  test('is who it is where the trust list names the key of its document', async () => {
    expect(outcomesOf(await withDocuments(await sceneOf(webAgency), right))).toEqual(allStand)
  })

  test.each<[what: string, document: JsonObject | undefined, issuer: string, detail: string]>([
    ['no document', undefined, 'unknown did_not_at_hand', 'did:web:agency.example'],
    ['a document with a stranger’s key', webDocumentOf(stranger), 'unknown key_not_vouched', method],
    [
      'a document of another agency',
      altered((document) => {
        document.id = 'did:web:other.example'
      }),
      'unknown did_not_at_hand',
      'did:web:agency.example',
    ],
    [
      'a document without keys',
      altered((document) => {
        document.verificationMethod = []
      }),
      'unknown method_not_found',
      method,
    ],
    [
      'a document with the key twice',
      altered((document) => document.verificationMethod.push(document.verificationMethod[0])),
      'unknown method_not_found',
      method,
    ],
    [
      'a document whose key is for login',
      altered((document) => {
        document.authentication = document.assertionMethod
        delete document.assertionMethod
      }),
      'unknown method_not_for_purpose',
      'assertionMethod',
    ],
    [
      'a key that another controls',
      keyMember({ controller: 'did:web:other.example' }),
      'unknown method_of_another_controller',
      'did:web:other.example',
    ],
    ['a key that is none', keyMember({ publicKeyMultibase: 'z6Mk' }), 'unknown key_malformed', method],
    [
      'a key with a date that is none',
      keyMember({ revoked: 'yesterday' }),
      'unknown document_malformed',
      'a date of the key is none',
    ],
    [
      'a key that was revoked before it signed',
      keyMember({ revoked: '2026-03-02T01:02:03Z' }),
      'fail key_ended',
      '2026-03-02T01:02:03Z',
    ],
    [
      'a key that ended before there were computers',
      keyMember({ expires: '-271821-04-20T00:00:00+14:00' }),
      'fail key_ended',
      method,
    ],
  ])('is not found out: %s', async (_what, document, issuer, detail) => {
    const scene = await sceneOf(webAgency)
    const report = await withDocuments(scene, ...(document === undefined ? [] : [document]))
    expect(outcomesOf(report)).toEqual({ ...withoutKey, issuer })
    expect(report.checks.issuer).toMatchObject({ detail })
    expect(report.verdict).toBe(issuer.startsWith('fail') ? 'invalid' : 'undetermined')
  })

  test.each([
    ['was revoked', { revoked: '2026-05-31T23:59:59Z' }],
    ['was revoked this second', { revoked: '2026-06-01T00:00:00Z' }],
    ['expired', { expires: '2026-05-31T00:00:00Z' }],
  ])('a key that %s may have signed before: nobody but the signature says so', async (_what, member) => {
    const scene = await sceneOf(webAgency)
    const report = await withDocuments(scene, keyMember(member))
    expect(outcomesOf(report)).toEqual({
      ...allStand,
      status: expect.any(String),
      trust: 'unknown key_maybe_compromised',
    })
    expect(report.verdict).toBe('undetermined')
  })

  test('a key that ends in the future still counts', async () => {
    const document = keyMember({ revoked: '2026-06-01T00:00:01Z', expires: '2027-01-01T00:00:00Z' })
    expect(outcomesOf(await withDocuments(await sceneOf(webAgency), document))).toEqual(allStand)
  })

  test('without trust nobody vouches for the key, and no list may be believed', async () => {
    const scene = await sceneOf(webAgency)
    expect(outcomesOf(await judged(scene, { trust: undefined }))).toEqual({
      ...withoutKey,
      issuer: 'unknown key_not_vouched',
      trust: 'unknown no_trust',
    })
  })

  test('a key that the trust list names for another agency is not vouched for', async () => {
    const scene = await sceneOf(webAgency)
    const list = await trustListOf()
    const swapped = withAgency(
      withAgency(list, webAgency, { keys: (await entryOf(keyAgency)).keys }),
      keyAgency,
      {
        keys: (await entryOf(webAgency)).keys,
      },
    )
    expect(outcomesOf(await judged(scene, { trust: trustOf(await signTrustList(swapped)) }))).toEqual({
      ...withoutKey,
      issuer: 'unknown key_not_vouched',
    })
  })

  test('a list that does not count now vouches for nobody', async () => {
    const scene = await sceneOf(webAgency)
    const stale = await signTrustList({
      ...(await trustListOf()),
      validUntil: '2026-05-01T00:00:00Z' as never,
    })
    expect(outcomesOf(await judged(scene, { trust: trustOf(stale) }))).toEqual({
      ...withoutKey,
      issuer: 'unknown key_not_vouched',
      trust: 'unknown trust_list_stale',
    })
  })

  test('a DID of a method that we do not know is not found out', async () => {
    const issuer = signerOfSeed(new Uint8Array(32).fill(9), { verificationMethod: 'did:example:123#k1' })
    expect(outcomesOf(await judged(await sceneOf(issuer)))).toEqual({
      ...withoutKey,
      issuer: 'unknown did_method_unknown',
    })
  })

  test('a did:key that is no key is malformed', async () => {
    const issuer = signerOfSeed(new Uint8Array(32).fill(9), {
      verificationMethod: 'did:key:z6MkNone#z6MkNone',
    })
    expect(outcomesOf(await judged(await sceneOf(issuer)))).toEqual({
      ...withoutKey,
      issuer: 'fail did_malformed',
    })
  })
})

describe('documents beside the right one', () => {
  const forgeries: readonly [what: string, document: JsonObject][] = [
    ['with a stranger’s key', webDocumentOf(stranger)],
    ['with nothing in it', { id: webAgency.controller }],
    ['with a key that is none', keyMember({ publicKeyMultibase: 'z6Mk' })],
    ['that says the key was revoked', keyMember({ revoked: '2020-01-01T00:00:00Z' })],
    [
      'of somebody else',
      altered((document) => {
        document.id = 'did:web:other.example'
      }),
    ],
    ['that names another listed key', webDocumentOf(secondKey)],
  ]
  const vouchedTwice = async () => {
    const { keys } = await entryOf(webAgency)
    const second = { thumbprint: await thumbprint(secondKey.publicKey) }
    return trustOf(
      await signTrustList(withAgency(await trustListOf(), webAgency, { keys: [...keys, second] })),
    )
  }

  test.each(forgeries)(
    'a forged document %s changes nothing, whichever comes first',
    async (_what, forged) => {
      const scene = { ...(await sceneOf(webAgency)), trust: await vouchedTwice() }
      const report = await withDocuments(scene, right)
      expect(outcomesOf(report)).toEqual(allStand)
      expect(await withDocuments(scene, right, forged)).toEqual(report)
      expect(await withDocuments(scene, forged, right)).toEqual(report)
    },
  )

  test('all of them together change nothing either', async () => {
    const scene = { ...(await sceneOf(webAgency)), trust: await vouchedTwice() }
    const documents = [...forgeries.map(([, document]) => document), right]
    const report = await withDocuments(scene, right)
    expect(await withDocuments(scene, ...documents)).toEqual(report)
    expect(await withDocuments(scene, ...documents.toReversed())).toEqual(report)
  })

  test('the key that signed is the one that is recognised, not the one that a forged document names', async () => {
    // The second key was compromised; a document that names it in place of the first does not make the first so.
    const { keys } = await entryOf(webAgency)
    const second = {
      thumbprint: await thumbprint(secondKey.publicKey),
      compromisedSince: '2026-01-01T00:00:00Z' as never,
    }
    const trust = trustOf(
      await signTrustList(withAgency(await trustListOf(), webAgency, { keys: [...keys, second] })),
    )
    const scene = { ...(await sceneOf(webAgency)), trust }
    expect(outcomesOf(await withDocuments(scene, webDocumentOf(secondKey), right))).toEqual(allStand)
    // And a certificate by the compromised key is found out, whatever stands beside its document.
    const bySecond = { ...(await sceneOf(secondKey)), trust }
    expect(outcomesOf(await withDocuments(bySecond, webDocumentOf(secondKey), right))).toEqual({
      ...allStand,
      status: 'unknown status_list_not_believed',
      trust: 'fail key_compromised',
    })
  })

  test('where none is right, the report does not depend on which comes first', async () => {
    const scene = await sceneOf(webAgency)
    const documents = forgeries.map(([, document]) => document)
    const report = await withDocuments(scene, ...documents)
    expect(outcomesOf(report)).toEqual({ ...withoutKey, issuer: 'fail key_ended' })
    expect(await withDocuments(scene, ...documents.toReversed())).toEqual(report)
    const [first, second, third] = documents as [JsonObject, JsonObject, JsonObject]
    const unknown = await withDocuments(scene, first, second, third)
    expect(outcomesOf(unknown)).toEqual({ ...withoutKey, issuer: 'unknown key_malformed' })
    expect(await withDocuments(scene, third, second, first)).toEqual(unknown)
  })

  test('a tampered certificate fails under every key', async () => {
    const scene = { ...(await sceneOf(webAgency)), trust: await vouchedTwice() }
    const text = scene.text.replace('"created":"2026-03-02', '"created":"2026-03-03')
    expect(outcomesOf(await withDocuments({ ...scene, text }, webDocumentOf(secondKey), right))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })

  test('evidence for a did:key changes nothing: the name is the key', async () => {
    const scene = await sceneOf(keyAgency)
    const forged = { ...webDocumentOf(stranger), id: keyAgency.controller }
    expect(await judged(scene, { items: [...scene.evidence.items, didItem(forged)] })).toEqual(
      await judged(scene),
    )
  })
})
