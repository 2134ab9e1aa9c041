/** Holds a lock until it is ended, and says when it has it. */
import { withLock } from '../../src/base/lock.ts'

const [path = ''] = process.argv.slice(2)
await withLock(path, () => {
  process.stdout.write('held\n')
  // A promise that nothing could ever settle would be collected, and the lock with it.
  return new Promise<void>((resolve) => {
    setInterval(() => process.exitCode === 1 && resolve(), 1000)
  })
})
