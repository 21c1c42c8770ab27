/** Parts as people write them: saved, merged with what somebody else wrote meanwhile, and taken out. */
import { randomUUID } from 'node:crypto'
import type { PartDraft } from '../../../../shared/incident-contract.ts'
import type { PartKind } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { mergeFields, type Fields, type Json } from '../../incidents/merge-fields.ts'
import { mentionsIn } from '../../incidents/mentions.ts'
import type { IncidentChange } from './incident-change.ts'
import { BODIES, partsOf, standingPart, versionOf, type Standing } from './part-row.ts'

/** How many there may be in an incident. */
const MOST: Readonly<Record<PartKind, number>> = {
  entry: 100_000,
  entity: 2000,
  edge: 10_000,
  sentence: 1000,
  note: 1000,
  task: 1000,
}
/** All parts but the timeline are sent at once. Bytes. */
const MOST_BYTES = 4 * 1024 * 1024

export interface Saved {
  readonly id: string
  readonly revision: number
  /** Somebody else had changed it, and both changes are in it. */
  readonly merged: boolean
}

/** Saves a part: what both changed is merged, what was taken out meanwhile comes back with the edit. */
export function savePart(change: IncidentChange, draft: PartDraft): Result<Saved> {
  const { kind } = draft
  const { rows } = change.desk
  const incident = change.row.id
  const mine = draft.part as unknown as Fields
  const id = draft.id ?? knownEntity(change, draft) ?? randomUUID()
  const standing = standingPart(rows, incident, kind, id)
  const room = roomFor(change, kind, standing, mine)
  if (!room.ok) return room
  let fields = mine
  let merged = false
  if (standing) {
    const stale = draft.base !== standing.revision
    // What an editor does not see stays as it is.
    const theirs = standing.fields
    if (stale || standing.gone) {
      const base =
        draft.base === standing.revision
          ? theirs
          : draft.base === null
            ? undefined
            : versionOf(rows, incident, kind, id, draft.base)
      fields = mergeFields(kind, base ?? null, mine, theirs).fields
      merged = true
    } else fields = { ...theirs, ...mine }
    if (kind === 'entry') fields = ofAlert(fields, theirs)
  } else if (kind === 'entry' && fields['alert'] !== null)
    return fail({ code: 'invalid_input', message: 'Entries of alerts come by themselves.', path: 'draft.part.alert' })
  if (kind === 'note') fields = { ...fields, mentions: mentionsIn(String(fields['text'])) }
  const sound = soundPart(change, kind, id, fields)
  if (!sound.ok) return sound
  const revision = change.put(kind, id, fields)
  change.tell(`${kind}.saved`, id, changedFields(standing, fields))
  if (kind === 'task') taskEntry(change, id, revision, standing, fields)
  return ok({ id, revision, merged })
}

/** Entities are known by their kind and value: a second one is the first. */
function knownEntity(change: IncidentChange, draft: PartDraft): string | undefined {
  if (draft.kind !== 'entity') return undefined
  return change.desk.rows
    .all<{ id: string; body: string }>(
      "SELECT id, body FROM incident_part WHERE key = ? AND incident = ? AND kind = 'entity' AND gone = 0",
      draft.part.value,
      change.row.id,
    )
    .find(({ body }) => (JSON.parse(body) as Fields)['kind'] === draft.part.kind)?.id
}

/** Of an alert's entry what the alert says stays. */
const ofAlert = (fields: Fields, standing: Fields): Fields =>
  standing['kind'] !== 'alert'
    ? { ...fields, alert: null }
    : {
        ...fields,
        ...Object.fromEntries(['kind', 'alert', 'time', 'until', 'severity'].map((name) => [name, standing[name] ?? null])),
      }

function roomFor(change: IncidentChange, kind: PartKind, standing: Standing | undefined, fields: Fields): Result<null> {
  const { rows } = change.desk
  const incident = change.row.id
  const full = (what: string): Result<never> => fail({ code: 'conflict', message: `The incident has no room for more ${what}.` })
  const count = (sql: string): number => rows.get<{ n: number | null }>(sql, incident)?.n ?? 0
  if (kind === 'entry') {
    if (!standing && count('SELECT count(*) AS n FROM incident_entry WHERE incident = ? AND gone = 0') >= MOST.entry)
      return full('entries')
    return ok(null)
  }
  if (!standing || standing.gone) {
    const there = rows.get<{ n: number }>(
      'SELECT count(*) AS n FROM incident_part WHERE incident = ? AND kind = ? AND gone = 0',
      incident,
      kind,
    )
    if ((there?.n ?? 0) >= MOST[kind]) return full(`parts of this kind (${kind})`)
  }
  const bytes = count('SELECT sum(bytes) AS n FROM incident_part WHERE incident = ? AND gone = 0')
  const more = Buffer.byteLength(JSON.stringify(fields)) - (standing ? Buffer.byteLength(JSON.stringify(standing.fields)) : 0)
  return more > 0 && bytes + more > MOST_BYTES ? full('text') : ok(null)
}

