/**
 * What scenarios have seen and found, kept in `scenarios.db` by the writer thread. Events take part as they are committed; what
 * slides is judged at once, what needs a window that is over when the clock has passed its end. What is decided is
 * `sigma/scenarios/find-matches.ts`; here it is asked again for the stretch of time that changed, and what it says is compared with
 * what it said before. So the outcome does not depend on the order in which records come. Times in microseconds.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dueAt, findMatches, leastEntries, reachOf } from '../../sigma/scenarios/find-matches.ts'
import { inOrder, type Match, type Stretch } from '../../sigma/scenarios/judging.ts'
import type { ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { SlidingWindow } from '../../sigma/scenarios/sliding-window.ts'
import type { StepEvents } from '../batch.ts'
import type { WriteDatabase } from '../database.ts'
import { BusyGroups } from './busy-groups.ts'
import type { Place } from './changes.ts'
import { DAY_MICROS, ScenarioExpiry } from './expiry.ts'
import { ScenarioNumbers, type NumberedPlan } from './numbers.ts'
import { TakingPart } from './taking-part.ts'
import { ENTRIES, isChained, Teller, type EntryRow, type MatchRow, type TellerParts } from './teller.ts'
import type { LaterHit, Told } from './told.ts'

/** Records may come so much later than their window ends, and are still judged with it the first time. */
export const TOLERANCE = 60_000_000
/** After the last event of a window came, it is waited so long for others of the same file or sender. */
const QUIET = 2_000_000
/** Events kept of one group that can be in one window. */
const MOST_KEPT = 50_000
/** Events of one group that are read at once. */
const MOST_READ = 4 * MOST_KEPT
/** How late an event may be for a window that stays in memory. */
const LATE = TOLERANCE
/** A group with so many events in its window is busy. */
const BUSY = 256
/** Stretches that are due, judged in one transaction. */
const MOST_DUE = 200
/** A forward window is judged at most this part of its length late. */
const SLOTS = 8
/** What of a group can be due at once; the rest is judged with it. */
const MOST_MATCHES = 10_000

export interface StepLog {
  readonly seq: number
  /** Id of the first event of the batch's block. */
  readonly base: number
  readonly steps: readonly StepEvents[]
}
export interface StateParts extends TellerParts {
  readonly db: WriteDatabase
  now(): number
  /** Events that make a group a busy one, where that is not the usual number. */
  readonly busy?: number
  /** Events of one group kept of one window, where that is not the usual number. */
  readonly mostKept?: number
}

const placeOf = ({ time, id, step, value }: Place): string => `${time} ${id} ${step} ${value}`
const keyOf = ({ time, id, step, value, reads }: EntryRow): string => `${time} ${id} ${step} ${value} ${reads}`

export class ScenarioState {
  readonly #db: WriteDatabase
  readonly #parts: StateParts
  readonly #numbers: ScenarioNumbers
  readonly #expiry: ScenarioExpiry
  readonly #statements
  readonly #teller: Teller
  readonly #takingPart: TakingPart
  /** Numbers of scenarios whose groups are to be removed. */
  #leftovers: number[] = []
  readonly #busy = new BusyGroups<EntryRow>()
  readonly #mostKept: number

  constructor(parts: StateParts) {
    const { db } = (this.#parts = parts)
    this.#db = db
    this.#mostKept = parts.mostKept ?? MOST_KEPT
    this.#numbers = new ScenarioNumbers(db)
    this.#expiry = new ScenarioExpiry(db, this.#numbers)
    this.#teller = new Teller(db, this.#numbers, parts)
    this.#takingPart = new TakingPart(db, this.#numbers)
    this.#statements = {
      entries: db.prepare(ENTRIES),
      isLater: db.prepare('SELECT 1 FROM entry WHERE grp = ? AND time > ? LIMIT 1').pluck(),
      dropOld: db.prepare('DELETE FROM entry WHERE grp = ? AND time >= ? AND (time, event) < (?, ?)'),
      matches: db.prepare(
        'SELECT id, first, last, fulfilled, count FROM match WHERE grp = ? AND last >= ? AND first <= ? ORDER BY id LIMIT ?',
      ),
      addMatch: db.prepare('INSERT INTO match (grp, first, last, fulfilled, count) VALUES (?, ?, ?, ?, ?)'),
      setMatch: db.prepare('UPDATE match SET first = ?, last = ?, fulfilled = ?, count = ? WHERE id = ?'),
      dropMatch: db.prepare('DELETE FROM match WHERE id = ?'),
      addDue: db.prepare(
        `INSERT INTO due (grp, slot, at, after, until) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET at = max(at, excluded.at), after = min(after, excluded.after), until = max(until, excluded.until)`,
      ),
      dueNow: db.prepare(
        'SELECT d.grp, d.slot, d.after, d.until, g.scenario FROM due d JOIN grp g ON g.id = d.grp WHERE d.at <= ? ORDER BY d.at LIMIT ?',
      ),
      nextDue: db.prepare('SELECT min(at) FROM due').pluck(),
      dropDue: db.prepare('DELETE FROM due WHERE grp = ? AND slot = ?'),
      applied: db.prepare('SELECT seq FROM applied WHERE day = ?').pluck(),
      setApplied: db.prepare('INSERT INTO applied (day, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq'),
    }
  }

