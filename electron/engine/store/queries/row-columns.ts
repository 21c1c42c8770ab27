/** Stored rows of a block as rules see them: made of the columns that the rules read. */
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow, RowValue } from '../../event/row.ts'
import type { Column } from '../column.ts'
import { SYSTEM, columnOfField, fieldOfColumn } from '../system-columns.ts'
import type { Asked } from './evaluate.ts'

/** A field's values, asked for row by row, upwards. */
class FieldColumn {
  readonly field: number
  readonly #column: Column
  readonly #list: Uint16Array | null
  /** What is decoded all at once, when it is first asked for. */
  readonly #decode: 'numbers' | 'entries' | null
  #numbers: Float64Array | null = null
  #entries: readonly string[] | null = null
  #next = 0

  /** `all`: most rows will be asked for. */
  constructor(field: number, column: Column, all: boolean) {
    this.field = field
    this.#column = column
    this.#list = column.rowList
    this.#decode = !all ? null : column.kind === 'number' ? 'numbers' : column.kind === 'text' ? 'entries' : null
  }

  value(row: number): RowValue | undefined {
    const list = this.#list
    let place = row
    if (list !== null) {
      place = this.#next
      while (place < list.length && list[place]! < row) place++
      this.#next = place
      if (place === list.length || list[place] !== row) return undefined
    }
    if (this.#decode === 'entries') return (this.#entries ??= this.#column.dictionary)[this.#column.idAt(place)]
    if (this.#decode === 'numbers') return (this.#numbers ??= this.#column.numbers)[place]
    return this.#column.valueAt(place)
  }
}

/** The columns of a block that rules read. */
export class RowColumns {
  readonly #first: FieldColumn[] = []
  readonly #rest: FieldColumn[] = []
  readonly #times: Float64Array
  readonly #type: FieldColumn | null
  readonly #format: FieldColumn | null
  readonly #source: FieldColumn | null
  readonly #cut: Column | null

  /** `all`: most rows will be asked for. */
  constructor({ info, reader }: Asked, fields: FieldRegistry, everything: boolean, asked: ReadonlySet<string>, all: boolean) {
    const system = (name: string): FieldColumn | null => {
      const column = reader.column(info.partition.field(name))
      return column === null ? null : new FieldColumn(-1, column, all)
    }
    this.#times = reader.column(info.partition.field(SYSTEM.time))!.numbers
    this.#type = system(SYSTEM.type)
    this.#format = system(SYSTEM.format)
    this.#source = system(SYSTEM.source)
    this.#cut = reader.column(info.partition.field(SYSTEM.cut))
    const add = (name: string, field: number, column: Column): void =>
      void (asked.has(name) ? this.#first : this.#rest).push(new FieldColumn(field, column, all))
    if (everything) {
      for (let i = 0; i < reader.head.columns; i++) {
        const name = fieldOfColumn(info.partition.fieldName(reader.head.field(i)))
        const column = name === null ? null : reader.column(reader.head.field(i))
        if (name !== null && column !== null) add(name, fields.id(name), column)
      }
      return
    }
    for (let field = 0; field < fields.size; field++) {
      const name = fields.name(field)
      const column = reader.column(info.partition.field(columnOfField(name)))
      if (column !== null) add(name, field, column)
    }
  }

  time(row: number): number {
    return this.#times[row]!
  }

  cut(row: number): boolean {
    return this.#cut !== null && this.#cut.value(row) !== undefined
  }

  /** What tells the row's log sources. */
  begin(row: EventRow, at: number): void {
    row.clear()
    row.time = this.#times[at]!
    row.type = text(this.#type, at)
    row.format = text(this.#format, at)
    row.source = text(this.#source, at)
    put(row, this.#first, at)
  }

  /** All else that rules read. */
  fill(row: EventRow, at: number): void {
    put(row, this.#rest, at)
  }
}

function put(row: EventRow, columns: readonly FieldColumn[], at: number): void {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!
    const value = column.value(at)
    if (value !== undefined) row.set(column.field, value)
  }
}

function text(column: FieldColumn | null, row: number): string {
  const value = column?.value(row)
  return typeof value === 'string' ? value : ''
}
