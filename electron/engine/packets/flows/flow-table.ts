/**
 * The flows of a capture. Records lie in pages of which the ones in use are in memory and the others in a file: memory is bounded
 * whatever the number of flows. They are found by a hash of both ends that does not know directions.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Packet } from '../decode/packet.ts'
import { writeWhole } from '../index/write-whole.ts'
import { F, NO_STREAM, STATE, W, WORDS } from './flow-record.ts'

const PAGE = 4096
const PAGE_BYTES = PAGE * WORDS * 4
/** Pages in memory: 16 MiB. At least 2 are wanted: the one at hand is never put away. */
const KEPT = 16
/**
 * Flows there can be: what finds them has 84 MB then. Packets of further flows have none. A slot of the table has the number of its
 * flow + 1 in the low bits, and above it as many bits of the hash as there is room for, so that most strangers are passed over there.
 */
export const MOST_FLOWS = 8_000_000
const NUMBER_BITS = 23
const NUMBER = (1 << NUMBER_BITS) - 1
const LEAST_SLOTS = 1 << 16
/** Of the slots that may be filled; then there are half as many more. */
const LOAD = 0.7
/** Hashes of so many flows lie in one array. */
const HASHES_BITS = 16
const HASHES = (1 << HASHES_BITS) - 1

export interface FlowPage {
  index: number
  readonly words: Uint32Array
  readonly doubles: Float64Array
  readonly bytes: Uint8Array
  dirty: boolean
  used: number
  /** So many hold it, over other questions. */
  lent: number
}

export interface FlowTableOptions {
  readonly write: boolean
  /** Flows and streams that are there already. */
  readonly length?: number
  readonly tcp?: number
  readonly udp?: number
  /** Pages in memory. */
  readonly kept?: number
}

/** Both ends of a packet. IPv4 addresses stand in the fourth word. */
export type FlowEnds = Pick<Packet, 'family' | 'transport' | 'from' | 'to' | 'sourcePort' | 'destinationPort'>

/** Bytes of the file of so many flows. */
export const flowBytes = (flows: number): number => Math.ceil(flows / PAGE) * PAGE_BYTES

export class FlowTable {
  readonly #fd: number
  readonly #kept: number
  /** By index; only those in memory. */
  readonly #pages: (FlowPage | null)[] = []
  #inMemory = 0
  #turn = 0
  /** The flow that `find` gave last, or -1: packets come in trains. */
  #found = -1
  #length = 0
  #tcp = 0
  #udp = 0
  /** Open addressing, see {@link MOST_FLOWS}. */
  #slots = new Uint32Array(0)
  /** By number of the flow. */
  #hashes: Uint32Array[] = []
  #filled = 0

  /** Of the flow that `find` gave: where it is. */
  page: FlowPage
  /** First word of its record in the page. */
  at = 0
  /** 1 where the packet goes from server to client. */
  direction: 0 | 1 = 0

  constructor(path: string, { write, length = 0, tcp = 0, udp = 0, kept = KEPT }: FlowTableOptions) {
    this.#kept = kept
    this.#fd = openSync(path, write ? 'w+' : 'r+', 0o600)
    this.#length = length
    this.#tcp = tcp
    this.#udp = udp
    this.page = emptyPage(0)
    if (write) this.#slots = new Uint32Array(LEAST_SLOTS)
  }

  get length(): number {
    return this.#length
  }
  get tcpStreams(): number {
    return this.#tcp
  }
  get udpStreams(): number {
    return this.#udp
  }

  /** Where the record of a flow is: `page` and `at`. */
  seek(flow: number): void {
    this.#found = -1
    this.#seek(flow)
  }

