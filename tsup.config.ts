import { defineConfig, type Options } from 'tsup'

const library = [
  'index',
  'verify',
  'words',
  'anchor',
  'anchor-log',
  'anchor-opentimestamps',
  'anchor-bitcoin',
  'anchor-evm',
  'registry-postgres',
  'server',
  'cli',
]
const programs = ['sign-worker', 'verify-worker'] // the command line is one file: scripts/program.mjs
const entries = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]))

const common: Options = {
  target: 'es2023',
  platform: 'neutral',
  removeNodeProtocol: false, // the default turns node:sqlite into sqlite
  external: [/^node:/], // platform neutral does not know Node's own modules
  sourcemap: false, // the sources are not in the package
  splitting: true,
  dts: false, // tsup 9 cannot make types with TypeScript 7: tsc does
  clean: false, // several configs write to dist: the build script cleans
}

export default defineConfig([
  { ...common, entry: entries([...library, ...programs]), format: ['esm'] },
  { ...common, entry: entries(library), format: ['cjs'], shims: true, noExternal: ['cborg'] }, // it has no entry for require
])
