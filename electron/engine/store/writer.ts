/** Everything that changes the store, in one place and on one thread. `writer.worker.ts` puts it behind messages. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Banner } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { Tuning } from '../../../shared/model/triage.ts'
import { AlertActions } from './alert-actions.ts'
import type { ActionInput, ActionName } from './alert-actions.ts'
import type { Batch, Position } from './batch.ts'
import { isDamage, isDiskFull, openForReading, openForWriting, prepared } from './database.ts'
import type { ReadDatabase, WriteDatabase } from './database.ts'
import { DeskCases, type CaseToTake, type TakenCase } from './cases/desk-cases.ts'
import { DeskImpact } from './desk-impact.ts'
import { DeskMessages } from './desk-messages.ts'
import { DeskNotify } from './desk-notify.ts'
import { DeskToldIncidents } from './desk-told-incidents.ts'
import { DeskAssets } from './desk-assets.ts'
import { DeskSchedules } from './desk-schedules.ts'
import { DeskSettings } from './desk-settings.ts'
import { BULK_ROWS } from './gathered-hits.ts'
import type { HitBody } from './hits.ts'
import { HitsToAlerts } from './hits-to-alerts.ts'
import { answerIncidents, type IncidentCall } from './incident-calls.ts'
import { DeskIncidents } from './incidents/desk-incidents.ts'
import type { ChangedIncident } from './incidents/incident-desk.ts'
import { lockFolder } from './lock.ts'
import type { FolderLock } from './lock.ts'
import { migrate, schemaState } from './migrations/migrate.ts'
import {
  dayName,
  dayOf,
  deskBackupPath,
  eventsDir,
  partitionDays,
  partitionPath,
  setAside,
  timesSetAside,
} from './partition-files.ts'
import type { Shelf } from './partition-files.ts'
import { openDesk } from './open-desk.ts'
import { PartitionUpkeep } from './partition-upkeep.ts'
import { PartitionWriter, openPositions, positionsOfFile, positionsOfSource, totalsOf } from './partition-writer.ts'
import type { SourceTotal, StoredHit } from './partition-writer.ts'
import { StepsToScenarios, type RunningScenario } from './scenarios/steps-to-scenarios.ts'
import { DeskTuning, type NewTuning } from './triage/desk-tuning.ts'
import { errorOf, isIoError, noRoom } from './store-errors.ts'
import type { Fulltext } from './text-filter.ts'
import type { Committed, OutputOf } from './types.ts'

export interface WriterOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Hits this far apart (minutes of event time) are still one alert. */
  readonly windowMinutes: number
  readonly fulltext: Fulltext
  /** Hits of commits with so many events are gathered for a moment before they are applied to alerts. */
  readonly bulkRows: number
}
export const DEFAULT_OPTIONS: WriterOptions = { now: Date.now, windowMinutes: 60, fulltext: 'trigrams', bulkRows: BULK_ROWS }

/** What the writer tells without being asked. */
export interface WriterEvents {
  committed(committed: Committed): void
  alertsChanged(ids: readonly string[]): void
  incidents?(changed: readonly ChangedIncident[]): void
  banners(banners: readonly Banner[]): void
  /** Partitions that readers may open; one that is gone must be closed. */
  shelf(shelf: Shelf): void
}
export interface Numbers {
  readonly events: number
  readonly openAlerts: number
  readonly lastAlert: string | null
}

/** Why an alert leaves the incident that its decision joined. */
const UNDONE = 'The decision was taken back.'
/** A new partition of a day that was set aside begins this much later, so that no id is given twice. */
const AGAIN = 2 ** 32
/** Enough to find a file among those whose first bytes are equal. */
const MOST_IMPORTED = 1000

export class StoreWriter {
  readonly #dir: string
  readonly #options: WriterOptions
  readonly #events: WriterEvents
  readonly #lock: FolderLock
  readonly #desk: WriteDatabase
  readonly hits: HitsToAlerts
  readonly scenarios: StepsToScenarios
  readonly #actions: AlertActions
  readonly #impact: DeskImpact
  readonly incidents: DeskIncidents
  readonly cases: DeskCases
  readonly settings: DeskSettings
  readonly tuning: DeskTuning
  readonly schedules: DeskSchedules
  readonly assets: DeskAssets
  readonly telling: {
    readonly notify: DeskNotify
    readonly messages: DeskMessages
    readonly incidents: DeskToldIncidents
  }
  readonly #banners = new Map<string, Banner>()
  #days: number[] = []
  #asides = 0
  /** The count of each day that was set aside. */
  readonly #setAsideAt = new Map<number, number>()
  /** The partition that is written to. */
  #current: { readonly writer: PartitionWriter; readonly upkeep: PartitionUpkeep } | null = null
  readonly #totals = new Map<string, SourceTotal>()
  #stored = 0
  #openAlerts = 0
  #lastAlert: number | null = null
  /** Older partitions that may still have something to merge. */
  #untidy: number[] = []

