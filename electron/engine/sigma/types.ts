/** What the rest of the engine sees of Sigma. */
import type { Mark } from '../../../shared/model/alert.ts'
import type { RuleAbout, RuleProblem } from '../../../shared/model/rule.ts'
import type { Severity } from '../../../shared/model/severity.ts'
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow } from '../event/row.ts'
import type { Text } from './compile/row-view.ts'
import type { LogSource } from './logsources/log-source.ts'
import type { SigmaScenario } from './scenarios/scenario.ts'

/** A loaded rule: plain data, so that it crosses threads by structured clone. */
export interface SigmaRule {
  readonly id: string
  /** By which correlations and filters call it. */
  readonly name?: string | undefined
  readonly title: string
  readonly level: Severity
  readonly status: string
  readonly description: string
  readonly references: readonly string[]
  readonly falsePositives: readonly string[]
  readonly attack: readonly string[]
  readonly about: RuleAbout
  readonly logsource: {
    readonly category?: string | undefined
    readonly product?: string | undefined
    readonly service?: string | undefined
  }
  /** Absolute path, and the folder it was loaded from. */
  readonly file: string
  readonly folder: string
  readonly text: string
  /** 1-based, where the document begins in its file; not set where it was not read from one. */
  readonly line?: number
  /** The detection as a typed tree; its shape belongs to sigma/. */
  readonly detection: unknown
  /** Names of lists whose values it asks for; not set where it asks for none. */
  readonly lists?: readonly string[]
  /** Fields that scenarios want of the events it matches; not set where it is no step of one. */
  readonly reads?: readonly string[]
  /** False where it raises no alerts: it is a step of scenarios and nothing else. */
  readonly alerts?: boolean
}

/** A document that narrows other rules: they match only where its condition holds too. */
export interface SigmaFilter {
  readonly id: string
  readonly title: string
  /** Ids and names of rules; `any`: all that its log source fits. */
  readonly rules: readonly string[] | 'any'
  readonly logsource: SigmaRule['logsource']
  readonly file: string
  readonly folder: string
  readonly text: string
  /** 1-based, where the document begins. */
  readonly line: number
  readonly detection: unknown
  readonly lists?: readonly string[]
}

export interface LoadedRules {
  readonly rules: readonly SigmaRule[]
  readonly scenarios: readonly SigmaScenario[]
  readonly problems: readonly RuleProblem[]
}

/** What a rule has cost since its matcher was made: estimates, see compile/rule-watch.ts. */
export interface RuleCost {
  /** Index into the array given to `compileRules`, here and below. */
  readonly rule: number
  /** Events that it was evaluated on: those in which what it looks for may be. */
  readonly events: number
  readonly micros: number
}

export interface SlowRule {
  readonly rule: number
  /** `event`: single events took it long, again and again · `share`: it takes a large part of all the time. */
  readonly why: 'event' | 'share'
  /** Of one event. */
  readonly longestMicros: number
  /** 0–1, of the time that matching takes. */
  readonly share: number
}

export interface RuleMatcher {
  /** Number of compiled rules. */
  readonly size: number
  /** Whether any rule is of the row's log sources: asks for its format, its type, and the fields that log sources name. */
  wants(row: EventRow): boolean
  /** Indexes (into the array given to `compileRules`) of the rules that match this row. The array is reused by the next call. */
  match(row: EventRow): readonly number[]
  /** What a rule `reads`, in that order, of the row that `match` was called with last. */
  read(rule: number, row: EventRow): readonly (Text | undefined)[]
  /** Of rules that were evaluated at all. */
  costs(): readonly RuleCost[]
  /** Rules that had better be put aside; the matcher goes on with them until it is told so. */
  readonly slow: readonly SlowRule[]
  /** The rule matches nothing from the next event on, and costs nothing. */
  putAside(rule: number): void
  /** Which parts of the rule matched where; slow, called for the first event of an alert only. Never throws. */
  explain(rule: number, row: EventRow): Mark[]
}
/** `sources`: the desk's log sources; left out, those that are shipped. */
export type CompileRules = (
  rules: readonly SigmaRule[],
  fields: FieldRegistry,
  sources?: readonly LogSource[],
) => { matcher: RuleMatcher; problems: readonly RuleProblem[] }
