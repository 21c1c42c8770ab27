/** What is judged, and what is found: the words of `find-matches.ts` and its windows. */
import type { Bounds, ScenarioPlan } from './scenario.ts'

/** An event (or a match of another scenario) that takes part. */
export interface Entry {
  /** Event time, microseconds. */
  readonly time: number
  /** Of the event or the match: what has one id is one, whatever many rules, values and times it takes part with. */
  readonly id: number
  /** Index of the plan's step. */
  readonly step: number
  /** What is judged of it: text for distinct values, a number for sums; null where nothing is. */
  readonly value: string | number | null
}

/** Entries `from` to `to` (both inclusive) fulfil the scenario; `fulfilled` is when they first did, in event time. */
export interface Match {
  readonly from: number
  readonly to: number
  readonly fulfilled: number
}

export type Judging = Pick<ScenarioPlan, 'timespan' | 'window' | 'judge' | 'steps'>

export const inOrder = (a: Entry, b: Entry): number => a.time - b.time || a.id - b.id || a.step - b.step

export function holds(bounds: Bounds, value: number): boolean {
  return (
    (bounds.gt === undefined || value > bounds.gt) &&
    (bounds.gte === undefined || value >= bounds.gte) &&
    (bounds.lt === undefined || value < bounds.lt) &&
    (bounds.lte === undefined || value <= bounds.lte) &&
    (bounds.eq === undefined || value === bounds.eq) &&
    (bounds.neq === undefined || value !== bounds.neq)
  )
}

/** What an entry adds to a sum. */
export const number = (value: Entry['value']): number => (typeof value === 'number' ? value : 0)

/** Which windows are judged: those that begin at `after` or later and end at `until` or earlier. Event times, microseconds. */
export interface Stretch {
  readonly after: number
  readonly until: number
}
