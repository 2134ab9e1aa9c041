import { describe, expect, test } from 'vitest'
import type { GradeCertificate } from '../../src/certificate/certificate.ts'
import { grades } from '../../src/certificate/grade.ts'
import { readBadge, toBadge } from '../../src/credential/badge.ts'
import { contextUrls } from '../../src/credential/contexts.ts'
import {
  allStand,
  at,
  certificateOf,
  day,
  drop,
  judged,
  keyAgency,
  type Loose,
  onlyFormat,
  otherAgency,
  outcomesOf,
  parsed,
  put,
  resigned,
  sceneOf,
  sign,
  statusLists,
  stranger,
  tampered,
} from './scene.ts'
import { changes, type Outcomes } from './tamper-table.ts'

/** What is changed of the certificate is changed everywhere in the badge, as a forger would. */
function restated(vc: Loose, change: Partial<GradeCertificate>): Loose {
  const { proof, credentialStatus, supplementaryStatus, ...badge } = vc
  const reading = readBadge(badge)
  if (!reading?.ok) throw new Error('not the badge that the scene gave')
  const rebuilt = toBadge({ ...(reading.certificate as GradeCertificate), ...change }, reading.form)
  return { ...rebuilt, credentialStatus, supplementaryStatus, proof }
}

describe('a certificate that was restated after it was signed', () => {
  const { award, holder } = certificateOf(keyAgency)
  test.each<[change: string, to: Partial<GradeCertificate>, others?: Outcomes]>([
    ['the name', { holder: { ...holder, name: '李小明' } }],
    ['a romanised name', { holder: { ...holder, romanisedName: 'WANG XIAOMING' } }],
    ['the number', { number: 'PT26-0001-11-3801-1-0000018-E' }],
    ['the grade', { award: { ...award, grade: grades.intermediate } }],
    ['scores', { evaluation: { theory: 90, practical: 91 } }],
    ['the day of award', { awardedOn: day('2026-02-28') }],
    ['an end', { validUntil: day('2026-06-30') }],
    [
      'a grade beyond the scope',
      { award: { ...award, grade: grades.senior } },
      { trust: 'fail grade_out_of_scope' },
    ],
  ])('%s fails the proof and nothing else', async (_change, to, others) => {
    const text = tampered(await sceneOf(), (vc) => restated(vc, to))
    const report = await judged(await sceneOf(), { text })
    expect(outcomesOf(report)).toEqual({ ...allStand, proof: 'fail signature_mismatch', ...others })
    expect(report).toMatchObject({ verdict: 'invalid', claimed: { ...certificateOf(keyAgency), ...to } })
    expect(report).not.toHaveProperty('certificate')
  })

  test('it is restated in the same way under the JCS suite', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = tampered(scene, (vc) => restated(vc, { number: 'PT26-0001-11-3801-1-0000018-E' }))
    expect(outcomesOf(await judged(scene, { text }))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })
})

describe('one change after the signature', () => {
  test.each(changes)('%s', async (_change, alter, expected) => {
    const scene = await sceneOf()
    const text = tampered(scene, alter)
    expect(text).not.toBe(scene.text)
    const report = await judged(scene, { text })
    expect(report.verdict).toBe('invalid')
    expect(outcomesOf(report)).toEqual({ ...allStand, ...expected })
  })
})

