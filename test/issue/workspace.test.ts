import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toBase58, toBase64url, toHex, utf8 } from '../../src/base/bytes.ts'
import type { Instant } from '../../src/base/instant.ts'
import { gradeCodes } from '../../src/certificate/grade.ts'
import { knownOccupations } from '../../src/certificate/occupation.ts'
import { starterCatalogue } from '../../src/certificate/starter-catalogue.ts'
import { type CreateOptions, createWorkspace } from '../../src/issue/create-workspace.ts'
import { publish } from '../../src/issue/publish.ts'
import { seededRandom } from '../../src/issue/random.ts'
import { keyFileText, listNames, openWorkspace, readKey, slotOrder } from '../../src/issue/workspace.ts'
import { thumbprint } from '../../src/key/public-key.ts'
import { signerOfSeed } from '../../src/key/signer.ts'
import type { ListEntries } from '../../src/status/bitstring.ts'
import { trustedLists } from '../../src/trust/chain.ts'
import { readTrust } from '../../src/trust/trust.ts'
import { day } from '../certificates.ts'
import { draftOf } from '../registry/drafts.ts'
import { contentsOf, filesOf, freshPath, modeOf } from './folders.ts'

const random = seededRandom(utf8('workspace'))
const labels = { 'zh-Hans': '示例评价机构', en: 'Example Evaluation Agency' }
const now = '2026-01-20T00:00:00Z' as Instant

const create = (options: Partial<CreateOptions> = {}, dir = freshPath()) =>
  createWorkspace(dir, { labels, now, random, ...options })

