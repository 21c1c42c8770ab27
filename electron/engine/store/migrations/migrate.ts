/** Brings a database to the newest schema, or says why not. */
import { DESK_APPLICATION, PARTITION_APPLICATION, SCENARIOS_APPLICATION, VULNERABILITIES_APPLICATION } from '../database.ts'
import type { DatabaseKind, ReadDatabase, WriteDatabase } from '../database.ts'
import type { Migration } from './define.ts'
import { DESK_STEPS, PARTITION_STEPS, SCENARIOS_STEPS, VULNERABILITIES_STEPS } from './registry.ts'

/** `empty`: nothing was ever written · `foreign`: an SQLite file of another program · `newer`: of a newer Watchfloor. */
export type SchemaState = 'empty' | 'current' | 'older' | 'newer' | 'foreign'

const APPLICATION = {
  desk: DESK_APPLICATION,
  partition: PARTITION_APPLICATION,
  scenarios: SCENARIOS_APPLICATION,
  vulnerabilities: VULNERABILITIES_APPLICATION,
} as const
const STEPS: Readonly<Record<DatabaseKind, readonly Migration[]>> = {
  desk: DESK_STEPS,
  partition: PARTITION_STEPS,
  scenarios: SCENARIOS_STEPS,
  vulnerabilities: VULNERABILITIES_STEPS,
}

const number = (db: ReadDatabase, pragma: string): number => Number(db.pragma(pragma, { simple: true }))

/** Looks only; reads the first page. Throws SQLite's error where the file is damaged. */
export function schemaState(db: ReadDatabase, kind: DatabaseKind): SchemaState {
  const application = number(db, 'application_id')
  const version = number(db, 'user_version')
  if (application === 0 && version === 0 && number(db, 'schema_version') === 0) return 'empty'
  if (application !== APPLICATION[kind]) return 'foreign'
  const newest = STEPS[kind].at(-1)?.number ?? 0
  return version > newest ? 'newer' : version < newest ? 'older' : 'current'
}

/** Runs the steps that are missing, each in a transaction of its own. `upTo` stops earlier (to make old databases for tests). */
export function migrate(db: WriteDatabase, kind: DatabaseKind, upTo = Infinity): void {
  const version = number(db, 'user_version')
  for (const step of STEPS[kind]) {
    if (step.number <= version || step.number > upTo) continue
    db.transaction(() => {
      step.up(db)
      db.pragma(`application_id = ${APPLICATION[kind]}`)
      db.pragma(`user_version = ${step.number}`)
    }).immediate()
  }
}
