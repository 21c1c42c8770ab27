/**
 * Times as they are written in queries and time ranges: `now`, `now-4h`, `2026-11-20`, `2026-11-20T18:41`,
 * `2026-11-20 18:41:14.25`, `2026-11-20T18:41:14+09:00`. Without a zone they are UTC.
 */
import type { Micros } from '../model/time.ts'

const MINUTE = 60_000_000
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000_000,
  m: MINUTE,
  h: 60 * MINUTE,
  d: 1440 * MINUTE,
  w: 7 * 1440 * MINUTE,
}
const RELATIVE = /^now(?:\s*([+-])\s*(\d{1,9})\s*([smhdw]))?$/i
const ABSOLUTE = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?$/i

/** The stretch a written time covers, half-open, in microseconds. */
export interface TimeSpan {
  readonly from: Micros
  readonly to: Micros
}

/**
 * What a written time means: `2026-11-20` is that whole day, `now-4h` one microsecond. Undefined where it is no time.
 * Comparisons read it so: `>= x` and `> x` are from `from` and from `to` on; `< x` and `<= x` are before `from` and before
 * `to`; `x` itself is from `from` to before `to`.
 */
export function timeSpan(text: string, now: Micros): TimeSpan | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 64) return undefined
  const relative = RELATIVE.exec(trimmed)
  if (relative !== null) {
    const [, sign, amount, unit] = relative
    const shift = amount === undefined || unit === undefined ? 0 : Number(amount) * (UNITS[unit.toLowerCase()] as number)
    const from = sign === '-' ? now - shift : now + shift
    return { from, to: from + 1 }
  }
  const match = ABSOLUTE.exec(trimmed)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const numbers = [
    Number(year),
    Number(month),
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const
  const [y, mo, d, h, mi, s] = numbers
  const date = new Date(0)
  date.setUTCFullYear(y, mo - 1, d)
  date.setUTCHours(h, mi, s)
  // Date rolls 31 February over to March; a time that is not in the calendar is none.
  if (mo < 1 || mo > 12 || h > 23 || mi > 59 || s > 59 || date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d)
    return undefined
  const offset = zone === undefined || zone.toUpperCase() === 'Z' ? 0 : zoneMicros(zone)
  if (offset === undefined) return undefined
  const start = date.getTime() * 1000 + (fraction === undefined ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6))) - offset
  if (day === undefined) {
    date.setUTCMonth(mo)
    return { from: start, to: date.getTime() * 1000 }
  }
  const width =
    fraction !== undefined
      ? 10 ** Math.max(0, 6 - fraction.length)
      : second !== undefined
        ? 1_000_000
        : minute !== undefined
          ? MINUTE
          : hour !== undefined
            ? 60 * MINUTE
            : 1440 * MINUTE
  return { from: start, to: start + width }
}

/** True for text that moves with the clock. */
export const isRelativeTime = (text: string): boolean => RELATIVE.test(text.trim())

function zoneMicros(zone: string): Micros | undefined {
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * MINUTE
}
