// Builds the verifier page: one file that holds its style and its program, and allows nothing else to be loaded or asked for.
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const from = (name) => new URL(`../src/web/${name}`, import.meta.url)
const to = new URL('../dist/web/verify.html', import.meta.url)

const bundle = (entry) =>
  build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [fileURLToPath(from(entry))],
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    // Its build for browsers brings the part of Node that it needs.
    alias: { 'csv-parse/sync': 'csv-parse/browser/esm/sync' },
    define: {
      // Packages of contexts name their files by it and open none of them.
      'import.meta.url': '"file:///"',
      // The validator of schemas makes a URL of it, which the address of a worker on a disk does not give.
      'self.location': 'undefined',
    },
    logLevel: 'error',
  }).then(({ outputFiles }) => outputFiles[0].text)

const template = await readFile(from('page.html'), 'utf8')
const style = (await bundle('page.css')).trim()
// Nothing in a script may look like its end or like the beginning of a comment.
const program = (await bundle('page.ts'))
  .trim()
  .replaceAll('</script', '<\\/script')
  .replaceAll('<!--', '<\\!--')
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(program)}`,
  `style-src ${hashOf(style)}`,
  'img-src blob: data:',
  'worker-src blob:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
const parts = { POLICY: policy, 'STYLE{--x:0}': style, PROGRAM: program }
const page = template.replace(/POLICY|STYLE\{--x:0\}|PROGRAM/g, (name) => parts[name])

await mkdir(new URL('.', to), { recursive: true })
await writeFile(to, page)
