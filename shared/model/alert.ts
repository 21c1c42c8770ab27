import { z } from 'zod'
import { EventId } from './event.ts'
import { ImpactMark } from './impact-result.ts'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

export const VERDICTS = ['tp_impact', 'tp_no_impact', 'false_positive', 'benign_tp', 'undetermined'] as const
export const Verdict = z.enum(VERDICTS)
export type Verdict = z.infer<typeof Verdict>

/** `sig` a Suricata signature · `rule` a Sigma rule · `scn` a scenario, which is a Sigma correlation. */
export const DetectionKind = z.enum(['sig', 'rule', 'scn'])
export type DetectionKind = z.infer<typeof DetectionKind>

export const AlertId = z.string().regex(/^\d{1,16}$/)
export type AlertId = z.infer<typeof AlertId>

export const AlertState = z.enum(['open', 'snoozed', 'decided'])
export type AlertState = z.infer<typeof AlertState>

export const Endpoint = z.object({
  ip: z.string().nullable(),
  port: z.number().int().nullable(),
  /** Host name from the record, or the asset's. */
  name: z.string().nullable(),
})
export type Endpoint = z.infer<typeof Endpoint>

/** One part of a rule that matched, and where: `field` of the event, the value, and the matched span of it. */
export const Mark = z.object({
  /** Path inside the rule: `selection.CommandLine|contains[2]`, or `signature` for an IDS alert. */
  part: z.string(),
  /** 1-based line in the rule's text where the part stands; 0 where there is none. */
  line: z.number().int(),
  field: z.string(),
  value: z.string(),
  /** Span of the match in `value`, UTF-16 offsets; `[0, 0]` where the whole value decides (null, exists, numbers). */
  start: z.number().int(),
  end: z.number().int(),
})
export type Mark = z.infer<typeof Mark>

export const Alert = z.object({
  id: AlertId,
  kind: DetectionKind,
  /** `gid:sid` for a signature, the rule's id for a rule. */
  detection: z.string(),
  title: z.string(),
  severity: Severity,
  /** ATT&CK ids: `T1190`, `TA0001`. */
  attack: z.array(z.string()),
  category: z.string().nullable(),
  source: Endpoint,
  destination: Endpoint,
  /** The asset that is attacked: a host name, else an address. */
  asset: z.string(),
  /** Detail of the pair for host events: user, process. */
  user: z.string().nullable(),
  count: z.number().int(),
  first: IsoTime,
  last: IsoTime,
  /** When the desk saw it first: the age on screen. */
  raised: IsoTime,
  state: AlertState,
  owner: z.string().nullable(),
  takenAt: IsoTime.nullable(),
  snoozedUntil: IsoTime.nullable(),
  verdict: Verdict.nullable(),
  /** Code of the maintained reason, and what was said besides. */
  why: z.string().nullable(),
  reason: z.string().nullable(),
  decidedAt: IsoTime.nullable(),
  decidedBy: z.string().nullable(),
  /** Whether it worked; null until it was verified. */
  impact: ImpactMark.nullable(),
  /** The incident that it is part of. */
  incident: z.string().nullable(),
  /** Twelve counts over the last four hours, oldest first. */
  spark: z.array(z.number()).length(12),
  /** Grows with every change of the row; a screen keeps the newest. */
  revision: z.number().int(),
})
export type Alert = z.infer<typeof Alert>

/** Who did what when; never changed, only added to. */
export const AlertAction = z.object({
  id: z.number().int(),
  alert: AlertId,
  at: IsoTime,
  by: z.string(),
  action: z.enum([
    'raised',
    'taken',
    'released',
    'decided',
    'snoozed',
    'woken',
    'reopened',
    'undone',
    'withdrawn',
    'found_later',
  ]),
  verdict: Verdict.nullable(),
  why: z.string().nullable(),
  reason: z.string().nullable(),
  /** The verification that a decision rests on, and its test. */
  restsOn: z.object({ verification: z.number().int(), test: z.string().nullable() }).nullable(),
  /** The incident that a decision led to. */
  incident: z.string().nullable(),
  until: IsoTime.nullable(),
  /** Set once the action has been undone. */
  undone: z.boolean(),
})
export type AlertAction = z.infer<typeof AlertAction>

/** The rule or signature as it stood when the alert was raised. */
export const DetectionText = z.object({
  kind: DetectionKind,
  detection: z.string(),
  title: z.string(),
  /** File name and revision, where there are any. */
  file: z.string().nullable(),
  revision: z.string().nullable(),
  /** The rule's YAML, or for a signature the alert object of the record. */
  text: z.string(),
  description: z.string().nullable(),
  references: z.array(z.string()),
  falsePositives: z.array(z.string()),
})
export type DetectionText = z.infer<typeof DetectionText>

export const AlertDetail = z.object({
  alert: Alert,
  detection: DetectionText,
  marks: z.array(Mark),
  /** The first event of the alert; its marks are `marks`. */
  event: EventId,
  history: z.array(AlertAction),
  /** Other alerts with the same detection on the same pair, newest first. */
  earlier: z.array(z.object({ id: AlertId, last: IsoTime, verdict: Verdict.nullable(), decidedBy: z.string().nullable() })),
  firstSeen: z.object({ source: IsoTime.nullable(), destination: IsoTime.nullable() }),
})
export type AlertDetail = z.infer<typeof AlertDetail>
