/** What was last told of each incident, and which have changed since. */
import { z } from 'zod'
import { Impact } from '../../../shared/model/impact-result.ts'
import type { Incident } from '../../../shared/model/incident.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import { Severity } from '../../../shared/model/severity.ts'
import { prepared, type WriteDatabase } from './database.ts'
import { INCIDENT_COLUMNS, incidentOf, type IncidentRow } from './incidents/incident-row.ts'
import { rowsOf } from './incidents/rows.ts'

/** Of an incident what is told when it changes. */
export const ToldState = z.object({
  title: z.string(),
  severity: Severity,
  status: z.string(),
  owner: z.string().nullable(),
  customer: z.string().nullable(),
  tlp: z.string(),
  acknowledged: z.boolean(),
  alerts: z.number(),
  evidence: z.number(),
  tasks: z.number(),
  tasksDone: z.number(),
  impact: Impact.nullable(),
})
export type ToldState = z.infer<typeof ToldState>

export const toldStateOf = (incident: Incident): ToldState => ({
  title: incident.title,
  severity: incident.severity,
  status: incident.status,
  owner: incident.owner,
  customer: incident.customer,
  tlp: incident.tlp,
  acknowledged: incident.times.acknowledged !== null,
  alerts: incident.counts.alerts,
  evidence: incident.counts.evidence,
  tasks: incident.counts.tasks,
  tasksDone: incident.counts.tasksDone,
  impact: incident.impact?.result ?? null,
})

export interface ToldMark {
  readonly number: string
  readonly revision: number
  readonly ledger: number
  readonly told: ToldState
}

export interface UntoldIncident {
  readonly incident: Incident
  /** Null where nothing was ever told of it. */
  readonly told: ToldState | null
  /** It came with a case from another desk. */
  readonly imported: boolean
  /** Who changed it since, and when that was last (ISO time); nobody where it changed by itself. */
  readonly by: readonly string[]
  readonly at: string | null
}

const MOST_NAMES = 5

export class DeskToldIncidents {
  readonly #db: WriteDatabase

  constructor(db: WriteDatabase) {
    this.#db = db
  }

  /** The first time, incidents that there are count as told: a desk begins with what comes next. */
  beginIncidents(): Result<null> {
    this.#db.transaction(() => {
      if (prepared(this.#db, "SELECT 1 FROM notify_mark WHERE name = 'incidents'").get() !== undefined) return
      prepared(this.#db, "INSERT INTO notify_mark (name, value) VALUES ('incidents', 1)").run()
      const all = prepared(this.#db, `SELECT ${INCIDENT_COLUMNS} FROM incident`).all() as IncidentRow[]
      for (const row of all) markTold(this.#db, markOf(incidentOf(rowsOf(this.#db), row)))
    })()
    return ok(null)
  }

  /** Incidents with another revision than the one that was told, the oldest first. */
  untoldIncidents(limit: number): Result<UntoldIncident[]> {
    const rows = prepared(
      this.#db,
      `SELECT i.*, t.told, t.ledger AS told_ledger FROM incident i LEFT JOIN notify_incident t ON t.number = i.number
       WHERE t.revision IS NULL OR t.revision <> i.revision ORDER BY i.id LIMIT ?`,
    ).all(limit) as (IncidentRow & { readonly told: string | null; readonly told_ledger: number | null })[]
    return ok(
      rows.map((row) => {
        const since = prepared(
          this.#db,
          'SELECT by, max(at) AS at FROM ledger WHERE book = ? AND number > ? GROUP BY by ORDER BY max(number) DESC LIMIT ?',
        ).all(row.number, row.told_ledger ?? 0, MOST_NAMES) as { by: string; at: string }[]
        const told = row.told === null ? null : ToldState.safeParse(JSON.parse(row.told))
        const imported =
          told === null &&
          prepared(this.#db, "SELECT 1 FROM ledger WHERE action = 'case.imported' AND (subject = ? OR book = ?) LIMIT 1").get(
            row.number,
            row.number,
          ) !== undefined
        return {
          incident: incidentOf(rowsOf(this.#db), row),
          told: told?.success === true ? told.data : null,
          imported,
          by: since.map(({ by }) => by),
          at: since[0]?.at ?? null,
        }
      }),
    )
  }
}

export const markOf = (incident: Incident): ToldMark => ({
  number: incident.number,
  revision: incident.revision,
  ledger: incident.counts.ledger,
  told: toldStateOf(incident),
})

export function markTold(db: WriteDatabase, { number, revision, ledger, told }: ToldMark): void {
  prepared(db, 'INSERT OR REPLACE INTO notify_incident (number, revision, ledger, told) VALUES (?, ?, ?, ?)').run(
    number,
    revision,
    ledger,
    JSON.stringify(told),
  )
}
