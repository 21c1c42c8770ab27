/** Columns every block has beside the record's own fields. Their names begin with NUL, which no field's column does. */
export const SYSTEM = {
  time: '\0time',
  received: '\0received',
  /** Nanoseconds below the microsecond; only rows that have any. */
  nanos: '\0nanos',
  /** Index of the time note; only rows that have one. */
  note: '\0note',
  type: '\0type',
  format: '\0format',
  source: '\0source',
  /** Rows of which the columns may not hold everything. */
  cut: '\0cut',
} as const

/** Column of a field of the record: its name, with one more NUL before a name that begins with one. */
export const columnOfField = (field: string): string => (field.startsWith('\0') ? `\0\0${field.slice(1)}` : field)
/** The inverse; null for a system column. */
export const fieldOfColumn = (column: string): string | null =>
  !column.startsWith('\0') ? column : column.startsWith('\0\0') ? `\0${column.slice(2)}` : null