describe('contexts other than exactly ours', () => {
  const [vcdm, badges, extensions, ours] = [
    contextUrls['credentials/v2'],
    contextUrls['open-badges/3.0.3'],
    contextUrls['open-badges/extensions'],
    contextUrls['gradecert/v1'],
  ]
  test.each<[what: string, contexts: unknown, format: string]>([
    [
      'one more',
      [vcdm, badges, extensions, ours, 'https://w3id.org/security/multikey/v1'],
      'fail context_not_accepted',
    ],
    ['one of ours twice', [vcdm, badges, extensions, ours, ours], 'fail context_not_accepted'],
    [
      'one more that is inline',
      [vcdm, badges, extensions, ours, { grade: 'urn:x' }],
      'fail context_not_accepted',
    ],
    [
      'an inline one in place of ours',
      [vcdm, badges, extensions, { grade: 'urn:x' }],
      'fail context_not_accepted',
    ],
    ['one injected', [vcdm, badges, 'https://evil.example/c', extensions, ours], 'fail context_not_accepted'],
    ['another order', [vcdm, extensions, badges, ours], 'fail context_not_accepted'],
    ['ours first', [ours, vcdm, badges, extensions], 'fail context_not_accepted'],
    ['one less', [vcdm, badges, extensions], 'fail context_not_accepted'],
    [
      'another version of a context',
      [vcdm, badges.replace('3.0.3', '3.0.1'), extensions, ours],
      'fail context_not_accepted',
    ],
    [
      'a known one in place of ours',
      [vcdm, badges, extensions, 'https://w3id.org/security/multikey/v1'],
      'fail context_not_accepted',
    ],
    [
      'an unknown one in place of ours',
      [vcdm, badges, extensions, 'https://evil.example/c'],
      'unknown context_not_at_hand',
    ],
    ['a text', ours, 'fail context_not_accepted'],
    ['null', null, 'fail context_not_accepted'],
    ['an object', { '@vocab': 'urn:x' }, 'fail context_not_accepted'],
    ['none', undefined, 'fail context_not_accepted'],
  ])('%s leaves nothing to look at', async (_what, contexts, format) => {
    const scene = await sceneOf()
    const text = tampered(scene, (vc) => ({ ...vc, '@context': contexts }))
    expect(outcomesOf(await judged(scene, { text }))).toEqual(onlyFormat(format))
  })

  test('trap 3: contexts appended behind those of a JCS proof are not signed and not accepted', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = tampered(scene, (vc) => void vc['@context'].push('https://w3id.org/security/multikey/v1'))
    expect(outcomesOf(await judged(scene, { text }))).toEqual(onlyFormat('fail context_not_accepted'))
  })

  test('a JCS proof over a shorter list of contexts does not cover the document', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const { proof: _, ...vc } = parsed(scene.text)
    const signed = await sign({ ...vc, '@context': vc['@context'].slice(0, 3) }, keyAgency)
    const text = JSON.stringify({ ...signed, '@context': vc['@context'] })
    const report = await judged(scene, { text })
    expect(outcomesOf(report)).toEqual({ ...allStand, proof: 'fail context_mismatch' })
    expect(report.checks.proof).toMatchObject({ detail: '/@context/3 is not signed' })
  })

  test('a JCS proof over other contexts does not begin the document', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = tampered(scene, put('proof.@context', [ours]))
    expect(outcomesOf(await judged(scene, { text }))).toEqual({ ...allStand, proof: 'fail context_mismatch' })
  })

  test('a JCS proof without its contexts is over something else', async () => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = tampered(scene, drop('proof.@context'))
    expect(outcomesOf(await judged(scene, { text }))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })

  test('the agency’s own copy of our context counts by its content', async () => {
    const { contextV1Text } = await import('../../src/credential/published-texts.ts')
    const { issue } = await import('../../src/issue/issue.ts')
    const url = 'https://agency.example/context/v1.json'
    const document = JSON.parse(contextV1Text())
    const scene = await sceneOf()
    const { text } = await issue(certificateOf(keyAgency), {
      signer: keyAgency,
      created: at('2026-03-02T01:02:03Z'),
      status: { index: 1, lists: statusLists },
      contextUrl: url,
    })
    const forged = { kind: 'context', url, document: { '@context': { grade: 'urn:x' } } } as const
    const other = {
      kind: 'context',
      url,
      document: (await import('@digitalbazaar/multikey-context')).default.contexts.get(
        'https://w3id.org/security/multikey/v1',
      ) as never,
    } as const
    const own = { kind: 'context', url, document } as const
    const lists = scene.evidence.items
    expect(outcomesOf(await judged(scene, { text }))).toEqual(onlyFormat('unknown context_not_at_hand'))
    expect(outcomesOf(await judged(scene, { text, items: [...lists, forged, other] }))).toEqual(
      onlyFormat('unknown context_not_at_hand'),
    )
    for (const items of [[own], [own, forged], [forged, own], [other, own], [own, other]]) {
      expect(outcomesOf(await judged(scene, { text, items: [...lists, ...items] }))).toEqual(allStand)
    }
  })
})

