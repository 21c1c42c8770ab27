/** Incidents (contract area `incidents`). Part of the contract; see `contract.ts`. */
import { z } from 'zod'
import { Alert, AlertId } from './model/alert.ts'
import { EventId } from './model/event.ts'
import { Cite } from './model/impact.ts'
import {
  Edge,
  Entity,
  Evidence,
  Incident,
  IncidentNumber,
  IncidentPartId,
  IncidentStatus,
  Note,
  PartKind,
  Phase,
  RouteSentence,
  Task,
  TimelineEntry,
} from './model/incident.ts'
import { LedgerEntry } from './model/ledger.ts'
import { IsoTime } from './model/time.ts'
import { command, query, stream } from './rpc/kinds.ts'

const Nothing = z.object({})
const Of = z.object({ number: IncidentNumber })
/** Where in the editor something is written: `note:new`. */
const DraftPlace = z.string().max(100)
const id = { id: IncidentPartId.nullable().default(null) }
/** The revision an edit was made on; null for something new. An edit of an older one is merged where it can be, and `merged` says so. */
const base = { base: z.number().int().nullable().default(null) }

/** Fields of the head that people change. Each stands with the value that the editor started from. */
export const IncidentEdit = Incident.pick({
  title: true,
  summary: true,
  severity: true,
  tlp: true,
  pap: true,
  owner: true,
  watchers: true,
  tags: true,
  attack: true,
  customer: true,
})
  .partial()
  .extend({ times: z.partialRecord(Phase, IsoTime.nullable()).optional() })

/** A part as an editor sends it: without what the engine adds. */
export const PartDraft = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entry'), ...id, ...base, part: TimelineEntry.omit({ id: true, written: true }) }),
  z.object({ kind: z.literal('entity'), ...id, ...base, part: Entity.omit({ id: true, written: true }) }),
  z.object({ kind: z.literal('edge'), ...id, ...base, part: Edge.omit({ id: true, written: true }) }),
  z.object({ kind: z.literal('sentence'), ...id, ...base, part: RouteSentence.omit({ id: true, written: true }) }),
  z.object({ kind: z.literal('note'), ...id, ...base, part: Note.pick({ text: true, internal: true }) }),
  z.object({ kind: z.literal('task'), ...id, ...base, part: Task.omit({ id: true, written: true }) }),
])
export type PartDraft = z.infer<typeof PartDraft>

export const IncidentParts = z.object({
  entities: z.array(Entity),
  edges: z.array(Edge),
  sentences: z.array(RouteSentence),
  evidence: z.array(Evidence),
  notes: z.array(Note),
  tasks: z.array(Task),
  /** Runs of playbooks, as `engine/incidents/playbooks` keeps them. */
  playbooks: z.array(z.object({ id: IncidentPartId, revision: z.number().int(), run: z.record(z.string(), z.json()) })),
})

export type IncidentParts = z.infer<typeof IncidentParts>

