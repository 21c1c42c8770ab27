/**
 * Times as logs write them → microseconds since 1970 UTC, nanoseconds and a note. Every reader is linear and gives back the
 * offset after what it read, or -1, so that a parser can go on from there.
 */
import type { EventRow, TimeNoteIndex } from '../../event/row.ts'
import { Zone } from './zone.ts'

const RECEIVED: TimeNoteIndex = 1
const ASSUMED_ZONE: TimeNoteIndex = 2
const ASSUMED_YEAR: TimeNoteIndex = 3
const BAD_CLOCK: TimeNoteIndex = 4

const DAY_MS = 86_400_000
const YEAR_1990 = Date.UTC(1990, 0, 1) * 1000
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Cumulative days before each month of a year that begins in March. */
const MARCH_DAYS = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275]

/** Days since 1970-01-01 of a date of the Gregorian calendar; month is 0-based. */
function daysOf(year: number, month: number, day: number): number {
  const y = month < 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    MARCH_DAYS[month]! +
    day -
    1 -
    719_468
  )
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 0 || month > 11 || day < 1) return false
  if (month === 1 && day === 29) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day <= MONTH_DAYS[month]!
}

/** One or two digits at `at`, or -1; `NaN` codes past the end fail the comparisons. */
function two(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48
  const b = text.charCodeAt(at + 1) - 48
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1
}
function four(text: string, at: number): number {
  const a = two(text, at)
  const b = two(text, at + 2)
  return a < 0 || b < 0 ? -1 : a * 100 + b
}
const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** 0-based month of an English three-letter name at `at`, or -1. */
function monthName(text: string, at: number): number {
  const index = MONTHS.indexOf(text.slice(at, at + 3).toLowerCase())
  return index >= 0 && index % 3 === 0 && at + 3 <= text.length ? index / 3 : -1
}

export class Clock {
  micros = 0
  nanos = 0
  note: TimeNoteIndex = 0
  readonly #zone: Zone
  readonly #received: number
  #now: number
  // Read by #clock and #fraction.
  #ms = 0
  #us = 0

  /** @param zone IANA name for times that name none. @param received microseconds, where the row has no time of receipt. */
  constructor(zone: string, received: number) {
    this.#zone = new Zone(zone)
    this.#received = received
    this.#now = received
  }

  /** Takes the row's time of receipt as now: needed before {@link find} and {@link syslog}, where years may be missing. */
  begin(row: EventRow): void {
    this.#now = row.received > 0 ? row.received : this.#received
  }

  /** Puts the time that was read last into the row; an impossible one gives way to the time of receipt. */
  give(row: EventRow): void {
    const received = row.received > 0 ? row.received : this.#received
    if (this.micros < YEAR_1990 || this.micros > received + DAY_MS * 1000) {
      row.time = received
      row.nanos = 0
      row.timeNote = BAD_CLOCK
      return
    }
    row.time = this.micros
    row.nanos = this.nanos
    row.timeNote = this.note
  }

  /** The record has no time that can be read. */
  giveReceived(row: EventRow): void {
    row.time = row.received > 0 ? row.received : this.#received
    row.nanos = 0
    row.timeNote = RECEIVED
  }

  /** Any value that stands for a time: ISO text, epoch (number or digits), or the other forms of {@link find}. */
  value(value: unknown, row: EventRow): boolean {
    const read = typeof value === 'string' ? this.whole(value) : typeof value === 'number' && this.epochNumber(value)
    if (read) this.give(row)
    return read
  }

  /** The text is a time and nothing else. */
  whole(text: string): boolean {
    if (text.length < 8 || text.length > 64) return false
    const code = text.charCodeAt(4)
    let end = code === 45 || code === 47 ? this.date(text, 0) : -1
    if (end < 0) end = this.find(text, 0)
    return end === text.length
  }

