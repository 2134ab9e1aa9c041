import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { sha256 } from '../../src/base/digest.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import { issue } from '../../src/issue/issue.ts'
import { issueSdJwt } from '../../src/issue/issue-sd-jwt.ts'
import { remembered } from '../../src/verify/believe.ts'
import { judgeWith } from '../../src/verify/judge.ts'
import { tokenList, tokenListItem } from './forms-scene.ts'
import { at, certificateOf, keyAgency, now, sceneOf, statusListOf, statusLists } from './scene.ts'

const created = at('2026-03-02T01:02:03Z')

/** The same item, and how often one of its members was looked at. */
function watched(item: EvidenceItem, member: string): { item: EvidenceItem; times: () => number } {
  let times = 0
  const document = Object.defineProperty({ ...item.document }, member, {
    enumerable: true,
    get: () => {
      times++
      return item.document[member]
    },
  }) as JsonObject
  return { item: { ...item, document }, times: () => times }
}

/** As a screening meets them: each person another position, the same few lists. */
const positions = Array.from({ length: 120 }, (_, i) => i * 1091)
const shown = new Set([positions[3], positions[77]] as readonly number[])

describe('one judgement over many certificates', () => {
  test('reads each bitstring list once, and finds every revocation and suspension', async () => {
    const { trust } = await sceneOf()
    const lists = [
      watched(await statusListOf(keyAgency, 'revocation', { set: shown }), 'credentialSubject'),
      watched(await statusListOf(keyAgency, 'suspension', { set: [positions[5] as number] }), 'proof'),
    ]
    const judge = await judgeWith({ trust, evidence: { items: lists.map(({ item }) => item) }, now })
    const reasons: (string | undefined)[] = []
    const looks: (readonly number[])[] = []
    for (const index of positions) {
      const { text } = await issue(certificateOf(keyAgency), {
        signer: keyAgency,
        suite: 'eddsa-jcs-2022',
        created,
        status: { index, lists: statusLists },
      })
      const { status } = (await judge(text)).checks
      reasons.push(
        status.outcome === 'pass' ? undefined : 'reason' in status ? status.reason : status.outcome,
      )
      looks.push(lists.map(({ times }) => times()))
    }
    expect(looks[0]?.every((times) => times > 0)).toBe(true)
    // What the first certificate took is all that there ever was.
    expect(looks).toEqual(positions.map(() => looks[0]))
    expect(reasons).toEqual(
      positions.map((index, i) => (shown.has(index) ? 'revoked' : i === 5 ? 'suspended' : undefined)),
    )
  })

  test('reads a token list once', async () => {
    const { trust } = await sceneOf()
    const list = watched(await tokenListItem(keyAgency, { length: 131_072 }), 'token')
    const judge = await judgeWith({ trust, evidence: { items: [list.item] }, now })
    const looks: number[] = []
    for (const index of positions.slice(0, 40)) {
      const { text } = await issueSdJwt(certificateOf(keyAgency), {
        signer: keyAgency,
        holder: { idType: 'resident-id', idNumber: '11000019900307857X', birthDate: undefined },
        status: { uri: tokenList, index },
        created,
        salt: (label) => sha256(utf8(label)).slice(0, 16),
      })
      expect((await judge(text)).checks.status.outcome).toBe('pass')
      looks.push(list.times())
    }
    expect(looks[0]).toBeGreaterThan(0)
    expect(looks).toEqual(looks.map(() => looks[0]))
  })
})

describe('an expanded list', () => {
  const counting = (bytes: number) => {
    let times = 0
    return { expand: () => new Uint8Array(bytes).fill(++times), times: () => times }
  }

  test('is expanded once, whatever its length, as long as there is room', () => {
    const room = { bytes: 8_388_608 + 10 }
    const [great, small, more] = [counting(8_388_608), counting(10), counting(1)]
    const lists = [great, small, more].map(({ expand }) => remembered(expand, { room }))
    for (let i = 0; i < 3; i++) for (const list of lists) list()
    expect([great, small, more].map(({ times }) => times())).toEqual([1, 1, 3])
    expect(room).toEqual({ bytes: 0 })
    expect(lists.map((list) => list()[0])).toEqual([1, 1, 4])
  })

  test('that cannot be expanded is tried once and takes no room', () => {
    const room = { bytes: 0 }
    let times = 0
    const list = remembered(
      () => {
        times++
        return 'list_too_large'
      },
      { room },
    )
    expect([list(), list(), times]).toEqual(['list_too_large', 'list_too_large', 1])
  })
})
