import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { type Instant, later } from '../../src/base/instant.ts'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { contextTable } from '../../src/credential/contexts.ts'
import { contextV1Text, gradeCertificateSchemaText } from '../../src/credential/published-texts.ts'
import { readEvidence } from '../../src/evidence/evidence.ts'
import { revoke, suspend } from '../../src/issue/change-status.ts'
import { createWorkspace } from '../../src/issue/create-workspace.ts'
import { signEntry } from '../../src/issue/entry-text.ts'
import { signedHistory } from '../../src/issue/history-file.ts'
import { publish } from '../../src/issue/publish.ts'
import { seededRandom } from '../../src/issue/random.ts'
import { positionOf, tokenPositionOf } from '../../src/issue/status-slots.ts'
import { listNames, slotOrder, tokenListNames, type Workspace } from '../../src/issue/workspace.ts'
import { addProof } from '../../src/securing/add-proof.ts'
import { openDataIntegrity, verifyProof } from '../../src/securing/data-integrity.ts'
import { verifyJws } from '../../src/securing/jws.ts'
import { bitAt } from '../../src/status/bitstring.ts'
import { bitsOf, readStatusList, type StatusList } from '../../src/status/status-list.ts'
import {
  decodeStatuses,
  openTokenStatusList,
  signTokenStatusList,
  tokenStatusAt,
} from '../../src/status/token-status-list.ts'
import { readTrust } from '../../src/trust/trust.ts'
import { fullCertificate } from '../certificates.ts'
import { collect, draftOf } from '../registry/drafts.ts'
import { contentsOf, filesOf, freshPath } from './folders.ts'

const random = seededRandom(utf8('publish'))
const now = '2026-03-01T00:00:00Z' as Instant
const day = 86_400
const site = 'https://cert.agency.example'

const create = (did: string): Promise<Workspace> =>
  createWorkspace(freshPath(), { labels: { 'zh-Hans': '示例评价机构' }, did, now, random })

let workspace: Workspace
beforeEach(async () => {
  workspace = await create('web:cert.agency.example')
  for (const name of ['a', 'b', 'c', 'd']) await workspace.registry.reserve(name, draftOf(name))
})
afterEach(() => workspace.registry.close())

const json = (file: string): JsonObject =>
  JSON.parse(readFileSync(join(workspace.dir, 'public', file), 'utf8'))
const revocation = 'status/revocation-1.json'
const suspension = 'status/suspension-1.json'

/** The list in a published file, once its proof has been found good. */
async function listIn(file: string): Promise<StatusList> {
  const opening = openDataIntegrity(json(file))
  if (!opening.ok) throw new Error(opening.fault)
  const { document, proofs, all } = opening.opened
  for (const proof of proofs) {
    const context = { key: workspace.signer.publicKey, all, contexts: contextTable() }
    expect(await verifyProof(document, proof, context)).toMatchObject({ ok: true })
    expect(proof).toMatchObject({
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: workspace.signer.verificationMethod,
    })
  }
  return readStatusList(document) as StatusList
}

const withoutProof = ({ proof: _, ...document }: JsonObject): JsonObject => document

const tokens = 'status/token-1.jwt'
const tokenUri = `${site}/${tokens}`
const tokenIn = async (file: string): Promise<string> =>
  readFileSync(join(workspace.dir, 'public', file), 'utf8').trim()

/** What a published token list, whose signature holds, says of four certificates. */
async function tokenStatusesIn(file: string): Promise<readonly (number | null)[]> {
  const opening = openTokenStatusList(await tokenIn(file))
  if (!opening.ok) throw new Error(opening.fault)
  expect(await verifyJws(opening.jws, workspace.signer.publicKey)).toBe('good')
  const decoded = decodeStatuses(opening.list.lst, opening.list.bits)
  if (!decoded.ok) throw new Error(decoded.fault)
  const names = tokenListNames(workspace)
  return [0, 1, 2, 3].map((slot) =>
    tokenStatusAt(decoded.statuses, tokenPositionOf(slot, slotOrder(workspace), names).index),
  )
}

const indexOf = (slot: number): number => positionOf(slot, slotOrder(workspace), listNames(workspace)).index

/** Slots of four certificates whose bit is set in a published list. */
async function setIn(file: string): Promise<readonly number[]> {
  const list = bitsOf(await listIn(file))
  if (!list.ok) throw new Error(list.fault)
  return [0, 1, 2, 3].filter((slot) => bitAt(list.bits, indexOf(slot)))
}

