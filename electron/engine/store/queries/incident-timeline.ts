/** The timeline of an incident: a page of entries, how many there are in each slot, groups and gaps. Ten thousand entries are a matter of milliseconds. */
import { fail, ok } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { noIncident, rowOfIncident } from '../incidents/incident-row.ts'
import { ENTRY_COLUMNS, entryOf, type EntryRow } from '../incidents/part-row.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Search } from './events.ts'
import { gapsOf } from './incident-gaps.ts'

const MOST_GROUPS = 500

/** `from` and `to` are both within the window; an entry that lasts into it is in it, and counted in its first slot. */
export function* incidentTimeline(
  input: InputOf<'incidents.timeline'>,
  scope: DeskScope,
): Search<OutputOf<'incidents.timeline'>> {
  const { desk } = scope
  const row = rowOfIncident(desk, input.number)
  if (!row) return noIncident(input.number)
  const mark = input.after === null ? null : markOf(input.after)
  if (input.after !== null && mark === null)
    return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  const whole = desk.get<{ first: number | null; last: number | null }>(
    'SELECT min(time) AS first, max(max(time, coalesce(until, time))) AS last FROM incident_entry WHERE incident = ? AND gone = 0',
    row.id,
  )
  const from = (input.from === null ? undefined : microsFromIso(input.from)) ?? whole?.first ?? row.created
  const to = Math.max(from + 1, (input.to === null ? undefined : microsFromIso(input.to)) ?? whole?.last ?? row.created)
  const within = 'incident = ? AND gone = 0 AND time <= ? AND coalesce(until, time) >= ?'
  const values = [row.id, to, from] as const

  const counts: Record<string, number[]> = {}
  let total = 0
  const width = (to - from) / input.slots
  for (const { kind, slot, n } of desk.all<{ kind: string; slot: number; n: number }>(
    `SELECT kind, max(0, min(?, CAST((time - ?) / ? AS INTEGER))) AS slot, count(*) AS n FROM incident_entry WHERE ${within} GROUP BY 1, 2`,
    input.slots - 1,
    from,
    width,
    ...values,
  )) {
    const own = (counts[kind] ??= new Array<number>(input.slots).fill(0))
    own[slot] = (own[slot] ?? 0) + n
    total += n
  }
  yield { scanned: total }
  const rows =
    input.limit === 0
      ? []
      : desk.all<EntryRow>(
          `SELECT ${ENTRY_COLUMNS} FROM incident_entry WHERE ${within}${mark ? ' AND (time, id) > (?, ?)' : ''} ORDER BY time, id LIMIT ?`,
          ...values,
          ...(mark ?? []),
          input.limit,
        )
  const last = rows.at(-1)
  const groups = desk.all<{ grp: string; first: number; last: number }>(
    `SELECT grp, min(time) AS first, max(coalesce(until, time)) AS last FROM incident_entry WHERE incident = ? AND gone = 0 AND grp <> ''
     GROUP BY grp ORDER BY first LIMIT ${MOST_GROUPS}`,
    row.id,
  )
  const gaps = yield* gapsOf(row.id, from, to, scope)
  return ok({
    from: isoFromMicros(from),
    to: isoFromMicros(to),
    entries: rows.map(entryOf),
    after: last && rows.length === input.limit ? JSON.stringify([last.time, last.id]) : null,
    total,
    counts,
    groups: groups.map(({ grp, first, last: end }) => ({ group: grp, from: isoFromMicros(first), to: isoFromMicros(end) })),
    gaps: gaps.map(({ from: begin, to: end }) => ({ from: begin, to: end })),
  })
}

function markOf(text: string): readonly [number, string] | null {
  try {
    const mark: unknown = JSON.parse(text)
    return Array.isArray(mark) && mark.length === 2 && typeof mark[0] === 'number' && typeof mark[1] === 'string'
      ? [mark[0], mark[1]]
      : null
  } catch {
    return null
  }
}
