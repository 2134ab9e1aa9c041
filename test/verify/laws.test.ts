import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical.ts'
import { type Json, parseJson } from '../../src/base/json.ts'
import type { EvidenceItem } from '../../src/evidence/evidence.ts'
import type { Trust } from '../../src/trust/trust.ts'
import { checkIds, type Report } from '../../src/verify/report.ts'
import { verify } from '../../src/verify/verify.ts'
import {
  allLists,
  binding,
  formOf,
  p256Agency,
  retold,
  retoldBy,
  statuses,
  tokenItem,
  tokenListOf,
  trustInAll,
} from './forms.ts'
import { mutated, mutation } from './mutations.ts'
import {
  at,
  didItem,
  judged,
  keyAgency,
  type Loose,
  now,
  otherAgency,
  outcomesOf,
  parsed,
  type Scene,
  sceneOf,
  sign,
  signTrustList,
  statusIndex,
  statusListOf,
  stranger,
  trustListOf,
  webAgency,
  webDocumentOf,
} from './scene.ts'

/** Fixed, so that a run today is the run of tomorrow. */
const runs = (numRuns: number) => ({ numRuns, seed: 20260601 })

/** Everything that could be brought by somebody who wants another verdict and has no key of ours. */
let forgeries: readonly EvidenceItem[]
/** Scenes that differ in their verdict. */
let scenes: Readonly<Record<'key' | 'web' | 'jcs' | 'revoked' | 'suspended' | 'unlisted', Scene>>

beforeAll(async () => {
  const [key, web, jcs] = await Promise.all([
    sceneOf(keyAgency),
    sceneOf(webAgency),
    sceneOf(webAgency, { suite: 'eddsa-jcs-2022' }),
  ])
  const [revocation, suspension] = key.evidence.items as [EvidenceItem, EvidenceItem]
  const revoked = await statusListOf(keyAgency, 'revocation', { set: [statusIndex] })
  const suspended = await statusListOf(keyAgency, 'suspension', { set: [statusIndex] })
  scenes = {
    key,
    web,
    jcs,
    revoked: { ...key, evidence: { items: [revoked, suspension] } },
    suspended: { ...key, evidence: { items: [revocation, suspended] } },
    unlisted: {
      ...key,
      trust: { ...key.trust, lists: [await signTrustList({ ...(await trustListOf()), agencies: [] })] },
    },
  }
  const list = revocation.document as Loose
  const { proof: _, ...unsigned } = list
  const asIssuer = { ...unsigned, issuer: keyAgency.controller }
  const trustItem = (document: Json): EvidenceItem => ({
    kind: 'trust-list',
    url: 'urn:x',
    document: document as Loose,
  })
  forgeries = [
    await statusListOf(stranger, 'revocation', { set: [statusIndex] }),
    await statusListOf(otherAgency, 'suspension', { set: [statusIndex] }),
    await statusListOf(stranger, 'revocation', { validFrom: at('2026-06-01T00:00:00Z') }),
    { kind: 'status-list', url: 'urn:x', document: await sign(asIssuer, stranger) },
    { kind: 'status-list', url: 'urn:x', document: { ...list, validUntil: '2030-01-01T00:00:00Z' } },
    { kind: 'status-list', url: 'urn:x', document: unsigned },
    { kind: 'status-list', url: 'urn:x', document: { ...list, proof: [] } },
    { kind: 'status-list', url: 'urn:x', document: {} },
    trustItem(await signTrustList(await trustListOf(stranger), stranger)),
    trustItem(await signTrustList({ ...(await trustListOf()), sequence: 99, agencies: [] }, stranger)),
    trustItem({}),
    didItem(webDocumentOf(stranger)),
    didItem({ id: webAgency.controller }),
    didItem({}),
    { kind: 'context', url: 'https://w3id.org/gradecert/v1', document: { '@context': {} } },
    { kind: 'context', url: 'https://www.w3.org/ns/credentials/v2', document: {} },
    { kind: 'context', url: '__proto__', document: {} },
  ]
})

const names = ['key', 'web', 'jcs', 'revoked', 'suspended', 'unlisted'] as const
const verdicts: Readonly<Record<(typeof names)[number], string>> = {
  key: 'valid',
  web: 'valid',
  jcs: 'valid',
  revoked: 'invalid',
  suspended: 'invalid',
  unlisted: 'invalid',
}
const sceneName = fc.constantFrom(...names)

