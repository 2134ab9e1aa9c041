/** What the page and its worker say to each other. Plain values, cloned on the way. */
import type { CarrierFault } from '../carrier/carried.ts'
import type { ZipFault } from '../carrier/zip-limits.ts'
import type { Report } from '../verify/report.ts'

/** Texts of files that the page was made with, or that a person loaded. */
export interface Given {
  /** Trust files; handing one over is trusting its roots. */
  readonly trust: readonly string[]
  readonly evidence: readonly string[]
  readonly chains?: string | undefined
  readonly policy?: string | undefined
}

export interface NamedFile {
  /** Path below what was dropped. */
  readonly path: string
  readonly blob: Blob
  readonly from: Source
}

/** A file that was chosen itself, one that lay in a folder, or a text: pasted, scanned, or in an address that anybody can make. */
export type Source = 'choice' | 'folder' | 'text'

export interface JudgeRequest {
  readonly run: number
  readonly given: Given
  readonly files: readonly NamedFile[]
  readonly now: string
  /** Which part of the certificates this worker judges: every `of`-th, from `index` on. The first tells of all else. */
  readonly part: { readonly index: number; readonly of: number }
}

/** Why a file was left alone. */
export type LeftAlone =
  | CarrierFault
  | ZipFault
  | 'not_a_certificate_file'
  /** Trust is never taken from where certificates come from: a person has to load it. */
  | 'trust_not_taken'
  | 'trust_not_readable'
  | 'evidence_taken'
  | 'evidence_not_readable'
  | 'too_much_evidence'
  /** The browser does not hand it out. */
  | 'not_readable'
  | 'too_many_files'

export interface Left {
  readonly path: string
  readonly why: LeftAlone
  /** What exactly is wrong with it, in English; it may quote the file. */
  readonly detail?: string
}

export type WorkerMessage =
  | { readonly kind: 'expected'; readonly run: number; readonly count: number }
  | {
      readonly kind: 'judged'
      readonly run: number
      readonly path: string
      /** Its place among all, so that many workers give one order: file, and text of the file. */
      readonly place: readonly [file: number, text: number]
      readonly report: Report
    }
  | ({ readonly kind: 'left_alone'; readonly run: number } & Left)
  /** A trust file that was chosen itself: the person is asked. */
  | { readonly kind: 'trust_met'; readonly run: number; readonly path: string; readonly text: string }
  | { readonly kind: 'chains_met'; readonly run: number; readonly path: string; readonly text: string }
  | { readonly kind: 'evidence_met'; readonly run: number; readonly texts: readonly string[] }
  | { readonly kind: 'refused'; readonly run: number; readonly what: string }
  | { readonly kind: 'done'; readonly run: number }
