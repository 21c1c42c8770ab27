/** Which rules run on a schedule, and when they did. */
import { RuleRun } from '../../../shared/model/rule.ts'
import type { WriteDatabase } from './database.ts'

export interface StoredSchedule {
  readonly id: string
  /** Between two runs. */
  readonly hours: number
  /** When the last run that came to its end began; milliseconds, null before the first. */
  readonly ran: number | null
  /** The last run, also where it failed. */
  readonly run: RuleRun | null
}

export class DeskSchedules {
  readonly #db: WriteDatabase

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  all(): StoredSchedule[] {
    const rows = this.#db.prepare('SELECT id, hours, ran, run FROM rule_schedule ORDER BY id').all() as {
      id: string
      hours: number
      ran: number | null
      run: string | null
    }[]
    return rows.map(({ run, ...row }) => {
      const parsed = run === null ? null : RuleRun.safeParse(JSON.parse(run))
      return { ...row, run: parsed?.success === true ? parsed.data : null }
    })
  }

  /** `hours` null: evaluated as records arrive. What ran before stays known where only the hours change. */
  set(ids: readonly string[], hours: number | null): void {
    const remove = this.#db.prepare('DELETE FROM rule_schedule WHERE id = ?')
    const keep = this.#db.prepare(
      'INSERT INTO rule_schedule (id, hours) VALUES (?, ?) ON CONFLICT DO UPDATE SET hours = excluded.hours',
    )
    this.#db.transaction(() => {
      for (const id of ids) {
        if (hours === null) remove.run(id)
        else keep.run(id, hours)
      }
    })()
  }

  /** A run that began at `ran` is over; null where it did not come to its end, so that the next one begins where it began. */
  done(ran: number | null, runs: readonly { readonly id: string; readonly run: RuleRun }[]): void {
    const keep = this.#db.prepare('UPDATE rule_schedule SET ran = coalesce(?, ran), run = ? WHERE id = ?')
    this.#db.transaction(() => {
      for (const { id, run } of runs) keep.run(ran, JSON.stringify(run), id)
    })()
  }
}
