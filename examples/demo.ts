/**
 * The whole story in a temporary folder, without network: an agency is set up, an exam system's export becomes signed
 * certificates, and an employer checks them. Every line that starts with `$` can be typed by hand.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Io, run } from '../src/cli.ts'

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

process.chdir('..')
await rm(folder, { recursive: true })

function chapter(title: string): void {
  console.log(`\n\x1b[1m${title}\x1b[0m`)
}

/** Runs a command as typed, shows the end of a long answer, and stops the demo where the exit code is not the expected one. */
async function type(expected: number, ...argv: string[]): Promise<void> {
  console.log(`$ gradecert ${argv.join(' ')}`)
  const lines: string[] = []
  const say = (text: string) => lines.push(...text.replace(/\n$/, '').split('\n'))
  const code = await run(argv, { ...io, out: say, err: say })
  const shown = lines.length > 16 ? [`  … ${lines.length - 8} lines …`, ...lines.slice(-8)] : lines
  for (const line of shown) console.log(line.length > 200 ? `${line.slice(0, 200)}…` : line)
  console.log(`(exit code ${code})`)
  if (code !== expected) throw new Error(`expected exit code ${expected}`)
}