  /** Which scenarios run from now on; what another definition of one has seen is forgotten. */
  setPlans(plans: readonly ScenarioPlan[]): void {
    this.#leftovers = [...this.#db.transaction(() => this.#numbers.set(plans))()]
    this.#busy.clear()
  }

  /** Up to which step of a partition this was made. */
  applied(day: number): number {
    return (this.#statements.applied.get(day) as number | undefined) ?? 0
  }

  /** Nothing of these partitions is looked at: they were there before scenarios were. */
  skip(days: readonly { readonly day: number; readonly seq: number }[]): void {
    this.#db.transaction(() => {
      this.#statements.setApplied.run(SKIPPED, 0)
      for (const { day, seq } of days) this.#statements.setApplied.run(day, seq)
    })()
  }

  /** Steps of one partition, in one transaction with the mark that says so. Throws SQLite's error, and then nothing was done. */
  apply(day: number, logs: readonly StepLog[]): void {
    const mark = this.applied(day)
    const fresh = logs.filter(({ seq }) => seq > mark)
    const last = fresh.at(-1)
    if (last === undefined) return
    this.#change(() => {
      for (const log of fresh) this.#gather(log)
      this.#settle()
      this.#statements.setApplied.run(day, last.seq)
    })
  }

  /**
   * Judges windows that are over; `atOnce` does not wait for what may follow in a moment. False where there is nothing more to
   * judge now.
   */
  judge(atOnce = false): boolean {
    const now = this.#parts.now()
    const due = this.#statements.dueNow.all(atOnce ? now + QUIET : now, MOST_DUE) as {
      grp: number
      slot: number
      after: number
      until: number
      scenario: number
    }[]
    if (due.length === 0) return false
    this.#change(() => {
      for (const { grp, slot, after, until, scenario } of due) {
        this.#statements.dropDue.run(grp, slot)
        const of = this.#numbers.plan(scenario)
        if (of !== undefined) this.#judgeAgain(of, grp, after, until, now - TOLERANCE)
      }
      this.#settle()
    })
    return due.length === MOST_DUE
  }

  /** When the next window is over; null where none is waited for. */
  nextDue(): number | null {
    return this.#statements.nextDue.get() as number | null
  }

  /** Before the desk speaks of what is here: it must not be lost to a power cut that the desk survives. */
  flushLog(): void {
    const log = openSync(`${this.#db.name}-wal`, 'r+')
    try {
      fsyncSync(log)
    } finally {
      closeSync(log)
    }
  }

  /** What the desk has not been told, in order. */
  toldAfter(seq: number, most: number): { readonly seq: number; readonly told: Told }[] {
    return this.#teller.after(seq, most)
  }

  /** What was found later, in history: the desk is told of it in its turn. */
  tellLater(hits: readonly LaterHit[]): void {
    this.#change(() => {
      for (const hit of hits) this.#teller.write({ kind: 'later', hit })
    })
  }

  /** The desk has everything up to this one. */
  dropTold(seq: number): void {
    this.#teller.drop(seq)
  }

  /** Removes what no scenario needs any more and what is long past, a part at a time. False where there is nothing more. */
  tidy(): boolean {
    const num = this.#leftovers[0]
    if (num === undefined) return this.#expire()
    const groups = this.#db.prepare('SELECT id FROM grp WHERE scenario = ? LIMIT 500').pluck().all(num) as number[]
    for (const id of groups) this.#busy.drop(id)
    this.#db.transaction(() => {
      for (const id of groups) {
        this.#db.prepare('DELETE FROM named WHERE match IN (SELECT id FROM match WHERE grp = ?)').run(id)
        for (const table of ['entry', 'match', 'due']) this.#db.prepare(`DELETE FROM ${table} WHERE grp = ?`).run(id)
        this.#db.prepare('DELETE FROM grp WHERE id = ?').run(id)
      }
      if (groups.length === 0) this.#db.prepare('DELETE FROM scenario WHERE num = ?').run(num)
    })()
    if (groups.length === 0) this.#leftovers.shift()
    return true
  }

  #expire(): boolean {
    const { changed, gone, more } = this.#expiry.step(Math.floor(this.#parts.now() / DAY_MICROS))
    for (const id of changed) this.#busy.drop(id)
    if (gone) this.#numbers.forget()
    return more
  }

  close(): void {
    if (this.#db.open) this.#db.close()
  }

  #change(work: () => void): void {
    try {
      this.#db.transaction(work).immediate()
    } catch (error) {
      this.#numbers.forget()
      this.#busy.clear()
      this.#teller.again()
      throw error
    } finally {
      this.#teller.forgetParties()
      this.#takingPart.changes.clear()
    }
  }

  #gather({ base, steps }: StepLog): void {
    for (const { rule, fields, events } of steps) {
      const uses = this.#numbers.uses(rule)
      if (uses.length === 0) continue
      const places = new Map(fields.map((field, i) => [field, i]))
      for (const { row, time, values, parties } of events) {
        const event = base + row
        this.#teller.know(event, parties)
        const read = (field: string): string | readonly string[] | undefined => {
          const place = places.get(field)
          return place === undefined ? undefined : (values[place] ?? undefined)
        }
        for (const { of, step } of uses) this.#takingPart.event(of, step, event, time, read)
      }
    }
  }

  /** What changed is judged, scenario by scenario: those that others speak of come first. */
  #settle(): void {
    for (const of of this.#numbers.plans) {
      for (const [group, { added, gone, richer }] of this.#takingPart.changes.take(of.num)) {
        if (added.length === 0 && gone.length === 0) {
          // Judged as before.
        } else if (of.plan.window === 'sliding' && gone.length === 0) this.#grow(of, group, added)
        else if (of.plan.window === 'sliding') {
          const times = [...added, ...gone].map(({ time }) => time)
          const went = new Set(gone.map(placeOf))
          const fresh = added.filter((entry) => !went.has(placeOf(entry)))
          this.#busy.drop(group)
          this.#judgeAgain(of, group, Math.min(...times), Math.max(...times), Infinity, fresh)
        } else
          this.#waitFor(
            of,
            group,
            [...added, ...gone].map(({ time }) => time),
          )
        for (const [id, stretch] of richer) this.#enrich(of, group, id, stretch)
      }
    }
  }

  /** Windows that these times lie in are judged when they are over, and nothing more has come for a moment. */
  #waitFor({ plan }: NumberedPlan, group: number, times: readonly number[]): void {
    const soonest = this.#parts.now() + QUIET
    const slot = plan.window === 'fixed' ? plan.timespan : Math.max(1, plan.timespan / SLOTS)
    const slots = new Map<number, { first: number; last: number }>()
    for (const time of times) {
      const at = Math.floor(time / slot)
      const known = slots.get(at)
      if (known === undefined) slots.set(at, { first: time, last: time })
      else {
        known.first = Math.min(known.first, time)
        known.last = Math.max(known.last, time)
      }
    }
    for (const [at, { first, last }] of slots)
      this.#statements.addDue.run(group, at, Math.max(dueAt(plan, last) + TOLERANCE, soonest), first, last)
  }

  #entries(group: number, from: number, to: number): EntryRow[] {
    return this.#statements.entries.all(group, from, to, MOST_READ) as EntryRow[]
  }

  /** Events were added to a window that slides: matches can only become more, longer, or one. */
  #grow(of: NumberedPlan, group: number, added: readonly EntryRow[]): void {
    const { plan } = of
    const count = this.#numbers.grown(group, added.length)
    // Too few altogether, whenever they were.
    if (count !== null && count < leastEntries(plan)) return
    const ordered = [...added].sort(inOrder)
    const [from, to] = [ordered[0]!.time, ordered.at(-1)!.time]
    const known = this.#busy.take(group, from)
    const window = known ?? new SlidingWindow<EntryRow>(plan, from - plan.timespan)
    const found = window.add(known === null ? this.#entries(group, from - plan.timespan, to + plan.timespan) : ordered)
    const { entries } = window
    if (found.length > 0) {
      const keys = new Set(ordered.map(keyOf))
      const isNew = (entry: EntryRow): boolean => from <= entry.time && entry.time <= to && keys.has(keyOf(entry))
      const stored = this.#statements.matches.all(group, entries[0]!.time, entries.at(-1)!.time, MOST_MATCHES) as MatchRow[]
      for (const match of found) this.#join(of, group, entries, match, isNew, stored)
    }
    this.#bound(group, window)
    const whole = known !== null || (entries.length < MOST_READ && !this.#isLater(group, to + plan.timespan))
    if (whole && entries.length >= (this.#parts.busy ?? BUSY)) this.#busy.keep(group, window)
  }

  #isLater(group: number, time: number): boolean {
    return this.#statements.isLater.get(group, time) !== undefined
  }

  #join(
    of: NumberedPlan,
    group: number,
    entries: readonly EntryRow[],
    match: Match,
    isNew: (entry: EntryRow) => boolean,
    stored: MatchRow[],
  ): void {
    const part = entries.slice(match.from, match.to + 1)
    const first = part[0]!.time
    const last = part.at(-1)!.time
    const own = stored.filter((row) => row.last >= first && row.first <= last)
    const inside = (time: number): boolean => own.some((row) => row.first <= time && time <= row.last)
    const fresh = part.filter((entry) => !inside(entry.time) || isNew(entry))
    const [kept, ...others] = own
    if (kept === undefined) {
      this.#found(of, group, { first, last, fulfilled: match.fulfilled, count: part.length }, part)
      return
    }
    if (fresh.length === 0 && others.length === 0) return
    for (const other of others) this.#drop(other.id, kept.id)
    const next: MatchRow = {
      id: kept.id,
      first: Math.min(first, ...own.map((row) => row.first)),
      last: Math.max(last, ...own.map((row) => row.last)),
      fulfilled: Math.min(match.fulfilled, ...own.map((row) => row.fulfilled)),
      count: own.reduce((sum, row) => sum + row.count, fresh.length),
    }
    stored.splice(0, stored.length, ...stored.filter((row) => !own.includes(row)), next)
    this.#moved(of, group, kept, next, fresh, others.length > 0)
  }

  /** Tells what a match that takes part has more than before, where what it takes part in was found. */
  #enrich(of: NumberedPlan, group: number, id: number, { after, until }: Stretch): void {
    const found = this.#statements.matches.all(group, after, until, MOST_MATCHES) as MatchRow[]
    const own = found.length === 0 ? [] : this.#entries(group, after, until).filter((entry) => entry.id === id)
    for (const match of found) {
      const inside = own.filter(({ time }) => match.first <= time && time <= match.last)
      this.#teller.tell(of, group, match, inside)
      this.#takingPart.enriched(of, match.id)
    }
  }

  /** A match that was not there before. */
  #found(
    of: NumberedPlan,
    group: number,
    { first, last, fulfilled, count }: Omit<MatchRow, 'id'>,
    part: readonly EntryRow[],
  ): void {
    const id = Number(this.#statements.addMatch.run(group, first, last, fulfilled, count).lastInsertRowid)
    this.#takingPart.match(of, id, fulfilled, part)
    this.#teller.tell(of, group, { id, first, last, fulfilled, count }, part)
  }

  /**
   * A match became another: longer, or begun earlier. `fresh` are the events that it did not have; `anew` where it has others' events
   * too, or lacks some that it had.
   */
  #moved(of: NumberedPlan, group: number, before: MatchRow, after: MatchRow, fresh: readonly EntryRow[], anew: boolean): void {
    this.#statements.setMatch.run(after.first, after.last, after.fulfilled, after.count, after.id)
    if (of.passed && (anew || after.fulfilled !== before.fulfilled)) {
      this.#takingPart.withdraw(after.id)
      this.#takingPart.match(of, after.id, after.fulfilled, this.#entries(group, after.first, after.last))
    } else {
      this.#takingPart.match(of, after.id, after.fulfilled, fresh)
      // Its events stand together in all groups that it takes part in, also in those that a new one does not belong to by itself.
      if (fresh.length > 0)
        this.#takingPart.enriched(of, after.id, new Set(fresh.map(({ time }) => Math.max(time, after.fulfilled))))
    }
    if (anew && isChained(of)) this.#teller.tell(of, group, after, [...fresh, ...this.#entries(group, after.first, after.last)])
    else if (fresh.length > 0 || after.first < before.first || after.last > before.last)
      this.#teller.tell(of, group, after, fresh)
  }

  /** It takes part in scenarios above it no more, and is forgotten; what it has named, `heir` has. */
  #drop(id: number, heir: number | null): void {
    this.#takingPart.withdraw(id)
    this.#statements.dropMatch.run(id)
    this.#teller.forget(id, heir)
  }

  /**
   * Judges the windows again that events between two times can have changed, as far as they are over at `horizon`. `added`: those that
   * are known to be new.
   */
  #judgeAgain(of: NumberedPlan, group: number, from: number, to: number, horizon: number, added: readonly EntryRow[] = []): void {
    const { plan } = of
    const { window, timespan } = plan
    const floor = (time: number): number => Math.floor(time / timespan) * timespan
    let after = window === 'fixed' ? floor(from) : from - timespan
    let until = window === 'fixed' ? floor(to) + timespan + (reachOf(plan) - timespan) : to + timespan
    let stored: MatchRow[] = []
    for (let round = 0; round < 16; round++) {
      stored = this.#statements.matches.all(group, after, window === 'fixed' ? until - 1 : until, MOST_MATCHES) as MatchRow[]
      if (window === 'fixed') break
      // What reaches over the edge is judged whole.
      const first = Math.min(after, ...stored.map((row) => row.first - timespan))
      const last = Math.max(until, ...stored.map((row) => row.last + timespan))
      if (first === after && last === until) break
      after = first
      until = last
    }
    const end = Math.min(until, horizon)
    const entries = this.#entries(group, after - reachOf(plan), end)
    const found = findMatches(plan, entries, { after, until: end })
    const left = new Set(stored)
    const isNew = new Set(added.map(keyOf))
    if (window === 'fixed')
      for (const row of stored) if (floor(row.first) < after || floor(row.first) + timespan > end) left.delete(row)
    for (const match of found) {
      const part = entries.slice(match.from, match.to + 1)
      const next = { first: part[0]!.time, last: part.at(-1)!.time, fulfilled: match.fulfilled, count: part.length }
      const own = [...left].filter((row) => row.last >= next.first && row.first <= next.last)
      const [kept, ...others] = own
      for (const row of own) left.delete(row)
      if (kept === undefined) {
        this.#found(of, group, next, part)
        continue
      }
      for (const other of others) this.#drop(other.id, kept.id)
      const known = own.reduce((sum, row) => sum + row.count, 0)
      const fresh = part.filter(
        (entry) => isNew.has(keyOf(entry)) || !own.some((row) => row.first <= entry.time && entry.time <= row.last),
      )
      if (
        others.length === 0 &&
        fresh.length === 0 &&
        known === next.count &&
        kept.first === next.first &&
        kept.last === next.last &&
        kept.fulfilled === next.fulfilled
      ) {
        // The same, of matches that may have become richer.
        if (isChained(of)) {
          this.#teller.tell(of, group, kept, part)
          this.#takingPart.enriched(of, kept.id)
        }
        continue
      }
      const missing = Math.max(0, next.count - known - fresh.length)
      // Which of those inside are new is not always known; the newest by receipt are.
      const rest = missing === 0 ? [] : part.filter((entry) => !fresh.includes(entry)).sort((a, b) => b.id - a.id)
      this.#moved(of, group, kept, { id: kept.id, ...next }, [...fresh, ...rest.slice(0, missing)], true)
    }
    for (const row of left) {
      if (window === 'forward' && row.last > end) continue
      this.#drop(row.id, null)
      if (plan.alerts) this.#teller.write({ kind: 'withdrawn', scenario: plan.id, match: row.id })
    }
  }

  /** Of a flood the oldest go: what is found is found, and its events are counted. */
  #bound(group: number, window: SlidingWindow<EntryRow>): void {
    const begin = window.entries[0]!.time
    const oldest = window.forget(this.#mostKept, LATE)
    if (oldest !== null) this.#statements.dropOld.run(group, begin, oldest.time, oldest.id)
  }
}

/** A mark that there is a state, whatever partitions there are. */
const SKIPPED = -2
