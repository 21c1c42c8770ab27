/** Scenarios that run, as the writer is told of them. */
import type { RunningScenario } from '../../store/scenarios/steps-to-scenarios.ts'
import type { ScenarioPlan, SigmaScenario } from './scenario.ts'

/** `plans` of some of these scenarios, with their texts. */
export function runningScenarios(plans: readonly ScenarioPlan[], scenarios: readonly SigmaScenario[]): RunningScenario[] {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]))
  return plans.flatMap((plan) => {
    const scenario = byId.get(plan.id)
    if (scenario === undefined) return []
    const { id, title, file, text, description, references, falsePositives } = scenario
    return [
      {
        plan,
        text: {
          kind: 'scn',
          detection: id,
          title,
          file,
          revision: null,
          text,
          description,
          references: [...references],
          falsePositives: [...falsePositives],
        },
      },
    ]
  })
}
