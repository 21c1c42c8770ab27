/** The contract's area of the rule workbench: rules are written, checked, run over history, and raise what they find later. */
import { z } from 'zod'
import { EventRow } from './model/event.ts'
import { RuleProblem } from './model/rule.ts'
import { Severity } from './model/severity.ts'
import { IsoTime } from './model/time.ts'
import { command, job, query } from './rpc/kinds.ts'

/** A rule file, and what is one document of it. */
export const RuleText = z.string().max(1024 * 1024)

export const CheckedDocument = z.object({
  kind: z.enum(['rule', 'scenario', 'filter']),
  id: z.string(),
  title: z.string(),
  level: Severity.nullable(),
  /** 1-based line of the text where it begins. */
  line: z.number().int(),
  /** False where no format known here can give its events, or where it names rules that are not there. */
  reachable: z.boolean(),
})
export type CheckedDocument = z.infer<typeof CheckedDocument>

export const TextProblem = RuleProblem.omit({ file: true }).extend({
  /** False where the rule loads all the same. */
  fatal: z.boolean(),
})
export type TextProblem = z.infer<typeof TextProblem>

export const Completion = z.object({
  text: z.string(),
  kind: z.enum(['key', 'value', 'field', 'modifier', 'search']),
  doc: z.string(),
})
export type Completion = z.infer<typeof Completion>

export const RuleVersion = z.object({ at: IsoTime, by: z.string(), text: z.string() })
export type RuleVersion = z.infer<typeof RuleVersion>

/** What one rule or scenario found in history. */
export const HistoryFind = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['rule', 'scenario']),
  /** Of a rule matching events, of a scenario matches. */
  matches: z.number(),
  /** By day of event time, oldest first; at most 400. */
  days: z.array(z.object({ day: z.string(), matches: z.number() })),
  /** The newest of them; of a scenario each with its group and the number of its events. */
  samples: z.array(z.object({ event: EventRow, group: z.string().nullable(), events: z.number().int() })),
})
export type HistoryFind = z.infer<typeof HistoryFind>

export const HistoryResult = z.object({
  finds: z.array(HistoryFind),
  scanned: z.number(),
  seconds: z.number(),
  /** Microseconds of computing time for each event that was looked at. */
  cost: z.number(),
  /** Alerts that were raised or joined, where that was asked for. */
  raised: z.number().int(),
})
export type HistoryResult = z.infer<typeof HistoryResult>

export const RuleStatistics = z.object({
  alerts: z.number().int(),
  open: z.number().int(),
  verdicts: z.record(z.string(), z.number().int()),
  /** Events in its alerts. */
  events: z.number(),
})
export type RuleStatistics = z.infer<typeof RuleStatistics>

export const workbenchContract = {
  /** What is wrong with a text, and what is in it. Nothing is stored. */
  'rules.check': query(
    'rules.manage',
    z.object({ text: RuleText }),
    z.object({ problems: z.array(TextProblem), documents: z.array(CheckedDocument) }),
  ),
  /** What may be written at an offset (UTF-16) of a text, and from which offset on it replaces what stands there. */
  'rules.complete': query(
    'rules.manage',
    z.object({ text: RuleText, offset: z.number().int().min(0) }),
    z.object({ from: z.number().int(), completions: z.array(Completion) }),
  ),
  /** Writes a file of the desk's own rules; its rules stand above shipped ones with the same ids. `rule_syntax` where it does not load. */
  'rules.save': command(
    'rules.manage',
    z.object({ file: z.string().min(1).max(200).nullable(), text: RuleText }),
    z.object({ file: z.string(), ids: z.array(z.string()) }),
  ),
  /** Removes a file of the desk's own rules, by one of its rules. */
  'rules.discard': command('rules.manage', z.object({ id: z.string() }), z.object({})),
  /** Texts that a rule of the desk had, the newest first; the shipped one last, where there is one. */
  'rules.versions': query(
    'desk.read',
    z.object({ id: z.string() }),
    z.object({ own: z.boolean(), file: z.string().nullable(), versions: z.array(RuleVersion), shipped: z.string().nullable() }),
  ),
  'rules.statistics': query('desk.read', z.object({ id: z.string() }), RuleStatistics),
  /**
   * Runs the rules and scenarios of a text over what is stored, in a process of its own. With `raise`, what they find and no alert
   * has yet raises alerts that say that they were found later.
   */
  'rules.history': job(
    'rules.manage',
    z.object({
      text: RuleText,
      from: IsoTime.nullable().default(null),
      to: IsoTime.nullable().default(null),
      samples: z.number().int().min(0).max(200).default(20),
      raise: z.boolean().default(false),
    }),
    z.object({ scanned: z.number(), of: z.number(), matches: z.number() }),
    HistoryResult,
  ),
} as const
