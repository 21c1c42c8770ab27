/**
 * What the desk is told of matches, in order, kept until it has it. Of a scenario of scenarios it is noted which events a match has
 * named: its inner matches grow and begin earlier, and an event counts once.
 */
import type { Entry } from '../../sigma/scenarios/judging.ts'
import type { StepEvents } from '../batch.ts'
import type { WriteDatabase } from '../database.ts'
import type { NumberedPlan, ScenarioNumbers } from './numbers.ts'
import type { Told, ToldStep } from './told.ts'

/** Entries of a group between two times, so many at most. */
export const ENTRIES =
  'SELECT time, event AS id, step, value, reads FROM entry WHERE grp = ? AND time BETWEEN ? AND ? ORDER BY time, event, step LIMIT ?'
/** Events that are named when a match is told. */
export const MOST_TOLD = 1000

export interface EntryRow extends Entry {
  /** What scenarios above ask for, as JSON; empty where there are none. */
  readonly reads: string
}
export interface MatchRow {
  readonly id: number
  readonly first: number
  readonly last: number
  readonly fulfilled: number
  readonly count: number
}
type Parties = StepEvents['events'][number]['parties']
const NOBODY: Parties = {
  source: { ip: null, port: null, name: null },
  destination: { ip: null, port: null, name: null },
  asset: '',
  user: null,
}

export interface TellerParts {
  /** Number of the newest thing that the desk was told. */
  readonly lastTold: number
  /** Who takes part in an event that is not of this batch. */
  partiesOf(event: number): Parties | undefined
}

/** Whether matches of other scenarios take part in it: they change, and with them what it has to tell. */
export const isChained = ({ plan }: NumberedPlan): boolean => plan.steps.some(({ kind }) => kind === 'scenario')

export class Teller {
  readonly #db: WriteDatabase
  readonly #numbers: ScenarioNumbers
  readonly #parts: TellerParts
  readonly #statements
  /** Of the batch that is applied: event → who takes part. */
  readonly #parties = new Map<number, Parties>()
  #next: number

  constructor(db: WriteDatabase, numbers: ScenarioNumbers, parts: TellerParts) {
    this.#db = db
    this.#numbers = numbers
    this.#parts = parts
    this.#next = Math.max(parts.lastTold, this.#newest()) + 1
    this.#statements = {
      entries: db.prepare(ENTRIES),
      matchOf: db.prepare(
        'SELECT m.grp, m.first, m.fulfilled, g.scenario FROM match m JOIN grp g ON g.id = m.grp WHERE m.id = ?',
      ),
      shown: db.prepare('SELECT coalesce(shown, key) FROM grp WHERE id = ?').pluck(),
      name: db.prepare('INSERT OR IGNORE INTO named (match, event) VALUES (?, ?)'),
      inherit: db.prepare('UPDATE OR IGNORE named SET match = ? WHERE match = ?'),
      dropNamed: db.prepare('DELETE FROM named WHERE match = ?'),
      tell: db.prepare('INSERT INTO told (seq, body) VALUES (?, ?)'),
      told: db.prepare('SELECT seq, body FROM told WHERE seq > ? ORDER BY seq LIMIT ?'),
      dropTold: db.prepare('DELETE FROM told WHERE seq <= ?'),
    }
  }

  #newest(): number {
    return (this.#db.prepare('SELECT max(seq) FROM told').pluck().get() as number | null) ?? 0
  }

  /** What was told in a transaction that was rolled back was not. */
  again(): void {
    this.#next = Math.max(this.#parts.lastTold, this.#next - 1, this.#newest()) + 1
  }

  /** What was told after a number, in order. */
  after(seq: number, most: number): { readonly seq: number; readonly told: Told }[] {
    return (this.#statements.told.all(seq, most) as { seq: number; body: string }[]).map(({ seq: number, body }) => ({
      seq: number,
      told: JSON.parse(body) as Told,
    }))
  }

  /** The desk has everything up to this one. */
  drop(seq: number): void {
    this.#statements.dropTold.run(seq)
  }

  /** Who takes part in an event of the batch that is applied. */
  know(event: number, parties: Parties): void {
    this.#parties.set(event, parties)
  }
  forgetParties(): void {
    this.#parties.clear()
  }

  /** A match is gone; what it has named, `heir` has. */
  forget(match: number, heir: number | null): void {
    if (heir !== null) this.#statements.inherit.run(heir, match)
    this.#statements.dropNamed.run(match)
  }

  /** Tells the desk of a match and of `part` of its entries; of a scenario of scenarios only what it has not named before. */
  tell(of: NumberedPlan, group: number, match: MatchRow, part: readonly EntryRow[]): void {
    const { plan } = of
    if (!plan.alerts) return
    const all: ToldStep[] = []
    for (const entry of part) {
      if (all.length >= MOST_TOLD) break
      if (entry.id >= 0) all.push([entry.id, entry.time, plan.steps[entry.step]?.id ?? ''])
      else this.#eventsOf(-entry.id, entry.time, MOST_TOLD, 0, all)
    }
    const steps = isChained(of) ? this.#unnamed(match.id, all) : all
    if (steps.length === 0 && all.length > 0) return
    const values = JSON.parse(this.#statements.shown.get(group) as string) as string[]
    const first = steps[0]
    const last = steps.at(-1)
    const begin = (first && this.#partiesOf(first[0])) ?? NOBODY
    const end = (last && this.#partiesOf(last[0])) ?? NOBODY
    this.write({
      kind: 'found',
      scenario: plan.id,
      match: match.id,
      group: plan.groupBy.map((name, i) => [name, values[i] ?? '']),
      fulfilled: match.fulfilled,
      first: match.first,
      last: match.last,
      // An event that fulfils two steps is one event.
      count: steps === all && all.length >= MOST_TOLD ? part.length : new Set(steps.map(([event]) => event)).size,
      steps,
      parties: { source: begin.source, destination: end.destination, asset: end.asset, user: end.user ?? begin.user },
    })
  }

  /** Those that a match has not named yet; from now on it has. Gives `all` itself where none was. */
  #unnamed(match: number, all: readonly ToldStep[]): readonly ToldStep[] {
    const fresh = new Set<number>()
    for (const [event] of all) if (this.#statements.name.run(match, event).changes > 0) fresh.add(event)
    const steps = all.filter(([event]) => fresh.has(event))
    return steps.length === all.length ? all : steps
  }

  #partiesOf(event: number): Parties | undefined {
    return this.#parties.get(event) ?? this.#parts.partiesOf(event)
  }

  /** Adds the events with which a match takes part at a time, each once: those of that time, or all until it was fulfilled. */
  #eventsOf(id: number, time: number, most: number, depth: number, steps: ToldStep[]): void {
    const match = this.#statements.matchOf.get(id) as
      { grp: number; first: number; fulfilled: number; scenario: number } | undefined
    const of = match === undefined ? undefined : this.#numbers.plan(match.scenario)
    if (match === undefined || of === undefined || depth > 16) return
    const from = time > match.fulfilled ? time : match.first
    for (const entry of this.#statements.entries.all(match.grp, from, time, most) as EntryRow[]) {
      if (steps.length >= most) return
      const rule = of.plan.steps[entry.step]?.id ?? ''
      if (entry.id < 0) this.#eventsOf(-entry.id, entry.time, most, depth + 1, steps)
      else if (!steps.some(([event, , own]) => event === entry.id && own === rule)) steps.push([entry.id, entry.time, rule])
    }
  }

  /** In the transaction that is under way. */
  write(told: Told): void {
    this.#statements.tell.run(this.#next++, JSON.stringify(told))
  }
}
