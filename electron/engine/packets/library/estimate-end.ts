/** When captures end that were not read yet: when they were written last, or, where that is long after, when the next one began. */
import type { Entry } from './catalogue.ts'

/** A copied file was "written" when it was copied. */
const MOST_LATE = 86_400

/** One series of rolling captures: the same name but for its numbers. */
const seriesOf = (path: string): string => path.replaceAll(/\d+/g, '#')

/** `entries` in order of time. Gives the ends of those that wait, in seconds since 1970. */
export function estimatedEnds(entries: readonly Entry[]): Map<string, number> {
  const ends = new Map<string, number>()
  const next = new Map<string, number>()
  for (const entry of entries.toReversed()) {
    const { path, state, first } = entry
    if (first === null || state === 'other') continue
    const series = seriesOf(path)
    if (state === 'waiting') ends.set(path, endOf(first, entry.modified / 1000, next.get(series)))
    next.set(series, first)
  }
  return ends
}

function endOf(first: number, written: number, next: number | undefined): number {
  const late = next !== undefined && written > next + MOST_LATE
  return Math.max(first, late ? next : written)
}
