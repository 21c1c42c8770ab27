/**
 * One instance per data folder. The lock is SQLite's own on a file that holds nothing: the operating system gives it back
 * when the process that held it is gone, however it went.
 */
import Database from 'better-sqlite3'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { isBusy } from './database.ts'

export interface FolderLock {
  release(): void
}

/** `data_in_use` where another instance has the folder (also one in this process). */
export function lockFolder(dataDir: string): Result<FolderLock> {
  const who = join(dataDir, 'instance.txt')
  const db = new Database(join(dataDir, 'instance.lock'), { timeout: 0 })
  try {
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!isBusy(error)) throw error
    return fail({
      code: 'data_in_use',
      message: `Another Watchfloor${holder(who)} uses the data folder ${dataDir}. Close it, or choose another folder.`,
    })
  }
  writeFileSync(who, String(process.pid))
  return ok({
    release() {
      rmSync(who, { force: true })
      db.exec('ROLLBACK')
      db.close()
    },
  })
}

function holder(file: string): string {
  try {
    const pid = readFileSync(file, 'utf8').trim()
    return /^\d{1,10}$/.test(pid) ? ` (process ${pid})` : ''
  } catch {
    return ''
  }
}
