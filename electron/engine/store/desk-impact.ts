/** Results of impact verification: the standing one beside its alert, and all there were. */
import { IMPACTS, type Verification } from '../../../shared/model/impact.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import type { WriteDatabase } from './database.ts'

export interface NewVerification {
  readonly verification: Omit<Verification, 'number'>
  /** Events that the alert had. */
  readonly count: number
}

/** Of one alert; the oldest in between go, the first stays. */
const MOST_KEPT = 50

export class DeskImpact {
  readonly #db: WriteDatabase
  readonly #statements

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#statements = {
      last: db.prepare('SELECT number, body FROM verification WHERE alert = ? ORDER BY number DESC LIMIT 1'),
      add: db.prepare(
        'INSERT INTO verification (alert, number, at, by, cause, result, confidence, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      trim: db.prepare('DELETE FROM verification WHERE alert = ? AND number > 1 AND number <= ?'),
      seen: db.prepare('UPDATE alert SET verified_count = ? WHERE id = ?'),
      stand: db.prepare(
        'UPDATE alert SET impact = ?, impact_confidence = ?, verified_count = ?, revision = revision + 1 WHERE id = ?',
      ),
    }
  }

  /**
   * Keeps results; one that says what the last one said is kept only where somebody asked for it. Gives the alerts whose standing
   * result is another now. An alert that is gone is passed over.
   */
  add(results: readonly NewVerification[]): number[] {
    const changed: number[] = []
    this.#db
      .transaction(() => {
        for (const { verification, count } of results) {
          const alert = Number(verification.alert)
          const last = this.#statements.last.get(alert) as { number: number; body: string } | undefined
          const { at, by, cause, result, confidence, ...rest } = verification
          const body = JSON.stringify(rest)
          const same = last !== undefined && saysOf(last.body) === saysOf(body)
          if (same && cause !== 'asked') {
            this.#statements.seen.run(count, alert)
            continue
          }
          const impact = IMPACTS.indexOf(result)
          if (this.#statements.stand.run(impact, confidence, count, alert).changes === 0) continue
          const number = (last?.number ?? 0) + 1
          this.#statements.add.run(alert, number, microsFromIso(at) ?? 0, by, cause, impact, confidence, body)
          if (number > MOST_KEPT) this.#statements.trim.run(alert, number - MOST_KEPT + 1)
          changed.push(alert)
        }
      })
      .immediate()
    return changed
  }
}

/** What a result says, without how much was looked at for it. */
function saysOf(body: string): string {
  const { reason, findings } = JSON.parse(body) as Pick<Verification, 'reason' | 'findings'>
  return JSON.stringify([reason, findings.map(({ test, result, confidence, reason: why }) => [test, result, confidence, why])])
}
