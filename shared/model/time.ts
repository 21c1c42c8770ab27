/**
 * Times inside the engine are microseconds since 1970 UTC in a `number` (exact until the year 2255), with the
 * nanosecond remainder (0–999) beside them. Across the contract they are ISO-8601 UTC text.
 */
import { z } from 'zod'

/** ISO-8601 UTC, for example `2026-11-19T18:21:47.412093Z`, with 3, 6 or 9 decimals. */
export const IsoTime = z.string().regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)
export type IsoTime = z.infer<typeof IsoTime>

export type Micros = number

/** The minute that was asked for last, as text: times mostly come in order. */
let minute = NaN
let minuteText = ''
const LAST_MS = 8.64e15

/** Microseconds (+ nanosecond remainder) → ISO-8601 UTC with as many decimals as the value needs: 3, 6 or 9. */
export function isoFromMicros(micros: Micros, nanos = 0): IsoTime {
  const ms = Math.floor(micros / 1000)
  const us = micros - ms * 1000
  if (!(Math.abs(ms) <= LAST_MS)) throw new RangeError('Invalid time value')
  const own = Math.floor(ms / 60_000)
  if (own !== minute) {
    minuteText = new Date(own * 60_000).toISOString().slice(0, -7)
    minute = own
  }
  const rest = ms - own * 60_000
  const head = `${minuteText}${rest < 10_000 ? '0' : ''}${Math.floor(rest / 1000)}.${String(rest % 1000).padStart(3, '0')}`
  if (us === 0 && nanos === 0) return `${head}Z`
  const micro = head + String(us).padStart(3, '0')
  return nanos === 0 ? `${micro}Z` : `${micro}${String(nanos).padStart(3, '0')}Z`
}

/** ISO-8601 UTC → microseconds, or `undefined` where the text is not one. Digits past the sixth are dropped. */
export function microsFromIso(text: string): Micros | undefined {
  const match = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
  if (!match?.[1]) return undefined
  const seconds = Date.parse(`${match[1]}Z`)
  if (Number.isNaN(seconds)) return undefined
  const fraction = match[2] ? Number(match[2].padEnd(6, '0').slice(0, 6)) : 0
  return seconds * 1000 + fraction
}
