/** Playbooks: what is done in an incident, step by step. The file format is `docs/playbooks.md`; a run is `playbook-run.ts`. */
import { z } from 'zod'
import { Bilingual, Impact } from './impact.ts'
import { Severity } from './severity.ts'

/** Of playbooks, steps and choices: `web-exploit-succeeded`. */
export const PlaybookId = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'is lower case words joined by -')
  .max(64)
export type PlaybookId = z.infer<typeof PlaybookId>

export const STEP_KINDS = ['check', 'decide', 'contain', 'eradicate', 'recover', 'notify', 'wait'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** Who is suggested for a step, or is told. `customer` is the customer's contact. */
export const PLAYBOOK_ROLES = ['analyst', 'responder', 'supervisor', 'customer'] as const
export const PlaybookRole = z.enum(PLAYBOOK_ROLES)
export type PlaybookRole = z.infer<typeof PlaybookRole>

/** When all steps of a phase are done, the incident has that time. */
export const PLAYBOOK_PHASES = ['contained', 'eradicated', 'recovered'] as const
export const PlaybookPhase = z.enum(PLAYBOOK_PHASES)
export type PlaybookPhase = z.infer<typeof PlaybookPhase>

/** Where a command is typed. It is shown and copied by a person, never run. */
export const COMMAND_PLACES = ['windows', 'linux', 'network', 'cloud', 'watchfloor'] as const

const Millis = z.number().int().min(1000)
const Steps = z.array(PlaybookId).max(20)

const step = {
  id: PlaybookId,
  title: Bilingual,
  /** Plain text; lines are kept. */
  text: Bilingual,
  role: PlaybookRole.nullable(),
  /** Milliseconds from the start of the playbook, or from when the step `after` was done or skipped. */
  due: z.object({ within: Millis, after: PlaybookId.nullable() }).nullable(),
  /** Steps that are done, skipped or off the chosen branch before this one can begin. */
  needs: Steps,
  /** Where it leads; nowhere is an end. Of a check, success is yes. */
  onSuccess: Steps,
  onFailure: Steps,
  optional: z.boolean(),
  /** What is to be gathered as evidence. */
  evidence: z.array(Bilingual).max(20),
  phase: PlaybookPhase.nullable(),
  /** Queries for the Events view, with placeholders such as `<target>`. */
  look: z.array(z.string().max(1000)).max(20),
  commands: z.array(z.object({ on: z.enum(COMMAND_PLACES), run: z.string().max(2000) })).max(20),
}

export const PlaybookChoice = z.object({ id: PlaybookId, title: Bilingual, next: Steps })
export type PlaybookChoice = z.infer<typeof PlaybookChoice>

/** How a wait ends: after a time, at the next such time of day, or when a condition over facts holds. */
export const PlaybookWait = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('for'), time: Millis }),
  /** `08:00+09:00` */
  z.object({ kind: z.literal('until'), clock: z.string() }),
  /** After `atMost` it has failed. */
  z.object({ kind: z.literal('when'), condition: z.string(), atMost: Millis.nullable() }),
])
export type PlaybookWait = z.infer<typeof PlaybookWait>

const action = z.object({ ...step, kind: z.enum(['contain', 'eradicate', 'recover']) })
export const PlaybookStep = z.discriminatedUnion('kind', [
  z.object({
    ...step,
    kind: z.literal('check'),
    /** Conditions over facts that answer it; both null where only a person can. */
    yes: z.string().nullable(),
    no: z.string().nullable(),
  }),
  z.object({ ...step, kind: z.literal('decide'), choices: z.array(PlaybookChoice).min(2).max(12) }),
  action,
  z.object({
    ...step,
    kind: z.literal('notify'),
    to: z.array(PlaybookRole).min(1).max(4),
    /** Name of the template of the mail. */
    template: z.string().nullable(),
    /** What is said: proposed, and edited by who sends it. */
    message: Bilingual.nullable(),
  }),
  z.object({ ...step, kind: z.literal('wait'), wait: PlaybookWait }),
])
export type PlaybookStep = z.infer<typeof PlaybookStep>

/** A playbook is proposed where one of its classes, techniques or tags is there, and impact and severity are as it says. */
export const PlaybookProposal = z.object({
  classes: z.array(z.string()),
  techniques: z.array(z.string()),
  tags: z.array(z.string()),
  /** Any where empty. */
  impacts: z.array(Impact),
  /** At least. */
  severity: Severity,
})
export type PlaybookProposal = z.infer<typeof PlaybookProposal>

export const Playbook = z.object({
  id: PlaybookId,
  /** Counted up whenever its text changes. */
  version: z.number().int().min(1).max(1_000_000),
  title: Bilingual,
  description: Bilingual,
  propose: PlaybookProposal,
  /** Steps a run begins with. */
  start: Steps,
  /** In the order of the file. */
  steps: z.array(PlaybookStep).min(1).max(200),
})
export type Playbook = z.infer<typeof Playbook>
