import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** design: a file imports from its own folder or from a folder further left, types included. */
const order =
  'base key certificate credential securing did status trust anchor evidence registry intake carrier issue verify batch render web server cli'.split(
    ' ',
  )

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'))
  .sort()

const importsOf = (file: string): readonly string[] => {
  const text = readFileSync(join(src, file), 'utf8').replace(
    /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|typeof import\('[^']*'\)/gm,
    '',
  )
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, name]) => name as string)
}
const local = (file: string): readonly string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)))
const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] as string) : '')

describe('the house', () => {
  test('every folder of src has its place in the order', () => {
    expect(files.map(folderOf).filter((folder) => folder !== '' && !order.includes(folder))).toEqual([])
  })

  test('imports run leftwards only', () => {
    const wrong = files
      .filter((file) => folderOf(file) !== '')
      .flatMap((file) =>
        local(file)
          .filter(
            (target) =>
              order.indexOf(folderOf(target)) > order.indexOf(folderOf(file)) || folderOf(target) === '',
          )
          .map((target) => `${file} -> ${target}`),
      )
    expect(wrong).toEqual([])
  })

  test('the test sees imports: the front door reaches most of the house', () => {
    expect(reach('index.ts').length).toBeGreaterThan(60)
  })

  test.each(['verify.ts', 'words.ts', 'anchor.ts', 'server.ts'])(
    'nothing reachable from the browser entry %s imports node:',
    (entry) => {
      const wrong = reach(entry).flatMap((file) =>
        importsOf(file)
          .filter((name) => name.startsWith('node:'))
          .map((name) => `${file}: ${name}`),
      )
      expect(wrong).toEqual([])
    },
  )

  test.each([
    ['jsonld', 'securing/rdfc.ts'],
    ['canonicalize', 'base/canonical.ts'],
    ['@noble/ed25519', 'key/ed25519-noble.ts'],
    ['@scure/base', 'base/bytes.ts'],
    ['@cfworker/json-schema', 'credential/schema-validation.ts'],
    ['did-resolver', 'did/resolve.ts'],
    ['@noble/curves/nist.js', 'key/ecdsa-secret.ts'],
    ['@noble/curves/secp256k1.js', 'anchor/evm-signer.ts'],
    ['viem', 'anchor/evm-node.ts'],
    ['cborg', 'base/cbor.ts'],
    ['qr/decode.js', 'carrier/qr-picture.ts'],
    ['jpeg-js', 'carrier/picture-codes.ts'],
    ['pdf-lib', 'render/pdf-document.ts'],
    ['@pdf-lib/fontkit', 'render/typeface.ts'],
    ['subset-font', 'render/subset.ts'],
    ['uqr', 'render/qr.ts'],
    ['node:sqlite', 'base/sqlite.ts'],
    ['pg', 'registry/postgres.ts'],
    ['pg-boss', 'batch/queue.ts'],
    ['hono', 'server/app.ts'],
    ['@hono/node-server', 'server/node.ts'],
    ['commander', 'cli/command-kit.ts'],
    ['csv-parse/sync', 'intake/csv.ts'],
    ['read-excel-file/universal', 'intake/xlsx.ts'],
    ['@resvg/resvg-wasm', 'render/png.ts'],
  ])('%s has one home, %s', (name, home) => {
    expect(files.filter((file) => importsOf(file).includes(name))).toEqual([home])
  })

  test('every test file belongs to a project of the runner', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    const stray = tests.filter((file) => /test/.test(file.split('/').at(-1) as string) && /\.ts$/.test(file))
    expect(
      stray.filter((file) => !/\.test\.ts$/.test(file) && !/^types\/.*\.test-d\.ts$/.test(file)),
    ).toEqual([])
  })
})

/** Files that an entry imports, directly or not, lazily or not. */
function reach(entry: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(entry) || !entry.endsWith('.ts')) return [...seen]
  seen.add(entry)
  for (const target of local(entry)) reach(relative('.', target), seen)
  return [...seen]
}
