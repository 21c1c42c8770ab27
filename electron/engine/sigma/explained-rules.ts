/** Which rules are meant by an id that somebody wants explained: itself, or those that a scenario correlates. */
import { loadRules } from './load-rules.ts'
import { resolveScenarios } from './scenarios/resolve.ts'

export interface ExplainedRules {
  /** Ids; of a scenario those of all rules below it, each once. */
  readonly rules: readonly string[]
  /** Its title, where the id is that of a scenario. */
  readonly scenario: string | null
  /** Why the scenario cannot be evaluated. */
  readonly problem: string | null
}

/** An id that is not there is left to who reads the rules. Never rejects. */
export async function explainedRules(folders: readonly string[], id: string): Promise<ExplainedRules> {
  const loaded = await loadRules(folders.map((path) => ({ path, builtin: false })))
  const scenario = loaded.scenarios.find((one) => one.id === id)
  if (scenario === undefined) return { rules: [id], scenario: null, problem: null }
  const { plans, reasons } = resolveScenarios(loaded.rules, loaded.scenarios, () => true)
  const byId = new Map(plans.map((plan) => [plan.id, plan]))
  const rules = new Set<string>()
  const seen = new Set([id])
  // Grows while it is read: scenarios of scenarios are followed, each once.
  for (const one of seen)
    for (const step of byId.get(one)?.steps ?? [])
      if (step.kind === 'rule') rules.add(step.id)
      else seen.add(step.id)
  const why = reasons
    .get(id)
    ?.map(({ message }) => message)
    .join('; ')
  return { rules: [...rules], scenario: scenario.title, problem: byId.has(id) ? null : (why ?? 'it cannot be evaluated') }
}
