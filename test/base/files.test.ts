import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isLeftover, readFileBounded, writeFileWhole } from '../../src/base/files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradecert-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('writing a file whole', () => {
  test.each<[what: string, content: string | Uint8Array, durable: boolean]>([
    ['text', '证书\n', false],
    ['text, down to the disk', '证书\n', true],
    ['bytes', Uint8Array.of(0, 255), false],
  ])('%s makes its folders and leaves nothing else there', async (_what, content, durable) => {
    const path = join(folder, 'a', 'b', 'file')
    await writeFileWhole(path, content, { durable })
    expect(await readFile(path)).toEqual(Buffer.from(content as string))
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file'])
  })

  test('a file that is there is replaced', async () => {
    const path = join(folder, 'file')
    await writeFileWhole(path, 'a longer text')
    await writeFileWhole(path, 'short')
    expect(await readFile(path, 'utf8')).toBe('short')
  })

  test.skipIf(process.platform === 'win32')('a secret is its owner’s alone from the start', async () => {
    await writeFile(join(folder, 'key'), 'old', { mode: 0o644 })
    await writeFileWhole(join(folder, 'key'), 'secret', { mode: 0o600 })
    expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600)
  })

  test('where a folder stands in its place, the fault is thrown and nothing is left behind', async () => {
    await mkdir(join(folder, 'taken'))
    await writeFile(join(folder, 'taken', 'inside'), '')
    await expect(writeFileWhole(join(folder, 'taken'), 'x')).rejects.toMatchObject({ syscall: 'rename' })
    expect(await readdir(folder)).toEqual(['taken'])
  })
})

describe('reading a file', () => {
  test('gives its bytes', async () => {
    await writeFile(join(folder, 'file'), 'abc')
    expect(await readFileBounded(join(folder, 'file'))).toEqual(Buffer.from('abc'))
  })

  test('refuses more than 256 MiB before it reads them', async () => {
    const path = join(folder, 'large')
    await writeFile(path, '')
    await truncate(path, 268_435_457)
    await expect(readFileBounded(path)).rejects.toMatchObject({
      code: 'file.too_large',
      detail: { path, bytes: 268_435_457 },
    })
  })

  test('lets what the system says through', async () => {
    await expect(readFileBounded(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

test.each<[name: string, is: boolean]>([
  [`.gradecert-999999999-${'0a'.repeat(6)}`, true],
  [`.gradecert-${process.pid}-${'0a'.repeat(6)}`, false],
  [`.gradecert-999999999-${'0a'.repeat(5)}`, false],
  [`.gradecert-999999999-${'0A'.repeat(6)}`, false],
  [`a.gradecert-999999999-${'0a'.repeat(6)}`, false],
  [`.gradecert-x-${'0a'.repeat(6)}`, false],
  ['workspace.json', false],
])('the file %s is a leftover: %s', (name, is) => {
  expect(isLeftover(name)).toBe(is)
})
