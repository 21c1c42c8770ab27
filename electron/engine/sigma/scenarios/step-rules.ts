/** Rules as the matcher needs them where some of them are steps of scenarios. */
import type { SigmaRule } from '../types.ts'
import type { SigmaScenario, StepRule } from './scenario.ts'

/**
 * Rules that are on, and those that scenarios need although they are off. A rule that is a step raises alerts of its own only where a
 * scenario says `generate`; its place in the list stays.
 */
export function withSteps(rules: readonly SigmaRule[], steps: readonly StepRule[], on: (id: string) => boolean): SigmaRule[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  return rules.flatMap((rule) => {
    const step = byId.get(rule.id)
    if (step === undefined) return on(rule.id) ? [rule] : []
    return [{ ...rule, reads: step.reads, alerts: step.alerts }]
  })
}

/**
 * Ids of informational rules that a scenario names, on or off. They are there for the scenario only: Sigma says of the level that nothing is
 * to alert because of it, and a scenario that is switched off must not leave every failed logon behind as an alert.
 */
export function partsOf(rules: readonly SigmaRule[], scenarios: readonly SigmaScenario[]): ReadonlySet<string> {
  const named = new Set(scenarios.flatMap(({ correlation }) => correlation.rules))
  return new Set(
    rules
      .filter(({ level, id, name }) => level === 'info' && (named.has(id) || (name !== undefined && named.has(name))))
      .map(({ id }) => id),
  )
}
