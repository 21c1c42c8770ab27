/** Incidents on the desk: every change of them, each in one transaction with its ledger entries. */
import type { Fields } from '../../incidents/merge-fields.ts'
import type { Incident, IncidentNumber } from '../../../../shared/model/incident.ts'
import type { Playbook } from '../../../../shared/model/playbook.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { severityRank } from '../../../../shared/model/severity.ts'
import type { Proposal } from '../../incidents/proposal/material.ts'
import type { CopyState } from '../../evidence/vault.ts'
import type { Emptied } from '../alert-actions.ts'
import type { WriteDatabase } from '../database.ts'
import type { ReportWritten } from '../incident-calls.ts'
import type { InputOf } from '../types.ts'
import { alertRows, headFrom, joinAlerts, removeAlerts } from './alert-joining.ts'
import { editHead, reach, reopen, type Edit } from './head-edits.ts'
import { addEvidence, markChecked, noteEvidence, type Addition, type Checked } from './evidence-edits.ts'
import { IncidentChange } from './incident-change.ts'
import { AREAS, IncidentDesk, type ChangedIncident } from './incident-desk.ts'
import { keptDraft } from './kept-draft.ts'
import { NO_TIMES, noIncident, rowOfIncident, searchText, statusOf, type Head } from './incident-row.ts'
import { linkIncidents, takeIn } from './links.ts'
import { nextNumber } from './numbers.ts'
import { removePart, savePart, type Saved } from './part-edits.ts'
import { actOnPlaybook, startPlaybook } from './playbook-edits.ts'
import { confirmSentences, putProposal } from './proposal-edits.ts'
import { undoLast } from './undo.ts'
import { withdraw } from './withdraw.ts'

/** An event as its entry shows it: the writer reads no partitions. */
export interface PinnedEvent {
  readonly event: string
  readonly time: string
  readonly title: string
}
/** `by` is the caller's name; `now` in microseconds. */
export interface Acting {
  readonly by: string
  readonly now: number
}

export interface EvidenceDeed {
  readonly number: IncidentNumber
  readonly action: 'evidence.viewed' | 'evidence.exported'
  readonly id: string
  readonly body: Readonly<Record<string, string | number>>
}

const MOST_DRAFT = 2_000_000
/** Why an alert leaves the incident that its decision joined. */
const UNDONE = 'The decision was taken back.'

export class DeskIncidents {
  readonly #desk: IncidentDesk

  constructor(db: WriteDatabase) {
    this.#desk = new IncidentDesk(db)
  }

  /** Incidents that changed since this was asked last. To be asked after each transaction. */
  takeChanged(): readonly ChangedIncident[] {
    return this.#desk.takeChanged()
  }

