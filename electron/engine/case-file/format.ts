/** The case file, version 1: what is in it, and how its content is hashed. See docs/case-file.md. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { IncidentNumber } from '../../../shared/model/incident.ts'
import { LedgerHash } from '../../../shared/model/ledger.ts'
import { IsoTime } from '../../../shared/model/time.ts'
import type { ReadDatabase } from '../store/database.ts'

/** `WfCf`. */
export const CASE_APPLICATION = 0x57664366
export const CASE_VERSION = 1
export const CASE_ENDING = '.wfcase'

/** Bytes of evidence in one row. */
export const BLOB_BYTES = 1 << 20
/** What a reader takes: a row, a table, and the whole file. */
export const MOST_ROW_BYTES = 32 << 20
export const MOST_ROWS = 2_000_000
export const MOST_FILE_BYTES = 64 * 2 ** 30

/** Tables of rows that are JSON, in the order they are written. `id` is what the row is known by. */
export const JSON_TABLES = [
  'incident',
  'link',
  'entry',
  'part',
  'version',
  'alert',
  'action',
  'verification',
  'detection',
  'source',
  'asset',
] as const
export type JsonTable = (typeof JSON_TABLES)[number]

const json = (name: string): string => `CREATE TABLE ${name} (place INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL)`
/** Columns with their types, and the statement that makes the table: a file has exactly these. */
export const TABLES = {
  manifest: {
    columns: ['place', 'body', 'hash'],
    types: 'integer,text,text',
    sql: 'CREATE TABLE manifest (place INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL)',
  },
  ...(Object.fromEntries(
    JSON_TABLES.map((name) => [name, { columns: ['place', 'id', 'body'], types: 'integer,text,text', sql: json(name) }]),
  ) as unknown as Record<JsonTable, Table>),
  event: {
    columns: ['place', 'id', 'body', 'raw'],
    types: 'integer,text,text,blob',
    sql: 'CREATE TABLE event (place INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL, raw BLOB NOT NULL)',
  },
  blob: {
    columns: ['place', 'sha256', 'data'],
    types: 'integer,text,blob',
    sql: 'CREATE TABLE blob (place INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, data BLOB NOT NULL)',
  },
  ledger: {
    columns: ['place', 'book', 'at', 'by', 'action', 'subject', 'body', 'previous', 'hash'],
    types: 'integer,text,text,text,text,text,text,text,text',
    sql: 'CREATE TABLE ledger (place INTEGER PRIMARY KEY, book TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)',
  },
} as const satisfies Record<string, Table>
interface Table {
  readonly columns: readonly string[]
  readonly types: string
  readonly sql: string
}
export type TableName = keyof typeof TABLES
export const TABLE_NAMES = Object.keys(TABLES) as TableName[]
/** Those that the manifest tells of. */
export type ContentTable = Exclude<TableName, 'manifest'>
export const CONTENT = TABLE_NAMES.filter((name): name is ContentTable => name !== 'manifest')

const TableSum = z.object({ rows: z.number().int().min(0), sha256: LedgerHash })
export const Manifest = z.strictObject({
  format: z.literal('watchfloor-case'),
  version: z.literal(CASE_VERSION),
  incident: IncidentNumber,
  title: z.string().max(300),
  made: IsoTime,
  by: z.string().max(256),
  /** Name of the machine. */
  desk: z.string().max(256),
  software: z.string().max(64),
  ledger: z.object({ entries: z.number().int().min(1), first: LedgerHash, last: LedgerHash }),
  tables: z.record(z.string(), TableSum),
  /** SHA-256 of a line `name rows sha256` for each table in order: the same for the same state, whenever it was exported. */
  content: LedgerHash,
})
export type Manifest = z.infer<typeof Manifest>

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

export const contentHash = (tables: Manifest['tables']): string =>
  sha256(CONTENT.map((name) => `${name} ${tables[name]?.rows ?? 0} ${tables[name]?.sha256 ?? ''}\n`).join(''))

type Row = readonly (string | Uint8Array)[]
/**
 * Hash of a table, a row at a time: each value as its length in bytes, a colon, and its bytes (of text in UTF-8, of a number in
 * decimal); a new line after each row. Yields the rows, so that a caller can stop or look at them.
 */
export function* tableRows(
  db: Pick<ReadDatabase, 'prepare'>,
  name: TableName,
): Generator<{ types: string; row: Row }, void, void> {
  const { columns } = TABLES[name]
  const types = columns.map((column) => `typeof("${column}")`).join(" || ',' || ")
  const values = columns.map((column, i) => `CAST("${column}" AS BLOB) AS c${i}`).join(', ')
  // Lengths first: a row that is too large is not read.
  const sizes = columns.map((column) => `length(CAST("${column}" AS BLOB))`).join(' + ')
  const next = db.prepare(`SELECT place, ${types} AS types, ${sizes} AS size FROM ${name} WHERE place > ? ORDER BY place LIMIT 1`)
  const read = db.prepare(`SELECT ${values} FROM ${name} WHERE place = ?`).raw()
  for (let place: unknown = -1, rows = 0; ; rows++) {
    const head = next.get(place) as { place: number; types: string; size: number } | undefined
    if (!head) return
    if (rows >= MOST_ROWS || head.size > MOST_ROW_BYTES) throw new RangeError(`${name} has more than a case file may hold`)
    place = head.place
    yield { types: head.types, row: read.get(place) as Uint8Array[] }
  }
}

export class TableHash {
  readonly #hash = createHash('sha256')
  #rows = 0
  add(row: Row): void {
    for (const value of row) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value
      this.#hash.update(`${bytes.length}:`).update(bytes)
    }
    this.#hash.update('\n')
    this.#rows++
  }
  get sum(): { readonly rows: number; readonly sha256: string } {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') }
  }
}
