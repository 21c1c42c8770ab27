/** Steps that must all have happened, in any order or in theirs, while a window slides. */
import type { Entry } from './judging.ts'

export interface Row {
  enter(entry: Entry): void
  /** The latest time since when all of it happened; -Infinity where it did not. */
  since(): number
}

export function allOf(wanted: readonly number[]): Row {
  const last = new Map(wanted.map((step) => [step, -Infinity]))
  return {
    enter: ({ step, time }) => void (last.has(step) && last.set(step, time)),
    since: () => Math.min(...last.values()),
  }
}

/** Entries of one time may come in any order: those places of the row that have that time are tried again from the first on. */
export function rowOf(wanted: readonly number[]): Row {
  const places = new Map(wanted.map((step, place) => [step, place]))
  const since = new Array<number>(wanted.length).fill(-Infinity)
  let now = -Infinity
  let same: number[] = []
  return {
    enter({ step, time }) {
      const place = places.get(step)
      if (place === undefined) return
      if (time !== now) same = []
      now = time
      // A flood of one time is a few places.
      if (same.includes(place)) return
      same.push(place)
      for (const at of same.sort((a, b) => a - b)) since[at] = at === 0 ? time : Math.max(since[at]!, since[at - 1]!)
    },
    since: () => since.at(-1) ?? -Infinity,
  }
}
