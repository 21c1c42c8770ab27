/**
 * Packets between each two addresses, whichever sends, as Wireshark's fields count them: a packet counts once, with its outermost
 * IPv4 header, or where it has none with its outermost IPv6 header. What an ICMP error quotes is further inside, and so is what a
 * tunnel carries.
 */
import { protocolNumber } from '../decode/registry.ts'
import { ipv4, ipv6 } from '../decode/text.ts'
import type { Packet } from '../decode/packet.ts'

/** Words of a row: family, the lower address, the higher one, packets. IPv4 addresses stand in the last of their four words. */
const WIDTH = 10
const COUNT = 9
const FIRST_ROWS = 1024
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
  /** Pairs there are at most: 40 bytes and two slots each. */
  readonly #most: number
  #rows = new Uint32Array(FIRST_ROWS * WIDTH)
  /** Row + 1 by hash; 0 is free. Twice as many as rows, or more. */
  #slots = new Uint32Array(FIRST_ROWS * 2)
  #size = 0
  /** Packets that are not counted: there were too many pairs. */
  dropped = 0
  readonly #key = new Uint32Array(COUNT)
  /** Addresses of the header that counts, where a packet has several. */
  readonly #four = new Uint32Array(8)
  readonly #six = new Uint32Array(8)

  constructor(most = 2_000_000) {
    this.#most = most
  }

  get size(): number {
    return this.#size
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
    const key = this.#key
    key[0] = family
    let hash = family
    for (let i = 0; i < 4; i++) {
      const low = order <= 0 ? from[fromAt + i]! : to[toAt + i]!
      const high = order <= 0 ? to[toAt + i]! : from[fromAt + i]!
      key[1 + i] = low
      key[5 + i] = high
      hash = Math.imul(hash ^ low, 0x9e3779b1)
      hash ^= hash >>> 15
      hash = Math.imul(hash ^ high, 0x85ebca77)
      hash ^= hash >>> 13
    }
    const mask = this.#slots.length - 1
    for (let slot = (hash >>> 0) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1
      if (row < 0) {
        this.#insert(slot)
        return
      }
      const at = row * WIDTH
      let same = true
      for (let i = 0; i < COUNT && same; i++) same = this.#rows[at + i] === key[i]
      if (same) {
        this.#rows[at + COUNT]!++
        return
      }
    }
  }

  #insert(slot: number): void {
    if (this.#size >= this.#most) {
      this.dropped++
      return
    }
    const at = this.#size * WIDTH
    this.#rows.set(this.#key, at)
    this.#rows[at + COUNT] = 1
    this.#slots[slot] = ++this.#size
    if (this.#size * 2 >= this.#slots.length) this.#grow()
  }

  #grow(): void {
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    const mask = this.#slots.length * 2 - 1
    const slots = new Uint32Array(mask + 1)
    for (let row = 0; row < this.#size; row++) {
      const at = row * WIDTH
      let hash = rows[at]!
      for (let i = 0; i < 4; i++) {
        hash = Math.imul(hash ^ rows[at + 1 + i]!, 0x9e3779b1)
        hash ^= hash >>> 15
        hash = Math.imul(hash ^ rows[at + 5 + i]!, 0x85ebca77)
        hash ^= hash >>> 13
      }
      let slot = (hash >>> 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.#slots = slots
  }

  /**
   * `a <-> b` and packets: most packets first, and where they are as many the pair that was seen first. Both addresses in order
   * of their text.
   */
  entries(most = this.#size): [pair: string, packets: number][] {
    const rows = this.#rows
    const order = Uint32Array.from({ length: this.#size }, (_, row) => row)
    order.sort((a, b) => rows[b * WIDTH + COUNT]! - rows[a * WIDTH + COUNT]! || a - b)
    return Array.from(order.subarray(0, most), (row) => {
      const at = row * WIDTH
      const text = (from: number): string => (rows[at] === 4 ? ipv4(rows[from + 3]!) : ipv6(rows, from))
      const [one, other] = [text(at + 1), text(at + 5)]
      return [one <= other ? `${one} <-> ${other}` : `${other} <-> ${one}`, rows[at + COUNT]!]
    })
  }
}

const word = (data: Uint8Array, at: number): number =>
  ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!) >>> 0
