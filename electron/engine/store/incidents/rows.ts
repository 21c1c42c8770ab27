/** Rows of the desk, whether a reader asks or the writer. */
import { prepared, type WriteDatabase } from '../database.ts'

export type Value = string | number | null
export interface Rows {
  all<T>(sql: string, ...values: Value[]): T[]
  get<T>(sql: string, ...values: Value[]): T | undefined
}

export const rowsOf = (db: WriteDatabase): Rows => ({
  all: <T>(sql: string, ...values: Value[]) => prepared(db, sql).all(...values) as T[],
  get: <T>(sql: string, ...values: Value[]) => prepared(db, sql).get(...values) as T | undefined,
})
