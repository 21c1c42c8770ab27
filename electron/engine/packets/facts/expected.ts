/** Flows that messages of other flows announce: FTP data, TFTP transfers. The oldest announcements are forgotten first. */

const MOST_EXPECTED = 10_000

export interface Expected {
  readonly decoder: string
  readonly note: unknown
}

const key = (transport: string, address: string, port: number): string => `${transport} ${address} ${port}`

export class ExpectedFlows {
  readonly #expected = new Map<string, Expected>()

  get none(): boolean {
    return this.#expected.size === 0
  }

  add(transport: 'tcp' | 'udp', address: string, port: number, expected: Expected): void {
    const name = key(transport, address, port)
    this.#expected.delete(name)
    if (this.#expected.size >= MOST_EXPECTED) {
      const [oldest] = this.#expected.keys()
      this.#expected.delete(oldest!)
    }
    this.#expected.set(name, expected)
  }

  /** What is expected of a flow with this end; only of the first one. */
  take(transport: string, address: string, port: number): Expected | null {
    const name = key(transport, address, port)
    const found = this.#expected.get(name)
    if (found === undefined) return null
    this.#expected.delete(name)
    return found
  }
}
