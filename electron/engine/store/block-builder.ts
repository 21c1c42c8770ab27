/** Builds blocks from events: the parser thread's end of the store. One per thread, reused for every block. */
import type { FieldRegistry } from '../event/field-registry.ts'
import { MAX_FIELDS } from '../event/field-registry.ts'
import type { EventRow, RowValue } from '../event/row.ts'
import { MAX_LIST, MAX_ROW_FIELDS, MAX_VALUE } from '../event/row.ts'
import type { EncodedBlock, EncodedColumn } from './batch.ts'
import { ColumnBuilder } from './column-builder.ts'
import type { Filters } from './column-builder.ts'
import { BLOCK_RAW_BYTES, BLOCK_ROWS, BLOCK_TEXT_UNITS } from './limits.ts'
import { RawBuilder } from './raw-chunk.ts'
import { SYSTEM, columnOfField } from './system-columns.ts'
import { TextFilterBuilder } from './text-filter.ts'
import type { Fulltext } from './text-filter.ts'
import { joinFilters } from './filters.ts'
import { ValueFilterBuilder } from './value-filter.ts'

export class BlockBuilder {
  readonly #fields: FieldRegistry
  readonly #filters: Filters
  readonly #raw = new RawBuilder()
  readonly #columns: (ColumnBuilder | undefined)[] = []
  /** Fields that have a value in this block. */
  #active: ColumnBuilder[] = []
  readonly #time = new ColumnBuilder(SYSTEM.time, true)
  readonly #received = new ColumnBuilder(SYSTEM.received, true)
  readonly #nanos = new ColumnBuilder(SYSTEM.nanos)
  readonly #note = new ColumnBuilder(SYSTEM.note)
  readonly #type = new ColumnBuilder(SYSTEM.type)
  readonly #format = new ColumnBuilder(SYSTEM.format)
  readonly #source = new ColumnBuilder(SYSTEM.source)
  readonly #cut = new ColumnBuilder(SYSTEM.cut)
  #rows = 0
  #textUnits = 0
  #minTime = Infinity
  #maxTime = -Infinity

  /** `fields` is the thread's registry: rows given to `add` must speak its numbers. */
  constructor(fields: FieldRegistry, fulltext: Fulltext = 'trigrams') {
    this.#fields = fields
    this.#filters = { values: new ValueFilterBuilder(), text: new TextFilterBuilder(fulltext) }
  }

  /** Events since the last `finish`. */
  get rows(): number {
    return this.#rows
  }

  /** True when `finish` must be called before the next `add`. */
  get full(): boolean {
    return this.#rows >= BLOCK_ROWS || this.#raw.bytes >= BLOCK_RAW_BYTES || this.#textUnits >= BLOCK_TEXT_UNITS
  }

  /** Copies an event and its raw record into the block. Neither is kept. Throws `RangeError` when the block has `BLOCK_ROWS` already. */
  add(row: EventRow, rawBytes: Uint8Array): void {
    const at = this.#rows
    if (at >= BLOCK_ROWS) throw new RangeError('the block is full')
    const time = row.time
    if (time < this.#minTime) this.#minTime = time
    if (time > this.#maxTime) this.#maxTime = time
    this.#time.add(at, time)
    this.#received.add(at, row.received)
    if (row.nanos !== 0) this.#nanos.add(at, row.nanos)
    if (row.timeNote !== 0) this.#note.add(at, row.timeNote)
    this.#type.add(at, row.type)
    this.#format.add(at, row.format)
    this.#source.add(at, row.source)
    const { fields, values } = row
    // Parsers stop a list at MAX_LIST: a full one may have been longer. Where something of the record may not be in the columns, free text is looked for in the raw record too.
    let cut = fields.length >= MAX_ROW_FIELDS || this.#fields.size >= MAX_FIELDS
    const columns = this.#columns
    let units = 0
    for (let i = 0; i < fields.length; i++) {
      const id = fields[i]!
      let value: RowValue | undefined = values[id]
      if (value === undefined) continue
      const column = columns[id] ?? this.#column(id)
      if (column.count === 0) this.#active.push(column)
      if (typeof value === 'string') {
        if (value.length > MAX_VALUE) {
          value = value.slice(0, MAX_VALUE)
          cut = true
        }
      } else if (typeof value === 'object' && (value.length >= MAX_LIST || value.some(isLong))) {
        value = value.slice(0, MAX_LIST).map((item) => item.slice(0, MAX_VALUE))
        cut = true
      }
      units += column.add(at, value)
    }
    if (cut) this.#cut.add(at, true)
    this.#textUnits += units
    this.#raw.add(rawBytes)
    this.#rows = at + 1
  }

  #column(id: number): ColumnBuilder {
    const column = new ColumnBuilder(columnOfField(this.#fields.name(id)))
    // Places in between are filled, so that the array stays a packed one.
    while (this.#columns.length < id) this.#columns.push(undefined)
    this.#columns[id] = column
    return column
  }

  /** The block so far, ready to be committed; the builder is empty again. Throws `RangeError` where there are no rows. */
  finish(): EncodedBlock {
    const rows = this.#rows
    if (rows === 0) throw new RangeError('a block without rows')
    const columns: EncodedColumn[] = []
    const texts: Uint8Array[] = []
    const put = (column: ColumnBuilder, filters: Filters | null): void => {
      if (column.count === 0) return
      columns.push({ field: column.name, data: column.finish(rows, filters) })
      texts.push(column.textFilter)
    }
    put(this.#time, null)
    put(this.#received, null)
    put(this.#nanos, null)
    put(this.#note, null)
    put(this.#type, this.#filters)
    put(this.#format, null)
    put(this.#source, null)
    put(this.#cut, null)
    for (const column of this.#active) put(column, this.#filters)
    const rawBytes = this.#raw.bytes
    const block: EncodedBlock = {
      rows,
      minTime: this.#minTime,
      maxTime: this.#maxTime,
      columns,
      raw: this.#raw.finish(),
      bloom: joinFilters(this.#filters.values.finish(), this.#filters.text.kind, texts),
      rawBytes,
    }
    this.#active = []
    this.#rows = 0
    this.#textUnits = 0
    this.#minTime = Infinity
    this.#maxTime = -Infinity
    return block
  }
}

const isLong = (value: string): boolean => value.length > MAX_VALUE
