/** A range of time as a person chooses it, its window for the engine, and its text in a route. */
import type { TimeWindow } from '../../shared/contract.ts'
import { IsoTime } from '../../shared/model/time.ts'

export type TimeRange =
  | { readonly kind: 'all' }
  /** The last so many seconds, to now. */
  | { readonly kind: 'last'; readonly seconds: number }
  /** Half-open, ISO-8601 UTC; null is open. */
  | { readonly kind: 'between'; readonly from: string | null; readonly to: string | null }

export const ALL_TIME: TimeRange = { kind: 'all' }
/** Seconds of the ranges that are offered. */
export const LAST_SECONDS = [900, 3600, 14_400, 86_400, 604_800, 2_592_000] as const

/** The window now (milliseconds, the engine's clock). The end of `last` is open, so that what arrives is in it. */
export function windowOf(range: TimeRange, now: number): TimeWindow {
  if (range.kind === 'all') return { from: null, to: null }
  if (range.kind === 'between') return { from: range.from, to: range.to }
  return { from: new Date(now - range.seconds * 1000).toISOString(), to: null }
}

/** Milliseconds after which the window of a range is to be asked for anew, a sixtieth of it; null where it does not move. */
export const stepOf = (range: TimeRange): number | null =>
  range.kind === 'last' ? 1000 * Math.min(3600, Math.max(60, Math.round(range.seconds / 60))) : null

/** `last=14400`, `from=…&to=…`, or nothing for all: parameters of a route. */
export const rangeParams = (range: TimeRange): { last?: string; from?: string; to?: string } =>
  range.kind === 'all'
    ? {}
    : range.kind === 'last'
      ? { last: String(range.seconds) }
      : { ...(range.from ? { from: range.from } : {}), ...(range.to ? { to: range.to } : {}) }

/** The inverse; `fallback` where the parameters say nothing or nonsense. */
export function rangeOfParams(params: Readonly<Record<string, string | undefined>>, fallback: TimeRange = ALL_TIME): TimeRange {
  const seconds = Number(params['last'])
  if (params['last'] !== undefined && Number.isInteger(seconds) && seconds > 0 && seconds <= 10 * 366 * 86_400)
    return { kind: 'last', seconds }
  const time = (text: string | undefined): string | null => (text !== undefined && IsoTime.safeParse(text).success ? text : null)
  const from = time(params['from'])
  const to = time(params['to'])
  return from || to ? { kind: 'between', from, to } : fallback
}

/**
 * What a person typed as a moment, UTC: `2026-11-19 18:21`, `2026-11-19`, `18:21:30` (today by `now`). Gives ISO-8601 UTC, null for
 * empty text, undefined where it is no time.
 */
export function momentOf(text: string, now: number): string | null | undefined {
  const trimmed = text.trim().replace(/\s*(?:utc|z)$/i, '')
  if (trimmed === '') return null
  const match = /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/.exec(trimmed)
  if (!match || (match[1] === undefined && match[4] === undefined)) return undefined
  const today = new Date(now)
  const [year, month, day] =
    match[1] === undefined
      ? [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
      : [Number(match[1]), Number(match[2]) - 1, Number(match[3])]
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)]
  if (month > 11 || month < 0 || hour > 23 || minute > 59 || second > 59) return undefined
  const at = new Date(Date.UTC(year, month, day, hour, minute, second))
  if (Number.isNaN(at.getTime()) || at.getUTCDate() !== day) return undefined
  const iso = at.toISOString()
  return match[7] === undefined ? iso : `${iso.slice(0, 19)}.${match[7]}Z`
}
