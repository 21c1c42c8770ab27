/** What stands on the lanes of the axis, and where: marks that would lie over each other become one, labels get the room there is. */
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { severityRank, type Severity } from '../../../../shared/model/severity.ts'

export const LANES = ['alerts', 'events', 'actions', 'calls'] as const
export type Lane = (typeof LANES)[number]

export const LANE_OF: Readonly<Record<TimelineEntry['kind'], Lane>> = {
  alert: 'alerts',
  event: 'events',
  action: 'actions',
  status: 'actions',
  evidence: 'actions',
  step: 'actions',
  note: 'actions',
  call: 'calls',
}

/** Sums of slots over the kinds of a lane. */
export function laneCounts(counts: Readonly<Record<string, readonly number[]>>, lane: Lane): readonly number[] {
  const sums: number[] = []
  for (const [kind, slots] of Object.entries(counts)) {
    if (!Object.hasOwn(LANE_OF, kind) || LANE_OF[kind as TimelineEntry['kind']] !== lane) continue
    slots.forEach((count, slot) => (sums[slot] = (sums[slot] ?? 0) + count))
  }
  return sums
}

export interface Placed {
  readonly entry: TimelineEntry
  /** Pixels. */
  readonly x: number
  /** Of what lasted. */
  readonly end: number | null
}

export interface AlertMark {
  readonly x: number
  readonly severity: Severity
  /** In order of time. */
  readonly entries: readonly TimelineEntry[]
}

/** Marks of alerts, at least `apart` pixels from each other; of several at one place the worst is drawn. */
export function alertMarks(placed: readonly Placed[], apart: number): readonly AlertMark[] {
  const marks: { x: number; severity: Severity; entries: TimelineEntry[] }[] = []
  for (const { entry, x } of placed) {
    const severity = entry.severity ?? 'info'
    const last = marks.at(-1)
    if (last && x - last.x < apart) {
      last.entries.push(entry)
      if (severityRank(severity) > severityRank(last.severity)) last.severity = severity
    } else marks.push({ x, severity, entries: [entry] })
  }
  return marks
}

export interface Labelled extends Placed {
  /** Pixels the label may take; 0 where there is no room for one. */
  readonly room: number
  /** The label stands to the left of the mark. */
  readonly left: boolean
}

/** Room for labels: to the right up to the next mark, else to the left after the label before. Under `least` pixels there is none. */
export function labelled(
  placed: readonly Placed[],
  end: number,
  gap: number,
  least: number,
  width: (entry: TimelineEntry) => number,
): readonly Labelled[] {
  const result: Labelled[] = []
  let taken = -Infinity
  placed.forEach((one, index) => {
    const edge = Math.max(one.x, one.end ?? one.x) + gap
    const next = placed[index + 1]
    const right = (next ? next.x - gap : end) - edge
    const wanted = width(one.entry)
    const leftRoom = one.x - gap - taken
    if (right >= Math.min(wanted, least) && (right >= wanted || leftRoom < wanted)) {
      const room = Math.min(wanted, right)
      result.push({ ...one, room, left: false })
      taken = edge + room + gap
    } else if (leftRoom >= wanted) {
      result.push({ ...one, room: wanted, left: true })
      taken = edge
    } else {
      result.push({ ...one, room: 0, left: false })
      taken = edge
    }
  })
  return result
}

export interface Bracket {
  readonly group: string
  readonly from: number
  readonly to: number
  /** Row from the top; brackets that overlap stand in different ones. */
  readonly level: number
}

/** Brackets in as few rows as they need; more than `levels` rows there are not, what is left over shares the last. */
export function brackets(
  groups: readonly { readonly group: string; readonly from: number; readonly to: number }[],
  levels: number,
  gap: number,
): readonly Bracket[] {
  const ends: number[] = []
  return [...groups]
    .sort((a, b) => a.from - b.from || b.to - a.to)
    .map((group) => {
      let level = ends.findIndex((end) => end + gap <= group.from)
      if (level < 0) level = ends.length < levels ? ends.length : levels - 1
      ends[level] = Math.max(ends[level] ?? -Infinity, group.to)
      return { ...group, level }
    })
}
