/** Searches over the catalogue: by time first, which reads nothing, then by the summaries of the files that remain. */
import { join } from 'node:path'
import type { LibraryHit } from '../../../../shared/model/capture.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Entry } from './catalogue.ts'
import type { Host } from './keys.ts'
import { SummaryReader, type FlowsAsked, type ReadCount } from './read-summary.ts'
import type { Breathe } from './write-summary.ts'

/** Summaries that are read for one alert. */
const MOST_LOOKED = 20_000

export interface Searched {
  readonly hits: LibraryHit[]
  readonly notIndexed: number
  readonly truncated: boolean
}
/** What a search reads in, and whom it tells that a summary is damaged. */
export interface SearchPlace {
  readonly folder: string
  readonly entries: readonly Entry[]
  readonly count: ReadCount
  readonly breathe: Breathe
  damaged(entry: Entry): void
}

/** Files with flows that fit, oldest first; and, of a time, those that may have some but are not indexed. */
export async function searchFlows(place: SearchPlace, asked: FlowsAsked, limit: number): Promise<Searched> {
  const hits: LibraryHit[] = []
  let notIndexed = 0
  const everything = asked.hosts.length === 0 && asked.port === null && asked.community === null
  const timed = asked.from !== null || asked.to !== null
  for (const entry of place.entries) {
    if (!isCapture(entry) || !overlaps(entry, asked)) continue
    if (!(await place.breathe())) break
    let flows: number | null = null
    if (entry.summary !== null && everything) flows = entry.flows
    else if (entry.summary !== null) flows = flowsIn(place, entry, asked)
    if (isBehind(entry, asked) || flows === null) notIndexed++
    if (flows === 0 || (flows === null && !(timed && entry.first !== null))) continue
    if (hits.length >= limit) return { hits, notIndexed, truncated: true }
    hits.push({ path: entry.path, first: iso(entry.first), last: iso(entry.last), size: entry.size, flows })
  }
  return { hits, notIndexed, truncated: false }
}

export interface PlacesAsked {
  readonly hosts: readonly Host[]
  readonly community: readonly [number, number] | null
  readonly from: number
  readonly to: number
}

/**
 * Files in which packets of a record may be: those with its Community ID first, then with both hosts, then with one of them, whose
 * other end may have been translated. Among equals, the one whose middle is nearest to the time.
 */
export async function searchPlaces(
  place: SearchPlace,
  { hosts, community, from, to }: PlacesAsked,
): Promise<{ readonly paths: string[]; readonly notIndexed: number }> {
  const window = { from, to, port: null }
  const ways: FlowsAsked[] = []
  if (community !== null) ways.push({ ...window, hosts: [], community })
  if (hosts.length === 2) ways.push({ ...window, hosts, community: null })
  for (const host of hosts) ways.push({ ...window, hosts: [host], community: null })
  const found: { readonly path: string; readonly rank: number; readonly apart: number }[] = []
  let notIndexed = 0
  let looked = 0
  for (const entry of place.entries) {
    if (!isCapture(entry) || !overlaps(entry, window)) continue
    if (!(await place.breathe()) || ++looked > MOST_LOOKED) break
    if (entry.summary === null || isBehind(entry, window)) notIndexed++
    if (entry.summary === null) continue
    for (const [rank, way] of ways.entries()) {
      const flows = flowsIn(place, entry, way)
      if (flows === 0) continue
      if (flows === null) notIndexed++
      else {
        const middle = entry.first === null || entry.last === null ? from : (entry.first + entry.last) / 2
        // Both ends alone count the same.
        const equal = hosts.length === 2 && way.hosts.length === 1 ? ways.length : rank
        found.push({ path: entry.path, rank: equal, apart: Math.abs(middle - (from + to) / 2) })
      }
      break
    }
  }
  found.sort((a, b) => a.rank - b.rank || a.apart - b.apart)
  return { paths: found.map(({ path }) => path), notIndexed }
}

/** Null where the summary is damaged, or lacks flows that were too many. */
function flowsIn(place: SearchPlace, entry: Entry, asked: FlowsAsked): number | null {
  const reader = SummaryReader.open(join(place.folder, entry.summary!), place.count)
  if (reader === null) {
    place.damaged(entry)
    return null
  }
  try {
    const may = reader.may(asked)
    const flows = may === true ? reader.count(asked) : may === false ? 0 : null
    if (flows === null) place.damaged(entry)
    return flows === 0 && reader.head.truncated ? null : flows
  } finally {
    reader.close()
  }
}

const isCapture = ({ state }: Entry): boolean => state !== 'other' && state !== 'failed'

interface Window {
  readonly from: number | null
  readonly to: number | null
}
/** Without a time it may be of any. */
function overlaps(entry: Entry, { from, to }: Window): boolean {
  const { first, last } = entry
  const end = last !== null && hasGrown(entry) ? Math.max(last, entry.modified / 1000) : last
  return (to === null || first === null || first < to) && (from === null || end === null || end >= from)
}

const hasGrown = ({ summary, size, summarySize }: Entry): boolean => summary !== null && size > summarySize
/** It has grown since it was indexed, and what came may be of the time. */
const isBehind = (entry: Entry, { to }: Window): boolean =>
  hasGrown(entry) && (to === null || entry.last === null || to > entry.last)

/** Null also where it is further away than a date can be. */
const iso = (seconds: number | null): string | null =>
  seconds === null || Math.abs(seconds) > 250_000_000_000 ? null : isoFromMicros(Math.round(seconds * 1e6))
