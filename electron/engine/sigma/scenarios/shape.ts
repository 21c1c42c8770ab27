/** A plan as the screen sees it. */
import type { ScenarioShape } from '../../../../shared/model/scenario.ts'
import type { ScenarioPlan } from './scenario.ts'

export const shapeOf = (plan: ScenarioPlan): ScenarioShape => ({
  id: plan.id,
  title: plan.title,
  type: plan.type,
  timespan: plan.timespan,
  window: plan.window,
  groupBy: [...plan.groupBy],
  bounds: plan.judge.by === 'alternatives' ? {} : { ...plan.judge.bounds },
})
