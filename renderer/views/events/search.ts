/** What the page shows: a query, a range of time, an order. It lives in the address, so every change can be gone back from and linked. */
import type { TimeWindow } from '../../../shared/contract.ts'
import { showInvisible } from '../../../shared/query/escape.ts'
import { parseQuery } from '../../../shared/query/parse.ts'
import { formatRoute } from '../../app/route.ts'
import { ALL_TIME, rangeOfParams, rangeParams, windowOf, type TimeRange } from '../../components/time-range.ts'
import { SLOTS } from './histogram.ts'

export interface Search {
  readonly where: string
  readonly range: TimeRange
  readonly order: 'newest' | 'oldest'
  /** Event whose detail is open. */
  readonly event: string | null
}

/** The range of a page that says none. */
export const DEFAULT_RANGE: TimeRange = { kind: 'last', seconds: 86_400 }

type Params = Readonly<Record<string, string | undefined>>

/** True where the address says something of its own; a bare `#/events` does not. */
export const saysSearch = (params: Params): boolean =>
  ['where', 'q', 'from', 'to', 'last', 'all', 'order', 'event'].some((name) => params[name] !== undefined)

/** From the address; `where` may also be called `q`. What makes no sense is the default. */
export function searchOfParams(params: Params): Search {
  const where = showInvisible(params['where'] ?? params['q'] ?? '')
  const event = params['event']
  return {
    where: where.trim() === '*' ? '' : where,
    range: params['all'] !== undefined ? ALL_TIME : rangeOfParams(params, DEFAULT_RANGE),
    order: params['order'] === 'oldest' ? 'oldest' : 'newest',
    event: event !== undefined && /^\d{1,16}$/.test(event) ? event : null,
  }
}

export function searchHash(search: Search): string {
  return formatRoute('events', {
    where: search.where,
    ...(search.range.kind === 'all' ? { all: '1' } : rangeParams(search.range)),
    order: search.order === 'oldest' ? 'oldest' : null,
    event: search.event,
  })
}

/** A search begun: the window is fixed at that moment, so grid, histogram and statistics speak of the same events. */
export interface Run {
  readonly where: string
  readonly window: TimeWindow
  readonly order: 'newest' | 'oldest'
  /** Whether events that arrive now may belong to it. */
  readonly open: boolean
  /** When it began (milliseconds, the engine's clock). */
  readonly began: number
}

/** Long ranges begin with a whole minute or quarter of an hour: bars are counted by those, and the total is then exact. */
function wholeStart(from: number, seconds: number): number {
  const bar = seconds / SLOTS
  const unit = bar >= 890 ? 900_000 : bar >= 59 ? 60_000 : 1
  return Math.floor(from / unit) * unit
}

/** Null where the query cannot be read. */
export function beginRun({ where, range, order }: Search, now: number): Run | null {
  if (!parseQuery(where).ok) return null
  const window =
    range.kind === 'last'
      ? { from: new Date(wholeStart(now - range.seconds * 1000, range.seconds)).toISOString(), to: null }
      : windowOf(range, now)
  return { where, window, order, open: window.to === null || Date.parse(window.to) > now, began: now }
}

/** Five times as long, around the same middle; an end that would lie ahead of now is open. */
export function widened(range: TimeRange, now: number): TimeRange {
  if (range.kind === 'all') return range
  if (range.kind === 'last') {
    const wider = [3600, 14_400, 86_400, 604_800, 2_592_000].find((seconds) => seconds > range.seconds)
    return wider === undefined ? ALL_TIME : { kind: 'last', seconds: wider }
  }
  if (range.from === null || range.to === null) return ALL_TIME
  const from = Date.parse(range.from)
  const to = Date.parse(range.to)
  const more = Math.max(1, to - from) * 2
  return {
    kind: 'between',
    from: new Date(from - more).toISOString(),
    to: to + more > now ? null : new Date(to + more).toISOString(),
  }
}

/** The time around a moment (ISO), `seconds` to both sides. */
export function around(iso: string, seconds: number): TimeRange {
  const at = Date.parse(iso)
  return { kind: 'between', from: new Date(at - seconds * 1000).toISOString(), to: new Date(at + seconds * 1000).toISOString() }
}
