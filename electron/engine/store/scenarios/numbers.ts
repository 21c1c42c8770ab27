/** Scenarios by number, where their rules are used, and their groups by number. */
import type { ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { groupKey } from '../../sigma/scenarios/contribution.ts'
import type { WriteDatabase } from '../database.ts'

export interface NumberedPlan {
  readonly num: number
  readonly plan: ScenarioPlan
  /** Whether it is a step of another. */
  readonly passed: boolean
}
export interface Use {
  readonly of: NumberedPlan
  readonly step: number
}

/** What a change of makes what is known of it worthless. */
const definition = ({ type, timespan, window, judge, steps, groupBy, reads, values }: ScenarioPlan): string =>
  JSON.stringify([type, timespan, window, judge, steps.map(({ id, fields, kind }) => [id, fields, kind]), groupBy, reads, values])

const MOST_REMEMBERED = 50_000

interface KnownGroup {
  readonly id: number
  shownTime: number
  /** Entries that it has; null where that was not counted. */
  entries: number | null
}
interface GroupRow {
  readonly id: number
  readonly scenario: number
  readonly key: string
  readonly shown_time: number
}

/** Null where it is the key itself: most names are in lower case already. */
const shownOf = (group: readonly string[], key: string): string | null => {
  const shown = JSON.stringify(group)
  return shown === key ? null : shown
}

/** 53 bits (cyrb53, public domain). */
export function hashOf(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

export class ScenarioNumbers {
  readonly #db: WriteDatabase
  #plans: readonly NumberedPlan[] = []
  readonly #byNum = new Map<number, NumberedPlan>()
  #uses = new Map<string, Use[]>()
  /** Number and key → group. */
  readonly #groups = new Map<string, KnownGroup>()
  readonly #byId = new Map<number, KnownGroup>()
  readonly #statements

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#statements = {
      find: db.prepare('SELECT id, scenario, key, shown_time FROM grp WHERE hash = ?'),
      add: db.prepare('INSERT INTO grp (scenario, hash, key, shown, shown_time) VALUES (?, ?, ?, ?, ?)'),
      show: db.prepare('UPDATE grp SET shown = ?, shown_time = ? WHERE id = ?'),
    }
  }

  /** In the order given: each behind those it speaks of. */
  get plans(): readonly NumberedPlan[] {
    return this.#plans
  }

  plan(num: number): NumberedPlan | undefined {
    return this.#byNum.get(num)
  }

  /** Where a rule or a scenario (its id) is a step. */
  uses(id: string): readonly Use[] {
    return this.#uses.get(id) ?? []
  }

  /** From now on these run. Gives numbers of what runs no more. */
  set(plans: readonly ScenarioPlan[]): readonly number[] {
    const db = this.#db
    const known = db.prepare('SELECT num, id, definition FROM scenario').all() as {
      num: number
      id: string
      definition: string
    }[]
    const steps = new Set(plans.flatMap((plan) => plan.steps.map(({ id }) => id)))
    const kept = new Set<number>()
    this.#plans = plans.map((plan) => {
      const text = definition(plan)
      const old = known.find(({ id, definition: other }) => id === plan.id && other === text)
      const num =
        old?.num ?? Number(db.prepare('INSERT INTO scenario (id, definition) VALUES (?, ?)').run(plan.id, text).lastInsertRowid)
      kept.add(num)
      return { num, plan, passed: steps.has(plan.id) }
    })
    this.#byNum.clear()
    this.#uses = new Map()
    this.forget()
    for (const of of this.#plans) {
      this.#byNum.set(of.num, of)
      of.plan.steps.forEach(({ id }, step) => {
        const uses = this.#uses.get(id)
        if (uses === undefined) this.#uses.set(id, [{ of, step }])
        else uses.push({ of, step })
      })
    }
    return known.map(({ num }) => num).filter((num) => !kept.has(num))
  }

  /** The group's number; made where it is new. It is shown as its earliest event spells it. */
  group(num: number, group: readonly string[], time: number): number {
    const key = groupKey(group)
    const place = `${num} ${key}`
    let known = this.#groups.get(place)
    if (known === undefined) {
      const hash = hashOf(place)
      const found = (this.#statements.find.all(hash) as GroupRow[]).find((row) => row.scenario === num && row.key === key)
      known =
        found === undefined
          ? {
              id: Number(this.#statements.add.run(num, hash, key, shownOf(group, key), time).lastInsertRowid),
              shownTime: time,
              entries: 0,
            }
          : { id: found.id, shownTime: found.shown_time, entries: null }
      if (this.#groups.size >= MOST_REMEMBERED) this.#groups.clear()
      this.#groups.set(place, known)
      this.#byId.set(known.id, known)
      if (this.#byId.size > 2 * MOST_REMEMBERED) this.#byId.clear()
    }
    if (time < known.shownTime) {
      known.shownTime = time
      this.#statements.show.run(shownOf(group, key), time, known.id)
    }
    return known.id
  }

  /** Notes that a group has so many entries more; gives how many it has, where that is known. */
  grown(group: number, more: number): number | null {
    const known = this.#byId.get(group)
    if (known === undefined || known.entries === null) return null
    known.entries += more
    return known.entries
  }

  /** What is remembered may not be there: a transaction was rolled back, or groups were removed. */
  forget(): void {
    this.#groups.clear()
    this.#byId.clear()
  }
}
