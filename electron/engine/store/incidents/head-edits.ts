/** Changes of an incident's head: fields, phases, and opening it again. */
import type { IncidentEdit } from '../../../../shared/incident-contract.ts'
import { Incident, PHASES, type Phase } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import type { z } from 'zod'
import { mergeList, same, type Fields, type Json } from '../../incidents/merge-fields.ts'
import { mergeText } from '../../incidents/merge-text.ts'
import type { IncidentChange } from './incident-change.ts'
import { missingBefore, REACHED, type Times } from './incident-row.ts'
import { partsOf } from './part-row.ts'

export type Edit = z.output<typeof IncidentEdit>
/** A clock may be a little ahead of ours. Microseconds. */
const AHEAD = 60_000_000

/** Fields that are set and those that somebody else had changed meanwhile. */
export function editHead(
  change: IncidentChange,
  edit: Edit,
  from: Edit,
  insist: boolean,
): Result<{ readonly set: Fields; readonly conflicts: readonly string[] }> {
  const current = change.head
  const set: Record<string, Json> = {}
  const conflicts: string[] = []
  const started = from as Fields
  for (const [name, value] of Object.entries(edit) as [keyof Edit, Json][]) {
    if (name === 'times' || value === undefined) continue
    const now = (current as unknown as Fields)[name] ?? null
    const start = name in started ? (started[name] ?? null) : now
    if (same(now, value)) continue
    if (Array.isArray(value)) {
      const both = mergeList(start as Json[], value, now as Json[])
      const fits = Incident.shape[name].safeParse(both)
      if (!fits.success)
        return fail({ code: 'invalid_input', message: `Both changes together are too many ${name}.`, path: name })
      set[name] = both
    } else if (name === 'summary') {
      const both = mergeText(String(start), String(value), String(now))
      if (both.text.length > 100_000)
        return fail({ code: 'invalid_input', message: 'Both changes together are too long.', path: name })
      if (both.clashes > 0) conflicts.push(name)
      set[name] = both.text
    } else if (insist || same(start, now)) set[name] = value
    else conflicts.push(name)
  }
  const times: Partial<Record<Phase, string | null>> = {}
  for (const [phase, time] of Object.entries(edit.times ?? {}) as [Phase, string | null][]) {
    const now = current.times[phase]
    const start = from.times !== undefined && phase in from.times ? (from.times[phase] ?? null) : now
    if (time === now) continue
    if (insist || start === now) times[phase] = time
    else conflicts.push(`times.${phase}`)
  }
  const wrong = wrongTimes(current.times, times, change.now)
  if (wrong !== null) return fail(wrong)
  const changed = change.setHead({ ...(set as Partial<Omit<typeof current, 'times'>>), times })
  return ok({ set: changed, conflicts })
}

type Wrong = { code: 'conflict'; message: string } | { code: 'invalid_input'; message: string; path: string }

/** Phases that were not reached are reached by `reach`; times stand in the order of the phases. */
function wrongTimes(times: Times, given: Partial<Times>, now: number): Wrong | null {
  for (const [phase, time] of Object.entries(given) as [Phase, string | null][]) {
    const reached = (REACHED as readonly Phase[]).includes(phase)
    if (reached && times[phase] === null) return { code: 'conflict', message: `The incident is not ${phase} yet.` }
    if (reached && time === null) return { code: 'conflict', message: 'Reopen the incident to take back what it has reached.' }
    if (time !== null) {
      const wrong = misplaced({ ...times, ...given }, phase, time, now)
      if (wrong !== null) return wrong
    }
  }
  return null
}

function misplaced(times: Times, phase: Phase, time: string, now: number): Wrong | null {
  const at = microsFromIso(time)
  if (at === undefined) return { code: 'invalid_input', message: `${time} is no time.`, path: phase }
  if (at > now + AHEAD) return { code: 'invalid_input', message: 'A phase cannot be reached in the future.', path: phase }
  const place = PHASES.indexOf(phase)
  for (const [i, other] of PHASES.entries()) {
    const otherTime = times[other]
    const micros = otherTime === null ? undefined : microsFromIso(otherTime)
    if (micros === undefined || i === place) continue
    if (i < place ? micros > at : micros < at)
      return { code: 'invalid_input', message: `${phase} cannot be ${i < place ? 'before' : 'after'} ${other}.`, path: phase }
  }
  return null
}

/** Sets the time of a phase. `conflict` where an earlier one has none, or work of it is open. */
export function reach(change: IncidentChange, phase: Phase, at: string | null): Result<null> {
  const { times } = change.head
  if (times[phase] !== null) return fail({ code: 'conflict', message: `The incident was ${phase} already.` })
  const missing = missingBefore(times, phase)
  if (missing !== undefined) return fail({ code: 'conflict', message: `The incident has no time for ${missing} yet.` })
  const time = at ?? isoFromMicros(change.now)
  const wrong = misplaced(times, phase, time, change.now)
  if (wrong !== null) return fail(wrong)
  const open = partsOf(change.desk.rows, change.row.id, 'task').find(
    ({ fields }) => fields['state'] === 'open' && (phase === 'closed' || isUpTo(fields['phase'], phase)),
  )
  if (open) return fail({ code: 'conflict', message: `A task is open: ${String(open.fields['title'])}` })
  change.setHead({ times: { [phase]: time } })
  change.entry(`reached-${phase}-${change.row.revision}`, { kind: 'status', title: phase, time })
  const body = { phase, time }
  change.tell(phase === 'closed' ? 'incident.closed' : 'incident.reached', change.row.number, body)
  if (phase === 'closed') change.tellDesk('incident.closed', { title: change.head.title, time })
  return ok(null)
}

const isUpTo = (phase: Json | undefined, most: Phase): boolean => {
  const place = PHASES.findIndex((one) => one === phase)
  return place >= 0 && place <= PHASES.indexOf(most)
}

/** A closed incident is open again: what it had reached is to be reached anew. */
export function reopen(change: IncidentChange, reason: string): Result<null> {
  if (change.head.status !== 'closed') return fail({ code: 'conflict', message: 'Only a closed incident can be reopened.' })
  const times = Object.fromEntries(REACHED.map((phase) => [phase, null]))
  change.setHead({ times })
  change.entry(`reopened-${change.row.revision}`, { kind: 'status', title: 'reopened', text: reason })
  change.tell('incident.reopened', change.row.number, { reason })
  change.tellDesk('incident.reopened', { title: change.head.title, reason })
  return ok(null)
}
