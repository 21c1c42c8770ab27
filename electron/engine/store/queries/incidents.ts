/** Incidents as readers see them: lists, heads and parts. */
import { IncidentParts } from '../../../../shared/incident-contract.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { ALERT_COLUMNS, alertOf, type AlertRow } from '../alert-row.ts'
import { INCIDENT_COLUMNS, incidentOf, noIncident, rowOfIncident, type IncidentRow } from '../incidents/incident-row.ts'
import { keptDraft } from '../incidents/kept-draft.ts'
import { partsOf, type StoredKind } from '../incidents/part-row.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Search } from './events.ts'

/** Heads that are made of rows before others have their turn: each is some counts. */
const SLICE = 20

/** The newest first. */
export function* listIncidents(input: InputOf<'incidents.list'>, { desk }: DeskScope): Search<OutputOf<'incidents.list'>> {
  if (input.after !== null && !/^\d{1,15}$/.test(input.after))
    return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  const statuses = [...new Set(input.status)]
  let where = statuses.length === 0 ? '0' : `status IN (${statuses.map(() => '?').join(', ')})`
  const values: (string | number)[] = [...statuses]
  const and = (sql: string, value: string | number): void => {
    where += ` AND ${sql}`
    values.push(value)
  }
  if (input.owner !== null) and('owner = ?', input.owner)
  if (input.customer !== null) and('customer = ?', input.customer)
  const text = input.text.trim().toLowerCase()
  if (text !== '') and('instr(search, ?) > 0', text)
  const total = desk.get<{ n: number }>(`SELECT count(*) AS n FROM incident WHERE ${where}`, ...values)?.n ?? 0
  if (input.after !== null) and('id < ?', Number(input.after))
  const rows = desk.all<IncidentRow>(
    `SELECT ${INCIDENT_COLUMNS} FROM incident WHERE ${where} ORDER BY id DESC LIMIT ?`,
    ...values,
    input.limit,
  )
  const incidents = []
  for (const [i, row] of rows.entries()) {
    incidents.push(incidentOf(desk, row))
    if (i % SLICE === SLICE - 1) yield { scanned: i }
  }
  return ok({ incidents, total, after: rows.length === input.limit ? String(rows.at(-1)?.id) : null })
}

export function getIncident({ number }: InputOf<'incidents.get'>, { desk }: DeskScope): Result<OutputOf<'incidents.get'>> {
  const row = rowOfIncident(desk, number)
  return row ? ok(incidentOf(desk, row)) : noIncident(number)
}

export function incidentParts({ number }: InputOf<'incidents.parts'>, { desk }: DeskScope): Result<OutputOf<'incidents.parts'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  const of = (kind: StoredKind): Record<string, unknown>[] =>
    partsOf(desk, row.id, kind).map(({ id, fields, revision, at, by, created, createdBy }) => ({
      ...fields,
      id,
      written: { revision, at: isoFromMicros(at), by },
      ...(kind === 'note' ? { created: isoFromMicros(created), createdBy } : {}),
    }))
  return ok(
    IncidentParts.parse({
      entities: of('entity'),
      edges: of('edge'),
      sentences: of('sentence').sort((a, b) => Number(a['place']) - Number(b['place'])),
      evidence: of('evidence'),
      notes: of('note'),
      tasks: of('task'),
      playbooks: partsOf(desk, row.id, 'playbook').map(({ id, fields, revision }) => ({ id, revision, run: fields })),
    }),
  )
}

/** In order of their first event. */
export function* incidentAlerts(
  { number }: InputOf<'incidents.alerts'>,
  { desk, now }: DeskScope,
): Search<OutputOf<'incidents.alerts'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  const rows = desk.all<AlertRow>(
    `SELECT ${ALERT_COLUMNS} FROM alert WHERE id IN (SELECT alert FROM incident_alert WHERE incident = ?) ORDER BY first, id`,
    row.id,
  )
  const alerts = []
  for (const [i, alert] of rows.entries()) {
    alerts.push(alertOf(alert, now))
    if (i % 500 === 499) yield { scanned: i }
  }
  return ok({ alerts })
}

/** Open incidents that alerts joined after the last proposal that changed anything of them, the newest first. */
export function unproposedIncidents(_: Readonly<Record<string, never>>, { desk }: DeskScope): Result<{ numbers: string[] }> {
  const last = (action: string): string =>
    `coalesce((SELECT max(l.number) FROM ledger l WHERE l.subject = i.number AND l.book = i.number AND l.action = '${action}'), 0)`
  const rows = desk.all<{ number: string }>(
    `SELECT i.number FROM incident i WHERE i.status <> 'closed' AND i.merged_into IS NULL
       AND EXISTS (SELECT 1 FROM incident_alert a WHERE a.incident = i.id)
       AND ${last('alerts.joined')} > ${last('proposal.made')} ORDER BY i.id DESC`,
  )
  return ok({ numbers: rows.map(({ number }) => number) })
}

export function incidentDraft(
  { number, by }: InputOf<'incidents.draft'> & { readonly by: string },
  { desk }: DeskScope,
): Result<OutputOf<'incidents.draft'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  return ok(keptDraft(desk, row.id, by) ?? { draft: {}, at: null })
}
