/**
 * What a scenario finds among the events of one group: the heart of it, without state, clock or store. The same events give the
 * same matches, in whatever order they came. docs/sigma.md says why it is judged so.
 */
import { exactSum, ExactSum } from './exact-sum.ts'
import type { Bounds, Judge, ScenarioPlan } from './scenario.ts'

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

/** Which windows are judged: those that begin at `after` or later and end at `until` or earlier. Event times, microseconds. */
export interface Stretch {
  readonly after: number
  readonly until: number
}
const ALL: Stretch = { after: -Infinity, until: Infinity }

/** Matches in order of time. `entries` must be in order of time. Windows that have not ended yet are judged as if nothing followed. */
export function findMatches(plan: Judging, entries: readonly Entry[], stretch = ALL): Match[] {
  switch (plan.window) {
    case 'sliding':
      return sliding(plan, entries, stretch)
    case 'fixed':
      return fixed(plan, entries, stretch)
    case 'forward':
      return forward(plan, entries, stretch)
  }
}

/** How far before and after an event others are to be looked at, to know what it changes. Microseconds. */
export function reachOf({ judge, timespan }: Pick<ScenarioPlan, 'judge' | 'timespan'>): number {
  return judge.by === 'baseline' ? timespan * (judge.windows + 1) : timespan
}

/** Fewer entries than this cannot fulfil a plan, wherever they lie. */
export function leastEntries({ judge }: Pick<ScenarioPlan, 'judge'>): number {
  switch (judge.by) {
    case 'count':
    case 'distinct':
      return Math.max(1, judge.bounds.gte ?? 0, judge.bounds.gt === undefined ? 0 : judge.bounds.gt + 1)
    case 'alternatives':
    case 'steps':
    case 'sum':
    case 'average':
    case 'percentile':
    case 'period':
    case 'baseline':
      // One event may fulfil several steps.
      return 1
  }
}

/** When a window that `time` lies in is over and can be judged; where nothing has to be waited for, `time` itself. */
export function dueAt({ window, timespan }: Pick<ScenarioPlan, 'window' | 'timespan'>, time: number): number {
  if (window === 'sliding') return time
  return window === 'fixed' ? (Math.floor(time / timespan) + 1) * timespan : time + timespan
}

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

/** What the judge says of entries taken together: a count, a sum, how many steps there are. */
export function measure(judge: Judge, entries: readonly Entry[]): number {
  switch (judge.by) {
    case 'count':
    case 'period':
      return new Set(entries.map(({ id }) => id)).size
    case 'distinct':
      return new Set(entries.map(({ value }) => value)).size
    case 'sum':
    case 'baseline':
      return exactSum(numbersOf(entries))
    case 'average': {
      const values = numbersOf(entries)
      return values.length === 0 ? 0 : exactSum(values) / values.length
    }
    case 'percentile':
      return percentile(numbersOf(entries), judge.percentile)
    case 'steps':
      return judge.ordered ? longestRow(entries, -Infinity) : new Set(entries.map(({ step }) => step)).size
    case 'alternatives':
      return new Set(entries.map(({ step }) => step)).size
  }
}

const number = (value: Entry['value']): number => (typeof value === 'number' ? value : 0)

/** The numbers of entries; what an event brings twice (by two rules, or at two times) counts once. */
function numbersOf(entries: readonly Entry[]): number[] {
  const seen = new Map<number, number[]>()
  for (const { id, value } of entries) {
    const own = seen.get(id)
    if (own === undefined) seen.set(id, [number(value)])
    else if (!own.includes(number(value))) own.push(number(value))
  }
  return [...seen.values()].flat()
}

/** By nearest rank: the smallest value that at least so many per cent of all do not exceed. */
function percentile(values: readonly number[], per: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  // 16.1 per cent of 1000 are 161, not the 161.00000000000003 that doubles make of it.
  const rank = Math.ceil(Number(((per * sorted.length) / 100).toFixed(9)))
  return sorted[Math.max(0, rank - 1)] ?? 0
}

