/**
 * Who takes part in which groups: events in the scenarios that their rules are steps of, and matches in the scenarios above them. A match
 * takes part with each of its events, as an entry with its own id, negated. Each call notes what changed, and is part of a transaction.
 * Times in microseconds.
 */
import { contributions } from '../../sigma/scenarios/contribution.ts'
import { standing } from '../../sigma/scenarios/scenario-run.ts'
import type { StepValue } from '../batch.ts'
import type { WriteDatabase } from '../database.ts'
import { Changes } from './changes.ts'
import type { NumberedPlan, ScenarioNumbers } from './numbers.ts'
import { MOST_TOLD, type EntryRow } from './teller.ts'

const NO_VALUE = ''
/** Where an event takes part stands in its entries alone. */
const unnoted = (): void => undefined

/** Where a match takes part. */
interface Passed {
  readonly scenario: number
  readonly grp: number
  readonly time: number
  readonly step: number
  readonly value: string
}

export class TakingPart {
  readonly changes = new Changes()
  readonly #numbers: ScenarioNumbers
  readonly #statements

  constructor(db: WriteDatabase, numbers: ScenarioNumbers) {
    this.#numbers = numbers
    this.#statements = {
      addEntry: db.prepare('INSERT OR IGNORE INTO entry (grp, time, event, step, value, reads) VALUES (?, ?, ?, ?, ?, ?)'),
      dropEntry: db.prepare('DELETE FROM entry WHERE grp = ? AND time = ? AND event = ? AND step = ? AND value = ?'),
      passed: db.prepare('SELECT scenario, grp, time, step, value FROM passed WHERE match = ? LIMIT ?'),
      addPassed: db.prepare('INSERT OR IGNORE INTO passed (match, scenario, grp, time, step, value) VALUES (?, ?, ?, ?, ?, ?)'),
      dropPassed: db.prepare('DELETE FROM passed WHERE match = ?'),
    }
  }

  /** An event takes part in a scenario as one of its steps. */
  event(
    of: NumberedPlan,
    step: number,
    id: number,
    time: number,
    read: (field: string) => string | readonly string[] | undefined,
  ): void {
    this.#take(of, step, id, time, read, unnoted)
  }

  /** A match takes part in the scenarios above it with each of these events. */
  match(of: NumberedPlan, id: number, fulfilled: number, part: readonly EntryRow[]): void {
    if (!of.passed) return
    const { reads: names } = of.plan
    const seen = new Set<string>()
    for (const { time, reads } of standing(fulfilled, part)) {
      const once = `${time} ${reads}`
      if (reads === '' || seen.has(once)) continue
      seen.add(once)
      const values = (JSON.parse(reads) as StepValue[]).map((value) => value ?? undefined)
      const read = (field: string): string | readonly string[] | undefined => values[names.indexOf(field)]
      for (const { of: outer, step } of this.#numbers.uses(of.plan.id))
        this.#take(outer, step, -id, time, read, (group, value) =>
          this.#statements.addPassed.run(id, outer.num, group, time, step, value),
        )
    }
  }

  /** A match takes part in nothing any more. */
  withdraw(match: number): void {
    for (const { scenario, grp, time, step, value } of this.#passedOf(match)) {
      this.#statements.dropEntry.run(grp, time, -match, step, value)
      if (this.#numbers.plan(scenario) !== undefined) this.changes.of(scenario, grp).gone.push({ time, id: -match, step, value })
    }
    this.#statements.dropPassed.run(match)
  }

  /** What a match takes part in has more events with it: at these times, or at any. */
  enriched(of: NumberedPlan, match: number, times: ReadonlySet<number> | null = null): void {
    if (!of.passed) return
    for (const { scenario, grp, time } of this.#passedOf(match, MOST_TOLD))
      if ((times === null || times.has(time)) && this.#numbers.plan(scenario) !== undefined)
        this.changes.richer(scenario, grp, -match, time)
  }

  #passedOf(match: number, most = -1): Passed[] {
    return this.#statements.passed.all(match, most) as Passed[]
  }

  #take(
    of: NumberedPlan,
    step: number,
    id: number,
    time: number,
    read: (field: string) => string | readonly string[] | undefined,
    taken: (group: number, value: EntryRow['value']) => void,
  ): void {
    for (const { group, value } of contributions(of.plan, step, read)) {
      const number = this.#numbers.group(of.num, group, time)
      const reads = of.passed ? JSON.stringify(of.plan.steps[step]!.fields.map((field): StepValue => read(field) ?? null)) : ''
      const entry: EntryRow = { time, id, step, value: value ?? NO_VALUE, reads }
      if (this.#statements.addEntry.run(number, time, id, step, entry.value, reads).changes === 0) continue
      this.changes.of(of.num, number).added.push(entry)
      taken(number, entry.value)
    }
  }
}
