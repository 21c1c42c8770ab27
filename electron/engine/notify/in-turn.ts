/** Work that is done again when something happened: one at a time, a moment later, and never once it is closed. */
export class InTurn {
  readonly #work: () => Promise<void>
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> = Promise.resolve()
  #closed = false

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  get closed(): boolean {
    return this.#closed
  }
  /** Whether it is going to be done. */
  get waits(): boolean {
    return this.#timer !== null
  }

  /** Does it in so many milliseconds, unless that is so already. */
  again(after: number): void {
    if (this.#closed || this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#do()
    }, after).unref()
  }

  /** Does it now; resolves when it is done. */
  async now(): Promise<void> {
    this.#forget()
    this.#do()
    await this.#working
  }

  /** Resolves when what was begun is done. */
  async close(): Promise<void> {
    this.#closed = true
    this.#forget()
    await this.#working
  }

  #do(): void {
    this.#working = this.#working.then(() => this.#work())
  }
  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
