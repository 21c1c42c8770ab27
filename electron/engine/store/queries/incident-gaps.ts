/**
 * Stretches of an incident's time in which its entities have no events: where the desk was blind, or nothing happened. Found with a
 * histogram over the entities' addresses and hosts, a few milliseconds at a time: what is not known yet is not said.
 */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import type { Fields } from '../../incidents/merge-fields.ts'
import { partsOf } from '../incidents/part-row.ts'
import type { Desk } from './desk.ts'
import type { DeskScope } from './alerts.ts'
import { eventHistogram, type Step } from './events.ts'

export interface Gap {
  readonly from: string
  readonly to: string
}

/** A gap is longer than this, and than a twentieth of the window. Microseconds. */
const LEAST = 5 * 60_000_000
const SHARE = 20
/** So that a twentieth is many slots. */
const SLOTS = 400
/** Attackers and targets first. */
const MOST_NAMES = 64
/** What one question may spend on it, and how old an answer may be that is given again. Milliseconds. */
const BUDGET = 40
const FRESH = 60_000
const MOST_KEPT = 32

interface Kept {
  readonly began: number
  run: Iterator<Step, Gap[]> | null
  gaps: Gap[]
}
const kept = new Map<string, Kept>()

/** `from` and `to` in microseconds. Goes on where the last question about the same window stopped; none until it has come to its end. */
export function* gapsOf(incident: number, from: number, to: number, scope: DeskScope): Generator<Step, readonly Gap[], void> {
  const where = whereOf(scope.desk, incident)
  if (where === null || to - from <= LEAST) return []
  const key = `${scope.dataDir}\n${from}\n${to}\n${where}`
  let one = kept.get(key)
  if (!one || (one.run === null && performance.now() - one.began > FRESH)) {
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, (one = { began: performance.now(), run: search(where, from, to, scope), gaps: [] }))
  }
  const until = performance.now() + BUDGET
  while (one.run !== null && performance.now() < until) {
    const step = resumed(one.run, key)
    if (step === null) return []
    if (step.done === true) {
      one.gaps = step.value
      one.run = null
    } else yield step.value
  }
  return one.gaps
}

/** Blocks that were merged meanwhile end the search: the next question begins it anew. */
function resumed(run: NonNullable<Kept['run']>, key: string): IteratorResult<Step, Gap[]> | null {
  try {
    return run.next()
  } catch {
    kept.delete(key)
    return null
  }
}

function* search(where: string, from: number, to: number, scope: DeskScope): Generator<Step, Gap[], void> {
  const window = { from: isoFromMicros(Math.floor(from)), to: isoFromMicros(Math.ceil(to)) }
  const found = yield* eventHistogram({ where, window, slots: SLOTS }, scope)
  if (!found.ok) return []
  return emptyStretches(found.value.counts, from, to)
}

/** Stretches of empty slots that are long enough. */
export function emptyStretches(counts: readonly number[], from: number, to: number): Gap[] {
  const width = (to - from) / counts.length
  const least = Math.max(LEAST, (to - from) / SHARE)
  const gaps: Gap[] = []
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] !== 0) continue
    const first = i
    while (i + 1 < counts.length && counts[i + 1] === 0) i++
    const [begin, end] = [from + first * width, from + (i + 1) * width]
    if (end - begin > least) gaps.push({ from: isoFromMicros(Math.round(begin)), to: isoFromMicros(Math.round(end)) })
  }
  return gaps
}

const RANK: Readonly<Record<string, number>> = { attacker: 0, target: 1, staging: 2, seen: 3 }

/** Of the entities that events have as an address or a host; of the alerts where there are none. Null where there is nothing. */
function whereOf(desk: Desk, incident: number): string | null {
  const named = partsOf(desk, incident, 'entity')
    .map(({ fields }) => fields)
    .filter(({ kind }) => kind === 'address' || kind === 'host')
    .sort((a, b) => (RANK[String(a['role'])] ?? 4) - (RANK[String(b['role'])] ?? 4))
    .map((entity: Fields) => `${entity['kind'] === 'address' ? 'ip' : 'host'}:${quote(String(entity['value']))}`)
  const names = new Set(named.length > 0 ? named : namesOfAlerts(desk, incident))
  return names.size === 0 ? null : [...names].slice(0, MOST_NAMES).join(' or ')
}

const namesOfAlerts = (desk: Desk, incident: number): string[] =>
  desk
    .all<{ ip: string }>(
      `SELECT DISTINCT ip FROM (SELECT a.src_ip AS ip FROM incident_alert i JOIN alert a ON a.id = i.alert WHERE i.incident = ?
       UNION ALL SELECT a.dst_ip FROM incident_alert i JOIN alert a ON a.id = i.alert WHERE i.incident = ?) WHERE ip IS NOT NULL LIMIT ${MOST_NAMES}`,
      incident,
      incident,
    )
    .map(({ ip }) => `ip:${quote(ip)}`)
