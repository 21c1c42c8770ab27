/** Runs of playbooks as parts of their incident: each action is one change, with its entries on the timeline and in the ledger. */
import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { Playbook } from '../../../../shared/model/playbook.ts'
import { PlaybookRun, type RunAction, type RunEvent } from '../../../../shared/model/playbook-run.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { applyAction, startRun } from '../../incidents/playbooks/run.ts'
import type { Fields } from '../../incidents/merge-fields.ts'
import type { IncidentChange } from './incident-change.ts'
import { standingPart } from './part-row.ts'

const MOST_RUNS = 20
/** What becomes an entry of the timeline; the rest is in the ledger. */
const TOLD = new Set<RunEvent['kind']>(['run_started', 'done', 'skipped', 'reopened', 'answered', 'run_ended'])

export function startPlaybook(change: IncidentChange, playbook: Playbook): Result<{ readonly id: string }> {
  const { rows } = change.desk
  const count = rows.get<{ n: number }>(
    "SELECT count(*) AS n FROM incident_part WHERE incident = ? AND kind = 'playbook' AND gone = 0",
    change.row.id,
  )
  if ((count?.n ?? 0) >= MOST_RUNS)
    return fail({ code: 'conflict', message: `An incident has at most ${MOST_RUNS} runs of playbooks.` })
  const id = randomUUID()
  const { run, events } = startRun(playbook, isoFromMicros(change.now), change.by)
  keep(change, id, run, events)
  return ok({ id })
}

/** The action is the caller's, now. Errors: `not_found`, `conflict` where the run refuses it. */
export function actOnPlaybook(
  change: IncidentChange,
  id: string,
  action: RunAction,
): Result<{ readonly id: string; readonly revision: number }> {
  const standing = standingPart(change.desk.rows, change.row.id, 'playbook', id)
  if (!standing || standing.gone) return fail({ code: 'not_found', message: 'There is no such run.' })
  const before = PlaybookRun.safeParse(standing.fields)
  if (!before.success) return fail({ code: 'conflict', message: 'The run cannot be read.' })
  const at = isoFromMicros(change.now)
  const done = applyAction(before.data, action.kind === 'tick' ? { ...action, at } : { ...action, at, by: change.by })
  if (!done.ok) return fail({ code: 'conflict', message: `${done.error.code}: ${done.error.message}` })
  const { run, events } = done.value
  // A tick that changes nothing gives the run back as it was.
  if (run === before.data) return ok({ id, revision: standing.revision })
  return ok({ id, revision: keep(change, id, run, events) })
}

function keep(change: IncidentChange, id: string, run: PlaybookRun, events: readonly RunEvent[]): number {
  const revision = change.put('playbook', id, run as unknown as Fields)
  events.forEach((event, i) => {
    change.tell(`playbook.${event.kind}`, id, {
      playbook: run.playbook.id,
      step: event.step,
      who: event.who,
      outcome: event.outcome,
      choice: event.choice,
      note: event.note,
      late_ms: event.late,
    })
    if (!TOLD.has(event.kind)) return
    const step = run.playbook.steps.find((one) => one.id === event.step)
    // Both languages: whoever reads it later may read either.
    const title = step?.title ?? run.playbook.title
    change.entry(`step-${id}-${revision}-${i}`.slice(0, 64), {
      kind: 'step',
      title: `${title.en} · ${title.ko}`.slice(0, 1000),
      text: [event.kind, event.outcome, event.note].filter(Boolean).join(': '),
    })
  })
  return revision
}
