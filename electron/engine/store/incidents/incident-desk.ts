/** What all changes of incidents need: the desk's database, its ledger, one transaction for each change, and who is to be told. */
import type { IncidentNumber } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result, type WatchfloorError } from '../../../../shared/model/result.ts'
import { prepared, type WriteDatabase } from '../database.ts'
import { DeskLedger } from '../desk-ledger.ts'
import { incidentOf, noIncident, rowOfIncident, type IncidentRow } from './incident-row.ts'
import { rowsOf, type Rows, type Value } from './rows.ts'
import type { Incident } from '../../../../shared/model/incident.ts'

export const AREAS = ['head', 'alerts', 'timeline', 'graph', 'route', 'evidence', 'notes', 'tasks', 'playbooks', 'links'] as const
export type Area = (typeof AREAS)[number]
/** What watchers are told once it is committed. */
export interface ChangedIncident {
  readonly number: IncidentNumber
  readonly revision: number
  readonly parts: readonly Area[]
}

/** Rolls a transaction back and carries the reason out of it. */
class Refused extends Error {
  readonly error: WatchfloorError
  constructor(error: WatchfloorError) {
    super(error.message)
    this.error = error
  }
}

export class IncidentDesk {
  readonly rows: Rows
  readonly ledger: DeskLedger
  readonly #db: WriteDatabase
  #changed: ChangedIncident[] = []

  constructor(db: WriteDatabase) {
    this.#db = db
    this.rows = rowsOf(db)
    this.ledger = new DeskLedger(db)
  }

  run(sql: string, ...values: Value[]): { readonly changes: number; readonly id: number } {
    const { changes, lastInsertRowid } = prepared(this.#db, sql).run(...values)
    return { changes, id: Number(lastInsertRowid) }
  }

  /** All of the work or, where it fails, nothing of it. Inside another transaction it is a part of that one. */
  together<T>(work: () => Result<T>): Result<T> {
    const before = this.#changed.length
    try {
      return this.#db
        .transaction((): Result<T> => {
          const done = work()
          if (!done.ok) throw new Refused(done.error)
          return done
        })
        .immediate()
    } catch (error) {
      this.#changed.length = before
      if (error instanceof Refused) return fail(error.error)
      throw error
    }
  }

  /** An incident that can be changed. `conflict` where it went into another one. */
  open(number: string): Result<IncidentRow> {
    const row = rowOfIncident(this.rows, number)
    if (!row) return noIncident(number)
    if (row.merged_into !== null)
      return fail({ code: 'conflict', message: `${number} was merged into ${row.merged_into}, and is only read.` })
    return ok(row)
  }

  incident(number: string): Incident {
    const row = rowOfIncident(this.rows, number)
    if (!row) throw new Error(`there is no incident ${number}`)
    return incidentOf(this.rows, row)
  }

  tell(changed: ChangedIncident): void {
    this.#changed.push(changed)
  }

  /** What changed since this was asked last, each incident once. To be asked when the transaction is over. */
  takeChanged(): readonly ChangedIncident[] {
    const byNumber = new Map<string, ChangedIncident>()
    for (const { number, revision, parts } of this.#changed)
      byNumber.set(number, { number, revision, parts: [...new Set([...(byNumber.get(number)?.parts ?? []), ...parts])] })
    this.#changed = []
    return [...byNumber.values()]
  }
}
