import { spawnSync } from 'node:child_process'
import dns from 'node:dns'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { allStand, judged, keyAgency, now, outcomesOf, sceneOf, tampered, webAgency } from './scene.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

afterEach(() => vi.restoreAllMocks())

describe('verification without a fetch', () => {
  test('trap 12, trap 47: opens no socket, asks for no name and calls no global fetch', async () => {
    const refuse = () => {
      throw new Error('the network was touched')
    }
    const spies = [
      vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse),
      vi.spyOn(dns, 'lookup').mockImplementation(refuse as never),
      vi.spyOn(dns.promises, 'lookup').mockImplementation(refuse),
      vi.spyOn(globalThis, 'fetch').mockImplementation(refuse),
    ]
    const scenes = await Promise.all([
      sceneOf(keyAgency),
      sceneOf(webAgency),
      sceneOf(webAgency, { suite: 'eddsa-jcs-2022' }),
    ])
    for (const scene of scenes) {
      expect(outcomesOf(await judged(scene))).toEqual(allStand)
      await judged(scene, { items: [], trust: undefined })
      await judged(scene, {
        text: tampered(scene, (vc) => ({ ...vc, '@context': 'https://evil.example/c' })),
      })
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  })

  test('does so in a process that can open none', async () => {
    const scenes = await Promise.all([
      sceneOf(keyAgency),
      sceneOf(webAgency),
      sceneOf(webAgency, { suite: 'eddsa-jcs-2022' }),
    ])
    const input = JSON.stringify(
      scenes.map(({ text, trust, evidence }) => ({ text, options: { trust, evidence, now } })),
    )
    const run = spawnSync(process.execPath, ['--import', here('no-network.ts'), here('offline.child.ts')], {
      input,
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(JSON.parse(run.stdout)).toEqual({ verdicts: ['valid', 'valid', 'valid'], tried: [] })
    expect(run.status).toBe(0)
  })

  test('the process that can open none would have told', () => {
    const run = spawnSync(
      process.execPath,
      [
        '--import',
        here('no-network.ts'),
        '--input-type=module',
        '-e',
        'await fetch("https://agency.example").catch(() => {})',
      ],
      { encoding: 'utf8' },
    )
    expect(run.status).not.toBe(0)
  })
})