describe('signed again by somebody', () => {
  test('DI-7, trap 26: another agency’s signature in its own name is not the issuer’s', async () => {
    const scene = await sceneOf()
    const text = await resigned(scene, () => {}, otherAgency)
    expect(outcomesOf(await judged(scene, { text }))).toEqual({
      ...allStand,
      issuer: 'fail method_of_another_controller',
      proof: 'unknown key_unknown',
      trust: 'unknown key_unknown',
    })
  })

  test('another agency’s signature under the issuer’s name is over another key', async () => {
    const scene = await sceneOf()
    const text = tampered(
      { ...scene, text: await resigned(scene, () => {}, otherAgency) },
      put('proof.verificationMethod', keyAgency.verificationMethod),
    )
    expect(outcomesOf(await judged(scene, { text }))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })

  test('a stranger who issues in the same words is not listed, and its status lists are not there', async () => {
    const scene = await sceneOf()
    const { text } = await sceneOf(stranger)
    expect(outcomesOf(await judged(scene, { text }))).toEqual({
      ...allStand,
      status: 'unknown status_list_not_believed',
      trust: 'fail agency_not_listed',
    })
  })

  test('two proofs by the issuer both count', async () => {
    const scene = await sceneOf()
    const twice = await sign(parsed(scene.text), keyAgency, { id: 'urn:uuid:2' })
    const report = await judged(scene, { text: JSON.stringify(twice) })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.proof).toEqual({
      outcome: 'pass',
      facts: { suites: ['eddsa-rdfc-2022', 'eddsa-jcs-2022'], created: '2026-03-02T01:02:03Z' },
    })
    const broken = tampered(
      { ...scene, text: JSON.stringify(twice) },
      put('proof.1.created', '2026-05-02T00:00:00Z'),
    )
    expect(outcomesOf(await judged(scene, { text: broken }))).toEqual({
      ...allStand,
      proof: 'fail signature_mismatch',
    })
  })

  test('a second proof by a stranger spoils the first', async () => {
    const scene = await sceneOf()
    const twice = await sign(parsed(scene.text), stranger, { id: 'urn:uuid:2' })
    expect(outcomesOf(await judged(scene, { text: JSON.stringify(twice) }))).toEqual({
      ...allStand,
      issuer: 'fail method_of_another_controller',
      proof: 'unknown key_unknown',
      trust: 'unknown key_unknown',
    })
  })

  test('DI-25, trap 50: a second proof of a suite that we do not know is named as unchecked', async () => {
    const scene = await sceneOf()
    const text = tampered(scene, (vc) => {
      vc.proof = [vc.proof, { ...vc.proof, id: 'urn:uuid:2', cryptosuite: 'bbs-2023' }]
    })
    const report = await judged(scene, { text })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.proof).toMatchObject({
      facts: { suites: ['eddsa-rdfc-2022'], unchecked: ['bbs-2023'] },
    })
  })
})

