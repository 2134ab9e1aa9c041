import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { isEvidenceName } from '../../src/carrier/names.ts'
import { findEvidence } from '../../src/carrier/stapled.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { temporaryFolder } from '../cli/terminal.ts'

/** Evidence with one item that has this name. */
const evidence = (name: string): string =>
  evidenceFileText({ items: [{ kind: 'schema', url: `urn:x:${name}`, document: { name } }] })

/** A folder with these files in it, and what is found for paths below it: names of items, files, and what was refused. */
async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(`${folder}/${name}`), { recursive: true })
    await writeFile(`${folder}/${name}`, content)
  }
  return async (...paths: readonly string[]) => {
    const found = await findEvidence(paths.map((path) => (path === '-' ? path : `${folder}/${path}`)))
    const inFolder = (file: string) => relative(folder, file)
    return {
      items: found.evidence.items.map(({ url }) => url.replace('urn:x:', '')),
      files: found.files.map(inFolder),
      refused: found.refused.map(({ file, code }) => `${inFolder(file)} ${code}`),
    }
  }
}

const nothing = { items: [], files: [], refused: [] }

test.each<[name: string, is: boolean]>([
  ['evidence.json', true],
  ['Evidence.JSON', true],
  ['PT26.evidence.json', true],
  ['证书/evidence.json', true],
  ['a/b.evidence.json', true],
  ['myevidence.json', false],
  ['evidence.json.bak', false],
  ['evidence.jsonl', false],
  ['evidence', false],
  ['evidence.json/a.json', false],
])('%s is a name of evidence: %s', (name, is) => {
  expect(isEvidenceName(name)).toBe(is)
})

describe('evidence is found by itself', () => {
  test('beside one file: for all of the folder, and for that file', async () => {
    const find = await folderOf({
      'a.json': '{}',
      'evidence.json': evidence('all'),
      'a.evidence.json': evidence('a'),
      'b.evidence.json': evidence('b'),
    })
    expect(await find('a.json')).toEqual({
      items: ['all', 'a'],
      files: ['evidence.json', 'a.evidence.json'],
      refused: [],
    })
  })

  test.each(['a.json', 'a.jwt', 'a.sd-jwt', 'a.SD-JWT'])('beside %s', async (file) => {
    const find = await folderOf({ [file]: '', 'a.evidence.json': evidence('a') })
    expect((await find(file)).items).toEqual(['a'])
  })

  test('in a folder and in those below it, in the order of their names', async () => {
    const find = await folderOf({
      'out/b.evidence.json': evidence('b'),
      'out/evidence.json': evidence('c'),
      'out/a/evidence.json': evidence('a'),
      'evidence.json': evidence('above'),
    })
    expect((await find('out')).files).toEqual([
      'out/a/evidence.json',
      'out/b.evidence.json',
      'out/evidence.json',
    ])
  })

  test('four folders down and no further, and in no hidden one', async () => {
    const find = await folderOf({
      '1/2/3/4/evidence.json': evidence('4'),
      '1/2/3/4/5/evidence.json': evidence('5'),
      '.hidden/evidence.json': evidence('hidden'),
    })
    expect((await find('')).items).toEqual(['4'])
  })

  test('in an archive', async () => {
    const zip = zipSync({
      'out/a.json': utf8('{}'),
      'out/evidence.json': utf8(evidence('zip')),
      'b.evidence.json': utf8('{"type":"GradecertEvidence"}'),
    })
    const find = await folderOf({ 'one.ZIP': zip, 'evidence.json': evidence('beside') })
    expect(await find('one.ZIP')).toEqual({
      items: ['zip'],
      files: ['one.ZIP/out/evidence.json'],
      refused: ['one.ZIP/b.evidence.json evidence.file_malformed'],
    })
  })

  test('once, however many certificates lie beside it, and what lies elsewhere as well', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `a/${i}.json`)
    const find = await folderOf({
      'a/evidence.json': evidence('a'),
      'a/0.evidence.json': '{',
      'b/evidence.json': evidence('b'),
      'b/x.json': '{}',
      ...Object.fromEntries(names.map((name) => [name, '{}'])),
    })
    expect(await find(...names, 'a', './a/0.json', 'b/x.json')).toEqual({
      items: ['a', 'b'],
      files: ['a/evidence.json', 'b/evidence.json'],
      refused: ['a/0.evidence.json evidence.file_malformed'],
    })
  })

  test('and the same item once, in however many files it is', async () => {
    const find = await folderOf({ 'a.evidence.json': evidence('a'), 'b.evidence.json': evidence('a') })
    expect((await find('')).items).toEqual(['a'])
  })
})

