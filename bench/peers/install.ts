/** Installs the peers exactly as locked, where that was not done yet or the lock has changed since. */
import { execSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname
const timeOf = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0

if (timeOf('node_modules/.package-lock.json') < timeOf('package-lock.json')) {
  // npm is a batch file on Windows, so that a shell has to run it.
  execSync('npm ci --ignore-scripts', { cwd: folder, stdio: 'inherit' })
}
