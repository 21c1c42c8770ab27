/** Windows that end at any event, and what is counted while they slide. */
import { ExactSum } from './exact-sum.ts'
import { holds, inOrder, number, type Entry, type Judging, type Match, type Stretch } from './judging.ts'
import { allOf, rowOf } from './rows.ts'
import type { Bounds } from './scenario.ts'

const ALL: Stretch = { after: -Infinity, until: Infinity }

/**
 * A window that slides over the events of one group as they come: what is found is what `findMatches` says of all that were fed,
 * whether they come in order of time or somewhat late.
 */
export class SlidingWindow<E extends Entry> {
  readonly #plan: Judging
  #judge: Sliding
  #entries: E[] = []
  /** Index of the first that is inside. */
  #from = 0
  /** From this time on every event of the group is here. */
  #since: number

  /** `since`: every event of the group from this time on will be fed. */
  constructor(plan: Judging, since = -Infinity) {
    this.#plan = plan
    this.#judge = slidingOf(plan)
    this.#since = since
  }

  /** What was fed and is not forgotten, in order of time. */
  get entries(): readonly E[] {
    return this.#entries
  }

  /** Whether an event of this time can be added: it is not older than what was, or all that could be in a window with it is here. */
  takes(time: number): boolean {
    return this.#follows(time) || time - this.#plan.timespan >= this.#since
  }

