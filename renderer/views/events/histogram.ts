/** The arithmetic of the histogram: ticks, slots, and what a brush means. Times are milliseconds since 1970. */

/** Bars of the histogram. */
export const SLOTS = 180

/** Steps of an axis, in seconds. */
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600,
  2_592_000, 7_776_000, 31_536_000,
]

export interface Tick {
  readonly at: number
  readonly label: string
}

/** Round moments (UTC), at most about `most`, with labels as short as they are clear: a day where a day begins. */
export function ticksOf(from: number, to: number, most: number): Tick[] {
  const span = (to - from) / 1000
  if (!(span > 0) || most < 1) return []
  const step = (STEPS.find((seconds) => span / seconds <= most) ?? Math.ceil(span / most / 31_536_000) * 31_536_000) * 1000
  const ticks: Tick[] = []
  for (let at = Math.ceil(from / step) * step; at < to; at += step) ticks.push({ at, label: labelOf(at, step) })
  return ticks
}

function labelOf(at: number, step: number): string {
  const iso = new Date(at).toISOString()
  if (step >= 86_400_000) return step >= 31_536_000_000 ? iso.slice(0, 7) : iso.slice(5, 10)
  if (at % 86_400_000 === 0) return iso.slice(5, 10)
  return step < 60_000 ? iso.slice(11, 19) : iso.slice(11, 16)
}

/** The slot a place lies in, from 0 to `slots - 1`. */
export const slotAt = (x: number, width: number, slots: number): number =>
  Math.max(0, Math.min(slots - 1, Math.floor((x / Math.max(1, width)) * slots)))

/** The window of the slots between two, whichever comes first, both included. */
export function windowOfSlots(a: number, b: number, from: number, to: number, slots: number): { from: string; to: string } {
  const at = (slot: number): string => new Date(Math.round(from + ((to - from) * slot) / slots)).toISOString()
  return { from: at(Math.min(a, b)), to: at(Math.max(a, b) + 1) }
}

/** Bars of a height between 0 and 1, on the scale of the largest; what is there is never invisible. */
export function heightsOf(counts: readonly number[], most: number): number[] {
  return counts.map((count) => (count <= 0 ? 0 : Math.max(0.04, count / Math.max(1, most))))
}
