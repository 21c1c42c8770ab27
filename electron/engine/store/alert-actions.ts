/** What people do with alerts: take, release, decide, snooze, reopen, undo. Every step is kept; nothing is overwritten. */
import type { Alert, AlertAction } from '../../../shared/model/alert.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import { ACTION_COLUMNS, ALERT_COLUMNS, DECIDED, OPEN, SNOOZED, actionOf, alertOf } from './alert-row.ts'
import type { ActionRow, AlertRow } from './alert-row.ts'
import type { Decided } from '../../../shared/model/triage.ts'
import type { WriteDatabase } from './database.ts'
import { DeskLedger } from './desk-ledger.ts'

/** The part of an alert that people change; what `undo` puts back. */
type Standing = Pick<
  AlertRow,
  'state' | 'owner' | 'taken_at' | 'snoozed_until' | 'verdict' | 'why' | 'reason' | 'decided_at' | 'decided_by'
>
const UNDECIDED = { verdict: null, why: null, reason: null, decided_at: null, decided_by: null } as const

export type ActionName = 'take' | 'release' | 'decide' | 'snooze' | 'reopen'
export interface ActionInput {
  readonly ids: readonly string[]
  readonly verdict?: string
  readonly why?: string
  readonly reason?: string
  readonly restsOn?: Decided['restsOn']
  readonly join?: Decided['join']
  readonly until?: string
}
type Outcome = Result<{ alerts: Alert[] }>
interface Undone {
  readonly alerts: Alert[]
  readonly action: AlertAction | null
  readonly emptied: Emptied[]
}
/** Who wakes snoozed alerts. */
const NOBODY = 'watchfloor'

const standingOf = (row: AlertRow): Standing => ({
  state: row.state,
  owner: row.owner,
  taken_at: row.taken_at,
  snoozed_until: row.snoozed_until,
  verdict: row.verdict,
  why: row.why,
  reason: row.reason,
  decided_at: row.decided_at,
  decided_by: row.decided_by,
})

/** What decisions need of incidents, in their own transaction. `by` is a name, `now` in microseconds. */
export interface JoinsIncidents {
  joinAlerts(target: NonNullable<Decided['join']>, alerts: readonly string[], by: string, now: number): Result<string>
  /**
   * Alerts whose decision was taken back leave their incident. `decided` is when that was: an incident that was opened by it is closed
   * where nothing else is in it. Null where it still has alerts.
   */
  leave(number: string, alerts: readonly string[], decided: number, by: string, now: number): Emptied | null
}
/** An incident that has no alert any more. */
export interface Emptied {
  readonly number: string
  readonly closed: boolean
}

export class AlertActions {
  readonly #db: WriteDatabase
  readonly #incidents: JoinsIncidents
  readonly #ledger: DeskLedger
  readonly #statements

