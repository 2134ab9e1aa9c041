import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readLogPolicy } from '../../src/anchor/log-policy.ts'
import { judgeLogProof } from '../../src/anchor/log-proof.ts'
import { hashLeaf } from '../../src/anchor/tree.ts'
import { fromHex } from '../../src/base/bytes.ts'
import { sha256Hex } from '../../src/base/digest.ts'
import { gradecert, temporaryFolder } from './terminal.ts'
import { witnessedLog } from './witnesses.ts'

const entry = (i: number): string => sha256Hex(`entry ${i}`)
const entries = (count: number, from = 0) => Array.from({ length: count }, (_, i) => entry(from + i))
const program = fileURLToPath(new URL('../../src/bin.ts', import.meta.url))

/** `gradecert` as a process of its own that listens. */
async function served(...argv: readonly string[]) {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'ignore'] })
  const gone = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url: JSON.parse(line).url as string, child, gone }
}

/** What a folder holds, over HTTP. */
async function shown(folder: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const bytes = await readFile(`${folder}${request.url}`).catch(() => null)
    response.writeHead(bytes === null ? 404 : 200).end(bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const publish = (log: { folder: string; policy: string }, urls: readonly string[]) =>
  gradecert([
    ...['log', 'publish', log.folder, '--policy', log.policy, '--json'],
    ...urls.flatMap((url) => ['--witness', url]),
  ])

describe('a log with three witnesses, each a process of its own', () => {
  test('is made, grows, is proven, and goes on when they are killed and come back', async () => {
    const dir = await temporaryFolder()
    const folder = `${dir}/log`
    const made = await gradecert(['log', 'init', folder, '--origin', 'log.example/anchors', '--json'])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect((await stat(`${folder}/private/log.json`)).mode & 0o777).toBe(0o600)
    const logKey: string = made.lines[0].vkey
    const names = ['w1', 'w2', 'w3']
    const lines = [`log ${logKey}`]
    for (const name of names) {
      const own = await gradecert([
        'witness',
        'init',
        `${dir}/${name}`,
        '--name',
        `${name}.example`,
        '--json',
      ])
      lines.push(`witness ${name} ${own.lines[0].vkey}`)
    }
    const policy = `${dir}/policy.txt`
    await writeFile(policy, [...lines, 'group two 2 w1 w2 w3', 'quorum two', ''].join('\n'))
    const start = (name: string) =>
      served('witness', 'serve', `${dir}/${name}`, '--log', logKey, '--port', '0', '--json', '--quiet')
    const running = await Promise.all(names.map(start))
    const urls = running.map(({ url }) => url)

    const appended = await gradecert(['log', 'append', folder, ...entries(3), entry(1), '--json'])
    expect(appended.lines.map(({ index }) => index)).toEqual([0, 1, 2, 1])
    expect(await publish({ folder, policy }, urls)).toMatchObject({
      code: 0,
      lines: [{ size: 3, published: true }],
    })
    const old = `${dir}/old`
    await cp(`${folder}/public/checkpoint`, old)

    for (const { child, gone } of running) {
      child.kill('SIGKILL')
      await gone
    }
    await gradecert(['log', 'append', folder, ...entries(300)])
    const alone = await publish({ folder, policy }, urls)
    expect(alone).toMatchObject({ code: 2, lines: [{ size: 300, published: false }] })
    expect(alone.err).toContain(`${urls[0]} did not sign (unreachable).`)
    expect(await readFile(`${folder}/public/checkpoint`, 'utf8')).toBe(await readFile(old, 'utf8'))

    const back = await Promise.all(names.slice(1).map(start))
    expect(
      await publish(
        { folder, policy },
        back.map(({ url }) => url),
      ),
    ).toMatchObject({ code: 0, err: '' })
    const proof = `${dir}/entry.tlog-proof`
    expect(await gradecert(['log', 'prove', folder, '270', '--out', proof])).toMatchObject({ code: 0 })
    const judged = await judgeLogProof(
      await readFile(proof, 'utf8'),
      hashLeaf(fromHex(entry(270))!),
      readLogPolicy(await readFile(policy, 'utf8')),
    )
    expect(judged).toMatchObject({ ok: true, index: 270, witnesses: ['w2', 'w3'] })

    const place = await shown(`${folder}/public`)
    for (const at of [`${folder}/public`, place, `${place}/`]) {
      const check = await gradecert(['log', 'check', at, '--since', old, '--policy', policy, '--json'])
      expect(check).toMatchObject({ code: 0, lines: [{ ok: true, from: 3, to: 300 }] })
    }
  }, 30_000)

  test('of which one stops when it is asked to', async () => {
    const dir = await temporaryFolder()
    const { vkey } = (await gradecert(['log', 'init', `${dir}/log`, '--origin', 'l.example', '--json']))
      .lines[0]
    await gradecert(['witness', 'init', `${dir}/w`, '--name', 'w.example'])
    const { child, gone } = await served(
      ...['witness', 'serve', `${dir}/w`, '--log', vkey, '--port', '0', '--json'],
    )
    child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })
})

describe('a watch over a log', () => {
  /** Heads of 3 and 5 entries that two witnesses signed, and of a second history of the same log. */
  async function watched() {
    const dir = await temporaryFolder()
    const log = await witnessedLog(dir)
    const heads: string[] = []
    for (const size of [3, 5]) {
      await gradecert(['log', 'append', log.folder, ...entries(size)])
      expect((await publish(log, log.witnesses)).code).toBe(0)
      heads.push(`${dir}/head-${size}`)
      await cp(`${log.folder}/public/checkpoint`, heads.at(-1)!)
    }
    // The same key and no memory: what a log does that forks, with a policy that asks no witness.
    const fork = `${dir}/fork`
    await mkdir(`${fork}/private`, { recursive: true })
    await cp(`${log.folder}/private/log.json`, `${fork}/private/log.json`)
    await gradecert(['log', 'append', fork, entry(0), ...entries(5, 90)])
    const credulous = `${dir}/credulous.txt`
    const [own] = (await readFile(log.policy, 'utf8')).split('\n')
    await writeFile(credulous, `${own}\nquorum none\n`)
    await gradecert(['log', 'publish', fork, '--policy', credulous])
    const check = (place: string, since: string, ...more: readonly string[]) =>
      gradecert(['log', 'check', place, '--since', since, '--policy', log.policy, '--json', ...more])
    return { dir, log, fork, credulous, heads: heads as [string, string], check }
  }

  test('finds that it went on, by what is shown or by two heads that were kept', async () => {
    const { log, heads, check } = await watched()
    const place = `${log.folder}/public`
    expect(await check(place, heads[0])).toMatchObject({ code: 0, lines: [{ ok: true, from: 3, to: 5 }] })
    await gradecert(['log', 'append', log.folder, ...entries(9)])
    await publish(log, log.witnesses)
    expect(await check(place, heads[0], '--head', heads[1])).toMatchObject({
      code: 0,
      lines: [{ ok: true, from: 3, to: 5 }],
    })
    expect(await check(place, heads[1])).toMatchObject({ code: 0, lines: [{ ok: true, from: 5, to: 9 }] })
    expect(await check(place, heads[1], '--head', heads[0])).toMatchObject({
      code: 1,
      lines: [{ ok: false, reason: 'rolled_back' }],
    })
  })

  test('finds a second history, one without witnesses, and files that are not there', async () => {
    const { dir, log, fork, credulous, heads, check } = await watched()
    expect(await check(`${fork}/public`, heads[0])).toMatchObject({
      code: 1,
      lines: [{ ok: false, reason: 'quorum_not_met' }],
    })
    const trusting = await gradecert([
      ...['log', 'check', `${fork}/public`, '--since', heads[0], '--policy', credulous, '--lang', 'en'],
    ])
    expect(trusting.code).toBe(1)
    expect(trusting.out).toBe(
      'The log does not continue what it showed before (forked). Keep both heads: they are the evidence.\n',
    )
    const nothing = await shown(`${dir}/nowhere`)
    expect(await check(nothing, heads[0])).toMatchObject({
      code: 74,
      err: expect.stringContaining('anchor.endpoint_failed'),
    })
    expect(await check(nothing, heads[0], '--head', heads[1])).toMatchObject({ code: 74 })
    expect(await check(`${dir}/nowhere`, heads[0])).toMatchObject({ code: 74 })
    const missing = `${dir}/missing`
    await mkdir(missing)
    await cp(`${log.folder}/public/checkpoint`, `${missing}/checkpoint`)
    expect((await check(missing, heads[0])).code).toBe(74)
  })

  test('whose witnesses meet the second history refuse it', async () => {
    const { log, fork } = await watched()
    const refused = await publish({ folder: fork, policy: log.policy }, log.witnesses)
    expect(refused).toMatchObject({ code: 2, lines: [{ size: 6, published: false }] })
    expect(refused.err.match(/did not sign \(status 422\)/g)).toHaveLength(3)
  })
})

test.each<[what: string, argv: (dir: string) => readonly string[], code: number, error: string]>([
  [
    'a log in a place that has one',
    (dir) => ['log', 'init', `${dir}/log`, '--origin', 'x'],
    64,
    'log.exists',
  ],
  [
    'a name with a space',
    (dir) => ['log', 'init', `${dir}/new`, '--origin', 'a b'],
    64,
    'log.origin_malformed',
  ],
  [
    'an entry that is no hash',
    (dir) => ['log', 'append', `${dir}/log`, 'hello'],
    64,
    'chain.value_malformed',
  ],
  ['no log', (dir) => ['log', 'append', `${dir}/none`, entry(1)], 74, 'log.not_found'],
  [
    'a proof of what is not shown',
    (dir) => ['log', 'prove', `${dir}/log`, '0', '--out', `${dir}/p`],
    64,
    'chain.value_malformed',
  ],
  [
    'a policy that is none',
    (dir) => ['log', 'publish', `${dir}/log`, '--policy', `${dir}/log/private/log.json`],
    74,
    'anchor.file_malformed',
  ],
  [
    'no policy',
    (dir) => ['log', 'publish', `${dir}/log`, '--policy', `${dir}/none`],
    74,
    'carrier.not_found',
  ],
  [
    'a witness of no log',
    (dir) => ['witness', 'serve', `${dir}/w`, '--port', '0'],
    64,
    'log.none_to_witness',
  ],
  [
    'a witness of a key that is none',
    (dir) => ['witness', 'serve', `${dir}/w`, '--port', '0', '--log', 'x+1+2'],
    64,
    'chain.value_malformed',
  ],
  [
    'a port that is none',
    (dir) => ['witness', 'serve', `${dir}/w`, '--port', '70000'],
    64,
    'cli.serve_number_malformed',
  ],
])('the command line refuses %s', async (_what, argv, code, error) => {
  const dir = await temporaryFolder()
  await gradecert(['log', 'init', `${dir}/log`, '--origin', 'log.example'])
  await gradecert(['witness', 'init', `${dir}/w`, '--name', 'w.example'])
  const refused = await gradecert(argv(dir))
  expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(error) })
})
