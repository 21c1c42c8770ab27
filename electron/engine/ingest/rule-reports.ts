/** What a parser thread tells of its rules' costs: what was added since it told last, and which are slow. */
import type { CostReport } from '../sigma/rule-costs.ts'
import type { RuleMatcher, SigmaRule } from '../sigma/types.ts'

export class RuleReports {
  readonly #rules: readonly SigmaRule[]
  readonly #matcher: Pick<RuleMatcher, 'costs' | 'slow'>
  readonly #told = new Map<number, { readonly events: number; readonly micros: number }>()

  /** `matcher` was compiled from `rules`. */
  constructor(rules: readonly SigmaRule[], matcher: Pick<RuleMatcher, 'costs' | 'slow'>) {
    this.#rules = rules
    this.#matcher = matcher
  }

  take(): CostReport {
    const costs: CostReport['costs'][number][] = []
    for (const { rule, events, micros } of this.#matcher.costs()) {
      const id = this.#rules[rule]?.id
      const told = this.#told.get(rule) ?? { events: 0, micros: 0 }
      if (id === undefined || told.events === events) continue
      costs.push({ id, events: events - told.events, micros: micros - told.micros })
      this.#told.set(rule, { events, micros })
    }
    const slow = this.#matcher.slow.flatMap(({ rule, ...why }) => {
      const id = this.#rules[rule]?.id
      return id === undefined ? [] : [{ id, ...why }]
    })
    return { costs, slow }
  }
}
