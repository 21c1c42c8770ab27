/** What has arrived since the rows were read. Held until asked for, so that nothing moves under the reader; followed on request. */
import type { EventRow } from '../../../shared/model/event.ts'

export interface Arrivals {
  /** Events that fit and wait. */
  readonly held: number
  /** When the first of them came (milliseconds, this machine's clock); null while none waits. */
  readonly since: number | null
  /** Time of the newest event that came, ISO. */
  readonly last: string | null
  readonly following: boolean
  /** Following ended because the reader went to a row. */
  readonly stopped: boolean
  /** While following: the newest events, newest first. */
  readonly tail: readonly EventRow[]
  /** While following: events that came too fast to be shown. */
  readonly skipped: number
}

/** Rows that a followed tail keeps. */
export const TAIL = 1000

export const QUIET: Arrivals = { held: 0, since: null, last: null, following: false, stopped: false, tail: [], skipped: 0 }

export type ArrivalChange =
  /** A delta of `events.watch`, oldest first. */
  | { readonly kind: 'came'; readonly events: readonly EventRow[]; readonly missed: number; readonly now: number }
  /** The rows were read anew. */
  | { readonly kind: 'shown' }
  | { readonly kind: 'follow'; readonly rows: readonly EventRow[] }
  /** `reading`: the reader has not asked for it, but went to a row. */
  | { readonly kind: 'hold'; readonly reading: boolean }
  /** Another search. */
  | { readonly kind: 'reset' }

export function changeArrivals(before: Arrivals, change: ArrivalChange): Arrivals {
  switch (change.kind) {
    case 'came': {
      const { events, missed, now } = change
      const count = events.length + missed
      if (count === 0) return before
      const last = events.reduce<string | null>(
        (latest, { time }) => (latest === null || time > latest ? time : latest),
        before.last,
      )
      if (!before.following) return { ...before, held: before.held + count, since: before.since ?? now, last }
      return {
        ...before,
        last,
        tail: newestFirst(before.tail, events),
        skipped: before.skipped + missed + Math.max(0, events.length - TAIL),
      }
    }
    case 'shown':
      return { ...before, held: 0, since: null }
    case 'follow':
      return { ...before, held: 0, since: null, following: true, stopped: false, tail: change.rows.slice(0, TAIL), skipped: 0 }
    case 'hold':
      return { ...before, following: false, stopped: change.reading, tail: [], skipped: 0 }
    case 'reset':
      return QUIET
  }
}

/** New events before the old ones; one that is there already (a reconnect gives it again) stays where it is. */
function newestFirst(tail: readonly EventRow[], events: readonly EventRow[]): readonly EventRow[] {
  const known = new Set(tail.slice(0, TAIL).map(({ id }) => id))
  const fresh = events.filter(({ id }) => !known.has(id)).toReversed()
  return [...fresh, ...tail].slice(0, TAIL)
}
