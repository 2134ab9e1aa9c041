/** Moments and calendar dates. Strings keep what was signed; numbers (milliseconds since 1970) are what gets compared. */

declare const instantBrand: unique symbol
/** A moment in UTC written as RFC 3339 with whole seconds, for example `2026-03-01T09:00:00Z`. */
export type Instant = string & { readonly [instantBrand]: true }

declare const dateBrand: unique symbol
/** A day of the calendar, `2026-03-01`, in a zone that is stated beside it. */
export type CalendarDate = string & { readonly [dateBrand]: true }

/** An offset from UTC as XML Schema writes it: `+08:00`, `-03:30` or `Z`. */
export type ZoneOffset = string

/** VCDM 2.0, section 2.1: the lexical space of dateTimeStamp; anchored at both ends. */
const dateTimeStamp =
  /^(-?(?:[1-9]\d{3,}|0\d{3}))-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?|(24):00:00(?:\.0+)?)(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/

/** Milliseconds since 1970 of a dateTimeStamp, `null` where it is none or names a day that does not exist. */
export function epochOf(text: string): number | null {
  const known = lately.get(text)
  if (known !== undefined) return known
  const found = readDateTimeStamp(text)
  if (lately.size >= 64) lately.clear()
  if (text.length <= 32) lately.set(text, found)
  return found
}

/** Thousands of certificates share a few moments. */
const lately = new Map<string, number | null>()

function readDateTimeStamp(text: string): number | null {
  const match = dateTimeStamp.exec(text)
  if (match === null) return null
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour,
    minute = '0',
    second = '0',
    fraction,
    midnight,
    zone = 'Z',
  ] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || Number.isNaN(date.getTime())) return null
  const seconds = Number(hour ?? midnight) * 3600 + Number(minute) * 60 + Number(second)
  const millis = Number((fraction ?? '').slice(1, 4).padEnd(3, '0'))
  return date.getTime() + seconds * 1000 + millis - offsetMinutes(zone) * 60_000
}

/** The instant at `epoch` milliseconds; parts of a second are dropped. */
export function instantAt(epoch: number): Instant {
  return `${new Date(epoch).toISOString().slice(0, 19)}Z` as Instant
}

/** Reads an instant or a calendar date (its first moment in `zone`) that a person typed; `null` where it is neither. */
export function readInstant(text: string, zone: ZoneOffset): Instant | null {
  const epoch = epochOf(isCalendarDate(text) ? startOfDay(text, zone) : text)
  return epoch === null || epoch < 0 || epoch > lastEpoch ? null : instantAt(epoch)
}

/** 9999-12-31T23:59:59Z: the last instant that keeps the width of four-digit years. */
const lastEpoch = 253_402_300_799_000

/** Milliseconds since 1970 of an instant. */
export function epoch(instant: Instant): number {
  return Date.parse(instant)
}

/** Whether the text is a day that exists, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): text is CalendarDate {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && epochOf(`${text}T00:00:00Z`) !== null
}

/** The day of an instant in a zone. */
export function dateIn(instant: Instant, zone: ZoneOffset): CalendarDate {
  return new Date(epoch(instant) + offsetMinutes(zone) * 60_000).toISOString().slice(0, 10) as CalendarDate
}

/** The first moment of a day, as dateTimeStamp: `2026-01-25T00:00:00+08:00`. */
export const startOfDay = (date: CalendarDate, zone: ZoneOffset): string => `${date}T00:00:00${zone}`

/** Adds whole seconds. */
export const later = (instant: Instant, seconds: number): Instant =>
  instantAt(epoch(instant) + seconds * 1000)

/** The same day some months later, or the last day of a month that has no such day: a year after 29 February is 28 February. */
export function monthsAfter(date: CalendarDate, months: number): CalendarDate {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const wanted = new Date(Date.UTC(year, month - 1 + months, day))
  const last = new Date(Date.UTC(year, month + months, 0))
  return new Date(Math.min(wanted.getTime(), last.getTime())).toISOString().slice(0, 10) as CalendarDate
}

export const isZoneOffset = (text: string): text is ZoneOffset =>
  /^(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/.test(text)

function offsetMinutes(zone: ZoneOffset): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return zone.startsWith('-') ? -minutes : minutes
}
