/** A map that forgets its oldest entry where there are too many: a flow's memory stays bounded whatever it is sent. */
export class Recent<K, V> {
  readonly #kept = new Map<K, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: K): V | undefined {
    return this.#kept.get(key)
  }

  set(key: K, value: V): void {
    if (!this.#kept.has(key) && this.#kept.size >= this.#most) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    this.#kept.set(key, value)
  }

  delete(key: K): void {
    this.#kept.delete(key)
  }

  /** Takes the entry out. */
  take(key: K): V | undefined {
    const value = this.#kept.get(key)
    this.#kept.delete(key)
    return value
  }
}
