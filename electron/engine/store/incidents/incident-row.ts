/** Incidents as desk.db keeps them, and as the contract shows them. */
import { IMPACTS, type ImpactMark } from '../../../../shared/model/impact.ts'
import { Incident, IncidentStatus, Pap, PHASES, Tlp, type IncidentNumber, type Phase } from '../../../../shared/model/incident.ts'
import { fail, type Result } from '../../../../shared/model/result.ts'
import { severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Rows } from './rows.ts'

export interface IncidentRow {
  readonly id: number
  readonly number: IncidentNumber
  readonly title: string
  readonly summary: string
  readonly severity: number
  readonly tlp: string
  readonly pap: string
  readonly status: string
  readonly times: string
  readonly owner: string | null
  readonly watchers: string
  readonly tags: string
  readonly attack: string
  readonly customer: string | null
  readonly merged_into: string | null
  readonly created: number
  readonly created_by: string
  readonly revision: number
}
export const INCIDENT_COLUMNS =
  'id, number, title, summary, severity, tlp, pap, status, times, owner, watchers, tags, attack, customer, merged_into, created, created_by, revision'

export type Times = Incident['times']
export const NO_TIMES: Times = {
  occurred: null,
  detected: null,
  acknowledged: null,
  contained: null,
  eradicated: null,
  recovered: null,
  closed: null,
}
/** Phases that are a status too. */
export const REACHED = ['contained', 'eradicated', 'recovered', 'closed'] as const satisfies readonly Phase[]

/** The status that the times say. */
export const statusOf = (times: Times): IncidentStatus => REACHED.findLast((phase) => times[phase] !== null) ?? 'open'

/** The head: what people change, and nothing that is counted. */
export type Head = Omit<Incident, 'links' | 'impact' | 'counts' | 'revision'>

export const headOf = (row: IncidentRow): Head => ({
  number: row.number,
  title: row.title,
  summary: row.summary,
  severity: severityOf(row.severity),
  tlp: Tlp.parse(row.tlp),
  pap: Pap.parse(row.pap),
  status: IncidentStatus.parse(row.status),
  times: Incident.shape.times.parse(JSON.parse(row.times)),
  owner: row.owner,
  watchers: Incident.shape.watchers.parse(JSON.parse(row.watchers)),
  tags: Incident.shape.tags.parse(JSON.parse(row.tags)),
  attack: Incident.shape.attack.parse(JSON.parse(row.attack)),
  customer: row.customer,
  mergedInto: row.merged_into,
  created: isoFromMicros(row.created),
  createdBy: row.created_by,
})

/** What free text is looked for in. */
export const searchText = ({ number, title, summary, tags }: Pick<Head, 'number' | 'title' | 'summary' | 'tags'>): string =>
  [number, title, summary, ...tags].join('\n').toLowerCase()

export const rowOfIncident = (rows: Rows, number: string): IncidentRow | undefined =>
  rows.get<IncidentRow>(`SELECT ${INCIDENT_COLUMNS} FROM incident WHERE number = ?`, number)

export const noIncident = (number: string): Result<never> =>
  fail({ code: 'not_found', message: `There is no incident ${number}.` })

type Counted = readonly [kind: string, state: string | null, n: number]

export function incidentOf(rows: Rows, row: IncidentRow): Incident {
  const parts = rows
    .all<{ kind: string; state: string | null; n: number }>(
      'SELECT kind, state, count(*) AS n FROM incident_part WHERE incident = ? AND gone = 0 GROUP BY kind, state',
      row.id,
    )
    .map(({ kind, state, n }): Counted => [kind, state, n])
  const count = (kind: string, fits: (state: string | null) => boolean = () => true): number =>
    parts.reduce((sum, [of, state, n]) => (of === kind && fits(state) ? sum + n : sum), 0)
  const number = (sql: string, value: string | number): number => rows.get<{ n: number }>(sql, value)?.n ?? 0
  return {
    ...headOf(row),
    links: rows.all<Incident['links'][number]>(
      'SELECT i.number AS "to", l.kind FROM incident_link l JOIN incident i ON i.id = l.other WHERE l.incident = ? ORDER BY l.other',
      row.id,
    ),
    impact: worstImpact(rows, row.id),
    revision: row.revision,
    counts: {
      alerts: number('SELECT count(*) AS n FROM incident_alert WHERE incident = ?', row.id),
      entries: number('SELECT count(*) AS n FROM incident_entry WHERE incident = ? AND gone = 0', row.id),
      entities: count('entity'),
      evidence: count('evidence'),
      notes: count('note'),
      tasks: count('task'),
      tasksDone: count('task', (state) => state !== 'open'),
      ledger: number('SELECT coalesce(max(number), 0) AS n FROM ledger WHERE book = ?', row.number),
    },
  }
}

function worstImpact(rows: Rows, incident: number): ImpactMark | null {
  const worst = rows.get<{ impact: number; confidence: number }>(
    `SELECT a.impact, a.impact_confidence AS confidence FROM incident_alert i JOIN alert a ON a.id = i.alert
     WHERE i.incident = ? AND a.impact_confidence IS NOT NULL ORDER BY a.impact DESC, a.impact_confidence DESC LIMIT 1`,
    incident,
  )
  return worst ? { result: IMPACTS[worst.impact] ?? 'attempted', confidence: worst.confidence } : null
}

/** The first phase without a time before this one. */
export const missingBefore = (times: Times, phase: Phase): Phase | undefined =>
  PHASES.slice(0, PHASES.indexOf(phase)).find((earlier) => times[earlier] === null)
