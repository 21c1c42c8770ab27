/**
 * The partitions of the store, one for each day: which there are, the one that is written to, and their upkeep. A damaged one goes
 * aside and everything else goes on.
 */
import { existsSync, statSync } from 'node:fs'
import { isDamage, isDiskFull, openForReading, openForWriting, type ReadDatabase, type WriteDatabase } from './database.ts'
import type { Position } from './batch.ts'
import { migrate, schemaState } from './migrations/migrate.ts'
import { dayName, dayOf, partitionDays, partitionPath, setAside, timesSetAside, type Shelf } from './partition-files.ts'
import { PartitionUpkeep } from './partition-upkeep.ts'
import { SEQUENCES } from './limits.ts'
import { openPositions, PartitionWriter, positionsOfFile, positionsOfSource, totalsOf } from './partition-writer.ts'
import { SourceTotals } from './source-totals.ts'
import type { StoreBanners } from './store-banners.ts'
import type { Fulltext } from './text-filter.ts'

/** A new partition of a day that was set aside begins this much later, so that no id is given twice. */
const AGAIN = 2 ** 32
/** Enough to find a file among those whose first bytes are equal. */
const MOST_IMPORTED = 1000

/** What the writer knows and this needs. */
export interface PartitionsParts {
  readonly dir: string
  readonly desk: WriteDatabase
  readonly fulltext: Fulltext
  readonly banners: StoreBanners
  /** Milliseconds since 1970. */
  now(): number
  /** Up to which hit and step of a day the desk is made. */
  applied(day: number): { readonly hit: number; readonly step: number }
  /** The partition that is written to is left for the next: what it waits with is applied first. */
  leave(): void
  /** The partition of a day goes aside: nothing of it is waited for. */
  drop(day: number): void
  /** Partitions that readers may open; one that is gone must be closed. */
  shelf(shelf: Shelf): void
}
interface Open {
  readonly writer: PartitionWriter
  readonly upkeep: PartitionUpkeep
}
/** How far a partition reaches. */
interface Reach {
  readonly day: number
  readonly hit: number
  readonly step: number
}

export class Partitions {
  readonly #parts: PartitionsParts
  readonly totals = new SourceTotals()
  /** Ids of the events that there were at the start: for each day from its first to before `to`. */
  readonly found: { readonly from: number; readonly to: number }[] = []
  #days: number[] = []
  #asides = 0
  /** The count of each day that was set aside. */
  readonly #setAsideAt = new Map<number, number>()
  /** The partition that is written to. */
  #current: Open | null = null
  /** Older partitions that may still have something to merge, and the one that is merged. */
  #untidy: number[] = []
  #tidying: Open | null = null

  constructor(parts: PartitionsParts) {
    this.#parts = parts
  }