describe('BSL-1, trap 40: entries of the status, signed by the issuer', () => {
  const entry = (change: object) => (vc: Loose) => void Object.assign(vc.credentialStatus, change)
  test.each<[what: string, alter: (vc: Loose) => void, expected: Outcomes]>([
    [
      'none at all',
      (vc) => {
        delete vc.credentialStatus
        delete vc.supplementaryStatus
      },
      { format: 'fail status_missing', schema: 'fail schema_violated', status: 'skipped no_status' },
    ],
    [
      'a suspension alone',
      (vc) => {
        vc.credentialStatus = vc.supplementaryStatus[0]
        delete vc.supplementaryStatus
      },
      { format: 'fail status_missing' },
    ],
    [
      'a message alone',
      (vc) => {
        vc.credentialStatus.statusPurpose = 'message'
        delete vc.supplementaryStatus
      },
      {
        format: 'fail status_missing',
        schema: 'fail schema_violated',
        status: 'unknown status_purpose_mismatch',
      },
    ],
    [
      'an empty list',
      (vc) => {
        vc.credentialStatus = []
        delete vc.supplementaryStatus
      },
      { format: 'fail status_missing', schema: 'fail schema_violated', status: 'skipped no_status' },
    ],
    [
      'JC-12: another type',
      entry({ type: 'StatusList2021Entry' }),
      { status: 'unknown status_type_unknown', proof: 'fail data_loss' },
    ],
    [
      'an index that is a number',
      entry({ statusListIndex: 4242 }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index with a zero before it',
      entry({ statusListIndex: '04242' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'the index 01',
      entry({ statusListIndex: '01' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'a negative index',
      entry({ statusListIndex: '-1' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index with a plus',
      entry({ statusListIndex: '+1' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index with an exponent',
      entry({ statusListIndex: '1e3' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'a hexadecimal index',
      entry({ statusListIndex: '0x10' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index with white space',
      entry({ statusListIndex: '1\n' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'no digits',
      entry({ statusListIndex: '' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index of twenty digits',
      entry({ statusListIndex: '1'.repeat(20) }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an index one beyond the list',
      entry({ statusListIndex: '131072' }),
      { status: 'fail status_index_out_of_range' },
    ],
    ['BSL-2: another id, which decides nothing', entry({ id: 'urn:x:1' }), {}],
    ['BSL-2: no id', (vc) => void delete vc.credentialStatus.id, {}],
    ['the last index of the list', entry({ statusListIndex: '131071' }), {}],
    [
      'two bits an entry',
      entry({ statusSize: 2 }),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'a list that is no URL',
      entry({ statusListCredential: 'not a url' }),
      { schema: 'fail schema_violated', status: 'fail status_malformed', proof: 'fail data_loss' },
    ],
    [
      'a list that is not at hand',
      entry({ statusListCredential: 'https://agency.example/status/9' }),
      { status: 'unknown status_list_not_at_hand' },
    ],
    [
      'two entries for revocation, one of which is not at hand',
      (vc) => {
        vc.credentialStatus = [
          vc.credentialStatus,
          { ...vc.credentialStatus, id: 'urn:x:1', statusListCredential: 'https://agency.example/status/9' },
        ]
      },
      { schema: 'fail schema_violated', status: 'unknown status_list_not_at_hand' },
    ],
    [
      'an entry that is a text',
      put('supplementaryStatus', ['urn:x:1']),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
    [
      'an entry without a type',
      drop('supplementaryStatus.0.type'),
      { schema: 'fail schema_violated', status: 'fail status_malformed' },
    ],
  ])('%s', async (_what, alter, expected) => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const text = await resigned(scene, alter)
    // RDF has no place for some of these, so they are signed as JSON, where nothing is lost.
    const { proof: _, ...others } = expected
    expect(outcomesOf(await judged(scene, { text }))).toEqual({ ...allStand, ...others })
  })
})

describe('what is believed must hold together', () => {
  const unlike = 'not what the certificate says'
  test.each<[what: string, alter: (vc: Loose) => void, reason: string, detail: string]>([
    [
      'a member that nobody asked for',
      put('credentialSubject.achievement.image', 'https://x.example/a.png'),
      'badge_malformed',
      `/credentialSubject/achievement/image: ${unlike}`,
    ],
    [
      'an issuer under another name',
      put('issuer.name', 'Ministry'),
      'badge_malformed',
      `/issuer/name: ${unlike}`,
    ],
    ['the title of another grade', put('name', '专业技术等级证书'), 'badge_malformed', `/name: ${unlike}`],
    [
      'a type that is a text',
      put('type', 'VerifiableCredential'),
      'type_unknown',
      'no type of certificate that we know',
    ],
  ])('%s is refused even where the issuer signed it', async (_what, alter, reason, detail) => {
    const scene = await sceneOf(keyAgency, { suite: 'eddsa-jcs-2022' })
    const report = await judged(scene, { text: await resigned(scene, alter) })
    expect(report.verdict).toBe('invalid')
    expect(report.checks.format).toEqual({ outcome: 'fail', reason, detail })
  })
})

describe('dates', () => {
  const policyOf = (clockSkew: number) => ({ clockSkew })
  const from = certificateOf(keyAgency)
  test.each<[what: string, now: string, expected: string, certificate?: object, clockSkew?: number]>([
    // 2026-03-01T00:00:00+08:00 is 16:00 of the day before in Z; the proof is made in the minute before.
    ['at its first moment', '2026-02-28T16:00:00Z', 'pass'],
    ['300 seconds before it, by a clock that is behind', '2026-02-28T15:55:00Z', 'pass'],
    ['301 seconds before it', '2026-02-28T15:54:59Z', 'fail not_yet_valid'],
    ['a second before it without leniency', '2026-02-28T15:59:59Z', 'fail not_yet_valid', {}, 0],
    ['in its last second', '2026-06-30T15:59:59Z', 'pass', { validUntil: day('2026-06-30') }],
    ['a second after', '2026-06-30T16:00:00Z', 'fail expired', { validUntil: day('2026-06-30') }],
    [
      'a second after, with leniency, which is for clocks that are ahead',
      '2026-06-30T16:00:00Z',
      'fail expired',
      { validUntil: day('2026-06-30') },
      3600,
    ],
  ])('%s', async (_what, now, validity, certificate = {}, clockSkew = 300) => {
    const scene = await sceneOf(keyAgency, {
      certificate: { ...from, ...certificate },
      created: at('2026-02-28T15:00:00Z'),
    })
    const report = await judged(scene, { now: at(now), policy: policyOf(clockSkew) })
    expect(outcomesOf(report)).toMatchObject({ ...allStand, validity, status: expect.any(String) })
  })

  test.each<[what: string, created: string, expires: string | undefined, expected: string]>([
    ['trap 35: made 300 seconds ahead of our clock', '2026-06-01T00:05:00Z', undefined, 'pass'],
    [
      'trap 35: made 301 seconds ahead of our clock',
      '2026-06-01T00:05:01Z',
      undefined,
      'fail proof_from_future',
    ],
    ['that ends now', '2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z', 'pass'],
    ['that ended a second ago', '2026-05-01T00:00:00Z', '2026-05-31T23:59:59Z', 'fail proof_expired'],
    [
      'that ends at the same moment in another zone',
      '2026-05-01T00:00:00Z',
      '2026-05-31T10:00:00-14:00',
      'pass',
    ],
  ])('a proof %s', async (_what, created, expires, validity) => {
    const scene = await sceneOf()
    const text = await resigned(scene, () => {}, keyAgency, {
      created: at(created),
      ...(expires !== undefined && { expires: at(expires) }),
    })
    expect(outcomesOf(await judged(scene, { text }))).toEqual({ ...allStand, validity })
  })

  test('the last proof counts as the first does', async () => {
    const scene = await sceneOf()
    const text = JSON.stringify(
      await sign(parsed(scene.text), keyAgency, { id: 'urn:uuid:2', expires: at('2026-05-31T00:00:00Z') }),
    )
    const report = await judged(scene, { text })
    expect(outcomesOf(report)).toEqual({ ...allStand, validity: 'fail proof_expired' })
    expect(report.checks.validity).toMatchObject({ detail: '2026-05-31T00:00:00Z' })
  })

  test('the facts repeat both ends as they stand', async () => {
    const scene = await sceneOf(keyAgency, { certificate: { ...from, validUntil: day('2026-06-30') } })
    expect((await judged(scene)).checks.validity).toEqual({
      outcome: 'pass',
      facts: { from: '2026-03-01T00:00:00+08:00', until: '2026-06-30T23:59:59+08:00' },
    })
  })

  test('a proof may say nothing of its time where the key has no window', async () => {
    const scene = await sceneOf()
    const { proof, ...vc } = parsed(scene.text)
    const { proof: made } = parsed(
      JSON.stringify(await sign(vc, keyAgency, { suite: 'eddsa-jcs-2022', created: undefined as never })),
    )
    expect(made).not.toHaveProperty('created')
    const report = await judged(scene, { text: JSON.stringify({ ...vc, proof: made }) })
    expect(outcomesOf(report)).toEqual(allStand)
    expect(report.checks.proof).toEqual({ outcome: 'pass', facts: { suites: ['eddsa-jcs-2022'] } })
  })

  test.each(['275760-09-13T00:00:00-14:00', '-271821-04-20T00:00:00+14:00', '12026-03-02T00:00:00Z'])(
    'a proof of the year that no instant can say is judged all the same: %s',
    async (created) => {
      const scene = await sceneOf()
      const text = await resigned(scene, () => {}, keyAgency, {
        suite: 'eddsa-jcs-2022',
        created: at(created),
      })
      const report = await judged(scene, { text })
      const validity = created.startsWith('-') ? 'pass' : 'fail proof_from_future'
      expect(outcomesOf(report)).toEqual({ ...allStand, validity })
    },
  )
})

describe('faults of the JSON', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  test.each<[what: string, spoil: (text: string) => string | Uint8Array<ArrayBuffer>, format: string]>([
    [
      'bytes that are not UTF-8',
      (text) => bytes(text).map((byte, i) => (i === 30 ? 0xff : byte)),
      'fail invalid_utf8',
    ],
    ['a byte order mark', (text) => bytes(`\uFEFF${text}`), 'fail byte_order_mark'],
    ['a byte order mark in a text', (text) => `\uFEFF${text}`, 'fail byte_order_mark'],
    ['a name given twice', (text) => `${text.slice(0, -1)},"name":"x"}`, 'fail duplicate_name'],
    [
      'a name given twice, once escaped',
      (text) => `${text.slice(0, -1)},"n\\u0061me":"x"}`,
      'fail duplicate_name',
    ],
    ['a lone surrogate', (text) => `${text.slice(0, -1)},"x":"\\ud800"}`, 'fail lone_surrogate'],
    ['__proto__', (text) => `${text.slice(0, -1)},"__proto__":{"grade":1}}`, 'fail forbidden_name'],
    ['constructor', (text) => `${text.slice(0, -1)},"constructor":{}}`, 'fail forbidden_name'],
    ['2^53', (text) => `${text.slice(0, -1)},"x":9007199254740992}`, 'fail unsafe_number'],
    ['1e400', (text) => `${text.slice(0, -1)},"x":1e400}`, 'fail unsafe_number'],
    ['65 levels', (text) => `${text.slice(0, -1)},"x":${'['.repeat(64)}${']'.repeat(64)}}`, 'fail too_deep'],
    ['a comma at the end', (text) => `${text.slice(0, -1)},}`, 'fail not_json'],
    ['two texts', (text) => `${text}${text}`, 'fail not_json'],
    ['1 MiB and one byte', (text) => text.padEnd(1_048_577), 'fail too_large'],
    [
      '1 MiB and one byte of bytes',
      (text) => bytes(text.padEnd(1_048_577 - (bytes(text).length - text.length))),
      'fail too_large',
    ],
  ])('%s fails format alone', async (_what, spoil, format) => {
    const scene = await sceneOf()
    expect(outcomesOf(await judged(scene, { text: spoil(scene.text) }))).toEqual(onlyFormat(format))
  })

  test('64 levels and 1 MiB are read', async () => {
    const scene = await sceneOf()
    const { length } = bytes(scene.text)
    const text = scene.text.padEnd(scene.text.length + 1_048_576 - length)
    expect(bytes(text).length).toBe(1_048_576)
    expect(outcomesOf(await judged(scene, { text }))).toEqual(allStand)
    const deep = `${scene.text.slice(0, -1)},"x":${'['.repeat(63)}${']'.repeat(63)}}`
    expect(outcomesOf(await judged(scene, { text: deep })).format).toBe('fail badge_malformed')
  })
})

describe('members that would make a careless reader stumble', () => {
  const odd = { toString: 1, valueOf: 1, hasOwnProperty: 1, toJSON: 1 }
  test.each<[what: string, alter: (vc: Loose) => void]>([
    ['the id of a schema', put('credentialSchema.0.id', odd)],
    ['the id of our schema', put('credentialSchema.1.id', odd)],
    ['the id of a credential', put('id', odd)],
    ['the type of a status entry', put('credentialStatus.type', odd)],
    ['the list of a status entry', put('credentialStatus.statusListCredential', odd)],
    ['the suite of a proof', put('proof.cryptosuite', odd)],
    ['the type of a proof', put('proof.type', odd)],
    ['the key of a proof', put('proof.verificationMethod', odd)],
    ['the issuer', (vc) => void Object.assign(vc.issuer, odd)],
    ['a name', put('credentialSubject.identifier.0.identityHash', odd)],
    ['a date', put('validFrom', odd)],
    ['the achievement', (vc) => void Object.assign(vc.credentialSubject.achievement, odd)],
  ])('%s with a toString of its own is reported, not thrown', async (_what, alter) => {
    const scene = await sceneOf()
    const report = await judged(scene, { text: tampered(scene, alter) })
    expect(report.verdict).toBe('invalid')
    expect(report.checks.format.outcome).not.toBe('unknown')
  })
})

test('what a detail repeats of a stranger’s text is cut at 300 characters', async () => {
  const scene = await sceneOf()
  const text = tampered(scene, put('proof.verificationMethod', `did:key:${'z'.repeat(2000)}`))
  const { issuer } = (await judged(scene, { text })).checks
  expect(issuer).toEqual({
    outcome: 'fail',
    reason: 'method_url_malformed',
    detail: `did:key:${'z'.repeat(292)}`,
  })
})
