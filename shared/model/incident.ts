/**
 * Incidents: cases that alerts were escalated into. Everything a person can change has a revision; an edit names the one it was made
 * on, so that edits of several windows are merged and none is lost.
 */
import { z } from 'zod'
import { AlertId } from './alert.ts'
import { EventId } from './event.ts'
import { Bilingual, Cite, ImpactMark } from './impact.ts'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

/** `INC-2026-0117`: the year it was opened in, and a number that is given once. */
export const IncidentNumber = z.string().regex(/^INC-\d{4}-\d{4,6}$/)
export type IncidentNumber = z.infer<typeof IncidentNumber>

/** Traffic Light Protocol 2.0 (FIRST). */
export const TLPS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export const Tlp = z.enum(TLPS)
export type Tlp = z.infer<typeof Tlp>
/** Permissible Actions Protocol: what may be done with what is known. */
export const PAPS = ['CLEAR', 'GREEN', 'AMBER', 'RED'] as const
export const Pap = z.enum(PAPS)
export type Pap = z.infer<typeof Pap>

/** The way of an incident, in order; each has a time. */
export const PHASES = ['occurred', 'detected', 'acknowledged', 'contained', 'eradicated', 'recovered', 'closed'] as const
export const Phase = z.enum(PHASES)
export type Phase = z.infer<typeof Phase>

export const IncidentStatus = z.enum(['open', 'contained', 'eradicated', 'recovered', 'closed', 'merged'])
export type IncidentStatus = z.infer<typeof IncidentStatus>

const Who = z.string().max(256)
const Name = z.string().trim().min(1).max(300)
const Text = z.string().max(100_000)
const PartId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
export const IncidentPartId = PartId

/** What stands in lists, and at the head of the editor. */
export const Incident = z.object({
  number: IncidentNumber,
  title: Name,
  summary: Text,
  severity: Severity,
  tlp: Tlp,
  pap: Pap,
  status: IncidentStatus,
  /** When each phase was reached; null where it was not yet. `occurred` may be earlier than anything on the desk. */
  times: z.record(Phase, IsoTime.nullable()),
  owner: Who.nullable(),
  watchers: z.array(Who).max(100),
  tags: z.array(z.string().min(1).max(64)).max(100),
  /** ATT&CK ids. */
  attack: z.array(z.string().max(16)).max(200),
  /** Id of the customer whose assets are concerned. */
  customer: z.string().max(64).nullable(),
  links: z.array(z.object({ to: IncidentNumber, kind: z.enum(['related', 'parent', 'child', 'duplicate']) })).max(100),
  /** Where everything of it went. */
  mergedInto: IncidentNumber.nullable(),
  /** The worst of its alerts. */
  impact: ImpactMark.nullable(),
  created: IsoTime,
  createdBy: Who,
  /** Grows with every change of anything in the incident. */
  revision: z.number().int(),
  counts: z.object({
    alerts: z.number().int(),
    entries: z.number().int(),
    entities: z.number().int(),
    evidence: z.number().int(),
    notes: z.number().int(),
    tasks: z.number().int(),
    tasksDone: z.number().int(),
    ledger: z.number().int(),
  }),
})
export type Incident = z.infer<typeof Incident>

/** Who wrote a part last, and its own revision: an edit names the one it was made on. */
const Written = { revision: z.number().int(), at: IsoTime, by: Who }

export const ENTRY_KINDS = ['alert', 'event', 'action', 'call', 'note', 'status', 'evidence', 'step'] as const
/**
 * Titles of `status` entries, which come by themselves: codes, for which the screen has words. Besides these, every phase of `PHASES` that
 * was reached. `task_…`, `reopened`, `merged` and `merged_from` say more in `text`.
 */
