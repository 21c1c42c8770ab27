/** Incidents that belong together: linked, or one taken into another. */
import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { severityRank } from '../../../../shared/model/severity.ts'
import type { Fields, Json } from '../../incidents/merge-fields.ts'
import { lastEvidence, takeCarves } from './evidence-edits.ts'
import type { IncidentChange } from './incident-change.ts'
import type { IncidentRow } from './incident-row.ts'
import { ENTRY_COLUMNS, entryOf, partsOf, standingPart, type EntryRow, type StoredKind } from './part-row.ts'

const MOST_LINKS = 100

/** `kind`: what the other incident is to this one; the other one learns the inverse. */
export function linkIncidents(change: IncidentChange, other: IncidentRow, kind: string, linked: boolean): Result<null> {
  if (other.id === change.row.id)
    return fail({ code: 'invalid_input', message: 'An incident cannot be linked to itself.', path: 'to' })
  const before = change.linkTo(other.id)
  if (!linked) {
    if (before === null) return fail({ code: 'not_found', message: `There is no link to ${other.number}.` })
    change.link(other, null)
    return ok(null)
  }
  if (before === kind) return ok(null)
  for (const incident of [change.row.id, other.id]) {
    const links = change.desk.rows.get<{ n: number }>('SELECT count(*) AS n FROM incident_link WHERE incident = ?', incident)
    if (before === null && (links?.n ?? 0) >= MOST_LINKS)
      return fail({ code: 'conflict', message: `An incident has at most ${MOST_LINKS} links.` })
  }
  if (kind === 'parent' && isAbove(change, change.row.id, other.id))
    return fail({ code: 'conflict', message: `${other.number} is below this incident already.` })
  if (kind === 'child' && isAbove(change, other.id, change.row.id))
    return fail({ code: 'conflict', message: `${other.number} is above this incident already.` })
  change.link(other, kind)
  return ok(null)
}

/** Whether `top` is a parent of `below`, or a parent of its parents. */
function isAbove(change: IncidentChange, top: number, below: number): boolean {
  const seen = new Set<number>([below])
  const waiting = [below]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const parents = change.desk.rows.all<{ other: number }>(
      "SELECT other FROM incident_link WHERE incident = ? AND kind = 'parent'",
      at,
    )
    for (const { other } of parents) {
      if (other === top) return true
      if (!seen.has(other)) {
        seen.add(other)
        waiting.push(other)
      }
    }
  }
  return false
}

/**
 * Takes everything of another incident in. Its parts are copied, so that it stays to be read; its alerts move. What both have (an entity
 * of the same kind and value) is one, and evidence is numbered on.
 */
