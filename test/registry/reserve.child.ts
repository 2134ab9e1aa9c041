/** Reserves 200 certificates in a process of its own: `reserve.child.ts FILE NAME`; prints what it drew as JSON. */
import { sqliteRegistry } from '../../src/registry/sqlite.ts'
import { draftOf } from './drafts.ts'

const [file = '', name = ''] = process.argv.slice(2)
const registry = sqliteRegistry(file)
const drawn: { serial: number; slot: number }[] = []
for (let i = 0; i < 200; i++) {
  await registry.reserve(`${name}-${i}`, (numbers) => {
    drawn.push(numbers)
    return draftOf(`${name}-${i}`)(numbers)
  })
}
registry.close()
process.stdout.write(JSON.stringify(drawn))