  /** Whatever time stands at `at`; the offset after it, or -1. */
  find(text: string, at: number): number {
    const code = text.charCodeAt(at)
    if (isDigit(code) || code === 45) {
      let end = this.date(text, at)
      if (end < 0) end = this.clf(text, at)
      if (end < 0) end = this.american(text, at)
      if (end < 0) end = this.epoch(text, at)
      return end
    }
    let end = this.syslog(text, at)
    if (end < 0) end = this.weekday(text, at)
    return end
  }

  /**
   * `2026-01-02T03:04:05.123456789+01:00` and its kin: `-` or `/` between the parts of the date, `T`, `t`, `_` or one space before the clock,
   * `.` or `,` before the fraction, zone `Z`, `±hh`, `±hhmm`, `±hh:mm`, `UTC` or none.
   */
  date(text: string, at: number): number {
    const year = four(text, at)
    const dash = text.charCodeAt(at + 4)
    const month = two(text, at + 5) - 1
    const day = two(text, at + 8)
    if (year < 0 || (dash !== 45 && dash !== 47) || text.charCodeAt(at + 7) !== dash || !isDate(year, month, day)) return -1
    const join = text.charCodeAt(at + 10)
    if (join !== 84 && join !== 32 && join !== 116 && join !== 95) return -1
    const end = this.#clock(text, at + 11)
    return end < 0 ? -1 : this.#zoned(text, end, daysOf(year, month, day) * DAY_MS + this.#ms)
  }

  /** `02/Jan/2026:03:04:05 +0100` of web servers; the clock may stand after a space too. */
  clf(text: string, at: number): number {
    const day = two(text, at)
    const month = monthName(text, at + 3)
    const year = four(text, at + 7)
    const slash = text.charCodeAt(at + 2)
    const join = text.charCodeAt(at + 11)
    if ((slash !== 47 && slash !== 45 && slash !== 32) || text.charCodeAt(at + 6) !== slash || (join !== 58 && join !== 32))
      return -1
    if (year < 0 || !isDate(year, month, day)) return -1
    const end = this.#clock(text, at + 12)
    return end < 0 ? -1 : this.#zoned(text, end, daysOf(year, month, day) * DAY_MS + this.#ms)
  }

  /** `Jan  2 03:04:05`, `Jan 02 2026 03:04:05`: syslog's, with the year nearest before receipt where there is none. */
  syslog(text: string, at: number): number {
    const month = monthName(text, at)
    if (month < 0 || text.charCodeAt(at + 3) !== 32) return -1
    let next = at + 4
    if (text.charCodeAt(next) === 32) next++
    let day = two(text, next)
    if (day >= 0) next += 2
    else {
      day = text.charCodeAt(next++) - 48
      if (!(day >= 1 && day <= 9)) return -1
    }
    if (text.charCodeAt(next++) !== 32) return -1
    let year = -1
    if (text.charCodeAt(next + 4) === 32) {
      year = four(text, next)
      if (year < 0) return -1
      next += 5
    }
    const end = this.#clock(text, next)
    if (end < 0) return -1
    if (year < 0) {
      // Cisco writes the year after the clock.
      const late = text.charCodeAt(end) === 32 && !isDigit(text.charCodeAt(end + 5)) ? four(text, end + 1) : -1
      if (late > 1989 && isDate(late, month, day)) {
        const zoned = this.#zoned(text, end + 5, daysOf(late, month, day) * DAY_MS + this.#ms)
        return zoned
      }
    }
    if (year >= 0) return isDate(year, month, day) ? this.#zoned(text, end, daysOf(year, month, day) * DAY_MS + this.#ms) : -1
    const ms = this.#ms
    const us = this.#us
    const nanos = this.nanos
    // A day ahead is allowed for; Feb 29 may need eight years back.
    const latest = new Date(this.#now / 1000 + DAY_MS).getUTCFullYear()
    for (let guess = latest; guess > latest - 9; guess--) {
      if (!isDate(guess, month, day)) continue
      this.#us = us
      this.nanos = nanos
      const after = this.#zoned(text, end, daysOf(guess, month, day) * DAY_MS + ms)
      if (this.micros <= this.#now + DAY_MS * 1000) {
        this.note = ASSUMED_YEAR
        return after
      }
    }
    return -1
  }

  /** `Fri Jan  2 03:04:05 2026` and `Fri, 02 Jan 2026 03:04:05 +0100`, with or without the comma. */
  weekday(text: string, at: number): number {
    if (!/^(?:mon|tue|wed|thu|fri|sat|sun)$/i.test(text.slice(at, at + 3))) return -1
    let next = at + 3
    if (text.charCodeAt(next) === 44) next++
    if (text.charCodeAt(next++) !== 32) return -1
    return isDigit(text.charCodeAt(next)) ? this.clf(text, next) : this.syslog(text, next)
  }

  /** `01/31/2026 03:04:05`, month first, as Microsoft writes it (`AM`/`PM` too). */
  american(text: string, at: number): number {
    const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})[ -]/.exec(text.slice(at, at + 11))
    if (!match) return -1
    const month = Number(match[1]) - 1
    const day = Number(match[2])
    const year = Number(match[3])
    if (!isDate(year, month, day)) return -1
    const start = at + match[0].length
    const padded = text.charCodeAt(start + 1) === 58
    const end = padded ? this.#clock(`0${text.slice(start, start + 40)}`, 0) + start - 1 : this.#clock(text, start)
    if (end < start) return -1
    const half = text.slice(end, end + 3).toUpperCase()
    let after = end
    if (half === ' AM' || half === ' PM') {
      const hour = Math.floor(this.#ms / 3_600_000)
      if (hour > 12 || hour === 0) return -1
      this.#ms += ((hour % 12) + (half === ' PM' ? 12 : 0) - hour) * 3_600_000
      after += 3
    }
    return this.#zoned(text, after, daysOf(year, month, day) * DAY_MS + this.#ms)
  }

