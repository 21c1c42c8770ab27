/** The protocol stacks that occur (`eth:ethertype:ip:tcp:http`), numbered: a packet keeps the number of its stack. */
import { protocolNames, protocolNumber } from '../decode/registry.ts'

/** More different stacks than this end where they are: only made-up captures have them. */
const MOST = 65_535
const PROTOCOLS = protocolNames.length
const DATA = protocolNumber('data')

export class Stacks {
  /** Parent and protocol of each; 0 is the empty stack. */
  readonly #parents: number[] = [0]
  readonly #protocols: number[] = [-1]
  /** Child by `stack * PROTOCOLS + protocol`; 0 where there is none yet: the empty stack is nobody's child. */
  #children = new Uint16Array(64 * PROTOCOLS)

  get size(): number {
    return this.#parents.length
  }

  /** The stack that has one protocol more. */
  child(stack: number, protocol: number): number {
    const known = this.#children[stack * PROTOCOLS + protocol]!
    return known > 0 ? known : this.#make(stack, protocol)
  }

  #make(stack: number, protocol: number): number {
    const made = this.#parents.length
    if (made >= MOST || protocol < 0) return stack
    this.#parents.push(stack)
    this.#protocols.push(protocol)
    if ((made + 1) * PROTOCOLS > this.#children.length) {
      const larger = new Uint16Array(this.#children.length * 2)
      larger.set(this.#children)
      this.#children = larger
    }
    this.#children[stack * PROTOCOLS + protocol] = made
    return made
  }

  parent(stack: number): number {
    return this.#parents[stack] ?? 0
  }
  /** Number of the innermost protocol, or -1. */
  innermost(stack: number): number {
    return this.#protocols[stack] ?? -1
  }

  /** Numbers of the protocols, outermost first. */
  protocols(stack: number): number[] {
    const found: number[] = []
    for (let at = stack; at > 0; at = this.#parents[at]!) found.push(this.#protocols[at]!)
    return found.reverse()
  }

  /** `eth:ethertype:ip:tcp` */
  text(stack: number): string {
    return this.protocols(stack)
      .map((protocol) => protocolNames[protocol])
      .join(':')
  }

  /** By stack: 1 where the protocol is in it. */
  containing(protocol: number): Uint8Array {
    const found = new Uint8Array(MOST + 1)
    // A stack is made after its parent.
    for (let stack = 1; stack < this.#parents.length; stack++)
      found[stack] = this.#protocols[stack] === protocol ? 1 : found[this.#parents[stack]!]!
    return found
  }

  /** As it is stored: names, for numbers change from version to version. */
  toJSON(): { parents: number[]; protocols: string[] } {
    return { parents: this.#parents.slice(1), protocols: this.#protocols.slice(1).map((one) => protocolNames[one] ?? 'data') }
  }
  static from({ parents, protocols }: { readonly parents: readonly number[]; readonly protocols: readonly string[] }): Stacks {
    const stacks = new Stacks()
    // A protocol that this version does not know any more is data, whatever was inside.
    for (const [i, parent] of parents.entries()) {
      const number = protocolNumber(protocols[i] ?? 'data')
      const made = stacks.#make(Math.min(parent, i), number >= 0 ? number : DATA)
      if (made !== i + 1) throw new RangeError('the stacks of the index cannot be')
    }
    return stacks
  }
}
