/** What a screen shows of a run at a moment: the state of each step, what it waits for, how late it is, and how far the run is. */
import type { PlaybookRun, RunView, StepView } from '../../../../shared/model/playbook-run.ts'
import { dueAt, lateBy, millis, waitsUntil } from './due.ts'
import { outstanding, possibleSteps } from './outlook.ts'

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** `now` is ISO UTC. Steps come in the order of the playbook. */
export function viewRun(run: PlaybookRun, now: string): RunView {
  const possible = possibleSteps(run)
  const progress = { done: 0, skipped: 0, open: 0, total: 0, late: 0 }
  const steps = run.steps.map((state, at): StepView => {
    const { id, status } = state
    const blockedBy = status === 'open' && state.reached !== null ? outstanding(run, at, possible) : []
    const settled = status === 'done' || status === 'skipped'
    const shown: StepView['state'] =
      status !== 'open' ? status
      : state.reached === null ? (possible.has(at) ? 'later' : 'off')
      : blockedBy.length > 0 ? 'blocked'
      : run.playbook.steps[at]?.kind === 'wait' ? 'waiting'
      : 'ready' // prettier-ignore
    if (shown !== 'off') progress.total++
    if (status === 'done') progress.done++
    else if (status === 'skipped') progress.skipped++
    else if (shown !== 'off') progress.open++
    const late = shown === 'off' ? null : lateBy(run, at, millis(now))
    if (late !== null && !settled) progress.late++
    return {
      id,
      state: shown,
      blockedBy,
      due: shown === 'off' ? null : iso(dueAt(run, at)),
      late,
      waitsUntil: settled ? null : iso(waitsUntil(run, at)),
    }
  })
  return { steps, progress }
}
