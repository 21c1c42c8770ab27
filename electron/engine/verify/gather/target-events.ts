/** Events of a host by stretches of ten minutes. Alerts of one attack have the same targets: what was read for one is kept for the next, until new events come. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Store } from '../../store/types.ts'
import type { CaseEvent } from '../case.ts'
import { caseEvent } from './case-event.ts'

const STRETCH = 600_000_000
/** Stretches of hosts that are kept, and events of each: a busy minute must not hide the ones after it. */
const MOST_KEPT = 40
const MOST_EVENTS = 400
/** Stretches that are read for one alert: the first and the last ones of a long one. */
const MOST_READ = 18

export class TargetEvents {
  readonly #store: Pick<Store, 'events' | 'numbers'>
  readonly #kept = new Map<string, Promise<CaseEvent[]>>()
  #events = -1

  constructor(store: Pick<Store, 'events' | 'numbers'>) {
    this.#store = store
  }

  /** Events between two times (microseconds) that fit, oldest first; the first of each stretch. */
  async of(where: string, from: number, to: number, signal: AbortSignal): Promise<CaseEvent[]> {
    if (where === '') return []
    const { events } = this.#store.numbers
    if (events !== this.#events) {
      this.#events = events
      this.#kept.clear()
    }
    const found: CaseEvent[] = []
    const first = Math.floor(from / STRETCH)
    const last = Math.floor(to / STRETCH)
    for (let stretch = first; stretch <= last; stretch++) {
      if (stretch - first === MOST_READ / 2) stretch = Math.max(stretch, last - MOST_READ / 2 + 1)
      found.push(...(await this.#stretch(where, stretch, signal)))
    }
    return found.filter(({ time }) => time >= from && time <= to)
  }

  #stretch(where: string, stretch: number, signal: AbortSignal): Promise<CaseEvent[]> {
    const key = `${stretch} ${where}`
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const asked = this.#store.events
      .search(
        {
          where,
          window: { from: isoFromMicros(stretch * STRETCH), to: isoFromMicros((stretch + 1) * STRETCH) },
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
