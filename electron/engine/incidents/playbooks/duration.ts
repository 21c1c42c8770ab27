/** Durations as ISO 8601 writes them, without years and months: how long those are depends on when they begin. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Nothing of an incident is planned further ahead. */
const LONGEST = 366 * DAY

const FORM = /^P(?=.)(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?)$/

/** `PT30M` → milliseconds; at least a second and at most 366 days. */
export function durationMs(text: string): Result<number, string> {
  if (/^P[^T]*[YM]/.test(text)) return fail(`${text}: years and months have no fixed length; write days`)
  const parts = FORM.exec(text)
  if (parts === null) return fail(`${text} is no ISO 8601 duration such as PT30M, PT4H or P2D`)
  const [weeks, days, hours, minutes, seconds] = [1, 2, 3, 4, 5].map((part) => Number(parts[part] ?? 0))
  const ms = (weeks ?? 0) * 7 * DAY + (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND
  if (ms === 0) return fail(`${text} is no time at all`)
  return ms > LONGEST ? fail(`${text} is more than 366 days`) : ok(ms)
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/
export const isClock = (text: string): boolean => CLOCK.test(text)

/** The first time at which such a clock (`08:00+09:00`) shows this after `from`; both in milliseconds since 1970. */
export function nextClock(clock: string, from: number): number {
  const parts = CLOCK.exec(clock)
  if (parts === null) return from
  const zone = parts[3] ?? 'Z'
  const sign = zone.startsWith('-') ? -1 : 1
  const offset = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * HOUR + Number(zone.slice(4, 6)) * MINUTE)
  const ofDay = Number(parts[1]) * HOUR + Number(parts[2]) * MINUTE - offset
  const days = Math.floor((from - ofDay) / DAY) + 1
  return days * DAY + ofDay
}