  get shelf(): Shelf {
    return { days: this.#days, setAside: this.#asides }
  }
  /** The partition that is written to, if any yet. */
  get current(): PartitionWriter | null {
    return this.#current?.writer ?? null
  }

  /** Looks at every partition once, at the start. */
  open(): Reach[] {
    const reach: Reach[] = []
    for (const day of partitionDays(this.#parts.dir)) {
      try {
        const path = partitionPath(this.#parts.dir, day)
        const state = this.#look(path, day)
        if (state === 'newer') {
          this.#parts.banners.newer(day)
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
          for (const total of totalsOf(db)) this.totals.add(total.source, total)
          const newest = (sql: string): number => (db.prepare(sql).pluck().get() as number | null) ?? 0
          const [first, end] = db.prepare('SELECT min(seq), max(seq + rows) FROM block').raw().get() as [
            number | null,
            number | null,
          ]
          if (first !== null && end !== null) this.found.push({ from: day * SEQUENCES + first, to: day * SEQUENCES + end })
          reach.push({ day, hit: newest('SELECT max(seq) FROM hit'), step: newest('SELECT max(seq) FROM step') })
        } finally {
          db.close()
        }
      } catch (error) {
        if (isDiskFull(error)) throw error
        this.#setAside(day)
      }
    }
    this.#untidy = [...this.#days]
    return reach
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

  /** The partition of today, for writing; made where there is none. */
  today(): Open {
    const today = dayOf(this.#parts.now())
    const current = this.#current
    // A clock that is set back a little must not reopen yesterday.
    if (current && (today === current.writer.day || today === current.writer.day - 1)) return current
    const path = partitionPath(this.#parts.dir, today)
    const before = this.#days.findLast((day) => day !== today)
    const isNew = !this.#days.includes(today)
    if (isNew && existsSync(path)) {
      const state = this.#look(path, today)
      if (state === 'newer') throw new Error(`the partition of ${dayName(today)} was written by a newer version`)
    }
    const applied = this.#parts.applied(today)
    const writer = new PartitionWriter(path, today, {
      startSeq: timesSetAside(this.#parts.dir, today) * AGAIN,
      lastHit: applied.hit,
      lastStep: applied.step,
    })
    try {
      if (isNew && before !== undefined) {
        const last = current?.writer.day === before ? current.writer.db : openForReading(partitionPath(this.#parts.dir, before))
        try {
          writer.takeOver(openPositions(last), this.#parts.now() * 1000)
        } finally {
          if (last !== current?.writer.db) last.close()
        }
      }
      const next = { writer, upkeep: new PartitionUpkeep(writer, this.#parts.fulltext) }
      if (current) {
        this.#parts.leave()
        this.#untidy.push(current.writer.day)
        current.writer.close()
      }
      this.#current = next
      if (isNew) {
        this.#days = [...this.#days, today].sort((a, b) => a - b)
        this.#parts.shelf(this.shelf)
      }
      return next
    } catch (error) {
      writer.close()
      throw error
    }
  }

  /** True while there is more to merge in the partition that is written to, for about `budget` milliseconds. */
  merge(budget: number): boolean {
    return this.#current?.upkeep.step(budget, this.#parts.now(), false) ?? false
  }

  /** Older partitions: merges what is still small, then leaves them closed. */
  tidy(budget: number): boolean {
    if (!this.#tidying) {
      const day = this.#untidy.shift()
      if (day === undefined) return false
      if (day === this.#current?.writer.day || !this.#days.includes(day)) return true
      if (day === dayOf(this.#parts.now())) return true
      try {
        const writer = new PartitionWriter(partitionPath(this.#parts.dir, day), day)
        this.#tidying = { writer, upkeep: new PartitionUpkeep(writer, this.#parts.fulltext) }
      } catch (error) {
        if (!isDamage(error)) throw error
        this.setAside(day)
        return true
      }
    }
    const { writer, upkeep } = this.#tidying
    try {
      if (upkeep.step(budget, this.#parts.now(), true)) return true
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
        const db = own ?? openForReading(partitionPath(this.#parts.dir, day))
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

  /** Partitions that have not passed the thorough check since they last changed, newest first. */
  unchecked(): { readonly day: number; readonly path: string }[] {
    const known = new Map(
      (
        this.#parts.desk.prepare('SELECT day, size, changed FROM checked').all() as {
          day: number
          size: number
          changed: number
        }[]
      ).map((row) => [row.day, row]),
    )
    return this.#days.toReversed().flatMap((day) => {
      const path = partitionPath(this.#parts.dir, day)
      const { size, mtimeMs } = statSync(path)
      const row = known.get(day)
      return row && row.size === size && row.changed === mtimeMs ? [] : [{ day, path }]
    })
  }

  checked(day: number): void {
    const { size, mtimeMs } = statSync(partitionPath(this.#parts.dir, day))
    this.#parts.desk.prepare('INSERT OR REPLACE INTO checked (day, size, changed) VALUES (?, ?, ?)').run(day, size, mtimeMs)
  }

  /**
   * Puts a damaged partition aside; everything else goes on. `known`: the shelf's count when the damage was seen. Readers must have closed it where the system does not rename open files.
   */
  setAside(day: number, known = Infinity): void {
    // A reader may report what the writer has met already, when the day has a new partition.
    if ((this.#setAsideAt.get(day) ?? 0) > known) return this.#parts.shelf(this.shelf)
    if (!this.#days.includes(day)) return
    this.#parts.drop(day)
    if (this.#current?.writer.day === day) {
      this.#current.writer.close()
      this.#current = null
    }
    if (this.#tidying?.writer.day === day) this.#closeTidying()
    this.#days = this.#days.filter((other) => other !== day)
    this.#setAside(day)
    this.#recount()
    this.#parts.shelf(this.shelf)
  }

  #setAside(day: number): void {
    this.#setAsideAt.set(day, ++this.#asides)
    const file = setAside(partitionPath(this.#parts.dir, day), this.#parts.now())
    process.stderr.write(`store: the partition of ${dayName(day)} is damaged and was set aside as ${file}\n`)
    this.#parts.banners.damaged(day, file)
  }

  /** Totals after a partition went. */
  #recount(): void {
    this.totals.clear()
    this.#eachNewest((db) => {
      for (const total of totalsOf(db)) this.totals.add(total.source, total)
      return false
    })
  }

  close(): void {
    this.#closeTidying()
    this.#current?.writer.close()
    this.#current = null
  }
}
