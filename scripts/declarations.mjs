// tsc leaves './x.ts' in the declarations it writes. Names them './x.js', and writes a .d.cts twin
// of each (naming './x.cjs') for the CommonJS entries.
import { readdir, readFile, writeFile } from 'node:fs/promises'

const dist = new URL('../dist/', import.meta.url)
const relative = /(\b(?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]+)\.(?:ts|js)(['"])/g
for (const name of await readdir(dist, { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue
  const text = await readFile(new URL(name, dist), 'utf8')
  await writeFile(new URL(name, dist), text.replace(relative, '$1.js$2'))
  const twin = text.replace(relative, '$1.cjs$2').replace(/\n?\/\/# sourceMappingURL=.*$/, '\n')
  await writeFile(new URL(name.replace(/\.d\.ts$/, '.d.cts'), dist), twin)
}
