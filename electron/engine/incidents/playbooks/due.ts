/** When steps of a run are due, how late they are, and until when a wait waits. All times in milliseconds since 1970. */
import type { PlaybookRun } from '../../../../shared/model/playbook-run.ts'
import { nextClock } from './duration.ts'
import { shapeOf } from './outlook.ts'

/** Milliseconds of an ISO time; parts of a millisecond are dropped. */
export const millis = (iso: string): number => Date.parse(iso)

/** Null where the step has no due time, or that from which it counts has not come. */
export function dueAt(run: PlaybookRun, at: number): number | null {
  const due = run.playbook.steps[at]?.due ?? null
  if (due === null) return null
  if (due.after === null) return millis(run.started.at) + due.within
  const after = run.steps[shapeOf(run).index.get(due.after) ?? -1]?.end?.at
  return after === undefined ? null : millis(after) + due.within
}

/** Milliseconds past its due time at `now`, or when it was done. Null where it is in time, was skipped, or has no due time. */
export function lateBy(run: PlaybookRun, at: number, now: number): number | null {
  const due = dueAt(run, at)
  const step = run.steps[at]
  if (due === null || step === undefined || step.status === 'skipped') return null
  const late = (step.end === null ? now : millis(step.end.at)) - due
  return late > 0 ? late : null
}

/** Null where the step is no wait, does not wait yet, or only a condition ends it. */
export function waitsUntil(run: PlaybookRun, at: number): number | null {
  const step = run.playbook.steps[at]
  const since = run.steps[at]?.ready ?? null
  if (step?.kind !== 'wait' || since === null) return null
  const from = millis(since)
  switch (step.wait.kind) {
    case 'for':
      return from + step.wait.time
    case 'until':
      return nextClock(step.wait.clock, from)
    case 'when':
      return step.wait.atMost === null ? null : from + step.wait.atMost
  }
}
