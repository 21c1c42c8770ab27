/** Impact verification (contract area `impact`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'
import type { ImpactTestDefinition } from '../verify/define.ts'
import type { Verifier } from '../verify/verifier.ts'

type ImpactHandlers = Pick<HandlersOf<WatchfloorContract>, Extract<keyof WatchfloorContract, `impact.${string}`>>

export function impactHandlers(store: Store, verifier: Verifier, tests: readonly ImpactTestDefinition[]): ImpactHandlers {
  return {
    'impact.get': (input, { signal }) => store.impact.get(input, signal),
    'impact.verify': async ({ alerts }, { caller, signal }) => {
      const done = await verifier.verify(alerts, caller.name, signal)
      return done.ok ? ok({ verifications: [...done.value] }) : done
    },
    'impact.tests': () =>
      Promise.resolve(
        ok({
          tests: tests.map(({ id, family, title, reasoning, spec, appliesTo }) => ({
            id,
            family,
            title,
            reasoning,
            spec,
            appliesTo,
          })),
        }),
      ),
  }
}
