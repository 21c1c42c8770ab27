/** Hits of a batch, cut where events of one detection on one pair are too far apart to be one alert. Times in microseconds. */
import type { DetectionKind, DetectionText, Mark } from '../../../shared/model/alert.ts'
import type { HitGroup } from './batch.ts'

/** A slot of a spark: 20 minutes. */
export const SLOT_MICROS = 20 * 60_000_000
export const SLOTS = 12

/** What an alert is raised from. */
export interface HitBody {
  readonly kind: DetectionKind
  readonly detection: string
  readonly title: string
  readonly attack: readonly string[]
  readonly category: string | null
  readonly source: HitGroup['source']
  readonly destination: HitGroup['destination']
  readonly asset: string
  readonly user: string | null
  readonly marks: readonly Mark[]
  readonly text: DetectionText | null
}

export interface Hit {
  readonly key: string
  readonly severity: number
  readonly count: number
  readonly first: number
  readonly last: number
  /** Events per slot of 20 minutes since 1970. */
  readonly slots: readonly (readonly [slot: number, count: number])[]
  /** Row indexes in the block. */
  readonly rows: Uint16Array<ArrayBuffer>
  /** Row of the earliest event. */
  readonly firstRow: number
  readonly body: HitBody
}

/**
 * Groups of a batch as hits in which no two neighbouring events are more than `window` apart. `times` gives the event time of
 * each row of the block, and is asked for only where a group may have to be cut or spans slots.
 */
export function hitsOf(groups: readonly HitGroup[], window: number, times: () => Float64Array): Hit[] {
  const hits: Hit[] = []
  for (const group of groups) {
    const body: HitBody = {
      kind: group.kind,
      detection: group.detection,
      title: group.title,
      attack: group.attack,
      category: group.category,
      source: group.source,
      destination: group.destination,
      asset: group.asset,
      user: group.user,
      marks: group.marks,
      text: group.text,
    }
    const slot = Math.floor(group.first / SLOT_MICROS)
    if (slot === Math.floor(group.last / SLOT_MICROS) && group.last - group.first <= window) {
      hits.push({
        key: group.key,
        severity: group.severity,
        count: group.rows.length,
        first: group.first,
        last: group.last,
        slots: [[slot, group.rows.length]],
        rows: Uint16Array.from(group.rows),
        firstRow: group.rows[0] ?? 0,
        body,
      })
      continue
    }
    const all = times()
    const rows = Array.from(group.rows).sort((a, b) => all[a]! - all[b]! || a - b)
    let from = 0
    for (let i = 1; i <= rows.length; i++) {
      if (i < rows.length && all[rows[i]!]! - all[rows[i - 1]!]! <= window) continue
      const part = rows.slice(from, i)
      from = i
      const slots = new Map<number, number>()
      for (const row of part) {
        const at = Math.floor(all[row]! / SLOT_MICROS)
        slots.set(at, (slots.get(at) ?? 0) + 1)
      }
      const marked = part.includes(group.rows[0]!)
      hits.push({
        key: group.key,
        severity: group.severity,
        count: part.length,
        first: all[part[0]!]!,
        last: all[part.at(-1)!]!,
        slots: [...slots],
        rows: Uint16Array.from(part).sort(),
        // Marks belong to the group's first row: the alert shows that event where it has it.
        firstRow: marked ? group.rows[0]! : part[0]!,
        body: marked ? body : { ...body, marks: [] },
      })
    }
  }
  return hits
}

/** Twelve counts, the last of them for slot `newest`. */
export interface Spark {
  readonly newest: number
  readonly counts: readonly number[]
}

/** Adds counts; the spark moves on when they are newer, and forgets what is more than four hours older than its newest. */
export function addToSpark(spark: Spark, slots: Hit['slots']): Spark {
  const newest = slots.reduce((most, [slot]) => Math.max(most, slot), spark.newest)
  const counts = sparkAt(spark, newest)
  for (const [slot, count] of slots) {
    const at = SLOTS - 1 - (newest - slot)
    if (at >= 0) counts[at] = counts[at]! + count
  }
  return { newest, counts }
}

/** The counts as seen from another slot: zeros where nothing was. */
export function sparkAt(spark: Spark, slot: number): number[] {
  const counts = new Array<number>(SLOTS).fill(0)
  for (let i = 0; i < SLOTS; i++) {
    const at = i - (slot - spark.newest)
    if (at >= 0 && at < SLOTS) counts[at] = spark.counts[i]!
  }
  return counts
}
