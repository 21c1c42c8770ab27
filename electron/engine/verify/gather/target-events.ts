/** Events of a host by the hour. Alerts of one attack have the same targets: what was read for one is kept for the next, until new events come. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Store } from '../../store/types.ts'
import type { CaseEvent } from '../case.ts'
import { caseEvent } from './case-event.ts'

const HOUR = 3_600_000_000
/** Hours of hosts that are kept, and events of each. */
const MOST_KEPT = 12
const MOST_EVENTS = 800
/** Hours that one alert may span. */
const MOST_HOURS = 6

export class TargetEvents {
  readonly #store: Pick<Store, 'events' | 'numbers'>
  readonly #kept = new Map<string, Promise<CaseEvent[]>>()
  #events = -1

  constructor(store: Pick<Store, 'events' | 'numbers'>) {
    this.#store = store
  }

  /** Events between two times (microseconds) that fit, oldest first; the first of each hour. */
  async of(where: string, from: number, to: number, signal: AbortSignal): Promise<CaseEvent[]> {
    if (where === '') return []
    const { events } = this.#store.numbers
    if (events !== this.#events) {
      this.#events = events
      this.#kept.clear()
    }
    const found: CaseEvent[] = []
    const first = Math.floor(from / HOUR)
    const last = Math.min(Math.floor(to / HOUR), first + MOST_HOURS)
    for (let hour = first; hour <= last; hour++) found.push(...(await this.#hour(where, hour, signal)))
    return found.filter(({ time }) => time >= from && time <= to)
  }

  #hour(where: string, hour: number, signal: AbortSignal): Promise<CaseEvent[]> {
    const key = `${hour} ${where}`
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const asked = this.#store.events
      .search(
        {
          where,
          window: { from: isoFromMicros(hour * HOUR), to: isoFromMicros((hour + 1) * HOUR) },
          order: 'oldest',
          fields: [],
          limit: MOST_EVENTS,
          after: null,
        },
        signal,
      )
      .then((found) => {
        if (found.ok) return found.value.events.map(caseEvent)
        this.#kept.delete(key)
        return []
      })
    this.#kept.set(key, asked)
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '')
    return asked
  }
}
