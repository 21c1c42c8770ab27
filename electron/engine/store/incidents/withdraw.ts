/** An incident whose reason to be was taken back. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { IncidentChange } from './incident-change.ts'
import { PROPOSER } from './proposal-edits.ts'

/** What comes with opening it and with its alerts; anything else is somebody's work. */
const OWN = ['incident.opened', 'alerts.joined', 'alerts.left']

/**
 * Closes an incident that has no alert any more and that nobody has worked on: it keeps its number and what came by itself, and can be
 * reopened. Gives false, and does nothing, where somebody has, or it is closed already.
 */
export function withdraw(change: IncidentChange): boolean {
  const { desk, row } = change
  if (change.head.status === 'closed') return false
  const worked = desk.rows.get<{ id: number }>(
    `SELECT id FROM incident_change WHERE incident = ? AND by <> ? AND action NOT IN (${OWN.map(() => '?').join(', ')}) LIMIT 1`,
    row.id,
    PROPOSER,
    ...OWN,
  )
  if (worked) return false
  const time = isoFromMicros(change.now)
  change.setHead({ times: { closed: time } })
  change.entry(`withdrawn-${row.revision}`, { kind: 'status', title: 'withdrawn', time })
  change.tell('incident.withdrawn', row.number, { time })
  change.tellDesk('incident.withdrawn', { title: change.head.title, time })
  return true
}
