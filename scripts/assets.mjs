// Publishes our context and JSON Schemas with the package, in canonical JSON: their bytes have the digests that badges name.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import canonicalize from 'canonicalize'

const files = [
  ['src/credential/data/context-v1.json', 'dist/context/v1.json'],
  ['src/credential/data/grade-certificate-schema-v1.json', 'dist/schemas/grade-certificate-v1.json'],
  ['src/verify/data/policy-schema-v1.json', 'dist/schemas/policy-v1.json'],
  ['src/evidence/data/evidence-schema-v2.json', 'dist/schemas/evidence-v2.json'],
  ['src/batch/data/plan-schema-v1.json', 'dist/schemas/plan-v1.json'],
]
for (const [from, to] of files) {
  const target = new URL(`../${to}`, import.meta.url)
  await mkdir(new URL('.', target), { recursive: true })
  await writeFile(
    target,
    canonicalize(JSON.parse(await readFile(new URL(`../${from}`, import.meta.url), 'utf8'))),
  )
}