/** What holds of every report, whatever was judged. */
function isSound(report: Report): void {
  expect(Object.keys(report.checks)).toEqual([...checkIds])
  const outcomes = Object.values(report.checks).map(({ outcome }) => outcome)
  const verdict = outcomes.includes('fail')
    ? 'invalid'
    : outcomes.includes('unknown')
      ? 'undetermined'
      : 'valid'
  expect(report.verdict).toBe(verdict)
  expect('certificate' in report).toBe(verdict === 'valid')
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  // The net below the judge catches what its checks throw; nothing should ever fall into it.
  expect(outcomesOf(report).format).not.toBe('unknown internal_error')
}

describe('laws of judgement', () => {
  test('the scenes differ as they should', async () => {
    const found = await Promise.all(names.map(async (name) => [name, (await judged(scenes[name])).verdict]))
    expect(Object.fromEntries(found)).toEqual(verdicts)
  })

  test('taking evidence or lists away never makes a certificate valid', async () => {
    await fc.assert(
      fc.asyncProperty(sceneName, fc.nat(15), fc.boolean(), async (name, kept, withLists) => {
        const scene = scenes[name]
        const items = scene.evidence.items.filter((_, i) => (kept >> i) & 1)
        const trust: Trust = withLists ? scene.trust : { ...scene.trust, lists: [] }
        const report = await judged(scene, { items, trust })
        isSound(report)
        const whole = withLists && items.length === scene.evidence.items.length
        if (!whole) expect(report.verdict).not.toBe('valid')
      }),
      runs(40),
    )
  })

  test('evidence or lists that were changed never make a certificate valid that was not', async () => {
    await fc.assert(
      fc.asyncProperty(sceneName, fc.nat(3), fc.nat(), mutation, async (name, which, choice, change) => {
        const scene = scenes[name]
        const documents: Json[] = [
          ...scene.evidence.items.map(({ document }) => document),
          scene.trust.lists[0] as Json,
        ]
        const at = which % documents.length
        documents[at] = mutated(documents[at] as Json, choice, change)
        const items = scene.evidence.items.map((item, i) => ({ ...item, document: documents[i] as Loose }))
        const report = await judged(scene, {
          items,
          trust: { ...scene.trust, lists: [documents.at(-1) as Json] },
        })
        isSound(report)
        if (report.verdict === 'valid') expect(verdicts[name]).toBe('valid')
      }),
      runs(120),
    )
  })

  test('what strangers add changes nothing in the report', async () => {
    await fc.assert(
      fc.asyncProperty(
        sceneName,
        fc.subarray([...Array(17).keys()]),
        fc.nat(),
        async (name, chosen, turn) => {
          const scene = scenes[name]
          const added = chosen.map((i) => forgeries[i] as EvidenceItem)
          const all = [...scene.evidence.items, ...added]
          const start = turn % all.length
          const items = [...all.slice(start), ...all.slice(0, start)]
          expect(await judged(scene, { items })).toEqual(await judged(scene))
        },
      ),
      runs(50),
    )
    expect(forgeries).toHaveLength(17)
  })

  test('the order of evidence and of lists never matters', async () => {
    const lists = [
      await signTrustList(await trustListOf()),
      await signTrustList({ ...(await trustListOf()), sequence: 6, agencies: [] }),
      await signTrustList({ ...(await trustListOf()), id: 'https://authority.example/second' }),
      await signTrustList({ ...(await trustListOf()), id: 'https://authority.example/third', agencies: [] }),
    ]
    const more = await Promise.all([
      statusListOf(webAgency, 'revocation', { validFrom: at('2026-05-01T00:00:00Z'), set: [statusIndex] }),
      statusListOf(webAgency, 'revocation', { validFrom: at('2026-04-01T00:00:00Z'), set: [statusIndex] }),
      statusListOf(webAgency, 'suspension', { validFrom: at('2026-05-31T00:00:00Z'), set: [statusIndex] }),
      statusListOf(webAgency, 'suspension', { validUntil: at('2026-07-20T00:00:00Z') }),
    ])
    const all = [...scenes.web.evidence.items, ...more, ...forgeries]
    await fc.assert(
      fc.asyncProperty(
        fc
          .subarray(all, { minLength: 2 })
          .chain((some) =>
            fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
          ),
        fc.shuffledSubarray(lists, { minLength: lists.length }),
        async ([items, shuffled], order) => {
          const trust = (some: readonly Json[]): Trust => ({ ...scenes.web.trust, lists: some })
          const one = await judged(scenes.web, { items, trust: trust(lists) })
          const other = await judged(scenes.web, { items: shuffled, trust: trust(order) })
          expect(JSON.stringify(other)).toBe(JSON.stringify(one))
        },
      ),
      runs(50),
    )
  })

  test('any one change of a good certificate ends its validity', async () => {
    const originals = {
      key: canonicalJson(parsed(scenes.key.text)),
      jcs: canonicalJson(parsed(scenes.jcs.text)),
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('key', 'jcs'), fc.nat(), mutation, async (name, choice, change) => {
        const changed = mutated(parsed(scenes[name].text), choice, change)
        const text = JSON.stringify(changed)
        const report = await judged(scenes[name], { text })
        isSound(report)
        const reading = parseJson(text)
        const same = reading.ok && canonicalJson(reading.value) === originals[name]
        expect(report.verdict === 'valid').toBe(same)
      }),
      runs(250),
    )
  })

  test('several changes at once are reported as well', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), mutation), { minLength: 2, maxLength: 6 }),
        async (changes) => {
          const text = JSON.stringify(
            changes.reduce(
              (value, [choice, change]) => mutated(value, choice, change),
              parsed(scenes.jcs.text) as Json,
            ),
          )
          isSound(await judged(scenes.jcs, { text }))
        },
      ),
      runs(100),
    )
  })

  test('any one change of the text ends its validity, or leaves what it says as it was', async () => {
    const original = canonicalJson(parsed(scenes.key.text))
    const bytes = new TextEncoder().encode(scenes.key.text)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.nat(255),
        fc.constantFrom(0, 1, 2),
        async (i, byte, act) => {
          const text = Uint8Array.of(
            ...bytes.slice(0, i),
            ...(act === 0 ? [] : [byte]),
            ...bytes.slice(act === 2 ? i : i + 1),
          )
          const report = await judged(scenes.key, { text })
          isSound(report)
          const reading = parseJson(text)
          expect(report.verdict === 'valid').toBe(reading.ok && canonicalJson(reading.value) === original)
        },
      ),
      runs(100),
    )
  })

  test('an issuer that signs whatever it likes is answered all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, fc.constantFrom('key', 'jcs'), async (choice, change, name) => {
        const { proof: _, ...vc } = parsed(scenes[name].text)
        const signer = name === 'key' ? keyAgency : webAgency
        const signed = await sign(mutated(vc, choice, change) as Loose, signer).catch(() => null)
        if (signed !== null) isSound(await judged(scenes[name], { text: JSON.stringify(signed) }))
      }),
      runs(100),
    )
  })

  test('an issuer that publishes whatever it likes is answered all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (choice, change) => {
        const [first, ...others] = scenes.revoked.evidence.items as [EvidenceItem, ...EvidenceItem[]]
        const { proof: _, ...list } = first.document as Loose
        const document = await sign(mutated(list, choice, change) as Loose, keyAgency)
        const report = await judged(scenes.revoked, { items: [{ ...first, document }, ...others] })
        isSound(report)
        expect(['pass', 'fail revoked', 'fail status_index_out_of_range', 'unknown']).toContain(
          outcomesOf(report).status.replace(/^unknown .*/, 'unknown'),
        )
      }),
      runs(100),
    )
  })

  test('bytes at random are never valid and never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const report = await judged(scenes.key, { text: new Uint8Array(bytes) })
        isSound(report)
        expect(report.verdict).toBe('invalid')
      }),
      runs(100),
    )
  })

  test('JSON at random is never valid and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), async (text) => {
        const report = await judged(scenes.key, { text })
        isSound(report)
        expect(report.verdict).toBe('invalid')
      }),
      runs(100),
    )
  })
})

