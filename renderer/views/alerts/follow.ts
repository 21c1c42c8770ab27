/** Following: what the engine tells is put where it belongs at once, so that a line is on screen without asking for the queue again. */
import type { z } from 'zod'
import type { AlertDelta } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import { IMPACTS } from '../../../shared/model/impact-result.ts'
import { severityRank } from '../../../shared/model/severity.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import type { Queue } from './queue.ts'
import type { Order } from './queue-view.ts'

/** More rows than this are not kept while following: the reader is at the top. */
const MOST_ROWS = 1000

type Compare = (a: Alert, b: Alert) => number
const time = (text: string): number => microsFromIso(text) ?? 0
/** What is not verified stands where the engine puts it: among what may have worked. */
const impactRank = ({ impact }: Alert): number => IMPACTS.indexOf(impact?.result ?? 'attempted')
const newestId: Compare = (a, b) => Number(b.id) - Number(a.id)
const newestLast: Compare = (a, b) => time(b.last) - time(a.last)

/** The orders of the engine that need no text to be compared as it does. Each is total. */
const ORDERS: Partial<Readonly<Record<Order, Compare>>> = {
  urgency: (a, b) =>
    severityRank(b.severity) - severityRank(a.severity) ||
    impactRank(b) - impactRank(a) ||
    time(b.raised) - time(a.raised) ||
    newestId(a, b),
  newest: (a, b) => newestLast(a, b) || newestId(a, b),
  oldest: (a, b) => -newestLast(a, b) || -newestId(a, b),
  count: (a, b) => b.count - a.count || newestLast(a, b) || newestId(a, b),
}

/** The queue as it is after a delta; null where it must be asked for anew. */
export function followDelta(queue: Queue, delta: z.infer<typeof AlertDelta>, order: Order): Queue | null {
  const compare = ORDERS[order]
  if (compare === undefined || delta.overflow || queue.left.size > 0) return null
  const known = new Map(queue.rows.map((row) => [row.id, row]))
  const changed = delta.changed.filter(({ id, revision }) => revision > (known.get(id)?.revision ?? -1))
  const moved = new Set([...delta.removed, ...changed.map(({ id }) => id)])
  const rows = queue.rows.filter(({ id }) => !moved.has(id))
  const edge = queue.after === null ? null : queue.edge
  const shown = changed.filter((alert) => edge === null || compare(alert, edge) <= 0)
  if (rows.length + shown.length > MOST_ROWS || (queue.after !== null && rows.length + shown.length === 0)) return null
  for (const alert of shown.toSorted(compare)) rows.splice(placeOf(rows, alert, compare), 0, alert)
  return { ...queue, rows, held: new Map(), heldSince: null, total: delta.total }
}

/** Before which row it stands. */
function placeOf(rows: readonly Alert[], alert: Alert, compare: Compare): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (compare(rows[middle]!, alert) < 0) from = middle + 1
    else to = middle
  }
  return from
}
