/**
 * A scenario (Sigma correlation) as it is read, and as it is run. Plain data: it crosses threads by structured clone.
 * Specification: Sigma correlation rules 2.1. What it leaves open is decided in docs/sigma.md. Times are microseconds.
 */
import type { RuleAbout } from '../../../../shared/model/rule.ts'
import type { Severity } from '../../../../shared/model/severity.ts'
import type { Expression } from '../detection.ts'
import type { Position } from '../yaml-source.ts'

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  // Not of the specification: no other tool reads these, and each refuses them by their names.
  'event_period',
  'value_baseline',
] as const
export type CorrelationType = (typeof CORRELATION_TYPES)[number]

export const BOUNDS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const
/** All that are stated must hold. */
export type Bounds = Partial<Record<(typeof BOUNDS)[number], number>>

export interface Correlation {
  readonly type: CorrelationType
  /** Ids or names of rules and scenarios, as written. */
  readonly rules: readonly string[]
  readonly groupBy: readonly string[]
  /** Alias → rule as written → field. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly timespan: number
  /** As written: `10m`. */
  readonly span: string
  /** Bounds of the count, or for temporal types an expression over `rules` by index. Null: all rules. */
  readonly condition: { readonly bounds: Bounds } | { readonly expression: Expression } | null
  /** Field or fields of which values are counted or summed. */
  readonly fields: readonly string[]
  readonly percentile: number
  /** Of `event_period`: bounds of the mean interval, and how much intervals may differ from it, in per cent of it. */
  readonly period: { readonly shortest: number; readonly longest: number; readonly jitter: number } | null
  /** Of `value_baseline`: how many times the mean of so many windows before. */
  readonly baseline: { readonly factor: number; readonly windows: number } | null
  /** Whether the rules raise alerts of their own too. */
  readonly generate: boolean
}

/** One document as it stands in its file. */
export interface SigmaScenario {
  readonly id: string
  readonly name?: string | undefined
  readonly title: string
  readonly level: Severity
  readonly status: string
  readonly description: string
  readonly references: readonly string[]
  readonly falsePositives: readonly string[]
  readonly attack: readonly string[]
  readonly about: RuleAbout
  readonly file: string
  readonly folder: string
  readonly text: string
  /** 1-based line of the file where the document begins. */
  readonly line: number
  readonly places: CorrelationPlaces<Position>
  readonly correlation: Correlation
}

/** Where a correlation says what can only be judged among all rules. `P`: an offset in the document, or a place in the file. */
export interface CorrelationPlaces<P> {
  /** Of its list of rules. */
  readonly list: P
  /** Of each of `rules`. */
  readonly rules: readonly P[]
  /** Of the rules that aliases name, each as it is written. */
  readonly aliases: readonly { readonly rule: string; readonly at: P }[]
  readonly condition: P
}

/** How a window of time is laid over the events of a group. */
export type WindowKind =
  /** Ends at any event; it can only become more: what holds once, holds. */
  | 'sliding'
  /** Whole multiples of the timespan since 1970; judged when it is over. */
  | 'fixed'
  /** Begins at any event of a rule that is wanted; judged when it is over. For what must not happen. */
  | 'forward'

export type Judge =
  | { readonly by: 'count'; readonly bounds: Bounds }
  | { readonly by: 'distinct'; readonly bounds: Bounds }
  | { readonly by: 'sum' | 'average'; readonly bounds: Bounds }
  | { readonly by: 'percentile'; readonly percentile: number; readonly bounds: Bounds }
  /** Events that come at regular times: their mean interval, and the mean difference from it in per cent of it. */
  | {
      readonly by: 'period'
      readonly bounds: Bounds
      readonly shortest: number
      readonly longest: number
      readonly jitter: number
    }
  /** The sum of a window against the mean of those before it, back to the first that had events. */
  | { readonly by: 'baseline'; readonly bounds: Bounds; readonly factor: number; readonly windows: number }
  /** How many of the steps there are; in order: the longest row of them. */
  | { readonly by: 'steps'; readonly ordered: boolean; readonly bounds: Bounds }
  /** Alternatives of which each names what must be there (in this order, where it matters) and what must not. */
  | { readonly by: 'alternatives'; readonly ordered: boolean; readonly of: readonly Alternative[] }

export interface Alternative {
  /** Steps by index. */
  readonly with: readonly number[]
  readonly without: readonly number[]
}

export interface ScenarioStep {
  /** As the scenario calls it. */
  readonly ref: string
  /** Id of the rule or the scenario. */
  readonly id: string
  readonly title: string
  readonly kind: 'rule' | 'scenario'
  /**
   * For each of the scenario's `reads` the field of the rule's events (or, where the step is a scenario, what that one carries)
   * that gives it.
   */
  readonly fields: readonly string[]
}

/** A scenario whose rules are all there. */
export interface ScenarioPlan {
  readonly id: string
  readonly title: string
  readonly level: Severity
  readonly attack: readonly string[]
  readonly type: CorrelationType
  readonly timespan: number
  readonly window: WindowKind
  readonly judge: Judge
  readonly steps: readonly ScenarioStep[]
  /** Names of what it groups by, as written. */
  readonly groupBy: readonly string[]
  /** What is read of each event: first `groupBy`, then `values` fields that are judged, then what scenarios above this one need. */
  readonly reads: readonly string[]
  readonly values: number
  /** Whether it raises alerts itself: it is on, and no scenario above it says otherwise. */
  readonly alerts: boolean
}

/** A rule that takes part in scenarios. */
export interface StepRule {
  readonly id: string
  /** Fields read of its events. */
  readonly reads: readonly string[]
  /** Whether it raises alerts of its own. */
  readonly alerts: boolean
}
