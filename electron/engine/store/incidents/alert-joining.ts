/** Alerts that join an incident and leave it. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { SEVERITIES, severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { ALERT_COLUMNS, type AlertRow } from '../alert-row.ts'
import type { IncidentChange } from './incident-change.ts'
import type { IncidentDesk } from './incident-desk.ts'
import { NO_TIMES, type Head, type Times } from './incident-row.ts'

/** Of one incident. */
const MOST_ALERTS = 5000
const MOST_ATTACK = 200

/** Alerts by their ids, each once. `not_found` names the first that is not there. */
export function alertRows(desk: IncidentDesk, ids: readonly string[]): Result<AlertRow[]> {
  const rows: AlertRow[] = []
  for (const id of new Set(ids)) {
    const row = desk.rows.get<AlertRow>(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ?`, Number(id))
    if (!row) return fail({ code: 'not_found', message: `There is no alert ${id}.` })
    rows.push(row)
  }
  return ok(rows)
}

/**
 * Takes alerts in; those that are in it already are passed over. The head takes over their techniques, and how bad they are where that
 * is worse. `conflict` where one is in another incident, or the incident is closed.
 */
export function joinAlerts(change: IncidentChange, ids: readonly string[]): Result<readonly string[]> {
  const { desk, row } = change
  if (change.head.status === 'closed') return fail({ code: 'conflict', message: 'The incident is closed: reopen it first.' })
  const found = alertRows(desk, ids)
  if (!found.ok) return found
  const fresh: AlertRow[] = []
  for (const alert of found.value) {
    const other = desk.rows.get<{ incident: number; number: string }>(
      'SELECT a.incident, i.number FROM incident_alert a JOIN incident i ON i.id = a.incident WHERE a.alert = ?',
      alert.id,
    )
    if (other === undefined) fresh.push(alert)
    else if (other.incident !== row.id)
      return fail({ code: 'conflict', message: `The alert ${alert.id} is in ${other.number} already.` })
  }
  if (fresh.length === 0) return ok([])
  const there = desk.rows.get<{ n: number }>('SELECT count(*) AS n FROM incident_alert WHERE incident = ?', row.id)?.n ?? 0
  if (there + fresh.length > MOST_ALERTS)
    return fail({ code: 'conflict', message: `An incident has at most ${MOST_ALERTS} alerts.` })
  const begun = desk.rows.get<{ first: number | null }>(
    'SELECT min(a.first) AS first FROM incident_alert i JOIN alert a ON a.id = i.alert WHERE i.incident = ?',
    row.id,
  )?.first
  for (const alert of fresh) change.join(alert)
  const of = ofAlerts(fresh)
  const { severity, attack, times } = change.head
  const first = Math.min(...fresh.map((alert) => alert.first))
  // It began earlier than was known, unless somebody has set when it did.
  const earlier = begun !== null && begun !== undefined && first < begun && times.occurred === isoFromMicros(begun)
  change.setHead({
    ...(earlier ? { times: { occurred: isoFromMicros(first) } } : {}),
    severity: severityOf(Math.max(SEVERITIES.indexOf(severity), SEVERITIES.indexOf(of.severity))),
    attack: [...new Set([...attack, ...of.attack])].slice(0, MOST_ATTACK),
  })
  const joined = fresh.map(({ id }) => String(id))
  change.tell('alerts.joined', row.number, { alerts: joined })
  return ok(joined)
}

export function removeAlerts(change: IncidentChange, ids: readonly string[], reason: string): Result<null> {
  const { desk, row } = change
  const there = [...new Set(ids)].filter(
    (id) =>
      desk.rows.get<{ incident: number }>('SELECT incident FROM incident_alert WHERE alert = ?', Number(id))?.incident === row.id,
  )
  if (there.length === 0) return fail({ code: 'not_found', message: 'None of these alerts is in the incident.' })
  for (const id of there) change.leave(Number(id))
  change.tell('alerts.left', row.number, { alerts: there, reason })
  return ok(null)
}

/** What a new incident takes from its alerts: the worst severity, all techniques, the first times. `now` in microseconds. */
export function headFrom(alerts: readonly AlertRow[], now: number): Pick<Head, 'severity' | 'attack' | 'times'> {
  const least = (values: readonly (number | null)[]): number | null =>
    values.reduce<number | null>((min, value) => (value === null ? min : min === null ? value : Math.min(min, value)), null)
  const detected = least(alerts.map(({ raised }) => raised)) ?? now
  const first = least(alerts.map((alert) => alert.first))
  const taken = least(alerts.map(({ taken_at }) => taken_at)) ?? now
  const times: Times = {
    ...NO_TIMES,
    // Records may tell times that are ahead of the desk's.
    occurred: first === null ? null : isoFromMicros(Math.min(first, detected)),
    detected: isoFromMicros(detected),
    acknowledged: isoFromMicros(Math.max(taken, detected)),
  }
  return { ...(alerts.length === 0 ? { severity: 'medium', attack: [] } : ofAlerts(alerts)), times }
}

function ofAlerts(alerts: readonly AlertRow[]): Pick<Head, 'severity' | 'attack'> {
  return {
    severity: severityOf(alerts.reduce((most, { severity }) => Math.max(most, severity), 0)),
    attack: [...new Set(alerts.flatMap(({ attack }) => JSON.parse(attack) as string[]))].slice(0, MOST_ATTACK),
  }
}
