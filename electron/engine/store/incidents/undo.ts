/** Taking back a person's last change of an incident, as far as nobody has changed the same since. */
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { mergeFields, same, type Fields } from '../../incidents/merge-fields.ts'
import type { AlertRow } from '../alert-row.ts'
import { alertRows } from './alert-joining.ts'
import type { IncidentChange, UndoItem } from './incident-change.ts'
import { INCIDENT_COLUMNS, type IncidentRow } from './incident-row.ts'
import { standingPart, versionOf } from './part-row.ts'
import type { PartKind } from '../../../../shared/model/incident.ts'

interface ChangeRow {
  readonly id: number
  readonly action: string
  readonly items: string
}

/** Gives what was taken back, null where there is nothing. `conflict` where all of it was changed since. */
export function undoLast(change: IncidentChange): Result<string | null> {
  const { desk, row, by } = change
  const last = desk.rows.get<ChangeRow>(
    'SELECT id, action, items FROM incident_change WHERE incident = ? AND by = ? AND items IS NOT NULL AND undone = 0 ORDER BY id DESC LIMIT 1',
    row.id,
    by,
  )
  if (!last) return ok(null)
  /** Revisions that stand for the one before: what this undo has put back itself. */
  const restored = new Map<string, number>()
  let done = 0
  for (const item of (JSON.parse(last.items) as UndoItem[]).reverse()) if (takeBack(change, item, restored)) done++
  if (done === 0) return fail({ code: 'conflict', message: 'This has been changed since; the last change cannot be taken back.' })
  desk.run('UPDATE incident_change SET undone = 1 WHERE id = ?', last.id)
  change.tell('incident.undone', row.number, { action: last.action })
  return ok(last.action)
}

function takeBack(change: IncidentChange, item: UndoItem, restored: Map<string, number>): boolean {
  switch (item.what) {
    case 'head':
      return headBack(change, item.before, item.after)
    case 'part':
      return partBack(change, item, restored)
    case 'alert': {
      const found = alertRows(change.desk, [String(item.alert)])
      const alert: AlertRow | undefined = found.ok ? found.value[0] : undefined
      const there = change.desk.rows.get<{ incident: number }>('SELECT incident FROM incident_alert WHERE alert = ?', item.alert)
      if (item.joined) {
        if (there?.incident !== change.row.id) return false
        change.leave(item.alert)
        return true
      }
      if (there !== undefined || alert === undefined) return false
      change.join(alert)
      return true
    }
    case 'link': {
      const other = change.desk.rows.get<IncidentRow>(`SELECT ${INCIDENT_COLUMNS} FROM incident WHERE id = ?`, item.other)
      if (!other || change.linkTo(item.other) !== item.after) return false
      change.link(other, item.before)
      return true
    }
  }
}

function headBack(change: IncidentChange, before: Fields, after: Fields): boolean {
  const head = change.head as unknown as Fields & { readonly times: Fields }
  const fields: Record<string, Fields[string]> = {}
  const times: Record<string, Fields[string]> = {}
  for (const [name, value] of Object.entries(before)) {
    const phase = name.startsWith('times.') ? name.slice(6) : null
    const now = phase === null ? head[name] : head.times[phase]
    if (!same(now ?? null, after[name] ?? null)) continue
    if (phase === null) fields[name] = value
    else times[phase] = value
  }
  return Object.keys(change.setHead({ ...(fields as object), times: times as object })).length > 0
}

function partBack(
  change: IncidentChange,
  { kind, id, before, after }: Extract<UndoItem, { what: 'part' }>,
  restored: Map<string, number>,
): boolean {
  const { rows } = change.desk
  const incident = change.row.id
  const standing = standingPart(rows, incident, kind, id)
  if (!standing) return false
  const untouched = standing.revision === after || restored.get(`${kind}:${id}`) === after
  const was = before === null ? null : versionOf(rows, incident, kind, id, before)
  // It is not known any more what it was.
  if (was === undefined) return false
  if (untouched) {
    if (was === null) change.remove(kind, id)
    else change.put(kind, id, was)
    if (before !== null) restored.set(`${kind}:${id}`, before)
    return true
  }
  const became = versionOf(rows, incident, kind, id, after)
  if (was === null || !became || standing.gone || kind === 'evidence' || kind === 'playbook') return false
  return mergedBack(change, kind, id, was, became, standing.fields)
}

/** Somebody changed the part since: only those fields go back that are as this change left them, of texts the words. */
function mergedBack(change: IncidentChange, kind: PartKind, id: string, was: Fields, became: Fields, now: Fields): boolean {
  const { fields, clashes } = mergeFields(kind, became, was, now)
  const kept = new Set(clashes.map((name) => name.split('.')[0]))
  const next = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, kept.has(name) ? (now[name] ?? null) : value]),
  )
  if (same(next, now)) return false
  change.put(kind, id, next)
  return true
}
