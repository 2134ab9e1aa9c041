import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '../../src/base/bytes.ts'
import { hasCode } from '../../src/base/coded-error.ts'
import type { CertificateError } from '../../src/base/errors.ts'
import { readInputs } from '../../src/carrier/read-inputs.ts'
import { evidenceFileText } from '../../src/evidence/evidence.ts'
import { trustFileText } from '../../src/trust/trust.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-carrier-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** Writes files below a new folder. */
function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = join(root, name)
  mkdirSync(path)
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), content)
  }
  return path
}

async function read(...paths: readonly string[]) {
  const taken: [file: string, text: string][] = []
  const left: [file: string, why: string][] = []
  const short = (file: string) => file.replace(`${root}/`, '')
  const inputs = readInputs(paths, {
    stdin: async () => utf8('{"from":"stdin"}'),
    leftOut: (file, why) => left.push([short(file), why]),
  })
  for await (const { file, bytes } of inputs) taken.push([short(file), new TextDecoder().decode(bytes)])
  return { taken, left }
}

const evidence = evidenceFileText({ items: [] })
const trust = trustFileText({ roots: [{ id: 'did:web:authority.example' }], lists: [] })

describe('certificates on the way in', () => {
  test('a file that is named is taken, whatever it is called and whatever it is', async () => {
    const path = folder('named', { 'note.txt': 'hello', 'evidence.json': evidence, '.hidden.json': '{}' })
    expect(
      await read(join(path, 'note.txt'), join(path, 'evidence.json'), join(path, '.hidden.json')),
    ).toEqual({
      taken: [
        ['named/note.txt', 'hello'],
        ['named/evidence.json', evidence],
        ['named/.hidden.json', '{}'],
      ],
      left: [],
    })
  })

  test('a folder gives its certificate files by name, those of folders in it too, and says what it leaves', async () => {
    const path = folder('folder', {
      'b.json': '{"b":1}',
      'a.sd-jwt': 'a~',
      'A.JWT': 'a.b.c',
      'batch.anchor.json': '{}',
      'BATCH.ANCHOR.JSON': '{}',
      'readme.md': 'hello',
      json: '{}',
      '.hidden.json': '{}',
      '.git/config.json': '{}',
      'nested/deep/c.json': '{"c":1}',
      '证书/王小明.json': '{"d":1}',
      'archive.zip': zipSync({ 'e.json': strToU8('{}') }),
      'damaged.json': '{"half":',
      'evidence.json': evidence,
      'trust.json': trust,
      'typed.json': '{"type":["GradecertEvidence"]}',
    })
    expect(await read(path)).toEqual({
      taken: [
        ['folder/A.JWT', 'a.b.c'],
        ['folder/a.sd-jwt', 'a~'],
        ['folder/b.json', '{"b":1}'],
        ['folder/damaged.json', '{"half":'],
        ['folder/nested/deep/c.json', '{"c":1}'],
        ['folder/typed.json', '{"type":["GradecertEvidence"]}'],
        ['folder/证书/王小明.json', '{"d":1}'],
      ],
      left: [
        ['folder/.git', 'not_a_certificate_file'],
        ['folder/.hidden.json', 'not_a_certificate_file'],
        ['folder/archive.zip', 'not_a_certificate_file'],
        ['folder/evidence.json', 'evidence_or_trust'],
        ['folder/json', 'not_a_certificate_file'],
        ['folder/readme.md', 'not_a_certificate_file'],
        ['folder/trust.json', 'evidence_or_trust'],
      ],
    })
  })

  test('links in a folder are not followed, those that are named are', async () => {
    const path = folder('links', { 'real/a.json': '{}' })
    symlinkSync(join(path, 'real/a.json'), join(path, 'link.json'))
    symlinkSync(join(path, 'real'), join(path, 'linked'))
    symlinkSync(path, join(path, 'loop'))
    symlinkSync(join(path, 'nowhere'), join(path, 'dangling.json'))
    expect(await read(path)).toEqual({
      taken: [['links/real/a.json', '{}']],
      left: [
        ['links/dangling.json', 'not_a_certificate_file'],
        ['links/link.json', 'not_a_certificate_file'],
        ['links/linked', 'not_a_certificate_file'],
        ['links/loop', 'not_a_certificate_file'],
      ],
    })
    expect((await read(join(path, 'link.json'))).taken).toEqual([['links/link.json', '{}']])
    expect((await read(join(path, 'linked'))).taken).toEqual([['links/linked/a.json', '{}']])
  })

  test('a file of a folder that is larger than a certificate can be is left', async () => {
    const path = folder('large', { 'fits.json': ' '.repeat(1_048_576), 'over.json': ' '.repeat(1_048_577) })
    const { taken, left } = await read(path)
    expect(taken.map(([file]) => file)).toEqual(['large/fits.json'])
    expect(left).toEqual([['large/over.json', 'too_large']])
  })

  test('sixteen folders deep is read, deeper is left', async () => {
    const deep = Array(16).fill('d').join('/')
    const path = folder('deep', { [`${deep}/a.json`]: '{}', [`${deep}/d/b.json`]: '{}' })
    expect(await read(path)).toEqual({
      taken: [[`deep/${deep}/a.json`, '{}']],
      left: [[`deep/${deep}/d`, 'too_deep']],
    })
  })

  test('a zip gives what a folder gives, named by the archive', async () => {
    const path = folder('zips', {
      'all.ZIP': zipSync({
        'b.json': strToU8('{"b":1}'),
        证书: { '王小明.json': strToU8('{"d":1}'), '.hidden.json': strToU8('{}') },
        __MACOSX: { '._b.json': strToU8('x') },
        '.git': { 'config.json': strToU8('{}') },
        'inner.zip': zipSync({ 'e.json': strToU8('{}') }),
        'a.anchor.json': strToU8('{}'),
        'evidence.json': strToU8(evidence),
        'trust.json': strToU8(trust),
        'over.json': new Uint8Array(1_048_577).fill(0x20),
      }),
    })
    expect(await read(join(path, 'all.ZIP'))).toEqual({
      taken: [
        ['zips/all.ZIP/b.json', '{"b":1}'],
        ['zips/all.ZIP/证书/王小明.json', '{"d":1}'],
      ],
      left: [
        ['zips/all.ZIP/证书/.hidden.json', 'not_a_certificate_file'],
        ['zips/all.ZIP/__MACOSX/._b.json', 'not_a_certificate_file'],
        ['zips/all.ZIP/.git/config.json', 'not_a_certificate_file'],
        ['zips/all.ZIP/inner.zip', 'not_a_certificate_file'],
        ['zips/all.ZIP/evidence.json', 'evidence_or_trust'],
        ['zips/all.ZIP/trust.json', 'evidence_or_trust'],
        ['zips/all.ZIP/over.json', 'too_large'],
      ],
    })
  })

  test('a file with a certificate a line gives its lines, wherever it lies', async () => {
    const lines = '{"a":1}\r\n\r\n"a.b.c"\nx~'
    const path = folder('lines', {
      'in/all.jsonl': lines,
      'all.zip': zipSync({ 'in/all.JSONL': strToU8(lines) }),
    })
    const of = (file: string) => [
      [`${file}:1`, '{"a":1}'],
      [`${file}:3`, 'a.b.c'],
      [`${file}:4`, 'x~'],
    ]
    const named = await read(join(path, 'in/all.jsonl'))
    expect(named).toEqual({ taken: of('lines/in/all.jsonl'), left: [] })
    expect((await read(join(path, 'in'))).taken).toEqual(of('lines/in/all.jsonl'))
    expect((await read(join(path, 'all.zip'))).taken).toEqual(of('lines/all.zip/in/all.JSONL'))
  })

  test('what is wrong with a paper or picture is said exactly', async () => {
    const path = folder('papers', { 'a.pdf': '%PDF-1.7\nnothing', 'b.gif': 'GIF89a' })
    await expect(read(join(path, 'a.pdf'))).rejects.toMatchObject({
      code: 'carrier.damaged',
      detail: { path: join(path, 'a.pdf'), what: 'the file has no end' },
    })
    await expect(read(join(path, 'b.gif'))).rejects.toMatchObject({
      code: 'carrier.damaged',
      detail: { path: join(path, 'b.gif'), what: 'neither PNG nor JPEG; save it as one of them' },
    })
  })

  test('standard input is taken where its name is given, in its turn', async () => {
    const path = folder('turns', { 'a.json': '{}', 'b.json': '{"b":1}' })
    expect((await read(join(path, 'b.json'), '-', join(path, 'a.json'))).taken).toEqual([
      ['turns/b.json', '{"b":1}'],
      ['-', '{"from":"stdin"}'],
      ['turns/a.json', '{}'],
    ])
  })

  test('an empty folder, and no path, give nothing', async () => {
    expect(await read(folder('empty', {}))).toEqual({ taken: [], left: [] })
    expect(await read()).toEqual({ taken: [], left: [] })
  })

  test('a path that is not there is said, after what came before it', async () => {
    const path = folder('before', { 'a.json': '{}' })
    const inputs = readInputs([join(path, 'a.json'), join(path, 'none.json')], {
      stdin: async () => new Uint8Array(),
      leftOut() {},
    })
    expect((await inputs.next()).value).toMatchObject({ file: join(path, 'a.json') })
    const error = await inputs.next().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(hasCode(error, 'carrier.not_found')).toBe(true)
    expect((error as CertificateError).detail).toEqual({ path: join(path, 'none.json') })
    expect((error as CertificateError).cause).toMatchObject({ code: 'ENOENT' })
  })

  test.each<[what: string, bytes: Uint8Array]>([
    ['is none', utf8('hello')],
    ['was cut short', zipSync({ 'a.json': strToU8('{}'.repeat(100)) }).slice(0, -30)],
  ])('a zip that %s is said', async (_what, bytes) => {
    const path = folder(`broken ${bytes.length}`, { 'a.zip': bytes })
    await expect(read(join(path, 'a.zip'))).rejects.toMatchObject({
      code: 'carrier.archive_damaged',
      detail: { path: join(path, 'a.zip') },
    })
  })
})
