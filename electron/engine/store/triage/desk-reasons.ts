/** Reasons of verdicts that the desk has of its own, beside the shipped ones. */
import { randomUUID } from 'node:crypto'
import { Verdict } from '../../../../shared/model/alert.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { OwnReason } from '../../../../shared/model/triage.ts'
import type { WriteDatabase } from '../database.ts'
import { DeskLedger } from '../desk-ledger.ts'
import type { InputOf } from '../types.ts'

export interface ReasonRow {
  readonly code: string
  readonly verdict: string
  readonly en: string
  readonly ko: string
  readonly created: number
  readonly created_by: string
  readonly retired: number | null
}
export const REASON_COLUMNS = 'code, verdict, en, ko, created, created_by, retired'
/** Of one verdict, those that are offered. */
const MOST_OWN = 50

export const reasonOf = (row: ReasonRow): OwnReason => ({
  code: row.code,
  verdict: Verdict.parse(row.verdict),
  words: { en: row.en, ko: row.ko },
  created: isoFromMicros(row.created),
  createdBy: row.created_by,
  retired: row.retired !== null,
})

export class DeskReasons {
  readonly #db: WriteDatabase
  readonly #ledger: DeskLedger

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#ledger = new DeskLedger(db)
  }

  #all(): ReasonRow[] {
    return this.#db.prepare(`SELECT ${REASON_COLUMNS} FROM triage_reason ORDER BY created, code`).all() as ReasonRow[]
  }

  /** `now` in microseconds. `conflict` where the verdict has one of these words, or enough of them. */
  add({ verdict, words }: InputOf<'triage.addReason'>, by: string, now: number): Result<OwnReason> {
    return this.#db
      .transaction((): Result<OwnReason> => {
        const offered = this.#all().filter((row) => row.verdict === verdict && row.retired === null)
        const same = ({ en, ko }: ReasonRow): boolean =>
          en.toLowerCase() === words.en.toLowerCase() || ko.toLowerCase() === words.ko.toLowerCase()
        if (offered.some(same)) return fail({ code: 'conflict', message: 'This verdict has a reason with these words already.' })
        if (offered.length >= MOST_OWN)
          return fail({ code: 'conflict', message: `A verdict has at most ${MOST_OWN} reasons of the desk's own.` })
        const code = `own-${randomUUID()}`
        this.#db
          .prepare(
            'INSERT INTO triage_reason (code, verdict, en, ko, created, created_by, retired) VALUES (?, ?, ?, ?, ?, ?, NULL)',
          )
          .run(code, verdict, words.en, words.ko, now, by)
        this.#ledger.add('desk', { by, action: 'reason.added', subject: code, body: { verdict, ...words } }, now)
        return this.#get(code)
      })
      .immediate()
  }

  /** Decisions that rest on it keep it, whatever becomes of it. */
  retire({ code, retired }: InputOf<'triage.retireReason'>, by: string, now: number): Result<OwnReason> {
    return this.#db
      .transaction((): Result<OwnReason> => {
        const before = this.#get(code)
        if (!before.ok || before.value.retired === retired) return before
        this.#db.prepare('UPDATE triage_reason SET retired = ? WHERE code = ?').run(retired ? now : null, code)
        this.#ledger.add('desk', { by, action: retired ? 'reason.retired' : 'reason.restored', subject: code, body: {} }, now)
        return this.#get(code)
      })
      .immediate()
  }

  #get(code: string): Result<OwnReason> {
    const row = this.#all().find((one) => one.code === code)
    return row
      ? ok(reasonOf(row))
      : fail({ code: 'not_found', message: "There is no such reason of the desk's own; shipped ones stay." })
  }
}
