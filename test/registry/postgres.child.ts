/** Reserves and completes in a process of its own, so that it can be killed: `postgres.child.ts URL SCHEMA WRITER COUNT`. */
import { postgresRegistry } from '../../src/registry/postgres.ts'
import { draftOf } from './drafts.ts'

const [url = '', schema = '', writer = '', count = ''] = process.argv.slice(2)
const registry = await postgresRegistry(url, { schema, connections: 1 })
for (let first = 0; first < Number(count); first += 10) {
  // Half of the keys are every writer's, in an order of its own.
  const names = Array.from({ length: 10 }, (_, i) =>
    i % 2 === 0 ? `shared-${first + i}` : `${writer}-${first + i}`,
  )
  const ordered = Number(writer) % 2 === 0 ? names : names.toReversed()
  const settled = await registry.reserveAll(
    ordered.map((name) => ({ key: `key-${name}`, draft: draftOf(name) })),
  )
  await registry.completeAll(settled.map(({ entry }) => ({ id: entry.id, text: `text of ${entry.id}` })))
}
await registry.close()
