/** Issues in a process of its own, so that it can be killed: `issue.child.ts WORKSPACE RESULTS SEED INSTANT [OPTIONS…]`. */
import { utf8 } from '../../src/base/bytes.ts'
import { run } from '../../src/cli/run.ts'
import { seededRandom } from '../../src/issue/random.ts'

const [dir = '', results = '', seed = '', at = '', ...options] = process.argv.slice(2)
const more = options.length > 0 ? options : ['--form', 'both']
process.exitCode = await run(['issue', results, '--dir', dir, '--json', '--at', at, ...more], {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: async () => new Uint8Array(),
  env: {},
  now: Date.now,
  isTerminal: false,
  fetch: () => Promise.reject(new Error('no network')),
  random: seededRandom(utf8(seed)),
})
