/** Values in other encodings, for modifiers. */
import type { TimeUnit } from './detection.ts'
import type { SigmaValue, ValueOf } from './modifiers/define.ts'

/** Text as UTF-16 bytes, each one a character; wildcards stay what they are. */
export function utf16(value: ValueOf<'text'>, bigEndian: boolean, mark: string): SigmaValue | string {
  if (value.bytes) return 'is encoded already'
  const parts = value.parts.map((part) => {
    if (typeof part !== 'string') return part
    const bytes = Buffer.from(part, 'utf16le')
    return (bigEndian ? bytes.swap16() : bytes).toString('latin1')
  })
  const first = parts[0]
  return {
    ...value,
    parts: typeof first === 'string' ? [mark + first, ...parts.slice(1)] : mark === '' ? parts : [mark, ...parts],
    bytes: true,
  }
}

/** The number is one of a date's parts. */
export function timePart(value: SigmaValue, unit: TimeUnit): SigmaValue | string {
  if (value.type === 'number') return { ...value, unit }
  return value.type === 'compare' ? { ...value, unit } : value
}

const DATE = /(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/

/** A part of the first ISO date in a text, as written there; null where there is none. `week` is the ISO 8601 week. */
export function timePartOf(text: string, unit: TimeUnit): number | null {
  const match = DATE.exec(text.length > 256 ? text.slice(0, 256) : text)
  if (match === null) return null
  const [, year, month, day, hour, minute] = match
  switch (unit) {
    case 'year':
      return Number(year)
    case 'month':
      return Number(month)
    case 'day':
      return Number(day)
    case 'hour':
      return hour === undefined ? null : Number(hour)
    case 'minute':
      return minute === undefined ? null : Number(minute)
    case 'week':
      return isoWeek(Number(year), Number(month), Number(day))
  }
}

function isoWeek(year: number, month: number, day: number): number {
  const DAY = 86_400_000
  const date = Date.UTC(year, month - 1, day)
  // The week belongs to the year of its Thursday.
  const thursday = date + (4 - (new Date(date).getUTCDay() || 7)) * DAY
  return 1 + Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / (7 * DAY))
}
