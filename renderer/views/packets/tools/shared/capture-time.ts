/** Times of packets: seconds since 1970 with fractions, shown from the capture's first packet or as a clock. */

/** An ISO time with its whole fraction as seconds since 1970 (a double: good to about 0.2 µs today); null where it is none. */
export function isoSeconds(iso: string | null): number | null {
  if (iso === null) return null
  const match = /^(.*T\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(iso)
  const whole = match?.[1] === undefined ? NaN : Date.parse(`${match[1]}Z`)
  if (!Number.isFinite(whole)) return null
  return whole / 1000 + Number(match?.[2] ?? 0)
}

/** Seconds with six decimals: `0.070062`. */
export const fineSeconds = (seconds: number): string => (Number.isFinite(seconds) ? seconds.toFixed(6) : '–')

/** A duration: `0.000123 s`, `12.3 s`, never longer than it is exact. */
export const shortSeconds = (seconds: number): string => seconds.toFixed(seconds < 10 ? 6 : seconds < 1000 ? 3 : 1)

/**
 * A moment that somebody wrote, as seconds since 1970: `2026-11-19 18:21:47.412`, `2026-11-19T18:21Z`, `18:21:47` (on the day of
 * `first`), `+12.5` (behind `first`). UTC. Null where it says none.
 */
export function momentOf(text: string, first: number | null): number | null {
  const wanted = text.trim().replace(/\s*(?:Z|UTC)$/i, '')
  const behind = /^\+(\d+(?:\.\d+)?)$/.exec(wanted)
  if (behind?.[1] !== undefined) return first === null ? null : first + Number(behind[1])
  const match = /^(?:(\d{4})-(\d\d)-(\d\d)(?:[T ]+|$))?(?:(\d\d?):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?$/.exec(wanted)
  if (!match || wanted === '') return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0'] = match
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  if (h > 23 || m > 59 || s > 59) return null
  const clock = h * 3600 + m * 60 + s + Number(fraction)
  if (year === undefined || month === undefined || day === undefined)
    return first === null ? null : Math.floor(first / 86_400) * 86_400 + clock
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // 31 February is no day.
  if (!Number.isFinite(ms) || new Date(ms).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null
  return ms / 1000 + clock
}