  #seek(flow: number): void {
    this.page = this.#page((flow / PAGE) | 0)
    this.at = (flow % PAGE) * WORDS
  }

  #page(index: number): FlowPage {
    let page = this.#pages[index]
    if (page == null) {
      page = this.#keep(index)
      readSync(this.#fd, page.bytes, 0, PAGE_BYTES, index * PAGE_BYTES)
    }
    page.used = ++this.#turn
    return page
  }

  /** An empty page in memory, in place of the one that was not used for the longest time where there are enough. */
  #keep(index: number): FlowPage {
    let spare: FlowPage | null = null
    if (this.#inMemory >= this.#kept) {
      let oldest: FlowPage | null = null
      for (const page of this.#pages) if (page !== null && (oldest === null || page.used < oldest.used)) oldest = page
      if (oldest !== null) {
        this.#write(oldest)
        this.#pages[oldest.index] = null
        this.#inMemory--
        this.#found = -1
        if (oldest.lent === 0) spare = oldest
      }
    }
    // Without holes: what is behind the end of the array would be looked for in its prototypes.
    while (this.#pages.length <= index) this.#pages.push(null)
    const page = spare === null ? emptyPage(index) : emptied(spare, index)
    this.#pages[index] = page
    this.#inMemory++
    return page
  }

  #write(page: FlowPage): void {
    if (!page.dirty) return
    writeWhole(this.#fd, page.bytes, page.index * PAGE_BYTES)
    page.dirty = false
  }

  /**
   * The flow of a decoded packet, made where it is new: sets `page`, `at` and `direction`, and gives its number; -1 where the
   * packet has no addresses or there is no room for more. `fresh` makes a new one also where it is known (a port that is used
   * again).
   */
  find(p: Packet, packet: number, fresh = false): number {
    if (p.family === 0 || p.networks === 0) return -1
    const fragments = p.fragmentId >= 0 && p.payloadAt < 0
    const kind = p.transport | (p.family << 8)
    if (this.#found >= 0 && !fresh) {
      const direction = this.#compare(p, kind, fragments)
      if (direction >= 0) {
        this.direction = direction as 0 | 1
        this.page.dirty = true
        return this.#found
      }
    }
    const hash = hashOf(p, fragments)
    const slots = this.#slots
    let slot = homeOf(hash, slots.length)
    for (;;) {
      const entry = slots[slot]!
      if (entry === 0) break
      const flow = (entry & NUMBER) - 1
      if (this.#isHash(entry, flow, hash)) {
        this.#seek(flow)
        const direction = this.#compare(p, kind, fragments)
        if (direction >= 0) {
          if (fresh) return this.#make(p, kind, fragments, packet, hash, slot)
          this.direction = direction as 0 | 1
          this.page.dirty = true
          this.#found = flow
          return flow
        }
      }
      if (++slot === slots.length) slot = 0
    }
    return this.#make(p, kind, fragments, packet, hash, slot)
  }

  /** The newest flow between these ends, or -1. What `find` gave stays where it is. */
  known(ends: FlowEnds): number {
    const { page, at } = this
    const kind = ends.transport | (ends.family << 8)
    const hash = hashOf(ends, false)
    const slots = this.#slots
    let found = -1
    for (let slot = homeOf(hash, slots.length); slots[slot]! !== 0; slot = slot + 1 === slots.length ? 0 : slot + 1) {
      const entry = slots[slot]!
      const flow = (entry & NUMBER) - 1
      if (!this.#isHash(entry, flow, hash)) continue
      this.#seek(flow)
      if (this.#compare(ends, kind, false) < 0) continue
      found = flow
      break
    }
    this.page = page
    this.at = at
    return found
  }

  /** Whether a slot's flow has the hash: only then is its record looked at, which may have to be read. */
  #isHash(entry: number, flow: number, hash: number): boolean {
    return entry >>> NUMBER_BITS === (hash << NUMBER_BITS) >>> NUMBER_BITS && this.#hash(flow) === hash
  }
  #hash(flow: number): number {
    return this.#hashes[flow >> HASHES_BITS]![flow & HASHES]!
  }

  /** 0 where the packet goes from the record's client to its server, 1 the other way, -1 where it is of another flow. */
  #compare(p: FlowEnds, kind: number, fragments: boolean): number {
    const { words } = this.page
    const { at } = this
    const own = words[at + W.kind]!
    if ((own & 0xffff) !== kind || ((own >>> 16) & STATE.fragments) !== (fragments ? STATE.fragments : 0)) return -1
    const ports = words[at + W.ports]!
    const { from, to } = p
    const source = fragments ? 0 : p.sourcePort
    const destination = fragments ? 0 : p.destinationPort
    if (
      ports === ((source << 16) | destination) >>> 0 &&
      words[at + 3] === from[3] &&
      words[at + 7] === to[3] &&
      (p.family === 4 || (same(words, at, from) && same(words, at + 4, to)))
    )
      return 0
    if (
      ports === ((destination << 16) | source) >>> 0 &&
      words[at + 3] === to[3] &&
      words[at + 7] === from[3] &&
      (p.family === 4 || (same(words, at, to) && same(words, at + 4, from)))
    )
      return 1
    return -1
  }

  #make(p: Packet, kind: number, fragments: boolean, packet: number, hash: number, slot: number): number {
    if (this.#length >= MOST_FLOWS) return -1
    const flow = this.#length++
    const known = this.#slots[slot] !== 0
    this.#slots[slot] = entryOf(flow, hash)
    if (flow >> HASHES_BITS === this.#hashes.length) this.#hashes.push(new Uint32Array(1 << HASHES_BITS))
    this.#hashes[flow >> HASHES_BITS]![flow & HASHES] = hash
    if (flow % PAGE === 0) this.#keep(flow / PAGE)
    this.#seek(flow)
    this.#found = flow
    const { words, doubles } = this.page
    const { at } = this
    this.page.dirty = true
    // A SYN-ACK, or a first packet from a well-known port to a high one, was sent by the server.
    const reversed = !fragments && ((p.transport === 6 && (p.flags & 0x12) === 0x12) || fromService(p))
    this.direction = reversed ? 1 : 0
    const [client, server] = reversed ? [p.to, p.from] : [p.from, p.to]
    for (let i = 0; i < 4; i++) {
      words[at + i] = client[i]!
      words[at + 4 + i] = server[i]!
    }
    if (!fragments) {
      words[at + W.ports] = reversed
        ? ((p.destinationPort << 16) | p.sourcePort) >>> 0
        : ((p.sourcePort << 16) | p.destinationPort) >>> 0
    }
    words[at + W.kind] = kind | ((fragments ? STATE.fragments : 0) << 16)
    words[at + W.firstPacket] = packet
    words[at + W.stream] =
      fragments || p.payloadAt < 0 ? NO_STREAM : p.transport === 6 ? this.#tcp++ : p.transport === 17 ? this.#udp++ : NO_STREAM
    const double = at / 2
    doubles[double + F.firstTime] = p.seconds + p.nanos / 1e9
    doubles[double + F.synTime] = NaN
    doubles[double + F.roundTrip] = NaN
    doubles[double + F.handshake] = NaN
    doubles[double + F.lastSyn] = NaN
    if (!known && ++this.#filled > this.#slots.length * LOAD) this.#grow()
    return flow
  }

  #grow(): void {
    const slots = new Uint32Array(Math.ceil(this.#slots.length * 1.5))
    for (const entry of this.#slots) {
      if (entry === 0) continue
      const flow = (entry & NUMBER) - 1
      let slot = homeOf(this.#hash(flow), slots.length)
      while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1
      slots[slot] = entry
    }
    this.#slots = slots
  }

  /** Every page in turn, with the number of its first flow and how many it has; for scans. A page is good until the next one. */
  *pages(): Generator<{ readonly page: FlowPage; readonly first: number; readonly count: number }> {
    for (let first = 0; first < this.#length; first += PAGE) {
      const page = this.#page(first / PAGE)
      page.lent++
      try {
        yield { page, first, count: Math.min(PAGE, this.#length - first) }
      } finally {
        page.lent--
      }
    }
  }

  /** Writes what is in memory. */
  flush(): void {
    for (const page of this.#pages) if (page !== null) this.#write(page)
  }
  /** No more flows are made: the table of hashes goes. */
  seal(): void {
    this.flush()
    this.#slots = new Uint32Array(0)
    this.#hashes = []
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function emptyPage(index: number): FlowPage {
  const buffer = new ArrayBuffer(PAGE_BYTES)
  return {
    index,
    words: new Uint32Array(buffer),
    doubles: new Float64Array(buffer),
    bytes: new Uint8Array(buffer),
    dirty: false,
    used: 0,
    lent: 0,
  }
}

/** A page that nobody holds, for other flows: memory that is given back and taken anew lies scattered. */
function emptied(page: FlowPage, index: number): FlowPage {
  page.bytes.fill(0)
  page.index = index
  return page
}

function same(words: Uint32Array, at: number, address: Uint32Array): boolean {
  return words[at] === address[0] && words[at + 1] === address[1] && words[at + 2] === address[2]
}

function fromService(p: Packet): boolean {
  if (p.transport !== 6 && p.transport !== 17 && p.transport !== 132) return false
  if (p.transport === 6 && (p.flags & 0x12) === 2) return false
  return p.sourcePort < 1024 && p.destinationPort >= 1024
}

const entryOf = (flow: number, hash: number): number => ((flow + 1) | (hash << NUMBER_BITS)) >>> 0
/** By the upper bits of the hash: the lower ones stand in the slot. */
const homeOf = (hash: number, slots: number): number => Math.floor(hash * (slots / 2 ** 32))

/** The same for both directions. */
function hashOf(p: FlowEnds, fragments: boolean): number {
  const { from, to } = p
  let a = mix(SEED ^ from[3]! ^ (fragments ? 0 : p.sourcePort * 0x9e3779b1))
  let b = mix(SEED ^ to[3]! ^ (fragments ? 0 : p.destinationPort * 0x9e3779b1))
  if (p.family === 6) {
    a = mix(a ^ from[0]! ^ mix(from[1]!) ^ Math.imul(from[2]!, 0x85ebca6b))
    b = mix(b ^ to[0]! ^ mix(to[1]!) ^ Math.imul(to[2]!, 0x85ebca6b))
  }
  return mix((a + b) ^ Math.imul(p.transport, 0x61c88647)) >>> 0
}
function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}
/** Another one in every run: an attacker cannot choose flows that collide. */
const SEED = (Math.random() * 2 ** 32) | 0
