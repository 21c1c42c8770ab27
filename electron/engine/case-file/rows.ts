/** Rows of a case file as they must be. A row is checked before anything of it is used. */
import { z } from 'zod'
import { DetectionKind } from '../../../shared/model/alert.ts'
import { EventDetail } from '../../../shared/model/event.ts'
import { Verification } from '../../../shared/model/impact.ts'
import { Incident, IncidentNumber, IncidentPartId, Pap, Tlp } from '../../../shared/model/incident.ts'
import { BODIES } from '../store/incidents/part-row.ts'
import type { JsonTable } from './format.ts'

const Text = z.string().max(4_000_000)
const Short = z.string().max(4096)
const Int = z.number().int()
const OneZero = z.union([z.literal(0), z.literal(1)])
const Severity = Int.min(0).max(4)
const Id = z.string().regex(/^\d{1,16}$/)
const Micros = z.number()
const Who = z.string().max(256)
/** Text that holds JSON of this shape. */
const jsonOf = <T>(schema: z.ZodType<T>) =>
  Text.refine((text) => {
    try {
      return schema.safeParse(JSON.parse(text)).success
    } catch {
      return false
    }
  })

export const IncidentRecord = z.strictObject({
  id: Int,
  number: IncidentNumber,
  title: z.string().max(300),
  summary: Text,
  severity: Severity,
  tlp: Tlp,
  pap: Pap,
  status: z.enum(['open', 'contained', 'eradicated', 'recovered', 'closed', 'merged']),
  times: jsonOf(Incident.shape.times),
  owner: Who.nullable(),
  watchers: jsonOf(Incident.shape.watchers),
  tags: jsonOf(Incident.shape.tags),
  attack: jsonOf(Incident.shape.attack),
  customer: z.string().max(64).nullable(),
  merged_into: z.null(),
  created: Micros,
  created_by: Who,
  revision: Int,
  search: Text,
})
export const LinkRecord = z.strictObject({ number: IncidentNumber, kind: z.enum(['related', 'parent', 'child', 'duplicate']) })
export const EntryRecord = z.strictObject({
  incident: Int,
  id: IncidentPartId,
  kind: BODIES.entry.shape.kind,
  time: Micros,
  until: Micros.nullable(),
  title: z.string().max(1000),
  severity: Severity.nullable(),
  alert: Int.nullable(),
  grp: z.string().max(100),
  internal: OneZero,
  body: jsonOf(BODIES.entry.pick({ text: true, event: true, cites: true })),
  revision: Int,
  at: Micros,
  by: Who,
  gone: OneZero,
})
const PartName = z.enum(['entry', 'entity', 'edge', 'sentence', 'note', 'task', 'evidence', 'playbook'])
const Free = z.record(z.string(), z.json())
export const PartRecord = z
  .strictObject({
    incident: Int,
    kind: PartName.exclude(['entry']),
    id: IncidentPartId,
    key: z.string().max(1024).nullable(),
    state: Short.nullable(),
    body: jsonOf(Free),
    bytes: Int,
    created: Micros,
    created_by: Who,
    revision: Int,
    at: Micros,
    by: Who,
    gone: OneZero,
  })
  .refine(({ kind, body }) => kind === 'playbook' || BODIES[kind].safeParse(JSON.parse(body)).success)
export const VersionRecord = z
  .strictObject({ incident: Int, kind: PartName, id: IncidentPartId, revision: Int, body: jsonOf(Free).nullable() })
  .refine(({ kind, body }) => body === null || kind === 'playbook' || BODIES[kind].safeParse(JSON.parse(body)).success)