  /** Seconds, milliseconds, microseconds or nanoseconds since 1970 as digits: 9–10, 12–13, 15–16 or 18–19 of them, or seconds with decimals. */
  epoch(text: string, at: number): number {
    let end = at
    let whole = 0
    while (end - at < 20 && isDigit(text.charCodeAt(end))) {
      if (end - at < 15) whole = whole * 10 + (text.charCodeAt(end) - 48)
      end++
    }
    const digits = end - at
    if (isDigit(text.charCodeAt(end))) return -1
    this.note = 0
    this.nanos = 0
    if (digits === 9 || digits === 10) {
      this.#us = 0
      if (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) {
        end = this.#fraction(text, end + 1)
        this.micros = whole * 1_000_000 + this.#us
      } else this.micros = whole * 1_000_000
      return end
    }
    if (digits === 12 || digits === 13) {
      this.micros = whole * 1000
      if (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) {
        const fraction = end + 1
        end = this.#fraction(text, fraction)
        // The fraction is of a millisecond here.
        this.micros += Math.floor(this.#us / 1000)
        this.nanos = this.#us % 1000
      }
      return end
    }
    if (digits === 15 || digits === 16) {
      this.micros = Number(text.slice(at, end))
      return end
    }
    if (digits === 18 || digits === 19) {
      this.micros = Number(text.slice(at, end - 3))
      this.nanos = Number(text.slice(end - 3, end))
      return end
    }
    return -1
  }

  /** A time by its parts; `offset` in minutes, null for the source's zone. False where it is no date; without a year (-1) it is no date. */
  parts(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    nanosOfSecond: number,
    offset: number | null,
  ): boolean {
    if (year < 0 || !isDate(year, month, day) || hour > 23 || minute > 59 || second > 60) return false
    const ms = daysOf(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000
    this.nanos = nanosOfSecond % 1000
    this.note = offset === null ? ASSUMED_ZONE : 0
    this.micros = (ms - (offset === null ? this.#zone.offset(ms) : offset * 60_000)) * 1000 + Math.floor(nanosOfSecond / 1000)
    return true
  }

  /** Epoch as a number; the unit follows from the size. Seconds keep microseconds only: a double holds no more. */
  epochNumber(value: number): boolean {
    if (!(value >= 1e8) || value >= 1e19) return false
    this.note = 0
    this.nanos = 0
    if (value < 1e11) this.micros = Math.round(value * 1e6)
    else if (value < 1e14) this.micros = Math.round(value * 1e3)
    else if (value < 1e17) this.micros = Math.floor(value)
    else this.micros = Math.floor(value / 1e3)
    return true
  }

  /** `hh:mm:ss` with a fraction: sets #ms (of the day) and #us; a leap second is the last microsecond of its minute. */
  #clock(text: string, at: number): number {
    const hour = two(text, at)
    const minute = two(text, at + 3)
    const second = two(text, at + 6)
    if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return -1
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1
    let end = at + 8
    this.#us = 0
    this.nanos = 0
    const mark = text.charCodeAt(end)
    if ((mark === 46 || mark === 44) && isDigit(text.charCodeAt(end + 1))) end = this.#fraction(text, end + 1)
    if (second === 60) {
      this.#us = 999_999
      this.#ms = ((hour * 60 + minute) * 60 + 59) * 1000
    } else this.#ms = ((hour * 60 + minute) * 60 + second) * 1000
    return end
  }

  /** Digits of a second's fraction into #us and nanos; those past the ninth are dropped. */
  #fraction(text: string, at: number): number {
    let us = 0
    let nanos = 0
    let end = at
    for (; isDigit(text.charCodeAt(end)); end++) {
      const digit = text.charCodeAt(end) - 48
      const count = end - at
      // Whole numbers only: where one was a fraction, V8 gave its code up and made it again, over and over.
      if (count < 6) us = us * 10 + digit
      else if (count < 9) nanos = nanos * 10 + digit
      else if (count > 64) break
    }
    for (let count = end - at; count < 6; count++) us *= 10
    const past = end - at - 6
    if (past === 1) nanos *= 100
    else if (past === 2) nanos *= 10
    this.#us = us
    this.nanos = nanos
    return end
  }

  /** Reads the zone at `at` and sets micros and note. */
  #zoned(text: string, at: number, localMs: number): number {
    let next = at
    if (text.charCodeAt(next) === 32) {
      const code = text.charCodeAt(next + 1)
      if (
        ((code === 43 || code === 45) && two(text, next + 2) >= 0 && two(text, next + 4) >= 0) ||
        code === 90 ||
        code === 85 ||
        code === 71
      )
        next++
    }
    const code = text.charCodeAt(next)
    this.note = 0
    if (code === 90 || code === 122) {
      if (!isWord(text.charCodeAt(next + 1))) {
        this.micros = localMs * 1000 + this.#us
        return next + 1
      }
    } else if (code === 43 || code === 45) {
      const hours = two(text, next + 1)
      if (hours >= 0 && hours <= 18) {
        let end = next + 3
        const colon = text.charCodeAt(end) === 58 ? 1 : 0
        let minutes = two(text, end + colon)
        if (minutes >= 0 && minutes < 60) end += colon + 2
        else minutes = 0
        const offset = (hours * 60 + minutes) * 60_000
        this.micros = (code === 43 ? localMs - offset : localMs + offset) * 1000 + this.#us
        return end
      }
    } else if (code === 85 || code === 71) {
      const name = text.slice(next, next + 3)
      if ((name === 'UTC' || name === 'GMT') && !isWord(text.charCodeAt(next + 3))) {
        this.micros = localMs * 1000 + this.#us
        return next + 3
      }
    }
    this.note = ASSUMED_ZONE
    this.micros = (localMs - this.#zone.offset(localMs)) * 1000 + this.#us
    return at
  }
}

const isWord = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || isDigit(code)

/** Minutes east of UTC that a zone's text means: `Z`, `UTC`, `GMT`, `±hhmm`, `±hh:mm`; null for other names, which are not unique. */
export function zoneOffset(text: string): number | null {
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 0
  const match = /^(?:UTC|GMT)?([+-])(\d\d):?(\d\d)$/.exec(text)
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}
