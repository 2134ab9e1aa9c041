import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withLock } from '../../src/base/lock.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gradecert-lock-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** Another process that holds a lock. */
async function holder(path: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./lock.child.ts', import.meta.url)), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

describe('a lock', () => {
  test('lets one in after the other, in the order in which they came', async () => {
    const seen: string[] = []
    const path = join(root, 'made/on/the/way/lock')
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        withLock(path, async () => {
          seen.push(`in ${i}`)
          await Promise.resolve()
          seen.push(`out ${i}`)
        }),
      ),
    )
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => [`in ${i}`, `out ${i}`]).flat())
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('answers what was done under it, and is free again when that failed', async () => {
    const path = join(root, 'failing')
    const failing = withLock(path, () => Promise.reject(new TypeError('no')))
    const next = withLock(path, async () => 7)
    await expect(failing).rejects.toThrow(TypeError)
    expect(await next).toBe(7)
  })

  test('of a process that was killed is free at once, and of one that runs is not', async () => {
    const path = join(root, 'held')
    const child = await holder(path)
    await expect(withLock(path, async () => 1, { patience: 50 })).rejects.toMatchObject({
      code: 'file.locked',
      detail: { path },
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await withLock(path, async () => 2, { patience: 0 })).toBe(2)
  })

  test('on something that is no file of ours says so', async () => {
    await expect(withLock(root, async () => 1)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