export const STATUS_TITLES = [
  'opened',
  'reopened',
  'merged',
  'merged_from',
  'withdrawn',
  'task_added',
  'task_skipped',
  'task_reopened',
] as const
/** One dated entry of the timeline. */
export const TimelineEntry = z.object({
  id: PartId,
  kind: z.enum(ENTRY_KINDS),
  time: IsoTime,
  /** For what lasted: a call, a phase. */
  until: IsoTime.nullable(),
  title: z.string().max(1000),
  text: Text,
  /** Severity of an alert's entry. */
  severity: Severity.nullable(),
  alert: AlertId.nullable(),
  event: EventId.nullable(),
  cites: z.array(Cite).max(64),
  /** Entries of one phase of the attack are shown under one bracket: `Scan`, `Web shell`. */
  group: z.string().max(100),
  /** Left out of reports for customers. */
  internal: z.boolean(),
  written: z.object(Written),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const ENTITY_KINDS = ['host', 'address', 'user', 'file', 'domain', 'process', 'service'] as const
export const Entity = z.object({
  id: PartId,
  kind: z.enum(ENTITY_KINDS),
  /** As the events have it: what entities are known by, together with their kind. */
  value: z.string().min(1).max(1024),
  label: z.string().max(300),
  role: z.enum(['attacker', 'target', 'staging', 'seen']),
  /** `Internet`, or the network that it is in: a column of the picture. */
  zone: z.string().max(100),
  asset: z.string().max(64).nullable(),
  note: z.string().max(4000),
  written: z.object(Written),
})
export type Entity = z.infer<typeof Entity>

/** What went from one entity to another, with what shows it. */
export const Edge = z.object({
  id: PartId,
  from: PartId,
  to: PartId,
  label: z.string().max(300),
  /** `worked` and `tried` are parts of the intrusion. */
  state: z.enum(['worked', 'tried', 'seen']),
  /** Number of the step of the route, from 1; null where it is none. */
  step: z.number().int().min(1).max(999).nullable(),
  time: IsoTime.nullable(),
  cites: z.array(Cite).max(64),
  written: z.object(Written),
})
export type Edge = z.infer<typeof Edge>

export const SECTIONS = ['entry', 'path', 'reached', 'left', 'weakness', 'advice'] as const
/** One sentence of route and weakness. Without a cite it cannot be confirmed. */
export const Sentence = z.object({
  id: PartId,
  section: z.enum(SECTIONS),
  /** Number of the step of the route it tells of. */
  step: z.number().int().min(1).max(999).nullable(),
  /** Order within the section. */
  place: z.number(),
  text: Bilingual,
  cites: z.array(Cite).max(64),
  /** Evidence items that it rests on: `EV-03`. */
  evidence: z.array(z.string().regex(/^EV-\d{2,4}$/)).max(32),
  /** For weaknesses and advice: whose. */
  asset: z.string().max(256).nullable(),
  state: z.enum(['proposed', 'confirmed']),
  written: z.object(Written),
})
export type RouteSentence = z.infer<typeof Sentence>
export const RouteSentence = Sentence

export const EVIDENCE_KINDS = ['packets', 'record', 'object', 'file', 'screenshot'] as const
/** Immutable: copied, hashed, read-only. */
export const Evidence = z.object({
  /** `EV-01`, within the incident. */
  id: z.string().regex(/^EV-\d{2,4}$/),
  kind: z.enum(EVIDENCE_KINDS),
  /** As it was called where it came from; shown only. */
  name: z.string().max(300),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it came from, in words of the desk: capture and flow, source and record. */
  origin: z.string().max(2000),
  cites: z.array(Cite).max(64),
  note: z.string().max(4000),
  internal: z.boolean(),
  added: IsoTime,
  addedBy: Who,
  /** `hashing` until the copy is whole. */
  state: z.enum(['hashing', 'sealed', 'missing', 'altered']),
})
export type Evidence = z.infer<typeof Evidence>

/** Markdown, shown as text with the few marks that we draw ourselves: never as HTML. */
export const Note = z.object({
  id: PartId,
  text: Text,
  /** Names after `@`. */
  mentions: z.array(Who).max(100),
  internal: z.boolean(),
  created: IsoTime,
  createdBy: Who,
  written: z.object(Written),
})
export type Note = z.infer<typeof Note>

/** Something to be done that is no step of a playbook. */
export const Task = z.object({
  id: PartId,
  title: Name,
  assignee: Who.nullable(),
  due: IsoTime.nullable(),
  state: z.enum(['open', 'done', 'skipped']),
  /** Why it was skipped. */
  reason: z.string().max(4000),
  phase: Phase.nullable(),
  written: z.object(Written),
})
export type Task = z.infer<typeof Task>

/** What is edited, and in whose name it is locked to a revision. */
export const PART_KINDS = ['entry', 'entity', 'edge', 'sentence', 'note', 'task'] as const
export const PartKind = z.enum(PART_KINDS)
export type PartKind = z.infer<typeof PartKind>