describe('a published site', () => {
  test('has the DID document, the lists, the catalogue, context, schema and evidence', async () => {
    const out = join(workspace.dir, 'public')
    expect(await publish(workspace, { now, random })).toEqual({
      out,
      files: [
        '.well-known/did.json',
        'catalogue.json',
        'contexts/gradecert-v1.json',
        'evidence.json',
        'key-history.jsonl',
        'schemas/grade-certificate-v1.json',
        'status/revocation-1.json',
        'status/suspension-1.json',
        'status/token-1.jwt',
        'trust-lists.json',
        'vct/grade-certificate-v1.json',
      ],
      freshUntil: '2026-03-08T00:00:00Z',
      revoked: 0,
      suspended: 0,
    })
    const contents = contentsOf(out)
    expect(Object.keys(contents)).toHaveLength(11)
    expect(contents['contexts/gradecert-v1.json']).toBe(Buffer.from(contextV1Text()).toString('latin1'))
    expect(contents['schemas/grade-certificate-v1.json']).toBe(
      Buffer.from(gradeCertificateSchemaText()).toString('latin1'),
    )
    expect(json('catalogue.json')).toEqual(workspace.catalogue)
    expect(json('trust-lists.json')).toEqual(
      readTrust(readFileSync(join(workspace.dir, 'trust.json'), 'utf8')).lists,
    )
    expect(json('.well-known/did.json')).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: 'did:web:cert.agency.example',
      verificationMethod: [
        {
          id: 'did:web:cert.agency.example#key-1',
          type: 'Multikey',
          controller: 'did:web:cert.agency.example',
          publicKeyMultibase: workspace.signer.multikey,
        },
      ],
      assertionMethod: ['did:web:cert.agency.example#key-1'],
      authentication: ['did:web:cert.agency.example#key-1'],
    })
  })

  test.each<[did: string, file: string | null]>([
    ['web:agency.example', '.well-known/did.json'],
    ['web:agency.example%3A8443', '.well-known/did.json'],
    ['web:agency.example:certificates', 'did.json'],
    ['web:agency.example:a:b', 'did.json'],
    ['key', null],
  ])('of did:%s has its DID document in %s', async (did, file) => {
    const other = await create(did)
    const { files } = await publish(other, { now, random })
    other.registry.close()
    expect(files.filter((name) => name.endsWith('did.json'))).toEqual(file === null ? [] : [file])
  })

  test('may be written somewhere else', async () => {
    const out = freshPath()
    const { files } = await publish(workspace, { now, random, out })
    expect(filesOf(out)).toEqual(files)
    expect(filesOf(workspace.dir).filter((file) => file.startsWith('public'))).toEqual([])
  })

  test('is dated now, with proofs by random names, where nothing is said of them', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    await publish(workspace)
    const { validFrom, validUntil } = await listIn(revocation)
    expect(validFrom).toBeGreaterThanOrEqual(before)
    expect(validFrom).toBeLessThanOrEqual(Date.now())
    expect((validUntil as number) - validFrom).toBe(7 * day * 1000)
  })

  test('cannot be written without a trust file', async () => {
    rmSync(join(workspace.dir, 'trust.json'))
    await expect(publish(workspace, { now, random })).rejects.toMatchObject({
      code: 'workspace.not_found',
      detail: { file: 'trust.json' },
    })
  })
})