  private constructor(dir: string, options: WriterOptions, events: WriterEvents, lock: FolderLock, desk: WriteDatabase) {
    this.#dir = dir
    this.#options = options
    this.#events = events
    this.#lock = lock
    this.#desk = desk
    const parts = {
      dir,
      desk,
      bulkRows: options.bulkRows,
      window: options.windowMinutes * 60_000_000,
      now: () => this.#now,
      holdsBack: (hit: StoredHit, body: HitBody) => this.tuning.holdsBack(hit, body, this.#now),
      current: () => this.current,
      outOfRoom: (error: unknown) => this.#outOfRoom(error),
      changed: (ids: readonly number[], raised: boolean) => {
        if (raised) this.#lastAlert = this.#now
        this.#changed(ids)
      },
    }
    this.hits = new HitsToAlerts(parts)
    this.scenarios = new StepsToScenarios(parts)
    this.#actions = new AlertActions(desk, {
      joinAlerts: (target, alerts, by, now) => this.incidents.joinAlerts(target, alerts, by, now),
      leave: (number, alerts, by, now) =>
        void this.incidents.removeAlerts({ number, alerts: [...alerts], reason: UNDONE }, { by, now }),
    })
    this.tuning = new DeskTuning(desk)
    this.#impact = new DeskImpact(desk)
    this.incidents = new DeskIncidents(desk)
    this.cases = new DeskCases(desk, this.incidents)
    this.settings = new DeskSettings(desk)
    this.schedules = new DeskSchedules(desk)
    this.assets = new DeskAssets(desk)
    this.telling = { notify: new DeskNotify(desk), messages: new DeskMessages(desk), incidents: new DeskToldIncidents(desk) }
  }

  /** Errors: `data_in_use`, `data_newer`, `disk_full`, `internal`. */
  static open(dir: string, events: WriterEvents, options: WriterOptions = DEFAULT_OPTIONS): Result<StoreWriter> {
    let lock: FolderLock | undefined
    try {
      mkdirSync(eventsDir(dir), { recursive: true })
      const locked = lockFolder(dir)
      if (!locked.ok) return locked
      lock = locked.value
      const desk = openDesk(dir, options.now())
      if (!desk.ok) {
        lock.release()
        return desk
      }
      const writer = new StoreWriter(dir, options, events, lock, desk.value.db)
      if (desk.value.banner) writer.#raise(desk.value.banner)
      writer.#openPartitions()
      writer.#countAlerts()
      return ok(writer)
    } catch (error) {
      lock?.release()
      return fail(errorOf(error, dir))
    }
  }

  get #now(): number {
    return this.#options.now() * 1000
  }
  get #window(): number {
    return this.#options.windowMinutes * 60_000_000
  }

  /* ------------------------------------------------------------ start */

  #openPartitions(): void {
    const steps: { day: number; seq: number }[] = []
    for (const day of partitionDays(this.#dir)) {
      try {
        const path = partitionPath(this.#dir, day)
        const state = this.#look(path, day)
        if (state === 'newer') {
          this.#raise(this.#banner('partition_newer', dayName(day), { partition: dayName(day) }))
          continue
        }
        if (state === 'older') {
          const db = openForWriting(path, 'partition')
          migrate(db, 'partition')
          db.close()
        }
        if (state === 'empty') continue
        this.#days.push(day)
        const db = openForReading(path)
        try {
          for (const total of totalsOf(db)) {
            this.#addTotal(total.source, total)
            this.#stored += total.events
          }
          const newestHit = (db.prepare('SELECT max(seq) FROM hit').pluck().get() as number | null) ?? 0
          if (newestHit > this.hits.applied(day)) this.hits.wait(day)
          steps.push({ day, seq: (db.prepare('SELECT max(seq) FROM step').pluck().get() as number | null) ?? 0 })
        } finally {
          db.close()
        }
      } catch (error) {
        if (isDiskFull(error)) throw error
        this.#setAside(day)
      }
    }
    this.#untidy = [...this.#days]
    this.hits.catchUp()
    this.scenarios.begin(steps)
    if (this.scenarios.lost !== null) this.#raise(this.#banner('scenarios_lost', '', { file: basename(this.scenarios.lost) }))
    this.#events.shelf(this.shelf)
  }

  /** Cheap: header, schema, size, own day. The thorough check runs after start in a process of its own. */
  #look(path: string, day: number): 'empty' | 'current' | 'older' | 'newer' {
    const db = openForReading(path)
    try {
      const state = schemaState(db, 'partition')
      if (state === 'foreign') throw Object.assign(new Error('not a partition'), { code: 'SQLITE_NOTADB' })
      if (state === 'current') {
        const own = db.prepare("SELECT value FROM meta WHERE key = 'day'").pluck().get()
        if (own !== undefined && own !== day)
          throw Object.assign(new Error('a partition of another day'), { code: 'SQLITE_CORRUPT' })
        if (own === undefined) return 'empty'
        const log = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0
        const pages = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }))
        if (log === 0 && statSync(path).size < pages)
          throw Object.assign(new Error('a partition is cut off'), { code: 'SQLITE_CORRUPT' })
      }
      return state
    } finally {
      db.close()
    }
  }

  #addTotal(source: string, more: SourceTotal): void {
    const total = this.#totals.get(source)
    if (!total) {
      const { records, events, rejected, bytes, last } = more
      this.#totals.set(source, { records, events, rejected, bytes, last })
      return
    }
    total.records += more.records
    total.events += more.events
    total.rejected += more.rejected
    total.bytes += more.bytes
    if (more.last !== null) total.last = Math.max(total.last ?? 0, more.last)
  }

  #countAlerts(): void {
    this.#openAlerts = prepared(this.#desk, 'SELECT count(*) FROM alert WHERE state = 0').pluck().get() as number
    this.#lastAlert = this.#desk.prepare('SELECT max(raised) FROM alert').pluck().get() as number | null
  }

  /* ------------------------------------------------------------ commit */

  /** Stores a batch in one transaction. `disk_full` leaves nothing behind. */
  commit(batch: Batch): Result<Committed> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { writer, upkeep } = this.#partition()
        const { seq, hits, steps } = writer.commit(batch, this.#now, this.#window, this.hits.joins)
        const rows = batch.block?.rows ?? 0
        if (rows > 0) upkeep.committed()
        this.#stored += rows
        const source = batch.places[0]?.source ?? batch.positions[0]?.source ?? batch.rejects[0]?.source
        if (source !== undefined)
          this.#addTotal(source, {
            records: batch.records,
            events: rows,
            rejected: batch.rejectedCount,
            bytes: batch.bytes,
            last: batch.records > 0 ? this.#now : null,
          })
        this.hits.stored(source ?? '', hits, rows)
        this.scenarios.stored(writer.day, steps, rows)
        if (!this.hits.waits) this.#lower('disk_full')
        const committed = { day: dayName(writer.day), firstId: rows > 0 ? writer.id(seq) : null, rows }
        this.#events.committed(committed)
        return ok(committed)
      } catch (error) {
        if (this.#outOfRoom(error))
          return fail({
            code: 'disk_full',
            message: 'There is no room on the disk: nothing of this was stored. It is tried again.',
          })
        if (!isDamage(error) || attempt > 0 || !this.#current) return fail(errorOf(error, this.#dir))
        // The day's partition is damaged: it goes aside, and the batch into a new one.
        this.setAside(this.#current.writer.day)
      }
    }
  }

  #partition(): { readonly writer: PartitionWriter; readonly upkeep: PartitionUpkeep } {
    const today = dayOf(this.#options.now())
    const current = this.#current
    // A clock that is set back a little must not reopen yesterday.
    if (current && (today === current.writer.day || today === current.writer.day - 1)) return current
    const path = partitionPath(this.#dir, today)
    const before = this.#days.findLast((day) => day !== today)
    const isNew = !this.#days.includes(today)
    if (isNew && existsSync(path)) {
      const state = this.#look(path, today)
      if (state === 'newer') throw new Error(`the partition of ${dayName(today)} was written by a newer version`)
    }
    const writer = new PartitionWriter(path, today, {
      startSeq: timesSetAside(this.#dir, today) * AGAIN,
      lastHit: this.hits.applied(today),
      lastStep: this.scenarios.applied(today),
    })
    try {
      if (isNew && before !== undefined) {
        const last = current?.writer.day === before ? current.writer.db : openForReading(partitionPath(this.#dir, before))
        try {
          writer.takeOver(openPositions(last), this.#now)
        } finally {
          if (last !== current?.writer.db) last.close()
        }
      }
      const next = { writer, upkeep: new PartitionUpkeep(writer, this.#options.fulltext) }
      if (current) {
        this.hits.apply()
        this.scenarios.apply()
        this.#untidy.push(current.writer.day)
        current.writer.close()
      }
      this.#current = next
      if (isNew) {
        this.#days = [...this.#days, today].sort((a, b) => a - b)
        this.#events.shelf(this.shelf)
      }
      return next
    } catch (error) {
      writer.close()
      throw error
    }
  }

  #changed(ids: readonly number[]): void {
    if (ids.length === 0) return
    this.#openAlerts = prepared(this.#desk, 'SELECT count(*) FROM alert WHERE state = 0').pluck().get() as number
    this.#events.alertsChanged(ids.map(String))
    this.incidents.alertsChanged(ids)
    this.#tellIncidents()
  }

  /* ------------------------------------------------------------ alerts */

  act(name: ActionName, input: ActionInput, by: string): Result<OutputOf<'alerts.take'>> {
    return this.#guard(() => {
      this.hits.beforeActing()
      const result = this.#actions.act(name, input, by, this.#now)
      if (result.ok) this.#changed(result.value.alerts.map(({ id }) => Number(id)))
      return result
    })
  }

  undo(by: string): Result<OutputOf<'alerts.undo'>> {
    return this.#guard(() => {
      this.hits.beforeActing()
      const result = this.#actions.undo(by, this.#now)
      if (result.ok) this.#changed(result.value.alerts.map(({ id }) => Number(id)))
      return result
    })
  }

  /** Tunes from now on. */
  tune(tuning: NewTuning, by: string): Result<Tuning> {
    return this.#guard(() => {
      // What comes next must say again who is meant.
      this.hits.forget()
      return this.tuning.add(tuning, by, this.#now)
    })
  }
  endTuning(id: string, reason: string, by: string): Result<Tuning> {
    return this.#guard(() => {
      this.hits.forget()
      return this.tuning.end(id, reason, by, this.#now)
    })
  }

  /** Keeps results of impact verification. */
  verified(results: Parameters<DeskImpact['add']>[0]): Result<null> {
    return this.#guard(() => {
      this.#changed(this.#impact.add(results))
      return ok(null)
    })
  }

  /** A change of incidents. `by` is the caller's name. */
  incident(call: IncidentCall, input: unknown, by: string): Result<unknown> {
    return this.#guard(() => {
      const done = answerIncidents(this.incidents, call, input, { by, now: this.#now })
      this.#tellIncidents()
      return done
    })
  }
  /** Takes a case of another desk in. `by` is the caller's name. */
  takeCase(given: CaseToTake, by: string): Result<TakenCase> {
    return this.#guard(() => {
      const taken = this.cases.take(given, { by, now: this.#now })
      if (taken.ok) this.#changed(taken.value.alerts)
      this.#tellIncidents()
      return taken
    })
  }
  #tellIncidents(): void {
    const changed = this.incidents.takeChanged()
    if (changed.length > 0) this.#events.incidents?.(changed)
  }

  /** Which scenarios run from now on. */
  runScenarios(scenarios: readonly RunningScenario[]): Result<null> {
    return this.#guard(() => {
      this.scenarios.run(scenarios)
      return ok(null)
    })
  }

  /** What a run over history found and no alert has. Gives how many of them there are. */
  raiseLater(hits: Parameters<StepsToScenarios['later']>[0]): Result<number> {
    return this.#guard(() => ok(this.scenarios.later(hits)))
  }

  /** Runs a change of the desk; what goes wrong becomes a value. */
  change<T>(work: () => T): Result<T> {
    return this.#guard(() => ok(work()))
  }

  /** The same for work that answers with a value of its own. */
  settle<T>(work: () => Result<T>): Result<T> {
    return this.#guard(work)
  }

  #guard<T>(work: () => Result<T>): Result<T> {
    try {
      return work()
    } catch (error) {
      if (this.#outOfRoom(error))
        return fail({ code: 'disk_full', message: 'There is no room on the disk: nothing was changed.' })
      return fail(errorOf(error, this.#dir))
    }
  }

  /* ------------------------------------------------------------ what is known */

  get numbers(): Numbers {
    return {
      events: this.#stored,
      openAlerts: this.#openAlerts,
      lastAlert: this.#lastAlert === null ? null : isoFromMicros(this.#lastAlert),
    }
  }
  get banners(): readonly Banner[] {
    return [...this.#banners.values()]
  }
  get shelf(): Shelf {
    return { days: this.#days, setAside: this.#asides }
  }
  /** For tests: the partition that is written to, if any yet. */
  get current(): PartitionWriter | null {
    return this.#current?.writer ?? null
  }
  get desk(): WriteDatabase {
    return this.#desk
  }

  totals(): Record<string, { records: number; events: number; rejected: number; bytes: number; last: string | null }> {
    const all = Object.create(null) as Record<
      string,
      { records: number; events: number; rejected: number; bytes: number; last: string | null }
    >
    for (const [source, { last, ...rest }] of this.#totals)
      all[source] = { ...rest, last: last === null ? null : isoFromMicros(last) }
    return all
  }

  /** Alerts per detection. */
  ruleCounts(): Record<string, { alerts: number; last: string }> {
    const counts = Object.create(null) as Record<string, { alerts: number; last: string }>
    for (const { detection, alerts, last } of this.#desk
      .prepare('SELECT detection, alerts, last FROM alert_total WHERE alerts > 0')
      .iterate() as Iterable<{ detection: string; alerts: number; last: number }>)
      counts[detection] = { alerts, last: isoFromMicros(last) }
    return counts
  }

  /** Positions of a source, newest partition first, each file once. */
  positions(source: string): Position[] {
    const files = new Map<string, Position>()
    this.#eachNewest((db) => {
      for (const position of positionsOfSource(db, source)) if (!files.has(position.file)) files.set(position.file, position)
      return false
    })
    return [...files.values()]
  }

  importedContent(files: readonly string[]): Position[] {
    const found: Position[] = []
    this.#eachNewest((db) => {
      for (const file of files) found.push(...positionsOfFile(db, file))
      return found.length >= MOST_IMPORTED
    })
    return found
  }

  #eachNewest(look: (db: ReadDatabase) => boolean): void {
    for (const day of this.#days.toReversed()) {
      try {
        const own = this.#current?.writer.day === day ? this.#current.writer.db : null
        const db = own ?? openForReading(partitionPath(this.#dir, day))
        try {
          if (look(db)) return
        } finally {
          if (!own) db.close()
        }
      } catch (error) {
        if (!isDamage(error)) throw error
        // Totals are counted anew when the last damaged one is aside.
        this.setAside(day)
      }
    }
  }

  /* ------------------------------------------------------------ upkeep */

  /**
   * Called between commits: wakes snoozed alerts, applies waiting hits, merges small blocks, for about `budget` milliseconds.
   * False where there is nothing more to do now.
   */
  tick(budget: number): boolean {
    try {
      this.hits.apply()
      const woken = this.#actions.wake(this.#now)
      if (woken.length > 0) this.hits.forget()
      this.#changed(woken)
      if (this.hits.waits) {
        this.hits.catchUp()
        if (!this.hits.waits) this.#lower('disk_full')
      }
      if (this.scenarios.tick()) return true
      if (this.#current?.upkeep.step(budget, this.#options.now(), false)) return true
      return this.#tidy(budget)
    } catch (error) {
      if (this.#outOfRoom(error)) return false
      if (isDamage(error) && this.#current) {
        this.setAside(this.#current.writer.day)
        return false
      }
      throw error
    }
  }

  /** Older partitions: merges what is still small, then leaves them closed. */
  #tidying: { readonly writer: PartitionWriter; readonly upkeep: PartitionUpkeep } | null = null
  #tidy(budget: number): boolean {
    if (!this.#tidying) {
      const day = this.#untidy.shift()
      if (day === undefined) return false
      if (day === this.#current?.writer.day || !this.#days.includes(day)) return true
      if (day === dayOf(this.#options.now())) return true
      try {
        const writer = new PartitionWriter(partitionPath(this.#dir, day), day)
        this.#tidying = { writer, upkeep: new PartitionUpkeep(writer, this.#options.fulltext) }
      } catch (error) {
        if (!isDamage(error)) throw error
        this.setAside(day)
        return true
      }
    }
    const { writer, upkeep } = this.#tidying
    try {
      if (upkeep.step(budget, this.#options.now(), true)) return true
    } catch (error) {
      this.#closeTidying()
      if (!isDamage(error)) throw error
      this.setAside(writer.day)
      return true
    }
    this.#closeTidying()
    return this.#untidy.length > 0
  }

  #closeTidying(): void {
    this.#tidying?.writer.close()
    this.#tidying = null
  }

  /** Microseconds; null where nobody sleeps. */
  nextWake(): number | null {
    return this.#actions.nextWake()
  }

  /** Writes the log back into the files, so that it starts anew. */
  checkpoint(): void {
    for (const db of [this.#desk, this.#current?.writer.db]) db?.pragma('wal_checkpoint(PASSIVE)')
  }

  /** A copy of the desk to recover from, made page by page between other work. */
  async backupDesk(): Promise<void> {
    const target = deskBackupPath(this.#dir)
    const part = `${target}.part`
    rmSync(part, { force: true })
    try {
      await this.#desk.backup(part, { progress: () => 200 })
      renameSync(part, target)
    } catch (error) {
      rmSync(part, { force: true })
      if (!this.#outOfRoom(error)) throw error
    }
  }

  /** Partitions that have not passed the thorough check since they last changed, newest first. */
  unchecked(): { readonly day: number; readonly path: string }[] {
    const known = new Map(
      (
        this.#desk.prepare('SELECT day, size, changed FROM checked').all() as { day: number; size: number; changed: number }[]
      ).map((row) => [row.day, row]),
    )
    return this.#days.toReversed().flatMap((day) => {
      const path = partitionPath(this.#dir, day)
      const { size, mtimeMs } = statSync(path)
      const row = known.get(day)
      return row && row.size === size && row.changed === mtimeMs ? [] : [{ day, path }]
    })
  }

  checked(day: number): void {
    const { size, mtimeMs } = statSync(partitionPath(this.#dir, day))
    this.#desk.prepare('INSERT OR REPLACE INTO checked (day, size, changed) VALUES (?, ?, ?)').run(day, size, mtimeMs)
  }

  /**
   * Puts a damaged partition aside; everything else goes on. `known`: the shelf's count when the damage was seen. Readers must have closed it where the system does not rename open files.
   */
  setAside(day: number, known = Infinity): void {
    // A reader may report what the writer has met already, when the day has a new partition.
    if ((this.#setAsideAt.get(day) ?? 0) > known) return this.#events.shelf(this.shelf)
    if (!this.#days.includes(day)) return
    this.hits.drop(day)
    this.scenarios.drop(day)
    if (this.#current?.writer.day === day) {
      this.#current.writer.close()
      this.#current = null
    }
    if (this.#tidying?.writer.day === day) this.#closeTidying()
    this.#days = this.#days.filter((other) => other !== day)
    this.#setAside(day)
    this.#recount()
    this.#events.shelf(this.shelf)
  }

  #setAside(day: number): void {
    this.#setAsideAt.set(day, ++this.#asides)
    const file = setAside(partitionPath(this.#dir, day), this.#options.now())
    process.stderr.write(`store: the partition of ${dayName(day)} is damaged and was set aside as ${file}\n`)
    this.#raise(this.#banner('partition_damaged', dayName(day), { partition: dayName(day), file: basename(file) }))
  }

  /** Totals after a partition went. */
  #recount(): void {
    this.#totals.clear()
    this.#stored = 0
    this.#eachNewest((db) => {
      for (const total of totalsOf(db)) {
        this.#addTotal(total.source, total)
        this.#stored += total.events
      }
      return false
    })
  }

  /* ------------------------------------------------------------ banners */

  #banner(key: Banner['key'], about: string, values: Record<string, string>): Banner {
    return {
      id: about === '' ? key : `${key}:${about}`,
      tone: key === 'partition_newer' ? 'info' : 'fault',
      key,
      values,
      since: isoFromMicros(this.#now),
    }
  }

  #raise(banner: Banner): void {
    if (this.#banners.has(banner.id)) return
    this.#banners.set(banner.id, banner)
    this.#events.banners(this.banners)
  }

  #lower(id: string): void {
    if (this.#banners.delete(id)) this.#events.banners(this.banners)
  }

  /** True, with the banner up, where an error means that the disk is full. */
  #outOfRoom(error: unknown): boolean {
    if (!noRoom(error, this.#dir)) return false
    this.#raise(this.#banner('disk_full', '', { folder: this.#dir }))
    return true
  }

  /** Commits are done; everything is in the files when it returns. */
  close(): void {
    this.#closeTidying()
    try {
      this.hits.apply()
      this.scenarios.close()
      this.#current?.writer.db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      // The log stays beside the file, and is read with it.
      if (!isDiskFull(error) && !isIoError(error)) throw error
    } finally {
      this.#current?.writer.close()
      this.#current = null
      this.#desk.close()
      this.#lock.release()
    }
  }
}
