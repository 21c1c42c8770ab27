/** How far a group came: its best stretch of the timespan, what the condition judges there, and what was missing. */
import { findMatches, measure } from './find-matches.ts'
import { holds, type Entry, type Judging } from './judging.ts'
import type { Bounds, Judge } from './scenario.ts'

export interface Progress {
  /** Of the best stretch: entries, both inclusive. */
  readonly from: number
  readonly to: number
  readonly reached: number
  /** From where on it would hold; null where that is no lower bound. */
  readonly needed: number | null
  /** Steps that are wanted and were not there. */
  readonly missing: readonly number[]
  /** Between 0 and 1: for comparing groups. */
  readonly part: number
}

/** `entries` in order of time. Null where there are none, or where the group fulfils the condition. */
export function progressOf(plan: Judging, entries: readonly Entry[]): Progress | null {
  if (entries.length === 0 || findMatches(plan, entries).length > 0) return null
  const needed = neededOf(plan)
  let best: Progress | null = null
  for (const [from, to] of stretches(plan, entries)) {
    const part = entries.slice(from, to + 1)
    const reached = measure(plan.judge, part)
    const missing = plan.judge.by === 'steps' ? stepsMissing(plan.steps.length, part) : missingOf(plan.judge, part)
    const share = shareOf(plan.judge, reached, needed, missing)
    if (best === null || share > best.part || (share === best.part && to > best.to))
      best = { from, to, reached, needed, missing, part: share }
  }
  return best
}

/** Below this many stretches each is looked at; of longer histories the last ones are. */
const MOST_STRETCHES = 500

function* stretches({ window, timespan }: Judging, entries: readonly Entry[]): Generator<[from: number, to: number]> {
  const begin = Math.max(0, entries.length - MOST_STRETCHES)
  let from = 0
  for (let to = begin; to < entries.length; to++) {
    const { time } = entries[to]!
    const next = entries[to + 1]?.time
    if (window === 'fixed') {
      const slot = Math.floor(time / timespan)
      if (next !== undefined && Math.floor(next / timespan) === slot) continue
      while (Math.floor(entries[from]!.time / timespan) < slot) from++
    } else {
      if (next === time) continue
      while (entries[from]!.time < time - timespan) from++
    }
    yield [from, to]
  }
}

function neededOf({ judge, steps }: Judging): number | null {
  if (judge.by === 'alternatives') return Math.min(...judge.of.map((one) => one.with.length))
  return leastOf(judge.bounds) ?? (judge.by === 'steps' ? steps.length : null)
}

export const leastOf = ({ gte, gt, eq }: Bounds): number | null => gte ?? (gt === undefined ? (eq ?? null) : gt)

function stepsMissing(steps: number, part: readonly Entry[]): number[] {
  const there = new Set(part.map(({ step }) => step))
  return Array.from({ length: steps }, (_, step) => step).filter((step) => !there.has(step))
}

function missingOf(judge: Judge, part: readonly Entry[]): number[] {
  if (judge.by !== 'alternatives') return []
  const there = new Set(part.map(({ step }) => step))
  // Of the alternatives the one that lacks least.
  const lacks = judge.of.map((one) => one.with.filter((step) => !there.has(step)))
  return lacks.sort((a, b) => a.length - b.length)[0] ?? []
}

function shareOf(judge: Judge, reached: number, needed: number | null, missing: readonly number[]): number {
  if (judge.by === 'alternatives') return needed === null || needed === 0 ? 0 : Math.max(0, 1 - missing.length / (needed + 1))
  if (needed === null || needed <= 0) return holds(judge.bounds, reached) ? 0.99 : 0
  return Math.min(0.99, reached / needed)
}
