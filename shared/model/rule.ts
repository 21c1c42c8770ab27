import { z } from 'zod'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

export const RuleProblem = z.object({ file: z.string(), line: z.number().int(), column: z.number().int(), message: z.string() })
export type RuleProblem = z.infer<typeof RuleProblem>

/** Hours between two runs of a rule over what is stored: up to four weeks. */
export const ScheduleHours = z.number().int().min(1).max(672)

/** One run of a rule over what is stored. */
export const RuleRun = z.object({
  at: IsoTime,
  seconds: z.number(),
  /** Events that were looked at, and those that matched; of a scenario its matches. */
  scanned: z.number(),
  matches: z.number(),
  /** Why it did not come to its end, in English; null where it did. */
  problem: z.string().nullable(),
})
export type RuleRun = z.infer<typeof RuleRun>

/** Of a rule that is not evaluated live. */
export const RuleSchedule = z.object({
  hours: z.number().int(),
  /** Null before the first run, which reads everything that is stored. */
  last: RuleRun.nullable(),
  next: IsoTime,
  running: z.boolean(),
  /** A live scenario has it as a step: it is evaluated live for that all the same, raises alerts as the scenario says, and does not run. */
  step: z.boolean(),
})
export type RuleSchedule = z.infer<typeof RuleSchedule>

/** What evaluating a rule has taken since the engine started: estimates. */
export const RuleCost = z.object({
  /** Events in which what it looks for could be. */
  events: z.number(),
  micros: z.number(),
  /** 0–1, of what all rules took. */
  share: z.number(),
})
export type RuleCost = z.infer<typeof RuleCost>

/** Why a rule is called slow: single events took it long, again and again; or it takes a large part of all the time. */
export const RuleSlow = z.object({ why: z.enum(['event', 'share']), longestMicros: z.number(), share: z.number() })
export type RuleSlow = z.infer<typeof RuleSlow>

export const RuleSummary = z.object({
  id: z.string(),
  /** A Sigma rule, or a scenario: a Sigma correlation of rules. */
  kind: z.enum(['rule', 'scenario']),
  title: z.string(),
  level: Severity,
  status: z.string(),
  /** `windows / process_creation`, as the rule states it; of a scenario its type. */
  logsource: z.string(),
  /** False where no format known here can give events of this log source. */
  reachable: z.boolean(),
  attack: z.array(z.string()),
  file: z.string(),
  folder: z.string(),
  enabled: z.boolean(),
  /** Null where it is evaluated live. */
  schedule: RuleSchedule.nullable(),
  /** Null where no record could have matched yet. */
  cost: RuleCost.nullable(),
  slow: RuleSlow.nullable(),
  /** Alerts raised by it that are stored, and the last one. */
  alerts: z.number().int(),
  lastAlert: IsoTime.nullable(),
})
export type RuleSummary = z.infer<typeof RuleSummary>

/** Statuses of rules that are off until somebody switches them on: their authors say that they should not be relied on. */
export const OFF_BY_DEFAULT: ReadonlySet<string> = new Set(['deprecated', 'unsupported'])

/** How a rule stands to another one. Specification: Sigma rules 2.1, "Related". */
export const RELATED_TYPES = ['derived', 'obsolete', 'merged', 'renamed', 'similar'] as const
export const RelatedRule = z.object({ id: z.string(), type: z.enum(RELATED_TYPES) })
export type RelatedRule = z.infer<typeof RelatedRule>

/** What a rule says of itself that decides nothing about matching; null where it says nothing. */
export const RuleAbout = z.object({
  author: z.string().nullable(),
  /** `2026-01-31`; as written where it is no date. */
  date: z.string().nullable(),
  modified: z.string().nullable(),
  license: z.string().nullable(),
  /** `sigma` where it names none. */
  taxonomy: z.string(),
  scope: z.array(z.string()),
  related: z.array(RelatedRule),
})
export type RuleAbout = z.infer<typeof RuleAbout>

export const RuleFolder = z.object({
  path: z.string(),
  /** Shipped with Watchfloor, the desk's own, or added by somebody; only what was added can be removed. */
  kind: z.enum(['shipped', 'own', 'added']),
  rules: z.number().int(),
  failed: z.number().int(),
})
export type RuleFolder = z.infer<typeof RuleFolder>
