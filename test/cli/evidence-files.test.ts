import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { gradecert, temporaryFolder } from './terminal.ts'

const at = '2026-06-20T00:00:00Z'
const url = 'https://agency.example/status/1'
const list = (from: string, until: string) => ({
  id: url,
  validFrom: `${from}T00:00:00Z`,
  validUntil: `${until}T00:00:00Z`,
})
const oldFile = JSON.stringify({
  type: 'GradecertEvidence',
  version: 1,
  items: [{ kind: 'status-list', url, document: list('2026-06-01', '2026-06-08') }],
})
const trustFile = (id: string) =>
  JSON.stringify({
    type: 'GradecertTrust',
    version: 1,
    roots: [{ id: 'did:key:z6Mk1' }],
    lists: [
      {
        id: 'urn:uuid:1',
        validFrom: '2026-06-01T00:00:00Z',
        validUntil: '2026-12-01T00:00:00Z',
        credentialSubject: { id, sequence: 7 },
      },
    ],
  })

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) await writeFile(`${folder}/${name}`, text)
  return folder
}

describe('gather', () => {
  test('renews a file in its place where no other is named', async () => {
    const folder = await folderOf({ 'kept.json': oldFile })
    const newer = list('2026-06-18', '2026-06-25')
    const made = await gradecert(['gather', '--refresh', `${folder}/kept.json`, '--at', at, '--json'], {
      fetch: async () => Response.json(newer),
    })
    expect([made.code, made.lines]).toEqual([
      0,
      [
        {
          out: `${folder}/kept.json`,
          items: [{ kind: 'status-list', url }],
          renewed: [url],
          missed: [],
        },
      ],
    ])
    expect(JSON.parse(await readFile(`${folder}/kept.json`, 'utf8')).items).toEqual([
      {
        kind: 'status-list',
        url,
        got: { at, from: url },
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        document: newer,
      },
    ])
  })

  test('that was not told where to write is a wrong use', async () => {
    const { code, err } = await gradecert(['gather', '--offline'])
    expect([code, err.split(':')[0]]).toEqual([64, 'cli.out_missing'])
  })

  test('names files without the folders that they stand in', async () => {
    const folder = await folderOf({ 'trust.json': trustFile('https://authority.example/list') })
    await gradecert([
      'gather',
      '--offline',
      '--trust',
      `${folder}/trust.json`,
      '--out',
      `${folder}/e.json`,
      '--at',
      at,
    ])
    const text = await readFile(`${folder}/e.json`, 'utf8')
    expect(JSON.parse(text).items[0]).toMatchObject({
      kind: 'trust-list',
      url: 'https://authority.example/list',
      got: { at, from: 'trust.json' },
    })
    expect(text).not.toContain(folder)
  })

  test.each(['authority list', 'no-scheme', `https://a.example/${'a'.repeat(5000)}`])(
    'writes what can be read again, though a list calls itself %.20s',
    async (id) => {
      const folder = await folderOf({ 'trust.json': trustFile(id) })
      const argv = ['gather', '--offline', '--trust', `${folder}/trust.json`, '--out', `${folder}/e.json`]
      expect((await gradecert(argv)).code).toBe(0)
      const inspected = await gradecert(['inspect', `${folder}/e.json`, '--at', at, '--json'])
      expect([inspected.code, inspected.lines.map(({ url }) => url)]).toEqual([
        0,
        ['urn:gradecert:trust-list'],
      ])
    },
  )

  test('leaves a file as it was where the evidence is too much for one', async () => {
    const many = (name: string) =>
      JSON.stringify({
        type: 'GradecertEvidence',
        version: 1,
        items: Array.from({ length: 6000 }, (_, i) => ({
          kind: 'anchor',
          url: `urn:x:${name}${i}`,
          document: {},
        })),
      })
    const folder = await folderOf({ 'kept.json': oldFile, 'a.json': many('a'), 'b.json': many('b') })
    const from = ['--from', `${folder}/a.json`, '--from', `${folder}/b.json`]
    const { code, err } = await gradecert([
      'gather',
      '--offline',
      '--refresh',
      `${folder}/kept.json`,
      ...from,
    ])
    expect([code, err.split(':')[0]]).toEqual([64, 'evidence.too_much'])
    expect(await readFile(`${folder}/kept.json`, 'utf8')).toBe(oldFile)
  })
})

describe('inspect', () => {
  test('tells the roots and the lists of a trust file', async () => {
    const folder = await folderOf({ 'trust.json': trustFile('https://authority.example/list') })
    const told = await gradecert(['inspect', `${folder}/trust.json`, '--at', at, '--json'])
    expect([told.code, told.lines]).toEqual([
      0,
      [
        { kind: 'trust-root', id: 'did:key:z6Mk1' },
        {
          kind: 'trust-list',
          url: 'https://authority.example/list',
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          state: 'fresh',
          from: '2026-06-01T00:00:00Z',
          until: '2026-12-01T00:00:00Z',
          isDue: false,
          sequence: 7,
        },
      ],
    ])
    expect((await gradecert(['inspect', `${folder}/trust.json`, '--at', '2027-01-01'])).code).toBe(2)
  })

  test.each([
    ['that was altered', oldFile.replace('"version":1', '"version":2'), 'evidence.file_malformed'],
    [
      'an item of which was altered',
      JSON.stringify({
        type: 'GradecertEvidence',
        version: 2,
        items: [{ kind: 'anchor', url: 'urn:x:1', digest: '0'.repeat(64), document: {} }],
      }),
      'evidence.item_altered',
    ],
    ['that is a certificate', '{"type":["VerifiableCredential"]}', 'evidence.file_malformed'],
  ])('refuses a file %s', async (_what, text, expected) => {
    const folder = await folderOf({ 'kept.json': text })
    const { code, err } = await gradecert(['inspect', `${folder}/kept.json`])
    expect([code, err.split(':')[0]]).toEqual([74, expected])
  })
})
