/**
 * The whole story in a temporary folder, without network: an agency is set up, an exam system's export becomes signed
 * certificates, and an employer checks them. Every line that starts with `$` can be typed by hand.
 */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Io, run } from '../src/cli.ts'
import { trustOverTime } from './demo-trust.ts'

const folder = await mkdtemp(join(tmpdir(), 'gradecert-demo-'))
process.chdir(folder)
await cp(fileURLToPath(new URL('./results.gb18030.csv', import.meta.url)), 'results.csv')

const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: async () => new Uint8Array(),
  env: process.env,
  now: Date.now,
  isTerminal: false,
  fetch: () => Promise.reject(new Error('the demo has no network')),
  exchange: (url, options) =>
    new URL(url).hostname === '127.0.0.1'
      ? globalThis.fetch(url, options)
      : Promise.reject(new Error('the demo has no network')),
}

chapter('1. An evaluation agency sets itself up / 评价机构建立工作目录')
await type(0, 'init', 'agency', '--name', '示例评价机构', '--name-en', 'Example Evaluation Agency')
process.chdir('agency')

chapter(
  '2. It looks at the export of the exam system: 200 candidates in GB18030 / 检查考试系统导出的200条成绩',
)
await type(2, 'check', '../results.csv')

chapter('3. It issues / 签发证书')
await type(2, 'issue', '../results.csv')
chapter('   … and once more: nothing is issued twice / 再次运行，不会重复签发')
await type(2, 'issue', '../results.csv')
await type(0, 'publish')

const [first = '', second = ''] = (await readdir('out')).sort()
const offline = ['--trust', 'trust.json', '--evidence', 'public/evidence.json']

chapter('4. An employer verifies one of them, offline / 用人单位离线验证')
await type(0, 'verify', `out/${first}`, ...offline)

