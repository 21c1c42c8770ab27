/** Files that wait to be shown. They come one by one, also where several were opened together: those are one capture. */

/** Milliseconds within which files belong together. */
const TOGETHER = 60

export class OpenRequests {
  #waiting: string[] = []
  #show: ((paths: readonly string[]) => void) | null = null
  #gathering = false

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths)
    if (this.#show === null || this.#waiting.length === 0 || this.#gathering) return
    this.#gathering = true
    setTimeout(() => {
      this.#gathering = false
      this.#show?.(this.#take())
    }, TOGETHER)
  }

  /** There is a window now: gives what waits for it; later ones go to `show`. */
  begin(show: (paths: readonly string[]) => void): readonly string[] {
    this.#show = show
    return this.#take()
  }

  #take(): readonly string[] {
    return this.#waiting.splice(0)
  }
}
