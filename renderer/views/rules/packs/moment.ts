import { clockOf } from '../../../format/time.ts'

/** `2026-11-12 08:14:02 UTC`: of imports, whole seconds are enough. */
export function momentOf(iso: string): string {
  const { date, time } = clockOf(iso)
  return `${date} ${time} UTC`
}
