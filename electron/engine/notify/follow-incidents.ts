/**
 * Makes occasions of incidents: opened, progress, closed. What was last told of each is kept in the desk together with the messages, so
 * that a restart neither loses anything nor tells it twice; changes of some seconds are told as one.
 */
import type { IncidentBrief, IncidentChange, Occasion } from '../../../shared/model/notification.ts'
import type { Result } from '../../../shared/model/result.ts'
import { markOf, toldStateOf, type ToldMark, type ToldState, type UntoldIncident } from '../store/desk-told-incidents.ts'
import type { NotifyStore } from '../store/notify-calls.ts'
import { InTurn } from './in-turn.ts'

/** How long changes are gathered (milliseconds). */
const GATHERED = 5000
const AFTER_FAULT = 30_000
const PAGE = 50
const ITSELF = 'Watchfloor'

export interface FollowIncidentsOptions {
  readonly store: Pick<NotifyStore, 'beginIncidents' | 'untoldIncidents'>
  tell(occasions: readonly Occasion[], marks: readonly ToldMark[]): Promise<Result<null>>
  /** Name of a customer by its id. */
  customerName(id: string): string | null
  now(): number
}

function briefOf({ incident }: UntoldIncident, customer: string | null): IncidentBrief {
  const { number, title, severity, tlp, status, owner, watchers, times, summary } = incident
  const lines = summary.split(/\r?\n/).filter((line) => line.trim() !== '')
  const brief = { number, title, severity, tlp, status, owner, watchers, customer, detected: times.detected }
  return { ...brief, summary: lines.slice(0, 50).map((line) => line.slice(0, 4000)) }
}

/** What changed between what was told and what is. */
export function changesOf(was: ToldState, is: ToldState, customerName: (id: string) => string | null): IncidentChange[] {
  const changes: IncidentChange[] = []
  const add = (field: IncidentChange['field'], from: string | null, to: string | null): void => {
    if (from !== to) changes.push({ field, from, to })
  }
  const name = (id: string | null): string | null => (id === null ? null : (customerName(id) ?? id))
  const tasks = ({ tasks: all, tasksDone: done }: ToldState): string => `${done}/${all}`
  add('status', was.status, is.status)
  if (is.acknowledged && !was.acknowledged) add('status', null, 'acknowledged')
  add('severity', was.severity, is.severity)
  add('impact', was.impact, is.impact)
  add('owner', was.owner, is.owner)
  add('title', was.title, is.title)
  add('tlp', was.tlp, is.tlp)
  add('customer', name(was.customer), name(is.customer))
  add('alerts', String(was.alerts), String(is.alerts))
  add('evidence', String(was.evidence), String(is.evidence))
  add('task', tasks(was), tasks(is))
  return changes
}

export function incidentOccasions(untold: UntoldIncident, now: string, customerName: (id: string) => string | null): Occasion[] {
  const { incident, told, imported, by, at } = untold
  const told_ = { incident: briefOf(untold, incident.customer === null ? null : customerName(incident.customer)), at: at ?? now }
  const who = by.length > 0 ? by.join(', ') : ITSELF
  const closed: Occasion = { kind: 'incident_closed', ...told_, by: who, outcome: incident.impact?.result ?? 'unknown' }
  if (told === null) {
    // What came from another desk, or is part of another one already, was not opened here.
    if (imported || incident.status === 'merged') return []
    const opened: Occasion = { kind: 'incident_opened', ...told_, at: incident.created, by: incident.createdBy }
    return incident.status === 'closed' ? [opened, closed] : [opened]
  }
  if (incident.status === 'closed' && told.status !== 'closed') return [closed]
  const changes = changesOf(told, toldStateOf(incident), customerName)
  return changes.length === 0 ? [] : [{ kind: 'incident_progress', ...told_, by: who, changes }]
}

export class FollowIncidents {
  readonly #options: FollowIncidentsOptions
  #begun = false
  readonly #turn = new InTurn(() => (this.#begun ? this.#tell() : this.begin()))

  constructor(options: FollowIncidentsOptions) {
    this.#options = options
  }

  /** Takes up where it ended. */
  async begin(): Promise<void> {
    const begun = await this.#options.store.beginIncidents()
    this.#begun = begun.ok
    this.#turn.again(begun.ok ? 0 : AFTER_FAULT)
  }

  /** Incidents changed; they are told of in a moment. */
  changed(): void {
    if (this.#begun) this.#turn.again(GATHERED)
  }

  /** Now; resolves when all there is was told, or could not be. */
  async catchUp(): Promise<void> {
    if (this.#begun) await this.#turn.now()
  }

  close(): Promise<void> {
    return this.#turn.close()
  }

  async #tell(): Promise<void> {
    const { store, tell, customerName, now } = this.#options
    while (!this.#turn.closed && this.#begun) {
      const page = await store.untoldIncidents(PAGE)
      if (!page.ok) return this.#turn.again(AFTER_FAULT)
      if (page.value.length === 0) return
      const at = new Date(now()).toISOString()
      const done = await tell(
        page.value.flatMap((untold) => incidentOccasions(untold, at, customerName)),
        page.value.map(({ incident }) => markOf(incident)),
      )
      if (!done.ok) return this.#turn.again(AFTER_FAULT)
      if (page.value.length < PAGE) return
    }
  }
}
