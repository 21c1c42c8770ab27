/** Waiting that can be cut short. */
export class Pause {
  #wake: (() => void) | null = null
  #woken = false

  /** Resolves after `ms`, or when woken; at once where `wake` was called since the last wait. */
  wait(ms: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#wake = null
        this.#woken = false
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#wake = done
    })
  }

  wake(): void {
    if (this.#wake) this.#wake()
    else this.#woken = true
  }
}
