/**
 * From hits, as partitions hold them, to alerts of the desk: at once, gathered for a moment while much is imported, or later where
 * the desk could not be written. Every hit counts exactly once (docs/adr/0003).
 */
import type { WriteDatabase } from './database.ts'
import { DeskAlerts } from './desk-alerts.ts'
import { GatheredHits } from './gathered-hits.ts'
import type { Hit, HitBody } from './hits.ts'
import { JoiningKeys } from './joining-keys.ts'
import { partitionPath } from './partition-files.ts'
import { PartitionWriter } from './partition-writer.ts'
import type { StoredHit } from './partition-writer.ts'

/** Hits read from a partition at a time. */
const PAGE = 2000

/** What the writer knows and this needs. Times in microseconds. */
export interface HitsToAlertsParts {
  readonly dir: string
  readonly desk: WriteDatabase
  readonly bulkRows: number
  /** Hits this far apart are still one alert. */
  readonly window: number
  now(): number
  /** True where a tuning holds back a hit that would raise an alert. */
  holdsBack?(hit: StoredHit, body: HitBody): boolean
  /** The partition that is written to. */
  current(): PartitionWriter | null
  /** True, with the banner up, where an error means that the disk is full. */
  outOfRoom(error: unknown): boolean
  /** Alerts that changed, and whether any of them is new. */
  changed(ids: readonly number[], raised: boolean): void
}

type SourceOf = (seq: number) => string | undefined

export class HitsToAlerts {
  readonly #parts: HitsToAlertsParts
  readonly #alerts: DeskAlerts
  readonly #gathered: GatheredHits
  readonly #joining = new JoiningKeys()
  /** Alerts raised since start, by source. */
  readonly #raisedBy = new Map<string, number>()
  /** Days whose hits wait because the desk could not be written. */
  readonly #waiting = new Set<number>()

  constructor(parts: HitsToAlertsParts) {
    this.#parts = parts
    this.#alerts = new DeskAlerts(parts.desk, parts.holdsBack)
    this.#gathered = new GatheredHits(parts.bulkRows)
  }

  /** Up to which hit of a partition the alerts are made. */
  applied(day: number): number {
    return this.#alerts.applied(day)
  }

  /** Whether a hit that is about to be stored joins an alert in any case. */
  readonly joins = (hit: Hit): boolean => this.#joining.joins(hit, this.#parts.window)

  /** These hits of one commit of `rows` events are stored. */
  stored(source: string, hits: readonly StoredHit[], rows: number): void {
    for (const hit of hits) this.#joining.add(hit, this.#parts.window)
    if (this.#gathered.add(source, hits, rows, this.#parts.now() / 1000)) this.apply()
  }

  /** Whether stored hits wait to be applied by `apply`, for a moment. */
  get gathers(): boolean {
    return this.#gathered.size > 0
  }

  /** Whether hits wait because the desk could not be written. */
  get waits(): boolean {
    return this.#waiting.size > 0
  }

  /** Hits of this partition wait. */
  wait(day: number): void {
    this.#waiting.add(day)
  }

  /** Applies gathered hits; they wait where the desk cannot be written now, and are not lost. */
  apply(): void {
    const { hits, sourceOf } = this.#gathered.take()
    const writer = this.#parts.current()
    if (hits.length === 0 || !writer) return
    if (this.waits) {
      // In their order: what waits comes first, and these are found behind it.
      this.#waiting.add(writer.day)
      this.catchUp(sourceOf)
      return
    }
    writer.flushLog()
    this.#applyTo(writer, hits, sourceOf)
  }

  /** Applies what partitions hold and the desk does not have yet: after a crash between the two, or when there was no room. */
  catchUp(sourceOf?: SourceOf): void {
    this.#gathered.take()
    const current = this.#parts.current()
    for (const day of [...this.#waiting].sort((a, b) => a - b)) {
      const own = current?.day === day ? current : null
      const writer = own ?? new PartitionWriter(partitionPath(this.#parts.dir, day), day)
      try {
        writer.flushLog()
        let page: StoredHit[] = []
        const apply = (): boolean => {
          const done = page.length === 0 || this.#applyTo(writer, page, own ? sourceOf : undefined)
          page = []
          return done
        }
        for (const hit of writer.hitsAfter(this.applied(day))) if (page.push(hit) >= PAGE && !apply()) return
        if (!apply()) return
        this.#waiting.delete(day)
      } catch (error) {
        if (this.#parts.outOfRoom(error)) return
        throw error
      } finally {
        if (!own) writer.close()
      }
    }
  }

  /** Hits come before what is done after them; which alerts later ones join is to be seen anew. */
  beforeActing(): void {
    this.apply()
    if (this.waits) this.catchUp()
    this.forget()
  }

  /** Alerts were changed otherwise than by hits. */
  forget(): void {
    this.#joining.forget()
  }

  /** The partition is gone, and its hits with it. */
  drop(day: number): void {
    if (this.#parts.current()?.day === day) {
      this.#gathered.take()
      this.forget()
    }
    this.#waiting.delete(day)
  }

  /** Alerts that hits of a source raised since the store was opened. */
  raisedBy(source: string): number {
    this.apply()
    return this.#raisedBy.get(source) ?? 0
  }

  /** False where the desk cannot be written now: the hits wait in their partition. */
  #applyTo(writer: PartitionWriter, hits: readonly StoredHit[], sourceOf?: SourceOf): boolean {
    try {
      const { raised, changed, joined } = this.#alerts.apply(writer.day, hits, this.#parts.now(), this.#parts.window)
      writer.settle(joined)
      for (const seq of raised) {
        const source = sourceOf?.(seq)
        if (source !== undefined) this.#raisedBy.set(source, (this.#raisedBy.get(source) ?? 0) + 1)
      }
      this.#parts.changed(changed, raised.length > 0)
      return true
    } catch (error) {
      this.#alerts.forget()
      this.forget()
      // Events are stored all the same: what is wrong with the desk must not be laid to their partition.
      if (!this.#parts.outOfRoom(error) && !this.#waiting.has(writer.day))
        process.stderr.write(`store: hits cannot be applied to the desk: ${String(error)}\n`)
      this.#waiting.add(writer.day)
      return false
    }
  }
}
