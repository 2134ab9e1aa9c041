/** How a certificate is written as a badge, beside what it says. */
import { contextUrls } from './contexts.ts'
import { gradeCertificateSchemaUrl } from './schemas.ts'
import type { StatusPosition } from './status-entry.ts'

/** What a badge carries beside the certificate itself. */
export interface BadgeForm {
  /** Where our context is read from: the default address, or the agency's own for the same content. */
  readonly contextUrl: string
  readonly schemaUrl: string
  readonly status?: StatusPosition | undefined
}

export const defaultForm: BadgeForm = {
  contextUrl: contextUrls['gradecert/v1'],
  schemaUrl: gradeCertificateSchemaUrl,
}
