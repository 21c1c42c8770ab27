/** Triage by method: why a verdict is what it is, and the three kinds of tuning. */
import { z } from 'zod'
import { AlertId, Verdict } from './alert.ts'
import { IncidentNumber } from './incident.ts'
import { IsoTime } from './time.ts'

/** Maintained reasons of each verdict; `other` wants words. The first is the usual one. Their texts are `alerts.reason.<code>`. */
export const REASONS = {
  tp_impact: ['shown_by_answer', 'shown_by_host', 'shown_by_traffic', 'confirmed_by_owner', 'other'],
  tp_no_impact: ['attempt_failed', 'attempt_blocked', 'not_vulnerable', 'target_absent', 'scan_only', 'other'],
  false_positive: ['pattern_too_wide', 'benign_content', 'wrong_direction', 'sensor_error', 'other'],
  benign_tp: ['authorised_test', 'own_scanner', 'administration', 'accepted_risk', 'other'],
  undetermined: ['data_missing', 'encrypted', 'out_of_scope', 'other'],
} as const satisfies Readonly<Record<Verdict, readonly string[]>>

export const reasonFits = (verdict: Verdict, why: string): boolean => (REASONS[verdict] as readonly string[]).includes(why)

/** A reason that the desk added; its code is never given again. Retired ones are not offered, and stay with decisions that rest on them. */
export const ReasonWords = z.object({ en: z.string().trim().min(1).max(200), ko: z.string().trim().min(1).max(200) })
export const OwnReason = z.object({
  code: z.string().max(64),
  verdict: Verdict,
  words: ReasonWords,
  created: IsoTime,
  createdBy: z.string().max(256),
  retired: z.boolean(),
})
export type OwnReason = z.infer<typeof OwnReason>

/** What a decision says beside its verdict. */
export const Decided = z.object({
  why: z.string().max(64),
  /** Number of the verification that it rests on, and the test of it that decided; null where it rests on none. */
  restsOn: z.object({ verification: z.number().int().min(1), test: z.string().max(64).nullable() }).nullable(),
  /** A true positive with impact becomes an incident, or joins one. */
  join: z.union([IncidentNumber, z.object({ title: z.string().trim().min(1).max(300) })]).nullable(),
})
export type Decided = z.infer<typeof Decided>

/** `suppression` raises nothing where it fits · `threshold` raises only from so many events on · `exception` is a filter of the rule. */
export const TUNING_KINDS = ['suppression', 'threshold', 'exception'] as const
export const TuningKind = z.enum(TUNING_KINDS)

const End = z.string().min(1).max(256).nullable()
/** All that is given must fit. Addresses may be networks. */
export const TuningMatch = z.object({
  source: End.default(null),
  destination: End.default(null),
  asset: End.default(null),
  user: End.default(null),
  /** For exceptions: fields of the event with their values. */
  fields: z.record(z.string().min(1).max(256), z.string().max(2000)).default({}),
})
export type TuningMatch = z.infer<typeof TuningMatch>

export const TuningDraft = z.object({
  kind: TuningKind,
  /** `gid:sid`, or the rule's or scenario's id. */
  detection: z.string().min(1).max(256),
  match: TuningMatch,
  /** Events of one alert (same detection, same pair) within so many seconds, before it is raised. */
  threshold: z.object({ count: z.number().int().min(2).max(1_000_000), seconds: z.number().int().min(1).max(86_400) }).nullable(),
  /** Nothing is tuned for ever. */
  expires: IsoTime,
  owner: z.string().trim().min(1).max(256),
  reason: z.string().trim().min(1).max(4000),
})
export type TuningDraft = z.infer<typeof TuningDraft>

export const Tuning = TuningDraft.extend({
  id: z.string().max(64),
  title: z.string(),
  created: IsoTime,
  createdBy: z.string(),
  /** Why confirmed true positives that it would have hidden did not stop it; null where there were none. */
  insisted: z.string().nullable(),
  state: z.enum(['active', 'expired', 'ended']),
  ended: IsoTime.nullable(),
  endedBy: z.string().nullable(),
  /** Detections that raised nothing because of it, and the last of them. */
  removed: z.number().int(),
  last: IsoTime.nullable(),
})
export type Tuning = z.infer<typeof Tuning>

/** What a tuning would have removed of the alerts there are. */
export const TuningPreview = z.object({
  alerts: z.number().int(),
  events: z.number().int(),
  verdicts: z.record(z.string(), z.number().int()),
  /** Alerts that were decided as true positives: what must not be hidden. At most 50. */
  confirmed: z.array(z.object({ id: AlertId, title: z.string(), last: IsoTime, verdict: Verdict })),
  confirmedTotal: z.number().int(),
  /** Of how many alerts of the detection; not all where there are very many. */
  of: z.number().int(),
  complete: z.boolean(),
})
export type TuningPreview = z.infer<typeof TuningPreview>
