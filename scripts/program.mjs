// The command line as one file, with the libraries that most commands need inside: a file takes half a millisecond to find and
// load, and there are hundreds. What a run does not come to is not run; what is heavy and seldom needed stays in packages of
// its own. The licences of what is inside go into dist/THIRD-PARTY.txt, and a package without one is not taken in.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('..', import.meta.url)
/** Packages that are loaded when a command first comes to them. */
const outside = [
  '@cfworker/json-schema', // has no text of its licence
  '@hono/node-server',
  '@noble/post-quantum',
  '@pdf-lib/fontkit',
  '@resvg/resvg-wasm',
  'hono',
  'jsonld',
  'pdf-lib',
  'pg',
  'pg-boss',
  'read-excel-file',
  'sodium-native',
  'subset-font',
  'viem',
  'yauzl',
]

const common = {
  absWorkingDir: fileURLToPath(root),
  bundle: true,
  platform: 'node',
  target: 'es2023',
  charset: 'utf8',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  metafile: true,
}

const { metafile } = await build({
  ...common,
  entryPoints: { program: 'src/cli.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs', // what is outside is looked for when it is run, not before
  external: outside.flatMap((name) => [name, `${name}/*`]),
  define: { 'import.meta.url': '$fileOfProgram' },
  banner: { js: 'const $fileOfProgram = require("node:url").pathToFileURL(__filename).href;' },
})
await build({
  ...common,
  entryPoints: ['src/bin.ts'],
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  plugins: [
    {
      name: 'program',
      setup({ onLoad }) {
        // Required, since an import would read all of it once more to find out what it exports.
        const contents = `import { createRequire } from 'node:module'
export const { run } = createRequire(import.meta.url)('./program.cjs')`
        onLoad({ filter: /\/cli\/run\.ts$/ }, () => ({ contents }))
      },
    },
  ],
})

const inside = Object.keys(metafile.inputs).flatMap(
  (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
)
const texts = await Promise.all([...new Set(inside)].sort().map(licenceOf))
await writeFile(new URL('dist/THIRD-PARTY.txt', root), `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`)

async function licenceOf(name) {
  const folder = new URL(`node_modules/${name}/`, root)
  const { version, license } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort()
  if (files.length === 0) throw new Error(`${name} is in dist/program.cjs and has no text of its licence`)
  const parts = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
  return [`${name} ${version}, ${license}`, ...parts.map((part) => part.trim())].join('\n\n')
}
