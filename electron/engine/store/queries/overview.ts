/** The numbers of the last hours, from rollups and the desk only: no event is read. */
import { ok } from '../../../../shared/model/result.ts'
import { prepared } from '../database.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { SEVERITIES, severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { SourceSettings } from '../../../../shared/model/source.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Desk } from './desk.ts'
import { reading } from './library.ts'

const QUARTER_MICROS = 15 * 60_000_000
/** About as many slots as a chart is wide. */
const MOST_SLOTS = 112
const TOP = 10

const add = (map: Map<string, number>, key: string, count: number): void => void map.set(key, (map.get(key) ?? 0) + count)
const top = (map: Map<string, number>, limit: number): [string, number][] =>
  [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit)

export function overviewNumbers(
  input: InputOf<'overview.numbers'>,
  { library, desk, now }: DeskScope,
): Result<OutputOf<'overview.numbers'>> {
  const began = performance.now()
  const quarters = input.hours * 4
  const perSlot = Math.ceil(quarters / MOST_SLOTS)
  const slots = Math.ceil(quarters / perSlot)
  const end = Math.floor(now / QUARTER_MICROS) + 1
  const first = end - slots * perSlot
  const zeros = (): number[] => new Array<number>(slots).fill(0)
  const events = zeros()
  const bySeverity = SEVERITIES.map(zeros)
  const totals = { events: 0, detections: 0, rejected: 0 }
  const types = new Map<string, number>()
  const sources = new Map<string, number>()
  const detections = new Map<string, number>()
  const severities = new Map<string, number>()
  const assets = new Map<string, number>()
  for (const partition of library.newestFirst()) {
    reading(partition.day, () => {
      for (const { quarter, source, type, count } of prepared(
        partition.db,
        'SELECT quarter, source, type, count FROM event_quarter WHERE quarter >= ? AND quarter < ?',
      ).iterate(first, end) as Iterable<{ quarter: number; source: string; type: string; count: number }>) {
        events[Math.floor((quarter - first) / perSlot)]! += count
        totals.events += count
        add(types, type, count)
        add(sources, source, count)
      }
      for (const { quarter, severity, detection, asset, count } of prepared(
        partition.db,
        'SELECT quarter, severity, detection, asset, count FROM detection_quarter WHERE quarter >= ? AND quarter < ?',
      ).iterate(first, end) as Iterable<{ quarter: number; severity: number; detection: string; asset: string; count: number }>) {
        const slot = Math.floor((quarter - first) / perSlot)
        const row = bySeverity[severity]
        if (row) row[slot]! += count
        totals.detections += count
        add(detections, detection, count)
        severities.set(detection, Math.max(severities.get(detection) ?? 0, severity))
        add(assets, asset, count)
      }
      totals.rejected +=
        (
          prepared(partition.db, 'SELECT sum(count) AS n FROM reject_minute WHERE minute >= ? AND minute < ?').get(
            first * 15,
            end * 15,
          ) as { n: number | null }
        ).n ?? 0
    })
  }
  const from = first * QUARTER_MICROS
  const [info, low, medium, high, critical] = bySeverity as [number[], number[], number[], number[], number[]]
  const open = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
  for (const { severity, n } of desk.all<{ severity: number; n: number }>(
    'SELECT severity, count(*) AS n FROM alert WHERE state = 0 GROUP BY severity',
  ))
    open[severityOf(severity)] = n
  const decided = Object.create(null) as Record<string, number>
  for (const { verdict, n } of desk.all<{ verdict: string | null; n: number }>(
    'SELECT verdict, count(*) AS n FROM alert WHERE decided_at >= ? AND state = 2 GROUP BY verdict',
    from,
  ))
    if (verdict !== null) decided[verdict] = n
  const oldest = desk.get<{ at: number | null }>('SELECT min(raised) AS at FROM alert WHERE state = 0')?.at ?? null
  const names = new Map(
    desk
      .all<{ id: string; settings: string }>('SELECT id, settings FROM source')
      .map(({ id, settings }) => [id, nameOf(settings) ?? id]),
  )
  return ok({
    from: isoFromMicros(from),
    to: isoFromMicros(end * QUARTER_MICROS),
    slotMinutes: perSlot * 15,
    events,
    detections: { critical, high, medium, low, info },
    totals,
    open,
    decided,
    oldestOpen: oldest === null ? null : isoFromMicros(oldest),
    response: responseTimes(desk, from),
    topDetections: top(detections, TOP).map(([detection, count]) => ({
      detection,
      title:
        desk.get<{ title: string }>(
          'SELECT title FROM alert WHERE id = (SELECT max(id) FROM alert WHERE detection = ?)',
          detection,
        )?.title ?? detection,
      severity: severityOf(severities.get(detection) ?? 0),
      count,
    })),
    topAssets: top(assets, TOP).map(([asset, count]) => ({ asset, count })),
    types: top(types, TOP).map(([type, count]) => ({ type, count })),
    sources: top(sources, TOP).map(([source, count]) => ({ source, name: names.get(source) ?? source, count })),
    took: performance.now() - began,
  })
}

