/** Parts and entries of incidents as desk.db keeps them: one shape for what is changed, merged, and taken back. */
import type { z } from 'zod'
import {
  Edge,
  Entity,
  Evidence,
  Note,
  RouteSentence,
  Task,
  TimelineEntry,
  type PartKind,
} from '../../../../shared/model/incident.ts'
import { severityOf, severityRank } from '../../../../shared/model/severity.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import type { Fields } from '../../incidents/merge-fields.ts'
import type { Rows } from './rows.ts'

/** Evidence and playbooks are changed by rooms of their own, and kept the same way. */
export type StoredKind = PartKind | 'evidence' | 'playbook'

/** What is stored of each kind, without what the row has beside it. */
export const BODIES = {
  entry: TimelineEntry.omit({ id: true, written: true }),
  entity: Entity.omit({ id: true, written: true }),
  edge: Edge.omit({ id: true, written: true }),
  sentence: RouteSentence.omit({ id: true, written: true }),
  note: Note.omit({ id: true, written: true, created: true, createdBy: true }),
  task: Task.omit({ id: true, written: true }),
  evidence: Evidence.omit({ id: true }),
} as const satisfies Partial<Record<StoredKind, z.ZodType>>

/** A part as it stands: its fields, and who wrote it last. */
export interface Standing {
  readonly fields: Fields
  readonly revision: number
  readonly at: number
  readonly by: string
  readonly created: number
  readonly createdBy: string
  readonly gone: boolean
}

export interface EntryRow {
  readonly id: string
  readonly kind: string
  readonly time: number
  readonly until: number | null
  readonly title: string
  readonly severity: number | null
  readonly alert: number | null
  readonly grp: string
  readonly internal: number
  readonly body: string
  readonly revision: number
  readonly at: number
  readonly by: string
}
export const ENTRY_COLUMNS = 'id, kind, time, until, title, severity, alert, grp, internal, body, revision, at, by'
const EntryBody = TimelineEntry.pick({ text: true, event: true, cites: true })

export function entryOf(row: EntryRow): TimelineEntry {
  return {
    id: row.id,
    kind: TimelineEntry.shape.kind.parse(row.kind),
    time: isoFromMicros(row.time),
    until: row.until === null ? null : isoFromMicros(row.until),
    title: row.title,
    severity: row.severity === null ? null : severityOf(row.severity),
    alert: row.alert === null ? null : String(row.alert),
    group: row.grp,
    internal: row.internal === 1,
    ...EntryBody.parse(JSON.parse(row.body)),
    written: { revision: row.revision, at: isoFromMicros(row.at), by: row.by },
  }
}

/** Values of an entry's columns, in the order of `kind, time, until, title, severity, alert, grp, internal, body`. */
export function entryColumns(entry: Omit<TimelineEntry, 'id' | 'written'>): (string | number | null)[] {
  const { text, event, cites } = entry
  return [
    entry.kind,
    microsFromIso(entry.time) ?? 0,
    entry.until === null ? null : (microsFromIso(entry.until) ?? null),
    entry.title,
    entry.severity === null ? null : severityRank(entry.severity),
    entry.alert === null ? null : Number(entry.alert),
    entry.group,
    entry.internal ? 1 : 0,
    JSON.stringify({ text, event, cites }),
  ]
}

interface PartRow {
  readonly id: string
  readonly body: string
  readonly created: number
  readonly created_by: string
  readonly revision: number
  readonly at: number
  readonly by: string
  readonly gone: number
}

/** A part, also where it is gone. */
export function standingPart(rows: Rows, incident: number, kind: StoredKind, id: string): Standing | undefined {
  if (kind === 'entry') {
    const row = rows.get<EntryRow & { gone: number }>(
      `SELECT ${ENTRY_COLUMNS}, gone FROM incident_entry WHERE incident = ? AND id = ?`,
      incident,
      id,
    )
    if (!row) return undefined
    const { id: _, written: __, ...fields } = entryOf(row)
    return { fields, revision: row.revision, at: row.at, by: row.by, created: row.at, createdBy: row.by, gone: row.gone === 1 }
  }
  const row = rows.get<PartRow>(
    'SELECT id, body, created, created_by, revision, at, by, gone FROM incident_part WHERE incident = ? AND kind = ? AND id = ?',
    incident,
    kind,
    id,
  )
  return row && standingOf(row)
}

const standingOf = (row: PartRow): Standing => ({
  fields: JSON.parse(row.body) as Fields,
  revision: row.revision,
  at: row.at,
  by: row.by,
  created: row.created,
  createdBy: row.created_by,
  gone: row.gone === 1,
})

/** Parts of a kind that are there, in the order they were made. */
export const partsOf = (rows: Rows, incident: number, kind: StoredKind): (Standing & { readonly id: string })[] =>
  rows
    .all<PartRow>(
      'SELECT id, body, created, created_by, revision, at, by, gone FROM incident_part WHERE incident = ? AND kind = ? AND gone = 0 ORDER BY created, rowid',
      incident,
      kind,
    )
    .map((row) => ({ id: row.id, ...standingOf(row) }))

/** What a part was at a revision: its fields, null where it was gone, undefined where nobody knows any more. */
export function versionOf(
  rows: Rows,
  incident: number,
  kind: StoredKind,
  id: string,
  revision: number,
): Fields | null | undefined {
  const row = rows.get<{ body: string | null }>(
    'SELECT body FROM incident_version WHERE incident = ? AND kind = ? AND id = ? AND revision = ?',
    incident,
    kind,
    id,
    revision,
  )
  return row && (row.body === null ? null : (JSON.parse(row.body) as Fields))
}
