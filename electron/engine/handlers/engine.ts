/** The engine's own state (contract area `engine`). */
import type { EngineStatus, WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'

/** What changes at once on screen, without waiting for the second. */
export interface StatusEvents {
  onUrgent(listener: () => void): () => void
}

/** `status` is cheap: it is asked every second by every open page. */
export function engineHandlers(
  status: (caller: string) => EngineStatus,
  events: StatusEvents,
): Pick<HandlersOf<WatchfloorContract>, 'engine.status' | 'engine.watch'> {
  return {
    'engine.status': (_input, { caller }) => Promise.resolve(ok(status(caller.name))),
    async 'engine.watch'(_input, emit, { caller, signal }) {
      while (!signal.aborted) {
        await emit(status(caller.name))
        await nextSecondOr(events, signal)
      }
      return ok(undefined)
    },
  }
}

function nextSecondOr(events: StatusEvents, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      off()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, 1000)
    const off = events.onUrgent(end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
