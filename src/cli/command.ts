/** What every command gets, and what it answers. */
import type { Bytes } from '../base/bytes.ts'
import { CodedError } from '../base/coded-error.ts'
import { CertificateError } from '../base/errors.ts'
import { readFileBounded } from '../base/files.ts'
import {
  type CalendarDate,
  dateIn,
  type Instant,
  instantAt,
  isCalendarDate,
  readInstant,
} from '../base/instant.ts'
import type { Io } from './io.ts'
import type { Voice, VoiceOptions } from './output.ts'

export interface Call<Options> {
  readonly io: Io
  readonly voice: Voice
  readonly options: Options & CommonOptions
}

/** Options that every command takes. */
export interface CommonOptions extends VoiceOptions {
  /** The workspace. */
  readonly dir: string
  /** The clock. */
  readonly at?: string
}

/** A command answers with an exit code. */
export type Command<Options, Arguments extends readonly unknown[]> = (
  call: Call<Options>,
  ...args: Arguments
) => Promise<number>

/** Where a person types a moment without an offset, and whose days count where none was typed: China has one. */
const ourZone = '+08:00'

/** `--at`, else SOURCE_DATE_EPOCH (seconds), else now. @throws `cli.instant_malformed` */
export function clockOf({ io, options }: Call<unknown>): Instant {
  if (options.at !== undefined) {
    const instant = readInstant(options.at, ourZone)
    if (instant === null) throw new CertificateError('cli.instant_malformed', { text: options.at })
    return instant
  }
  const epochSeconds = io.env.SOURCE_DATE_EPOCH
  if (epochSeconds === undefined || epochSeconds === '') return instantAt(io.now())
  if (!/^\d{1,11}$/.test(epochSeconds))
    throw new CertificateError('cli.instant_malformed', { text: epochSeconds })
  return instantAt(Number(epochSeconds) * 1000)
}

/** The bytes of a file that a person named. @throws `carrier.not_found`, and what a file too large throws */
export async function readGiven(path: string): Promise<Buffer> {
  try {
    return await readFileBounded(path)
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw new CertificateError('carrier.not_found', { path }, { cause })
  }
}

/** Reads a file of a kind; a file of another kind is named in the error. */
export async function readFrom<T>(path: string, read: (bytes: Bytes) => T): Promise<T> {
  const bytes = new Uint8Array(await readGiven(path))
  try {
    return read(bytes)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CertificateError(
      cause.code,
      { ...cause.detail, what: `${path}: ${cause.detail.what}` },
      { cause },
    )
  }
}

/** The day that a clock shows to the people here: certificates are awarded on it too. */
export const todayOf = (now: Instant): CalendarDate => dateIn(now, ourZone)

/** A whole number that a person typed. @throws `batch.count_malformed` */
export function countOption(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (count >= least && count <= most) return count
  throw new CertificateError('batch.count_malformed', { text, least, most })
}

/** A day of the calendar that a person typed. @throws `cli.date_malformed` */
export function dateOption(text: string | undefined): CalendarDate | undefined {
  if (text === undefined || isCalendarDate(text)) return text
  throw new CertificateError('cli.date_malformed', { text })
}
