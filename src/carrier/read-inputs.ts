/** Finds certificates in files, folders, zips and on standard input, within bounds, and counts what it left alone. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { anchorLimits } from '../anchor/anchor.ts'
import { bundleType } from '../anchor/bundle.ts'
import { isSidecarName, sidecarNames } from '../anchor/sidecar.ts'
import { type Bytes, concat, utf8 } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { evidenceFileType } from '../evidence/evidence.ts'
import { trustFileType } from '../trust/trust.ts'
import { openZip, type ZipArchive } from './zip.ts'

export interface CarriedText {
  /** Path as given, `-` for standard input, `archive.zip/NAME` inside an archive. */
  readonly file: string
  readonly bytes: Bytes
  /** What stands in the files of anchors beside it. */
  readonly anchors: readonly Bytes[]
}

export interface ReadInputsOptions {
  /** Reads standard input to its end, for the path `-`. */
  readonly stdin: () => Promise<Bytes>
  /** Told of each file of a folder or archive that is not taken, with the reason. */
  readonly leftOut: (file: string, why: LeftOut) => void
}

export type LeftOut = 'not_a_certificate_file' | 'evidence_or_trust' | 'too_large' | 'too_many' | 'too_deep'

/** The texts of some paths, one after the other. @throws `carrier.not_found`, `carrier.archive_damaged`, `carrier.archive_refused` */
export async function* readInputs(
  paths: readonly string[],
  options: ReadInputsOptions,
): AsyncGenerator<CarriedText> {
  for (const path of paths) {
    if (path === '-') {
      yield { file: '-', bytes: await options.stdin(), anchors: [] }
      continue
    }
    const kind = await kindOf(path)
    if (kind === 'folder') yield* fromFolder(path, options, 0)
    else if (kind === 'zip') yield* fromZip(path, options)
    else if (kind === 'lines') yield* fromLines(path)
    else yield { file: path, bytes: new Uint8Array(await readFileBounded(path)), anchors: await beside(path) }
  }
}

/** Folders below a folder that are looked into. */
const depthLimit = 16
/** Bytes of a file in a folder or archive that is taken; larger ones cannot be certificates. */
const certificateLimit = 1_048_576

async function kindOf(path: string): Promise<'folder' | 'zip' | 'lines' | 'file'> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return 'folder'
    if (path.toLowerCase().endsWith('.jsonl')) return 'lines'
    return path.toLowerCase().endsWith('.zip') ? 'zip' : 'file'
  } catch (cause) {
    throw new CertificateError('carrier.not_found', { path }, { cause })
  }
}

async function* fromFolder(
  folder: string,
  options: ReadInputsOptions,
  depth: number,
): AsyncGenerator<CarriedText> {
  if (depth > depthLimit) return options.leftOut(folder, 'too_deep')
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* fromFolder(file, options, depth + 1)
    else if (entry.isFile() && isSidecarName(entry.name)) continue
    else if (!entry.isFile() || !isCertificateName(entry.name))
      options.leftOut(file, 'not_a_certificate_file')
    else if ((await stat(file)).size > certificateLimit) options.leftOut(file, 'too_large')
    else {
      const bytes = new Uint8Array(await readFileBounded(file))
      yield* taken({ file, bytes, anchors: await beside(file) }, options)
    }
  }
}

/** A certificate a line: a document, or a token as JSON text. An empty line is none; one that is too long is cut, and judged as it is. */
async function* fromLines(path: string): AsyncGenerator<CarriedText> {
  let count = 0
  for await (const line of linesOf(path)) {
    count++
    if (line.length === 0) continue
    const bytes = line[0] === quote ? (tokenIn(line) ?? line) : line
    yield { file: `${path}:${count}`, bytes, anchors: [] }
  }
}

const quote = 0x22

function tokenIn(line: Bytes): Bytes | null {
  const parsed = parseJson(line)
  return parsed.ok && typeof parsed.value === 'string' ? utf8(parsed.value) : null
}

/** Lines of a file of any size, without their ends; of each no more than a certificate may have, and one byte that says so. */
async function* linesOf(path: string): AsyncGenerator<Bytes> {
  let rest: Bytes = new Uint8Array()
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield withoutReturn(joined(rest, chunk.subarray(start, end)))
      rest = new Uint8Array()
      start = end + 1
    }
    rest = joined(rest, chunk.subarray(start))
  }
  if (rest.length > 0) yield withoutReturn(rest)
}

const joined = (rest: Bytes, more: Uint8Array): Bytes =>
  concat(rest, new Uint8Array(more.subarray(0, certificateLimit + 1 - rest.length)))

const withoutReturn = (line: Bytes): Bytes => (line.at(-1) === 13 ? line.subarray(0, -1) : line)

async function* fromZip(path: string, options: ReadInputsOptions): AsyncGenerator<CarriedText> {
  const archive = await openArchive(path)
  try {
    const sidecars = new Map(
      archive.entries
        .filter(({ name, size }) => isSidecarName(name) && size <= anchorLimits.bundleBytes)
        .map((entry) => [entry.name, entry]),
    )
    for (const entry of archive.entries) {
      const file = `${path}/${entry.name}`
      if (isSidecarName(entry.name)) continue
      if (!isCertificateName(entry.name)) options.leftOut(file, 'not_a_certificate_file')
      else if (entry.size > certificateLimit) options.leftOut(file, 'too_large')
      else {
        const bytes = await archive.read(entry)
        if (bytes === null) throw new CertificateError('carrier.archive_damaged', { path: file })
        const beside = sidecarNames(entry.name).flatMap((name) => sidecars.get(name) ?? [])
        const anchors = (await Promise.all(beside.map(archive.read))).filter((one) => one !== null)
        yield* taken({ file, bytes, anchors }, options)
      }
    }
  } finally {
    archive.close()
  }
}

/** @throws `carrier.archive_damaged`, `carrier.archive_refused` */
async function openArchive(path: string): Promise<ZipArchive> {
  const archive = await openZip(path)
  if (typeof archive !== 'string') return archive
  throw archive === 'damaged'
    ? new CertificateError('carrier.archive_damaged', { path })
    : new CertificateError('carrier.archive_refused', { path, what: archive })
}

/** The files of anchors beside a certificate; one that is too large or cannot be read is as good as none. */
async function beside(file: string): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (const path of sidecarNames(file)) {
    const size = await stat(path).then(
      (one) => (one.isFile() ? one.size : Number.POSITIVE_INFINITY),
      () => Number.POSITIVE_INFINITY,
    )
    if (size <= anchorLimits.bundleBytes) found.push(new Uint8Array(await readFileBounded(path)))
  }
  return found
}

/** design: `*.json` but not `*.anchor.json`, `*.sd-jwt` and `*.jwt`. */
const isCertificateName = (name: string): boolean =>
  /\.(json|sd-jwt|jwt)$/i.test(name) && !isSidecarName(name) && !/(^|\/)\./.test(name)

function* taken(text: CarriedText, options: ReadInputsOptions): Generator<CarriedText> {
  const parsed = parseJson(text.bytes)
  const type = parsed.ok && isObject(parsed.value) ? parsed.value.type : undefined
  if (type === evidenceFileType || type === trustFileType || type === bundleType)
    options.leftOut(text.file, 'evidence_or_trust')
  else yield text
}
