/** Alerts (contract area `alerts`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import { reasonFits } from '../../../shared/model/triage.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'
import { checkDecision } from '../triage/check-decision.ts'
import { Changes } from './changes.ts'

type AlertHandlers = Pick<HandlersOf<WatchfloorContract>, Extract<keyof WatchfloorContract, `alerts.${string}`>>

/** More changed alerts than this are not told one by one. */
const MOST_CHANGED = 500
/** 25 deltas a second: an alert is to be on screen within a tenth of a second of its record. */
const GAP_MS = 40

export function alertHandlers(store: Store): AlertHandlers {
  const { alerts } = store
  return {
    'alerts.search': (input, { caller, signal }) => alerts.search(input, caller.name, signal),
    'alerts.get': (input, { caller, signal }) => alerts.get(input, caller.name, signal),
    'alerts.events': (input, { caller, signal }) => alerts.events(input, caller.name, signal),
    'alerts.around': (input, { caller, signal }) => alerts.around(input, caller.name, signal),
    'alerts.counts': (input, { caller, signal }) => alerts.counts(input, caller.name, signal),
    'alerts.take': (input, { caller, signal }) => alerts.take(input, caller.name, signal),
    'alerts.release': (input, { caller, signal }) => alerts.release(input, caller.name, signal),
    'alerts.decide': async (input, { caller, signal }) => {
      const own = reasonFits(input.verdict, input.why) ? null : await store.triage.reasons(signal)
      if (own !== null && !own.ok) return own
      const whole = checkDecision(input, own?.value.reasons ?? [])
      return whole.ok ? alerts.decide(input, caller.name, signal) : whole
    },
    'alerts.snooze': (input, { caller, signal }) => alerts.snooze(input, caller.name, signal),
    'alerts.reopen': (input, { caller, signal }) => alerts.reopen(input, caller.name, signal),
    'alerts.undo': (input, { caller, signal }) => alerts.undo(input, caller.name, signal),
    /** The first delta says how many fit now; a client watches first and searches then, so that nothing falls in between. */
    async 'alerts.watch'(filter, emit, { signal }) {
      const changes = new Changes(GAP_MS)
      let ids = new Set<string>()
      let overflow = false
      const remove = store.onAlertsChanged((changed) => {
        for (const id of changed.ids) {
          if (ids.size >= MOST_CHANGED && !ids.has(id)) overflow = true
          else ids.add(id)
        }
        changes.mark()
      })
      changes.mark()
      try {
        while (await changes.next(signal)) {
          const tooMany = overflow
          const told = tooMany ? [] : [...ids]
          ids = new Set()
          overflow = false
          const picked = await store.watching.alerts(filter, told, signal)
          if (!picked.ok) {
            if (picked.error.code === 'cancelled') break
            return picked
          }
          const { changed, removed, total } = picked.value
          await emit({ changed, removed: [...removed], total, overflow: tooMany })
        }
      } finally {
        remove()
      }
      return ok(undefined)
    },
  }
}
