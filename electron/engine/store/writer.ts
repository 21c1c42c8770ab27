/** Everything that changes the store, in one place and on one thread. `writer.worker.ts` puts it behind messages. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import type { Banner } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { OwnReason, Tuning } from '../../../shared/model/triage.ts'
import { AlertActions } from './alert-actions.ts'
import type { ActionInput, ActionName } from './alert-actions.ts'
import type { Batch } from './batch.ts'
import { isDamage, isDiskFull, prepared, type WriteDatabase } from './database.ts'
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
import { dayName, deskBackupPath, eventsDir, type Shelf } from './partition-files.ts'
import { openDesk } from './open-desk.ts'
import type { PartitionWriter, StoredHit } from './partition-writer.ts'
import { Partitions } from './partitions.ts'
import { StepsToScenarios, type RunningScenario } from './scenarios/steps-to-scenarios.ts'
import { DeskReasons } from './triage/desk-reasons.ts'
import { DeskTuning, type NewTuning } from './triage/desk-tuning.ts'
import { StoreBanners } from './store-banners.ts'
import { errorOf, isIoError } from './store-errors.ts'
import type { Fulltext } from './text-filter.ts'
import type { Committed, InputOf, OutputOf } from './types.ts'

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
  readonly #reasons: DeskReasons
  readonly schedules: DeskSchedules
  readonly assets: DeskAssets
  readonly telling: {
    readonly notify: DeskNotify
    readonly messages: DeskMessages
    readonly incidents: DeskToldIncidents
  }
  readonly #banners: StoreBanners
  readonly partitions: Partitions
  #openAlerts = 0
  #lastAlert: number | null = null

  private constructor(dir: string, options: WriterOptions, events: WriterEvents, lock: FolderLock, desk: WriteDatabase) {
    this.#dir = dir
    this.#options = options
    this.#events = events
    this.#lock = lock
    this.#desk = desk
    this.#banners = new StoreBanners(
      dir,
      () => this.#now,
      (banners) => events.banners(banners),
    )
    this.partitions = new Partitions({
      dir,
      desk,
      fulltext: options.fulltext,
      banners: this.#banners,
      now: options.now,
      applied: (day) => ({ hit: this.hits.applied(day), step: this.scenarios.applied(day) }),
      leave: () => {
        this.hits.apply()
        this.scenarios.apply()
      },
      drop: (day) => {
        this.hits.drop(day)
        this.scenarios.drop(day)
      },
      shelf: (shelf) => events.shelf(shelf),
    })
    const parts = {
      dir,
      desk,
      bulkRows: options.bulkRows,
      window: options.windowMinutes * 60_000_000,
      now: () => this.#now,
      holdsBack: (hit: StoredHit, body: HitBody) => this.tuning.holdsBack(hit, body, this.#now),
      current: () => this.current,
      outOfRoom: (error: unknown) => this.#banners.outOfRoom(error),
      changed: (ids: readonly number[], raised: boolean) => {
        if (raised) this.#lastAlert = this.#now
        this.#changed(ids)
      },
    }
    this.hits = new HitsToAlerts(parts)
    this.scenarios = new StepsToScenarios(parts)
    this.#actions = new AlertActions(desk, {
      joinAlerts: (target, alerts, by, now) => this.incidents.joinAlerts(target, alerts, by, now),
      leave: (number, alerts, decided, by, now) => this.incidents.takeBack(number, alerts, decided, { by, now }),
    })
    this.tuning = new DeskTuning(desk)
    this.#reasons = new DeskReasons(desk)
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
      if (desk.value.banner) writer.#banners.raise(desk.value.banner)
      writer.#begin()
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

  /** Alerts and scenarios go on where the partitions say more than the desk. */
  #begin(): void {
    const reach = this.partitions.open()
    for (const { day, hit } of reach) if (hit > this.hits.applied(day)) this.hits.wait(day)
    this.hits.catchUp()
    this.scenarios.begin(reach.map(({ day, step }) => ({ day, seq: step })))
    if (this.scenarios.lost !== null) this.#banners.scenariosLost(this.scenarios.lost)
    this.#events.shelf(this.shelf)
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
        const { writer, upkeep } = this.partitions.today()
        const { seq, hits, steps } = writer.commit(batch, this.#now, this.#window, this.hits.joins)
        const rows = batch.block?.rows ?? 0
        if (rows > 0) upkeep.committed()
        const source = batch.places[0]?.source ?? batch.positions[0]?.source ?? batch.rejects[0]?.source
        this.partitions.totals.add(source, {
          records: batch.records,
          events: rows,
          rejected: batch.rejectedCount,
          bytes: batch.bytes,
          last: batch.records > 0 ? this.#now : null,
        })
        this.hits.stored(source ?? '', hits, rows)
        this.scenarios.stored(writer.day, steps, rows)
        if (!this.hits.waits) this.#banners.room()
        const committed: Committed = {
          day: dayName(writer.day),
          firstId: rows > 0 ? writer.id(seq) : null,
          rows,
          times: batch.block === null || rows === 0 ? null : [batch.block.minTime, batch.block.maxTime],
        }
        this.#events.committed(committed)
        return ok(committed)
      } catch (error) {
        if (this.#banners.outOfRoom(error))
          return fail({
            code: 'disk_full',
            message: 'There is no room on the disk: nothing of this was stored. It is tried again.',
          })
        if (!isDamage(error) || attempt > 0 || !this.current) return fail(errorOf(error, this.#dir))
        // The day's partition is damaged: it goes aside, and the batch into a new one.
        this.partitions.setAside(this.current.day)
      }
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
  changeTuning(id: string, expires: string, reason: string, by: string): Result<Tuning> {
    return this.#guard(() => {
      this.hits.forget()
      return this.tuning.change(id, expires, reason, by, this.#now)
    })
  }
  addReason(input: InputOf<'triage.addReason'>, by: string): Result<OwnReason> {
    return this.#guard(() => this.#reasons.add(input, by, this.#now))
  }
  retireReason(input: InputOf<'triage.retireReason'>, by: string): Result<OwnReason> {
    return this.#guard(() => this.#reasons.retire(input, by, this.#now))
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
      if (this.#banners.outOfRoom(error))
        return fail({ code: 'disk_full', message: 'There is no room on the disk: nothing was changed.' })
      return fail(errorOf(error, this.#dir))
    }
  }

  /* ------------------------------------------------------------ what is known */

  get numbers(): Numbers {
    return {
      events: this.partitions.totals.events,
      openAlerts: this.#openAlerts,
      lastAlert: this.#lastAlert === null ? null : isoFromMicros(this.#lastAlert),
    }
  }
  get banners(): readonly Banner[] {
    return this.#banners.all
  }
  get shelf(): Shelf {
    return this.partitions.shelf
  }
  /** The partition that is written to, if any yet. */
  get current(): PartitionWriter | null {
    return this.partitions.current
  }
  get desk(): WriteDatabase {
    return this.#desk
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
        if (!this.hits.waits) this.#banners.room()
      }
      if (this.scenarios.tick()) return true
      const counts = this.tuning.tidy(this.#now)
      return this.partitions.merge(budget) || this.partitions.tidy(budget) || counts
    } catch (error) {
      if (this.#banners.outOfRoom(error)) return false
      if (isDamage(error) && this.current) {
        this.partitions.setAside(this.current.day)
        return false
      }
      throw error
    }
  }

  /** Microseconds; null where nobody sleeps. */
  nextWake(): number | null {
    return this.#actions.nextWake()
  }

  /** Writes the log back into the files, so that it starts anew. */
  checkpoint(): void {
    for (const db of [this.#desk, this.current?.db]) db?.pragma('wal_checkpoint(PASSIVE)')
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
      if (!this.#banners.outOfRoom(error)) throw error
    }
  }

  /** Commits are done; everything is in the files when it returns. */
  close(): void {
    try {
      this.hits.apply()
      this.scenarios.close()
      this.current?.db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      // The log stays beside the file, and is read with it.
      if (!isDiskFull(error) && !isIoError(error)) throw error
    } finally {
      this.partitions.close()
      this.#desk.close()
      this.#lock.release()
    }
  }
}
