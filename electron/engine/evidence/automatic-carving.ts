/**
 * Packets of the alerts that join incidents, carved in the background. What is to be done is what the desk does not know an outcome of:
 * nothing is queued that a restart could lose.
 */
import type { Store } from '../store/types.ts'
import type { FlowCarver } from './flow-carver.ts'

/** In whose name. */
export const CARVER = 'watchfloor'
const AT_ONCE = 50
/** That are carved by themselves for one incident; more where somebody asks. */
const MOST_FLOWS = 200

export interface Waits {
  /** After a change, before it is tried again while all captures are in use, and after a failure. Milliseconds. */
  readonly settled: number
  readonly busy: number
  readonly failed: number
}

export class AutomaticCarving {
  readonly #store: Pick<Store, 'incidents' | 'onIncidentsChanged'>
  readonly #carver: Pick<FlowCarver, 'alert' | 'busy'>
  readonly #waits: Waits
  readonly #ending = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> | null = null
  #again = false
  #patience = 6
  #stop: (() => void) | null = null

  constructor(
    store: Pick<Store, 'incidents' | 'onIncidentsChanged'>,
    carver: Pick<FlowCarver, 'alert' | 'busy'>,
    waits: Waits = { settled: 1500, busy: 10_000, failed: 30_000 },
  ) {
    this.#store = store
    this.#carver = carver
    this.#waits = waits
  }

  start(): void {
    this.#stop = this.#store.onIncidentsChanged((changed) => {
      if (changed.some(({ parts }) => parts.includes('alerts'))) this.#later(this.#waits.settled)
    })
    this.#later(this.#waits.settled)
  }

  async close(): Promise<void> {
    this.#stop?.()
    if (this.#timer) clearTimeout(this.#timer)
    this.#ending.abort()
    await this.#working
  }

  #later(wait: number): void {
    if (this.#ending.signal.aborted) return
    if (this.#working) {
      this.#again = true
      return
    }
    // Begun anew with every change it would never end where something changes all the time.
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#working = this.#work()
        .catch((error: unknown) => {
          process.stderr.write(`evidence: carving failed: ${String(error)}\n`)
          return this.#waits.failed
        })
        .then((wait) => {
          this.#working = null
          const pause = wait ?? (this.#again ? this.#waits.settled : null)
          this.#again = false
          if (pause !== null) this.#later(pause)
        })
    }, wait).unref()
  }

  /** Gives how long to wait before it goes on; null where all is done. */
  async #work(): Promise<number | null> {
    const { signal } = this.#ending
    /** Those that could not even be said to have failed are tried again later. */
    const given = new Set<string>()
    for (;;) {
      const next = await this.#store.incidents.uncarved(AT_ONCE, signal)
      if (!next.ok) return this.#waits.failed
      const fresh = next.value.alerts.filter(({ number, alert }) => !given.has(`${number} ${alert}`))
      if (fresh.length === 0) return next.value.alerts.length > 0 ? this.#waits.failed : null
      for (const { number, alert } of fresh) {
        if (signal.aborted) return null
        // Others look at these captures; but packets must not wait without an end.
        if (this.#carver.busy && this.#patience > 0) {
          this.#patience--
          return this.#waits.busy
        }
        this.#patience = 6
        given.add(`${number} ${alert}`)
        const done = await this.#carver.alert(number, alert, CARVER, signal, MOST_FLOWS)
        if (!done.ok && !['cancelled', 'not_found'].includes(done.error.code))
          process.stderr.write(`evidence: packets of alert ${alert} for ${number}: ${done.error.message}\n`)
      }
    }
  }
}
