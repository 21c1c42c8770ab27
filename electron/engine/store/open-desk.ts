/** Opens `desk.db`: made where it is missing, migrated where it is older, taken from its backup where it is damaged. */
import { copyFileSync, existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Banner } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { isDamage, openForReading, openForWriting } from './database.ts'
import type { WriteDatabase } from './database.ts'
import { migrate, schemaState } from './migrations/migrate.ts'
import { deskBackupPath, deskPath, setAside } from './partition-files.ts'

const QUICK_CHECK_BYTES = 64 << 20

/** `now` in milliseconds. Errors: `data_newer`. Throws what SQLite says where the disk is full or cannot be read. */
export function openDesk(dir: string, now: number): Result<{ db: WriteDatabase; banner: Banner | null }> {
  const path = deskPath(dir)
  try {
    return refusingNewer(path)
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  const file = setAside(path, now)
  const backup = deskBackupPath(dir)
  const values = { file: basename(file), from: existsSync(backup) ? 'backup' : 'nothing' }
  if (existsSync(backup)) copyFileSync(backup, path)
  let opened: ReturnType<typeof refusingNewer>
  try {
    opened = refusingNewer(path)
  } catch (error) {
    if (!isDamage(error)) throw error
    // The copy is no better.
    setAside(path, now)
    values.from = 'nothing'
    opened = refusingNewer(path)
  }
  if (!opened.ok) return opened
  return ok({
    db: opened.value.db,
    banner: { id: 'desk_recovered', tone: 'fault', key: 'desk_recovered', values, since: isoFromMicros(now * 1000) },
  })
}

/** Opens and migrates the desk; a newer one is not touched. Throws where it is damaged. */
function refusingNewer(path: string): Result<{ db: WriteDatabase; banner: null }> {
  if (existsSync(path) && statSync(path).size > 0) {
    const look = openForReading(path)
    try {
      const state = schemaState(look, 'desk')
      if (state === 'newer')
        return fail({
          code: 'data_newer',
          message:
            'This data folder was written by a newer Watchfloor. Install that version, or choose another folder; nothing was changed.',
        })
      if (state === 'foreign') throw Object.assign(new Error('not a desk'), { code: 'SQLITE_NOTADB' })
      if (statSync(path).size <= QUICK_CHECK_BYTES && look.pragma('quick_check(1)', { simple: true }) !== 'ok')
        throw Object.assign(new Error('a damaged desk'), { code: 'SQLITE_CORRUPT' })
    } finally {
      look.close()
    }
  }
  const db = openForWriting(path, 'desk')
  try {
    migrate(db, 'desk')
  } catch (error) {
    db.close()
    throw error
  }
  return ok({ db, banner: null })
}
