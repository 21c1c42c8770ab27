/**
 * What was found in texts of a field lately. Many fields say the same again and again (programs, users, modules): to look that up is
 * less work than to look through the text. Where a field does not, nothing is remembered for a while.
 */

/** Texts that are remembered of a field, and how long they may be. */
const MOST = 2048
const LONGEST = 512
const SHORTEST = 8
/** Of so many lookups, so many must have found something; else so many texts are passed by. */
const TRIAL = 2048
const ENOUGH = TRIAL / 4
const REST = 65_536

export class SeenTexts {
  readonly #known = new Map<string, readonly number[]>()
  #asked = 0
  #found = 0
  #rest = 0

  /** False where the text had better be looked through. */
  wants(text: string): boolean {
    if (this.#rest > 0) {
      this.#rest--
      return false
    }
    return text.length >= SHORTEST && text.length <= LONGEST
  }

  get(text: string): readonly number[] | undefined {
    const targets = this.#known.get(text)
    if (targets !== undefined) this.#found++
    if (++this.#asked < TRIAL) return targets
    if (this.#found < ENOUGH) {
      this.#known.clear()
      this.#rest = REST
    }
    this.#asked = 0
    this.#found = 0
    return targets
  }

  add(text: string, targets: readonly number[]): void {
    if (this.#rest > 0) return
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(text, targets)
  }
}
