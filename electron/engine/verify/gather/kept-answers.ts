/** Answers of the store that the cases of many alerts share: kept until events come of the time that they are about, or others need the room. */
interface Kept<T> {
  readonly from: number
  readonly to: number
  readonly answer: Promise<T>
  weight: number
}

export class KeptAnswers<T> {
  readonly #kept = new Map<string, Kept<T>>()
  readonly #most: number
  readonly #mostWeight: number
  readonly #weightOf: (answer: T) => number
  #weight = 0

  /** At most so many, and at most so heavy together, but for the newest. */
  constructor(most: number, mostWeight: number, weightOf: (answer: T) => number) {
    this.#most = most
    this.#mostWeight = mostWeight
    this.#weightOf = weightOf
  }

  /** The answer about the events from one time up to another (microseconds). What `ask` gives as null is not kept, and `otherwise` then. */
  get(key: string, from: number, to: number, ask: () => Promise<T | null>, otherwise: T): Promise<T> {
    const known = this.#kept.get(key)
    if (known !== undefined) {
      // The longest unused goes first.
      this.#kept.delete(key)
      this.#kept.set(key, known)
      return known.answer
    }
    const kept: Kept<T> = { from, to, weight: 0, answer: ask().then((answer) => this.#came(key, kept, answer, otherwise)) }
    this.#kept.set(key, kept)
    return kept.answer
  }

  #came(key: string, kept: Kept<T>, answer: T | null, otherwise: T): T {
    if (this.#kept.get(key) === kept) {
      if (answer === null) this.#kept.delete(key)
      else {
        kept.weight = this.#weightOf(answer)
        this.#weight += kept.weight
        for (const other of this.#kept.keys()) {
          if (this.#kept.size <= this.#most && this.#weight <= this.#mostWeight) break
          if (other !== key) this.#drop(other)
        }
      }
    }
    return answer ?? otherwise
  }

  /** Events of these times have come. */
  forget(from: number, to: number): void {
    for (const [key, kept] of this.#kept) if (kept.from <= to && from < kept.to) this.#drop(key)
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0
    this.#kept.delete(key)
  }
}