describe('evidence that is too much is told and not read', () => {
  test('from the 257th file on', async () => {
    const files = Array.from({ length: 258 }, (_, i) => [`${100 + i}.evidence.json`, evidence(`${100 + i}`)])
    const found = await (await folderOf(Object.fromEntries(files)))('')
    expect([found.items.length, found.items.at(-1), found.refused]).toEqual([
      256,
      '355',
      ['356.evidence.json evidence.too_much', '357.evidence.json evidence.too_much'],
    ])
  })

  test('where one file is larger than evidence may be', async () => {
    const folder = await temporaryFolder()
    await writeFile(`${folder}/evidence.json`, '')
    await truncate(`${folder}/evidence.json`, 67_108_865)
    await writeFile(`${folder}/b.evidence.json`, evidence('b'))
    expect(await findEvidence([folder])).toMatchObject({
      files: [`${folder}/b.evidence.json`],
      refused: [{ file: `${folder}/evidence.json`, code: 'file.too_large' }],
    })
  })

  test('where all of them are more than 64 MiB', async () => {
    const folder = await temporaryFolder()
    for (const name of ['a', 'b']) {
      await writeFile(`${folder}/${name}.evidence.json`, '')
      await truncate(`${folder}/${name}.evidence.json`, 40_000_000)
    }
    expect((await findEvidence([folder])).refused).toEqual([
      { file: `${folder}/a.evidence.json`, code: 'evidence.file_malformed' },
      { file: `${folder}/b.evidence.json`, code: 'evidence.too_much' },
    ])
  })
})

describe('what is called evidence and is none', () => {
  test.each<[what: string, text: string, code: string]>([
    ['that is empty', '', 'evidence.file_malformed'],
    ['that is no JSON', evidence('a').slice(0, -5), 'evidence.file_malformed'],
    ['that is a list', '[]', 'evidence.file_malformed'],
    [
      'of a version to come',
      '{"type":"GradecertEvidence","version":3,"items":[]}',
      'evidence.file_malformed',
    ],
    [
      'with an item that is none',
      '{"type":"GradecertEvidence","version":2,"items":[{}]}',
      'evidence.file_malformed',
    ],
    ['whose item was altered', evidence('a').replace('"name":"a"', '"name":"b"'), 'evidence.item_altered'],
  ])('a file %s is told and left out, and the others stay', async (_what, text, code) => {
    const find = await folderOf({
      'a.json': '{}',
      'a.evidence.json': text,
      'evidence.json': evidence('good'),
    })
    const found = { items: ['good'], files: ['evidence.json'], refused: [`a.evidence.json ${code}`] }
    expect(await find('a.json')).toEqual(found)
    expect(await find('')).toEqual(found)
  })

  test('a document of another type is none of ours: it is left to whoever reads certificates', async () => {
    const find = await folderOf({ 'evidence.json': '{"type":"GradecertTrust"}', 'a.evidence.json': '{}' })
    expect(await find('', 'a.json')).toEqual(nothing)
  })

  test('a folder is none', async () => {
    expect(await (await folderOf({ 'evidence.json/x.txt': '', 'a.json': '{}' }))('a.json')).toEqual(nothing)
  })

  test('a link in a folder is none', async () => {
    const folder = await temporaryFolder()
    await writeFile(`${folder}/a.txt`, evidence('a'))
    await symlink(`${folder}/a.txt`, `${folder}/a.evidence.json`)
    await symlink(folder, `${folder}/loop`)
    expect((await findEvidence([folder])).files).toEqual([])
  })

  test('an entry that is damaged in an archive is told, and the others stay', async () => {
    const zip = zipSync({ 'evidence.json': utf8(evidence('a')), 'b.evidence.json': utf8(evidence('b')) })
    zip[60] = (zip[60] as number) ^ 0xff // in the packed bytes of the first
    expect(await (await folderOf({ 'c.zip': zip }))('c.zip')).toEqual({
      items: ['b'],
      files: ['c.zip/b.evidence.json'],
      refused: ['c.zip/evidence.json evidence.file_malformed'],
    })
  })

  test.each([
    ['standard input', '-'],
    ['a file that is not there', 'nothing.json'],
    ['a damaged archive', 'bad.zip'],
    ['a folder without any', 'empty'],
  ])('nothing is found at %s, and nothing is thrown', async (_what, path) => {
    const find = await folderOf({
      'bad.zip': 'PK no',
      'empty/a.txt': '',
      'below/evidence.json': evidence('x'),
    })
    expect(await find(path)).toEqual(nothing)
  })
})
