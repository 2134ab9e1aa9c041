/** Evidence that came together with certificates: in their folder, in their archive, or beside the one file. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { readFileBounded } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import {
  distinctEvidence,
  type Evidence,
  evidenceFileLimit,
  evidenceFileType,
  mergeEvidence,
  readEvidence,
} from '../evidence/evidence.ts'
import { evidenceLimits, isEvidenceName } from './names.ts'

export interface Stapled {
  readonly evidence: Evidence
  /** Files that were taken. */
  readonly files: readonly string[]
  /** Files that are called evidence and cannot be read as such: left out, and told. */
  readonly refused: readonly { readonly file: string; readonly code: string }[]
}

/** Folders below a folder that are looked into. */
const depthLimit = 4

/** Looks where certificates are, and judges nothing: evidence is untrusted wherever it is from. */
export async function findEvidence(paths: readonly string[]): Promise<Stapled> {
  const parts: Evidence[] = []
  const files: string[] = []
  const refused: { file: string; code: string }[] = []
  const met = new Set<string>()
  let bytes = 0
  for await (const { file, size, read } of placesIn(paths)) {
    if (met.has(resolve(file))) continue // the same lies beside many certificates
    met.add(resolve(file))
    if (files.length === evidenceLimits.files || bytes + size > evidenceLimits.bytes) {
      refused.push({ file, code: size > evidenceLimits.bytes ? 'file.too_large' : 'evidence.too_much' })
      continue
    }
    bytes += size
    const evidence = evidenceIn(await read())
    if (typeof evidence === 'string') refused.push({ file, code: evidence })
    else if (evidence !== null) {
      parts.push(evidence)
      files.push(file)
    }
  }
  return { evidence: distinctEvidence(mergeEvidence(parts)), files, refused }
}

/** `null` where a file is of another type, and the code where it cannot be read. */
function evidenceIn(bytes: Bytes | null): Evidence | string | null {
  if (bytes === null) return 'evidence.file_malformed'
  const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
  if (parsed.ok && isObject(parsed.value) && parsed.value.type !== evidenceFileType) return null
  try {
    return readEvidence(bytes)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return error.code
  }
}

/** A file that is called evidence. */
interface Place {
  readonly file: string
  /** Bytes. */
  readonly size: number
  /** `null` where it cannot be read. */
  readonly read: () => Promise<Bytes | null>
}

async function* placesIn(paths: readonly string[]): AsyncGenerator<Place> {
  for (const path of paths) {
    const kind = path === '-' ? null : await stat(path).catch(() => null)
    if (kind === null) continue // what cannot be read is told by whoever reads certificates
    if (kind.isDirectory()) yield* inFolder(path, 0)
    else if (path.toLowerCase().endsWith('.zip')) yield* inZip(path)
    else yield* besideFile(path)
  }
}

async function* inFolder(folder: string, depth: number): AsyncGenerator<Place> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name)
    if (entry.isFile() && isEvidenceName(entry.name)) yield* placeAt(file)
    else if (entry.isDirectory() && !entry.name.startsWith('.') && depth < depthLimit)
      yield* inFolder(file, depth + 1)
  }
}

async function* besideFile(path: string): AsyncGenerator<Place> {
  const folder = dirname(path)
  const name = basename(path).replace(/\.(json|jwt|sd-jwt)$/i, '')
  for (const file of new Set([join(folder, 'evidence.json'), join(folder, `${name}.evidence.json`)])) {
    if (file !== path) yield* placeAt(file)
  }
}

async function* placeAt(file: string): AsyncGenerator<Place> {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) return
  const read = async () => new Uint8Array(await readFileBounded(file))
  yield { file, size: found.size, read: () => read().catch(() => null) }
}

/** An archive that is damaged or refused is told by whoever reads certificates from it. */
async function* inZip(path: string): AsyncGenerator<Place> {
  const { openZip } = await import('./zip.ts')
  const archive = await openZip(path)
  if (typeof archive === 'string') return
  try {
    for (const entry of archive.entries.filter(({ name }) => isEvidenceName(name))) {
      yield { file: `${path}/${entry.name}`, size: entry.size, read: () => archive.read(entry) }
    }
  } finally {
    archive.close()
  }
}
