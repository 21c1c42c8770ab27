/** What readers know of evidence besides the items: which alerts were looked at for packets, and who did what with an item. */
import { ok, type Result } from '../../../../shared/model/result.ts'
import { entryOf, type LedgerRow } from '../desk-ledger.ts'
import { noIncident, rowOfIncident } from '../incidents/incident-row.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'

/** Entries of one item that are given at once. */
const MOST_ENTRIES = 2000

export function incidentCarves(
  { number }: InputOf<'incidents.carves'>,
  { desk }: DeskScope,
): Result<OutputOf<'incidents.carves'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  const carves = desk
    .all<{ alert: number; state: 'done' | 'none' | 'failed' | null; reason: string | null }>(
      `SELECT a.alert, c.state, c.reason FROM incident_alert a LEFT JOIN evidence_carve c ON c.incident = a.incident AND c.alert = a.alert
       WHERE a.incident = ? ORDER BY a.alert`,
      row.id,
    )
    .map(({ alert, state, reason }) => ({ alert: String(alert), state: state ?? ('waiting' as const), reason: reason ?? '' }))
  return ok({ carves, waiting: carves.filter(({ state }) => state === 'waiting').length })
}

/** The next alerts, of any incident, whose packets were not looked for; the oldest joining first. */
export function uncarvedAlerts(
  { limit }: { readonly limit: number },
  { desk }: DeskScope,
): Result<{ alerts: { number: string; alert: string }[] }> {
  const alerts = desk
    .all<{ number: string; alert: number }>(
      `SELECT i.number, a.alert FROM incident_alert a JOIN incident i ON i.id = a.incident
       LEFT JOIN evidence_carve c ON c.incident = a.incident AND c.alert = a.alert
       WHERE c.alert IS NULL AND i.merged_into IS NULL ORDER BY a.at, a.alert LIMIT ?`,
      limit,
    )
    .map((row) => ({ ...row, alert: String(row.alert) }))
  return ok({ alerts })
}

export function carvedFlows(
  { number }: { readonly number: string },
  { desk }: DeskScope,
): Result<{ flows: { flow: string; evidence: string }[] }> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  return ok({
    flows: desk.all<{ flow: string; evidence: string }>('SELECT flow, evidence FROM evidence_flow WHERE incident = ?', row.id),
  })
}

export function evidenceCustody(
  { number, id }: InputOf<'incidents.custody'>,
  { desk }: DeskScope,
): Result<OutputOf<'incidents.custody'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  const rows = desk.all<LedgerRow>(
    `SELECT book, number, at, by, action, subject, body, previous, hash FROM ledger
     WHERE book = ? AND action LIKE 'evidence.%' AND (subject = ? OR action = 'evidence.checked') ORDER BY number DESC LIMIT ?`,
    number,
    id,
    MOST_ENTRIES + 1,
  )
  return ok({ entries: rows.slice(0, MOST_ENTRIES).map(entryOf).reverse(), truncated: rows.length > MOST_ENTRIES })
}
