/**
 * Live records arrive in many small blocks; searches want few large ones. Neighbouring small blocks are rewritten as one,
 * column by column in short steps, so that commits in between hardly wait. Events keep their ids.
 */
import { ColumnBuilder } from './column-builder.ts'
import type { Filters } from './column-builder.ts'
import type { EncodedBlock, EncodedColumn } from './batch.ts'
import { BlockReader, pieceStatement } from './block-reader.ts'
import { prepared } from './database.ts'
import type { ReadDatabase } from './database.ts'
import { joinFilters } from './filters.ts'
import { Head } from './head.ts'
import { BLOCK_RAW_BYTES, BLOCK_ROWS } from './limits.ts'
import type { PlaceGroups } from './places.ts'
import { RawBuilder } from './raw-chunk.ts'
import { SYSTEM } from './system-columns.ts'

export interface StoredBlock {
  readonly id: number
  readonly seq: number
  readonly rows: number
  readonly rawBytes: number
}

/** Blocks of one size class are merged when this many stand side by side. */
const FAN = 16
const TIERS = [32, 512, BLOCK_ROWS / 2]

/**
 * The next neighbours to merge, smallest class first; null where nothing is worth it. `all`: the partition gets no more
 * events, so merge whatever is small.
 */
export function nextMerge(blocks: readonly StoredBlock[], all: boolean): readonly StoredBlock[] | null {
  for (const [tier, most] of TIERS.entries()) {
    let from = 0
    let rows = 0
    let raw = 0
    for (let i = 0; i <= blocks.length; i++) {
      const block = blocks[i]
      const fits =
        block !== undefined &&
        block.rows < most &&
        rows + block.rows <= BLOCK_ROWS &&
        raw + block.rawBytes <= BLOCK_RAW_BYTES &&
        follows(blocks[i - 1], block, i > from)
      if (fits) {
        rows += block.rows
        raw += block.rawBytes
        continue
      }
      const run = blocks.slice(from, i)
      // In the largest class a run is ready as soon as it fills a block.
      const full = tier === TIERS.length - 1 && rows >= BLOCK_ROWS * 0.75
      if (run.length >= FAN || (run.length > 1 && (full || (all && tier === TIERS.length - 1)))) return run
      // The one that did not fit may begin the next run.
      const begins = block !== undefined && block.rows < most
      from = begins ? i : i + 1
      rows = begins ? block.rows : 0
      raw = begins ? block.rawBytes : 0
    }
  }
  return null
}
const follows = (before: StoredBlock | undefined, block: StoredBlock, inRun: boolean): boolean =>
  !inRun || (before !== undefined && before.seq + before.rows === block.seq)

/** Builds the merged block; yields between steps of a few milliseconds. */
export function* mergeBlocks(
  db: Pick<ReadDatabase, 'prepare'>,
  blocks: readonly StoredBlock[],
  names: ReadonlyMap<number, string>,
  filters: Filters,
): Generator<void, { block: EncodedBlock; places: PlaceGroups }> {
  const pieces = pieceStatement(db)
  const head = prepared(db, 'SELECT head, min_time AS min, max_time AS max FROM block WHERE id = ?')
  const readers: { reader: BlockReader; first: number }[] = []
  const fields = new Set<number>()
  let rows = 0
  let minTime = Infinity
  let maxTime = -Infinity
  for (const { id, rows: more } of blocks) {
    const row = head.get(id) as { head: Uint8Array; min: number; max: number }
    const reader = new BlockReader(new Head(row.head), pieces)
    readers.push({ reader, first: rows })
    rows += more
    minTime = Math.min(minTime, row.min)
    maxTime = Math.max(maxTime, row.max)
    for (let i = 0; i < reader.head.columns; i++) fields.add(reader.head.field(i))
  }
  const columns: EncodedColumn[] = []
  const texts: Uint8Array[] = []
  for (const field of fields) {
    const name = names.get(field)
    if (name === undefined) continue
    const builder = new ColumnBuilder(name, name === SYSTEM.time || name === SYSTEM.received)
    for (const { reader, first } of readers) {
      const column = reader.column(field)
      if (!column) continue
      if (column.kind === 'text') {
        const list = column.rowList
        const dictionary = column.dictionary
        for (let i = 0; i < column.count; i++) builder.add(first + (list ? list[i]! : i), dictionary[column.idAt(i)]!)
      } else
        for (let row = 0; row < column.rows; row++) {
          const value = column.value(row)
          if (value !== undefined) builder.add(first + row, value)
        }
    }
    columns.push({
      field: name,
      data: builder.finish(rows, name.startsWith('\0') && name !== SYSTEM.type && !name.startsWith('\0\0') ? null : filters),
    })
    texts.push(builder.textFilter)
    yield
  }
  const raw = new RawBuilder()
  const places: PlaceGroups[number][] = []
  for (const { reader } of readers) {
    for (let i = 0; i < reader.head.chunks; i++) {
      for (const record of reader.rawChunk(reader.head.chunk(i).piece)) raw.add(record)
      yield
    }
    places.push(...reader.places().groups())
  }
  const rawBytes = raw.bytes
  const block: EncodedBlock = {
    rows,
    minTime,
    maxTime,
    columns,
    raw: raw.finish(),
    bloom: joinFilters(filters.values.finish(), filters.text.kind, texts),
    rawBytes,
  }
  return { block, places }
}
