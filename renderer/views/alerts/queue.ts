/**
 * The rows of the queue, as pure functions. Nothing moves under the reader: what changes is changed in place, what no longer fits
 * stays (dimmed) where it is, and what is new is held until the reader wants it.
 */
import type { z } from 'zod'
import type { AlertDelta, AlertPage } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import { SEVERITIES, type Severity } from '../../../shared/model/severity.ts'

export interface Queue {
  /** In the order they are on screen. */
  readonly rows: readonly Alert[]
  /** Ids on screen that no longer fit the filter. */
  readonly left: ReadonlySet<string>
  /** New alerts that fit and are not on screen yet. */
  readonly held: ReadonlyMap<string, Alert>
  /** When the first held one came (milliseconds). */
  readonly heldSince: number | null
  /** How many fit, as the engine counts. */
  readonly total: number
  /** Where the next page begins; null where all is loaded. */
  readonly after: string | null
  /** The last row of the last page as it was loaded: what sorts behind it is met on further pages. */
  readonly edge: Alert | null
  /** When the first page was asked for (milliseconds, the engine's clock): what was raised later is new. */
  readonly asked: number
}

type Page = z.infer<typeof AlertPage>
type Delta = z.infer<typeof AlertDelta>

export const NO_QUEUE: Queue = {
  rows: [],
  left: new Set(),
  held: new Map(),
  heldSince: null,
  total: 0,
  after: null,
  edge: null,
  asked: 0,
}

/** The queue anew, from a first page asked for at `asked` (milliseconds). */
export const firstPage = (page: Page, asked: number): Queue => ({
  ...NO_QUEUE,
  rows: page.alerts,
  total: page.total,
  after: page.after,
  edge: page.alerts.at(-1) ?? null,
  asked,
})

/** The next page below what is there; rows that are there already, or are held, stay where they are. */
export function nextPage(queue: Queue, page: Page): Queue {
  const known = new Set(queue.rows.map(({ id }) => id))
  return {
    ...queue,
    rows: [...queue.rows, ...page.alerts.filter(({ id }) => !known.has(id) && !queue.held.has(id))],
    total: page.total,
    after: page.after,
    edge: page.alerts.at(-1) ?? queue.edge,
  }
}

/** Rows in place, where `changed` has a newer revision of them. The same array where nothing changed. */
function patched(rows: readonly Alert[], changed: ReadonlyMap<string, Alert>): readonly Alert[] {
  let any = false
  const after = rows.map((row) => {
    const newer = changed.get(row.id)
    if (!newer || newer.revision <= row.revision) return row
    any = true
    return newer
  })
  return any ? after : rows
}

/** What the engine says has changed, at `now` (milliseconds). */
export function applyDelta(queue: Queue, delta: Delta, now: number): Queue {
  const changed = new Map(delta.changed.map((alert) => [alert.id, alert]))
  const shown = new Set(queue.rows.map(({ id }) => id))
  const left = new Set(queue.left)
  const held = new Map(queue.held)
  for (const alert of delta.changed) {
    left.delete(alert.id)
    if (shown.has(alert.id)) continue
    // Below the last loaded row, a change is not news: it is met when that page is loaded.
    if (held.has(alert.id) || queue.after === null || Date.parse(alert.raised) >= queue.asked) held.set(alert.id, alert)
  }
  for (const id of delta.removed) {
    held.delete(id)
    if (shown.has(id)) left.add(id)
  }
  return {
    ...queue,
    rows: patched(queue.rows, changed),
    left,
    held,
    heldSince: held.size === 0 ? null : (queue.heldSince ?? now),
    total: delta.total,
  }
}

/** The answer to the reader's own command: rows change at once; `fits` says whether a row still belongs here. */
export function applyOwn(queue: Queue, alerts: readonly Alert[], fits: (alert: Alert) => boolean): Queue {
  const changed = new Map(alerts.map((alert) => [alert.id, alert]))
  const left = new Set(queue.left)
  for (const row of queue.rows) {
    const newer = changed.get(row.id)
    if (!newer || newer.revision < row.revision) continue
    if (fits(newer)) left.delete(row.id)
    else left.add(row.id)
  }
  return { ...queue, rows: patched(queue.rows, changed), left }
}

/** After a search that was made to catch up (reconnect, overflow): the difference, as if it had been told. */
export function catchUp(queue: Queue, page: Page, now: number): Queue {
  const found = new Set(page.alerts.map(({ id }) => id))
  // Where the page holds everything, what is not in it has left.
  const gone = page.after === null ? queue.rows.filter(({ id }) => !found.has(id)).map(({ id }) => id) : []
  return applyDelta(queue, { changed: page.alerts, removed: gone, total: page.total, overflow: false }, now)
}

/** Held alerts by severity, worst first; only those there are. */
export function heldCounts(queue: Queue): readonly { readonly severity: Severity; readonly count: number }[] {
  const counts = new Map<Severity, number>()
  for (const { severity } of queue.held.values()) counts.set(severity, (counts.get(severity) ?? 0) + 1)
  return SEVERITIES.toReversed().flatMap((severity) => {
    const count = counts.get(severity)
    return count === undefined ? [] : [{ severity, count }]
  })
}

/**
 * Where the focus goes after a decision: the next row below `from` that still waits and is not in `done`, else the last one above.
 * Null where nothing waits any more.
 */
export function nextWaiting(
  ids: readonly string[],
  waits: (id: string) => boolean,
  from: string | null,
  done: ReadonlySet<string>,
): string | null {
  const free = (id: string): boolean => !done.has(id) && waits(id)
  const at = from === null ? -1 : ids.indexOf(from)
  return ids.slice(at + 1).find(free) ?? ids.slice(0, Math.max(0, at)).findLast(free) ?? null
}

/** Ids between two rows, both included, in the order on screen. */
export function between(ids: readonly string[], a: string, b: string): readonly string[] {
  const [from, to] = [ids.indexOf(a), ids.indexOf(b)]
  if (from < 0 || to < 0) return []
  return ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}
