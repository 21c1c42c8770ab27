/** Puts encoded blocks into a partition: parts into pieces, then the head that points to them. Runs inside the caller's transaction. */
import { crc32 } from 'node:zlib'
import type { EncodedBlock } from './batch.ts'
import { AT, aligned } from './column-format.ts'
import { prepared } from './database.ts'
import type { WriteDatabase } from './database.ts'
import { splitFilters } from './filters.ts'
import { writeHead } from './head.ts'
import type { ColumnEntry, Place } from './head.ts'
import { encodePlaces } from './places.ts'
import type { PlaceGroups } from './places.ts'
import { recordsInChunk } from './raw-chunk.ts'
import { SYSTEM } from './system-columns.ts'
import { FILTER_PART_BYTES } from './value-filter.ts'

/** Small parts share a piece up to this size; larger ones have their own. */
const PIECE_BYTES = 32 << 10
const OWN_PIECE = 24 << 10

export class BlockWriter {
  readonly #db: WriteDatabase
  readonly #insertPiece
  readonly #insertBlock
  readonly #insertField
  readonly #fields = new Map<string, number>()
  #nextPiece: number
  #nextBlock: number

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#insertPiece = db.prepare('INSERT INTO piece (id, data) VALUES (?, ?)')
    this.#insertBlock = db.prepare(
      'INSERT INTO block (id, seq, rows, min_time, max_time, raw_bytes, head) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#insertField = db.prepare('INSERT INTO field (id, name) VALUES (?, ?)')
    this.#nextPiece = ((db.prepare('SELECT max(id) FROM piece').pluck().get() as number | null) ?? 0) + 1
    this.#nextBlock = ((db.prepare('SELECT max(id) FROM block').pluck().get() as number | null) ?? 0) + 1
    this.reload()
  }

  /** Must be called after a rollback: what was remembered of it may not be there. (Numbers of pieces and blocks just leave a gap.) */
  reload(): void {
    this.#fields.clear()
    for (const { id, name } of prepared(this.#db, 'SELECT id, name FROM field').all() as { id: number; name: string }[])
      this.#fields.set(name, id)
  }

  /** Number of a column's name in this partition. */
  field(name: string): number {
    let id = this.#fields.get(name)
    if (id === undefined) {
      id = this.#fields.size + 1
      this.#insertField.run(id, name)
      this.#fields.set(name, id)
    }
    return id
  }

  /** Stores a block whose first row is event `seq`. */
  insert(block: EncodedBlock, places: PlaceGroups, seq: number): void {
    const firstPiece = this.#nextPiece
    let open: Uint8Array[] = []
    let openBytes = 0
    const flush = (): void => {
      if (openBytes === 0) return
      this.#insertPiece.run(this.#nextPiece++, open.length === 1 ? open[0] : Buffer.concat(open, openBytes))
      open = []
      openBytes = 0
    }
    const put = (bytes: Uint8Array): Place => {
      if (bytes.length >= OWN_PIECE || openBytes + bytes.length > PIECE_BYTES) flush()
      const padding = aligned(openBytes) - openBytes
      if (padding > 0) open.push(new Uint8Array(padding))
      openBytes += padding
      const place = { piece: this.#nextPiece, offset: openBytes, length: bytes.length }
      open.push(bytes)
      openBytes += bytes.length
      if (bytes.length >= OWN_PIECE) flush()
      return place
    }
    const { values, kind: textKind, texts } = splitFilters(block.bloom)
    const checked = (bytes: Uint8Array): Place & { crc: number } => ({ ...put(bytes), crc: crc32(bytes) })
    // What every query asks first comes first: filters, then the times. The columns follow in the order in which parsers set them: what
    // is shown together mostly stands together.
    const starts: number[] = []
    let textBytes = 0
    for (const text of texts) {
      starts.push(textBytes)
      textBytes += text.length
    }
    const textFilters = textBytes > 0 ? checked(Buffer.concat(texts, textBytes)) : null
    const filterParts = []
    for (let at = 0; at < values.length; at += FILTER_PART_BYTES) {
      filterParts.push(checked(values.subarray(at, at + FILTER_PART_BYTES)))
      // One search reads one part of each block: parts of large filters do not share a piece.
      if (values.length > FILTER_PART_BYTES) flush()
    }
    const order = block.columns
      .map((column, i) => ({ ...column, textOffset: starts[i] ?? 0, textLength: texts[i]?.length ?? 0 }))
      .sort((a, b) => Number(b.field === SYSTEM.time) - Number(a.field === SYSTEM.time))
    const columns: ColumnEntry[] = []
    for (const { field, data, textOffset, textLength } of order) {
      const view = new DataView(data.buffer, data.byteOffset, data.length)
      columns.push({
        ...put(data),
        field: this.field(field),
        kind: view.getUint8(AT.kind),
        flags: view.getUint8(AT.flags),
        count: view.getUint32(AT.count, true),
        min: view.getFloat64(AT.min, true),
        max: view.getFloat64(AT.max, true),
        textOffset,
        textLength,
      })
    }
    const placesAt = checked(encodePlaces(places, block.rows))
    flush()
    const raw = []
    let row = 0
    for (const chunk of block.raw) {
      raw.push({ piece: put(chunk).piece, firstRow: row })
      row += recordsInChunk(chunk)
      flush()
    }
    const head = writeHead({
      firstPiece,
      columns,
      raw,
      filterBytes: values.length,
      filterParts,
      textFilters,
      textKind,
      places: placesAt,
    })
    this.#insertBlock.run(this.#nextBlock++, seq, block.rows, block.minTime, block.maxTime, block.rawBytes, head)
  }
}
