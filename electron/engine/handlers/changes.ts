/** What happened since a stream last told: collected while its client is slow, told at most ten times a second. */
const GAP_MS = 100

export class Changes {
  #wake: (() => void) | null = null
  #changed = false
  #first = true

  /** Something happened. */
  mark(): void {
    this.#changed = true
    this.#wake?.()
  }

  /** Resolves true when something has happened, not sooner than a tenth of a second after it is called (but for the first time); false when the signal is aborted. */
  async next(signal: AbortSignal): Promise<boolean> {
    const from = this.#first ? -Infinity : performance.now() + GAP_MS
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
