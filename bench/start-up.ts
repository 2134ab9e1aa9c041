/**
 * What passes until the command line has answered: `npm run build && npm run bench:start-up [-- --json FILE]`. The floor is
 * `node -e 0`. All take turns, round after round, so that a busy machine slows them alike. Nothing here is a test.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rounds = 15

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'dist/bin.js')
const results = join(root, 'examples/results.gb18030.csv')
const at = ['--at', '2026-01-20T00:00:00Z']
if (!existsSync(bin)) throw new Error('dist/bin.js is what is measured: npm run build')

interface Row {
  readonly id: string
  readonly argv: readonly string[]
  /** The only exit code with which it did what is to be measured. */
  readonly code: number
  /** Without what earlier runs left compiled: the first run after an installation. */
  readonly uncached?: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'gradecert-start-'))
try {
  const verify = verifying(agency('eddsa-rdfc-2022'))
  const verifyJcs = verifying(agency('eddsa-jcs-2022'))
  const rows: readonly Row[] = [
    { id: 'node', argv: ['-e', '0'], code: 0 },
    { id: 'start/version', argv: [bin, '--version'], code: 0 },
    { id: 'start/help', argv: [bin, '--help'], code: 0 },
    { id: 'start/usage', argv: [bin, 'isue'], code: 64 },
    { id: 'start/verify', argv: verify, code: 0 },
    { id: 'start/verify/uncached', argv: verify, code: 0, uncached: true },
    { id: 'start/verify-jcs', argv: verifyJcs, code: 0 },
    // The export holds a row without a result: it is held, and nothing is rejected.
    {
      id: 'start/check',
      argv: [bin, 'check', results, '--dir', join(folder, 'eddsa-rdfc-2022'), ...at],
      code: 2,
    },
  ]
  const times = rows.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, row] of rows.entries()) {
      const time = milliseconds(row)
      if (round > 0) times[index]!.push(time) // the first fills the cache
    }
  }
  const medians = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!)
  const [floor = Number.NaN] = medians
  const measured = rows.map(({ id }, i) => ({ id, median: medians[i]!, floor, ratio: medians[i]! / floor }))
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`
  console.log(machine)
  console.log('                               ms  times `node -e 0`')
  for (const { id, median, ratio } of measured)
    console.log(`${id.padEnd(24)}${median.toFixed(1).padStart(9)}${ratio.toFixed(2).padStart(7)}`)
  const json = process.argv.indexOf('--json')
  if (json !== -1)
    writeFileSync(
      process.argv[json + 1]!,
      `${JSON.stringify({ machine, rows: measured.slice(1) }, null, 2)}\n`,
    )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A workspace whose badges are out and published. */
function agency(suite: string): string {
  const dir = join(folder, suite)
  milliseconds({ id: 'init', argv: [bin, 'init', dir, '--name', '示例评价机构', ...at], code: 0 })
  milliseconds({ id: 'issue', argv: [bin, 'issue', results, '--dir', dir, '--suite', suite, ...at], code: 2 })
  milliseconds({ id: 'publish', argv: [bin, 'publish', '--dir', dir, ...at], code: 0 })
  return dir
}

function verifying(dir: string): readonly string[] {
  const [badge = ''] = readdirSync(join(dir, 'out'))
  const known = ['--trust', join(dir, 'trust.json'), '--evidence', join(dir, 'public/evidence.json')]
  return [bin, 'verify', join(dir, 'out', badge), ...known, ...at]
}

function milliseconds({ id, argv, code, uncached = false }: Row): number {
  const env = { ...process.env, ...(uncached && { NODE_DISABLE_COMPILE_CACHE: '1' }) }
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' })
  const time = performance.now() - start
  if (status !== code) throw new Error(`${id}: exit code ${status} instead of ${code}\n${stderr}`)
  return time
}
