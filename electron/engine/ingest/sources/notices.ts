/** The one warning of a source, put together from several that come and go on their own. */
import { say, type Sentence } from '../../../../shared/model/sentence.ts'

export class Notices {
  readonly #show: (sentence: Sentence | null) => void
  readonly #parts = new Map<string, Sentence>()
  /** As text, for comparing. */
  #shown = 'null'

  constructor(show: (sentence: Sentence | null) => void) {
    this.#show = show
  }

  /** `sentence` under `key`, in place of what was there; null takes it away. */
  set(key: string, sentence: Sentence | null): void {
    if (sentence === null) this.#parts.delete(key)
    else this.#parts.set(key, sentence)
    const parts = [...this.#parts.values()]
    const all = parts.length > 1 ? say('together', { parts }) : (parts[0] ?? null)
    const shown = JSON.stringify(all)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#show(all)
  }
}
