/** Triage by method (contract areas `triage` and `tuning`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'
import type { Tunings } from '../triage/tunings.ts'
import { Changes } from './changes.ts'

type TriageHandlers = Pick<
  HandlersOf<WatchfloorContract>,
  Extract<keyof WatchfloorContract, `triage.${string}` | `tuning.${string}`>
>

const GAP_MS = 200

export function triageHandlers(store: Store, tunings: Tunings): TriageHandlers {
  return {
    'triage.similar': (input, { signal }) => store.triage.similar(input, signal),
    'triage.reasons': (_input, { signal }) => store.triage.reasons(signal),
    'triage.addReason': (input, { caller }) => store.triage.addReason(input, caller.name),
    'triage.retireReason': (input, { caller }) => store.triage.retireReason(input, caller.name),
    'tuning.list': (input, { signal }) => store.triage.tunings(input, signal),
    'tuning.preview': (input, { signal }) => tunings.preview(input, signal),
    'tuning.add': ({ draft, insist }, { caller, signal }) =>
      tunings.add(draft, insist, caller.permissions.has('tuning.insist'), caller.name, signal),
    'tuning.change': ({ id, expires, reason }, { caller, signal }) => tunings.change(id, expires, reason, caller.name, signal),
    'tuning.end': ({ id, reason }, { caller }) => tunings.end(id, reason, caller.name),
    async 'tuning.watch'(_input, emit, { signal }) {
      const changes = new Changes(GAP_MS)
      const remove = tunings.onChange(() => changes.mark())
      changes.mark()
      try {
        while (await changes.next(signal)) {
          const list = await store.triage.tunings({ ended: false }, signal)
          await emit({ revision: tunings.revision, active: list.ok ? list.value.tunings.length : 0 })
        }
      } finally {
        remove()
      }
      return ok(undefined)
    },
  }
}
