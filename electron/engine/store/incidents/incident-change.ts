/**
 * One change of one incident, as a person makes it: it moves the incident's revision on by one, is one entry of its ledger or more,
 * and knows how to take itself back. Lives inside a transaction.
 */
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { severityOf, severityRank } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { same, type Fields, type Json } from '../../incidents/merge-fields.ts'
import type { AlertRow } from '../alert-row.ts'
import { headOf, INCIDENT_COLUMNS, searchText, statusOf, type Head, type IncidentRow } from './incident-row.ts'
import type { Area, IncidentDesk } from './incident-desk.ts'
import { toldFields } from './ledger-values.ts'
import { BODIES, entryColumns, standingPart, type StoredKind } from './part-row.ts'

/** Fields of the head that can be set; the status follows from the times. */
export type HeadFields = Omit<Head, 'number' | 'created' | 'createdBy' | 'status'>

/** How one thing of a change is taken back. Parts are named by revisions: `before` null where it was not there. */
export type UndoItem =
  | { readonly what: 'head'; readonly before: Fields; readonly after: Fields }
  | {
      readonly what: 'part'
      readonly kind: StoredKind
      readonly id: string
      readonly before: number | null
      readonly after: number
    }
  | { readonly what: 'alert'; readonly alert: number; readonly joined: boolean }
  | { readonly what: 'link'; readonly other: number; readonly before: string | null; readonly after: string | null }

const AREA_OF: Readonly<Record<StoredKind, Area>> = {
  entry: 'timeline',
  entity: 'graph',
  edge: 'graph',
  sentence: 'route',
  note: 'notes',
  task: 'tasks',
  evidence: 'evidence',
  playbook: 'playbooks',
}
/** Earlier bodies of a part that are kept. */
const MOST_VERSIONS = 64
/** Changes of a person in an incident that can be taken back. */
const MOST_CHANGES = 200
/** What this incident is to the other one, where that one is `kind` to this one. */
const inverseOf = (kind: string | null): string | null => (kind === 'parent' ? 'child' : kind === 'child' ? 'parent' : kind)

export class IncidentChange {
  readonly desk: IncidentDesk
  readonly by: string
  readonly now: number
  #row: IncidentRow
  readonly #items: UndoItem[] = []
  readonly #areas = new Set<Area>()

  /** `now` in microseconds. */
  constructor(desk: IncidentDesk, row: IncidentRow, by: string, now: number) {
    this.desk = desk
    this.#row = row
    this.by = by
    this.now = now
  }