export const incidentContract = {
  'incidents.list': query(
    'desk.read',
    z.object({
      /** In title, number, summary, tags. */
      text: z.string().max(500).default(''),
      status: z.array(IncidentStatus).default(['open', 'contained', 'eradicated', 'recovered']),
      owner: z.string().max(256).nullable().default(null),
      customer: z.string().max(64).nullable().default(null),
      limit: z.number().int().min(1).max(500).default(200),
      after: z.string().max(512).nullable().default(null),
    }),
    z.object({ incidents: z.array(Incident), total: z.number().int(), after: z.string().nullable() }),
  ),
  'incidents.get': query('desk.read', Of, Incident),
  /** All but the timeline, whose entries may be many. */
  'incidents.parts': query('desk.read', Of, IncidentParts),
  /** Entries of a window in order of time, and how many there are in each of `slots`, by kind: what a zoomed axis shows. */
  'incidents.timeline': query(
    'desk.read',
    Of.extend({
      from: IsoTime.nullable().default(null),
      to: IsoTime.nullable().default(null),
      slots: z.number().int().min(1).max(400).default(160),
      limit: z.number().int().min(0).max(2000).default(500),
      after: z.string().max(512).nullable().default(null),
    }),
    z.object({
      from: IsoTime,
      to: IsoTime,
      entries: z.array(TimelineEntry),
      after: z.string().nullable(),
      total: z.number().int(),
      counts: z.record(z.string(), z.array(z.number())),
      /** Groups with the time they span. */
      groups: z.array(z.object({ group: z.string(), from: IsoTime, to: IsoTime })),
      /** Stretches in which no source told anything of the entities. */
      gaps: z.array(z.object({ from: IsoTime, to: IsoTime })),
    }),
  ),
  'incidents.alerts': query('desk.read', Of, z.object({ alerts: z.array(Alert) })),
  /** Alerts of the same story that are not in it: same attacker, same target, or an entity of it, near in time. Why each is offered, and whether it is the story's: not the attempt of somebody else on the same host. */
  'incidents.offered': query(
    'desk.read',
    Of,
    z.object({
      alerts: z.array(
        z.object({
          alert: Alert,
          why: z.enum(['attacker', 'target', 'entity', 'scenario']),
          value: z.string(),
          chosen: z.boolean(),
        }),
      ),
    }),
  ),
  /** Incidents that these alerts would fit, the best first: what `Decide, join` offers. */
  'incidents.suggest': query(
    'desk.read',
    z.object({ alerts: z.array(AlertId).min(1).max(1000) }),
    z.object({ incidents: z.array(Incident) }),
  ),
  'incidents.create': command(
    'incidents.edit',
    z.object({
      title: z.string().trim().min(1).max(300),
      alerts: z.array(AlertId).max(1000).default([]),
      edit: IncidentEdit.default({}),
    }),
    Incident,
  ),
  /** `from`: the values that the editor started from, of the same fields. A field that somebody else changed meanwhile is told in `conflicts`, and stays as it is unless `insist`; texts are merged. */
  'incidents.edit': command(
    'incidents.edit',
    Of.extend({ edit: IncidentEdit, from: IncidentEdit, insist: z.boolean().default(false) }),
    z.object({ incident: Incident, conflicts: z.array(z.string()) }),
  ),
  /** Sets the time of a phase, now where none is given, and the status that follows. `conflict` where an earlier phase has none, or a task of the phase is open. */
  'incidents.reach': command('incidents.edit', Of.extend({ phase: Phase, at: IsoTime.nullable().default(null) }), Incident),
  'incidents.reopen': command('incidents.edit', Of.extend({ reason: z.string().min(1).max(4000) }), Incident),
  'incidents.addAlerts': command('incidents.edit', Of.extend({ alerts: z.array(AlertId).min(1).max(1000) }), Incident),
  'incidents.removeAlerts': command(
    'incidents.edit',
    Of.extend({ alerts: z.array(AlertId).min(1).max(1000), reason: z.string().max(4000) }),
    Incident,
  ),
  /** Pins events to the timeline: what is dragged in from a search. */
  'incidents.addEvents': command(
    'incidents.edit',
    Of.extend({ events: z.array(EventId).min(1).max(1000), group: z.string().max(100).default('') }),
    Incident,
  ),
  /** Saves a part: new where it has no id. `merged`: somebody else had changed it, and both changes are in `part`. */
  'incidents.save': command(
    'incidents.edit',
    Of.extend({ draft: PartDraft }),
    z.object({ id: IncidentPartId, revision: z.number().int(), merged: z.boolean(), incident: Incident }),
  ),
  'incidents.remove': command('incidents.edit', Of.extend({ kind: PartKind, id: IncidentPartId }), Incident),
  'incidents.link': command(
    'incidents.edit',
    Of.extend({ to: IncidentNumber, kind: z.enum(['related', 'parent', 'child', 'duplicate']), linked: z.boolean() }),
    Incident,
  ),
  /** Everything of `from` goes to `number`; `from` stays to be read, and says where it went. */
  'incidents.merge': command('incidents.edit', Of.extend({ from: IncidentNumber, reason: z.string().max(4000) }), Incident),
  /** Takes back the caller's last change of this incident, wherever nobody has changed the same since. */
  'incidents.undo': command('incidents.edit', Of, z.object({ incident: Incident, undone: z.string().nullable() })),
  'incidents.ledger': query(
    'desk.read',
    Of.extend({ limit: z.number().int().min(1).max(1000).default(200), before: z.number().int().nullable().default(null) }),
    z.object({ entries: z.array(LedgerEntry), total: z.number().int(), intact: z.boolean() }),
  ),
  /** What an editor had not saved, by the place it was written in: kept for the caller, so that a crash costs nothing. */
  'incidents.draft': query('desk.read', Of, z.object({ draft: z.record(DraftPlace, z.json()), at: IsoTime.nullable() })),
  /** Places that are not named stay as they are, for another window may write there; null forgets one. */
  'incidents.keepDraft': command('incidents.edit', Of.extend({ changes: z.record(DraftPlace, z.json().nullable()) }), Nothing),
  /** The incident's revision whenever it changes, what changed, and who else has it open. `number` null: any incident, without who. */
  'incidents.watch': stream(
    'desk.read',
    z.object({ number: IncidentNumber.nullable() }),
    z.object({
      revision: z.number().int(),
      changed: z.array(IncidentNumber),
      parts: z.array(
        z.enum(['head', 'alerts', 'timeline', 'graph', 'route', 'evidence', 'notes', 'tasks', 'playbooks', 'links']),
      ),
      here: z.array(z.string()),
    }),
  ),
  /** Cites as rows that can be shown: what a chip says, and where it leads. */
  'incidents.cited': query(
    'desk.read',
    z.object({ cites: z.array(Cite).min(1).max(200) }),
    z.object({ cited: z.array(z.object({ label: z.string(), detail: z.string(), known: z.boolean() })) }),
  ),
} as const
