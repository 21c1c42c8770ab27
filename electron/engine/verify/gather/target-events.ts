/** Events of a host by stretches of ten minutes. Alerts of one attack have the same targets: what was read for one is kept for the next, until new events come. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Store } from '../../store/types.ts'
import type { CaseEvent } from '../case.ts'
import { caseEvent } from './case-event.ts'

const STRETCH = 600_000_000
/** Events of one stretch: a busy minute must not hide the ones after it. */
const MOST_EVENTS = 4000
/** Stretches and events that are kept in all. */
const MOST_STRETCHES = 2000
const MOST_KEPT = 16_000
/** Of each stretch so many are told of what a busy host did; who took part in something is found among all. */
const MOST_TOLD = 400
/** Stretches that are read for one alert: the first and the last ones of a long one. */
const MOST_READ = 18

export interface SomeEvents {
  /** Oldest first. */
  readonly events: readonly CaseEvent[]
  /** There are more than these. */
  readonly cut: boolean
}

/** The first of each stretch. */
export function firstOfEach(events: readonly CaseEvent[]): CaseEvent[] {
  const counts = new Map<number, number>()
  return events.filter(({ time }) => {
    const stretch = Math.floor(time / STRETCH)
    const count = (counts.get(stretch) ?? 0) + 1
    counts.set(stretch, count)
    return count <= MOST_TOLD
  })
}

export class TargetEvents {
  readonly #store: Pick<Store, 'events' | 'numbers'>
  readonly #kept = new Map<string, Kept>()
  /** Events of the stretches that are kept. */
  #held = 0
  #events = -1

  constructor(store: Pick<Store, 'events' | 'numbers'>) {
    this.#store = store
  }

  /**
   * Events between two times (microseconds) that fit, oldest first: the first of each stretch; and, where there are more than that, those
   * that fit `closer` too. `cut`: some of those are missing.
   */
  async of(
    where: string,
    closer: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<SomeEvents & { readonly whole: boolean }> {
    if (where === '') return { events: [], cut: false, whole: true }
    const { events } = this.#store.numbers
    if (events !== this.#events) {
      this.#events = events
      this.#kept.clear()
      this.#held = 0
    }
    const found: CaseEvent[] = []
    let cut = false
    let whole = true
    const first = Math.floor(from / STRETCH)
    const last = Math.floor(to / STRETCH)
    for (let stretch = first; stretch <= last; stretch++) {
      if (stretch - first === MOST_READ / 2 && last - first >= MOST_READ) {
        stretch = last - MOST_READ / 2 + 1
        cut = true
      }
      const some = await this.#stretch(where, stretch, signal)
      if (!some.cut) {
        found.push(...some.events)
        continue
      }
      whole = false
      const close = closer === '' ? { events: [], cut: true } : await this.#stretch(closer, stretch, signal)
      cut ||= close.cut
      found.push(...together(some.events, close.events))
    }
    return { events: found.filter(({ time }) => time >= from && time <= to), cut, whole: whole && !cut }
  }

  #stretch(where: string, stretch: number, signal: AbortSignal): Promise<SomeEvents> {
    const key = `${stretch} ${where}`
    const known = this.#kept.get(key)
    if (known !== undefined) {
      // The longest unused goes first.
      this.#kept.delete(key)
      this.#kept.set(key, known)
      return known.some
    }
    const kept: Kept = { some: Promise.resolve({ events: [], cut: true }), events: 0 }
    kept.some = this.#store.events
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
      .then((found): SomeEvents => {
        if (!found.ok) {
          if (this.#kept.get(key) === kept) this.#kept.delete(key)
          return { events: [], cut: true }
        }
        if (this.#kept.get(key) === kept) {
          kept.events = found.value.events.length
          this.#held += kept.events
          this.#makeRoom(key)
        }
        return { events: found.value.events.map(caseEvent), cut: found.value.after !== null }
      })
    this.#kept.set(key, kept)
    return kept.some
  }

  #makeRoom(except: string): void {
    for (const [key, { events }] of this.#kept) {
      if (this.#kept.size <= MOST_STRETCHES && this.#held <= MOST_KEPT) return
      if (key === except) continue
      this.#kept.delete(key)
      this.#held -= events
    }
  }
}

/** Events of both, once each, oldest first. */
export function together(some: readonly CaseEvent[], more: readonly CaseEvent[]): CaseEvent[] {
  const ids = new Set(some.map(({ id }) => id))
  const fresh = more.filter(({ id }) => !ids.has(id))
  return fresh.length === 0 ? [...some] : [...some, ...fresh].sort((a, b) => a.time - b.time)
}

interface Kept {
  some: Promise<SomeEvents>
  /** How many there are, once they are read. */
  events: number
}
