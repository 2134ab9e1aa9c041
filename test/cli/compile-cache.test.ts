import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder } from '../../src/cli/compile-cache.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gradecert-home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

describe('what was compiled is kept', () => {
  test('in a folder of the user’s own, which nobody else can read', () => {
    expect(cacheFolder({ HOME: home })).toBe(join(home, '.cache/gradecert'))
    expect(statSync(join(home, '.cache/gradecert')).mode & 0o777).toBe(0o700)
  })

  test('where XDG_CACHE_HOME says, if that is a whole path', () => {
    const cache = join(home, 'other')
    expect(cacheFolder({ HOME: home, XDG_CACHE_HOME: cache })).toBe(join(cache, 'gradecert'))
    expect(cacheFolder({ HOME: home, XDG_CACHE_HOME: 'other' })).toBe(join(home, '.cache/gradecert'))
  })
})

describe('what was compiled is not kept', () => {
  test.each<[what: string, prepare: () => void]>([
    ['where others can write to the folder', () => made('.cache/gradecert', 0o770)],
    ['where others can write around the folder', () => made('.cache', 0o777)],
    [
      'where the folder is a link',
      () => {
        made('.cache', 0o700)
        made('elsewhere', 0o700)
        symlinkSync(join(home, 'elsewhere'), join(home, '.cache/gradecert'))
      },
    ],
    ['where a file stands in its place', () => writeFileSync(join(home, '.cache'), '')],
  ])('%s', (_, prepare) => {
    prepare()
    expect(cacheFolder({ HOME: home })).toBeNull()
  })

  test.each([{}, { HOME: '' }, { HOME: 'relative' }])('without a home: %j', (env) => {
    expect(cacheFolder(env)).toBeNull()
  })
})

function made(path: string, mode: number): void {
  mkdirSync(join(home, path), { recursive: true, mode: 0o700 })
  chmodSync(join(home, path), mode)
}
