/** The list of flows: of a transport, of a pair, of a view, in any order. */
import { protocolNames } from '../decode/registry.ts'
import { F, STATE, W, WORDS } from '../flows/flow-record.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { conversationOf, addressText, transportName, type Conversation } from './flow-of.ts'
import { flowsOfView } from './statistics.ts'
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
    if (this.#last?.key !== key) this.#last = { key, flows: await this.#select(asked, view) }
    const { flows } = this.#last
    const counted = view === null ? null : await flowsOfView(index, view)
    return {
      flows: Array.from(flows.subarray(asked.from, asked.from + asked.count), (flow) => {
        const row = conversationOf(index, flow)
        const sum = counted?.get(flow)
        if (sum === undefined) return row
        // Of a view, only what is in it.
        return {
          ...row,
          client: { ...row.client, packets: sum[0], bytes: sum[1] },
          server: { ...row.server, packets: sum[2], bytes: sum[3] },
        }
      }),
      total: flows.length,
    }
  }

  async #select({ transport, order, descending, pair }: ConversationsAsked, view: View | null): Promise<Uint32Array> {
    const counted = view === null ? null : await flowsOfView(this.#index, view)
    const chosen: number[] = []
    const keys: (number | string)[] = []
    for (const { page, first, count } of this.#index.flows.pages()) {
      const { words, doubles } = page
      for (let i = 0; i < count; i++) {
        const flow = first + i
        const at = i * WORDS
        if (counted !== null && !counted.has(flow)) continue
        const kind = words[at + W.kind]!
        const name = transportName(kind & 255)
        if ((kind >>> 16) & STATE.fragments && transport !== 'all' && transport !== 'ip') continue
        if (transport !== 'all' && !fits(name, transport)) continue
        const family = (kind >>> 8) & 255
        if (pair !== null || order === 'client' || order === 'server') {
          const client = addressText(words, at + W.client, family)
          const server = addressText(words, at + W.server, family)
          if (pair !== null && !((client === pair[0] && server === pair[1]) || (client === pair[1] && server === pair[0])))
            continue
          if (order === 'client' || order === 'server') keys.push(sortable(order === 'client' ? client : server))
        }
        // Of a view, what is in it: as it is shown.
        const sum = counted?.get(flow)
        if (order === 'packets') keys.push(sum ? sum[0] + sum[2] : words[at + W.clientPackets]! + words[at + W.serverPackets]!)
        else if (order === 'bytes')
          keys.push(sum ? sum[1] + sum[3] : doubles[at / 2 + F.clientBytes]! + doubles[at / 2 + F.serverBytes]!)
        else if (order === 'duration') {
          const duration = doubles[at / 2 + F.lastTime]! - doubles[at / 2 + F.firstTime]!
          keys.push(Number.isFinite(duration) ? duration : 0)
        } else if (order === 'app') keys.push(protocolNames[words[at + W.app]! - 1] ?? '')
        else if (order === 'first') keys.push(flow)
        chosen.push(flow)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    const places = Array.from(chosen.keys())
    const sign = descending ? -1 : 1
    places.sort((a, b) => {
      const [x, y] = [keys[a]!, keys[b]!]
      return x < y ? -sign : x > y ? sign : a - b
    })
    return Uint32Array.from(places, (place) => chosen[place]!)
  }
}

/** IPv4 addresses in order of their numbers. */
const sortable = (address: string): string =>
  address.includes(':')
    ? `~${address}`
    : address
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.')

function fits(name: string, wanted: ConversationsAsked['transport']): boolean {
  if (wanted === 'icmp') return name === 'icmp' || name === 'icmpv6'
  if (wanted === 'ip') return name !== 'tcp' && name !== 'udp' && name !== 'sctp' && name !== 'icmp' && name !== 'icmpv6'
  return name === wanted
}
