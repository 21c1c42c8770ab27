/** Packet times as the list shows them: to the capture's resolution, counted in whole numbers so that no digit is lost. */
import { clockOf } from '../../../format/time.ts'

/** A packet's time. */
export interface Moment {
  readonly seconds: number
  readonly nanos: number
}
/** `utc` and `local` clock · `date` date and clock in UTC · seconds since the `first` packet, since the `reference`, since the one `before`. */
export const TIME_FORMATS = ['utc', 'local', 'date', 'first', 'reference', 'before'] as const
export type TimeFormat = (typeof TIME_FORMATS)[number]

const fraction = (nanos: number, digits: number): string => String(nanos).padStart(9, '0').slice(0, digits)

/** `18:21:47.412093`. */
export const formatClock = ({ seconds, nanos }: Moment, digits: number, zone = 'UTC'): string =>
  `${clockOf(seconds * 1000, zone).time}.${fraction(nanos, digits)}`

/** `2026-11-19 18:21:47.412093`. */
export function formatMomentExact({ seconds, nanos }: Moment, digits: number, zone = 'UTC'): string {
  const { date, time } = clockOf(seconds * 1000, zone)
  return `${date} ${time}.${fraction(nanos, digits)}`
}

/** Seconds from one moment to another, `-0.000012`. */
export function formatBetween(from: Moment, to: Moment, digits: number): string {
  let seconds = to.seconds - from.seconds
  let nanos = to.nanos - from.nanos
  const negative = seconds < 0 || (seconds === 0 && nanos < 0)
  if (negative) {
    seconds = -seconds
    nanos = -nanos
  }
  if (nanos < 0) {
    seconds -= 1
    nanos += 1_000_000_000
  }
  return `${negative ? '−' : ''}${seconds}.${fraction(nanos, digits)}`
}

export const momentOf = (row: { readonly seconds: number | null; readonly nanos: number }): Moment | null =>
  row.seconds === null ? null : { seconds: row.seconds, nanos: row.nanos }

/** The moment of an ISO time with up to nine decimals; null where it is none. */
export function momentOfIso(iso: string | null): Moment | null {
  const match = iso === null ? null : /^(.+T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(iso)
  const ms = match ? Date.parse(`${match[1]}Z`) : NaN
  return Number.isFinite(ms) ? { seconds: ms / 1000, nanos: Number((match?.[2] ?? '').padEnd(9, '0')) } : null
}

export interface TimeFrame {
  readonly format: TimeFormat
  readonly digits: number
  readonly zone: string
  readonly first: Moment | null
  readonly reference: Moment | null
}

/** The time column of a row; `before` is the row above it. Empty where it cannot be said. */
export function timeText(
  at: Moment | null,
  before: Moment | null,
  { format, digits, zone, first, reference }: TimeFrame,
): string {
  if (!at) return ''
  if (format === 'utc') return formatClock(at, digits)
  if (format === 'local') return formatClock(at, digits, zone)
  if (format === 'date') return formatMomentExact(at, digits)
  const from = format === 'first' ? first : format === 'reference' ? (reference ?? first) : before
  return from ? formatBetween(from, at, digits) : ''
}
