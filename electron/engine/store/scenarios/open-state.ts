/** Opens `scenarios.db`, what scenarios have seen: made where it is missing, set aside and begun anew where it is damaged. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDamage, openForReading, openForWriting, type WriteDatabase } from '../database.ts'
import { migrate, schemaState } from '../migrations/migrate.ts'
import { setAside } from '../partition-files.ts'

export const scenariosPath = (dataDir: string): string => join(dataDir, 'scenarios.db')

export interface OpenedState {
  readonly db: WriteDatabase
  /** Nothing was known before: what partitions hold already is not looked at again. */
  readonly fresh: boolean
  /** The file that was set aside, where one was. */
  readonly lost: string | null
}

/** `now` in milliseconds. Throws what SQLite says where the disk is full or the file cannot be read. */
export function openState(dataDir: string, now: number): OpenedState {
  const path = scenariosPath(dataDir)
  let lost: string | null = null
  if (existsSync(path) && statSync(path).size > 0) {
    try {
      const look = openForReading(path)
      try {
        const state = schemaState(look, 'scenarios')
        // It can be made anew, and is not worth refusing the desk for.
        if (state === 'newer' || state === 'foreign') throw Object.assign(new Error(state), { code: 'SQLITE_NOTADB' })
      } finally {
        look.close()
      }
      const db = openForWriting(path, 'scenarios')
      migrate(db, 'scenarios')
      return { db, fresh: db.prepare('SELECT 1 FROM applied LIMIT 1').get() === undefined, lost: null }
    } catch (error) {
      if (!isDamage(error)) throw error
      lost = setAside(path, now)
    }
  }
  const db = openForWriting(path, 'scenarios')
  migrate(db, 'scenarios')
  return { db, fresh: true, lost }
}
