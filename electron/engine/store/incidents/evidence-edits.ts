/** Evidence as parts of its incident. Items are added and annotated, never taken out; everything done with them is in the ledger. */
import type { CopyState } from '../../evidence/vault.ts'
import type { Fields } from '../../incidents/merge-fields.ts'
import type { Evidence, IncidentNumber } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { IncidentChange } from './incident-change.ts'
import { BODIES, partsOf, standingPart } from './part-row.ts'
import type { Rows } from './rows.ts'

export const MOST_ITEMS = 1000
export type NewItem = Omit<Evidence, 'id' | 'added' | 'addedBy' | 'state'>
/** What came of looking for an alert's packets; `flows` of items that were carved now, in their order. */
export interface Carved {
  readonly alert: string | null
  readonly state: 'done' | 'none' | 'failed'
  readonly reason: string
  readonly flows: readonly string[]
}
export interface Addition {
  readonly number: IncidentNumber
  /** Their copies are sealed already. */
  readonly items: readonly NewItem[]
  readonly carved: Carved | null
}

/** Gives the ids of the new items. `conflict` where there is no room for them. */
export function addEvidence(change: IncidentChange, { items, carved }: Addition): Result<{ readonly ids: string[] }> {
  let last = lastEvidence(change)
  // That nothing was carved can be noted of an incident that is more than full, too.
  if (items.length > 0 && last + items.length > MOST_ITEMS)
    return fail({ code: 'conflict', message: `An incident has at most ${MOST_ITEMS} items of evidence.` })
  const ids: string[] = []
  items.forEach((item, i) => {
    const flow = carved?.flows[i]
    // Somebody else carved it meanwhile.
    if (flow !== undefined && flowEvidence(change.desk.rows, change.row.id, flow) !== null) return
    const id = `EV-${String(++last).padStart(2, '0')}`
    const body = { ...item, added: isoFromMicros(change.now), addedBy: change.by, state: 'sealed' }
    change.put('evidence', id, body as unknown as Fields)
    const { sha256, bytes, kind, name, origin, cites } = item
    change.tell('evidence.added', id, { sha256, bytes, kind, name, origin, cites } as unknown as Fields)
    change.entry(`evidence-${id}`, {
      kind: 'evidence',
      title: `${id} ${name}`.slice(0, 1000),
      text: origin,
      cites,
      internal: item.internal,
    })
    if (flow !== undefined)
      change.desk.run('INSERT INTO evidence_flow (incident, flow, evidence) VALUES (?, ?, ?)', change.row.id, flow, id)
    ids.push(id)
  })
  if (carved !== null && carved.alert !== null) {
    change.desk.run(
      'INSERT OR REPLACE INTO evidence_carve (incident, alert, state, reason, at) VALUES (?, ?, ?, ?, ?)',
      change.row.id,
      Number(carved.alert),
      carved.state,
      carved.reason,
      change.now,
    )
    if (carved.state === 'failed') change.tell('evidence.carve_failed', `alert ${carved.alert}`, { reason: carved.reason })
    change.touch('evidence')
  }
  return ok({ ids })
}

export const flowEvidence = (rows: Rows, incident: number, flow: string): string | null =>
  rows.get<{ evidence: string }>('SELECT evidence FROM evidence_flow WHERE incident = ? AND flow = ?', incident, flow)
    ?.evidence ?? null

export function noteEvidence(change: IncidentChange, id: string, note: string, internal: boolean): Result<null> {
  const standing = standingPart(change.desk.rows, change.row.id, 'evidence', id)
  if (!standing || standing.gone) return fail({ code: 'not_found', message: `There is no evidence ${id}.` })
  if (standing.fields['note'] === note && standing.fields['internal'] === internal) return ok(null)
  change.put('evidence', id, { ...standing.fields, note, internal })
  change.tell('evidence.noted', id, { note, internal })
  return ok(null)
}

/** Marks items by what a check found of their copies, by hash. One that is whole again is sealed again. */
export function markChecked(change: IncidentChange, copies: ReadonlyMap<string, CopyState>): Result<Checked> {
  const found: { sealed: number; missing: string[]; altered: string[] } = { sealed: 0, missing: [], altered: [] }
  for (const { id, fields } of partsOf(change.desk.rows, change.row.id, 'evidence')) {
    const state = copies.get(BODIES.evidence.parse(fields).sha256)
    // Added since the check began.
    if (state === undefined) continue
    if (state === 'sealed') found.sealed++
    else found[state].push(id)
    if (fields['state'] !== state) change.put('evidence', id, { ...fields, state })
  }
  change.tell('evidence.checked', change.row.number, found)
  return ok(found)
}
export interface Checked {
  readonly sealed: number
  readonly missing: string[]
  readonly altered: string[]
}

/** What was carved for one incident that another takes in stands there too, below the new ids. */
export function takeCarves(change: IncidentChange, from: number, renamed: (id: string) => string): void {
  const { desk, row } = change
  desk.run(
    'INSERT OR IGNORE INTO evidence_carve (incident, alert, state, reason, at) SELECT ?, alert, state, reason, at FROM evidence_carve WHERE incident = ?',
    row.id,
    from,
  )
  for (const { flow, evidence } of desk.rows.all<{ flow: string; evidence: string }>(
    'SELECT flow, evidence FROM evidence_flow WHERE incident = ?',
    from,
  ))
    desk.run('INSERT OR IGNORE INTO evidence_flow (incident, flow, evidence) VALUES (?, ?, ?)', row.id, flow, renamed(evidence))
}

/** The highest number of evidence that was ever given in an incident. */
export function lastEvidence(change: IncidentChange): number {
  return change.desk.rows
    .all<{ id: string }>("SELECT id FROM incident_part WHERE incident = ? AND kind = 'evidence'", change.row.id)
    .reduce((most, { id }) => Math.max(most, Number(id.slice(3)) || 0), 0)
}
