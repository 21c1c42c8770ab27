/** The list of flows: of a transport, of a pair, of a view, in any order. */
import { protocolNames } from '../decode/registry.ts'
import { F, STATE, W, WORDS } from '../flows/flow-record.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { conversationOf, transportName, type Conversation } from './flow-of.ts'
import { flowsOfView, type FlowSums } from './flow-sums.ts'
import { isAddressAt, readAddress } from './record-address.ts'
import { inverted, sortedPlaces, wordsOfNumbers } from './sort-places.ts'
import type { View } from './view.ts'

export interface ConversationsAsked {
  readonly transport: 'all' | 'tcp' | 'udp' | 'sctp' | 'icmp' | 'ip' | 'ethernet'
  readonly order: 'first' | 'packets' | 'bytes' | 'duration' | 'client' | 'server' | 'app'
  readonly descending: boolean
  readonly pair: readonly [string, string] | null
  readonly from: number
  readonly count: number
}

export class Conversations {
  readonly #index: CaptureIndex
  /** The last list, so that its next page costs nothing. */
  #last: { readonly key: string; readonly flows: Uint32Array } | null = null

  constructor(index: CaptureIndex) {
    this.#index = index
  }

  async list(asked: ConversationsAsked, view: View | null): Promise<{ flows: Conversation[]; total: number }> {
    const { transport, order, descending, pair } = asked
    const index = this.#index
    const key = JSON.stringify([transport, order, descending, pair, view?.id ?? null, view?.total ?? 0, index.columns.length])
    const counted = view === null ? null : await flowsOfView(index, view)
    if (this.#last?.key !== key) this.#last = { key, flows: await this.#select(asked, counted) }
    const { flows } = this.#last
    return {
      flows: Array.from(flows.subarray(asked.from, asked.from + asked.count), (flow) => {
        const row = conversationOf(index, flow)
        if (counted === null) return row
        // Of a view, only what is in it.
        return {
          ...row,
          client: { ...row.client, packets: counted.packets(flow, 0), bytes: counted.bytes(flow, 0) },
          server: { ...row.server, packets: counted.packets(flow, 1), bytes: counted.bytes(flow, 1) },
        }
      }),
      total: flows.length,
    }
  }

  /** Typed arrays only: of eight million flows objects would not fit. */
  async #select({ transport, order, descending, pair }: ConversationsAsked, counted: FlowSums | null): Promise<Uint32Array> {
    const { flows } = this.#index
    const ends = pair === null ? null : [readAddress(pair[0]), readAddress(pair[1])]
    const [one, other] = ends ?? [null, null]
    if (ends !== null && (one == null || other == null)) return new Uint32Array(0)
    const most = flows.length
    const chosen = new Uint32Array(most)
    let size = 0
    const keys = new SortKeys(order, most)
    for (const { page, first, count } of flows.pages()) {
      const { words, doubles } = page
      for (let i = 0; i < count && size < most; i++) {
        const flow = first + i
        const at = i * WORDS
        if (counted !== null && !counted.has(flow)) continue
        const kind = words[at + W.kind]!
        if ((kind >>> 16) & STATE.fragments && transport !== 'all' && transport !== 'ip') continue
        if (transport !== 'all' && !fits(transportName(kind & 255), transport)) continue
        const family = (kind >>> 8) & 255
        if (one != null && other != null) {
          const client = at + W.client
          const server = at + W.server
          const forth = isAddressAt(words, client, family, one) && isAddressAt(words, server, family, other)
          if (!forth && !(isAddressAt(words, client, family, other) && isAddressAt(words, server, family, one))) continue
        }
        if (order === 'client' || order === 'server')
          keys.address(size, words, at + (order === 'client' ? W.client : W.server), family)
        else if (order === 'app') keys.name(size, words[at + W.app]!)
        // Of a view, what is in it: as it is shown.
        else if (order === 'packets')
          keys.number(
            size,
            counted === null
              ? words[at + W.clientPackets]! + words[at + W.serverPackets]!
              : counted.packets(flow, 0) + counted.packets(flow, 1),
          )
        else if (order === 'bytes')
          keys.number(
            size,
            counted === null
              ? doubles[at / 2 + F.clientBytes]! + doubles[at / 2 + F.serverBytes]!
              : counted.bytes(flow, 0) + counted.bytes(flow, 1),
          )
        else if (order === 'duration') {
          const duration = doubles[at / 2 + F.lastTime]! - doubles[at / 2 + F.firstTime]!
          keys.number(size, Number.isFinite(duration) ? duration : 0)
        }
        chosen[size++] = flow
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (order === 'first') {
      const found = chosen.slice(0, size)
      return descending ? found.reverse() : found
    }
    const places = sortedPlaces(size, keys.columns(size, descending))
    for (let i = 0; i < size; i++) places[i] = chosen[places[i]!]!
    return places
  }
}

/** What a list is sorted by, in columns of words: only those that the order needs. */
class SortKeys {
  readonly #numbers: Float64Array<ArrayBuffer> | null
  /** The least significant first: an address's four words, and its family. IPv4 needs the first one alone. */
  readonly #words: Uint32Array[]
  readonly #most: number

  constructor(order: ConversationsAsked['order'], most: number) {
    this.#most = most
    this.#numbers = order === 'packets' || order === 'bytes' || order === 'duration' ? new Float64Array(most) : null
    this.#words = order === 'client' || order === 'server' || order === 'app' ? [new Uint32Array(most)] : []
  }

  number(place: number, value: number): void {
    this.#numbers![place] = value
  }
  name(place: number, app: number): void {
    this.#words[0]![place] = RANKS[app]!
  }
  address(place: number, words: Uint32Array, at: number, family: number): void {
    this.#words[0]![place] = words[at + 3]!
    if (family !== 6) return
    while (this.#words.length < 5) this.#words.push(new Uint32Array(this.#most))
    for (let i = 1; i < 4; i++) this.#words[i]![place] = words[at + 3 - i]!
    this.#words[4]![place] = 1
  }

  columns(size: number, descending: boolean): Uint32Array[] {
    const columns = this.#numbers === null ? this.#words : wordsOfNumbers(this.#numbers.subarray(0, size))
    return descending ? columns.map(inverted) : columns
  }
}

/** By number of the application's protocol + 1: its place by name; 0 has none. */
const RANKS = ((): Uint32Array => {
  const ranks = new Uint32Array(protocolNames.length + 1)
  const sorted = Array.from(protocolNames.keys()).sort((a, b) => (protocolNames[a]! < protocolNames[b]! ? -1 : 1))
  for (const [rank, number] of sorted.entries()) ranks[number + 1] = rank + 1
  return ranks
})()

function fits(name: string, wanted: ConversationsAsked['transport']): boolean {
  if (wanted === 'icmp') return name === 'icmp' || name === 'icmpv6'
  if (wanted === 'ip') return name !== 'tcp' && name !== 'udp' && name !== 'sctp' && name !== 'icmp' && name !== 'icmpv6'
  return name === wanted
}
