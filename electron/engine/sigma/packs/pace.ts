/** Long work beside the desk's other work. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds of work before others have their turn. */
const SLICE = 15

/** To be awaited between small pieces of work: gives way once a slice is over. */
export class Pace {
  #since = performance.now()

  async rest(): Promise<void> {
    if (performance.now() - this.#since < SLICE) return
    await nextTurn()
    this.#since = performance.now()
  }
}