chapter('5. Somebody changes the name and tries again / 有人篡改姓名')
const text = await readFile(`out/${first}`, 'utf8')
await writeFile('../tampered.json', text.replace(/"identityHash":"[^"]*"/, '"identityHash":"张冠李戴"'))
await type(1, 'verify', '../tampered.json', ...offline)

chapter('6. The agency revokes a certificate / 机构撤销一张证书')
await type(0, 'revoke', second.replace(/\.json$/, ''), '--reason', 'cheating-grave')
await type(0, 'publish')
await type(1, 'verify', `out/${second}`, ...offline)

chapter('7. Thirty days later nobody has fetched a fresh status list / 三十天后，状态列表已过期')
const inThirtyDays = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
await type(2, 'verify', `out/${first}`, ...offline, '--at', inThirtyDays)

chapter('8. The holder shows the name and nothing else / 持有人只出示姓名')
await type(2, 'issue', '../results.csv', '--form', 'sd-jwt')
await type(0, 'publish')
const hidden = `out/${first.replace(/\.json$/, '.sd-jwt')}`
await type(0, 'present', hidden, '--disclose', 'name', '--out', '../shown.sd-jwt')
await type(0, 'verify', '../shown.sd-jwt', ...offline)
chapter('   … which is no proof of who shows it / 但不能证明由谁出示')
await type(1, 'verify', '../shown.sd-jwt', ...offline, '--challenge', '7f3a', '--domain', 'hr.example')

chapter('9. All of them at once, for a program / 批量验证，输出给程序')
await type(1, 'verify', 'out', ...offline, '--json')

chapter('10. Three institutions watch the log of the agency / 三家机构见证机构的透明日志')
const logKey =
  (await type(0, 'log', 'init', '../log', '--origin', 'log.agency.example/anchors'))[1]?.slice(
    'log '.length,
  ) ?? ''
const policy = [`log ${logKey}`]
const witnesses = []
for (const name of ['university', 'archive', 'ministry']) {
  const [, line = ''] = await type(0, 'witness', 'init', `../${name}`, '--name', `witness.${name}.example`)
  policy.push(line.replace(/^witness \S+/, `witness ${name}`))
  witnesses.push(await listening('witness', 'serve', `../${name}`, '--log', logKey, '--port', '0'))
}
await writeFile(
  '../policy.txt',
  [...policy, 'group two 2 university archive ministry', 'quorum two', ''].join('\n'),
)
await type(
  0,
  'anchor',
  'add',
  'log',
  '--log',
  '../log',
  '--policy',
  '../policy.txt',
  ...witnesses.flatMap(({ url }) => ['--witness', url]),
)
await type(2, 'issue', '../results.csv', '--anchor', 'log')

const node = await evmNode()
if (node !== null) {
  chapter('    … and the same batch goes to an EVM node on this machine / 同一批次写入本机 EVM 节点')
  const [made = ''] = await type(0, 'anchor', 'key', '--out', '../evm.json')
  await node.ask('anvil_setBalance', /0x[0-9a-f]{40}/.exec(made)?.[0] ?? '', '0xde0b6b3a7640000')
  await type(
    0,
    'anchor',
    'add',
    'evm',
    '--rpc',
    node.url,
    '--chain',
    'eip155:31337',
    '--key',
    '../evm.json',
    '--depth',
    '2',
  )
  await type(2, 'anchor', 'submit', '--to', 'evm')
  await node.ask('anvil_mine', '0x3')
  const lines = await type(0, 'anchor', 'upgrade')
  const block =
    lines
      .find((line) => line.includes('add-block'))
      ?.split(' eip155:31337 ')[1]
      ?.split(' ') ?? []
  await type(0, 'chain', 'init', '../chains.json')
  await type(0, 'chain', 'add-block', '../chains.json', 'eip155:31337', ...block)
  node.stop()
} else await type(0, 'chain', 'init', '../chains.json')

process.chdir('..')
const later = await trustOverTime({ chapter, type, witnesses: witnesses.map(({ url }) => url) })
process.chdir('../agency')

chapter('12. The network is gone, and the proof of time is still there / 断网之后，时间证明依然有效')
for (const { stop } of witnesses) await stop()
await type(0, 'chain', 'logs', '../chains.json', '../policy.txt')
const asked = ['--chains', '../chains.json', '--require-anchor', 'log', '--test-chains']
await type(0, 'verify', `out/${first}`, ...offline, ...asked)
await cp(`out/${first}`, '../alone.json')
chapter('    … without the file beside it nobody can say when it was signed / 没有存证文件便无从得知签署时间')
await type(2, 'verify', '../alone.json', ...offline, ...asked)

process.chdir('../web')
await later()
await rm(folder, { recursive: true })

function chapter(title: string): void {
  console.log(`\n\x1b[1m${title}\x1b[0m`)
}

/** Runs a command as typed, shows the end of a long answer, and stops the demo where the exit code is not the expected one. */
async function type(expected: number, ...argv: string[]): Promise<readonly string[]> {
  console.log(`$ gradecert ${argv.join(' ')}`)
  const lines: string[] = []
  const say = (text: string) => lines.push(...text.replace(/\n$/, '').split('\n'))
  const code = await run(argv, { ...io, out: say, err: say })
  const shown = lines.length > 16 ? [`  … ${lines.length - 8} lines …`, ...lines.slice(-8)] : lines
  for (const line of shown) console.log(line.length > 200 ? `${line.slice(0, 200)}…` : line)
  console.log(`(exit code ${code})`)
  if (code !== expected) throw new Error(`expected exit code ${expected}`)
  return lines
}

/** Runs a command that listens until it is stopped. */
async function listening(
  ...argv: string[]
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  console.log(`$ gradecert ${argv.join(' ')} &`)
  let interrupt = () => {}
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve
  })
  let running: Promise<number> = Promise.resolve(0)
  const url = await new Promise<string>((resolve) => {
    const out = (text: string) => resolve(JSON.parse(text).url)
    running = run([...argv, '--json', '--quiet'], { ...io, out, interrupted: () => interrupted })
  })
  return {
    url,
    stop: async () => {
      interrupt()
      await running
    },
  }
}

/** A node of an EVM chain, where its program is installed. */
async function evmNode() {
  const binary = anvil()
  if (binary === null) return null
  const child = spawn(binary, ['--port', '0', '--no-mining'], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /Listening on (127\.0\.0\.1:\d+)/.exec(line) ?? []
    if (address === undefined) continue
    child.stdout.resume()
    const url = `http://${address}`
    const headers = { 'content-type': 'application/json' }
    const ask = (method: string, ...params: string[]) =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) })
    return { url, ask, stop: () => child.kill() }
  }
  return null
}

function anvil(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json')
    return join(dirname(manifest), 'bin/anvil')
  } catch {
    return null
  }
}
