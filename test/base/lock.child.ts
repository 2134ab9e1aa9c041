/** Holds a lock until it is ended, and says when it has it. */
import { withLock } from '../../src/base/lock.ts'

const [path = ''] = process.argv.slice(2)
await withLock(path, () => {
  process.stdout.write('held\n')
  setInterval(() => {}, 1000)
  return new Promise<never>(() => {})
})
