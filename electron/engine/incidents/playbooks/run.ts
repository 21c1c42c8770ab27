/**
 * A playbook being carried out: a pure function from a run and an action to the next run and what is to be said of it. It knows neither
 * clock nor store; the same actions give the same run.
 */
import type { Facts } from '../../../../shared/model/playbook-facts.ts'
import type { Playbook, PlaybookStep } from '../../../../shared/model/playbook.ts'
import type { PlaybookRun, RunAction, RunEvent, RunRefusal, RunStep, StepEnd } from '../../../../shared/model/playbook-run.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { millis, waitsUntil } from './due.ts'
import { Draft, WATCHFLOOR } from './run-draft.ts'
import { factsOf, holds, parseCondition } from './expression.ts'
import { isSettled } from './outlook.ts'

export interface RunChange {
  readonly run: PlaybookRun
  readonly events: readonly RunEvent[]
}

/** Begins a run; `at` is ISO UTC, `by` who began it. */
export function startRun(playbook: Playbook, at: string, by: string): RunChange {
  const draft = Draft.begin(playbook, at, by)
  draft.say('run_started', null)
  for (const id of playbook.start) draft.reach(id, null)
  return draft.close()
}

/** One action on a run. Refusals are values; the run that was given is never changed. An action before the last one counts as at its time. */
export function applyAction(run: PlaybookRun, action: RunAction): Result<RunChange, RunRefusal> {
  // Later times only: clocks of several desks differ.
  const at = millis(action.at) > millis(run.at) ? action.at : run.at
  if (action.kind === 'tick') return ok(tick(run, at, action.facts))
  const draft = new Draft(run, at, action.by)
  const found = draft.find(action.step)
  if (found === undefined) return refuse('unknown_step', action.step, `there is no step ${action.step}`)
  const { step, state } = found
  switch (action.kind) {
    case 'assign':
      if (isSettled(state)) return settled(state)
      draft.change(step.id, { assignee: action.who })
      draft.say('assigned', step.id, { who: action.who })
      return ok(draft.close())
    case 'start': {
      const against = notReady(draft, step, state)
      if (against !== null) return fail(against)
      if (state.status === 'started') return refuse('already_started', step.id, `${step.id} has been started already`)
      if (step.kind === 'wait') return refuse('cannot_start', step.id, `${step.id} waits by itself`)
      draft.change(step.id, { status: 'started', started: at, assignee: state.assignee ?? action.by })
      draft.say('started', step.id)
      return ok(draft.close())
    }
    case 'done': {
      const against = notReady(draft, step, state)
      if (against !== null) return fail(against)
      if (step.kind === 'decide') return refuse('choice_needed', step.id, `${step.id} is done by choosing`)
      if (step.kind === 'wait' && step.wait.kind !== 'when' && millis(at) < (waitsUntil(run, draft.indexOf(step.id)) ?? 0))
        return refuse('wait_not_over', step.id, `${step.id} is not over yet: skip it with a reason if nobody is to wait`)
      const { outcome, note, evidence } = action
      draft.settle(step.id, 'done', endOf(at, action.by, { outcome, note: trimmed(note), evidence }))
      draft.say('done', step.id, { outcome, note: trimmed(note), late: draft.lateness(step.id) })
      draft.follow(step.id, outcome === 'success' ? (edgesOf(step)?.success ?? []) : (edgesOf(step)?.failure ?? []))
      return ok(draft.close())
    }
    case 'answer': {
      const against = notReady(draft, step, state)
      if (against !== null) return fail(against)
      const choice = step.kind === 'decide' ? step.choices.find(({ id }) => id === action.choice) : undefined
      if (choice === undefined) return refuse('not_a_choice', step.id, `${action.choice} is no choice of ${step.id}`)
      const note = trimmed(action.note)
      draft.settle(step.id, 'done', endOf(at, action.by, { outcome: 'success', choice: choice.id, note }))
      draft.say('answered', step.id, { choice: choice.id, note, late: draft.lateness(step.id) })
      draft.follow(step.id, choice.next)
      return ok(draft.close())
    }
    case 'skip': {
      const reason = trimmed(action.reason)
      if (isSettled(state)) return settled(state)
      if (state.reached === null) return refuse('not_reached', step.id, `nothing has led to ${step.id}`)
      if (reason === null) return refuse('reason_missing', step.id, `${step.id} is skipped with a reason or not at all`)
      const edges = edgesOf(step)
      if (edges === null || (step.kind === 'check' && !sameSteps(edges.success, edges.failure)))
        return refuse('answer_needed', step.id, `what follows depends on ${step.id}: answer it`)
      draft.settle(step.id, 'skipped', endOf(at, action.by, { note: reason }))
      draft.say('skipped', step.id, { note: reason })
      draft.follow(step.id, edges.success)
      return ok(draft.close())
    }
    case 'reopen':
      return reopen(draft, step, state, trimmed(action.reason))
  }
}

