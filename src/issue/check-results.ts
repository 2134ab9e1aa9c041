/** Reads exports of an exam system and says what would be issued. */
import { basename } from 'node:path'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import { type Instant, instantAt } from '../base/instant.ts'
import type { Finding } from '../intake/finding.ts'
import { type FileFault, type Judged, judge } from '../intake/judge.ts'
import { type ResultsFile, readResults } from '../intake/results-file.ts'
import { withPrerequisite } from './prerequisite.ts'
import type { Workspace } from './workspace.ts'

export interface CheckOptions {
  readonly now?: Instant | undefined
  /** Judges the whole records of a file that is cut off, too. */
  readonly allowPartial?: boolean | undefined
}

export interface CheckedResults {
  readonly records: readonly Judged[]
  /** Files of which nothing is issued. */
  readonly faults: readonly FileFault[]
  /** About a file as a whole; none of them stops it. */
  readonly notices: readonly FileFault[]
}

/**
 * Judges the records of some files together, so that duplicates across files are found. What a row says of an earlier
 * certificate is looked up in the registry.
 *
 * @param paths CSV, JSONL or XLSX
 * @throws `carrier.not_found`, `file.too_large`
 * @example
 * const { records } = await checkResults(['results.csv'], workspace)
 * console.log(records.filter(({ verdict }) => verdict === 'issue').length)
 */
export async function checkResults(
  paths: readonly string[],
  workspace: Pick<Workspace, 'catalogue' | 'settings' | 'secret' | 'registry'>,
  { now = instantAt(Date.now()), allowPartial = false }: CheckOptions = {},
): Promise<CheckedResults> {
  const { catalogue, settings } = workspace
  const files: ResultsFile[] = []
  const faults: FileFault[] = []
  for (const path of paths) {
    const reading = await readResults(new Uint8Array(await readExisting(path)), { name: basename(path) })
    if (reading.ok) files.push(reading.file)
    else faults.push({ file: basename(path), finding: reading.finding })
  }
  const judged = judge(files, { catalogue, now, zone: settings.zone, allowPartial })
  const notices = files.flatMap((file) =>
    file.notices.map((finding: Finding) => ({ file: file.name, finding })),
  )
  const records: Judged[] = []
  const asked = { ...workspace, now }
  for (let at = 0; at < judged.records.length; at += askedAtOnce) {
    const block = judged.records.slice(at, at + askedAtOnce)
    records.push(...(await Promise.all(block.map((record) => withPrerequisite(record, asked)))))
  }
  return { records, faults: [...faults, ...judged.faults], notices }
}

/** Records that are looked up in the registry at once. */
const askedAtOnce = 256

async function readExisting(path: string): Promise<Buffer> {
  try {
    return await readFileBounded(path)
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw new CertificateError('carrier.not_found', { path }, { cause })
  }
}
