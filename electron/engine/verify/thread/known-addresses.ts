/** Which addresses are ours, for tests that ask at once and a desk that answers later: what was not known is asked for, and the tests run again. */
const MOST = 20_000

export class KnownAddresses {
  readonly #known = new Map<string, boolean>()
  readonly #missed = new Set<string>()
  #revision = -1

  /** What was known of another state of the inventory is forgotten. */
  at(revision: number): void {
    if (revision === this.#revision && this.#known.size < MOST) return
    this.#revision = revision
    this.#known.clear()
  }

  /** False where it is not known yet. */
  isOurs(ip: string): boolean {
    const known = this.#known.get(ip)
    if (known === undefined) this.#missed.add(ip)
    return known ?? false
  }

  /** `work`, run until it asks for nothing that is not known. `ask` gives those of the addresses that are ours. */
  async settled<T>(work: () => T, ask: (addresses: readonly string[]) => Promise<readonly string[]>): Promise<T> {
    for (;;) {
      this.#missed.clear()
      const done = work()
      const missed = [...this.#missed].filter((ip) => !this.#known.has(ip))
      if (missed.length === 0) return done
      const ours = new Set(await ask(missed))
      for (const ip of missed) this.#known.set(ip, ours.has(ip))
    }
  }
}
