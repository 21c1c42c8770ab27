/**
 * Packets between each two addresses, whichever sends, as Wireshark's fields count them: a packet counts once, with its outermost
 * IPv4 header, or where it has none with its outermost IPv6 header. What an ICMP error quotes is further inside, and so is what a
 * tunnel carries.
 */
import { protocolNumber } from '../decode/registry.ts'
import { ipv4, ipv6 } from '../decode/text.ts'
import type { Packet } from '../decode/packet.ts'
import { WordTable } from './word-table.ts'

/** Words of a key: family, the lower address, the higher one. IPv4 addresses stand in the last of their four words. */
const WIDTH = 9
const ip4 = protocolNumber('ip')
const ip6 = protocolNumber('ipv6')

/** True where the bytes are an IPv4 header that can be: other protocols stand where one was promised. */
function isIpv4(data: Uint8Array, at: number, end: number): boolean {
  if (at + 20 > end || data[at]! >> 4 !== 4) return false
  const header = (data[at]! & 15) * 4
  const total = (data[at + 2]! << 8) | data[at + 3]!
  return header >= 20 && (total === 0 || total >= header)
}

export class AddressPairs {
  readonly #pairs: WordTable
  /** Packets of each. */
  #counts: Uint32Array
  /** Packets that are not counted: there were too many pairs. */
  dropped = 0
  /** Addresses of the header that counts, where a packet has several. */
  readonly #four = new Uint32Array(8)
  readonly #six = new Uint32Array(8)

  constructor(most = 2_000_000) {
    this.#pairs = new WordTable(WIDTH, most)
    this.#counts = new Uint32Array(this.#pairs.capacity)
  }

  get size(): number {
    return this.#pairs.size
  }

  /** Counts a packet whose headers were read. */
  add(p: Packet): void {
    if (p.networks === 0) return
    if (p.networks === 1) this.#count(p.family, p.from, 0, p.to, 0)
    else this.#outermost(p)
  }

  /** Counts by the outermost header: the packet has several. */
  #outermost(p: Packet): void {
    const six = this.#six
    let found = false
    for (let layer = 0; layer < p.layers; layer++) {
      const id = p.layerId[layer]!
      if (id !== ip4 && id !== ip6) continue
      const source = p.layerSource[layer]!
      const data = source === 0 ? p.bytes : p.sources[source - 1]!
      const at = p.layerAt[layer]!
      const end = p.layerEnd[layer]!
      if (id === ip4 && isIpv4(data, at, end)) {
        const four = this.#four
        four[3] = word(data, at + 12)
        four[7] = word(data, at + 16)
        this.#count(4, four, 0, four, 4)
        return
      }
      if (id !== ip6 || found || at + 40 > end || data[at]! >> 4 !== 6) continue
      found = true
      for (let i = 0; i < 8; i++) six[i] = word(data, at + 8 + 4 * i)
    }
    if (found) this.#count(6, six, 0, six, 4)
  }

  #count(family: number, from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number): void {
    let order = 0
    for (let i = 0; i < 4 && order === 0; i++) order = from[fromAt + i]! - to[toAt + i]!
    const { key } = this.#pairs
    key[0] = family
    for (let i = 0; i < 4; i++) {
      key[1 + i] = order <= 0 ? from[fromAt + i]! : to[toAt + i]!
      key[5 + i] = order <= 0 ? to[toAt + i]! : from[fromAt + i]!
    }
    const row = this.#pairs.row()
    if (row < 0) {
      this.dropped++
      return
    }
    if (row >= this.#counts.length) {
      const counts = new Uint32Array(this.#pairs.capacity)
      counts.set(this.#counts)
      this.#counts = counts
    }
    this.#counts[row]!++
  }

  /**
   * `a <-> b` and packets: most packets first, and where they are as many the pair that was seen first. Both addresses in order
   * of their text.
   */
  entries(most = this.size): [pair: string, packets: number][] {
    const { words } = this.#pairs
    const counts = this.#counts
    const order = Uint32Array.from({ length: this.size }, (_, row) => row)
    order.sort((a, b) => counts[b]! - counts[a]! || a - b)
    return Array.from(order.subarray(0, most), (row) => {
      const at = row * WIDTH
      const text = (from: number): string => (words[at] === 4 ? ipv4(words[from + 3]!) : ipv6(words, from))
      const [one, other] = [text(at + 1), text(at + 5)]
      return [one <= other ? `${one} <-> ${other}` : `${other} <-> ${one}`, counts[row]!]
    })
  }
}

const word = (data: Uint8Array, at: number): number =>
  ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!) >>> 0
