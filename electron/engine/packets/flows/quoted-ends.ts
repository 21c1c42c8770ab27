/** Both ends of the packet that an ICMP error quotes (RFC 792, RFC 4443): as much of its headers as there is. */
import type { Packet } from '../decode/packet.ts'
import { protocolNumber } from '../decode/registry.ts'
import type { FlowEnds } from './flow-table.ts'

const IPV4 = protocolNumber('ip')
const IPV6 = protocolNumber('ipv6')
/** IP protocol by layer. */
const TRANSPORTS: ReadonlyMap<number, number> = new Map([
  [protocolNumber('tcp'), 6],
  [protocolNumber('udp'), 17],
  [protocolNumber('icmp'), 1],
  [protocolNumber('icmpv6'), 58],
])
/** Those that have no ports. */
const PORTLESS: ReadonlySet<number> = new Set([1, 58])

/** One is used for all packets. */
export class QuotedEnds implements FlowEnds {
  family = 0
  transport = -1
  readonly from = new Uint32Array(4)
  readonly to = new Uint32Array(4)
  sourcePort = 0
  destinationPort = 0

  /** False where a packet whose headers were read quotes no header of these. */
  take(p: Packet): boolean {
    this.family = 0
    for (let layer = p.quotedFrom; layer < p.layers; layer++) {
      const id = p.layerId[layer]!
      const transport = TRANSPORTS.get(id)
      if (transport === undefined && id !== IPV4 && id !== IPV6) continue
      p.look(layer)
      const at = p.layerAt[layer]!
      const end = p.layerEnd[layer]!
      if (transport !== undefined) {
        const portless = PORTLESS.has(transport)
        if (this.family === 0 || (!portless && at + 4 > end)) return false
        this.transport = transport
        this.sourcePort = portless ? 0 : p.view.getUint16(at)
        this.destinationPort = portless ? 0 : p.view.getUint16(at + 2)
        return true
      }
      const ipv4 = id === IPV4
      if (at + (ipv4 ? 20 : 40) > end) return false
      this.family = ipv4 ? 4 : 6
      const words = ipv4 ? 1 : 4
      const first = at + (ipv4 ? 12 : 8)
      this.from.fill(0)
      this.to.fill(0)
      for (let i = 0; i < words; i++) {
        this.from[4 - words + i] = p.view.getUint32(first + 4 * i)
        this.to[4 - words + i] = p.view.getUint32(first + 4 * (words + i))
      }
    }
    return false
  }
}
