/** What went wrong in other verifiers (field notes, table 1C), each as a test of ours. Rows i, j and k are about packages. */
import { gzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/base/bytes.ts'
import type { Fetch } from '../../src/base/fetch.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  allStand,
  certificateOf,
  judged,
  keyAgency,
  type Loose,
  now,
  onlyFormat,
  outcomesOf,
  parsed,
  resigned,
  sceneOf,
  sign,
  statusIndex,
  statusListOf,
  statusLists,
  stranger,
  tampered,
  webAgency,
} from './scene.ts'

const online = async (fetch: Fetch) => {
  const scene = await sceneOf()
  return verify(scene.text, { trust: scene.trust, now, fetch })
}

describe('what went wrong elsewhere does not go wrong here', () => {
  test.each<[what: string, fetch: Fetch]>([
    ['is down', async () => Promise.reject(new TypeError('fetch failed'))],
    ['answers 500', async () => new Response('{}', { status: 500 })],
    ['answers 404', async () => new Response('', { status: 404 })],
    ['answers with a page', async () => new Response('<html>')],
    ['answers with an empty object', async () => Response.json({})],
    ['answers with null', async () => Response.json(null)],
  ])(
    '1C a: a status list whose server %s leaves the verdict undetermined, never valid',
    async (_what, fetch) => {
      const report = await online(fetch)
      expect(report.verdict).toBe('undetermined')
      expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_at_hand' })
    },
  )

  test('1C b: taking the proof from a status list does not switch its check off', async () => {
    const scene = await sceneOf()
    const items = scene.evidence.items.map((item) => {
      const { proof: _, ...document } = item.document
      return { ...item, document }
    })
    expect(outcomesOf(await judged(scene, { items }))).toEqual({
      ...allStand,
      status: 'unknown status_list_not_believed',
    })
  })

  test.each(['proof', 'credentialStatus', 'credentialSchema', 'validFrom', 'issuer', '@context', 'type'])(
    '1C b: taking %s from a certificate does not switch its check off',
    async (member) => {
      const scene = await sceneOf()
      const text = tampered(scene, (vc) => {
        delete vc[member]
      })
      expect((await judged(scene, { text })).verdict).toBe('invalid')
    },
  )

  test('1C c: what is asked for holds neither the number nor an id of the certificate', async () => {
    const scene = await sceneOf(webAgency)
    const asked: string[] = []
    await verify(scene.text, {
      trust: scene.trust,
      now,
      fetch: async (url) => {
        asked.push(url)
        return new Response('', { status: 404 })
      },
    })
    expect(asked.toSorted()).toEqual([
      'https://agency.example/.well-known/did.json',
      'https://agency.example/key-history.jsonl',
      statusLists.revocation,
      statusLists.suspension,
    ])
    const { id, number, holder } = certificateOf(webAgency)
    for (const secret of [id, number, holder.id, holder.name, String(statusIndex)]) {
      expect(
        asked.filter((url) => decodeURIComponent(url).includes(secret.replace('urn:uuid:', ''))),
      ).toEqual([])
    }
  })

  test('1C d: a status list that a stranger signed is not believed', async () => {
    const scene = await sceneOf()
    const items = [await statusListOf(stranger, 'revocation'), await statusListOf(stranger, 'suspension')]
    expect(outcomesOf(await judged(scene, { items }))).toEqual({
      ...allStand,
      status: 'unknown status_list_not_believed',
    })
  })

  test.each([
    ['StatusList2021Entry'],
    ['RevocationList2020Status'],
    ['TokenStatusList'],
    ['bitstringstatuslistentry'],
  ])('1C e: an entry of the type %s leaves the status unknown', async (type) => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = await resigned(scene, (vc) => {
      vc.credentialStatus.type = type
    })
    const report = await judged(scene, { text })
    expect(report.verdict).toBe('undetermined')
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_type_unknown' })
  })

  test('1C e: the order of entries hides no revocation', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const items = [
      await statusListOf(keyAgency, 'revocation', { set: [statusIndex] }),
      await statusListOf(keyAgency, 'suspension'),
    ]
    const { credentialStatus, supplementaryStatus } = parsed(scene.text)
    const unknownType = { ...credentialStatus, id: 'urn:x:1', type: 'TokenStatusList' }
    const entries = [credentialStatus, ...supplementaryStatus, unknownType]
    for (const order of [entries, entries.toReversed(), [unknownType, credentialStatus]]) {
      const text = await resigned(scene, (vc: Loose) => {
        vc.credentialStatus = order
        delete vc.supplementaryStatus
      })
      expect(outcomesOf(await judged(scene, { text, items })).status).toBe('fail revoked')
    }
  })

  test('1C f: a small list that expands to 256 MB is given up within bounds', async () => {
    const scene = await sceneOf()
    const [, suspension] = scene.evidence.items
    const { proof: _, ...list } = structuredClone(
      (await statusListOf(keyAgency, 'revocation')).document,
    ) as Loose
    const bomb = new Uint8Array(gzipSync(new Uint8Array(268_435_456), { level: 9 }))
    expect(bomb.length).toBeLessThan(400_000)
    list.credentialSubject.encodedList = `u${toBase64url(bomb)}`
    const document = await sign(list, keyAgency)
    const before = process.memoryUsage().arrayBuffers
    const report = await judged(scene, {
      items: [{ kind: 'status-list', url: statusLists.revocation, document }, suspension!],
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_unreadable' })
  })

  test('1C g: the status of a credential of version 2 is looked at', async () => {
    const scene = await sceneOf()
    const items = [
      await statusListOf(keyAgency, 'revocation', { set: [statusIndex] }),
      await statusListOf(keyAgency, 'suspension'),
    ]
    const report = await judged(scene, { items })
    expect(parsed(scene.text)['@context'][0]).toBe('https://www.w3.org/ns/credentials/v2')
    expect(report.checks.status).toMatchObject({ outcome: 'fail', reason: 'revoked' })
  })

  test('1C h: a text that was broken is a reason, not an exception', async () => {
    const scene = await sceneOf()
    expect(outcomesOf(await judged(scene, { text: scene.text.slice(0, -20) }))).toEqual(
      onlyFormat('fail not_json'),
    )
  })

  test('1C h: a fetch that throws anything is an unknown status, not an exception', async () => {
    for (const thrown of [new TypeError('fetch failed'), 'no', undefined, { name: 'AbortError' }]) {
      const report = await online(() => Promise.reject(thrown))
      expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_at_hand' })
    }
    const report = await online(() => {
      throw new Error('at once')
    })
    expect(outcomesOf(report)).toEqual({ ...allStand, status: 'unknown status_list_not_at_hand' })
  })
})