describe('the evidence file', () => {
  test('has the DID document, the lists and the history of keys, and no trust list: who is trusted is not for the agency to say', async () => {
    await publish(workspace, { now, random })
    const { items } = readEvidence(readFileSync(join(workspace.dir, 'public/evidence.json'), 'utf8'))
    expect(items).toEqual([
      { kind: 'did-document', url: 'did:web:cert.agency.example', document: json('.well-known/did.json') },
      { kind: 'status-list', url: `${site}/${revocation}`, document: json(revocation) },
      { kind: 'status-list', url: `${site}/${suspension}`, document: json(suspension) },
      { kind: 'token-status-list', url: tokenUri, document: { id: tokenUri, token: await tokenIn(tokens) } },
      {
        kind: 'key-history',
        url: 'did:web:cert.agency.example',
        document: { id: 'did:web:cert.agency.example', entries: await signedHistory(workspace.dir) },
      },
    ])
  })

  test("has our context where the agency's certificates name a copy of it", async () => {
    const contextUrl = `${site}/contexts/gradecert-v1.json`
    await publish({ ...workspace, settings: { ...workspace.settings, contextUrl } }, { now, random })
    const { items } = readEvidence(readFileSync(join(workspace.dir, 'public/evidence.json'), 'utf8'))
    const [item, ...others] = items.filter(({ kind }) => kind === 'context')
    expect(others).toEqual([])
    expect(item).toEqual({ kind: 'context', url: contextUrl, document: JSON.parse(contextV1Text()) })
    expect(contextTable({ [contextUrl]: item?.document as Json }).has(contextUrl)).toBe(true)
  })

  test('of a did:key agency has lists alone, named by URNs', async () => {
    const other = await create('key')
    await publish(other, { now, random })
    other.registry.close()
    const { items } = readEvidence(readFileSync(join(other.dir, 'public/evidence.json'), 'utf8'))
    const names = listNames(other)
    expect(items.map(({ kind, url }) => [kind, url])).toEqual([
      ['status-list', names('revocation', 1)],
      ['status-list', names('suspension', 1)],
      ['token-status-list', tokenListNames(other)(1)],
      ['key-history', other.settings.did],
    ])
  })

  test('trap 43: has, like every published file, nothing about any person', async () => {
    await workspace.registry.complete('urn:x:a', 'secured text of 王𠮷')
    await revoke('N-a', { registry: workspace.registry, reason: 'cheating-grave', now })
    await publish(workspace, { now, random })
    const { holder, number, id, session } = fullCertificate
    const personal = [
      '王𠮷',
      holder.name,
      'WANG JI',
      holder.id,
      number,
      id,
      session as string,
      'N-a',
      'urn:x:a',
      'cheating',
    ]
    const contents = contentsOf(join(workspace.dir, 'public'))
    const bytes = personal.map((text) => Buffer.from(text).toString('latin1'))
    const told = Object.keys(contents).filter((file) => bytes.some((text) => contents[file]?.includes(text)))
    expect(told).toEqual([])
  })
})

describe('status lists', () => {
  test('show each standing at the place of its certificate', async () => {
    const { registry } = workspace
    await revoke('N-a', { registry, reason: 'cheating-grave', now })
    await suspend('N-b', { registry, reason: 'under-investigation', now })
    await registry.reserve('e', draftOf('e', { number: 'N-c', replaces: 'urn:x:c' }))
    expect(await publish(workspace, { now, random })).toMatchObject({ revoked: 2, suspended: 1 })
    // A superseded certificate is as dead as a revoked one.
    expect(await setIn(revocation)).toEqual([0, 2])
    expect(await setIn(suspension)).toEqual([1])
    // The token list says the same of the other form: invalid, suspended, invalid, valid.
    expect(await tokenStatusesIn(tokens)).toEqual([1, 2, 1, 0])
  })

  test('say who issued them, what for, and how long they count', async () => {
    await publish({ ...workspace, settings: { ...workspace.settings, statusDays: 30 } }, { now, random })
    expect(await listIn(suspension)).toMatchObject({
      id: `${site}/${suspension}`,
      issuer: 'did:web:cert.agency.example',
      purposes: ['suspension'],
      validFrom: Date.parse(now),
      validUntil: Date.parse('2026-03-31T00:00:00Z'),
    })
  })

  test('go on in a second one when the first is full', async () => {
    const registry = {
      ...workspace.registry,
      nextSlot: async () => 131_074,
      standings: async function* () {
        yield { slot: 131_071, standing: 'revoked' } as const
        yield { slot: 131_072, standing: 'revoked' } as const
        yield { slot: 131_073, standing: 'suspended' } as const
      },
    }
    const { files, revoked, suspended } = await publish({ ...workspace, registry }, { now, random })
    expect(files.filter((file) => file.startsWith('status/'))).toEqual([
      'status/revocation-1.json',
      'status/revocation-2.json',
      'status/suspension-1.json',
      'status/suspension-2.json',
      'status/token-1.jwt',
      'status/token-2.jwt',
    ])
    expect([revoked, suspended]).toEqual([2, 1])
    for (const [file, slot] of [
      [revocation, 131_071],
      ['status/revocation-2.json', 131_072],
      ['status/suspension-2.json', 131_073],
    ] as const) {
      const list = bitsOf(await listIn(file))
      expect([file, list.ok && bitAt(list.bits, indexOf(slot))]).toEqual([file, true])
    }
  })
})

