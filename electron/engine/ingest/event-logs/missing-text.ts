/** What is said of records that could not be read. */
import type { ReadRecords } from './read-records.ts'

/** Records that were not there when later ones were read; both ends included. */
export interface Hole {
  readonly log: ReadRecords
  readonly from: number
  readonly to: number
}

/** How many records are missing, of those that have not been found since. */
export function missingText(path: string, holes: readonly Hole[]): string | null {
  let count = 0
  let stretches = 0
  let latest: readonly [number, number] | null = null
  for (const { log, from, to } of holes)
    for (const [begin, end] of log.missing) {
      const first = Math.max(begin, from)
      const last = Math.min(end, to)
      if (first > last) continue
      count += last - first + 1
      stretches++
      latest = [first, last]
    }
  if (latest === null) return null
  const numbers = latest[0] === latest[1] ? `number ${latest[0]}` : `numbers ${latest[0]} to ${latest[1]}`
  const more = stretches === 1 ? '' : ` and ${stretches - 1} more stretches`
  return `${path}: ${count} ${count === 1 ? 'record is' : 'records are'} missing (${numbers}${more}): overwritten before they were read, or not readable`
}
