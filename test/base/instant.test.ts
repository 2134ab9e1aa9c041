import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CalendarDate,
  dateIn,
  epoch,
  epochOf,
  type Instant,
  instantAt,
  isCalendarDate,
  isZoneOffset,
  later,
  readInstant,
  startOfDay,
} from '../../src/base/instant.ts'

const instant = '2026-03-01T09:00:00Z' as Instant

describe('dateTimeStamps', () => {
  test.each<[text: string, epoch: number]>([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-03-01T09:00:00Z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T09:00:00+08:00', Date.UTC(2026, 2, 1, 1)],
    ['2026-03-01T09:00:00-03:30', Date.UTC(2026, 2, 1, 12, 30)],
    ['2026-03-01T09:00:00+14:00', Date.UTC(2026, 1, 28, 19)],
    ['2026-03-01T09:00:00-14:00', Date.UTC(2026, 2, 1, 23)],
    ['2026-03-01T09:00:00-00:00', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T24:00:00Z', Date.UTC(2026, 2, 2)],
    ['2026-12-31T24:00:00.000Z', Date.UTC(2027, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['1970-01-01T00:00:00.5Z', 500],
    ['1970-01-01T00:00:00.001Z', 1],
    ['1970-01-01T00:00:00.0019Z', 1],
    ['1970-01-01T00:00:00.99999999999999999999Z', 999],
    ['1969-12-31T23:59:59.999Z', -1],
    ['10000-01-01T00:00:00Z', 253_402_300_800_000],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['-0001-01-01T00:00:00Z', -62_198_755_200_000],
    ['0099-06-01T00:00:00Z', Date.parse('0099-06-01T00:00:00Z')],
  ])('%s is %d milliseconds from 1970', (text, expected) => {
    expect(epochOf(text)).toBe(expected)
  })

  test('every fraction of three digits is that many milliseconds', () => {
    for (let k = 0; k < 1000; k++) {
      expect(epochOf(`1970-01-01T00:00:00.${String(k).padStart(3, '0')}Z`)).toBe(k)
    }
  })

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-03-01T09:00:60Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T24:00:01Z',
    '2026-03-01T24:01:00Z',
    '2026-03-01T24:00:00.001Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T09:00:00',
    '2026-03-01T09:00Z',
    '2026-03-01',
    '2026-03-01t09:00:00Z',
    '2026-03-01T09:00:00z',
    '2026-03-01 09:00:00Z',
    '2026-03-01T09:00:00+0800',
    '2026-03-01T09:00:00+08',
    '2026-03-01T09:00:00+14:01',
    '2026-03-01T09:00:00+15:00',
    '2026-03-01T09:00:00+08:60',
    '2026-03-01T09:00:00.Z',
    '2026-03-01T09:00:00,5Z',
    '02026-03-01T09:00:00Z',
    '226-03-01T09:00:00Z',
    '+2026-03-01T09:00:00Z',
    '999999-01-01T00:00:00Z',
    ' 2026-03-01T09:00:00Z',
    '2026-03-01T09:00:00Z\n',
    '2026-03-01T09:00:00Z\n2026-03-01T09:00:00Z',
    '２０２６-03-01T09:00:00Z',
    'Sun, 01 Mar 2026 09:00:00 GMT',
    '',
  ])('TIME-2 to TIME-5: %j names no moment', (text) => {
    expect(epochOf(text)).toBeNull()
  })

  test('whatever instant is written is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const text = instantAt(seconds * 1000)
        expect(epochOf(text)).toBe(seconds * 1000)
        expect(epoch(text)).toBe(seconds * 1000)
        expect(text).toHaveLength(20)
      }),
      { seed: 1 },
    )
  })
})

describe('instants', () => {
  test('TIME-1: parts of a second are dropped', () => {
    expect(instantAt(Date.UTC(2026, 2, 1, 9, 0, 0, 999))).toBe('2026-03-01T09:00:00Z')
  })

  test('seconds are added in both directions', () => {
    expect(later(instant, 86_400)).toBe('2026-03-02T09:00:00Z')
    expect(later(instant, -1)).toBe('2026-03-01T08:59:59Z')
  })

  test.each<[text: string, zone: string, read: string | null]>([
    ['2026-01-25', '+08:00', '2026-01-24T16:00:00Z'],
    ['2026-01-25', '-03:30', '2026-01-25T03:30:00Z'],
    ['2026-01-25', 'Z', '2026-01-25T00:00:00Z'],
    ['2026-01-25T10:00:00+08:00', 'Z', '2026-01-25T02:00:00Z'],
    ['2026-01-25T10:00:00.9Z', '+08:00', '2026-01-25T10:00:00Z'],
    ['9999-12-31T23:59:59Z', 'Z', '9999-12-31T23:59:59Z'],
    ['9999-12-31T24:00:00Z', 'Z', null],
    ['10000-01-01T00:00:00Z', 'Z', null],
    ['1970-01-01', '+08:00', null],
    ['1970-01-01', 'Z', '1970-01-01T00:00:00Z'],
    ['2026-02-30', 'Z', null],
    ['2026-1-25', 'Z', null],
    ['tomorrow', 'Z', null],
    ['2026-01-25', '+8', null],
  ])('%s in the zone %s is read as %s', (text, zone, read) => {
    expect(readInstant(text, zone)).toBe(read)
  })
})

describe('calendar dates', () => {
  test.each<[text: string, is: boolean]>([
    ['2026-03-01', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-3-1', false],
    ['2026-03-01T00:00:00Z', false],
    ['12026-03-01', false],
    ['2026-03-01\n', false],
  ])('%j is a calendar date: %s', (text, is) => {
    expect(isCalendarDate(text)).toBe(is)
  })

  test.each<[at: string, zone: string, day: string]>([
    ['2026-03-01T15:59:59Z', '+08:00', '2026-03-01'],
    ['2026-03-01T16:00:00Z', '+08:00', '2026-03-02'],
    ['2026-03-01T03:29:59Z', '-03:30', '2026-02-28'],
    ['2026-03-01T00:00:00Z', 'Z', '2026-03-01'],
  ])('%s is in the zone %s on %s', (at, zone, day) => {
    expect(dateIn(at as Instant, zone)).toBe(day)
  })

  test('the day of its first moment is the day itself, in every zone', () => {
    for (const zone of ['Z', '+08:00', '-03:30', '+14:00', '-14:00', '+00:59']) {
      const start = startOfDay('2026-01-25' as CalendarDate, zone)
      expect(start).toBe(`2026-01-25T00:00:00${zone}`)
      expect(dateIn(instantAt(epochOf(start) as number), zone)).toBe('2026-01-25')
    }
  })

  test.each<[zone: string, is: boolean]>([
    ['Z', true],
    ['+08:00', true],
    ['-03:30', true],
    ['+14:00', true],
    ['+14:30', false],
    ['+15:00', false],
    ['08:00', false],
    ['+8:00', false],
    ['+08:60', false],
    ['z', false],
    ['Asia/Shanghai', false],
  ])('%s is an offset from UTC: %s', (zone, is) => {
    expect(isZoneOffset(zone)).toBe(is)
  })
})
