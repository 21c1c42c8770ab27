/** The numbers of the last hours, from rollups and the desk only: no event is read. */
import { ok } from '../../../../shared/model/result.ts'
import { prepared } from '../database.ts'
import { reasonFromStore } from '../stored-reason.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { SEVERITIES, severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { SourceSettings } from '../../../../shared/model/source.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Desk } from './desk.ts'
import { reading } from './library.ts'

const MINUTE_MICROS = 60_000_000
const QUARTER = 15
/** Lengths of a slot in minutes; the shortest is taken that gives no more slots than this. */
const STEPS = [1, 2, 3, 5, 10, 15, 30, 60, 120] as const
const MOST_SLOTS = 96
const TOP = 10

export interface Slots {
  /** Minutes. */
  readonly step: number
  readonly count: number
  /** Minutes since 1970 (UTC), begin and end of all slots: `count × step` apart, the end in the future by less than a slot. */
  readonly first: number
  readonly end: number
}

/** The slots of the last `hours` before `now` (microseconds). */
export function slotsOf(hours: number, now: number): Slots {
  // The last slot has only begun. Where slots are long, one more makes up for it.
  const countOf = (step: number): number => Math.ceil((hours * 60) / step) + (step > QUARTER ? 1 : 0)
  const step = STEPS.find((one) => countOf(one) <= MOST_SLOTS) ?? STEPS.at(-1)!
  const count = countOf(step)
  const end = (Math.floor(now / MINUTE_MICROS / step) + 1) * step
  return { step, count, first: end - count * step, end }
}

const add = (map: Map<string, number>, key: string, count: number): void => void map.set(key, (map.get(key) ?? 0) + count)
const top = (map: Map<string, number>, limit: number): [string, number][] =>
  [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit)

export function overviewNumbers(
  input: InputOf<'overview.numbers'>,
  { library, desk, now }: DeskScope,
): Result<OutputOf<'overview.numbers'>> {
  const began = performance.now()
  const { step, count: slots, first, end } = slotsOf(input.hours, now)
  const zeros = (): number[] => new Array<number>(slots).fill(0)
  const events = zeros()
  const bySeverity = SEVERITIES.map(zeros)
  const totals = { events: 0, detections: 0, rejected: 0 }
  const types = new Map<string, number>()
  const sources = new Map<string, number>()
  const detections = new Map<string, number>()
  const severities = new Map<string, number>()
  const assets = new Map<string, number>()
  const [unit, minutes] = step % QUARTER === 0 ? ['quarter', QUARTER] : ['minute', 1]
  // Totals come from the quarters, and from the minutes before the first and after the last whole one.
  const whole = { first: Math.ceil(first / QUARTER), end: Math.floor(end / QUARTER) }
  const over = (names: string, kind: 'event' | 'detection'): string =>
    `SELECT ${names}, sum(count) AS count FROM (
      SELECT ${names}, count FROM ${kind}_quarter WHERE quarter >= ? AND quarter < ?
      UNION ALL SELECT ${names}, count FROM ${kind}_minute WHERE minute >= ? AND minute < ?
      UNION ALL SELECT ${names}, count FROM ${kind}_minute WHERE minute >= ? AND minute < ?
    ) GROUP BY ${names}`
  const parts =
    whole.first < whole.end
      ? [whole.first, whole.end, first, whole.first * QUARTER, whole.end * QUARTER, end]
      : [0, 0, first, end, 0, 0]
  const inSlots = (names: string, kind: 'event' | 'detection'): string =>
    `SELECT CAST((${unit} * ${minutes} - ?) / ? AS INTEGER) AS slot${names}, sum(count) AS count FROM ${kind}_${unit} WHERE ${unit} >= ? AND ${unit} < ? GROUP BY 1${names}`
  const slotted = [first, step, first / minutes, end / minutes]
  for (const partition of library.newestFirst()) {
    reading(partition.day, () => {
      const { db } = partition
      for (const { slot, count } of prepared(db, inSlots('', 'event')).all(...slotted) as { slot: number; count: number }[]) {
        events[slot]! += count
        totals.events += count
      }
      for (const { source, type, count } of prepared(db, over('source, type', 'event')).all(...parts) as {
        source: string
        type: string
        count: number
      }[]) {
        add(types, type, count)
        add(sources, source, count)
      }
      for (const { slot, severity, count } of prepared(db, inSlots(', severity', 'detection')).all(...slotted) as {
        slot: number
        severity: number
        count: number
      }[]) {
        const row = bySeverity[severity]
        if (row) row[slot]! += count
        totals.detections += count
      }
      for (const { severity, detection, asset, count } of prepared(db, over('severity, detection, asset', 'detection')).all(
        ...parts,
      ) as { severity: number; detection: string; asset: string; count: number }[]) {
        add(detections, detection, count)
        severities.set(detection, Math.max(severities.get(detection) ?? 0, severity))
        add(assets, asset, count)
      }
      totals.rejected +=
        (
          prepared(db, 'SELECT sum(count) AS n FROM reject_minute WHERE minute >= ? AND minute < ?').get(first, end) as {
            n: number | null
          }
        ).n ?? 0
    })
  }
  const from = first * MINUTE_MICROS
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
    to: isoFromMicros(end * MINUTE_MICROS),
    slotMinutes: step,
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
      for (const { id: row, at, raw, reason, ...rest } of rows) {
        records.push({ ...rest, reason: reasonFromStore(reason), at: isoFromMicros(at), raw: new TextDecoder().decode(raw) })
        after = records.length === input.limit ? `${partition.day}:${row}` : null
      }
    })
  }
  return ok({ records, after })
}