export function takeIn(into: IncidentChange, from: IncidentChange, reason: string): Result<null> {
  const { rows } = into.desk
  if (into.row.id === from.row.id)
    return fail({ code: 'invalid_input', message: 'An incident cannot be merged into itself.', path: 'from' })
  if (into.head.status === 'closed') return fail({ code: 'conflict', message: 'The incident is closed: reopen it first.' })

  /** New ids where theirs are taken here. */
  const renamed = new Map<string, string>()
  const key = (kind: StoredKind, id: string): string => `${kind}:${id}`
  const idFor = (kind: StoredKind, id: string): string => {
    const known = renamed.get(key(kind, id))
    if (known !== undefined) return known
    const own = standingPart(rows, into.row.id, kind, id) ? randomUUID() : id
    renamed.set(key(kind, id), own)
    return own
  }

  const entities = new Map(
    partsOf(rows, into.row.id, 'entity').map(({ id, fields }) => [`${String(fields['kind'])}:${String(fields['value'])}`, id]),
  )
  for (const { id, fields } of partsOf(rows, from.row.id, 'entity')) {
    const twin = entities.get(`${String(fields['kind'])}:${String(fields['value'])}`)
    if (twin === undefined) into.put('entity', idFor('entity', id), fields)
    else renamed.set(key('entity', id), twin)
  }
  let evidence = lastEvidence(into)
  for (const { id, fields } of partsOf(rows, from.row.id, 'evidence')) {
    const next = `EV-${String(++evidence).padStart(2, '0')}`
    renamed.set(key('evidence', id), next)
    // Its copy is the same; what it was called there stays said.
    const origin = `${String(fields['origin']).slice(0, 1900)} (${from.row.number}: ${id})`
    into.put('evidence', next, { ...fields, origin })
    const { sha256, bytes, kind, name, cites } = fields
    into.tell('evidence.added', next, {
      sha256: sha256 ?? null,
      bytes: bytes ?? null,
      kind: kind ?? null,
      name: name ?? null,
      origin,
      cites: cites ?? [],
    })
  }
  takeCarves(into, from.row.id, (id) => renamed.get(key('evidence', id)) ?? id)
  /** Names of items within a text. */
  const renamedIn = (text: string): string => text.replaceAll(/EV-\d{2,4}/g, (id) => renamed.get(key('evidence', id)) ?? id)
  const evidenceOf = (ids: Json | undefined): Json =>
    Array.isArray(ids) ? ids.map((id) => renamed.get(key('evidence', String(id))) ?? id) : []
  for (const { id, fields } of partsOf(rows, from.row.id, 'edge'))
    into.put('edge', idFor('edge', id), {
      ...fields,
      from: renamed.get(key('entity', String(fields['from']))) ?? String(fields['from']),
      to: renamed.get(key('entity', String(fields['to']))) ?? String(fields['to']),
    })
  for (const { id, fields } of partsOf(rows, from.row.id, 'sentence'))
    into.put('sentence', idFor('sentence', id), { ...fields, evidence: evidenceOf(fields['evidence']) })
  for (const kind of ['note', 'task', 'playbook'] as const)
    for (const { id, fields } of partsOf(rows, from.row.id, kind))
      into.put(kind, idFor(kind, id), kind === 'note' ? { ...fields, text: renamedIn(String(fields['text'])) } : fields)

  const entries = rows.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM incident_entry WHERE incident = ? AND gone = 0 ORDER BY time, id`,
    from.row.id,
  )
  for (const row of entries) {
    const { id, written: _, ...fields } = entryOf(row)
    const ofItem = row.kind === 'evidence' && id.startsWith('evidence-EV-')
    into.put('entry', row.alert === null ? idFor('entry', ofItem ? renamedIn(id) : id) : id, {
      ...(fields as unknown as Fields),
      ...(ofItem ? { title: renamedIn(fields.title) } : {}),
    })
  }
  const alerts = rows.all<{ alert: number }>('SELECT alert FROM incident_alert WHERE incident = ? ORDER BY alert', from.row.id)
  into.desk.run('UPDATE incident_alert SET incident = ? WHERE incident = ?', into.row.id, from.row.id)

  const { severity, attack, tags, watchers } = into.head
  const other = from.head
  into.setHead({
    severity: severityRank(other.severity) > severityRank(severity) ? other.severity : severity,
    attack: [...new Set([...attack, ...other.attack])].slice(0, 200),
    tags: [...new Set([...tags, ...other.tags])].slice(0, 100),
    watchers: [...new Set([...watchers, ...other.watchers])].slice(0, 100),
  })
  into.entry(`merged-${from.row.number}`, {
    kind: 'status',
    title: 'merged_from',
    text: `${from.row.number} ${other.title}\n${reason}`,
  })
  from.setHead({ mergedInto: into.row.number })
  from.entry(`merged-into-${into.row.number}`, { kind: 'status', title: 'merged', text: `${into.row.number}\n${reason}` })
  for (const area of ['alerts', 'timeline', 'graph', 'route', 'evidence', 'notes', 'tasks'] as const) into.touch(area)
  from.touch('alerts')
  into.tell('incident.merged', from.row.number, { reason, alerts: alerts.map(({ alert }) => String(alert)) })
  from.tell('incident.merged', into.row.number, { reason })
  from.tellDesk('incident.merged', { into: into.row.number, reason })
  return ok(null)
}
