/**
 * Connections. A writable one is another type than a reading one, and only the writer thread opens it: whoever takes a
 * `ReadDatabase` cannot change anything, in the types and in SQLite.
 */
import Database from 'better-sqlite3'
import type { Statement } from 'better-sqlite3'

declare const reads: unique symbol
declare const writes: unique symbol
/** Opened read-only. */
export type ReadDatabase = Pick<Database.Database, 'prepare' | 'close' | 'open' | 'pragma'> & { readonly [reads]: true }
/** The single writable connection of a file. */
export type WriteDatabase = Database.Database & { readonly [reads]: true; readonly [writes]: true }

/** Tells our files from other SQLite files. */
export const DESK_APPLICATION = 0x57664473
export const PARTITION_APPLICATION = 0x57664576
export const SCENARIOS_APPLICATION = 0x57665363
export const VULNERABILITIES_APPLICATION = 0x57665675

export type DatabaseKind = 'desk' | 'partition' | 'scenarios' | 'vulnerabilities'

const PAGE_BYTES = { desk: 4096, partition: 8192, scenarios: 4096, vulnerabilities: 8192 } as const
/** KiB. Groups of scenarios lie all over their file. */
const CACHE = { desk: 8000, partition: 8000, scenarios: 48_000, vulnerabilities: 16_000 } as const
/** Pages after which a commit checkpoints by itself; the writer does it earlier, when it is idle. */
const AUTOCHECKPOINT_BYTES = 64 << 20

/**
 * Opens a file for writing, and creates it where it is missing. The desk is on the disk before a commit returns
 * (`FULL`); partitions are consistent after power loss, but may have lost their last moments (`NORMAL`), together with the
 * positions of what was lost, so that it is read again.
 */
export function openForWriting(path: string, kind: DatabaseKind): WriteDatabase {
  const db = new Database(path, { timeout: 2000 })
  try {
    db.pragma(`page_size = ${PAGE_BYTES[kind]}`)
    db.pragma('journal_mode = WAL')
    db.pragma(`synchronous = ${kind === 'desk' ? 'FULL' : 'NORMAL'}`)
    db.pragma(`wal_autocheckpoint = ${AUTOCHECKPOINT_BYTES / PAGE_BYTES[kind]}`)
    db.pragma(`journal_size_limit = ${AUTOCHECKPOINT_BYTES}`)
    db.pragma('foreign_keys = OFF')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma(`cache_size = -${CACHE[kind]}`)
    return db as unknown as WriteDatabase
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens an existing file for reading only. */
export function openForReading(path: string): ReadDatabase {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 })
  try {
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('cache_size = -4000')
    db.pragma('query_only = ON')
    return db as unknown as ReadDatabase
  } catch (error) {
    db.close()
    throw error
  }
}

const statements = new WeakMap<object, Map<string, Statement<unknown[]>>>()
/**
 * A statement, prepared once for each connection: one that is made anew each time holds memory that the garbage collector
 * does not see until much later.
 */
export function prepared(db: Pick<ReadDatabase, 'prepare'>, sql: string): Statement<unknown[]> {
  let known = statements.get(db)
  if (!known) statements.set(db, (known = new Map()))
  let statement = known.get(sql)
  if (!statement) known.set(sql, (statement = db.prepare<unknown[]>(sql)))
  return statement
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The file is not what SQLite wrote. */
export const isDamage = (error: unknown): boolean =>
  codeOf(error).startsWith('SQLITE_CORRUPT') ||
  codeOf(error) === 'SQLITE_NOTADB' ||
  (error instanceof Error && error.name === 'DamageError')

/** There is no room on the disk. */
export const isDiskFull = (error: unknown): boolean =>
  codeOf(error) === 'SQLITE_FULL' ||
  codeOf(error) === 'ENOSPC' ||
  codeOf(error) === 'EDQUOT' ||
  codeOf(error) === 'SQLITE_IOERR_WRITE' ||
  codeOf(error) === 'SQLITE_IOERR_SHMSIZE'

export const isBusy = (error: unknown): boolean =>
  codeOf(error).startsWith('SQLITE_BUSY') || codeOf(error).startsWith('SQLITE_LOCKED')
