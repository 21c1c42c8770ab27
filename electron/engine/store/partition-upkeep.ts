/** Upkeep of one partition between commits: merging small blocks, deleting merged ones, checkpoints. In slices of bounded time. */
import type { EncodedBlock } from './batch.ts'
import type { Filters } from './column-builder.ts'
import { mergeBlocks, nextMerge } from './block-merge.ts'
import type { StoredBlock } from './block-merge.ts'
import { prepared } from './database.ts'
import { Head } from './head.ts'
import type { PartitionWriter } from './partition-writer.ts'
import type { PlaceGroups } from './places.ts'
import { TextFilterBuilder } from './text-filter.ts'
import type { Fulltext } from './text-filter.ts'
import { ValueFilterBuilder } from './value-filter.ts'

/** A merged block's parts stay this long, so that searches that have begun can end. Milliseconds. */
export const GRACE_MS = 5 * 60_000
const MOST_DELETED = 64

export class PartitionUpkeep {
  readonly #writer: PartitionWriter
  /** Used by one merge after the other; each empties them. */
  readonly #filters: Filters
  #blocks: StoredBlock[]
  #merge: {
    readonly of: readonly StoredBlock[]
    readonly work: Generator<void, { block: EncodedBlock; places: PlaceGroups }>
  } | null = null
  #nextGarbage = 0

  constructor(writer: PartitionWriter, fulltext: Fulltext) {
    this.#writer = writer
    this.#filters = { values: new ValueFilterBuilder(), text: new TextFilterBuilder(fulltext) }
    this.#blocks = writer.db
      .prepare('SELECT id, seq, rows, raw_bytes AS rawBytes FROM block WHERE replaced_at IS NULL ORDER BY seq')
      .all() as StoredBlock[]
  }

  /** Tells of a block that was just committed. */
  committed(): void {
    const last = this.#blocks.at(-1)
    this.#blocks.push(
      ...(prepared(
        this.#writer.db,
        'SELECT id, seq, rows, raw_bytes AS rawBytes FROM block WHERE replaced_at IS NULL AND id > ? AND seq > ? ORDER BY seq',
      ).all(this.#newest(), last?.seq ?? -1) as StoredBlock[]),
    )
  }

  #newest(): number {
    let newest = 0
    for (const block of this.#blocks) if (block.id > newest) newest = block.id
    return newest
  }

  /**
   * Works for at most about `budget` milliseconds. `all`: no more events will come. False where there was nothing to do.
   * Throws SQLite's errors; nothing is half done then.
   */
  step(budget: number, nowMs: number, all: boolean): boolean {
    const until = performance.now() + budget
    if (!this.#merge) {
      const of = nextMerge(this.#blocks, all)
      if (!of) return this.#collect(nowMs)
      const db = this.#writer.db
      const names = new Map(
        (prepared(db, 'SELECT id, name FROM field').all() as { id: number; name: string }[]).map(({ id, name }) => [id, name]),
      )
      this.#merge = { of, work: mergeBlocks(db, of, names, this.#filters) }
    }
    const { of, work } = this.#merge
    try {
      for (;;) {
        const next = work.next()
        if (next.done) {
          this.#replace(of, next.value.block, next.value.places, nowMs)
          this.#merge = null
          return true
        }
        if (performance.now() >= until) return true
      }
    } catch (error) {
      this.#merge = null
      this.#filters.values.finish()
      throw error
    }
  }

  #replace(of: readonly StoredBlock[], block: EncodedBlock, places: PlaceGroups, nowMs: number): void {
    const { db, blocks } = this.#writer
    const first = of[0]!
    const mark = prepared(db, 'UPDATE block SET replaced_at = ? WHERE id = ?')
    try {
      db.transaction(() => {
        blocks.insert(block, places, first.seq)
        for (const { id } of of) mark.run(nowMs, id)
      }).immediate()
    } catch (error) {
      blocks.reload()
      throw error
    }
    const id = prepared(db, 'SELECT max(id) FROM block').pluck().get() as number
    const at = this.#blocks.indexOf(first)
    this.#blocks.splice(at, of.length, { id, seq: first.seq, rows: block.rows, rawBytes: block.rawBytes })
  }

  #collect(nowMs: number): boolean {
    if (nowMs < this.#nextGarbage) return false
    const { db } = this.#writer
    const old = prepared(db, 'SELECT id, head FROM block WHERE replaced_at < ? LIMIT ?').all(nowMs - GRACE_MS, MOST_DELETED) as {
      id: number
      head: Uint8Array
    }[]
    if (old.length === 0) {
      this.#nextGarbage = nowMs + 30_000
      return false
    }
    const deletePiece = prepared(db, 'DELETE FROM piece WHERE id = ?')
    const deleteBlock = prepared(db, 'DELETE FROM block WHERE id = ?')
    db.transaction(() => {
      for (const { id, head } of old) {
        for (const piece of new Head(head).pieces()) deletePiece.run(piece)
        deleteBlock.run(id)
      }
    }).immediate()
    return true
  }
}
