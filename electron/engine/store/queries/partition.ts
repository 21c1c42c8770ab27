/** One partition as readers see it: its list of blocks, kept current, and access to each. */
import { BlockReader, pieceStatement } from '../block-reader.ts'
import { openForReading } from '../database.ts'
import type { ReadDatabase } from '../database.ts'
import { GoneError } from '../damage.ts'
import { Head } from '../head.ts'
import { SEQUENCES } from '../limits.ts'
import { dayName } from '../partition-files.ts'

export interface BlockInfo {
  readonly partition: Partition
  readonly id: number
  readonly seq: number
  readonly rows: number
  readonly minTime: number
  readonly maxTime: number
  head: Head | undefined
}

/** Heads that were read stay, over all partitions up to this many bytes. */
const MOST_HEAD_BYTES = 24 << 20
export class HeadCache {
  #bytes = 0
  #blocks: BlockInfo[] = []

  keep(block: BlockInfo, head: Head): Head {
    if (this.#bytes > MOST_HEAD_BYTES) {
      for (const old of this.#blocks) old.head = undefined
      this.#blocks = []
      this.#bytes = 0
    }
    this.#bytes += head.bytes
    this.#blocks.push(block)
    return (block.head = head)
  }
}

/** Blocks that were read stay unpacked, with the events made of them, the longest unused go first: for who asks many small questions about the same times. */
export class BlockCache {
  readonly #most: number
  readonly #blocks = new Map<BlockInfo, BlockReader>()
  #rows = 0

  /** At most so many rows; a row takes one to three kilobytes. */
  constructor(mostRows: number) {
    this.#most = mostRows
  }

  get keeps(): boolean {
    return this.#most > 0
  }

  get(block: BlockInfo, open: () => BlockReader): BlockReader {
    if (!this.keeps) return open()
    const known = this.#blocks.get(block)
    const reader = known ?? open()
    if (known !== undefined) this.#blocks.delete(block)
    else this.#rows += block.rows
    this.#blocks.set(block, reader)
    for (const old of this.#blocks.keys()) {
      if (this.#rows <= this.#most || old === block) break
      this.#blocks.delete(old)
      this.#rows -= old.rows
    }
    return reader
  }

  clear(): void {
    this.#blocks.clear()
    this.#rows = 0
  }
}

interface BlockRow {
  id: number
  seq: number
  rows: number
  min_time: number
  max_time: number
}
const COLUMNS = 'id, seq, rows, min_time, max_time'

export class Partition {
  readonly day: number
  readonly name: string
  readonly db: ReadDatabase
  readonly #heads: HeadCache
  readonly #opened: BlockCache
  #blocks: BlockInfo[] = []
  #lastBlock = 0
  #version = -1
  readonly #fieldIds = new Map<string, number>()
  readonly #fieldNames = new Map<number, string>()
  #lastField = 0
  readonly #statements

  constructor(path: string, day: number, heads: HeadCache = new HeadCache(), opened: BlockCache = new BlockCache(0)) {
    this.#heads = heads
    this.#opened = opened
    this.day = day
    this.name = dayName(day)
    this.db = openForReading(path)
    this.#statements = {
      version: this.db.prepare('PRAGMA data_version').pluck(),
      blocks: this.db.prepare(`SELECT ${COLUMNS} FROM block WHERE id > ? AND replaced_at IS NULL ORDER BY id`),
      lastBlock: this.db.prepare('SELECT max(id) FROM block').pluck(),
      head: this.db.prepare('SELECT head FROM block WHERE id = ?').pluck(),
      fields: this.db.prepare('SELECT id, name FROM field WHERE id > ? ORDER BY id'),
      piece: pieceStatement(this.db),
    }
  }

  /** Id of the partition's event 0. */
  get base(): number {
    return this.day * SEQUENCES
  }

  /** Blocks there are now, in order of their events. The array is not changed later. */
  blocks(): readonly BlockInfo[] {
    const version = this.#statements.version.get() as number
    if (version === this.#version) return this.#blocks
    this.#version = version
    for (const { id, name } of this.#statements.fields.all(this.#lastField) as { id: number; name: string }[]) {
      this.#fieldIds.set(name, id)
      this.#fieldNames.set(id, name)
      this.#lastField = Math.max(this.#lastField, id)
    }
    const fresh = this.#statements.blocks.all(this.#lastBlock) as BlockRow[]
    if (fresh.length === 0) return this.#blocks
    let merged = false
    let end = this.#blocks.at(-1) ? this.#blocks.at(-1)!.seq + this.#blocks.at(-1)!.rows : 0
    for (const row of fresh) {
      if (row.seq < end) merged = true
      end = Math.max(end, row.seq + row.rows)
      if (row.id > this.#lastBlock) this.#lastBlock = row.id
    }
    const added = fresh.map((row): BlockInfo => ({
      partition: this,
      id: row.id,
      seq: row.seq,
      rows: row.rows,
      minTime: row.min_time,
      maxTime: row.max_time,
      head: undefined,
    }))
    let all = [...this.#blocks, ...added]
    if (merged) {
      // A merged block covers those it was made of; the newer one counts.
      all.sort((a, b) => a.seq - b.seq || b.id - a.id)
      const kept: BlockInfo[] = []
      let covered = -1
      let by = 0
      for (const block of all) {
        if (block.seq < covered && block.id < by) continue
        while (kept.length > 0 && kept.at(-1)!.seq + kept.at(-1)!.rows > block.seq) kept.pop()
        kept.push(block)
        covered = block.seq + block.rows
        by = block.id
      }
      all = kept
    }
    this.#blocks = all
    return all
  }

  head(block: BlockInfo): Head {
    if (block.head) return block.head
    const bytes = this.#statements.head.get(block.id)
    if (!(bytes instanceof Uint8Array)) throw new GoneError(`block ${block.id} is gone`)
    return this.#heads.keep(block, new Head(bytes))
  }

  open(block: BlockInfo): BlockReader {
    return this.#opened.get(block, () => new BlockReader(this.head(block), this.#statements.piece, this.#opened.keeps))
  }

  /** Number of a column's name, or -1 where no block of the partition has it. */
  field(name: string): number {
    return this.#fieldIds.get(name) ?? -1
  }

  fieldName(id: number): string {
    return this.#fieldNames.get(id) ?? ''
  }

  /** The block that holds an event, by its sequence. */
  blockOf(seq: number): BlockInfo | undefined {
    const blocks = this.blocks()
    let low = 0
    let high = blocks.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const block = blocks[middle]!
      if (seq < block.seq) high = middle - 1
      else if (seq >= block.seq + block.rows) low = middle + 1
      else return block
    }
    return undefined
  }

  close(): void {
    if (this.db.open) this.db.close()
  }
}
