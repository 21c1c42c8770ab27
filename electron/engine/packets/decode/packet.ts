/**
 * One packet on its way through the header decoders. A single instance is used again and again: nothing of it is allocated for a
 * packet, and nothing of it may be kept. A decoder reads its header at `at`, writes what others need into the packet's facts,
 * moves `at` behind the header and says with `to…` what comes next.
 */
import type { Dispatch } from './dispatch.ts'
import type { Fragments } from './fragments.ts'

/** What is met deeper than this is not read: a packet of nothing but headers is hostile. */
export const MOST_LAYERS = 40

const NOTHING = new Uint8Array(0)

export class Packet {
  /** Bytes in which the packet lies; after reassembly other bytes, see `source`. */
  data: Uint8Array = NOTHING
  view: DataView = new DataView(NOTHING.buffer)
  /** First byte of the layer that is read now. */
  at = 0
  /** First byte behind what was captured of the layer's room. */
  end = 0
  /** First byte behind the layer's room as its headers state it; larger than `end` where the capture was cut. */
  stated = 0
  /** First byte of the packet in its own bytes. */
  start = 0
  /** The packet's own bytes, and a view over them, whatever `data` is after reassembly. */
  bytes: Uint8Array = NOTHING
  bytesView: DataView = new DataView(NOTHING.buffer)

  /* The record. */
  number = 0
  seconds = 0
  nanos = 0
  captured = 0
  wire = 0
  linkType = 0

  /* Layers that were met: index of the protocol (see registry.ts), place, and room. */
  layers = 0
  readonly layerId = new Uint16Array(MOST_LAYERS)
  readonly layerAt = new Int32Array(MOST_LAYERS)
  readonly layerEnd = new Int32Array(MOST_LAYERS)
  /** 0: the packet's own bytes; 1 and more: bytes put together from several packets (`sources`). */
  readonly layerSource = new Uint8Array(MOST_LAYERS)
  source = 0
  readonly sources: Uint8Array[] = []

  /* Network: of the innermost IP header. IPv4 addresses stand in word 3. */
  /** 0 none, 4, 6. */
  family = 0
  readonly from = new Uint32Array(4)
  readonly to = new Uint32Array(4)
  /** IP headers there are, tunnels and the headers that ICMP errors quote included. */
  networks = 0
  /** Inside what an ICMP error quotes: that is no packet of the quoted flow. */
  quoted = false
  /** The first layer that is quoted; larger than any where none is. */
  quotedFrom = MOST_LAYERS
  /** Innermost VLAN id, or -1. */
  vlan = -1
  /** Fragments: identification, offset in bytes, whether more follow. -1 where it is no fragment. */
  fragmentId = -1
  fragmentOffset = 0
  fragmentMore = false

  /* Transport: of the innermost header that is not quoted. */
  /** IP protocol number, or -1. */
  transport = -1
  sourcePort = 0
  destinationPort = 0
  seq = 0
  ack = 0
  /** TCP flags, 12 bits. */
  flags = 0
  window = 0
  /** Payload of the transport layer: place, captured bytes, stated bytes. -1 where there is none. */
  payloadAt = -1
  payloadLength = 0
  payloadStated = 0
  payloadSource = 0

  /** Decoder to try on the payload of a datagram, from its port: -1 where none is known. */
  app = -1
  /** What was captured ends inside a header. */
  cut = false
  /** A header states what cannot be. */
  malformed = false

  /** Index of the next decoder, or -1. */
  next = -1
  /** What the table was asked for; for decoders that only dispatch. */
  key = 0
  readonly dispatch: Dispatch
  /** Fragments of the packets before; null where packets are read singly. */
  readonly #fragments: Fragments | null

  constructor(dispatch: Dispatch, fragments: Fragments | null = null) {
    this.dispatch = dispatch
    this.#fragments = fragments
  }