const edgesOf = (step: PlaybookStep): { success: readonly string[]; failure: readonly string[] } | null =>
  step.kind === 'decide' ? null : { success: step.onSuccess, failure: step.onFailure }
const sameSteps = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

function endOf(at: string, by: string, of: Partial<StepEnd>): StepEnd {
  return { at, by, outcome: null, choice: null, note: null, evidence: [], answered: null, ...of }
}
const trimmed = (text: string | null): string | null => {
  const rest = text?.trim() ?? ''
  return rest === '' ? null : rest
}

function refuse(
  code: RunRefusal['code'],
  step: string,
  message: string,
  steps: readonly string[] = [],
): { readonly ok: false; readonly error: RunRefusal } {
  return fail({ code, step, steps, message })
}
const settled = ({ id, status }: RunStep): { readonly ok: false; readonly error: RunRefusal } =>
  refuse('already_settled', id, `${id} is ${status} already`)

function notReady(draft: Draft, step: PlaybookStep, state: RunStep): RunRefusal | null {
  const { id } = step
  if (isSettled(state)) return settled(state).error
  if (state.reached === null) return refuse('not_reached', id, `nothing has led to ${id}`).error
  const needs = draft.outstanding(id)
  return needs.length === 0 ? null : refuse('needs_outstanding', id, `${id} needs ${needs.join(', ')} first`, needs).error
}

/** Takes back how a step ended. Refused where something was begun or done because of it: that has to be taken back first. */
function reopen(draft: Draft, step: PlaybookStep, state: RunStep, note: string | null): Result<RunChange, RunRefusal> {
  const { id } = step
  if (!isSettled(state)) return refuse('not_settled', id, `${id} is neither done nor skipped`)
  const before = new Set(draft.astray())
  draft.change(id, { status: 'open', started: null, end: null, byHand: true })
  draft.unfollow(id)
  const astray = draft.astray().filter((other) => other !== id && !before.has(other))
  if (astray.length > 0) return refuse('later_steps', id, `${astray.join(', ')} came of ${id}: reopen them first`, astray)
  draft.say('reopened', id, { note })
  return ok(draft.close())
}

/** Waits that are over end, checks that facts answer are answered. Gives the same run where nothing changes. */
function tick(run: PlaybookRun, at: string, known: Readonly<Record<string, unknown>>): RunChange {
  const facts = known as Facts
  const draft = new Draft(run, at, WATCHFLOOR)
  // A wait that begins in this tick ends in none before the next: so a loop cannot turn within one.
  const waiting = new Set(run.steps.filter(({ ready }) => ready !== null).map(({ id, round }) => `${id} ${round}`))
  for (let changed = true; changed;) {
    changed = false
    for (const { id } of run.playbook.steps) {
      const found = draft.find(id)
      if (found === undefined || found.state.ready === null || isSettled(found.state)) continue
      const { step, state } = found
      const ended =
        step.kind === 'wait' && waiting.has(`${id} ${state.round}`)
          ? waitEnd(step, draft, at, facts)
          : step.kind === 'check' && !state.byHand
            ? answer(step, at, facts)
            : null
      if (ended === null) continue
      draft.settle(id, 'done', ended)
      draft.say('done', id, { outcome: ended.outcome, late: draft.lateness(id) })
      draft.follow(id, ended.outcome === 'success' ? step.onSuccess : step.onFailure)
      draft.ready()
      changed = true
    }
  }
  return draft.changed ? draft.close() : { run, events: [] }
}

function waitEnd(step: Extract<PlaybookStep, { kind: 'wait' }>, draft: Draft, at: string, facts: Facts): StepEnd | null {
  if (step.wait.kind === 'when' && holds(step.wait.condition, facts) === true)
    return endOf(at, WATCHFLOOR, { outcome: 'success', answered: answered(step.wait.condition, facts) })
  const until = waitsUntil(draft.run, draft.indexOf(step.id))
  if (until === null || millis(at) < until) return null
  return endOf(at, WATCHFLOOR, { outcome: step.wait.kind === 'when' ? 'failure' : 'success' })
}

/** Only where one of both holds: where both do, the playbook is of two minds, and a person decides. */
function answer(step: Extract<PlaybookStep, { kind: 'check' }>, at: string, facts: Facts): StepEnd | null {
  const yes = step.yes !== null && holds(step.yes, facts) === true
  const no = step.no !== null && holds(step.no, facts) === true
  if (yes === no) return null
  const condition = yes ? step.yes : step.no
  return endOf(at, WATCHFLOOR, { outcome: yes ? 'success' : 'failure', answered: answered(condition ?? '', facts) })
}

function answered(condition: string, facts: Facts): NonNullable<StepEnd['answered']> {
  const read = parseCondition(condition)
  const names = read.ok ? factsOf(read.value) : []
  return {
    condition,
    facts: Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))),
  }
}
