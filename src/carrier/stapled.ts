/** Evidence that came together with certificates: in their folder, in their archive, or beside the one file. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CodedError } from '../base/coded-error.ts'
import { readFileBounded } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import {
  type Evidence,
  evidenceFileLimit,
  evidenceFileType,
  mergeEvidence,
  readEvidence,
} from '../evidence/evidence.ts'
import { openZip } from './zip.ts'

export interface Stapled {
  readonly evidence: Evidence
  /** Files that were taken. */
  readonly files: readonly string[]
  /** Files that are called evidence and cannot be read as such: left out, and told. */
  readonly refused: readonly { readonly file: string; readonly code: string }[]
}

/** Files of evidence that are taken from one run's folders and archives. */
const fileLimit = 64
/** Folders below a folder that are looked into. */
const depthLimit = 4

/** Whether a name is one under which evidence is found by itself: `evidence.json`, `NAME.evidence.json`. */
export const isEvidenceName = (name: string): boolean => /(^|[/.])evidence\.json$/i.test(name)

/** Looks where certificates are, and judges nothing: evidence is untrusted wherever it is from. */
export async function findEvidence(paths: readonly string[]): Promise<Stapled> {
  const found = new Map<string, Found>()
  // Many certificates of one folder have the same file beside them: it is one.
  const take = (one: Found) => found.set(resolve(one.file), one)
  for (const path of paths) {
    const kind = path === '-' ? null : await stat(path).catch(() => null)
    if (kind === null) continue // what cannot be read is told by whoever reads certificates
    if (kind.isDirectory()) for await (const one of inFolder(path, 0)) take(one)
    else if (path.toLowerCase().endsWith('.zip')) for (const one of await inZip(path)) take(one)
    else for await (const one of besideFile(path)) take(one)
    if (found.size > fileLimit) break
  }
  const parts: Evidence[] = []
  const files: string[] = []
  const refused: { file: string; code: string }[] = []
  for (const { file, bytes } of [...found.values()].slice(0, fileLimit)) {
    const parsed = parseJson(bytes, { maxBytes: evidenceFileLimit })
    if (parsed.ok && isObject(parsed.value) && parsed.value.type !== evidenceFileType) continue
    try {
      parts.push(readEvidence(bytes))
      files.push(file)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      refused.push({ file, code: error.code })
    }
  }
  return { evidence: mergeEvidence(parts), files, refused }
}

type Found = { readonly file: string; readonly bytes: Uint8Array<ArrayBuffer> }

async function* inFolder(folder: string, depth: number): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name)
    if (entry.isFile() && isEvidenceName(entry.name)) yield* readAt(file)
    else if (entry.isDirectory() && !entry.name.startsWith('.') && depth < depthLimit)
      yield* inFolder(file, depth + 1)
  }
}

async function* besideFile(path: string): AsyncGenerator<Found> {
  const folder = dirname(path)
  const name = basename(path).replace(/\.(json|jwt|sd-jwt)$/i, '')
  for (const file of new Set([join(folder, 'evidence.json'), join(folder, `${name}.evidence.json`)])) {
    if (file !== path) yield* readAt(file)
  }
}

async function* readAt(file: string): AsyncGenerator<Found> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile() && found.size <= evidenceFileLimit) {
    yield { file, bytes: new Uint8Array(await readFileBounded(file)) }
  }
}

/** An archive that is damaged or refused is told by whoever reads certificates from it. */
async function inZip(path: string): Promise<readonly Found[]> {
  const archive = await openZip(path)
  if (typeof archive === 'string') return []
  try {
    const wanted = archive.entries.filter(
      ({ name, size }) => isEvidenceName(name) && size <= evidenceFileLimit,
    )
    const found: Found[] = []
    for (const entry of wanted.slice(0, fileLimit)) {
      const bytes = await archive.read(entry)
      if (bytes !== null) found.push({ file: `${path}/${entry.name}`, bytes })
    }
    return found
  } finally {
    archive.close()
  }
}
