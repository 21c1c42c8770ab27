/** An incident as the desk has it → what its report is made of. Read in pages, by reader threads. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PlaybookRun } from '../../../../shared/model/playbook-run.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { IncidentParts } from '../../../../shared/incident-contract.ts'
import type { Alert } from '../../../../shared/model/alert.ts'
import type { ReportSource, SourceAction, SourceAlert, SourceEntry } from '../../reports/report-source.ts'
import type { Store } from '../../store/types.ts'
import { entryWords } from './entry-words.ts'
import { viewRun } from '../playbooks/run-view.ts'

/** What it is read from. */
export type ReportDesk = Pick<Store, 'incidents'> & {
  /** The reason of the standing verification of each of these alerts, where there is one. */
  impactOf(alerts: readonly Alert[], signal: AbortSignal): Promise<Result<ReadonlyMap<string, SourceAlert['impact']>>>
  customerName(id: string): string | null
}
type Run = { readonly id: string; readonly run: PlaybookRun }

const PAGE = 1000
/** As many as one report can hold. */
const MOST_ENTRIES = 50_000

/** Of the same revision the same. `at` says which steps are open. Errors: `not_found`, `cancelled`, `invalid_input` where it is too large. */
export async function sourceOfIncident(
  desk: ReportDesk,
  number: string,
  at: string,
  signal: AbortSignal,
): Promise<Result<ReportSource>> {
  const incident = await desk.incidents.get({ number }, signal)
  if (!incident.ok) return incident
  const parts = await desk.incidents.parts({ number }, signal)
  if (!parts.ok) return parts
  const runs = parts.value.playbooks.flatMap(({ id, run }): Run[] => {
    const read = PlaybookRun.safeParse(run)
    return read.success ? [{ id, run: read.data }] : []
  })
  const entries = await entriesOf(desk, number, runs, signal)
  if (!entries.ok) return entries
  const alerts = await desk.incidents.alerts({ number }, signal)
  if (!alerts.ok) return alerts
  const impacts = await desk.impactOf(alerts.value.alerts, signal)
  if (!impacts.ok) return impacts
  const { title, summary, severity, tlp, pap, status, times, owner, customer, attack, impact } = incident.value
  const { entities, edges, sentences, evidence, notes } = parts.value
  return ok({
    number,
    title,
    summary,
    severity,
    tlp,
    pap,
    status,
    times,
    owner,
    customer: customer === null ? null : desk.customerName(customer),
    attack: attack.map((id) => ({ id, name: '' })),
    impact: impact?.result ?? null,
    entries: entries.value,
    alerts: alerts.value.alerts.map((alert) => ({
      id: alert.id,
      kind: alert.kind,
      detection: alert.detection.slice(0, 1024),
      title: alert.title,
      severity: alert.severity,
      source: alert.source,
      destination: alert.destination,
      asset: alert.asset.slice(0, 1024),
      count: Math.max(1, alert.count),
      first: alert.first,
      last: alert.last,
      verdict: alert.verdict,
      impact: impacts.value.get(alert.id) ?? null,
      tlp: null,
    })),
    entities: entities.map((one) => ({ ...one, tlp: null })),
    edges: edges.map((one) => ({ ...one, tlp: null })),
    sentences: [...sentences].sort((a, b) => a.place - b.place).map((one) => ({ ...one, tlp: null })),
    actions: actionsOf(parts.value, runs, at),
    evidence: evidence.map((one) => ({ ...one, tlp: null })),
    notes: notes.map((one) => ({ ...one, tlp: null })),
  })
}

async function entriesOf(
  { incidents }: ReportDesk,
  number: string,
  runs: readonly Run[],
  signal: AbortSignal,
): Promise<Result<SourceEntry[]>> {
  const found: SourceEntry[] = []
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof incidents.timeline>> = await incidents.timeline(
      { number, from: null, to: null, slots: 1, limit: PAGE, after },
      signal,
    )
    if (!page.ok) return page
    for (const entry of page.value.entries) {
      const { id, kind, time, until, severity, alert, event, cites, group, internal } = entry
      found.push({
        id,
        kind,
        time,
        until,
        severity,
        alert,
        event,
        cites,
        group,
        internal,
        evidence: [],
        tlp: null,
        ...entryWords(entry, runs),
      })
    }
    if (found.length > MOST_ENTRIES)
      return fail({ code: 'invalid_input', message: `A report holds at most ${MOST_ENTRIES} entries.`, path: 'entries' })
    after = page.value.after
    if (after === null) return ok(found)
    await nextTurn()
  }
}

/** Tasks, then the steps of each run that somebody has to do or did. */
function actionsOf({ tasks }: IncidentParts, runs: readonly Run[], at: string): SourceAction[] {
  const done: SourceAction[] = tasks.map(({ id, title, assignee, due, state, reason, phase, written }) => ({
    id,
    title,
    playbook: '',
    phase,
    assignee,
    due,
    state,
    ended: state === 'open' ? null : written.at,
    reason,
    tlp: null,
    internal: false,
  }))
  for (const [index, { run }] of runs.entries()) {
    const views = new Map(viewRun(run, at).steps.map((view) => [view.id, view]))
    for (const [place, step] of run.playbook.steps.entries()) {
      const view = views.get(step.id)
      const stand = run.steps.find(({ id }) => id === step.id)
      if (!view || !stand || view.state === 'off' || view.state === 'later') continue
      done.push({
        id: `run-${index + 1}-${place + 1}`,
        title: step.title,
        playbook: run.playbook.title,
        phase: step.phase,
        assignee: stand.assignee,
        due: view.due,
        state: stand.status === 'done' || stand.status === 'skipped' ? stand.status : 'open',
        ended: stand.end?.at ?? null,
        reason: stand.end?.note ?? '',
        tlp: null,
        internal: false,
      })
    }
  }
  return done
}
