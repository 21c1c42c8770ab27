/** What the columns of a packet, and its flow, can say of a transport protocol of its stack. */
import type { Stacks } from '../index/stacks.ts'

/** The protocol is not in the stack. */
export const ABSENT = 0
/** It is the packet's own transport, the only one: columns and flow are its. */
export const OWN = 1
/** It is only in what an ICMP error quotes: column `ack` names its flow. */
export const QUOTED = 2
/** It occurs several times, or a tunnel begins behind it: bytes have to be read. */
export const SEVERAL = 3

const NETWORKS: ReadonlySet<string> = new Set(['ip', 'ipv6'])
const TRANSPORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'icmp', 'icmpv6'])
const QUOTING: ReadonlySet<string> = new Set(['icmp', 'icmpv6', 'nhrp'])

/** Of one stack, outermost first: {@link ABSENT}, {@link OWN}, {@link QUOTED}, {@link SEVERAL}. */
export function transportOf(stack: readonly string[], protocol: string): 0 | 1 | 2 | 3 {
  const at = stack.indexOf(protocol)
  if (at < 0) return ABSENT
  if (stack.lastIndexOf(protocol) !== at || stack.slice(at).some((one) => NETWORKS.has(one))) return SEVERAL
  return stack.slice(0, at).some((one) => QUOTING.has(one)) ? QUOTED : OWN
}

/** One IP header, and one in what it quotes, with its transport: the addresses of both flows are all there are. */
export function quotesOnce(stack: readonly string[]): boolean {
  const networks = stack.flatMap((one, i) => (NETWORKS.has(one) ? [i] : []))
  const quoting = stack.findIndex((one) => QUOTING.has(one))
  return (
    networks.length === 2 &&
    quoting > networks[0]! &&
    quoting < networks[1]! &&
    stack.slice(networks[1]).some((one) => TRANSPORTS.has(one))
  )
}

/** What is said of each stack, by its number; made again where there are more stacks. */
export class OfStacks {
  readonly #stacks: Stacks
  readonly #say: (stack: readonly string[]) => number
  #size = 0
  #table = new Uint8Array(0)

  constructor(stacks: Stacks, say: (stack: readonly string[]) => number) {
    this.#stacks = stacks
    this.#say = say
  }

  get table(): Uint8Array {
    const { size } = this.#stacks
    if (size !== this.#size) {
      this.#table = Uint8Array.from({ length: size }, (_, stack) =>
        stack === 0 ? 0 : this.#say(this.#stacks.text(stack).split(':')),
      )
      this.#size = size
    }
    return this.#table
  }
}
