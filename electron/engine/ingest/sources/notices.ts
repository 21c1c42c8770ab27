/** The one warning of a source, put together from several that come and go on their own. */
export class Notices {
  readonly #show: (text: string | null) => void
  readonly #parts = new Map<string, string>()
  #shown: string | null = null

  constructor(show: (text: string | null) => void) {
    this.#show = show
  }

  /** `text` under `key`, in place of what was there; null takes it away. */
  set(key: string, text: string | null): void {
    if (text === null) this.#parts.delete(key)
    else this.#parts.set(key, text)
    const all = this.#parts.size === 0 ? null : [...this.#parts.values()].join(' · ')
    if (all === this.#shown) return
    this.#shown = all
    this.#show(all)
  }
}
