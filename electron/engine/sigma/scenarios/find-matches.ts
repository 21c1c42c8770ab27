/**
 * What a scenario finds among the events of one group: the heart of it, without state, clock or store. The same events give the
 * same matches, in whatever order they came. docs/sigma.md says why it is judged so.
 */
import { exactSum } from './exact-sum.ts'
import { holds, number, type Entry, type Judging, type Match, type Stretch } from './judging.ts'
import { allOf, rowOf } from './rows.ts'
import type { Judge, ScenarioPlan } from './scenario.ts'
import { Counts, joined, SlidingWindow } from './sliding-window.ts'

const ALL: Stretch = { after: -Infinity, until: Infinity }

/** Matches in order of time. `entries` must be in order of time. Windows that have not ended yet are judged as if nothing followed. */
export function findMatches(plan: Judging, entries: readonly Entry[], stretch = ALL): Match[] {
  switch (plan.window) {
    case 'sliding':
      return new SlidingWindow(plan).feed(entries, stretch)
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
  // A window holds what any alternative wants: so windows of two that share events are one match.
  const anyWanted = new Set(judge.of.flatMap((one) => one.with))
  for (const { with: wanted, without } of judge.of) {
    const row = judge.ordered ? rowOf(wanted) : allOf(wanted)
    let end = 0
    /** The last entries before `end` that are wanted and not; `to` with all of its time: which of them came first is not known. */
    let to = -1
    let last = -Infinity
    let latest = -Infinity
    let unwanted = -Infinity
    for (let from = 0; from < entries.length;) {
      const { time } = entries[from]!
      for (; end < entries.length && entries[end]!.time <= time + timespan; end++) {
        const entry = entries[end]!
        row.enter(entry)
        if (wanted.includes(entry.step)) last = entry.time
        if (anyWanted.has(entry.step)) latest = entry.time
        if (entry.time === latest) to = end
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
