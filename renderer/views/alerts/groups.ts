/** Rows as the grid shows them: alerts alone, or under the heads of their groups. */
import type { Alert } from '../../../shared/model/alert.ts'
import { severityRank, type Severity } from '../../../shared/model/severity.ts'

export const GROUPINGS = ['none', 'detection', 'asset', 'source'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface AlertRow {
  readonly kind: 'alert'
  readonly id: string
  readonly alert: Alert
  readonly marked: boolean
  /** It no longer fits the filter. */
  readonly left: boolean
}
export interface GroupRow {
  readonly kind: 'group'
  readonly id: string
  /** What its alerts have in common, as text. */
  readonly label: string
  /** Alerts of the group that are loaded, and the events in them. */
  readonly alerts: number
  readonly events: number
  readonly severity: Severity
  readonly closed: boolean
}
export type QueueRow = AlertRow | GroupRow

const keyOf = (alert: Alert, grouping: Grouping): { readonly key: string; readonly label: string } => {
  if (grouping === 'detection') return { key: alert.detection, label: alert.title }
  if (grouping === 'asset') return { key: alert.asset, label: alert.asset }
  const label = alert.source.name ?? alert.source.ip ?? alert.user ?? ''
  return { key: label, label }
}

/** Alerts in order, with group heads where wanted: a group stands where its first alert stood. */
export function groupedRows(rows: readonly AlertRow[], grouping: Grouping, closed: ReadonlySet<string>): readonly QueueRow[] {
  if (grouping === 'none') return rows
  const groups = new Map<string, { readonly label: string; readonly rows: AlertRow[] }>()
  for (const row of rows) {
    const { key, label } = keyOf(row.alert, grouping)
    const group = groups.get(key)
    if (group) group.rows.push(row)
    else groups.set(key, { label, rows: [row] })
  }
  return [...groups].flatMap(([key, { label, rows: members }]): QueueRow[] => {
    const id = `${grouping}:${key}`
    const worst = members.reduce((a, b) => (severityRank(b.alert.severity) > severityRank(a.alert.severity) ? b : a))
    const head: GroupRow = {
      kind: 'group',
      id,
      label,
      alerts: members.length,
      events: members.reduce((sum, { alert }) => sum + alert.count, 0),
      severity: worst.alert.severity,
      closed: closed.has(id),
    }
    return head.closed ? [head] : [head, ...members]
  })
}

const sameRow = (a: QueueRow, b: QueueRow): boolean =>
  a.kind === 'alert'
    ? b.kind === 'alert' && a.alert === b.alert && a.marked === b.marked && a.left === b.left
    : b.kind === 'group' &&
      a.label === b.label &&
      a.alerts === b.alerts &&
      a.events === b.events &&
      a.severity === b.severity &&
      a.closed === b.closed

/** Keeps row objects the same while nothing in them changes, so that the grid draws only what did. */
export function rowKeeper(): (rows: readonly QueueRow[]) => readonly QueueRow[] {
  let before = new Map<string, QueueRow>()
  let last: readonly QueueRow[] = []
  return (rows) => {
    const after = new Map<string, QueueRow>()
    const kept = rows.map((row) => {
      const old = before.get(row.id)
      const one = old !== undefined && sameRow(old, row) ? old : row
      after.set(row.id, one)
      return one
    })
    before = after
    if (kept.length !== last.length || kept.some((row, index) => row !== last[index])) last = kept
    return last
  }
}
