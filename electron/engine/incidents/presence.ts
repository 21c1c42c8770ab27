/** Who has an incident open: each open watch of it is somebody, the same person twice where two windows have it. */

export interface Stay {
  /** Names of the others, each once; the own name where another window of the same person has it. */
  others(): string[]
  leave(): void
}
interface Visitor {
  readonly name: string
  readonly wake: () => void
}

export class IncidentPresence {
  readonly #visitors = new Map<string, Set<Visitor>>()

  /** `changed` is called whenever somebody else comes or goes. */
  come(incident: string, name: string, changed: () => void): Stay {
    const visitor: Visitor = { name, wake: changed }
    const all = this.#visitors.get(incident) ?? new Set<Visitor>()
    this.#visitors.set(incident, all.add(visitor))
    const others = (): Visitor[] => [...all].filter((one) => one !== visitor)
    for (const other of others()) other.wake()
    return {
      others: () => [...new Set(others().map((one) => one.name))].sort(),
      leave: () => {
        all.delete(visitor)
        if (all.size === 0) this.#visitors.delete(incident)
        for (const other of all) other.wake()
      },
    }
  }
}
