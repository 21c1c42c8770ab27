/**
 * Messages of flows: payloads of packets go in, in the capture's order; what decoders read of them comes out, packet by packet.
 * Memory is bounded: of flows that were long silent nothing is kept, and where too much is held the oldest give up first.
 *
 * A packet's facts come when it is read, as a rule; later (so behind those of later packets, and perhaps a second time) where
 * its bytes had to wait for others.
 */
import { decoders } from '../decode/registry.ts'
import type { Packet } from '../decode/packet.ts'
import { ExpectedFlows } from './expected.ts'
import { FlowMessages } from './flow-messages.ts'
import { Handshake } from './handshake.ts'
import { Gathered, type PacketFacts } from './packet-facts.ts'
import { MOST_HELD, MOST_HELD_OBJECTS, MOST_KEPT, MOST_KEPT_OBJECTS, type Reading } from './reading.ts'

/** Flows that are kept: at least so many, at most twice as many. */
const GENERATION = 16_384
/** A flow whose both directions have ended. */
const ENDED = 'ended'
type Known = FlowMessages | Handshake | typeof ENDED

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

export interface ReaderOptions {
  readonly wantsObjects?: boolean
  /** Bytes that are kept of one message, and that all flows together hold; what is usual otherwise. */
  readonly mostKept?: number
  readonly mostHeld?: number
  /** A decoder threw, or used what it does not declare. */
  readonly onBug?: (error: unknown, decoder: string) => void
}

export class MessageReader {
  readonly #reading: Reading
  readonly #mostHeld: number
  #young = new Map<number, Known>()
  #old = new Map<number, Known>()

  constructor(sink: (facts: PacketFacts) => void, options: ReaderOptions = {}) {
    const { wantsObjects = false, onBug = () => undefined } = options
    this.#mostHeld = options.mostHeld ?? (wantsObjects ? MOST_HELD_OBJECTS : MOST_HELD)
    this.#reading = {
      gathered: new Gathered(sink, { wantsObjects, onBug }),
      expected: new ExpectedFlows(),
      total: { held: 0 },
      mostKept: options.mostKept ?? (wantsObjects ? MOST_KEPT_OBJECTS : MOST_KEPT),
      wantsObjects,
      data: null,
      start: 0,
    }
  }

  /** Bytes that are held of all flows. */
  get held(): number {
    return this.#reading.total.held
  }

  /** A packet whose headers were decoded, of a flow and direction (0 from its client). TCP packets without payload too. */
  read(p: Packet, packet: number, flow: number, direction: 0 | 1): void {
    if (p.payloadAt < 0 || (p.transport !== 6 && (p.payloadStated === 0 || (p.transport !== 17 && p.transport !== 132)))) return
    const { payloadSource: source } = p
    const data = source === p.source ? p.data : p.sources[source - 1]
    if (data === undefined) return
    const view = data === p.data ? p.view : new DataView(data.buffer, data.byteOffset, data.length)
    // A tunnel was read with the headers.
    if (p.transport !== 6 && p.app >= 0 && decoders[p.app]?.message === undefined && decoders[p.app]?.header !== undefined) return
    if (flow < 0 && p.transport === 6) return
    const known = this.#known(flow)
    if (known === ENDED) return
    if (p.transport === 6 && p.payloadStated === 0 && this.#onlyShakes(p, known, flow, direction)) return
    const of = known instanceof FlowMessages ? known : this.#begin(p, known, flow, direction)
    const reading = this.#reading
    reading.data = source === 0 ? data : null
    reading.start = p.start
    if (p.transport === 6) this.#segment(of, p, data, view, packet, flow, direction)
    else {
      const to = p.payloadAt + p.payloadLength
      of.datagram(data, view, p.payloadAt, to, p.payloadStated, direction, p.app, packet, p.seconds + p.nanos / 1e9)
    }
    if (reading.total.held > this.#mostHeld) this.#relieve()
    reading.gathered.flush()
  }

  /** What is known of a flow, which is young again. */
  #known(flow: number): Known | null {
    const young = this.#young.get(flow)
    if (young !== undefined) return young
    const old = this.#old.get(flow)
    if (old === undefined) return null
    this.#old.delete(flow)
    this.#keep(flow, old)
    return old
  }

  #keep(flow: number, known: Known): void {
    if (this.#young.size >= GENERATION && !this.#young.has(flow)) {
      for (const one of this.#old.values()) if (one instanceof FlowMessages) one.end()
      this.#reading.gathered.flush()
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(flow, known)
  }

  /** Whether the flow, with this packet, has carried nothing yet. */
  #onlyShakes(p: Packet, known: Handshake | FlowMessages | null, flow: number, direction: 0 | 1): boolean {
    if (known instanceof FlowMessages) return false
    if (known === null && !(p.flags & (SYN | FIN))) return true
    const handshake = known ?? new Handshake()
    if (!handshake.take(p, direction)) return false
    if (known === null) this.#keep(flow, handshake)
    return true
  }

  #begin(p: Packet, handshake: Handshake | null, flow: number, direction: 0 | 1): FlowMessages {
    const of = new FlowMessages(this.#reading, p, flow, direction, handshake?.serverPort)
    for (const side of [0, 1] as const) {
      const seq = handshake?.begins[side] ?? -1
      if (seq >= 0) of.streams?.[side].assembler.begin(seq)
    }
    if (flow >= 0) this.#keep(flow, of)
    return of
  }

  #segment(of: FlowMessages, p: Packet, data: Uint8Array, view: DataView, packet: number, flow: number, direction: 0 | 1): void {
    const { streams } = of
    if (streams === null) return
    const { flags } = p
    const seconds = p.seconds + p.nanos / 1e9
    const own = streams[direction]
    const other = streams[direction === 0 ? 1 : 0]
    if (flags & RST) {
      own.assembler.reset(packet, seconds)
      other.assembler.reset(packet, seconds)
      return
    }
    const seq = flags & SYN ? p.seq + 1 : p.seq
    if (flags & SYN) own.assembler.begin(seq)
    else if (!own.assembler.begun && p.payloadStated > 0) own.inTheMiddle()
    // What this packet acknowledges came before what it carries.
    if (flags & ACK) other.assembler.acknowledge(p.ack)
    if (p.payloadStated > 0) {
      const to = p.payloadAt + p.payloadLength
      own.assembler.add(seq, data, view, p.payloadAt, to, p.payloadStated, packet, seconds)
    }
    if (flags & FIN) {
      own.assembler.fin(seq, p.payloadStated, packet, seconds)
      if (own.assembler.ended && other.assembler.ended && flow >= 0) this.#young.set(flow, ENDED)
    }
  }

  /** Too much is held: old flows give up what they hold, then the others. */
  #relieve(): void {
    for (const flows of [this.#old, this.#young]) {
      for (const one of flows.values()) {
        if (one instanceof FlowMessages) one.relieve()
        if (this.#reading.total.held <= this.#mostHeld / 2) return
      }
    }
  }

  /** The capture ends: what waits is handed over. */
  end(): void {
    for (const flows of [this.#old, this.#young]) for (const one of flows.values()) if (one instanceof FlowMessages) one.end()
    this.#reading.gathered.flush()
    this.#old.clear()
    this.#young.clear()
  }
}
