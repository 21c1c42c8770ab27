/**
 * One step of a database's schema. Files are numbered by tens, one step each, and never changed once released: the number is
 * the `user_version` a database has after it.
 */
import type { WriteDatabase } from '../database.ts'

export interface Migration {
  readonly number: number
  /** What it does, and why. */
  readonly doc: string
  /** Runs inside the transaction that also raises the number. */
  up(db: WriteDatabase): void
}

export const defineMigration = (migration: Migration): Migration => migration
