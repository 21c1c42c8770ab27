/** Why one rule matches a record or does not: each of its searches asked by itself. Slow, for one rule and a person who reads. */
import type { FieldRegistry } from '../event/field-registry.ts'
import type { EventRow } from '../event/row.ts'
import { compileRules } from './compile.ts'
import type { Detection, Expression } from './detection.ts'
import type { LogSource } from './logsources/log-source.ts'
import type { RuleMatcher, SigmaRule } from './types.ts'

export interface Explanation {
  readonly matches: boolean
  /** Whether the record is of the rule's log source; where it is not, no search is asked. */
  readonly logsource: boolean
  /** By name, in the rule's order. */
  readonly searches: Readonly<Record<string, boolean>>
}

export class RuleExplainer {
  readonly #matcher: RuleMatcher
  readonly #names: readonly string[]

  /** `sources`: left out, those that are shipped. */
  constructor(rule: SigmaRule, fields: FieldRegistry, sources?: readonly LogSource[]) {
    const { searches, condition } = rule.detection as Detection
    this.#names = searches.map(({ name }) => name)
    const asking = (expression: Expression): SigmaRule => ({ ...rule, detection: { searches, condition: expression } })
    const first: Expression = { op: 'search', search: 0 }
    // What always holds is let through by the log source alone.
    const always: Expression = { op: 'or', of: [first, { op: 'not', of: first }] }
    const all = [condition, always, ...searches.map((_, search): Expression => ({ op: 'search', search }))]
    this.#matcher = compileRules(all.map(asking), fields, sources).matcher
  }

  explain(row: EventRow): Explanation {
    const matched = new Set(this.#matcher.match(row))
    const logsource = matched.has(1)
    return {
      matches: matched.has(0),
      logsource,
      searches: logsource ? Object.fromEntries(this.#names.map((name, i) => [name, matched.has(i + 2)])) : {},
    }
  }
}
