/** Events of a host by stretches of ten minutes. Alerts of one attack have the same targets: what was read for one is kept for the next, until new events of that time come. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Store } from '../../store/types.ts'
import type { CaseEvent } from '../case.ts'
import { caseEvent } from './case-event.ts'
import { KeptAnswers } from './kept-answers.ts'

const STRETCH = 600_000_000
const MINUTE = 60_000_000
/** Events of one stretch that are read of what a busy host did, and of who took part in something. */
const MOST_TOLD = 400
const MOST_CLOSE = 4000
const MOST_IN_MINUTE = 800
/** Stretches and events that are kept in all: the reader keeps most of the events anyway, these are lists of them. */
const MOST_STRETCHES = 4000
const MOST_KEPT = 100_000
/** Stretches that are read for one alert: the first and the last ones of a long one. */
const MOST_READ = 18

export interface SomeEvents {
  /** Oldest first. */
  readonly events: readonly CaseEvent[]
  /** There are more than these. */
  readonly cut: boolean
}

/** The first of each stretch; `events` are the oldest first. */
export function firstOfEach(events: readonly CaseEvent[]): CaseEvent[] {
  let stretch = NaN
  let count = 0
  return events.filter(({ time }) => {
    const at = Math.floor(time / STRETCH)
    if (at !== stretch) count = 0
    stretch = at
    return ++count <= MOST_TOLD
  })
}

export class TargetEvents {
  readonly #events: Pick<Store['events'], 'search'>
  readonly #kept = new KeptAnswers<SomeEvents>(MOST_STRETCHES, MOST_KEPT, ({ events }) => events.length)

  constructor(events: Pick<Store['events'], 'search'>) {
    this.#events = events
  }

  forget(from: number, to: number): void {
    this.#kept.forget(from, to)
  }

  /**
   * Events between two times (microseconds) that fit, oldest first: the first of each stretch, and the first since `at`; and, where there
   * are more than that, those that fit `closer` too. `cut`: some of those are missing.
   */
  async of(
    where: string,
    closer: string,
    { from, at, to }: { readonly from: number; readonly at: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<SomeEvents & { readonly whole: boolean }> {
    if (where === '') return { events: [], cut: false, whole: true }
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
      const some = await this.#stretch(where, stretch, MOST_TOLD, signal)
      if (!some.cut) {
        found.push(...some.events)
        continue
      }
      whole = false
      const since = stretch === Math.floor(at / STRETCH) ? await this.#since(where, at, stretch, signal) : []
      const close = closer === '' ? { events: [], cut: true } : await this.#stretch(closer, stretch, MOST_CLOSE, signal)
      cut ||= close.cut
      found.push(...together(together(some.events, since), close.events))
    }
    return { events: found.filter(({ time }) => time >= from && time <= to), cut, whole: whole && !cut }
  }

  /** The first events of a busy stretch since a time in it. */
  async #since(where: string, at: number, stretch: number, signal: AbortSignal): Promise<readonly CaseEvent[]> {
    const end = (stretch + 1) * STRETCH
    const found: CaseEvent[] = []
    for (let minute = Math.floor(at / MINUTE) * MINUTE; minute < end && found.length < MOST_TOLD; minute += MINUTE) {
      const [from, to] = [minute, minute + MINUTE]
      const some = await this.#kept.get(
        `${minute} minute ${where}`,
        from,
        to,
        () => this.#ask(where, from, to, MOST_IN_MINUTE, signal),
        {
          events: [],
          cut: true,
        },
      )
      const later = some.events.filter(({ time }) => time >= at)
      found.push(...later)
      if (some.cut && found.length < MOST_TOLD) {
        const rest = await this.#ask(where, Math.max(at, (some.events.at(-1)?.time ?? from) + 1), end, MOST_TOLD, signal)
        return [...found, ...(rest?.events ?? [])].slice(0, MOST_TOLD)
      }
    }
    return found.slice(0, MOST_TOLD)
  }

  #stretch(where: string, stretch: number, most: number, signal: AbortSignal): Promise<SomeEvents> {
    const [from, to] = [stretch * STRETCH, (stretch + 1) * STRETCH]
    return this.#kept.get(`${stretch} ${most} ${where}`, from, to, () => this.#ask(where, from, to, most, signal), {
      events: [],
      cut: true,
    })
  }

  async #ask(where: string, from: number, to: number, most: number, signal: AbortSignal): Promise<SomeEvents | null> {
    const window = { from: isoFromMicros(from), to: isoFromMicros(to) }
    const asked = { where, window, order: 'oldest', fields: [], limit: most, after: null } as const
    const found = await this.#events.search({ ...asked, fields: [] }, signal)
    return found.ok ? { events: found.value.events.map(caseEvent), cut: found.value.after !== null } : null
  }
}

/** Events of both, once each, oldest first. */
export function together(some: readonly CaseEvent[], more: readonly CaseEvent[]): CaseEvent[] {
  const ids = new Set(some.map(({ id }) => id))
  const fresh = more.filter(({ id }) => !ids.has(id))
  return fresh.length === 0 ? [...some] : [...some, ...fresh].sort((a, b) => a.time - b.time)
}
