import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { findEvidence } from '../../src/carrier/stapled.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { temporaryFolder } from '../cli/terminal.ts'

/** A file of evidence with one item of this name. */
const file = (name: string): string =>
  evidenceFileText({ items: [{ kind: 'anchor', url: `urn:x:${name}`, document: { name } }] })

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(`${folder}/${name}`), { recursive: true })
    await writeFile(`${folder}/${name}`, text)
  }
  return folder
}

/** What is found at some places of a folder, named from there. */
async function find(folder: string, ...places: readonly string[]) {
  const { evidence, files, refused } = await findEvidence(places.map((place) => `${folder}/${place}`))
  const inside = (path: string) => path.slice(folder.length + 1)
  return {
    items: evidence.items.map(({ url }) => url),
    files: files.map(inside),
    refused: refused.map(({ file, code }) => [inside(file), code]),
  }
}

describe('evidence is found by itself', () => {
  test('in a folder and four below it, under its names and no others', async () => {
    const folder = await folderOf({
      'c/evidence.json': file('a'),
      'c/PT26.evidence.json': file('b'),
      'c/1/2/3/4/evidence.json': file('c'),
      'c/1/2/3/4/5/evidence.json': file('too deep'),
      'c/.hidden/evidence.json': file('hidden'),
      'c/my-evidence.json': file('another name'),
      'c/evidence.json.bak': file('another end'),
      'evidence.json': file('above'),
    })
    expect(await find(folder, 'c')).toEqual({
      items: ['urn:x:c', 'urn:x:b', 'urn:x:a'],
      files: ['c/1/2/3/4/evidence.json', 'c/PT26.evidence.json', 'c/evidence.json'],
      refused: [],
    })
  })

  test('beside one certificate: what is the folder’s and what is its own', async () => {
    const folder = await folderOf({
      'PT26.json': '{}',
      'evidence.json': file('a'),
      'PT26.evidence.json': file('b'),
      'PT27.evidence.json': file('another’s'),
      'below/evidence.json': file('below'),
    })
    expect(await find(folder, 'PT26.json')).toEqual({
      items: ['urn:x:a', 'urn:x:b'],
      files: ['evidence.json', 'PT26.evidence.json'],
      refused: [],
    })
  })

  test('in an archive', async () => {
    const archive = zipSync({
      'out/PT26.json': strToU8('{}'),
      'out/evidence.json': strToU8(file('a')),
      'out/PT26.evidence.json': strToU8(file('b')),
      'readme.txt': strToU8('x'),
    })
    const folder = await folderOf({ 'c.zip': archive })
    expect(await find(folder, 'c.zip')).toEqual({
      items: ['urn:x:a', 'urn:x:b'],
      files: ['c.zip/out/evidence.json', 'c.zip/out/PT26.evidence.json'],
      refused: [],
    })
  })

  test('once, however many certificates lie beside it, and none of theirs is missed', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `PT${i}`)
    const folder = await folderOf({
      'evidence.json': file('shared'),
      ...Object.fromEntries(names.map((name) => [`${name}.evidence.json`, file(name)])),
    })
    for (const name of names) await writeFile(`${folder}/${name}.json`, '{}')
    const beside = await find(folder, ...names.map((name) => `${name}.json`))
    expect([beside.files.length, new Set(beside.items).size, beside.refused]).toEqual([101, 101, []])
  })

  test('and the same item once, in however many files it is', async () => {
    const folder = await folderOf({ 'a.evidence.json': file('a'), 'b.evidence.json': file('a') })
    expect((await find(folder, '.')).items).toEqual(['urn:x:a'])
  })

  test('nowhere where nothing is', async () => {
    const folder = await folderOf({ 'a.txt': 'x' })
    const none = { items: [], files: [], refused: [] }
    expect(await find(folder, 'absent', 'a.txt', '.')).toEqual(none)
    expect(await findEvidence(['-'])).toEqual({ evidence: { items: [] }, files: [], refused: [] })
  })
})

describe('what is called evidence', () => {
  test.each<[what: string, text: string, code: string]>([
    ['is no JSON', 'evidence', 'evidence.file_malformed'],
    [
      'has an item that was altered',
      file('a').replace('{"name":"a"}', '{"name":"b"}'),
      'evidence.item_altered',
    ],
    [
      'is of another version',
      '{"type":"GradecertEvidence","version":3,"items":[]}',
      'evidence.file_malformed',
    ],
    ['is empty', '', 'evidence.file_malformed'],
  ])('and %s is told and left out', async (_what, text, code) => {
    const folder = await folderOf({ 'evidence.json': text, 'b.evidence.json': file('b') })
    expect(await find(folder, '.')).toMatchObject({
      items: ['urn:x:b'],
      refused: [['evidence.json', code]],
    })
  })

  test('and is too large is told and not read', async () => {
    const folder = await folderOf({ 'evidence.json': '', 'b.evidence.json': file('b') })
    await truncate(`${folder}/evidence.json`, 67_108_865)
    expect(await find(folder, '.')).toMatchObject({
      items: ['urn:x:b'],
      refused: [['evidence.json', 'file.too_large']],
    })
  })

  test('and is more than 64 MiB in all is told and not read', async () => {
    const folder = await folderOf({ 'z.evidence.json': file('z') })
    for (const name of ['a', 'b']) {
      await writeFile(`${folder}/${name}.evidence.json`, '')
      await truncate(`${folder}/${name}.evidence.json`, 40_000_000)
    }
    expect((await find(folder, '.')).refused).toEqual([
      ['a.evidence.json', 'evidence.file_malformed'],
      ['b.evidence.json', 'evidence.too_much'],
    ])
  })

  test('and is the 257th file is told and not read', async () => {
    const names = Array.from({ length: 258 }, (_, i) => `a${String(i).padStart(3, '0')}`)
    const folder = await folderOf(
      Object.fromEntries(names.map((name) => [`${name}.evidence.json`, file(name)])),
    )
    const found = await find(folder, '.')
    expect([found.files.length, found.refused]).toEqual([
      256,
      [
        ['a256.evidence.json', 'evidence.too_much'],
        ['a257.evidence.json', 'evidence.too_much'],
      ],
    ])
  })

  test('and is a certificate, a link or a folder is none', async () => {
    const folder = await folderOf({
      'evidence.json': '{"type":["VerifiableCredential"]}',
      'elsewhere.txt': file('elsewhere'),
      'b.evidence.json/x': '',
    })
    await symlink(`${folder}/elsewhere.txt`, `${folder}/a.evidence.json`)
    await symlink(folder, `${folder}/loop`)
    expect(await find(folder, '.')).toEqual({ items: [], files: [], refused: [] })
  })

  test('and is damaged in an archive is told', async () => {
    const archive = zipSync({ 'evidence.json': strToU8(file('a')), 'b.evidence.json': strToU8(file('b')) })
    archive[60] = (archive[60] as number) ^ 0xff // in the packed bytes of the first
    const folder = await folderOf({ 'c.zip': archive })
    expect(await find(folder, 'c.zip')).toEqual({
      items: ['urn:x:b'],
      files: ['c.zip/b.evidence.json'],
      refused: [['c.zip/evidence.json', 'evidence.file_malformed']],
    })
  })
})
