/** Events (contract area `events`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { EventRow } from '../../../shared/model/event.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'
import { Changes } from './changes.ts'
import { latest } from './latest.ts'

type EventHandlers = Pick<HandlersOf<WatchfloorContract>, Extract<keyof WatchfloorContract, `events.${string}`>>
/** Ten deltas a second. */
const GAP_MS = 100
interface Range {
  from: number
  to: number
}

export function eventHandlers(store: Store): EventHandlers {
  const { events, hunt } = store
  return {
    'events.search': (input, { signal }) => events.search(input, signal),
    'events.get': (input, { signal }) => events.get(input, signal),
    'events.histogram': (input, { signal }) => events.histogram(input, signal),
    'events.fields': (input, { signal }) => events.fields(input, signal),
    'events.stats': (input, { signal }) => events.stats(input, signal),
    'events.count': (input, emit, { signal }) => hunt.count(input, latest(emit), signal),
    'events.export': (input, emit, { signal }) => hunt.export(input, latest(emit), signal),
    async 'events.watch'(input, emit, { signal }) {
      const changes = new Changes(GAP_MS)
      // Ids of one day follow each other: however slow the client is, there is one range for each day.
      let ranges: Range[] = []
      const remove = store.onCommitted(({ firstId, rows }) => {
        if (firstId === null) return
        const last = ranges.at(-1)
        if (last && last.to === firstId) last.to += rows
        else ranges.push({ from: firstId, to: firstId + rows })
        changes.mark()
      })
      try {
        // A wrong query is told at once, and not when the next event comes.
        const sound = await store.watching.events({ ...input, from: 0, to: 0 }, signal)
        if (!sound.ok && sound.error.code !== 'cancelled') return sound
        while (await changes.next(signal)) {
          const now = ranges
          ranges = []
          const delta: { events: EventRow[]; missed: number } = { events: [], missed: 0 }
          // The newest first: of what is too much the older part is missed.
          for (const range of now.toReversed()) {
            const room = input.limit - delta.events.length
            const found = await store.watching.events({ ...input, ...range, limit: Math.max(1, room) }, signal)
            if (!found.ok) {
              if (found.error.code === 'cancelled') return ok(undefined)
              return found
            }
            const { events: more, missed } = found.value
            delta.missed += missed + (room > 0 ? 0 : more.length)
            if (room > 0) delta.events = [...more, ...delta.events]
          }
          if (delta.events.length > 0 || delta.missed > 0) await emit(delta)
        }
      } finally {
        remove()
      }
      return ok(undefined)
    },
  }
}
