/** A playbook that is being carried out: plain JSON, with the whole text of the playbook as it was when the run began. */
import { z } from 'zod'
import { FactValue } from './playbook-facts.ts'
import { Playbook, PlaybookId, PlaybookPhase } from './playbook.ts'
import { IsoTime } from './time.ts'

const Who = z.string().min(1).max(256)
const Note = z.string().max(4000)

export const StepOutcome = z.enum(['success', 'failure'])
export type StepOutcome = z.infer<typeof StepOutcome>

/** How a step came to its end. */
export const StepEnd = z.object({
  at: IsoTime,
  by: Who,
  /** Null where it was skipped. */
  outcome: StepOutcome.nullable(),
  choice: PlaybookId.nullable(),
  /** Of a skipped step its reason. */
  note: Note.nullable(),
  /** Ids of evidence that came of it. */
  evidence: z.array(z.string().max(64)).max(100),
  /** The condition that answered it, and what the facts were. Null where a person did. */
  answered: z.object({ condition: z.string(), facts: z.record(z.string(), FactValue) }).nullable(),
})
export type StepEnd = z.infer<typeof StepEnd>

export const RunStep = z.object({
  id: PlaybookId,
  status: z.enum(['open', 'started', 'done', 'skipped']),
  assignee: Who.nullable(),
  /** Null while nothing has led to it. */
  reached: IsoTime.nullable(),
  /** Steps that led to it. */
  from: z.array(PlaybookId),
  /** Since when nothing it needs is outstanding. */
  ready: IsoTime.nullable(),
  started: IsoTime.nullable(),
  end: StepEnd.nullable(),
  /** It was opened again: facts answer it no more. */
  byHand: z.boolean(),
  /** From 1; counted up when a loop comes back to it. */
  round: z.number().int().min(1),
})
export type RunStep = z.infer<typeof RunStep>

export const PlaybookRun = z.object({
  playbook: Playbook,
  started: z.object({ at: IsoTime, by: Who }),
  /** Of the last action. */
  at: IsoTime,
  /** In the order of the playbook. */
  steps: z.array(RunStep),
  phases: z.record(PlaybookPhase, IsoTime.nullable()),
  /** Nothing that must be done is left. */
  ended: IsoTime.nullable(),
})
export type PlaybookRun = z.infer<typeof PlaybookRun>

const of = { at: IsoTime, by: Who, step: PlaybookId }
export const RunAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assign'), ...of, who: Who.nullable() }),
  z.object({ kind: z.literal('start'), ...of }),
  z.object({
    kind: z.literal('done'),
    ...of,
    outcome: StepOutcome,
    note: Note.nullable(),
    evidence: z.array(z.string().max(64)).max(100).default([]),
  }),
  z.object({ kind: z.literal('skip'), ...of, reason: Note }),
  z.object({ kind: z.literal('reopen'), ...of, reason: Note.nullable() }),
  /** Of a `decide` step. */
  z.object({ kind: z.literal('answer'), ...of, choice: PlaybookId, note: Note.nullable() }),
  /** Time passes: waits end, facts answer checks. */
  z.object({ kind: z.literal('tick'), at: IsoTime, facts: z.record(z.string(), FactValue) }),
])
export type RunAction = z.infer<typeof RunAction>

/** What an action changed, for the incident's timeline. `step` is null where it is of the whole run. */
export const RunEvent = z.object({
  at: IsoTime,
  by: Who,
  kind: z.enum([
    'run_started', 'assigned', 'started', 'done', 'skipped', 'reopened', 'answered', 'ready', 'round', 'phase', 'phase_left',
    'run_ended', 'run_resumed',
  ]), // prettier-ignore
  step: PlaybookId.nullable(),
  who: Who.nullable(),
  outcome: StepOutcome.nullable(),
  choice: PlaybookId.nullable(),
  note: Note.nullable(),
  phase: PlaybookPhase.nullable(),
  /** Milliseconds after it was due. */
  late: z.number().int().nullable(),
})
export type RunEvent = z.infer<typeof RunEvent>

/** Why an action is refused. `steps` are those that stand against it. */
export const RUN_REFUSALS = [
  'unknown_step', 'not_reached', 'needs_outstanding', 'already_settled', 'not_settled', 'already_started', 'reason_missing',
  'choice_needed', 'not_a_choice', 'answer_needed', 'wait_not_over', 'later_steps', 'cannot_start', 'invalid',
] as const // prettier-ignore
export interface RunRefusal {
  readonly code: (typeof RUN_REFUSALS)[number]
  readonly step: string | null
  readonly steps: readonly string[]
  /** English. */
  readonly message: string
}

/** `waiting` runs by itself; `later` may come; `off` is not on the chosen branch. */
export const StepView = z.object({
  id: PlaybookId,
  state: z.enum(['ready', 'started', 'waiting', 'blocked', 'later', 'off', 'done', 'skipped']),
  /** Steps it needs that are outstanding. */
  blockedBy: z.array(PlaybookId),
  due: IsoTime.nullable(),
  /** Milliseconds past due: so far, or when it was done. Null where it is in time or has no due time. */
  late: z.number().int().nullable(),
  /** When a wait ends at the latest; null where only a condition ends it. */
  waitsUntil: IsoTime.nullable(),
})
export type StepView = z.infer<typeof StepView>

/** `done + skipped + open = total`: steps off the chosen branch are not counted. */
export const RunProgress = z.object({
  done: z.number().int(),
  skipped: z.number().int(),
  open: z.number().int(),
  total: z.number().int(),
  late: z.number().int(),
})
export type RunProgress = z.infer<typeof RunProgress>
export const RunView = z.object({ steps: z.array(StepView), progress: RunProgress })
export type RunView = z.infer<typeof RunView>
