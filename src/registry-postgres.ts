/** gradecert/registry/postgres: what was issued, on a PostgreSQL server that several machines share. `pg` is an optional peer. */
export { type PostgresRegistryOptions, postgresRegistry } from './registry/postgres.ts'
export type { Registry } from './registry/registry.ts'
