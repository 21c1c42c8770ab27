/** Scenarios (contract area `scenarios`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { RuleLibrary } from '../sigma/library.ts'
import { shapeOf } from '../sigma/scenarios/shape.ts'
import type { Store } from '../store/types.ts'

type ScenarioHandlers = Pick<HandlersOf<WatchfloorContract>, Extract<keyof WatchfloorContract, `scenarios.${string}`>>

export function scenarioHandlers(store: Store, library: Pick<RuleLibrary, 'scenarios'>): ScenarioHandlers {
  const plans = () => library.scenarios.map(({ plan }) => plan)
  return {
    'scenarios.explain': ({ alert }, { signal }) => store.scenarios.explain({ alert, plans: plans() }, signal),
    async 'scenarios.state'({ id, near }, { signal }) {
      const plan = plans().find((one) => one.id === id)
      if (plan === undefined) return fail({ code: 'not_found', message: `There is no scenario ${id} that is switched on` })
      const state = await store.scenarios.state({ plan, near }, signal)
      return state.ok ? ok({ scenario: shapeOf(plan), state: state.value }) : state
    },
  }
}
