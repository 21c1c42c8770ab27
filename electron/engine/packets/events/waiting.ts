/** Things that wait for what completes them, so many at most: the oldest is handed back where there are more. */
export class Waiting<K, V> {
  readonly #kept = new Map<K, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Gives the one that has waited too long, if any. */
  add(key: K, value: V): V | undefined {
    this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size <= this.#most) return undefined
    const [oldest] = this.#kept.keys()
    return oldest === undefined ? undefined : this.take(oldest)
  }

  has(key: K): boolean {
    return this.#kept.has(key)
  }
  get(key: K): V | undefined {
    return this.#kept.get(key)
  }

  take(key: K): V | undefined {
    const value = this.#kept.get(key)
    this.#kept.delete(key)
    return value
  }

  /** All that wait, oldest first; none waits any more. */
  takeAll(): V[] {
    const all = [...this.#kept.values()]
    this.#kept.clear()
    return all
  }
}