describe('laws of judgement, for tokens', () => {
  const tokenNames = ['vc+jwt, Ed25519', 'badge-jwt', 'dc+sd-jwt', 'dc+sd-jwt, bound'] as const
  type TokenName = (typeof tokenNames)[number]
  let texts: Readonly<Record<TokenName, string>>
  let trust: Trust
  let items: readonly EvidenceItem[]
  let revoked: EvidenceItem
  let foreign: readonly EvidenceItem[]
  beforeAll(async () => {
    const made = await Promise.all(tokenNames.map(async (name) => [name, (await formOf(name)).text] as const))
    texts = Object.fromEntries(made) as Record<TokenName, string>
    trust = await trustInAll()
    items = await allLists()
    const set = { values: statuses({ [statusIndex]: 1 }) }
    revoked = await tokenListOf(p256Agency, set)
    foreign = [
      await tokenListOf(stranger, set),
      await tokenListOf(otherAgency, { iat: at('2026-05-31T00:00:00Z') }),
      await tokenListOf(stranger, { issuer: p256Agency.controller }),
      tokenItem(texts['dc+sd-jwt']),
      tokenItem('x'),
      { kind: 'token-status-list', url: 'urn:x', document: {} },
      { kind: 'schema', url: 'urn:x', document: { id: 'https://agency.example/schema', text: '{}' } },
      {
        kind: 'issuer-metadata',
        url: 'urn:x',
        document: { issuer: p256Agency.controller, jwks: { keys: [] } },
      },
    ]
  })
  const judge = (name: TokenName, text: string, given: readonly EvidenceItem[] = items) =>
    verify(text, {
      trust,
      evidence: { items: given },
      now,
      ...(name === 'dc+sd-jwt, bound' && { binding }),
    })
  const tokenName = fc.constantFrom(...tokenNames)

  test('any one change of a header or payload ends the validity of a token', async () => {
    await fc.assert(
      fc.asyncProperty(
        tokenName,
        fc.boolean(),
        fc.nat(),
        mutation,
        async (name, inHeader, choice, change) => {
          let isSame = false
          const text = retold(texts[name], (header, payload) => {
            const part = inHeader ? header : payload
            const changed = mutated(part, choice, change) as Loose
            isSame = canonicalJson(changed) === canonicalJson(part)
            for (const member of Object.keys(part)) delete part[member]
            Object.assign(part, changed)
          })
          const report = await judge(name, text)
          isSound(report)
          if (!isSame) expect(report.verdict).not.toBe('valid')
        },
      ),
      runs(200),
    )
  })

  test('any one change of the text of a token ends its validity', async () => {
    await fc.assert(
      fc.asyncProperty(
        tokenName,
        fc.nat(),
        fc.constantFrom('A', 'z', '_', '.', '~', '-', ' ', '王', ''),
        fc.nat(1),
        async (name, choice, put, length) => {
          const original = texts[name]
          const i = choice % original.length
          const text = `${original.slice(0, i)}${put}${original.slice(i + length)}`
          const report = await judge(name, text)
          isSound(report)
          expect(report.verdict === 'valid').toBe(text === original)
        },
      ),
      runs(200),
    )
  })

  test('what its holder keeps back never makes a certificate anything that it was not', async () => {
    const [issued = '', ...disclosures] = texts['dc+sd-jwt'].slice(0, -1).split('~')
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(disclosures), fc.boolean(), async (some, isRevoked) => {
        const given = isRevoked ? [revoked, ...items] : items
        const report = await judge('dc+sd-jwt', [issued, ...some, ''].join('~'), given)
        isSound(report)
        expect(report.verdict).toBe(isRevoked ? 'invalid' : 'valid')
      }),
      runs(30),
    )
  })

  test('evidence taken away, brought by strangers or in another order never makes one valid that was not', async () => {
    await fc.assert(
      fc.asyncProperty(
        tokenName,
        fc.boolean(),
        fc.nat(127),
        fc.subarray([...Array(8).keys()]),
        fc.nat(),
        async (name, isRevoked, kept, added, turn) => {
          const all = isRevoked ? [...items, revoked] : items
          const chosen = all.filter((item, i) => item === revoked || (kept >> i) & 1)
          const more = [...chosen, ...added.map((i) => foreign[i] as EvidenceItem)]
          const start = turn % Math.max(more.length, 1)
          const given = [...more.slice(start), ...more.slice(0, start)]
          const report = await judge(name, texts[name], given)
          isSound(report)
          // Of a list that is not there, and of one that is a stranger's, nothing is known alike.
          const words = (one: Report) => Object.values(one.checks).map(({ outcome }) => outcome)
          expect(words(report)).toEqual(words(await judge(name, texts[name], chosen)))
          if (isRevoked && name.startsWith('dc+sd-jwt')) expect(report.verdict).toBe('invalid')
        },
      ),
      runs(50),
    )
  })

  test('a list whose token was changed never clears anyone', async () => {
    const token = revoked.document.token as string
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (choice, change) => {
        const altered = retold(token, (_, payload) => {
          const changed = mutated(payload, choice, change) as Loose
          for (const member of Object.keys(payload)) delete payload[member]
          Object.assign(payload, changed)
        })
        const report = await judge('dc+sd-jwt', texts['dc+sd-jwt'], [tokenItem(altered)])
        isSound(report)
        expect(report.verdict).not.toBe('valid')
      }),
      runs(60),
    )
  })

  test('an agency that states whatever it likes in claims is answered all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (choice, change) => {
        const text = await retoldBy(p256Agency, texts['dc+sd-jwt'], (_, payload) => {
          const changed = mutated(payload, choice, change) as Loose
          for (const member of Object.keys(payload)) delete payload[member]
          Object.assign(payload, changed)
        })
        isSound(await judge('dc+sd-jwt', text))
      }),
      runs(100),
    )
  })
})
