/**
 * Forgets what scenarios have seen long ago, so that `scenarios.db` does not grow for as long as a desk runs: events that were received
 * more than so many days before (their ids say when), matches of which no event is left, and groups that have nothing any more.
 * Done once a day, some groups at a time.
 */
import { reachOf } from '../../sigma/scenarios/find-matches.ts'
import type { WriteDatabase } from '../database.ts'
import { SEQUENCES } from '../limits.ts'
import type { ScenarioNumbers } from './numbers.ts'

/** Days after receipt, beside the reach of the scenario: so much later other records of the same time may be imported. */
export const KEPT_DAYS = 30
export const DAY_MICROS = 86_400_000_000
/** Groups that are looked at in one transaction. */
const MOST_GROUPS = 200
/** In place of a partition's day in `applied`: the day of the last time that all groups were looked at. */
const LOOKED = -3

export interface Expired {
  /** Groups that lost something. */
  readonly changed: readonly number[]
  /** Whether groups are gone. */
  readonly gone: boolean
  /** Whether there are more to look at today. */
  readonly more: boolean
}
const NOTHING: Expired = { changed: [], gone: false, more: false }

export class ScenarioExpiry {
  readonly #db: WriteDatabase
  readonly #numbers: ScenarioNumbers
  readonly #statements
  /** The group looked at last. */
  #at = 0
  #looked: number | null = null

  constructor(db: WriteDatabase, numbers: ScenarioNumbers) {
    this.#db = db
    this.#numbers = numbers
    this.#statements = {
      looked: db.prepare('SELECT seq FROM applied WHERE day = ?').pluck(),
      setLooked: db.prepare('INSERT INTO applied (day, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq'),
      groups: db.prepare('SELECT id, scenario FROM grp WHERE id > ? ORDER BY id LIMIT ?'),
      dropEntries: db.prepare('DELETE FROM entry WHERE grp = ? AND event >= 0 AND event < ?'),
      emptied: db
        .prepare(
          'SELECT id FROM match m WHERE grp = ? AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.grp = m.grp AND e.time BETWEEN m.first AND m.last)',
        )
        .pluck(),
      passed: db.prepare('SELECT grp, time, step, value FROM passed WHERE match = ?'),
      dropEntry: db.prepare('DELETE FROM entry WHERE grp = ? AND time = ? AND event = ? AND step = ? AND value = ?'),
      forgetPassed: db.prepare('DELETE FROM passed WHERE match = ?'),
      dropNamed: db.prepare('DELETE FROM named WHERE match = ?'),
      dropMatch: db.prepare('DELETE FROM match WHERE id = ?'),
      dropGroup: db.prepare(
        `DELETE FROM grp AS g WHERE g.id = ? AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.grp = g.id)
           AND NOT EXISTS (SELECT 1 FROM match m WHERE m.grp = g.id) AND NOT EXISTS (SELECT 1 FROM due d WHERE d.grp = g.id)`,
      ),
    }
  }

  /** Looks at some groups, where this has not been done on this day (days since 1970). In a transaction of its own. */
  step(today: number): Expired {
    this.#looked ??= (this.#statements.looked.get(LOOKED) as number | undefined) ?? -1
    if (this.#looked >= today) return NOTHING
    const changed: number[] = []
    let gone = false
    const groups = this.#statements.groups.all(this.#at, MOST_GROUPS) as { id: number; scenario: number }[]
    const last = groups.at(-1)?.id ?? 0
    const more = groups.length === MOST_GROUPS
    const days = this.#days()
    this.#db
      .transaction(() => {
        for (const { id, scenario } of groups) {
          const kept = days.get(scenario)
          if (kept === undefined) continue
          // Its matches may have lost their events when groups of inner scenarios were looked at.
          const dropped = this.#statements.dropEntries.run(id, (today - kept) * SEQUENCES).changes
          const matches = this.#statements.emptied.all(id) as number[]
          for (const match of matches) changed.push(...this.#drop(match))
          if (this.#statements.dropGroup.run(id).changes > 0) gone = true
          if (dropped > 0 || matches.length > 0) changed.push(id)
        }
        if (!more) this.#statements.setLooked.run(LOOKED, today)
      })
      .immediate()
    this.#at = more ? last : 0
    if (!more) this.#looked = today
    return { changed, gone, more }
  }

  /** A match that is past takes part in outer scenarios no more. Gives the groups that lost it. */
  #drop(match: number): number[] {
    const passed = this.#statements.passed.all(match) as { grp: number; time: number; step: number; value: string }[]
    for (const { grp, time, step, value } of passed) this.#statements.dropEntry.run(grp, time, -match, step, value)
    this.#statements.forgetPassed.run(match)
    this.#statements.dropNamed.run(match)
    this.#statements.dropMatch.run(match)
    return passed.map(({ grp }) => grp)
  }

  /** How many days are kept, by number of the scenario: what an outer one reaches back, the inner ones must have. */
  #days(): ReadonlyMap<number, number> {
    const days = new Map<number, number>()
    for (const { num, plan } of this.#numbers.plans.toReversed()) {
      const outer = this.#numbers.uses(plan.id).map(({ of }) => days.get(of.num) ?? 0)
      days.set(num, Math.max(KEPT_DAYS + Math.ceil(reachOf(plan) / DAY_MICROS), ...outer))
    }
    return days
  }
}
