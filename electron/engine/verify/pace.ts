/** How fast alerts are verified: what comes in is stored and shown first. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds after a commit in which more are expected. */
const ARRIVING = 1000
/** The rest after an alert meanwhile, in times of what it took; and at most, in milliseconds. */
const REST = 2
const MOST_REST = 500
/** Alerts that are verified side by side: while the packets of one are read, the thread works on the other. */
const LANES = 2

export class Pace {
  readonly #now: () => number
  readonly #rest: (ms: number, signal: AbortSignal) => Promise<void>
  #lastStored = -Infinity

  /** `now` in milliseconds. */
  constructor(now: () => number, rest: (ms: number, signal: AbortSignal) => Promise<void> = untilDone) {
    this.#now = now
    this.#rest = rest
  }

  /** Records were stored. */
  stored(): void {
    this.#lastStored = this.#now()
  }

  /** Side by side; while records come in one after the other, with a rest after each that is twice as long as it took. */
  async each<T>(items: Iterable<T>, work: (item: T) => Promise<void>, signal: AbortSignal): Promise<void> {
    await sideBySide(
      items,
      async (item) => {
        const began = this.#now()
        await work(item)
        if (this.#arriving) await this.#rest(Math.min(REST * (this.#now() - began), MOST_REST), signal)
      },
      this.#arriving ? 1 : LANES,
    )
  }

  get #arriving(): boolean {
    return this.#now() - this.#lastStored < ARRIVING
  }
}

/** The next begins when one of `lanes` is done. */
export async function sideBySide<T>(items: Iterable<T>, work: (item: T) => Promise<void>, lanes = LANES): Promise<void> {
  const rest = items[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** A rest that is cut short ends like any other. */
const untilDone = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
