/** Finds certificates in files, folders, zips and on standard input, within bounds, and counts what it left alone. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { anchorLimits, bundleType } from '../anchor/anchor.ts'
import { isSidecarName, sidecarNames } from '../anchor/sidecar.ts'
import type { Bytes } from '../base/bytes.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { isObject, parseJson } from '../base/json.ts'
import { evidenceFileType } from '../evidence/evidence.ts'
import { trustFileType } from '../trust/trust.ts'
import type { CarrierFault } from './carried.ts'
import { carriedIn, type FindCodes } from './carriers.ts'
import { textLines } from './lines.ts'
import { isCertificateName, isLinesName, sizeLimitOf } from './names.ts'
import type { ZipArchive } from './zip.ts'

export interface CarriedText {
  /** Path as given, `-` for standard input, `archive.zip/NAME` inside an archive. */
  readonly file: string
  readonly bytes: Bytes
  /** What stands in the files of anchors beside it, or with it in one paper or picture. */
  readonly anchors: readonly Bytes[]
  /** Evidence that the same paper or picture carries. */
  readonly evidence: readonly Bytes[]
}

export interface ReadInputsOptions {
  /** Reads standard input to its end, for the path `-`. */
  readonly stdin: () => Promise<Bytes>
  /** Told of each file of a folder or archive that is not taken, with the reason and what exactly is wrong with it. */
  readonly leftOut: (file: string, why: LeftOut, detail: string) => void
}

export type LeftOut = 'not_a_certificate_file' | 'evidence_or_trust' | 'too_deep' | CarrierFault

/** Of what was left out for another reason nothing is known: it might be a certificate, good or bad. */
export const isNoCertificate = (why: LeftOut): boolean =>
  why === 'not_a_certificate_file' || why === 'evidence_or_trust' || why === 'nothing_inside'

/** The texts of some paths, one after the other. @throws `carrier.not_found`, `carrier.archive_damaged`, `carrier.archive_refused` */
export async function* readInputs(
  paths: readonly string[],
  options: ReadInputsOptions,
): AsyncGenerator<CarriedText> {
  for (const path of paths) {
    if (path === '-') {
      const bytes = await options.stdin()
      yield* inside({ file: '-', bytes, anchors: [], evidence: [] }, refuse)
      continue
    }
    const kind = await kindOf(path)
    if (kind === 'folder') yield* fromFolder(path, options, 0)
    else if (kind === 'zip') yield* fromZip(path, options)
    else if (kind === 'lines') yield* fromLines(path)
    else {
      const bytes = new Uint8Array(await readFileBounded(path))
      yield* inside({ file: path, bytes, anchors: await beside(path), evidence: [] }, refuse)
    }
  }
}

/** A file that a person named is looked into, or the run ends. */
function refuse(path: string, fault: CarrierFault, detail: string): never {
  throw new CertificateError(`carrier.${fault}`, { path, what: detail })
}

/** The text itself, or what it carries where it is a paper or a picture. */
async function* inside(
  text: CarriedText,
  refused: (file: string, fault: CarrierFault, detail: string) => void,
): AsyncGenerator<CarriedText> {
  const carrying = await carriedIn(text.bytes, findCodes)
  if (carrying === null) yield text
  else if (!carrying.ok) refused(text.file, carrying.fault, carrying.detail)
  else {
    const { texts, anchors, evidence } = carrying.carried
    for (const [i, bytes] of texts.entries()) {
      const file = texts.length === 1 ? text.file : `${text.file}:${i + 1}`
      yield { file, bytes, anchors: [...text.anchors, ...anchors], evidence }
    }
  }
}

const findCodes: FindCodes = async (bytes) => (await import('./picture-codes.ts')).codesInPicture(bytes)

/** Folders below a folder that are looked into. */
const depthLimit = 16

async function kindOf(path: string): Promise<'folder' | 'zip' | 'lines' | 'file'> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return 'folder'
    if (isLinesName(path)) return 'lines'
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
  if (depth > depthLimit) return options.leftOut(folder, 'too_deep', `${depth} folders deep`)
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* fromFolder(file, options, depth + 1)
    else if (entry.isFile() && isSidecarName(entry.name)) continue
    else if (!entry.isFile() || !isCertificateName(entry.name))
      options.leftOut(file, 'not_a_certificate_file', '')
    else if (isLinesName(file)) yield* fromLines(file)
    else {
      const { size } = await stat(file)
      if (size > sizeLimitOf(file)) {
        options.leftOut(file, 'too_large', `${size} bytes`)
        continue
      }
      const bytes = new Uint8Array(await readFileBounded(file))
      yield* taken({ file, bytes, anchors: await beside(file), evidence: [] }, options)
    }
  }
}

/** A certificate a line: a document, or a token as JSON text. An empty line is none; one that is too long is cut, and judged as it is. */
async function* fromLines(
  path: string,
  pieces: AsyncIterable<Uint8Array> = createReadStream(path, { highWaterMark: 262_144 }),
): AsyncGenerator<CarriedText> {
  for await (const { line, bytes } of textLines(pieces))
    yield { file: `${path}:${line}`, bytes, anchors: [], evidence: [] }
}

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
      if (!isCertificateName(entry.name)) options.leftOut(file, 'not_a_certificate_file', '')
      else if (entry.size > sizeLimitOf(entry.name)) options.leftOut(file, 'too_large', `${entry.size} bytes`)
      else {
        const bytes = await archive.read(entry)
        if (bytes === null) throw new CertificateError('carrier.archive_damaged', { path: file })
        if (isLinesName(entry.name)) {
          yield* fromLines(file, inOnePiece(bytes))
          continue
        }
        const beside = sidecarNames(entry.name).flatMap((name) => sidecars.get(name) ?? [])
        const anchors = (await Promise.all(beside.map(archive.read))).filter((one) => one !== null)
        yield* taken({ file, bytes, anchors, evidence: [] }, options)
      }
    }
  } finally {
    archive.close()
  }
}

async function* inOnePiece(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes
}

/** @throws `carrier.archive_damaged`, `carrier.archive_refused` */
async function openArchive(path: string): Promise<ZipArchive> {
  const { openZip } = await import('./zip.ts')
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

/** A text of a folder or archive, unless it is something else that has the name of one. */
async function* taken(text: CarriedText, options: ReadInputsOptions): AsyncGenerator<CarriedText> {
  if (isOther(text.bytes)) options.leftOut(text.file, 'evidence_or_trust', '')
  else yield* inside(text, options.leftOut)
}

const otherTypes: readonly unknown[] = [evidenceFileType, trustFileType, bundleType]

/** Only what names one of the types is parsed: a certificate is parsed when it is judged. */
function isOther(bytes: Bytes): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!otherTypes.some((type) => buffer.includes(String(type)))) return false
  const parsed = parseJson(bytes)
  return parsed.ok && isObject(parsed.value) && otherTypes.includes(parsed.value.type)
}
