/** How busy the company is. */
import type { Micros } from '../../../shared/model/time.ts'

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** Busyness at the full hours of a working day, 0–1; between them it is interpolated. */
const DAY = [
  0.08, 0.07, 0.07, 0.07, 0.08, 0.1, 0.15, 0.3, 0.62, 0.9, 1, 0.98, 0.72, 0.78, 0.97, 0.95, 0.9, 0.66, 0.36, 0.22, 0.17, 0.14, 0.11, 0.09,
] // prettier-ignore

/** Local hour of the company, as a number with a fraction, where `anchor` is the moment that is twenty to ten in the morning. */
export function localHour(at: Micros, anchor: Micros): number {
  const hour = (9 + 40 / 60 + (at - anchor) / HOUR) % 24
  return hour < 0 ? hour + 24 : hour
}

/** 0.07 at night … 1 in the late morning. */
export function busyness(at: Micros, anchor: Micros): number {
  const hour = localHour(at, anchor)
  const i = Math.floor(hour)
  const a = DAY[i]!
  return a + (DAY[(i + 1) % 24]! - a) * (hour - i)
}