describe('status lists of another size', () => {
  test.each([262_144, 1_048_576] as const)(
    'of %i show what certificates say of where they stand',
    async (entries) => {
      const other = await createWorkspace(freshPath(), {
        labels: { 'zh-Hans': '示例评价机构' },
        did: 'web:cert.agency.example',
        statusListEntries: entries,
        now,
        random,
      })
      const { registry } = other
      for (const name of ['a', 'b', 'c']) await registry.reserve(name, draftOf(name))
      await revoke('N-b', { registry, reason: 'cheating-grave', now })
      await suspend('N-c', { registry, reason: 'under-investigation', now })
      const registered = await collect(registry.entries())
      const certificates = await Promise.all(registered.map((entry) => signEntry(entry, other)))
      await publish(other, { now, random })
      registry.close()
      const read = (file: string) => readFileSync(join(other.dir, 'public', file), 'utf8')
      const bits = (file: string) => {
        const list = bitsOf(readStatusList(withoutProof(JSON.parse(read(file)))) as StatusList)
        if (!list.ok) throw new Error(list.fault)
        return list.bits
      }
      const entriesIn = (text: string) => {
        const { credentialStatus, supplementaryStatus } = JSON.parse(text)
        return [credentialStatus, ...supplementaryStatus]
      }
      const set = (file: string) =>
        certificates.map((text) => {
          const named = entriesIn(text).find(({ statusListCredential: url }) => url === `${site}/${file}`)
          return bitAt(bits(file), Number(named.statusListIndex))
        })
      expect(bits(revocation)).toHaveLength(entries / 8)
      expect(set(revocation)).toEqual([false, true, false])
      expect(set(suspension)).toEqual([false, false, true])
      const opening = openTokenStatusList(read(tokens).trim())
      const decoded = opening.ok ? decodeStatuses(opening.list.lst, opening.list.bits) : opening
      if (!decoded.ok) throw new Error(decoded.fault)
      const tokenIndexOf = (slot: number) =>
        tokenPositionOf(slot, slotOrder(other), tokenListNames(other)).index
      expect(decoded.statuses.bytes).toHaveLength(entries / 4)
      expect([0, 1, 2].map((slot) => tokenStatusAt(decoded.statuses, tokenIndexOf(slot)))).toEqual([0, 1, 2])
    },
  )
})

describe('an old copy of the registry', () => {
  test.each([
    [revocation, 'bits'],
    [tokens, 'tokens'],
  ])('publishes nothing over %s that would give life back', async (file) => {
    await revoke('N-a', { registry: workspace.registry, reason: 'cheating-grave', now })
    await publish(workspace, { now, random })
    const others = [revocation, tokens].filter((name) => name !== file)
    for (const name of others) rmSync(join(workspace.dir, 'public', name))
    const registry = {
      ...workspace.registry,
      published: async () => null,
      nextSlot: async () => 0,
      standings: async function* () {},
    }
    await expect(publish({ ...workspace, registry }, { now: later(now, 60), random })).rejects.toMatchObject({
      code: 'publish.would_unrevoke',
      detail: { path: join(workspace.dir, 'public', file), count: 1 },
    })
  })
})

