/** What no honest archive of certificates goes beyond, and why one is refused. */

/** Why an archive is not looked into at all. */
export type ZipFault =
  | 'damaged'
  /** A name that leads out of the archive: `../`, an absolute path, a drive. */
  | 'names'
  /** Entries that share bytes, or expand to more than anything honest does. */
  | 'bomb'
  | 'too_many_entries'
  | 'empty_files'

export const zipLimits = {
  entries: 400_000,
  /** Files without content; an archive of certificates has none. */
  emptyFiles: 1000,
  /** Bytes that all entries may expand to, and how many times their packed size. */
  totalBytes: 17_179_869_184,
  ratio: 1000,
} as const