/** What must hold besides the shape. */
function soundPart(change: IncidentChange, kind: PartKind, id: string, fields: Fields): Result<null> {
  const parsed = BODIES[kind].safeParse(fields)
  if (!parsed.success)
    return fail({
      code: 'invalid_input',
      message: 'Both changes together do not fit.',
      path: `draft.part.${parsed.error.issues[0]?.path.join('.') ?? ''}`,
    })
  if (kind === 'sentence' && fields['state'] === 'confirmed' && (fields['cites'] as readonly Json[]).length === 0)
    return fail({ code: 'conflict', message: 'A sentence without a cite cannot be confirmed.' })
  if (kind === 'task' && fields['state'] === 'skipped' && String(fields['reason']).trim() === '')
    return fail({ code: 'invalid_input', message: 'Say why the task is skipped.', path: 'draft.part.reason' })
  if (kind === 'entry' && (microsFromIso(String(fields['until'])) ?? Infinity) < (microsFromIso(String(fields['time'])) ?? 0))
    return fail({ code: 'invalid_input', message: 'An entry cannot end before it begins.', path: 'draft.part.until' })
  if (kind === 'edge')
    for (const end of ['from', 'to']) {
      const entity = standingPart(change.desk.rows, change.row.id, 'entity', String(fields[end]))
      if (!entity || entity.gone)
        return fail({ code: 'invalid_input', message: `There is no entity ${String(fields[end])}.`, path: `draft.part.${end}` })
    }
  if (kind === 'entity') {
    const twin = partsOf(change.desk.rows, change.row.id, 'entity').find(
      (other) => other.id !== id && other.fields['kind'] === fields['kind'] && other.fields['value'] === fields['value'],
    )
    if (twin) return fail({ code: 'conflict', message: `${String(fields['value'])} is in the incident already.` })
  }
  return ok(null)
}

const changedFields = (standing: Standing | undefined, fields: Fields): Fields =>
  standing === undefined || standing.gone
    ? fields
    : Object.fromEntries(
        Object.entries(fields).filter(([name, value]) => JSON.stringify(standing.fields[name]) !== JSON.stringify(value)),
      )

/** What becomes of a task stands on the timeline. */
function taskEntry(change: IncidentChange, task: string, revision: number, standing: Standing | undefined, fields: Fields): void {
  const state = String(fields['state'])
  const was = standing === undefined || standing.gone ? null : String(standing.fields['state'])
  if (was === state) return
  const title = String(fields['title'])
  const id = `task-${task.slice(0, 40)}-${revision}`
  if (state === 'done') change.entry(id, { kind: 'action', title })
  else if (state === 'skipped')
    change.entry(id, { kind: 'status', title: 'task_skipped', text: `${title}: ${String(fields['reason'])}` })
  else change.entry(id, { kind: 'status', title: was === null ? 'task_added' : 'task_reopened', text: title })
}

/** Takes a part out; edges of an entity go with it. */
export function removePart(change: IncidentChange, kind: PartKind, id: string): Result<null> {
  const { rows } = change.desk
  const standing = standingPart(rows, change.row.id, kind, id)
  if (!standing || standing.gone) return fail({ code: 'not_found', message: `There is no ${kind} ${id}.` })
  if (kind === 'entry' && standing.fields['kind'] === 'alert')
    return fail({ code: 'conflict', message: "An alert's entry goes when the alert is taken out of the incident." })
  if (kind === 'entity')
    for (const edge of partsOf(rows, change.row.id, 'edge'))
      if (edge.fields['from'] === id || edge.fields['to'] === id) change.remove('edge', edge.id)
  change.remove(kind, id)
  change.tell(`${kind}.removed`, id, standing.fields)
  return ok(null)
}
