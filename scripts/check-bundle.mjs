// Builds each browser entry as a page would and weighs it: what a browser loads at once, and each part that it loads when
// a text first needs it. Fails where the first is above the limit, or holds a library that has to wait.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Each entry with what a browser may load of it at once, in bytes after gzip, and the libraries that no text needs at once. */
const entries = [
  {
    entry: 'src/verify.ts',
    limit: 40_000,
    waiting: [
      'jsonld',
      '@noble/curves',
      'cborg',
      '@cfworker/json-schema',
      '@noble/ed25519',
      'fflate',
      '@noble/hashes',
    ],
    // What one badge with eddsa-jcs-2022 takes besides: its form, its status lists, our schema.
    usual: [
      'src/verify/badge-subject.ts',
      'src/verify/believe-bitstring.ts',
      'src/credential/json-schema.ts',
      'src/credential/own-schema.ts',
    ],
  },
  {
    entry: 'src/anchor.ts',
    limit: 25_000,
    waiting: ['@noble/post-quantum', '@noble/ed25519', 'zod'],
    usual: [],
  },
]

for (const { entry, limit, waiting, usual } of entries) {
  const { outputs, weigh, loadedWith, outputOf } = await bundle(entry)
  const atOnce = loadedWith(outputOf(entry))
  const forUsual = usual.reduce((seen, source) => loadedWith(outputOf(source), seen), new Set(atOnce))
  const modules = [...atOnce].flatMap((path) => Object.keys(outputs[path].inputs))
  const early = waiting.filter((name) => modules.some((path) => path.includes(`node_modules/${name}/`)))
  const total = weigh([...atOnce])
  // What a part weighs for a page that has loaded nothing but the first.
  const parts = Object.keys(outputs)
    .filter((path) => outputs[path].entryPoint !== undefined && !atOnce.has(path))
    .map((path) => [weigh([...loadedWith(path)].filter((one) => !atOnce.has(one))), outputs[path].entryPoint])
    .sort(([a], [b]) => b - a)

  console.log(entry)
  row(total, `at once, in ${atOnce.size} files; the limit is ${limit}`)
  if (usual.length > 0)
    row(weigh([...forUsual]), 'in all to verify a badge with eddsa-jcs-2022, its status lists and its schema')
  if (parts.length > 0) console.log('when first needed:')
  for (const [bytes, name] of parts) row(bytes, name.replace(/^.*node_modules\//, ''))

  if (early.length > 0) console.error(`loaded at once, but has to wait: ${early.join(', ')}`)
  if (total >= limit) console.error(`${total} bytes are loaded at once; fewer than ${limit} are allowed`)
  if (early.length > 0 || total >= limit) process.exitCode = 1
}

function row(bytes, name) {
  console.log(`${String(bytes).padStart(7)}  ${name}`)
}

async function bundle(entry) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [entry],
    outdir: 'bundle',
    write: false,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    metafile: true,
  })
  const { outputs } = metafile
  const nameOf = (path) => path.split(/[/\\]/).at(-1)
  const gzipped = new Map(
    outputFiles.map(({ path, contents }) => [nameOf(path), gzipSync(contents, { level: 9 }).length]),
  )
  /** The files that a browser loads with one: itself and all that is imported statically. */
  const loadedWith = (path, seen = new Set()) => {
    if (seen.has(path)) return seen
    seen.add(path)
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === 'import-statement' && next in outputs) loadedWith(next, seen)
    }
    return seen
  }
  return {
    outputs,
    loadedWith,
    weigh: (paths) => paths.reduce((sum, path) => sum + gzipped.get(nameOf(path)), 0),
    outputOf: (source) => Object.keys(outputs).find((path) => outputs[path].entryPoint === source),
  }
}
