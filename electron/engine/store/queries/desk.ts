/** The desk as readers see it. Statements are prepared once. */
import type { Statement } from 'better-sqlite3'
import { openForReading } from '../database.ts'
import type { ReadDatabase } from '../database.ts'
import { deskPath } from '../partition-files.ts'

type Value = string | number | null

export class Desk {
  readonly #db: ReadDatabase
  readonly #statements = new Map<string, Statement<Value[]>>()

  constructor(dataDir: string) {
    this.#db = openForReading(deskPath(dataDir))
  }

  #statement(sql: string): Statement<Value[]> {
    let statement = this.#statements.get(sql)
    if (!statement) {
      // Filters make statements of many shapes: only so many are kept.
      if (this.#statements.size >= 200) this.#statements.clear()
      this.#statements.set(sql, (statement = this.#db.prepare<Value[]>(sql)))
    }
    return statement
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return this.#statement(sql).all(...values) as T[]
  }

  get<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#statement(sql).get(...values) as T | undefined
  }

  /** From now on the desk is read as it is at this moment, whatever changes, until it is closed. */
  hold(): void {
    this.#db.prepare('BEGIN').run()
    this.#db.prepare('SELECT count(*) FROM incident').get()
  }

  close(): void {
    this.#db.close()
  }
}
