/** What a report is made of: an incident with its parts, as the desk has them. */
import { z } from 'zod'
import { DetectionKind, Endpoint, Verdict } from '../../../shared/model/alert.ts'
import { Bilingual, Cite, Impact } from '../../../shared/model/impact.ts'
import {
  ENTITY_KINDS,
  ENTRY_KINDS,
  EVIDENCE_KINDS,
  IncidentStatus,
  Pap,
  Phase,
  SECTIONS,
  Tlp,
} from '../../../shared/model/incident.ts'
import { Severity } from '../../../shared/model/severity.ts'
import { IsoTime } from '../../../shared/model/time.ts'

const Text = z.string().max(100_000)
const Name = z.string().max(1024)
const Id = z.string().min(1).max(64)
const EvidenceId = z.string().regex(/^EV-\d{2,4}$/)
/** In one language where a person wrote it, in both where the desk says it. */
const Said = z.union([Text, Bilingual])
export type Said = z.infer<typeof Said>

/** Its own marking; null is the incident's. */
const Marked = { tlp: Tlp.nullable().default(null) }
/** Of the desk only, whatever its marking. */
const Kept = { ...Marked, internal: z.boolean().default(false) }

export const SourceEntry = z.object({
  id: Id,
  kind: z.enum(ENTRY_KINDS),
  time: IsoTime,
  until: IsoTime.nullable(),
  title: Said,
  text: Said,
  severity: Severity.nullable(),
  alert: z.string().max(32).nullable(),
  event: z.string().max(32).nullable(),
  cites: z.array(Cite).max(64),
  evidence: z.array(EvidenceId).max(32).default([]),
  group: z.string().max(100),
  ...Kept,
})
export type SourceEntry = z.infer<typeof SourceEntry>

export const SourceAlert = z.object({
  id: z.string().max(32),
  kind: DetectionKind,
  detection: Name,
  title: Text,
  severity: Severity,
  source: Endpoint,
  destination: Endpoint,
  asset: Name,
  count: z.number().int().min(1),
  first: IsoTime,
  last: IsoTime,
  verdict: Verdict.nullable(),
  /** Null where impact was not verified. */
  impact: z.object({ result: Impact, confidence: z.number().min(0).max(1), reason: Bilingual }).nullable(),
  ...Marked,
})
export type SourceAlert = z.infer<typeof SourceAlert>

export const SourceEntity = z.object({
  id: Id,
  kind: z.enum(ENTITY_KINDS),
  value: Name,
  label: z.string().max(300),
  role: z.enum(['attacker', 'target', 'staging', 'seen']),
  zone: z.string().max(100),
  note: z.string().max(4000),
  ...Marked,
})
export type SourceEntity = z.infer<typeof SourceEntity>

export const SourceEdge = z.object({
  id: Id,
  from: Id,
  to: Id,
  label: Said,
  state: z.enum(['worked', 'tried', 'seen']),
  step: z.number().int().min(1).max(999).nullable(),
  time: IsoTime.nullable(),
  cites: z.array(Cite).max(64),
  ...Marked,
})
export type SourceEdge = z.infer<typeof SourceEdge>

/** Of route and weakness. Those of `weakness` and `advice` are told by asset. */
export const SourceSentence = z.object({
  id: Id,
  section: z.enum(SECTIONS),
  step: z.number().int().min(1).max(999).nullable(),
  text: Bilingual,
  cites: z.array(Cite).max(64),
  evidence: z.array(EvidenceId).max(32),
  asset: z.string().max(256).nullable(),
  state: z.enum(['proposed', 'confirmed']),
  ...Marked,
})
export type SourceSentence = z.infer<typeof SourceSentence>

/** Tasks and steps of playbooks alike. */
export const SourceAction = z.object({
  id: Id,
  title: Said,
  /** Title of its playbook; empty where it is a task. */
  playbook: Said,
  phase: Phase.nullable(),
  assignee: z.string().max(256).nullable(),
  due: IsoTime.nullable(),
  state: z.enum(['open', 'done', 'skipped']),
  /** When it was done or skipped. */
  ended: IsoTime.nullable(),
  reason: z.string().max(4000),
  ...Kept,
})
export type SourceAction = z.infer<typeof SourceAction>

export const SourceEvidence = z.object({
  id: EvidenceId,
  kind: z.enum(EVIDENCE_KINDS),
  name: z.string().max(300),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  origin: z.string().max(2000),
  state: z.enum(['hashing', 'sealed', 'missing', 'altered']),
  added: IsoTime,
  addedBy: z.string().max(256),
  ...Kept,
})
export type SourceEvidence = z.infer<typeof SourceEvidence>

export const SourceNote = z.object({
  id: Id,
  text: Text,
  created: IsoTime,
  createdBy: z.string().max(256),
  ...Kept,
})
export type SourceNote = z.infer<typeof SourceNote>

const MOST = 50_000
export const ReportSource = z.object({
  number: z.string().max(64),
  title: z.string().max(300),
  summary: Said,
  severity: Severity,
  tlp: Tlp,
  pap: Pap,
  status: IncidentStatus,
  times: z.record(Phase, IsoTime.nullable()),
  owner: z.string().max(256).nullable(),
  /** Name of the customer whose assets are concerned. */
  customer: z.string().max(300).nullable(),
  /** ATT&CK: id and, where it is known, name. */
  attack: z.array(z.object({ id: z.string().max(16), name: z.string().max(200) })).max(200),
  impact: Impact.nullable(),
  entries: z.array(SourceEntry).max(MOST),
  alerts: z.array(SourceAlert).max(MOST),
  entities: z.array(SourceEntity).max(MOST),
  edges: z.array(SourceEdge).max(MOST),
  sentences: z.array(SourceSentence).max(10_000),
  actions: z.array(SourceAction).max(10_000),
  evidence: z.array(SourceEvidence).max(10_000),
  notes: z.array(SourceNote).max(10_000),
})
export type ReportSource = z.infer<typeof ReportSource>