function nameOf(settings: string): string | null {
  const parsed = SourceSettings.safeParse(JSON.parse(settings))
  return parsed.success ? parsed.data.name : null
}

/** Seconds from raised to taken and to decided, of what was taken and decided since. */
function responseTimes(desk: Desk, since: number): OutputOf<'overview.numbers'>['response'] {
  const of = (column: 'taken_at' | 'decided_at', share: number): number | null => {
    const n = desk.get<{ n: number }>(`SELECT count(*) AS n FROM alert WHERE ${column} >= ?`, since)!.n
    if (n === 0) return null
    const at = Math.min(n - 1, Math.max(0, Math.ceil(n * share) - 1))
    return desk.get<{ took: number }>(
      `SELECT (${column} - raised) / 1e6 AS took FROM alert WHERE ${column} >= ? ORDER BY took LIMIT 1 OFFSET ?`,
      since,
      at,
    )!.took
  }
  return {
    taken50: of('taken_at', 0.5),
    taken90: of('taken_at', 0.9),
    decided50: of('decided_at', 0.5),
    decided90: of('decided_at', 0.9),
  }
}

/** Rejected records, newest first. */
export function rejectedRecords(
  input: InputOf<'sources.rejected'>,
  { library }: DeskScope,
): Result<OutputOf<'sources.rejected'>> {
  const mark = input.after === null ? null : /^(\d{1,6}):(\d{1,16})$/.exec(input.after)
  const [day, id] = mark ? [Number(mark[1]), Number(mark[2])] : [Infinity, 0]
  const records: OutputOf<'sources.rejected'>['records'] = []
  let after: string | null = null
  for (const partition of library.newestFirst()) {
    if (partition.day > day || records.length >= input.limit) continue
    reading(partition.day, () => {
      const rows = prepared(
        partition.db,
        `SELECT id, source, origin, record, offset, length, reason, at, raw FROM reject WHERE id < ? ${input.source === null ? '' : 'AND source = ?'} ORDER BY id DESC LIMIT ?`,
      ).all(
        ...[
          partition.day === day ? id : Number.MAX_SAFE_INTEGER,
          ...(input.source === null ? [] : [input.source]),
          input.limit - records.length,
        ],
      ) as {
        id: number
        source: string
        origin: string
        record: number | null
        offset: number | null
        length: number
        reason: string
        at: number
        raw: Uint8Array
      }[]
      for (const { id: row, at, raw, ...rest } of rows) {
        records.push({ ...rest, at: isoFromMicros(at), raw: new TextDecoder().decode(raw) })
        after = records.length === input.limit ? `${partition.day}:${row}` : null
      }
    })
  }
  return ok({ records, after })
}