  /** Makes it the packet at `at` of `data`. `view` is over the same bytes. */
  begin(data: Uint8Array, view: DataView, at: number, captured: number, wire: number, linkType: number): void {
    this.data = data
    this.view = view
    this.bytes = data
    this.bytesView = view
    this.start = at
    this.at = at
    this.end = at + captured
    this.stated = at + Math.max(captured, wire)
    this.captured = captured
    this.wire = wire
    this.linkType = linkType
    this.layers = 0
    this.source = 0
    if (this.sources.length > 0) this.sources.length = 0
    this.family = 0
    this.networks = 0
    this.quoted = false
    this.quotedFrom = MOST_LAYERS
    this.vlan = -1
    this.fragmentId = -1
    this.transport = -1
    this.sourcePort = 0
    this.destinationPort = 0
    this.flags = 0
    this.payloadAt = -1
    this.payloadLength = 0
    this.payloadStated = 0
    this.payloadSource = 0
    this.app = -1
    this.cut = false
    this.malformed = false
  }

  /** True where `bytes` more bytes were captured of this layer; otherwise the packet is cut here. */
  has(bytes: number): boolean {
    if (this.at + bytes <= this.end) return true
    if (this.at + bytes > this.stated) this.malformed = true
    else this.cut = true
    return false
  }

  /** The room of what follows is `bytes` long from `at` on, as a header states. */
  room(bytes: number): void {
    const stated = this.at + bytes
    if (stated < this.stated) this.stated = stated
    if (stated < this.end) this.end = stated
  }

  /** Goes on with what the table has for the key; with `data` where it has nothing. */
  goTo(table: number, key: number): void {
    this.key = key
    this.next = this.dispatch.find(table, key)
    if (this.next < 0 && this.at < this.end) this.next = this.dispatch.data
  }

  /** Goes on by an Ethernet type; a number below 0x600 is the length of an LLC frame. */
  goToEtherType(type: number): void {
    this.key = type
    if (type >= 0x600) this.next = this.dispatch.etherType
    else {
      this.room(type)
      this.next = this.dispatch.llc
    }
    if (this.next < 0 && this.at < this.end) this.next = this.dispatch.data
  }

  /** Begins a network header, of a packet inside another one too: what was known of the outer one's transport is no more. */
  nested(): void {
    this.fragmentId = -1
    this.sourcePort = 0
    this.destinationPort = 0
    this.flags = 0
    this.payloadAt = -1
    this.payloadLength = 0
    this.payloadStated = 0
    this.app = -1
  }

  /** What follows is the beginning of a packet that this one quotes. */
  quote(): void {
    if (this.quoted) return
    this.quoted = true
    this.quotedFrom = this.layers
  }

  /** The bytes are not this decoder's after all, though a port said so: it is taken from the layers, and nothing follows. */
  refuse(): void {
    this.layers--
    this.app = -1
    this.next = -1
  }

  /**
   * Gives what is at `at` to the other fragments: the whole datagram where it is complete with this one, otherwise null. The
   * fragment's facts are set.
   */
  reassemble(protocol: number): Uint8Array | null {
    return this.#fragments === null ? null : this.#fragments.add(this, protocol)
  }

  /** Goes on in other bytes: fragments that were put together, a payload that was expanded. */
  switchTo(bytes: Uint8Array): void {
    this.sources.push(bytes)
    this.source = this.sources.length
    this.data = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = 0
    this.end = bytes.length
    this.stated = bytes.length
  }

  /** Makes `data` and `view` those of a layer that was met, so that its fields can be read. */
  look(layer: number): void {
    const source = this.layerSource[layer]!
    if (source === this.source) return
    this.source = source
    this.data = source === 0 ? this.bytes : this.sources[source - 1]!
    this.view = source === 0 ? this.bytesView : new DataView(this.data.buffer, this.data.byteOffset, this.data.length)
  }

  /** The transport's payload is what is left. */
  payload(): void {
    this.payloadAt = this.at
    this.payloadLength = Math.max(0, this.end - this.at)
    this.payloadStated = Math.max(0, this.stated - this.at)
    this.payloadSource = this.source
  }
}
