/** Rows of the two tables that both databases have, as what they stand for. */
import type { Certificate } from '../certificate/certificate.ts'
import type { Entry, RecordedChange, SigningRecord, Standing, StatusChange } from './registry.ts'

export type Row = Readonly<Record<string, unknown>>

/** Rows are our own writing, under STRICT tables, so their JSON is taken at its word. */
export function entryOf(row: Row): Entry {
  return {
    id: String(row.id),
    key: String(row.key),
    number: String(row.number),
    slot: Number(row.slot),
    certificate: JSON.parse(String(row.certificate)) as Certificate,
    signing: JSON.parse(String(row.signing)) as SigningRecord,
    ...(row.replaces !== null && { replaces: String(row.replaces) }),
    text: row.text === null ? null : String(row.text),
    standing: row.standing as Standing,
  }
}

export function changeOf(row: Row): RecordedChange {
  const made = { id: String(row.id), reason: String(row.reason), at: row.at as StatusChange['at'] }
  return row.successor === null
    ? { ...made, kind: row.kind as StatusChange['kind'] }
    : { ...made, kind: 'supersede', successor: String(row.successor) }
}
