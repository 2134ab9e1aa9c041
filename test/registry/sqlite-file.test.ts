import { mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { sqliteRegistry } from '../../src/registry/sqlite.ts'
import { draftOf } from './drafts.ts'

const root = mkdtempSync(join(tmpdir(), 'gradecert-sqlite-file-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let file: string
beforeEach(async () => {
  file = join(mkdtempSync(join(root, 'one-')), 'registry.db')
  const registry = sqliteRegistry(file)
  for (let i = 0; i < 40; i++) await registry.reserve(`key-${i}`, draftOf(String(i)))
  registry.close()
})

const refusal = (path: string): { readonly code?: string } => {
  try {
    sqliteRegistry(path).close()
    return {}
  } catch (error) {
    return error as { readonly code?: string }
  }
}

describe('a registry file that is not whole', () => {
  test.each([1, 7, 4095, 4096, 4097, 20_000])('is refused as damaged with %i bytes cut off', (bytes) => {
    const whole = readFileSync(file)
    truncateSync(file, whole.length - bytes)
    expect(refusal(file)).toMatchObject({ code: 'registry.damaged', detail: { path: file } })
    // What is left is not written to, and the copy that comes back is as good as ever.
    expect(readFileSync(file).equals(whole.subarray(0, whole.length - bytes))).toBe(true)
    writeFileSync(file, whole)
    expect(refusal(file)).toEqual({})
  })
})

test('a registry that was replaced while it was in use takes nothing, and says so', async () => {
  const registry = sqliteRegistry(file)
  renameSync(file, `${file}.old`)
  await expect(registry.reserve('key-new', draftOf('new'))).rejects.toMatchObject({
    code: 'registry.replaced',
  })
  registry.close()
})

test('a registry that another process holds for long is told as locked, not as damaged', () => {
  const other = new DatabaseSync(file)
  other.exec('begin exclusive')
  expect(refusal(file)).toMatchObject({ code: 'registry.locked', detail: { path: file } })
  other.exec('rollback')
  other.close()
  expect(refusal(file)).toEqual({})
}, 30_000)