  #follows(time: number): boolean {
    const last = this.#entries.at(-1)
    if (last === undefined || time > last.time) return true
    const { judge } = this.#plan
    // Steps of one time are taken in their order, so those of one time must come together.
    return time === last.time && !(judge.by === 'steps' && judge.ordered)
  }

  /** Events that the window `takes`, in order of time. As {@link feed}; where some are late, what was found before may be found again. */
  add(added: readonly E[]): Match[] {
    if (added.length === 0 || this.#follows(added[0]!.time)) return this.feed(added)
    const all = merged(this.#entries, added)
    this.#judge = slidingOf(this.#plan)
    this.#entries = []
    this.#from = 0
    return this.feed(all)
  }

  /** In order of time. Gives what is found in windows that end with these, as places in `entries`; ranges that overlap are one. */
  feed(added: readonly E[], { after, until }: Stretch = ALL): Match[] {
    const entries = this.#entries
    let next = entries.length
    for (const entry of added) entries.push(entry)
    const found: Match[] = []
    while (next < entries.length) {
      const { time } = entries[next]!
      const start = time - this.#plan.timespan
      // Events of one time belong together: which of them came first is not known.
      const first = next
      while (next < entries.length && entries[next]!.time === time) next++
      for (const entry of next - first > 1 ? entries.slice(first, next).sort((a, b) => a.step - b.step) : [entries[first]!])
        this.#judge.enter(entry)
      while (entries[this.#from]!.time < start) this.#judge.leave(entries[this.#from++]!)
      if (start >= after && time <= until && this.#judge.holds(start))
        found.push({ from: this.#from, to: next - 1, fulfilled: time })
    }
    return joined(found)
  }

  /**
   * Forgets what is outside, but for what is needed to take events that are so `late` (microseconds); and of what is inside all but the
   * newest `most`. Gives the oldest that stays where some inside went.
   */
  forget(most: number, late = 0): E | null {
    const last = this.#entries.at(-1)
    if (last === undefined) return null
    const bound = this.#entries.length - this.#from > most
    while (this.#entries.length - this.#from > most) this.#judge.leave(this.#entries[this.#from++]!)
    const least = bound ? this.#entries[this.#from]!.time : last.time - this.#plan.timespan - late
    let gone = bound ? this.#from : 0
    while (gone < this.#from && this.#entries[gone]!.time < least) gone++
    this.#entries.splice(0, gone)
    this.#from -= gone
    this.#since = Math.max(this.#since, bound ? least + 1 : least)
    return bound ? this.#entries[0]! : null
  }
}

/** Both in order; of what is equal, the first list's comes first. */
function merged<E extends Entry>(a: readonly E[], b: readonly E[]): E[] {
  const all: E[] = []
  let next = 0
  for (const one of a) {
    while (next < b.length && inOrder(b[next]!, one) < 0) all.push(b[next++]!)
    all.push(one)
  }
  while (next < b.length) all.push(b[next++]!)
  return all
}

/** Overlapping ranges become one. */
export function joined(ranges: Match[]): Match[] {
  const all: Match[] = []
  for (const range of ranges) {
    const last = all.at(-1)
    if (last !== undefined && range.from <= last.to)
      all[all.length - 1] = {
        from: last.from,
        to: Math.max(last.to, range.to),
        fulfilled: Math.min(last.fulfilled, range.fulfilled),
      }
    else all.push(range)
  }
  return all
}

/** Counts while a window slides. Entries leave in the order in which they came. */
interface Sliding {
  enter(entry: Entry): void
  leave(entry: Entry): void
  /** `start`: the earliest time that is inside. */
  holds(start: number): boolean
}

function slidingOf({ judge, steps }: Judging): Sliding {
  switch (judge.by) {
    case 'count': {
      if (entersOnce(steps)) {
        let count = 0
        return { enter: () => void count++, leave: () => void count--, holds: () => holds(judge.bounds, count) }
      }
      const ids = new Counts<number>()
      return {
        enter: ({ id }) => void ids.add(id),
        leave: ({ id }) => void ids.drop(id),
        holds: () => holds(judge.bounds, ids.size),
      }
    }
    case 'distinct': {
      const values = new Counts<Entry['value']>()
      return {
        enter: ({ value }) => void values.add(value),
        leave: ({ value }) => void values.drop(value),
        holds: () => holds(judge.bounds, values.size),
      }
    }
    case 'sum': {
      const sum = new ExactSum()
      const seen = entersOnce(steps) ? null : new Counts<string>()
      return {
        enter({ id, value }) {
          if (seen === null || seen.add(`${id} ${value}`)) sum.add(number(value))
        },
        leave({ id, value }) {
          if (seen === null || seen.drop(`${id} ${value}`)) sum.add(-number(value))
        },
        holds: () => holds(judge.bounds, sum.value),
      }
    }
    case 'steps':
      return judge.ordered ? orderedSteps(judge.bounds, steps.length) : anySteps(judge.bounds, steps.length)
    case 'alternatives': {
      const rows = judge.of.map(({ with: wanted }) => (judge.ordered ? rowOf(wanted) : allOf(wanted)))
      return {
        enter: (entry) => rows.forEach((row) => row.enter(entry)),
        leave: () => undefined,
        holds: (start) => rows.some((row) => row.since() >= start),
      }
    }
    case 'average':
    case 'percentile':
    case 'period':
    case 'baseline':
      // Never slid: what they say falls as well as rises.
      return { enter: () => undefined, leave: () => undefined, holds: () => false }
  }
}

/** Whether what enters is there once: an event may match several rules, and a match takes part at several times. */
const entersOnce = (steps: Judging['steps']): boolean => steps.length === 1 && steps[0]!.kind === 'rule'

/** How often each is there. */
export class Counts<T> {
  readonly #counts = new Map<T, number>()

  get size(): number {
    return this.#counts.size
  }

  /** Whether it was not there. */
  add(one: T): boolean {
    const count = this.#counts.get(one) ?? 0
    this.#counts.set(one, count + 1)
    return count === 0
  }

  /** Whether it is there no more. */
  drop(one: T): boolean {
    const count = this.#counts.get(one)! - 1
    if (count > 0) this.#counts.set(one, count)
    else this.#counts.delete(one)
    return count === 0
  }
}

function anySteps(bounds: Bounds, steps: number): Sliding {
  const last = new Array<number>(steps).fill(-Infinity)
  return {
    enter: ({ step, time }) => void (last[step] = time),
    leave: () => undefined,
    holds: (start) =>
      holds(
        bounds,
        last.reduce((count, time) => (time >= start ? count + 1 : count), 0),
      ),
  }
}

/** `since[n][k]`: the latest time at which a row of n + 1 steps that ends with step k can have begun. */
function orderedSteps(bounds: Bounds, steps: number): Sliding {
  const since = Array.from({ length: steps }, () => new Array<number>(steps).fill(-Infinity))
  return {
    enter({ step, time }) {
      since[0]![step] = time
      for (let n = 1; n <= step; n++) {
        let best = since[n]![step]!
        for (let before = n - 1; before < step; before++) best = Math.max(best, since[n - 1]![before]!)
        since[n]![step] = best
      }
    },
    leave: () => undefined,
    holds(start) {
      let longest = 0
      for (let n = 0; n < steps; n++) if (since[n]!.some((time) => time >= start)) longest = n + 1
      return holds(bounds, longest)
    },
  }
}
