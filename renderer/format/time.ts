/** Times and ages as the screens show them: UTC, 24 hours. Inputs are ISO-8601 UTC text or milliseconds since 1970. */

export type Language = 'en' | 'ko'

const WORDS = {
  en: { s: ' s', m: ' m', h: ' h', d: ' d', join: ' ', last: false },
  ko: { s: '초', m: '분', h: '시간', d: '일', join: ' ', last: true },
} as const

const two = (value: number): string => String(value).padStart(2, '0')

/**
 * How long ago, or how long it took, in seconds: `12 s`, `8 m 05`, `19 m`, `1 h 12`, `2 d 04`, `19 d`; Korean `8분 05초`.
 * Below ten seconds with `fine`: one decimal. Negative ages (a source's clock is ahead) are 0.
 */
export function formatAge(seconds: number, language: Language = 'en', fine = false): string {
  if (!Number.isFinite(seconds)) return '–'
  const words = WORDS[language]
  const pair = (big: number, bigUnit: 'm' | 'h' | 'd', small: number, smallUnit: 's' | 'm' | 'h'): string =>
    `${big}${words[bigUnit]}${words.join}${two(small)}${words.last ? words[smallUnit] : ''}`
  if (fine && seconds > 0 && seconds < 9.95) return `${seconds.toFixed(1)}${words.s}`
  const s = Math.max(0, Math.floor(seconds))
  if (s < 60) return `${s}${words.s}`
  if (s < 600) return pair(Math.floor(s / 60), 'm', s % 60, 's')
  if (s < 3600) return `${Math.floor(s / 60)}${words.m}`
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'm')
  if (s < 864_000) return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h')
  return `${Math.floor(s / 86_400)}${words.d}`
}

/** A length of time in a sentence, in seconds: `1 day`, `1 hour, 30 minutes`; its two largest units. Below a second in milliseconds. */
export function formatLength(seconds: number, language: Language = 'en'): string {
  const long = new Intl.DurationFormat(language, { style: 'long' })
  if (seconds > 0 && seconds < 1) return long.format({ milliseconds: Math.round(seconds * 1000) })
  const s = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  if (s === 0) return new Intl.DurationFormat(language, { style: 'long', secondsDisplay: 'always' }).format({ seconds: 0 })
  const units = [
    ['days', Math.floor(s / 86_400)],
    ['hours', Math.floor(s / 3600) % 24],
    ['minutes', Math.floor(s / 60) % 60],
    ['seconds', s % 60],
  ] as const
  const first = units.findIndex(([, value]) => value > 0)
  return long.format(Object.fromEntries(units.slice(first, first + 2).filter(([, value]) => value > 0)))
}

/** Seconds between an ISO time and `now` (milliseconds). */
export const secondsSince = (iso: string, now: number): number => (now - Date.parse(iso)) / 1000

const parts = (zone: string): Intl.DateTimeFormat => {
  let known = formatters.get(zone)
  if (!known) {
    try {
      known = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      })
    } catch {
      known = parts('UTC')
    }
    formatters.set(zone, known)
  }
  return known
}
const formatters = new Map<string, Intl.DateTimeFormat>()

interface Clock {
  readonly date: string
  readonly time: string
}

/** Date `2026-11-19` and time `18:41:14` of a moment in a zone (IANA name); `–` where the moment is no time. */
export function clockOf(at: string | number, zone = 'UTC'): Clock {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  if (!Number.isFinite(ms)) return { date: '–', time: '–' }
  if (zone === 'UTC') {
    const iso = new Date(ms).toISOString()
    const split = iso.indexOf('T')
    return { date: iso.slice(0, split), time: iso.slice(split + 1, split + 9) }
  }
  const found = new Map(
    parts(zone)
      .formatToParts(ms)
      .map((part) => [part.type, part.value]),
  )
  return {
    date: `${found.get('year')}-${found.get('month')}-${found.get('day')}`,
    time: `${found.get('hour')}:${found.get('minute')}:${found.get('second')}`,
  }
}

/** `18:41:14`. */
export const formatTime = (at: string | number, zone = 'UTC'): string => clockOf(at, zone).time

/** `2026-11-19 18:41:14`. */
export function formatDateTime(at: string | number, zone = 'UTC'): string {
  const { date, time } = clockOf(at, zone)
  return date === '–' ? date : `${date} ${time}`
}

/** `18:41:14` today (UTC, by `now`), else with its date: `11-18 18:41:14`, in another year `2025-11-18 18:41:14`. */
export function formatMoment(at: string | number, now: number, zone = 'UTC'): string {
  const { date, time } = clockOf(at, zone)
  const today = clockOf(now, zone).date
  if (date === today || date === '–') return time
  return date.slice(0, 4) === today.slice(0, 4) ? `${date.slice(5)} ${time}` : `${date} ${time}`
}

/** An ISO time with all the decimals it has: `18:21:47.412093`. */
export function formatPrecise(iso: string): string {
  const match = /T(\d\d:\d\d:\d\d(?:\.\d+)?)Z$/.exec(iso)
  return match?.[1] ?? iso
}

/** Date, exact time and zone for a tooltip: `2026-11-19 18:21:47.412093 UTC`. */
export const formatExact = (iso: string): string => iso.replace('T', ' ').replace(/Z$/, ' UTC')

/** `KST`, `UTC`, `GMT+2`: the zone's short name at a moment. */
export function zoneName(zone: string, at: number): string {
  // ICU has abbreviations for few zones; these are the ones desks here use and expect.
  const known: Record<string, string> = { 'Asia/Seoul': 'KST', 'Asia/Tokyo': 'JST', UTC: 'UTC' }
  if (Object.hasOwn(known, zone)) return known[zone] ?? zone
  try {
    const named = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at)
    return named.find((part) => part.type === 'timeZoneName')?.value ?? zone
  } catch {
    return zone
  }
}

/** Less than a second, from seconds: `0 ms`, `0.004 ms`, `12.3 ms`. */
export const formatMillis = (seconds: number): string =>
  seconds === 0 ? '0 ms' : `${(seconds * 1000).toFixed(Math.abs(seconds) < 0.001 ? 3 : 1)} ms`
