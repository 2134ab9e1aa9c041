/** Which files of a folder or archive are taken, by their names. */
import { isSidecarName } from '../anchor/sidecar.ts'
import { evidenceFileLimit } from '../evidence/evidence.ts'
import { carrierLimits } from './carried.ts'

/** Bytes of a file in a folder or archive that is taken; larger ones cannot be certificates. */
export const certificateLimit = 1_048_576

/** design: `*.json` but not `*.anchor.json`, `*.sd-jwt` and `*.jwt`, papers and pictures. */
export const isCertificateName = (name: string): boolean =>
  /\.(json|jsonl|sd-jwt|jwt|pdf|png|svg|jpe?g|code\.txt)$/i.test(name) &&
  !isSidecarName(name) &&
  !/(^|\/)\./.test(name)

/** Bytes that a file of a folder or archive may have, by its name. */
export const sizeLimitOf = (name: string): number =>
  /\.(pdf|png|svg|jpe?g|jsonl)$/i.test(name) ? carrierLimits.fileBytes : certificateLimit

/** Whether a file holds a certificate a line. */
export const isLinesName = (name: string): boolean => /\.jsonl$/i.test(name)

/** Files of evidence that are taken from what was given at once, and bytes of all of them: one may have as many. */
export const evidenceLimits = { files: 256, bytes: evidenceFileLimit } as const

/** Whether a name is one under which evidence is found by itself: `evidence.json`, `NAME.evidence.json`. */
export const isEvidenceName = (name: string): boolean => /(^|[/.])evidence\.json$/i.test(name)
