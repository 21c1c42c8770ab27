/** The proposed route as parts of its incident: what a person wrote, confirmed or took out is never written over nor brought back. */
import type { ProposalCounts } from '../../../../shared/incident-proposal-contract.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { Proposal } from '../../incidents/proposal/material.ts'
import { PROPOSED } from '../../incidents/proposal/stable-id.ts'
import { same, type Fields } from '../../incidents/merge-fields.ts'
import type { IncidentChange } from './incident-change.ts'
import { partsOf, standingPart, type StoredKind } from './part-row.ts'

/** In whose name proposals are written. */
export const PROPOSER = 'watchfloor'
type Counts = Omit<ProposalCounts, 'alertsLeftOut'>

export function putProposal(change: IncidentChange, proposal: Proposal): Result<Counts> {
  const { rows } = change.desk
  const incident = change.row.id
  if (change.head.status === 'closed') return fail({ code: 'conflict', message: 'The incident is closed: reopen it first.' })
  const counts = { added: 0, changed: 0, removed: 0, left: 0 }
  const put = (kind: StoredKind, id: string, fields: Fields): boolean => {
    const standing = standingPart(rows, incident, kind, id)
    if (standing && standing.by !== PROPOSER) {
      counts.left++
      return !standing.gone
    }
    if (standing && !standing.gone && sameFields(standing.fields, fields)) return true
    if (standing && !standing.gone) counts.changed++
    else counts.added++
    change.put(kind, id, fields)
    return true
  }
  // An entity that somebody made or changed is the one that edges go to; an earlier proposal's gives way.
  const own = new Map(
    partsOf(rows, incident, 'entity')
      .filter(({ by }) => by !== PROPOSER)
      .map(({ id, fields }) => [`${String(fields['kind'])} ${String(fields['value'])}`, id]),
  )
  const names = new Map<string, string>()
  for (const { id, ...fields } of proposal.entities) {
    const known = own.get(`${fields.kind} ${fields.value}`)
    if (known !== undefined && known !== id) {
      names.set(id, known)
      counts.left++
    } else if (put('entity', id, asFields(fields))) names.set(id, id)
  }
  for (const { id, ...fields } of proposal.edges) {
    const [from, to] = [names.get(fields.from), names.get(fields.to)]
    if (from === undefined || to === undefined) counts.left++
    else put('edge', id, asFields({ ...fields, from, to }))
  }
  for (const { id, ...fields } of proposal.sentences) put('sentence', id, asFields(fields))
  counts.removed = removeBaseless(change, proposal)
  const grouped = putGroups(change, proposal.groups)
  fillOccurred(change, proposal.occurred)
  if (!change.untouched) change.tell('proposal.made', change.row.number, { ...counts, entries: grouped })
  return ok(counts)
}

/** What was proposed, nobody touched, and is proposed no more; edges before their ends. */
function removeBaseless(change: IncidentChange, proposal: Proposal): number {
  const { rows } = change.desk
  const incident = change.row.id
  let removed = 0
  const lists = [
    ['sentence', proposal.sentences],
    ['edge', proposal.edges],
    ['entity', proposal.entities],
  ] as const
  for (const [kind, list] of lists) {
    const proposed = new Set(list.map(({ id }) => id))
    const used = new Set(
      kind !== 'entity' ? [] : partsOf(rows, incident, 'edge').flatMap(({ fields }) => [fields['from'], fields['to']]),
    )
    for (const { id, by } of partsOf(rows, incident, kind)) {
      if (!id.startsWith(PROPOSED) || by !== PROPOSER || proposed.has(id) || used.has(id)) continue
      change.remove(kind, id)
      removed++
    }
  }
  return removed
}

/** Brackets of the timeline, where nobody has set one, or changed the entry since. */
function putGroups(change: IncidentChange, groups: Proposal['groups']): number {
  let set = 0
  for (const [alert, group] of Object.entries(groups)) {
    const id = `alert-${alert}`
    const standing = standingPart(change.desk.rows, change.row.id, 'entry', id)
    if (!standing || standing.gone || standing.fields['group'] === group) continue
    const untouched = standing.by === PROPOSER || (standing.revision === 1 && standing.fields['group'] === '')
    if (!untouched) continue
    change.put('entry', id, { ...standing.fields, group })
    set++
  }
  return set
}

/** Once, with the first proposal: who empties it afterwards means it. */
function fillOccurred(change: IncidentChange, occurred: string | null): void {
  if (occurred === null || change.head.times.occurred !== null) return
  const before = change.desk.rows.get<{ id: number }>(
    "SELECT id FROM incident_change WHERE incident = ? AND action = 'proposal.made' LIMIT 1",
    change.row.id,
  )
  if (before === undefined) change.setHead({ times: { occurred } })
}

/** Confirms sentences as they stand. */
export function confirmSentences(change: IncidentChange, ids: readonly string[]): Result<{ readonly confirmed: number }> {
  const confirmed: string[] = []
  for (const id of new Set(ids)) {
    const standing = standingPart(change.desk.rows, change.row.id, 'sentence', id)
    if (!standing || standing.gone) return fail({ code: 'not_found', message: `There is no sentence ${id}.` })
    if (standing.fields['state'] === 'confirmed') continue
    const cites = standing.fields['cites']
    if (!Array.isArray(cites) || cites.length === 0)
      return fail({ code: 'conflict', message: 'A sentence without a cite cannot be confirmed.' })
    change.put('sentence', id, { ...standing.fields, state: 'confirmed' })
    confirmed.push(id)
  }
  if (confirmed.length > 0) change.tell('sentences.confirmed', change.row.number, { sentences: confirmed })
  return ok({ confirmed: confirmed.length })
}

const asFields = (part: object): Fields => part as unknown as Fields
/** Whatever the order of their names. */
const sameFields = (a: Fields, b: Fields): boolean => Object.keys(b).every((name) => same(a[name], b[name]))