describe('a new workspace', () => {
  test('of a did:key agency has its files, its settings and a registry', async () => {
    const workspace = await create()
    expect(filesOf(workspace.dir)).toEqual([
      'catalogue.json',
      'gradecert.json',
      'key-history.jsonl',
      'keys/issuer-1.json',
      'keys/trial-authority.json',
      'keys/workspace-secret.txt',
      'registry.db',
      'registry.db-shm',
      'registry.db-wal',
      'trust.json',
    ])
    const { multikey } = signerOfSeed(random('issuer-key'))
    expect(workspace.settings).toEqual({
      version: 1,
      did: `did:key:${multikey}`,
      labels,
      agencyCode: '0001',
      region: 'CN-BJ',
      zone: '+08:00',
      contextUrl: 'https://w3id.org/gradecert/v1',
      schemaUrl: 'https://w3id.org/gradecert/schemas/grade-certificate-v1.json',
      statusDays: 7,
      issuerKey: 'issuer-1',
    })
    expect(workspace.signer).toMatchObject({
      multikey,
      verificationMethod: `did:key:${multikey}#${multikey}`,
    })
    expect(workspace.secret).toEqual(random('workspace-secret'))
    workspace.registry.close()
  })

  test.each<[host: string, did: string, site: string]>([
    ['web:cert.agency.example', 'did:web:cert.agency.example', 'https://cert.agency.example'],
    [
      'web:agency.example:certificates',
      'did:web:agency.example:certificates',
      'https://agency.example/certificates',
    ],
    ['web:agency.example%3A8443:a:b', 'did:web:agency.example%3A8443:a:b', 'https://agency.example:8443/a/b'],
  ])('of %s has a site, and everything it names stands there', async (did, expected, site) => {
    const workspace = await create({ did })
    expect(workspace.settings).toMatchObject({ did: expected, site })
    expect(workspace.signer.verificationMethod).toBe(`${expected}#key-1`)
    expect(workspace.catalogue).toEqual(starterCatalogue((path) => `${site}/catalogue/${path}`))
    expect(listNames(workspace)('revocation', 2)).toBe(`${site}/status/revocation-2.json`)
    workspace.registry.close()
  })

  test('without a site names things by URNs that follow from its secret', async () => {
    const workspace = await create()
    const names = [
      ...workspace.catalogue.occupations.flatMap(({ id, items }) => [
        id,
        ...gradeCodes.flatMap((grade) => [items[grade].id, items[grade].criteriaId]),
      ]),
      listNames(workspace)('revocation', 1),
      listNames(workspace)('suspension', 1),
      listNames(workspace)('revocation', 2),
    ]
    expect(names.filter((name) => !/^urn:uuid:[0-9a-f-]{36}$/.test(name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
    workspace.registry.close()
    const again = await openWorkspace(workspace.dir)
    expect(listNames(again)('revocation', 1)).toBe(listNames(workspace)('revocation', 1))
    again.registry.close()
  })

  test('keeps what its caller chose', async () => {
    const workspace = await create({
      agencyCode: 'BJ01',
      uscc: '12110000MB0000001U',
      region: 'CN-SH',
      zone: 'Z',
      labels: { 'zh-Hans': '示例' },
    })
    expect(workspace.settings).toMatchObject({
      agencyCode: 'BJ01',
      uscc: '12110000MB0000001U',
      region: 'CN-SH',
      zone: 'Z',
      labels: { 'zh-Hans': '示例' },
    })
    workspace.registry.close()
  })

  test('is for its owner alone where it holds secrets', async () => {
    const workspace = await create()
    const modes = ['keys', ...filesOf(workspace.dir)].map((file) => [file, modeOf(join(workspace.dir, file))])
    expect(Object.fromEntries(modes)).toMatchObject({
      keys: '700',
      'keys/issuer-1.json': '600',
      'keys/trial-authority.json': '600',
      'keys/workspace-secret.txt': '600',
      'registry.db': '600',
      'registry.db-shm': '600',
      'registry.db-wal': '600',
    })
    workspace.registry.close()
  })

  test.each([['key'], ['web:cert.agency.example']])(
    'of did:%s has nothing secret in any other file, published ones included',
    async (did) => {
      const workspace = await create({ did })
      await publish(workspace, { now, random })
      workspace.registry.close()
      const seeds = ['issuer-key', 'authority-key', 'workspace-secret'].map(random)
      const forms = [
        ...seeds.flatMap((seed) => [
          toHex(seed),
          toBase58(seed),
          toBase64url(seed),
          Buffer.from(seed).toString('latin1'),
        ]),
        ...seeds.slice(0, 2).map((seed) => signerOfSeed(seed).exportSecret()),
      ]
      const contents = contentsOf(workspace.dir)
      const found = Object.keys(contents).filter((file) =>
        forms.some((form) => contents[file]?.includes(form)),
      )
      expect(found).toEqual(['keys/issuer-1.json', 'keys/trial-authority.json', 'keys/workspace-secret.txt'])
      expect(Object.keys(contents)).toContain('public/evidence.json')
      expect(Object.keys(contents).filter((file) => contents[file]?.includes('secretKeyMultibase'))).toEqual([
        'keys/issuer-1.json',
        'keys/trial-authority.json',
      ])
    },
  )

  test('from a seed is the same to the byte, and from the system never', async () => {
    const [one, two] = [await create(), await create()]
    const [third, fourth] = [
      await createWorkspace(freshPath(), { labels }),
      await createWorkspace(freshPath(), { labels }),
    ]
    for (const { registry } of [one, two, third, fourth]) registry.close()
    const plain = (dir: string) =>
      Object.fromEntries(Object.entries(contentsOf(dir)).filter(([file]) => !file.startsWith('registry.db')))
    expect(plain(one.dir)).toEqual(plain(two.dir))
    expect(third.settings.did).not.toBe(fourth.settings.did)
    expect(third.secret).not.toEqual(fourth.secret)
  })

  test('is read again as it was made', async () => {
    const made = await create({ did: 'web:cert.agency.example' })
    made.registry.close()
    const opened = await openWorkspace(made.dir)
    opened.registry.close()
    expect([opened.settings, opened.catalogue, opened.secret]).toEqual([
      made.settings,
      made.catalogue,
      made.secret,
    ])
    expect(opened.signer.multikey).toBe(made.signer.multikey)
  })
})

describe('the starter trust list', () => {
  const trustOf = async (dir: string) => {
    const trust = readTrust(readFileSync(join(dir, 'trust.json'), 'utf8'))
    return { trust, lists: await trustedLists(trust, [], now) }
  }

  test('is signed by a trial authority of its own, recognises this agency for everything, and has no start', async () => {
    const workspace = await create({ uscc: '12110000MB0000001U', region: 'CN-SH' })
    workspace.registry.close()
    const { trust, lists } = await trustOf(workspace.dir)
    const authority = signerOfSeed(random('authority-key'))
    expect(authority.controller).not.toBe(workspace.settings.did)
    expect(trust.roots).toEqual([{ id: authority.controller }])
    expect(lists.unusable).toEqual([])
    expect(lists.current.map(({ list }) => list)).toEqual([
      {
        id: expect.stringMatching(/^urn:uuid:/),
        issuer: authority.controller,
        sequence: 1,
        trial: true,
        delegates: [],
        agencies: [
          {
            id: workspace.settings.did,
            code: '12110000MB0000001U',
            labels,
            standing: 'active',
            keys: [{ thumbprint: await thumbprint(workspace.signer.publicKey) }],
            scopes: [
              {
                occupations: knownOccupations.map(({ code }) => code),
                grades: [...gradeCodes],
                region: 'CN-SH',
              },
            ],
            statusIssuers: [],
          },
        ],
      },
    ])
  })

  test('starts on the day that its caller names', async () => {
    const workspace = await create({ from: day('2026-01-01') })
    workspace.registry.close()
    const { lists } = await trustOf(workspace.dir)
    expect(lists.current[0]?.list.agencies[0]?.scopes).toMatchObject([{ from: '2026-01-01' }])
    expect(lists.current[0]?.list.agencies[0]?.keys).toMatchObject([{ from: '2025-12-31T16:00:00Z' }])
  })
})

describe('a workspace is not made', () => {
  test('where one is, and nothing is changed', async () => {
    const { dir, registry } = await create()
    registry.close()
    const before = contentsOf(dir)
    await expect(create({ labels: { 'zh-Hans': '另一机构' } }, dir)).rejects.toMatchObject({
      code: 'workspace.exists',
      detail: { dir },
    })
    expect(contentsOf(dir)).toEqual(before)
  })

  test.each([
    'web:',
    'web:localhost',
    'web:127.0.0.1',
    'web:agency.example/path',
    'web:agency.example:..',
    'web:[::1]',
    'ion:x',
    'did:web:agency.example',
    '',
    'KEY',
  ])('for the identifier %j, and nothing is written', async (did) => {
    const dir = freshPath()
    await expect(create({ did }, dir)).rejects.toMatchObject({
      code: 'workspace.did_malformed',
      detail: { did },
    })
    expect(existsSync(dir)).toBe(false)
  })

  test.each<[what: string, options: Partial<CreateOptions>, member: string]>([
    ['an agency code of three characters', { agencyCode: '001' }, 'agencyCode'],
    ['an agency code in small letters', { agencyCode: 'bj01' }, 'agencyCode'],
    ['a credit code that is none', { uscc: '123' }, 'uscc'],
    ['a region in words', { region: 'Beijing' }, 'region'],
    ['a zone by name', { zone: 'Asia/Shanghai' }, 'zone'],
    ['no name', { labels: { 'zh-Hans': '' } }, 'labels/zh-Hans'],
  ])('with %s, and nothing is written', async (_what, options, member) => {
    const dir = freshPath()
    await expect(create(options, dir)).rejects.toMatchObject({
      code: 'workspace.file_malformed',
      detail: { file: 'gradecert.json', what: expect.stringMatching(`^${member}: `) },
    })
    expect(existsSync(dir)).toBe(false)
  })

  test('but a folder that has other things is taken', async () => {
    const dir = freshPath()
    mkdirSync(dir)
    writeFileSync(join(dir, 'notes.txt'), 'keep me')
    const { registry } = await create({}, dir)
    registry.close()
    expect(readFileSync(join(dir, 'notes.txt'), 'utf8')).toBe('keep me')
  })
})

describe('a workspace is not opened', () => {
  const broken = async (file: string, change: (text: string) => string | null): Promise<string> => {
    const { dir, registry } = await create({ did: 'web:cert.agency.example' })
    registry.close()
    const path = join(dir, file)
    const text = change(readFileSync(path, 'latin1'))
    if (text === null) rmSync(path)
    else writeFileSync(path, text, 'latin1')
    return dir
  }
  const member = (name: string, value: unknown) => (text: string) =>
    JSON.stringify({ ...(JSON.parse(text) as object), [name]: value })

  test.each([
    ['gradecert.json', 'workspace.not_found'],
    ['catalogue.json', 'workspace.not_found'],
    ['keys/issuer-1.json', 'workspace.key_missing'],
    ['keys/workspace-secret.txt', 'workspace.key_missing'],
  ])('without %s', async (file, code) => {
    const dir = await broken(file, () => null)
    await expect(openWorkspace(dir)).rejects.toMatchObject({ code, detail: { dir, file } })
  })

  test.each([
    ['lost', null],
    ['emptied', ''],
  ])('whose registry was %s: a new one would forget every revocation', async (_, text) => {
    const dir = await broken('registry.db', () => text)
    await expect(openWorkspace(dir)).rejects.toMatchObject({
      code: 'registry.missing',
      detail: { path: join(dir, 'registry.db') },
    })
    expect(existsSync(join(dir, 'registry.db'))).toBe(text !== null)
  })

  test('where there is none', async () => {
    const dir = freshPath()
    await expect(openWorkspace(dir)).rejects.toMatchObject({
      code: 'workspace.not_found',
      detail: { dir, file: 'gradecert.json' },
    })
    expect(existsSync(dir)).toBe(false)
  })

  const another = keyFileText(signerOfSeed(random('another')))
  test.each<[what: string, file: string, change: (text: string) => string, found: string | RegExp]>([
    ['with settings that are no JSON', 'gradecert.json', () => '{', /grammar/],
    ['with a name given twice', 'gradecert.json', () => '{"version":1,"version":1}', /twice/],
    ['with settings of another version', 'gradecert.json', member('version', 2), /^version: /],
    ['with an unknown setting', 'gradecert.json', member('secret', 'x'), /^: /],
    ['with a DID that is none', 'gradecert.json', member('did', 'cert.agency.example'), /^did: not a DID/],
    [
      'with a site that is not https',
      'gradecert.json',
      member('site', 'http://cert.agency.example'),
      /^site: /,
    ],
    ['with lists that count for no day', 'gradecert.json', member('statusDays', 0), /^statusDays: /],
    ['with lists that count for 367 days', 'gradecert.json', member('statusDays', 367), /^statusDays: /],
    [
      'with lists of a size between the sizes',
      'gradecert.json',
      member('statusListEntries', 200_000),
      /^statusListEntries: /,
    ],
    ['with lists that are too small', 'gradecert.json', member('statusListEntries', 65_536), /^statusListE/],
    ['with a key outside its folder', 'gradecert.json', member('issuerKey', '../key'), /^issuerKey: /],
    ['with a catalogue that is none', 'catalogue.json', member('passMark', '60'), /^passMark: /],
    ['with a key file of another kind', 'keys/issuer-1.json', member('type', 'Key'), /^type: /],
    [
      'with a key that names no method',
      'keys/issuer-1.json',
      member('verificationMethod', 'key-1'),
      /^verificationMethod: /,
    ],
    ['with the key of another DID', 'keys/issuer-1.json', () => another, 'key of another DID'],
    [
      'with the public key of another secret',
      'keys/issuer-1.json',
      member('publicKeyMultibase', signerOfSeed(random('another')).multikey),
      'public key of another secret',
    ],
    ['with a secret that is cut', 'keys/workspace-secret.txt', (text) => text.slice(0, 20), 'not 32 bytes'],
    ['with a secret that is no base58', 'keys/workspace-secret.txt', () => 'O0Il', 'not 32 bytes'],
    ['with a secret that is no text', 'keys/workspace-secret.txt', () => '\xff\xfe', 'not 32 bytes'],
  ])('%s', async (_what, file, change, found) => {
    await expect(openWorkspace(await broken(file, change))).rejects.toMatchObject({
      code: 'workspace.file_malformed',
      detail: { file, what: typeof found === 'string' ? found : expect.stringMatching(found) },
    })
  })

  test('with a secret key that is none', async () => {
    const dir = await broken('keys/issuer-1.json', member('secretKeyMultibase', 'z6Mk'))
    await expect(openWorkspace(dir)).rejects.toMatchObject({ code: 'key.secret_malformed' })
  })

  test('with settings that are a folder', async () => {
    const dir = freshPath()
    mkdirSync(join(dir, 'gradecert.json'), { recursive: true })
    await expect(openWorkspace(dir)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  test('with a registry that is none', async () => {
    const dir = await broken('registry.db', () => 'not a database, '.repeat(100))
    await expect(openWorkspace(dir)).rejects.toMatchObject({ code: 'registry.damaged' })
  })
})

describe('a key file', () => {
  test('gives the signer that was written into it', async () => {
    const dir = freshPath()
    mkdirSync(dir)
    const signer = signerOfSeed(random('x'), { verificationMethod: 'did:web:hrss.city.example#k1' })
    writeFileSync(join(dir, 'authority.json'), keyFileText(signer))
    const read = await readKey(dir, 'authority.json')
    expect([read.verificationMethod, read.controller, read.multikey, read.exportSecret()]).toEqual([
      'did:web:hrss.city.example#k1',
      'did:web:hrss.city.example',
      signer.multikey,
      signer.exportSecret(),
    ])
  })
})

test('keys without their settings are left as they are: init makes no new ones over them', async () => {
  const { dir, registry } = await create({})
  registry.close()
  const before = readFileSync(join(dir, 'keys/issuer-1.json'), 'utf8')
  rmSync(join(dir, 'gradecert.json'))
  rmSync(join(dir, 'registry.db'))
  await expect(createWorkspace(dir, { labels: { 'zh-Hans': '别的机构' } })).rejects.toMatchObject({
    code: 'workspace.exists',
    detail: { dir, file: 'keys' },
  })
  expect(readFileSync(join(dir, 'keys/issuer-1.json'), 'utf8')).toBe(before)
})

describe('the size of status lists', () => {
  const resize = (dir: string, entries: number | undefined): void => {
    const file = join(dir, 'gradecert.json')
    writeFileSync(
      file,
      JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), statusListEntries: entries }),
    )
  }
  /** The size by which certificates of the workspace in a folder would be placed. */
  const sizeOf = async (dir: string): Promise<number> => {
    const workspace = await openWorkspace(dir)
    workspace.registry.close()
    return slotOrder(workspace).entries
  }

  test('is what its maker chose, 131,072 where nothing was', async () => {
    for (const [options, entries] of [
      [{}, 131_072],
      [{ statusListEntries: 524_288 }, 524_288],
    ] as const) {
      const workspace = await create(options)
      workspace.registry.close()
      expect(await sizeOf(workspace.dir)).toBe(entries)
    }
  })

  test('may be changed as long as nothing was issued', async () => {
    const { dir, registry } = await create({ statusListEntries: 262_144 })
    registry.close()
    for (const [entries, expected] of [
      [1_048_576, 1_048_576],
      [undefined, 131_072],
      [131_072, 131_072],
    ] as const) {
      resize(dir, entries)
      expect(await sizeOf(dir)).toBe(expected)
    }
  })

  test.each<[first: ListEntries | undefined, then: number | undefined, settled: number, asked: number]>([
    [undefined, 262_144, 131_072, 262_144],
    [1_048_576, undefined, 1_048_576, 131_072],
    [1_048_576, 524_288, 1_048_576, 524_288],
  ])(
    'of %s cannot become %s after the first certificate, and may go back',
    async (first, then, settled, asked) => {
      const { dir, registry } = await create({ statusListEntries: first })
      await registry.reserve('a', draftOf('a'))
      registry.close()
      resize(dir, then)
      await expect(openWorkspace(dir)).rejects.toMatchObject({
        code: 'workspace.list_size_settled',
        detail: { settled, asked },
      })
      resize(dir, first)
      expect(await sizeOf(dir)).toBe(settled)
    },
  )
})