  get row(): IncidentRow {
    return this.#row
  }
  get head(): Head {
    return headOf(this.#row)
  }

  touch(area: Area): void {
    this.#areas.add(area)
  }

  /** Adds to the incident's book. Long values are told by their hash. */
  tell(action: string, subject: string, body: Fields): void {
    this.desk.ledger.add(this.#row.number, { by: this.by, action, subject, body: toldFields(body) }, this.now)
  }
  /** The same in the desk's book: opening and closing. */
  tellDesk(action: string, body: Fields): void {
    this.desk.ledger.add('desk', { by: this.by, action, subject: this.#row.number, body: toldFields(body) }, this.now)
  }

  /** Sets fields; `times` only those that are named. Gives what changed. */
  setHead(given: Partial<Omit<HeadFields, 'times'>> & { readonly times?: Partial<Head['times']> }): Fields {
    const before = this.head
    const next: Head = { ...before, ...given, times: { ...before.times, ...given.times } }
    const changes: [Record<string, Json>, Record<string, Json>] = [{}, {}]
    const note = (name: string, was: Json, is: Json): void => {
      if (same(was, is)) return
      changes[0][name] = was
      changes[1][name] = is
    }
    for (const name of Object.keys(given)) {
      if (name === 'times') continue
      note(name, (before as unknown as Fields)[name] ?? null, (next as unknown as Fields)[name] ?? null)
    }
    for (const [phase, time] of Object.entries(next.times))
      note(`times.${phase}`, before.times[phase as keyof Head['times']], time)
    if (Object.keys(changes[1]).length === 0) return {}
    const status = next.mergedInto === null ? statusOf(next.times) : 'merged'
    this.desk.run(
      `UPDATE incident SET title = ?, summary = ?, severity = ?, tlp = ?, pap = ?, status = ?, times = ?, owner = ?, watchers = ?, tags = ?,
       attack = ?, customer = ?, merged_into = ?, search = ? WHERE id = ?`,
      next.title,
      next.summary,
      severityRank(next.severity),
      next.tlp,
      next.pap,
      status,
      JSON.stringify(next.times),
      next.owner,
      JSON.stringify(next.watchers),
      JSON.stringify(next.tags),
      JSON.stringify(next.attack),
      next.customer,
      next.mergedInto,
      searchText(next),
      this.#row.id,
    )
    this.#row = this.desk.rows.get<IncidentRow>(`SELECT ${INCIDENT_COLUMNS} FROM incident WHERE id = ?`, this.#row.id)!
    this.#items.push({ what: 'head', before: changes[0], after: changes[1] })
    this.touch('head')
    return changes[1]
  }

  /** Writes a part, new or not; one that was gone is there again. The fields must be whole. Gives its revision. */
  put(kind: StoredKind, id: string, given: Fields): number {
    const fields = kind === 'playbook' ? given : (BODIES[kind].parse(given) as unknown as Fields)
    return this.#write(kind, id, fields, false)
  }

  /** Takes a part out; its last body stays known. */
  remove(kind: StoredKind, id: string): void {
    const standing = standingPart(this.desk.rows, this.#row.id, kind, id)
    if (standing && !standing.gone) this.#write(kind, id, standing.fields, true)
  }

  #write(kind: StoredKind, id: string, fields: Fields, gone: boolean): number {
    const { rows } = this.desk
    const incident = this.#row.id
    const standing = standingPart(rows, incident, kind, id)
    const revision = (standing?.revision ?? 0) + 1
    if (standing) {
      this.desk.run(
        'INSERT OR REPLACE INTO incident_version (incident, kind, id, revision, body) VALUES (?, ?, ?, ?, ?)',
        incident,
        kind,
        id,
        standing.revision,
        standing.gone ? null : JSON.stringify(standing.fields),
      )
      this.desk.run(
        'DELETE FROM incident_version WHERE incident = ? AND kind = ? AND id = ? AND revision < ?',
        incident,
        kind,
        id,
        revision - MOST_VERSIONS,
      )
    }
    const written = [revision, this.now, this.by, gone ? 1 : 0] as const
    if (kind === 'entry')
      this.desk.run(
        `INSERT OR REPLACE INTO incident_entry (incident, id, kind, time, until, title, severity, alert, grp, internal, body, revision, at, by, gone)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        incident,
        id,
        ...entryColumns(BODIES.entry.parse(fields)),
        ...written,
      )
    else {
      const body = JSON.stringify(fields)
      this.desk.run(
        `INSERT INTO incident_part (incident, kind, id, key, state, body, bytes, created, created_by, revision, at, by, gone)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET key = excluded.key, state = excluded.state, body = excluded.body, bytes = excluded.bytes,
           revision = excluded.revision, at = excluded.at, by = excluded.by, gone = excluded.gone`,
        incident,
        kind,
        id,
        kind === 'entity' ? String(fields['value']) : null,
        kind === 'task' ? String(fields['state']) : null,
        body,
        Buffer.byteLength(body),
        this.now,
        this.by,
        ...written,
      )
    }
    this.#items.push({ what: 'part', kind, id, before: standing?.revision ?? null, after: revision })
    this.touch(AREA_OF[kind])
    return revision
  }

  /** An entry that comes of what was done. `title` is data or one of `STATUS_TITLES`, never words of a language. */
  entry(id: string, entry: Pick<TimelineEntry, 'kind' | 'title'> & Partial<TimelineEntry>): void {
    const blank = { until: null, text: '', severity: null, alert: null, event: null, cites: [], group: '', internal: false }
    this.put('entry', id, { time: isoFromMicros(this.now), ...blank, ...entry } as unknown as Fields)
  }

  /** Takes an alert in, with its entry; it must be in no other incident. */
  join(alert: AlertRow): void {
    const incident = this.#row.id
    this.desk.run(
      'INSERT INTO incident_alert (alert, incident, at, by) VALUES (?, ?, ?, ?)',
      alert.id,
      incident,
      this.now,
      this.by,
    )
    const id = `alert-${alert.id}`
    // What somebody wrote about it when it was here before.
    const earlier = standingPart(this.desk.rows, incident, 'entry', id)?.fields
    this.entry(id, {
      ...(earlier as Partial<TimelineEntry> | undefined),
      kind: 'alert',
      title: alert.title.slice(0, 1000),
      time: isoFromMicros(alert.first),
      until: alert.last > alert.first ? isoFromMicros(alert.last) : null,
      severity: severityOf(alert.severity),
      alert: String(alert.id),
      cites: [{ kind: 'alert', alert: String(alert.id) }],
    })
    this.#items.push({ what: 'alert', alert: alert.id, joined: true })
    this.touch('alerts')
  }

  leave(alert: number): void {
    const { changes } = this.desk.run('DELETE FROM incident_alert WHERE alert = ? AND incident = ?', alert, this.#row.id)
    if (changes === 0) return
    this.remove('entry', `alert-${alert}`)
    this.#items.push({ what: 'alert', alert, joined: false })
    this.touch('alerts')
  }

  /** Both ways, and in both books: `kind` is what the other one is to this one; null: no link any more. */
  link(other: IncidentRow, kind: string | null): void {
    const before = this.linkTo(other.id)
    const action = kind === null ? 'incident.unlinked' : 'incident.linked'
    const there = new IncidentChange(this.desk, other, this.by, this.now)
    for (const [of, to, each] of [
      [this, other.id, kind],
      [there, this.#row.id, inverseOf(kind)],
    ] as const) {
      if (each === null) this.desk.run('DELETE FROM incident_link WHERE incident = ? AND other = ?', of.row.id, to)
      else this.desk.run('INSERT OR REPLACE INTO incident_link (incident, other, kind) VALUES (?, ?, ?)', of.row.id, to, each)
      of.touch('links')
    }
    this.tell(action, other.number, { kind: kind ?? before })
    there.tell(action, this.#row.number, { kind: inverseOf(kind ?? before) })
    there.finish(action, false)
    this.#items.push({ what: 'link', other: other.id, before, after: kind })
  }
  linkTo(other: number): string | null {
    return (
      this.desk.rows.get<{ kind: string }>('SELECT kind FROM incident_link WHERE incident = ? AND other = ?', this.#row.id, other)
        ?.kind ?? null
    )
  }
  get untouched(): boolean {
    return this.#items.length === 0
  }

  /** Moves the revision on. `undoable`: the person can take it back. */
  finish(action: string, undoable = true): void {
    this.desk.run('UPDATE incident SET revision = revision + 1 WHERE id = ?', this.#row.id)
    const revision = this.desk.rows.get<{ revision: number }>(
      'SELECT revision FROM incident WHERE id = ?',
      this.#row.id,
    )!.revision
    const { id } = this.desk.run(
      'INSERT INTO incident_change (incident, by, at, action, items, undone) VALUES (?, ?, ?, ?, ?, 0)',
      this.#row.id,
      this.by,
      this.now,
      action,
      undoable && this.#items.length > 0 ? JSON.stringify(this.#items) : null,
    )
    if (id % 32 === 0)
      this.desk.run(
        `DELETE FROM incident_change WHERE incident = ? AND by = ? AND id <= coalesce((SELECT id FROM incident_change
         WHERE incident = ? AND by = ? AND items IS NOT NULL AND undone = 0 ORDER BY id DESC LIMIT 1 OFFSET ${MOST_CHANGES}), 0)`,
        this.#row.id,
        this.by,
        this.#row.id,
        this.by,
      )
    this.desk.tell({ number: this.#row.number, revision, parts: [...this.#areas] })
  }
}
