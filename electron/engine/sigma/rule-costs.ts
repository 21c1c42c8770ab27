/** What rules have cost since the engine started, as the parser threads report it; and which of them are slow now. */
import type { RuleCost, RuleSlow } from '../../../shared/model/rule.ts'

/** What a thread says of its rules. */
export interface CostReport {
  /** Since the last report. */
  readonly costs: readonly { readonly id: string; readonly events: number; readonly micros: number }[]
  /** All that are slow there. */
  readonly slow: readonly (RuleSlow & { readonly id: string })[]
}

export class RuleCosts {
  readonly #costs = new Map<string, { events: number; micros: number }>()
  readonly #slow = new Map<number, ReadonlyMap<string, RuleSlow>>()
  #micros = 0

  add(thread: number, { costs, slow }: CostReport): void {
    for (const { id, events, micros } of costs) {
      const known = this.#costs.get(id) ?? { events: 0, micros: 0 }
      this.#costs.set(id, { events: known.events + events, micros: known.micros + micros })
      this.#micros += micros
    }
    this.#slow.set(thread, new Map(slow.map(({ id, ...why }) => [id, why])))
  }

  of(id: string): RuleCost | null {
    const cost = this.#costs.get(id)
    return cost === undefined ? null : { ...cost, share: this.#micros === 0 ? 0 : cost.micros / this.#micros }
  }

  /** As the thread sees it on which it is slowest. */
  slow(id: string): RuleSlow | null {
    let worst: RuleSlow | null = null
    for (const thread of this.#slow.values()) {
      const here = thread.get(id)
      if (here !== undefined && (worst === null || here.share > worst.share)) worst = here
    }
    return worst
  }

  /** Ids of all that are slow. */
  get slowRules(): readonly string[] {
    return [...new Set([...this.#slow.values()].flatMap((thread) => [...thread.keys()]))]
  }
}