describe('publishing again', () => {
  const published = async (at: Instant): Promise<Readonly<Record<string, string>>> => {
    await publish(workspace, { now: at, random })
    return contentsOf(join(workspace.dir, 'public'))
  }
  const changed = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    Object.keys(after).filter((file) => after[file] !== before[file])
  const halfLife = 3.5 * day

  test('with nothing changed gives the same bytes until half the life of the lists is over', async () => {
    const first = await published(now)
    expect(changed(first, await published(now))).toEqual([])
    expect(changed(first, await published(later(now, halfLife - 1)))).toEqual([])
    const { freshUntil } = await publish(workspace, { now: later(now, halfLife - 1), random })
    expect(freshUntil).toBe(later(now, 7 * day))
  })

  test('after half their life gives new lists, and nothing else is new', async () => {
    const first = await published(now)
    expect(changed(first, await published(later(now, halfLife)))).toEqual([
      'evidence.json',
      revocation,
      suspension,
      tokens,
    ])
    expect((await listIn(revocation)).validUntil).toBe(Date.parse(later(now, halfLife + 7 * day)))
  })

  test('after a revocation gives a new list of that purpose and a new token list alone, and tells of the earlier end', async () => {
    const first = await published(now)
    await revoke('N-a', { registry: workspace.registry, reason: 'cheating-grave', now })
    const at = later(now, 3600)
    expect(changed(first, await published(at))).toEqual(['evidence.json', revocation, tokens])
    expect((await listIn(revocation)).validFrom).toBe(Date.parse(at))
    expect((await listIn(suspension)).validFrom).toBe(Date.parse(now))
    expect(await publish(workspace, { now: at, random })).toMatchObject({ freshUntil: later(now, 7 * day) })
  })

  test('from another process gives the same bytes: what was signed is kept in the registry', async () => {
    const first = await published(now)
    rmSync(join(workspace.dir, 'public'), { recursive: true })
    expect(await published(later(now, day))).toEqual(first)
  })

  test('with lists that another compressor packed gives those same bytes: the bits say what is new', async () => {
    const { registry } = workspace
    const first = await published(now)
    const { encodedList } = await listIn(revocation)
    const packed = gzipSync(gunzipSync(Buffer.from(encodedList.slice(1), 'base64url')), { level: 1 })
    const { proof: _, ...document } = json(revocation)
    const subject = document.credentialSubject as JsonObject
    const other = await addProof(
      { ...document, credentialSubject: { ...subject, encodedList: `u${packed.toString('base64url')}` } },
      { signer: workspace.signer, suite: 'eddsa-jcs-2022', created: now, contexts: contextTable() },
    )
    await registry.keepPublished(revocation, `${JSON.stringify(other)}\n`)
    const opening = openTokenStatusList(await tokenIn(tokens))
    if (!opening.ok) throw new Error(opening.fault)
    const bytes = inflateSync(Buffer.from(opening.list.lst, 'base64url'))
    const lst = deflateSync(bytes, { level: 1 }).toString('base64url')
    expect([subject.encodedList, opening.list.lst]).not.toContain(lst)
    const claims = { ...opening.jws.payload, status_list: { bits: 2, lst } }
    await registry.keepPublished(tokens, `${await signTokenStatusList(claims, workspace.signer)}\n`)
    const second = await published(later(now, 60))
    expect(changed(first, second)).toEqual(['evidence.json', revocation, tokens])
    expect((await listIn(revocation)).encodedList).toBe(`u${packed.toString('base64url')}`)
    expect(await tokenIn(tokens)).toBe((await registry.published(tokens))?.trim())
    expect(changed(second, await published(later(now, 120)))).toEqual([])
    await revoke('N-a', { registry, reason: 'cheating-grave', now })
    expect(changed(second, await published(later(now, 180)))).toEqual(['evidence.json', revocation, tokens])
  })

  test('with a clock that went back gives lists that are valid now', async () => {
    await published(now)
    await published(later(now, -day))
    expect((await listIn(revocation)).validFrom).toBe(Date.parse(later(now, -day)))
  })

  test.each<[what: string, text: string]>([
    ['no JSON', '{'],
    ['a text', '"list"'],
    ['no list', '{"type":"VerifiableCredential"}'],
  ])('where %s was kept gives a new list', async (_what, text) => {
    const first = await published(now)
    await workspace.registry.keepPublished(revocation, text)
    const second = await published(now)
    expect(changed(first, second)).toEqual([])
    expect(await workspace.registry.published(revocation)).toBe(
      Buffer.from(second[revocation] ?? '', 'latin1').toString('utf8'),
    )
  })

  test.each<[what: string, member: string]>([
    ['of another issuer', 'issuer'],
    ['without an end', 'validUntil'],
    ['of another name', 'id'],
  ])('where a list %s was kept gives a new list', async (_what, member) => {
    await published(now)
    const { [member]: _, ...kept } = json(revocation)
    const other = { issuer: 'did:web:other.example', id: 'urn:x:other' }[member]
    const text = JSON.stringify({ ...kept, ...(other !== undefined && { [member]: other }) })
    await workspace.registry.keepPublished(revocation, text)
    await published(later(now, 60))
    expect((await listIn(revocation)).validFrom).toBe(Date.parse(later(now, 60)))
  })
})
