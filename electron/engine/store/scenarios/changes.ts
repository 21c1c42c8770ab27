/** What happened to groups in a transaction, until it is judged. */
import type { Stretch } from '../../sigma/scenarios/judging.ts'
import type { EntryRow } from './teller.ts'

/** Of an entry that went, whatever was read of it. */
export type Place = Pick<EntryRow, 'time' | 'id' | 'step' | 'value'>

/** What happened to one group. */
export interface Change {
  readonly added: EntryRow[]
  readonly gone: Place[]
  /** Matches (their ids as entries) that take part as before, but with events more: in which stretch of time. */
  readonly richer: Map<number, Stretch>
}

/** By scenario (its number) and group. */
export class Changes {
  #scenarios = new Map<number, Map<number, Change>>()

  of(scenario: number, group: number): Change {
    let groups = this.#scenarios.get(scenario)
    if (groups === undefined) this.#scenarios.set(scenario, (groups = new Map<number, Change>()))
    let change = groups.get(group)
    if (change === undefined) groups.set(group, (change = { added: [], gone: [], richer: new Map() }))
    return change
  }

  /** A match takes part at this time as it did, but has events more. */
  richer(scenario: number, group: number, id: number, time: number): void {
    const { richer } = this.of(scenario, group)
    const known = richer.get(id)
    richer.set(id, { after: Math.min(time, known?.after ?? time), until: Math.max(time, known?.until ?? time) })
  }

  /** What happened to a scenario's groups; it is not given again. */
  take(scenario: number): ReadonlyMap<number, Change> {
    const groups = this.#scenarios.get(scenario) ?? new Map<number, Change>()
    this.#scenarios.delete(scenario)
    return groups
  }

  clear(): void {
    this.#scenarios = new Map()
  }
}
