/** The contract's area of scenarios. */
import { z } from 'zod'
import { AlertId } from './model/alert.ts'
import { ScenarioExplanation, ScenarioShape, ScenarioState } from './model/scenario.ts'
import { query } from './rpc/kinds.ts'

export const scenarioContract = {
  /** Why an alert of a scenario was raised: `not_found` where it is none. */
  'scenarios.explain': query('events.read', z.object({ alert: AlertId }), ScenarioExplanation),
  /** What a scenario that is switched on has seen, and which groups came near. */
  'scenarios.state': query(
    'desk.read',
    z.object({ id: z.string().max(256), near: z.number().int().min(0).max(100).default(10) }),
    z.object({ scenario: ScenarioShape, state: ScenarioState }),
  ),
} as const
