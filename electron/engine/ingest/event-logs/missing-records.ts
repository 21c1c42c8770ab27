/** What is said of records that could not be read. */
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { ReadRecords } from './read-records.ts'

/** Records that were not there when later ones were read; both ends included. */
export interface Hole {
  readonly log: ReadRecords
  readonly from: number
  readonly to: number
}

/** What is missing of a log behind record `before`, beside these: of chunks that are damaged. */
export const missingBehind = (log: ReadRecords, before: number, holes: readonly Hole[]): Hole[] =>
  log.missing
    .filter(([from, to]) => from > before && !holes.some((hole) => hole.log === log && hole.from <= from && to <= hole.to))
    .map(([from, to]) => ({ log, from, to }))

/** How many records are missing, of those that have not been found since. */
export function missingRecords(path: string, holes: readonly Hole[]): Sentence | null {
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
  const [from, to] = latest
  const numbers = from === to ? say('record_number', { number: from }) : say('record_numbers', { from, to })
  const which = stretches === 1 ? numbers : say('and_stretches', { latest: numbers, count: stretches - 1 })
  return say('records_missing', { path, count, which })
}
