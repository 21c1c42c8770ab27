/** The arithmetic of the overview. */
import type { OutputOf } from '../../client/types.ts'
import { SEVERITIES, type Severity } from '../../../shared/model/severity.ts'

export type Numbers = OutputOf<'overview.numbers'>

/** Windows that are offered, in hours. */
export const HOURS = [1, 4, 24, 168] as const
export type Hours = (typeof HOURS)[number]

/** Most urgent first, as every list shows them. */
export const URGENT_FIRST: readonly Severity[] = SEVERITIES.toReversed()

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Bars of a height between 0 and 1 on the scale of `most`; what is there is never invisible. */
export const heights = (counts: readonly number[], most: number): number[] =>
  counts.map((count) => (count <= 0 ? 0 : Math.max(0.06, Math.min(1, count / Math.max(1, most)))))

export interface SlotWindow {
  readonly from: string
  readonly to: string
}

/** The window of a slot; the last one ends with the window of all. */
export function slotWindow(numbers: Pick<Numbers, 'from' | 'to' | 'slotMinutes'>, slot: number): SlotWindow {
  const start = Date.parse(numbers.from) + slot * numbers.slotMinutes * 60_000
  const end = Math.min(Date.parse(numbers.to), start + numbers.slotMinutes * 60_000)
  return { from: new Date(start).toISOString(), to: new Date(Math.max(end, start + 1)).toISOString() }
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080]

export interface Tick {
  readonly label: string
  /** 0 at the left end, 1 at the right one. */
  readonly place: number
}

/** Round moments (UTC) of an axis, at most about `most`; a day is written where one begins. */
export function ticks(from: string, to: string, most: number): Tick[] {
  const start = Date.parse(from)
  const span = Date.parse(to) - start
  if (!(span > 0) || most < 1) return []
  const step = (STEPS.find((minutes) => span / 60_000 / minutes <= most) ?? STEPS.at(-1) ?? 1440) * 60_000
  const found: Tick[] = []
  for (let at = Math.ceil(start / step) * step; at < start + span; at += step) {
    const iso = new Date(at).toISOString()
    found.push({ place: (at - start) / span, label: at % 86_400_000 === 0 ? iso.slice(5, 10) : iso.slice(11, 16) })
  }
  return found
}
