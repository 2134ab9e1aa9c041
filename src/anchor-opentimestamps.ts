/** OpenTimestamps calendars as a back-end, and its files. */
export { type CalendarOptions, calendarSubmitter, publicCalendars } from './anchor/calendar.ts'
export type { Receipt, Step, Submitter } from './anchor/submitter.ts'
export {
  type Attestation,
  type Attested,
  attestationsOf,
  readTimestamp,
  type Timestamp,
  timestampBytes,
  timestampOfPath,
} from './anchor/timestamp.ts'
