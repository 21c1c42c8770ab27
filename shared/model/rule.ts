import { z } from 'zod'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

export const RuleProblem = z.object({ file: z.string(), line: z.number().int(), column: z.number().int(), message: z.string() })
export type RuleProblem = z.infer<typeof RuleProblem>

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
  /** Shipped with Watchfloor; cannot be removed. */
  builtin: z.boolean(),
  rules: z.number().int(),
  failed: z.number().int(),
})
export type RuleFolder = z.infer<typeof RuleFolder>
