/** What happened since a stream last told: collected while its client is slow, and for a moment in any case. */

export class Changes {
  #wake: (() => void) | null = null
  #changed = false
  #first = true
  readonly #gap: number

  /** Nothing is told sooner than `gap` milliseconds after the last. */
  constructor(gap: number) {
    this.#gap = gap
  }

  /** Something happened. */
  mark(): void {
    this.#changed = true
    this.#wake?.()
  }

  /** Resolves true when something has happened, not sooner than the gap after it is called (but for the first time); false when the signal is aborted. */
  async next(signal: AbortSignal): Promise<boolean> {
    const from = this.#first ? -Infinity : performance.now() + this.#gap
    this.#first = false
    while (!signal.aborted) {
      const wait = this.#changed ? from - performance.now() : Infinity
      if (wait <= 0) break
      let stop = (): void => undefined
      await new Promise<void>((resolve) => {
        const timer = wait === Infinity ? undefined : setTimeout(resolve, wait)
        stop = () => {
          clearTimeout(timer)
          resolve()
        }
        this.#wake = wait === Infinity ? stop : null
        signal.addEventListener('abort', stop)
      })
      signal.removeEventListener('abort', stop)
      this.#wake = null
    }
    if (signal.aborted) return false
    this.#changed = false
    return true
  }
}
