/** The whole way over a real node of an EVM chain, which the test starts. */
import { stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { anvilIsHere, startAnvil } from '../anchor/anvil.ts'
import { gradecert, shortExport, temporaryFolder } from './terminal.ts'

const noNetwork = () => Promise.reject(new Error('the network is gone'))
const now = { now: '2026-03-02T10:00:00Z' }
const chain = 'eip155:31337'

test.skipIf(!anvilIsHere)(
  'a batch goes to an EVM node, its block is trusted by hand, and the network is gone',
  async () => {
    const node = await startAnvil()
    try {
      const folder = await temporaryFolder()
      const dir = `${folder}/agency`
      await gradecert(['init', dir, '--name', '示例评价机构'])
      const key = await gradecert(['anchor', 'key', '--out', `${folder}/evm.json`, '--json'])
      expect((await stat(`${folder}/evm.json`)).mode & 0o777).toBe(0o600)
      await node.ask('anvil_setBalance', key.lines[0].address, '0xde0b6b3a7640000')
      const add = ['anchor', 'add', 'evm', '--dir', dir, '--rpc', node.url, '--chain', chain]
      expect((await gradecert([...add, '--key', `${folder}/evm.json`, '--depth', '3'])).code).toBe(0)
      const issued = await gradecert(
        ['issue', await shortExport(folder, 6), '--dir', dir, '--anchor', 'evm', '--json'],
        now,
      )
      expect([issued.code, issued.lines.at(-1)]).toEqual([
        2,
        { batch: expect.any(String), to: 'evm', is: 'waiting', for: 'block' },
      ])
      const upgrade = () => gradecert(['anchor', 'upgrade', '--dir', dir, '--json'], now)
      await node.ask('anvil_mine', '0x1')
      expect((await upgrade()).lines).toMatchObject([{ is: 'waiting', for: 'depth' }])
      await node.ask('anvil_mine', '0x3')
      const final = await upgrade()
      expect(final).toMatchObject({ code: 0, lines: [{ is: 'final', block: { height: 1 } }] })
      const { height, hash, time } = final.lines[0].block
      const chains = `${folder}/chains.json`
      await gradecert(['chain', 'init', chains])
      await gradecert(['chain', 'add-block', chains, chain, String(height), hash, String(time)])
      await gradecert(['publish', '--dir', dir], now)
      const trust = [
        '--trust',
        `${dir}/trust.json`,
        '--evidence',
        `${dir}/public/evidence.json`,
        '--chains',
        chains,
      ]
      const verify = (...more: readonly string[]) =>
        gradecert(['verify', `${dir}/out`, ...trust, '--json', ...more], { ...now, exchange: noNetwork })
      await node.stop()
      const verified = await verify('--require-anchor', chain, '--test-chains')
      expect(verified.code).toBe(0)
      for (const { checks } of verified.lines) {
        expect(checks.anchor).toMatchObject({
          outcome: 'pass',
          facts: {
            anchors: [{ kind: 'path', chain, status: 'verified', location: { height, blockHash: hash } }],
          },
        })
      }
      const refused = await verify('--require-anchor', chain)
      expect(refused.code).toBe(2)
      expect(refused.lines[0].checks.anchor).toMatchObject({
        outcome: 'unknown',
        reason: 'anchor_test_chain',
      })
      const other = await gradecert([
        'chain',
        'add-block',
        chains,
        chain,
        String(height),
        `0x${'ab'.repeat(32)}`,
        String(time),
      ])
      expect([other.code, other.err]).toEqual([74, expect.stringContaining('two blocks of one height')])
    } finally {
      await node.stop()
    }
  },
)
