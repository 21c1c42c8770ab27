import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TIME_NOTES } from '../../../../shared/model/event.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { EventRow } from '../../event/row.ts'
import { Clock } from './time.ts'
import { TimePattern } from './time-pattern.ts'

const RECEIVED = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000

/** What a text means: ISO time and note; null where it is no time. */
function read(text: string, zone = 'UTC', received = RECEIVED): string | null {
  const clock = new Clock(zone, received)
  const row = new EventRow()
  return clock.value(text, row) ? `${isoFromMicros(row.time, row.nanos)} ${TIME_NOTES[row.timeNote]!}`.trim() : null
}

describe('times', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.1Z', '2026-01-02T03:04:05.100Z'],
    ['2026-01-02t03:04:05.123456z', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456789Z'],
    ['2026-01-02T03:04:05.1234567Z', '2026-01-02T03:04:05.123456700Z'],
    ['2026-01-02T03:04:05.12345678999Z', '2026-01-02T03:04:05.123456789Z'],
    ['2026-01-02T03:04:05,250+0100', '2026-01-02T02:04:05.250Z'],
    ['2026-01-01T21:34:05-05:30', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T05:04:05+02', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05 UTC', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05 +0000', '2026-01-02T03:04:05.000Z'],
    ['2026/01/02 03:04:05', '2026-01-02T03:04:05.000Z assumed_zone'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999Z'],
    ['02/Jan/2026:03:04:05 +0000', '2026-01-02T03:04:05.000Z'],
    ['Fri, 02 Jan 2026 04:04:05 +0100', '2026-01-02T03:04:05.000Z'],
    ['Fri Jan  2 03:04:05 2026', '2026-01-02T03:04:05.000Z assumed_zone'],
    ['Jan 02 2026 03:04:05', '2026-01-02T03:04:05.000Z assumed_zone'],
    ['Jan  2 03:04:05', '2026-01-02T03:04:05.000Z assumed_year'],
    ['01/02/2026 03:04:05 AM', '2026-01-02T03:04:05.000Z assumed_zone'],
    ['1/2/2026 12:04:05 AM', '2026-01-02T00:04:05.000Z assumed_zone'],
    ['1/1/2026 12:04:05 PM', '2026-01-01T12:04:05.000Z assumed_zone'],
    ['1425565514', '2015-03-05T14:25:14.000Z'],
    ['1425565514.419939', '2015-03-05T14:25:14.419939Z'],
    ['1425565514.4199391', '2015-03-05T14:25:14.419939100Z'],
    ['1425565514419', '2015-03-05T14:25:14.419Z'],
    ['1425565514419.5', '2015-03-05T14:25:14.419500Z'],
    ['1425565514419939', '2015-03-05T14:25:14.419939Z'],
    ['1425565514419939123', '2015-03-05T14:25:14.419939123Z'],
    ['946684800', '2000-01-01T00:00:00.000Z'],
  ])('%s', (text, iso) => expect(read(text)).toBe(iso))

  it.each([
    '',
    '2026',
    '2026-01-02',
    '2026-13-02T03:04:05Z',
    '2026-02-29T03:04:05Z',
    '2026-01-02T24:04:05Z',
    '2026-01-02T03:60:05Z',
    '2026-01-02T03:04:05Zx',
    '2026-01/02T03:04:05Z',
    '2026-01-02T03:04:05+99:00',
    'Jan 32 03:04:05',
    'Foo  2 03:04:05',
    '12345678901',
    '-1425565514',
    '31/31/2026 03:04:05',
    '03:04:05',
    'x'.repeat(100),
    '1/2/2026 13:00:00 PM',
  ])('%j is no time', (text) => expect(read(text)).toBeNull())

  it('gives way to the time of receipt where the clock is impossible', () => {
    expect(read('1989-12-31T23:59:59Z')).toBe('2026-01-02T03:04:05.000Z bad_clock')
    expect(read('2026-01-03T03:04:06Z')).toBe('2026-01-02T03:04:05.000Z bad_clock')
    expect(read('2026-01-03T03:04:05Z')).toBe('2026-01-03T03:04:05.000Z')
    expect(read('9999-12-31T23:59:59Z')).toBe('2026-01-02T03:04:05.000Z bad_clock')
  })

  it('takes the latest year that is no more than a day ahead of receipt', () => {
    expect(read('Jan  3 03:04:05')).toBe('2026-01-03T03:04:05.000Z assumed_year')
    expect(read('Jan  3 03:04:06')).toBe('2025-01-03T03:04:06.000Z assumed_year')
    expect(read('Dec 31 23:59:59')).toBe('2025-12-31T23:59:59.000Z assumed_year')
    expect(read('Feb 29 12:00:00')).toBe('2024-02-29T12:00:00.000Z assumed_year')
    // At the turn of the year, in a zone ahead of UTC.
    expect(read('Jan  1 00:30:00', 'Asia/Seoul', Date.UTC(2025, 11, 31, 15, 31) * 1000)).toBe(
      '2025-12-31T15:30:00.000Z assumed_year',
    )
  })

  it("reads a wall clock in the source's zone, with summer time", () => {
    expect(read('2025-07-01 12:00:00', 'Europe/Berlin')).toBe('2025-07-01T10:00:00.000Z assumed_zone')
    expect(read('2025-12-01 12:00:00', 'Europe/Berlin')).toBe('2025-12-01T11:00:00.000Z assumed_zone')
    // Never occurs: read with the offset before.
    expect(read('2025-03-30 02:30:00', 'Europe/Berlin')).toBe('2025-03-30T01:30:00.000Z assumed_zone')
    expect(read('2025-03-30 01:59:59', 'Europe/Berlin')).toBe('2025-03-30T00:59:59.000Z assumed_zone')
    expect(read('2025-03-30 03:00:00', 'Europe/Berlin')).toBe('2025-03-30T01:00:00.000Z assumed_zone')
    // Occurs twice: the first.
    expect(read('2025-10-26 02:30:00', 'Europe/Berlin')).toBe('2025-10-26T00:30:00.000Z assumed_zone')
    expect(read('2025-10-26 03:00:00', 'Europe/Berlin')).toBe('2025-10-26T02:00:00.000Z assumed_zone')
    // Half an hour, and a zone that is none.
    expect(read('2025-10-05 02:15:00', 'Australia/Lord_Howe')).toBe('2025-10-04T15:45:00.000Z assumed_zone')
    expect(read('2025-07-01 12:00:00', 'Asia/Kathmandu')).toBe('2025-07-01T06:15:00.000Z assumed_zone')
    expect(read('2025-07-01 12:00:00', 'Nowhere/Land')).toBe('2025-07-01T12:00:00.000Z assumed_zone')
  })

  const moment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2026, 0, 2) })

  it('agrees with Date for every ISO time', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (second, fraction, offset) => {
          const whole = Math.floor(second / 1000) * 1000
          const sign = offset < 0 ? '-' : '+'
          const size = Math.abs(offset)
          const zone = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`
          const text = `${new Date(whole + offset * 60_000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, '0')}${zone}`
          expect(read(text)).toBe(isoFromMicros(whole * 1000 + Math.floor(fraction / 1000), fraction % 1000))
        },
      ),
    )
  })

  it('agrees with Intl for every wall clock that occurs once', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Seoul',
      'Australia/Sydney',
      'America/St_Johns',
      'Pacific/Apia',
      'Africa/Casablanca',
    ]
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (ms, zone) => {
        const second = Math.floor(ms / 1000) * 1000
        const wall = (at: number): string =>
          new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at)
        const text = wall(second)
        const got = read(text, zone, Date.UTC(2026, 0, 3) * 1000)!
        // Where the clock goes back the first of two is meant; it still reads the same.
        expect(wall(Date.parse(got.split(' ')[0]!))).toBe(text)
        if (wall(second - 3_600_000) !== text && wall(second + 3_600_000) !== text)
          expect(got).toBe(`${new Date(second).toISOString()} assumed_zone`)
      }),
      { numRuns: 60 },
    )
  })

  it('never reads past the text, and always gives a sane time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.nat(10), (text, at) => {
        const clock = new Clock('UTC', RECEIVED)
        const end = clock.find(text, at)
        expect(end === -1 || (end > at && end <= text.length && Number.isFinite(clock.micros))).toBe(true)
      }),
    )
  })
})

describe('time patterns', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2026-01-02 03:04:05', '2026-01-02T03:04:05.000Z'],
    ['dd.MM.yyyy HH:mm:ss.SSS', '02.01.2026 03:04:05.25', '2026-01-02T03:04:05.250Z'],
    ['MMM dd yyyy HH:mm:ss', 'Jan 02 2026 03:04:05', '2026-01-02T03:04:05.000Z'],
    ['yyyyMMddHHmmss', '20260102030405', '2026-01-02T03:04:05.000Z'],
    ['d/M/yy h:mm:ss a', '2/1/26 3:04:05 AM', '2026-01-02T03:04:05.000Z'],
    ['d/M/yy h:mm:ss a', '1/1/26 12:04:05 PM', '2026-01-01T12:04:05.000Z'],
    ["yyyy-MM-dd'T'HH:mm:ssZ", '2026-01-02T04:04:05+0100', '2026-01-02T03:04:05.000Z'],
    ['EEE, dd MMM yyyy HH:mm:ss z', 'Fri, 02 Jan 2026 03:04:05 GMT', '2026-01-02T03:04:05.000Z'],
  ])('%s', (pattern, text, iso) => {
    const clock = new Clock('UTC', RECEIVED)
    expect(new TimePattern(pattern).read(text, clock)).toBe(true)
    expect(isoFromMicros(clock.micros, clock.nanos)).toBe(iso)
    expect(new TimePattern(pattern).read(`${text}!`, clock)).toBe(false)
    expect(new TimePattern(pattern).read(text.slice(0, -6), clock)).toBe(false)
  })
})
