/** Scenarios over events that are all there: files from a terminal, or a stretch of history. Nothing is judged before the end. */
import type { Text } from '../compile/row-view.ts'
import { contributions, groupKey, type ReadField } from './contribution.ts'
import { findMatches, measure } from './find-matches.ts'
import { inOrder, type Entry } from './judging.ts'
import type { ScenarioPlan } from './scenario.ts'

/** An event that takes part: its id as it was given, or the match of another scenario. */
export interface FoundEntry {
  readonly time: number
  readonly step: number
  readonly event: number | null
  readonly match: FoundScenario | null
}

export interface FoundScenario {
  readonly plan: ScenarioPlan
  /** Values of `groupBy`, spelled as in the earliest event. */
  readonly group: readonly string[]
  /** Event times, microseconds. */
  readonly first: number
  readonly last: number
  readonly fulfilled: number
  /** What the condition judges, over all of it. */
  readonly measure: number
  readonly entries: readonly FoundEntry[]
}

interface RunEntry extends Entry {
  readonly match: FoundScenario | null
  /** The plan's `reads`, where another scenario may ask. */
  readonly reads: readonly (Text | undefined)[] | null
  readonly group: readonly string[]
}

/** More events than this that take part are not kept; `dropped` counts them. */
const MOST_ENTRIES = 4_000_000

export class ScenarioRun {
  readonly #plans: readonly ScenarioPlan[]
  /** Id of a rule or scenario → where it is a step. */
  readonly #uses = new Map<string, { readonly plan: number; readonly step: number }[]>()
  /** By plan and group. */
  readonly #groups: Map<string, RunEntry[]>[]
  readonly #most: number
  #entries = 0
  #dropped = 0

  /** `plans`: each behind those it speaks of. */
  constructor(plans: readonly ScenarioPlan[], most = MOST_ENTRIES) {
    this.#plans = plans
    this.#most = most
    this.#groups = plans.map(() => new Map<string, RunEntry[]>())
    plans.forEach(({ steps }, plan) =>
      steps.forEach(({ id }, step) => {
        const uses = this.#uses.get(id)
        if (uses === undefined) this.#uses.set(id, [{ plan, step }])
        else uses.push({ plan, step })
      }),
    )
  }

  /** Events that took part and are not kept. */
  get dropped(): number {
    return this.#dropped
  }

  /** Whether a rule is a step of anything here. */
  uses(rule: string): boolean {
    return this.#uses.has(rule)
  }

  /** A rule matched an event. `event` tells it apart from others; events may come in any order. */
  add(rule: string, event: number, time: number, read: ReadField): void {
    this.#add(rule, event, time, read, null, new Set())
  }

  #add(id: string, entry: number, time: number, read: ReadField, match: FoundScenario | null, done: Set<string>): void {
    for (const { plan: place, step } of this.#uses.get(id) ?? []) {
      const plan = this.#plans[place]!
      const fields = plan.steps[step]!.fields
      const needed = this.#uses.has(plan.id)
      for (const { group, value } of contributions(plan, step, read)) {
        if (this.#entries >= this.#most) {
          this.#dropped++
          continue
        }
        const key = groupKey(group)
        const reads = needed ? fields.map((field) => read(field)) : null
        // However many of a match's events have these values at this time, they are one.
        const once = match === null ? '' : JSON.stringify([place, step, key, value, time, reads])
        if (match !== null && done.has(once)) continue
        if (match !== null) done.add(once)
        const made: RunEntry = { time, id: entry, step, value, match, reads, group }
        const entries = this.#groups[place]!.get(key)
        if (entries === undefined) this.#groups[place]!.set(key, [made])
        else entries.push(made)
        this.#entries++
      }
    }
  }

  /** All that was found, in order of plans, and of time within a plan. */
  finish(): FoundScenario[] {
    const found: FoundScenario[] = []
    this.#plans.forEach((plan, place) => {
      const own: FoundScenario[] = []
      for (const entries of this.#groups[place]!.values()) {
        entries.sort(inOrder)
        for (const { from, to, fulfilled } of findMatches(plan, entries)) {
          const part = entries.slice(from, to + 1)
          own.push({
            plan,
            group: part[0]!.group,
            first: part[0]!.time,
            last: part.at(-1)!.time,
            fulfilled,
            measure: measure(plan.judge, part),
            entries: part.map(({ time, step, id, match }) => ({ time, step, event: match === null ? id : null, match })),
          })
          if (this.#uses.has(plan.id)) this.#pass(own.at(-1)!, part, -1 - found.length - own.length)
        }
        entries.length = 0
      }
      own.sort((a, b) => a.first - b.first || a.last - b.last || (groupKey(a.group) < groupKey(b.group) ? -1 : 1))
      found.push(...own)
    })
    return found
  }

  /** A match takes part in scenarios of scenarios with each of its events. */
  #pass(match: FoundScenario, part: readonly RunEntry[], id: number): void {
    const done = new Set<string>()
    const { reads: names, id: scenario } = match.plan
    for (const { time, reads } of standing(match.fulfilled, part))
      this.#add(scenario, id, time, (field) => reads?.[names.indexOf(field)], match, done)
  }
}

/**
 * With what a match takes part in scenarios above it: each of its events stands for it with its values, at its own time, and not
 * before the match was first fulfilled.
 */
export const standing = <T extends { readonly time: number }>(fulfilled: number, part: readonly T[]): T[] =>
  part.map((entry) => (entry.time >= fulfilled ? entry : { ...entry, time: fulfilled }))

/**
 * The events of a match; of scenarios that it speaks of those that stand for them in it. Each once, in order of time.
 */
export function eventsOf(found: FoundScenario): { readonly time: number; readonly event: number }[] {
  const events = new Map<number, number>()
  /** `at`: the times at which its events stand for it, where it is part of another. */
  const gather = ({ entries, fulfilled }: FoundScenario, at: ReadonlySet<number> | null): void => {
    const matches = new Map<FoundScenario, Set<number>>()
    for (const { time, event, match } of entries) {
      if (at !== null && !at.has(Math.max(time, fulfilled))) continue
      if (event !== null) events.set(event, time)
      if (match === null) continue
      const times = matches.get(match)
      if (times === undefined) matches.set(match, new Set([time]))
      else times.add(time)
    }
    for (const [match, times] of matches) gather(match, times)
  }
  gather(found, null)
  return [...events].map(([event, time]) => ({ time, event })).sort((a, b) => a.time - b.time || a.event - b.event)
}