  /** Tells of incidents whose alerts changed: what the desk's own trigger did for their entries. */
  alertsChanged(ids: readonly number[]): void {
    const found = new Map<string, number>()
    for (const id of ids) {
      const row = this.#desk.rows.get<{ number: string; revision: number }>(
        'SELECT i.number, i.revision FROM incident_alert a JOIN incident i ON i.id = a.incident WHERE a.alert = ?',
        id,
      )
      if (row) found.set(row.number, row.revision)
    }
    for (const [number, revision] of found) this.#desk.tell({ number, revision, parts: ['head', 'alerts', 'timeline'] })
  }

  /** Tells watchers of an incident that came whole, from another desk. */
  announce(number: IncidentNumber): void {
    const { revision } = this.#desk.incident(number)
    this.#desk.tell({ number, revision, parts: [...AREAS] })
  }

  /**
   * One change of an incident in one transaction, for rooms that keep their own parts in it (evidence, playbooks). `work` puts parts and
   * tells the ledger. `conflict` where the incident was merged into another.
   */
  change<T>(
    number: IncidentNumber,
    action: string,
    { by, now }: Acting,
    work: (change: IncidentChange) => Result<T>,
    undoable = true,
  ): Result<T> {
    return this.#desk.together(() => {
      const row = this.#desk.open(number)
      if (!row.ok) return row
      const change = new IncidentChange(this.#desk, row.value, by, now)
      const done = work(change)
      if (done.ok && !change.untouched) change.finish(action, undoable)
      return done
    })
  }
  #changed<T>(
    number: IncidentNumber,
    action: string,
    acting: Acting,
    work: (change: IncidentChange) => Result<T>,
  ): Result<Incident> {
    const done = this.change(number, action, acting, work)
    return done.ok ? ok(this.#desk.incident(number)) : done
  }

  startPlaybook({ number, playbook }: { readonly number: IncidentNumber; readonly playbook: Playbook }, acting: Acting) {
    return this.change(number, 'playbook.started', acting, (change) => startPlaybook(change, playbook), false)
  }
  /** Into the ledger before the case is read, so that the file holds it. */
  exportCase({ number, by }: { readonly number: IncidentNumber; readonly by: string }, acting: Acting): Result<null> {
    return this.change(number, 'case.exported', acting, (change) => {
      change.tell('case.exported', number, { by })
      return ok(null)
    })
  }
  /** Evidence stays: none of this can be taken back. */
  addEvidence(addition: Addition, acting: Acting): Result<{ readonly ids: string[] }> {
    return this.change(addition.number, 'evidence.added', acting, (change) => addEvidence(change, addition), false)
  }
  noteEvidence({ number, id, note, internal }: InputOf<'incidents.noteEvidence'>, acting: Acting): Result<Record<string, never>> {
    const done = this.change(number, 'evidence.noted', acting, (change) => noteEvidence(change, id, note, internal), false)
    return done.ok ? ok({}) : done
  }
  markChecked(
    { number, copies }: { readonly number: IncidentNumber; readonly copies: readonly (readonly [string, CopyState])[] },
    acting: Acting,
  ): Result<Checked> {
    return this.change(number, 'evidence.checked', acting, (change) => markChecked(change, new Map(copies)), false)
  }
  /** What was done with an item, of merged incidents too: they are still read. */
  tellEvidence({ number, action, id, body }: EvidenceDeed, { by, now }: Acting): Result<null> {
    return this.#desk.together(() => {
      if (!rowOfIncident(this.#desk.rows, number)) return noIncident(number)
      this.#desk.ledger.add(number, { by, action, subject: id, body: { ...body } }, now)
      return ok(null)
    })
  }
  act({ number, run, action }: InputOf<'incidents.act'>, acting: Acting) {
    return this.change(number, `playbook.${action.kind}`, acting, (change) => actOnPlaybook(change, run, action), false)
  }

  putProposal({ number, proposal }: { readonly number: IncidentNumber; readonly proposal: Proposal }, acting: Acting) {
    return this.change(number, 'proposal.made', acting, (change) => putProposal(change, proposal), false)
  }
  confirm({ number, sentences }: InputOf<'incidents.confirm'>, acting: Acting) {
    return this.change(number, 'sentences.confirmed', acting, (change) => confirmSentences(change, sentences))
  }

  /** Changes nothing of the incident: only its ledger says so. */
  reportWritten({ number, files, ...told }: ReportWritten, acting: Acting): Result<null> {
    return this.change(
      number,
      'report.written',
      acting,
      (change) => {
        const hashes = files.map(({ format, bytes, sha256 }) => ({ format, bytes, sha256 }))
        change.tell('report.written', number, { ...told, files: hashes })
        return ok(null)
      },
      false,
    )
  }

  create({ title, alerts, edit }: InputOf<'incidents.create'>, acting: Acting): Result<Incident> {
    const number = this.#desk.together(() => {
      const row = this.#insert(title, alerts, acting)
      if (!row.ok) return row
      return this.#opened(row.value, alerts, edit, acting)
    })
    return number.ok ? ok(this.#desk.incident(number.value)) : number
  }

  /**
   * Alerts that were decided to have had impact become a new incident, or join one. Gives its number. May be called inside the
   * transaction of the decision: then both happen, or neither. `conflict` where one is in another incident already.
   */
  joinAlerts(
    target: IncidentNumber | { readonly title: string },
    alerts: readonly string[],
    by: string,
    now: number,
  ): Result<IncidentNumber> {
    const acting = { by, now }
    if (typeof target !== 'string') {
      return this.#desk.together(() => {
        const row = this.#insert(target.title, alerts, acting)
        return row.ok ? this.#opened(row.value, alerts, {}, acting) : row
      })
    }
    const joined = this.change(target, 'alerts.joined', acting, (change) => joinAlerts(change, alerts))
    return joined.ok ? ok(target) : joined
  }

  /**
   * Alerts leave since their decision of the time `decided` was taken back; called inside that transaction. An incident that this decision
   * opened, and that nobody has worked on, is closed with it. Null where it still has alerts, or was merged into another.
   */
  takeBack(number: IncidentNumber, alerts: readonly string[], decided: number, acting: Acting): Emptied | null {
    const done = this.change(
      number,
      'alerts.left',
      acting,
      (change) => {
        const left = removeAlerts(change, alerts, UNDONE)
        if (!left.ok) return left
        const { n } = this.#desk.rows.get<{ n: number }>(
          'SELECT count(*) AS n FROM incident_alert WHERE incident = ?',
          change.row.id,
        )!
        return ok(n > 0 ? null : { number, closed: change.row.created === decided && withdraw(change) })
      },
      false,
    )
    return done.ok ? done.value : null
  }

  /** Gives the next number of the year, and the incident with what its alerts say. */
  #insert(title: string, alerts: readonly string[], { by, now }: Acting): Result<IncidentNumber> {
    const found = alertRows(this.#desk, alerts)
    if (!found.ok) return found
    const year = new Date(now / 1000).getUTCFullYear()
    const free = nextNumber(this.#desk.rows, year)
    if (!free.ok) return free
    const { number, place } = free.value
    this.#desk.run(
      'INSERT INTO incident_number (year, last) VALUES (?, ?) ON CONFLICT DO UPDATE SET last = excluded.last',
      year,
      place,
    )
    const from = headFrom(found.value, now)
    const head: Pick<Head, 'number' | 'title' | 'summary' | 'tags'> = {
      number,
      title: title.slice(0, 300),
      summary: '',
      tags: [],
    }
    this.#desk.run(
      `INSERT INTO incident (number, title, summary, severity, tlp, pap, status, times, owner, watchers, tags, attack, customer, merged_into,
       created, created_by, revision, search) VALUES (?, ?, '', ?, 'AMBER', 'AMBER', ?, ?, ?, '[]', '[]', ?, NULL, NULL, ?, ?, 0, ?)`,
      number,
      head.title,
      severityRank(from.severity),
      statusOf(NO_TIMES),
      JSON.stringify(from.times),
      by,
      JSON.stringify(from.attack),
      now,
      by,
      searchText(head),
    )
    return ok(number)
  }

  #opened(number: IncidentNumber, alerts: readonly string[], edit: Edit, acting: Acting): Result<IncidentNumber> {
    return this.change(
      number,
      'incident.opened',
      acting,
      (change) => {
        const { title, severity, times, attack } = change.head
        const opening = { title, severity, times, attack }
        change.tell('incident.opened', number, opening as unknown as Fields)
        change.tellDesk('incident.opened', { title, severity, alerts: [...alerts] })
        change.entry('opened', { kind: 'status', title: 'opened' })
        if (alerts.length > 0) {
          const joined = joinAlerts(change, alerts)
          if (!joined.ok) return joined
        }
        const edited = editHead(change, edit, {}, true)
        if (!edited.ok) return edited
        if (Object.keys(edited.value.set).length > 0) change.tell('incident.edited', number, edited.value.set)
        change.touch('head')
        return ok(number)
      },
      false,
    )
  }

  edit(
    { number, edit, from, insist }: InputOf<'incidents.edit'>,
    acting: Acting,
  ): Result<{ incident: Incident; conflicts: string[] }> {
    const done = this.change(number, 'incident.edited', acting, (change) => {
      const edited = editHead(change, edit, from, insist)
      if (edited.ok && Object.keys(edited.value.set).length > 0) change.tell('incident.edited', number, edited.value.set)
      return edited
    })
    return done.ok ? ok({ incident: this.#desk.incident(number), conflicts: [...done.value.conflicts] }) : done
  }

  reach({ number, phase, at }: InputOf<'incidents.reach'>, acting: Acting): Result<Incident> {
    return this.#changed(number, 'incident.reached', acting, (change) => reach(change, phase, at))
  }
  reopen({ number, reason }: InputOf<'incidents.reopen'>, acting: Acting): Result<Incident> {
    return this.#changed(number, 'incident.reopened', acting, (change) => reopen(change, reason))
  }
  addAlerts({ number, alerts }: InputOf<'incidents.addAlerts'>, acting: Acting): Result<Incident> {
    return this.#changed(number, 'alerts.joined', acting, (change) => joinAlerts(change, alerts))
  }
  removeAlerts({ number, alerts, reason }: InputOf<'incidents.removeAlerts'>, acting: Acting): Result<Incident> {
    return this.#changed(number, 'alerts.left', acting, (change) => removeAlerts(change, alerts, reason))
  }

  /** Pins events; one that is pinned already stays as it is. */
  addEvents(number: IncidentNumber, events: readonly PinnedEvent[], group: string, acting: Acting): Result<Incident> {
    return this.#changed(number, 'events.pinned', acting, (change) => {
      const pinned: string[] = []
      for (const { event, time, title } of events) {
        const id = `event-${event}`
        const there = this.#desk.rows.get<{ gone: number }>(
          'SELECT gone FROM incident_entry WHERE incident = ? AND id = ?',
          change.row.id,
          id,
        )
        if (there?.gone === 0) continue
        change.entry(id, { kind: 'event', time, title: title.slice(0, 1000), event, group, cites: [{ kind: 'event', event }] })
        pinned.push(event)
      }
      if (pinned.length > 0) change.tell('events.pinned', number, { events: pinned, group })
      return ok(null)
    })
  }

  save({ number, draft }: InputOf<'incidents.save'>, acting: Acting): Result<Saved & { incident: Incident }> {
    const saved = this.change(number, `${draft.kind}.saved`, acting, (change) => savePart(change, draft))
    return saved.ok ? ok({ ...saved.value, incident: this.#desk.incident(number) }) : saved
  }
  remove({ number, kind, id }: InputOf<'incidents.remove'>, acting: Acting): Result<Incident> {
    return this.#changed(number, `${kind}.removed`, acting, (change) => removePart(change, kind, id))
  }

  link({ number, to, kind, linked }: InputOf<'incidents.link'>, acting: Acting): Result<Incident> {
    return this.#changed(number, linked ? 'incident.linked' : 'incident.unlinked', acting, (change) => {
      const other = rowOfIncident(this.#desk.rows, to)
      if (!other) return noIncident(to)
      return linkIncidents(change, other, kind, linked)
    })
  }

  merge({ number, from, reason }: InputOf<'incidents.merge'>, acting: Acting): Result<Incident> {
    const done = this.change(
      number,
      'incident.merged',
      acting,
      (change) => {
        const row = this.#desk.open(from)
        if (!row.ok) return row
        const other = new IncidentChange(this.#desk, row.value, acting.by, acting.now)
        const taken = takeIn(change, other, reason)
        if (taken.ok) other.finish('incident.merged', false)
        return taken
      },
      false,
    )
    return done.ok ? ok(this.#desk.incident(number)) : done
  }

  undo({ number }: InputOf<'incidents.undo'>, acting: Acting): Result<{ incident: Incident; undone: string | null }> {
    const done = this.change(number, 'incident.undone', acting, undoLast, false)
    return done.ok ? ok({ incident: this.#desk.incident(number), undone: done.value }) : done
  }

  /** What an editor had not saved, for the caller alone. Not a change of the incident. */
  keepDraft({ number, changes }: InputOf<'incidents.keepDraft'>, { by, now }: Acting): Result<Record<string, never>> {
    const row = rowOfIncident(this.#desk.rows, number)
    if (!row) return noIncident(number)
    const draft = new Map(Object.entries(keptDraft(this.#desk.rows, row.id, by)?.draft ?? {}))
    for (const [place, written] of Object.entries(changes)) {
      if (written === null) draft.delete(place)
      else draft.set(place, written)
    }
    if (draft.size === 0) {
      this.#desk.run('DELETE FROM incident_draft WHERE incident = ? AND by = ?', row.id, by)
      return ok({})
    }
    const text = JSON.stringify(Object.fromEntries(draft))
    if (text.length > MOST_DRAFT)
      return fail({ code: 'invalid_input', message: 'The draft is too long to be kept.', path: 'changes' })
    this.#desk.run('INSERT OR REPLACE INTO incident_draft (incident, by, draft, at) VALUES (?, ?, ?, ?)', row.id, by, text, now)
    return ok({})
  }
}
