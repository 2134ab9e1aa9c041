/** The one home of Node's own SQLite: what the registry is kept in, and what writers wait for each other by. */
export { DatabaseSync } from 'node:sqlite'
