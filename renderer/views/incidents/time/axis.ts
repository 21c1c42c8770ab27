/** The time axis of an incident: spans, zoom, round times. All times are milliseconds since 1970. */

import type { TimelineEntry } from '../../../../shared/model/incident.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/** The narrowest window. */
export const NARROWEST = 1000

/** The span of an incident with some room on either side, so that no entry lies on the edge. */
export function roomAround(from: number, to: number): Span {
  const length = Math.max(to - from, 60_000)
  const middle = (from + to) / 2
  return { from: middle - length * 0.52, to: middle + length * 0.52 }
}

/** So many times shorter than all, and what happened has the axis for itself at first. */
const MUCH_SHORTER = 8

/** What happened, where the work on it came so much later that nothing of it could be told apart; otherwise null. */
export function storyOf(entries: readonly Pick<TimelineEntry, 'kind' | 'time' | 'until'>[], all: Span): Span | null {
  const happened = entries.filter(({ kind }) => kind === 'alert' || kind === 'event')
  if (happened.length === 0) return null
  const from = Math.min(...happened.map(({ time }) => Date.parse(time)))
  const to = Math.max(...happened.map(({ time, until }) => Date.parse(until ?? time)))
  const story = roomAround(from, to)
  return (story.to - story.from) * MUCH_SHORTER < all.to - all.from ? story : null
}

/** A window kept inside `all` without changing its length, where it fits. */
export function keptInside(window: Span, all: Span): Span {
  const length = Math.min(window.to - window.from, all.to - all.from)
  const from = Math.max(all.from, Math.min(window.from, all.to - length))
  return { from, to: from + length }
}

/** Twice as near (`1`) or as far (`-1`) around a moment, which keeps its place on screen. Null is all. */
export function zoomed(window: Span, all: Span, around: number, step: 1 | -1): Span | null {
  const factor = step > 0 ? 0.5 : 2
  const length = Math.max(NARROWEST, (window.to - window.from) * factor)
  if (length >= all.to - all.from) return null
  const share = Math.max(0, Math.min(1, (around - window.from) / (window.to - window.from)))
  return keptInside({ from: around - length * share, to: around + length * (1 - share) }, all)
}

/** The window moved so that a moment is in it, a tenth from the edge it came over; the same object where it already is. */
export function movedTo(window: Span, all: Span, at: number): Span {
  if (at >= window.from && at <= window.to) return window
  const length = window.to - window.from
  const from = at < window.from ? at - length * 0.1 : at - length * 0.9
  return keptInside({ from, to: from + length }, all)
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
]

export interface Tick {
  readonly at: number
  readonly label: string
}

/** Round times in a window, at most `most`, with as much of the time as tells them apart. */
export function ticksOf({ from, to }: Span, most: number): readonly Tick[] {
  if (!(to > from) || most < 1) return []
  const length = to - from
  const step = STEPS.find((one) => length / one <= most) ?? Math.ceil(length / most / (28 * DAY)) * 28 * DAY
  const ticks: Tick[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ at, label: tickLabel(at, step) })
  return ticks
}

function tickLabel(at: number, step: number): string {
  const iso = new Date(at).toISOString()
  if (step >= DAY || at % DAY === 0) return iso.slice(5, 10)
  if (step >= MINUTE) return iso.slice(11, 16)
  return step >= 1000 ? iso.slice(11, 19) : iso.slice(11, 21)
}
