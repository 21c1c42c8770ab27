import type { Micros } from '../../../shared/model/time.ts'

export type Scalar = string | number | boolean
/** What a row holds for one field. A list holds text. */
export type RowValue = Scalar | readonly string[]

/** Index into `TIME_NOTES` of shared/model/event.ts. */
export type TimeNoteIndex = 0 | 1 | 2 | 3 | 4

/** Rules see this many UTF-16 units of a value: more than a command line or a script block of Windows can have. */
export const MAX_MATCHED = 65_536
/** A field's text is cut to this many UTF-16 units in columns; the raw record keeps all of it. */
export const MAX_VALUE = 8192
/** At most this many values of one field, and this many fields of one record, reach the columns. */
export const MAX_LIST = 64
export const MAX_ROW_FIELDS = 512

/**
 * One event on its way from parser to columns. A single instance is reused for every record of a thread: a parser fills it,
 * the rule matcher reads it, the column builder copies it. Never keep one, or a list of its fields.
 */
export class EventRow {
  time: Micros = 0
  /** Nanoseconds below the microsecond, 0–999. */
  nanos = 0
  timeNote: TimeNoteIndex = 0
  received: Micros = 0
  type = ''
  /** Parser id. */
  format = ''
  source = ''
  /** Ids of the fields that are set, in order of setting. */
  readonly fields: number[] = []
  /** Value by field id; `undefined` where not set. */
  readonly values: (RowValue | undefined)[] = []

  /** Sets a field; the first value wins its place, a second one replaces it. Ignores -1 (see FieldRegistry.id). */
  set(field: number, value: RowValue): void {
    if (field < 0) return
    const { values } = this
    // Without holes it stays an array; with them it may become a map of numbers.
    while (values.length <= field) values.push(undefined)
    if (values[field] === undefined) {
      if (this.fields.length >= MAX_ROW_FIELDS) return
      this.fields.push(field)
    }
    values[field] = typeof value === 'string' && value.length > MAX_MATCHED ? value.slice(0, MAX_MATCHED) : value
  }

  get(field: number): RowValue | undefined {
    return field < 0 || field >= this.values.length ? undefined : this.values[field]
  }

  /** Makes the row empty for the next record. */
  clear(): void {
    const { fields, values } = this
    // One by one: an array that is cut to nothing gives its memory back, only to ask for it again with the next record.
    for (let field = fields.pop(); field !== undefined; field = fields.pop()) values[field] = undefined
    this.time = 0
    this.nanos = 0
    this.timeNote = 0
    this.type = ''
  }
}
