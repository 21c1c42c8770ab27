/** A flow that was never captured: examples and tests lay their messages into packets with it. */
import { TABLE } from '../decode/dispatch.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import type { MessageReader } from './message-reader.ts'

const FIN = 1
const SYN = 2
const ACK = 16

/** 192.0.2.1 and 198.51.100.1. */
const CLIENT = 0xc000_0201
const SERVER = 0xc633_6401

/** Of all of them: nothing of a packet is kept. */
const packet = new Packet(dispatch)

export interface MadeFlowOptions {
  readonly transport: 'tcp' | 'udp'
  /** Of the server. */
  readonly port: number
  readonly clientPort?: number
  readonly flow?: number
  /** First sequence numbers. */
  readonly seq?: readonly [number, number]
}

export class MadeFlow {
  readonly #reader: MessageReader
  readonly #options: MadeFlowOptions
  readonly #seq: [number, number]
  /** Of the packet that was sent last. */
  packet = 0

  constructor(reader: MessageReader, options: MadeFlowOptions, firstPacket = 1) {
    this.#reader = reader
    this.#options = options
    this.#seq = [options.seq?.[0] ?? 1000, options.seq?.[1] ?? 5000]
    this.packet = firstPacket - 1
  }

  /** The handshake; nothing for UDP. */
  open(): void {
    if (this.#options.transport === 'udp') return
    this.#segment(0, SYN, new Uint8Array(0))
    this.#seq[0]++
    this.#segment(1, SYN | ACK, new Uint8Array(0))
    this.#seq[1]++
    this.#segment(0, ACK, new Uint8Array(0))
  }

  /** A datagram or a segment; of `stated` bytes, where it was not captured whole. */
  send(by: 0 | 1, bytes: Uint8Array, stated = bytes.length): void {
    if (this.#options.transport === 'udp') this.#datagram(by, bytes, stated)
    else {
      this.#segment(by, ACK, bytes, stated)
      this.#seq[by] += stated
    }
  }

  /** A segment at another place than the next: `offset` bytes further. The next one stays where it was. */
  sendAt(by: 0 | 1, offset: number, bytes: Uint8Array): void {
    this.#seq[by] += offset
    this.#segment(by, ACK, bytes)
    this.#seq[by] -= offset
  }

  /** Bytes that are in no packet. */
  lose(by: 0 | 1, bytes: number): void {
    this.#seq[by] += bytes
  }

  close(): void {
    if (this.#options.transport === 'udp') return
    for (const by of [0, 1] as const) {
      this.#segment(by, FIN | ACK, new Uint8Array(0))
      this.#seq[by]++
    }
  }

  #datagram(by: 0 | 1, bytes: Uint8Array, stated: number): void {
    const p = this.#begin(by, bytes, stated)
    p.transport = 17
    const [lower, higher] = [Math.min(p.sourcePort, p.destinationPort), Math.max(p.sourcePort, p.destinationPort)]
    const found = dispatch.find(TABLE.udpPort, lower)
    p.app = found >= 0 ? found : dispatch.find(TABLE.udpPort, higher)
    this.#reader.read(p, this.packet, this.#options.flow ?? 0, by)
  }

  #segment(by: 0 | 1, flags: number, bytes: Uint8Array, stated = bytes.length): void {
    const p = this.#begin(by, bytes, stated)
    p.transport = 6
    p.flags = flags
    p.seq = this.#seq[by] >>> 0
    p.ack = this.#seq[by === 0 ? 1 : 0] >>> 0
    this.#reader.read(p, this.packet, this.#options.flow ?? 0, by)
  }

  /** The payload stands behind a few bytes that are not its own, and before others. */
  #begin(by: 0 | 1, bytes: Uint8Array, stated: number): Packet {
    const data = new Uint8Array(bytes.length + 11).fill(0xee)
    data.set(bytes, 7)
    const p = packet
    p.number = ++this.packet
    p.seconds = 1_767_225_600 + this.packet
    p.nanos = 0
    p.begin(data, new DataView(data.buffer), 3, bytes.length + 4, stated + 4, 1)
    p.family = 4
    p.from.fill(0)
    p.to.fill(0)
    p.from[3] = by === 0 ? CLIENT : SERVER
    p.to[3] = by === 0 ? SERVER : CLIENT
    const { port, clientPort = 50_000 } = this.#options
    p.sourcePort = by === 0 ? clientPort : port
    p.destinationPort = by === 0 ? port : clientPort
    p.at = 7
    p.payload()
    return p
  }
}
