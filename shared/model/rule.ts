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

export const RuleFolder = z.object({
  path: z.string(),
  /** Shipped with Watchfloor; cannot be removed. */
  builtin: z.boolean(),
  rules: z.number().int(),
  failed: z.number().int(),
})
export type RuleFolder = z.infer<typeof RuleFolder>