  constructor(db: WriteDatabase, incidents: JoinsIncidents) {
    this.#db = db
    this.#incidents = incidents
    this.#ledger = new DeskLedger(db)
    this.#statements = {
      alert: db.prepare(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ?`),
      update: db.prepare(
        'UPDATE alert SET state = ?, owner = ?, taken_at = ?, snoozed_until = ?, verdict = ?, why = ?, reason = ?, decided_at = ?, decided_by = ?, revision = revision + 1 WHERE id = ?',
      ),
      // Ids grow, and a step has one at least: the next id is a number no step has.
      nextStep: db.prepare('SELECT coalesce(max(id), 0) + 1 FROM alert_action').pluck(),
      add: db.prepare(
        'INSERT INTO alert_action (step, alert, at, by, action, verdict, why, rests_on, incident, reason, until, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      lastStep: db.prepare('SELECT max(step) FROM alert_action WHERE by = ? AND before IS NOT NULL AND undone = 0').pluck(),
      ofStep: db.prepare(
        `SELECT ${ACTION_COLUMNS}, before FROM alert_action WHERE by = ? AND step = ? AND before IS NOT NULL AND undone = 0 ORDER BY id`,
      ),
      later: db
        .prepare("SELECT 1 FROM alert_action WHERE alert = ? AND id > ? AND undone = 0 AND action <> 'undone' LIMIT 1")
        .pluck(),
      markUndone: db.prepare('UPDATE alert_action SET undone = 1 WHERE id = ?'),
      sleeping: db.prepare(`SELECT ${ALERT_COLUMNS} FROM alert WHERE state = ${SNOOZED} AND snoozed_until <= ?`),
      nextWake: db.prepare(`SELECT min(snoozed_until) FROM alert WHERE state = ${SNOOZED}`).pluck(),
    }
  }

  #alert(id: number): AlertRow | undefined {
    return this.#statements.alert.get(id) as AlertRow | undefined
  }

  /** `by` is the caller's name; `now` in microseconds. All alerts in one step, or none. */
  act(name: ActionName, input: ActionInput, by: string, now: number): Outcome {
    const until = input.until === undefined ? null : (microsFromIso(input.until) ?? null)
    if (name === 'snooze' && (until === null || until <= now))
      return fail({ code: 'invalid_input', message: 'An alert can only be snoozed until a time to come.', path: 'until' })
    return this.#db
      .transaction((): Outcome => {
        const rows: AlertRow[] = []
        for (const id of new Set(input.ids)) {
          const row = this.#alert(Number(id))
          if (!row) return fail({ code: 'not_found', message: `There is no alert ${id}.` })
          rows.push(row)
        }
        const step = this.#statements.nextStep.get() as number
        let acted = 0
        const joined = name === 'decide' ? this.#join(rows, input, by, now) : ok(null)
        if (!joined.ok) return joined
        for (const row of rows) {
          const next = change(name, standingOf(row), input, until, by, now)
          if (!next) continue
          acted++
          this.#put(row.id, next)
          this.#statements.add.run(
            step,
            row.id,
            now,
            by,
            PAST[name],
            name === 'decide' ? (input.verdict ?? null) : null,
            name === 'decide' ? (input.why ?? null) : null,
            name === 'decide' && input.restsOn ? JSON.stringify(input.restsOn) : null,
            joined.value,
            name === 'decide' || name === 'snooze' ? (input.reason ?? '') : null,
            name === 'snooze' ? until : null,
            JSON.stringify(standingOf(row)),
          )
        }
        if (acted === 0) return fail({ code: 'conflict', message: REFUSED[name] })
        if (name === 'decide' || name === 'reopen') {
          const { verdict = null, why = null, reason = '', restsOn = null } = input
          const body = name === 'decide' ? { verdict, why, reason, rests_on: restsOn, incident: joined.value } : {}
          for (const row of rows)
            this.#ledger.add('desk', { by, action: `alert.${PAST[name]}`, subject: String(row.id), body }, now)
        }
        return ok({ alerts: rows.map((row) => alertOf(this.#alert(row.id)!, now)) })
      })
      .immediate()
  }

  /**
   * Joins alerts that had impact to an incident, in the decision's transaction. Gives its number, null where none is joined. `conflict`
   * where none is named, and one of them is in none yet.
   */
  #join(rows: readonly AlertRow[], { verdict, join }: ActionInput, by: string, now: number): Result<string | null> {
    if (verdict !== 'tp_impact') return ok(null)
    const free = rows.filter(({ incident }) => incident === null)
    if (free.length === 0) return ok(null)
    if (join === undefined || join === null)
      return fail({ code: 'conflict', message: 'A true positive with impact becomes an incident, or joins one: name it.' })
    return this.#incidents.joinAlerts(
      join,
      free.map(({ id }) => String(id)),
      by,
      now,
    )
  }

  #put(id: number, s: Standing): void {
    this.#statements.update.run(
      s.state,
      s.owner,
      s.taken_at,
      s.snoozed_until,
      s.verdict,
      s.why,
      s.reason,
      s.decided_at,
      s.decided_by,
      id,
    )
  }

  /** Takes back the caller's last step, wherever nobody has acted on the alert since. `action` is null where there is nothing to take back. */
  undo(by: string, now: number): Result<Undone> {
    return this.#db
      .transaction((): Result<Undone> => {
        const step = this.#statements.lastStep.get(by) as number | null
        if (step === null) return ok({ alerts: [], action: null, emptied: [] })
        const actions = this.#statements.ofStep.all(by, step) as (ActionRow & { before: string })[]
        const free = actions.filter((action) => this.#statements.later.get(action.alert, action.id) === undefined)
        if (free.length === 0)
          return fail({
            code: 'conflict',
            message: 'These alerts have been changed since; the last action cannot be taken back.',
          })
        const undone = this.#statements.nextStep.get() as number
        const alerts: Alert[] = []
        const left = new Map<string, string[]>()
        for (const action of free) {
          const row = this.#alert(action.alert)
          if (!row) continue
          this.#put(row.id, JSON.parse(action.before) as Standing)
          this.#statements.markUndone.run(action.id)
          this.#statements.add.run(undone, row.id, now, by, 'undone', null, null, null, null, null, null, null)
          if (action.action === 'decided' || action.action === 'reopened')
            this.#ledger.add(
              'desk',
              { by, action: 'alert.undone', subject: String(row.id), body: { action: action.action } },
              now,
            )
          if (action.incident !== null) left.set(action.incident, [...(left.get(action.incident) ?? []), String(row.id)])
        }
        // What joined an incident with the decision leaves it with it.
        const emptied: Emptied[] = []
        for (const [number, ids] of left) {
          const one = this.#incidents.leave(number, ids, free[0]!.at, by, now)
          if (one) emptied.push(one)
        }
        for (const action of free) {
          const row = this.#alert(action.alert)
          if (row) alerts.push(alertOf(row, now))
        }
        return ok({ alerts, action: actionOf({ ...free[0]!, undone: 1 }), emptied })
      })
      .immediate()
  }

  /** Opens snoozed alerts whose time has come; gives their ids. */
  wake(now: number): number[] {
    const due = this.#statements.sleeping.all(now) as AlertRow[]
    if (due.length === 0) return []
    this.#db
      .transaction(() => {
        const step = this.#statements.nextStep.get() as number
        for (const row of due) {
          this.#put(row.id, { ...standingOf(row), state: OPEN, snoozed_until: null })
          this.#statements.add.run(step, row.id, now, NOBODY, 'woken', null, null, null, null, null, null, null)
        }
      })
      .immediate()
    return due.map((row) => row.id)
  }

  /** When the next snoozed alert wakes, microseconds; null where none sleeps. */
  nextWake(): number | null {
    return this.#statements.nextWake.get() as number | null
  }
}

const PAST: Readonly<Record<ActionName, AlertAction['action']>> = {
  take: 'taken',
  release: 'released',
  decide: 'decided',
  snooze: 'snoozed',
  reopen: 'reopened',
}
const REFUSED: Readonly<Record<ActionName, string>> = {
  take: 'These alerts are yours already, or decided: reopen a decided one first.',
  release: 'Nobody has taken these alerts.',
  decide: 'There is nothing to decide.',
  snooze: 'Decided alerts cannot be snoozed: reopen them first.',
  reopen: 'These alerts are open.',
}

/** What an action makes of an alert, or null where it has no meaning for it. */
function change(
  name: ActionName,
  s: Standing,
  input: ActionInput,
  until: number | null,
  by: string,
  now: number,
): Standing | null {
  switch (name) {
    case 'take':
      return s.state === DECIDED || s.owner === by ? null : { ...s, owner: by, taken_at: now }
    case 'release':
      return s.state === DECIDED || s.owner === null ? null : { ...s, owner: null, taken_at: null }
    case 'decide':
      return {
        ...s,
        state: DECIDED,
        snoozed_until: null,
        verdict: input.verdict ?? null,
        why: input.why ?? null,
        reason: input.reason ?? '',
        decided_at: now,
        decided_by: by,
      }
    case 'snooze':
      return s.state === DECIDED ? null : { ...s, state: SNOOZED, snoozed_until: until }
    case 'reopen':
      return s.state === OPEN ? null : { ...s, ...UNDECIDED, state: OPEN, snoozed_until: null }
  }
}