export const AlertRecord = z.strictObject({
  id: Int,
  key: Text,
  kind: DetectionKind,
  detection: Short,
  title: Text,
  severity: Severity,
  attack: jsonOf(z.array(Short)),
  category: Short.nullable(),
  src_ip: Short.nullable(),
  src_port: Int.nullable(),
  src_name: Short.nullable(),
  dst_ip: Short.nullable(),
  dst_port: Int.nullable(),
  dst_name: Short.nullable(),
  asset: Short,
  user: Short.nullable(),
  count: Int,
  first: Micros,
  last: Micros,
  raised: Micros,
  state: Int.min(0).max(2),
  owner: Who.nullable(),
  taken_at: Micros.nullable(),
  snoozed_until: Micros.nullable(),
  verdict: Short.nullable(),
  why: Short.nullable(),
  reason: Text.nullable(),
  decided_at: Micros.nullable(),
  decided_by: Who.nullable(),
  impact: Int.min(0).max(4),
  impact_confidence: z.number().min(0).max(1).nullable(),
  verified_count: Int.nullable(),
  spark_slot: Int,
  spark: z.base64().max(256),
  revision: Int,
  text: Int.nullable(),
  event: Int,
  marks: jsonOf(z.array(z.json())),
  joined: z.strictObject({ at: Micros, by: Who }),
  events: z.array(Id).max(1_000_000),
  scenarios: z.array(
    z.strictObject({
      scenario: Short,
      grp: jsonOf(z.array(z.tuple([z.string(), z.string()]))),
      fulfilled: Micros,
      steps: jsonOf(z.array(z.tuple([Int, Micros, z.string()]))),
    }),
  ),
})
export const ActionRecord = z.strictObject({
  id: Int,
  step: Int,
  alert: Int,
  at: Micros,
  by: Who,
  action: Short,
  verdict: Short.nullable(),
  why: Short.nullable(),
  rests_on: jsonOf(z.json()).nullable(),
  incident: Short.nullable(),
  reason: Text.nullable(),
  until: Micros.nullable(),
  undone: OneZero,
})
export const VerificationRecord = z.strictObject({
  alert: Int,
  number: Int.min(1),
  at: Micros,
  by: Who,
  cause: Verification.shape.cause,
  result: Int.min(0).max(4),
  confidence: z.number().min(0).max(1),
  body: jsonOf(Verification.pick({ reason: true, findings: true, looked: true })),
})
export const DetectionRecord = z.strictObject({
  id: Int,
  kind: DetectionKind,
  detection: Short,
  hash: Short,
  body: jsonOf(z.looseObject({ kind: DetectionKind, detection: z.string(), title: z.string(), text: z.string() })),
})
export const SourceRecord = z.strictObject({ name: z.string().max(120) })
export const AssetRecord = z.strictObject({ id: z.string().max(256), body: jsonOf(Free) })
export const EventRecord = EventDetail.omit({ raw: true, rawBase64: true }).strict()

/** What is wrong with a row, null where nothing is. `named`: what it must be called. */
const check =
  <T>(shape: z.ZodType<T>, named: (row: T) => string | null) =>
  (id: string, body: string): string | null => {
    let value: unknown
    try {
      value = JSON.parse(body)
    } catch {
      return 'The row is no JSON.'
    }
    const row = shape.safeParse(value)
    if (!row.success) {
      const issue = row.error.issues[0]
      return `The row is not as it should be: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
    }
    const name = named(row.data)
    return name !== null && name !== id ? `The row is of ${name}, and is called ${id}.` : null
  }

export const ROWS: Record<JsonTable | 'event', (id: string, body: string) => string | null> = {
  incident: check(IncidentRecord, (row) => row.number),
  link: check(LinkRecord, (row) => row.number),
  entry: check(EntryRecord, (row) => row.id),
  part: check(PartRecord, (row) => `${row.kind}:${row.id}`),
  version: check(VersionRecord, (row) => `${row.kind}:${row.id}:${row.revision}`),
  alert: check(AlertRecord, (row) => String(row.id)),
  action: check(ActionRecord, (row) => String(row.id)),
  verification: check(VerificationRecord, (row) => `${row.alert}:${row.number}`),
  detection: check(DetectionRecord, (row) => String(row.id)),
  source: check(SourceRecord, () => null),
  asset: check(AssetRecord, (row) => row.id),
  event: check(EventRecord, (row) => row.id),
}