/** Overlapping ranges become one. */
function joined(ranges: Match[]): Match[] {
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

function sliding(plan: Judging, entries: readonly Entry[], { after, until }: Stretch): Match[] {
  const window = slidingOf(plan)
  const found: Match[] = []
  let from = 0
  for (let next = 0; next < entries.length;) {
    const { time } = entries[next]!
    const start = time - plan.timespan
    // Events of one time belong together: which of them came first is not known.
    const first = next
    while (next < entries.length && entries[next]!.time === time) next++
    for (const entry of next - first > 1 ? entries.slice(first, next).sort((a, b) => a.step - b.step) : [entries[first]!])
      window.enter(entry)
    while (entries[from]!.time < start) window.leave(entries[from++]!)
    if (start >= after && time <= until && window.holds(start)) found.push({ from, to: next - 1, fulfilled: time })
  }
  return joined(found)
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
class Counts<T> {
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

/** The longest row of steps in their order, each at most once, among entries in order of time. */
function longestRow(entries: readonly Entry[], start: number): number {
  const best: number[] = []
  for (let next = 0; next < entries.length;) {
    const { time } = entries[next]!
    const same: Entry[] = []
    while (next < entries.length && entries[next]!.time === time) same.push(entries[next++]!)
    if (time < start) continue
    for (const { step } of same.sort((a, b) => a.step - b.step)) {
      let before = 0
      for (let k = 0; k < step; k++) before = Math.max(before, best[k] ?? 0)
      best[step] = Math.max(best[step] ?? 0, before + 1)
    }
  }
  return best.reduce((most, length) => Math.max(most, length ?? 0), 0)
}

interface Row {
  enter(entry: Entry): void
  /** The latest time since when all of it happened; -Infinity where it did not. */
  since(): number
}

function allOf(wanted: readonly number[]): Row {
  const last = new Map(wanted.map((step) => [step, -Infinity]))
  return {
    enter: ({ step, time }) => void (last.has(step) && last.set(step, time)),
    since: () => Math.min(...last.values()),
  }
}

/** Entries of one time must come in order of steps, or of the row: they are tried again until nothing changes. */
function rowOf(wanted: readonly number[]): Row {
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
      same.push(place)
      for (const at of same.sort((a, b) => a - b)) since[at] = at === 0 ? time : Math.max(since[at]!, since[at - 1]!)
    },
    since: () => since.at(-1) ?? -Infinity,
  }
}

/** Windows [k · timespan, (k + 1) · timespan) since 1970 in which the condition holds; each is a match of its own. */
function fixed({ judge, timespan }: Judging, entries: readonly Entry[], { after, until }: Stretch): Match[] {
  const found: Match[] = []
  /** Sums of the windows that had events. */
  const sums = new Map<number, number>()
  for (let from = 0; from < entries.length;) {
    const window = Math.floor(entries[from]!.time / timespan)
    let next = from
    while (next < entries.length && Math.floor(entries[next]!.time / timespan) === window) next++
    const part = entries.slice(from, next)
    const value = measure(judge, part)
    if (judge.by === 'baseline') sums.set(window, value)
    const judged = window * timespan >= after && (window + 1) * timespan <= until
    if (judged && judge.by !== 'alternatives' && holds(judge.bounds, value) && more(judge, window, part, sums))
      found.push({ from, to: next - 1, fulfilled: entries[next - 1]!.time })
    from = next
  }
  return found
}

/** Windows with a history of fewer are not compared with it. */
export const MIN_HISTORY = 3

/** What some judges ask beside their bounds. */
function more(judge: Judge, window: number, part: readonly Entry[], sums: ReadonlyMap<number, number>): boolean {
  if (judge.by === 'period') return isRegular(judge, part)
  if (judge.by !== 'baseline') return true
  let first = window
  let sum = 0
  for (let before = window - judge.windows; before < window; before++) {
    const one = sums.get(before)
    if (one === undefined) continue
    first = Math.min(first, before)
    sum += one
  }
  const history = window - first
  // Not divided: a third of a sum three times is the sum.
  return history >= MIN_HISTORY && sums.get(window)! * history >= judge.factor * sum
}

/** Events of one time are one; a match is there when it first takes part. */
function isRegular({ shortest, longest, jitter }: Extract<Judge, { by: 'period' }>, part: readonly Entry[]): boolean {
  const seen = new Counts<number>()
  const times = [...new Set(part.filter(({ id }) => seen.add(id)).map(({ time }) => time))]
  if (times.length < 3) return false
  const mean = (times.at(-1)! - times[0]!) / (times.length - 1)
  let off = 0
  for (let i = 1; i < times.length; i++) off += Math.abs(times[i]! - times[i - 1]! - mean)
  return mean >= shortest && mean <= longest && off / (times.length - 1) <= (jitter / 100) * mean
}

/** Windows [t, t + timespan] that begin with an event that is wanted, and in which nothing happens that is not. */
function forward({ judge, timespan }: Judging, entries: readonly Entry[], { after, until }: Stretch): Match[] {
  if (judge.by !== 'alternatives') return []
  const found: Match[] = []
  for (const { with: wanted, without } of judge.of) {
    const row = judge.ordered ? rowOf(wanted) : allOf(wanted)
    let end = 0
    /** The last entries before `end` that are wanted and not; `to` with all of its time: which of them came first is not known. */
    let to = -1
    let last = -Infinity
    let unwanted = -Infinity
    for (let from = 0; from < entries.length;) {
      const { time } = entries[from]!
      for (; end < entries.length && entries[end]!.time <= time + timespan; end++) {
        const entry = entries[end]!
        row.enter(entry)
        if (wanted.includes(entry.step)) last = entry.time
        if (entry.time === last) to = end
        if (without.includes(entry.step)) unwanted = entry.time
      }
      let begins = false
      let next = from
      for (; next < entries.length && entries[next]!.time === time; next++) begins ||= wanted.includes(entries[next]!.step)
      const judged = time >= after && time + timespan <= until
      if (begins && judged && unwanted < time && row.since() >= time) found.push({ from, to, fulfilled: last })
      from = next
    }
  }
  return joined(found.sort((a, b) => a.from - b.from || a.to - b.to))
}
