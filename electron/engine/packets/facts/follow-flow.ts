/** A flow's bytes in order, both directions as they were sent: what `follow stream` shows. */
import { StreamAssembler, type StreamSink } from '../flows/stream-assembler.ts'

/** A packet of the flow, in the capture's order. Its bytes are good until the next one is asked for. */
export interface FlowPacket {
  /** From 1. */
  readonly number: number
  readonly direction: 0 | 1
  /** Payload as it was captured, and how long it was. */
  readonly data: Uint8Array
  readonly from: number
  readonly to: number
  readonly stated: number
  /** TCP only. */
  readonly seq: number
  readonly ack: number
  readonly flags: number
}

export interface FlowPiece {
  readonly direction: 0 | 1
  /** That carried the piece's first byte; of a gap, the one before which it was found. */
  readonly packet: number
  readonly bytes: Uint8Array
  /** Bytes that are not in the capture and belong before the piece's; then it has none of its own. */
  readonly missing: number
}

const SYN = 2
const RST = 4
const FIN = 1
const ACK = 16
const NOTHING = new Uint8Array(0)

/** Gathers what the assembler of one direction hands over. */
class Pieces implements StreamSink {
  readonly #direction: 0 | 1
  readonly #ready: FlowPiece[]

  constructor(direction: 0 | 1, ready: FlowPiece[]) {
    this.#direction = direction
    this.#ready = ready
  }
  bytes(data: Uint8Array, _: DataView, from: number, to: number, packet: number): void {
    this.#ready.push({ direction: this.#direction, packet, bytes: new Uint8Array(data.subarray(from, to)), missing: 0 })
  }
  gap(missing: number, _: boolean, packet: number): void {
    this.#ready.push({ direction: this.#direction, packet, bytes: NOTHING, missing })
  }
  end(): void {}
}

/** One piece for each segment or datagram that has something new, as soon as it is in order. */
export async function* followFlow(
  packets: AsyncIterable<FlowPacket> | Iterable<FlowPacket>,
  transport: 'tcp' | 'udp',
): AsyncGenerator<FlowPiece, void, undefined> {
  const ready: FlowPiece[] = []
  const total = { held: 0 }
  const sinks = [new Pieces(0, ready), new Pieces(1, ready)] as const
  const streams = [new StreamAssembler(sinks[0], total), new StreamAssembler(sinks[1], total)] as const
  for await (const packet of packets) {
    if (transport === 'tcp') segment(packet, streams)
    else datagram(packet, sinks[packet.direction])
    if (ready.length === 0) continue
    yield* ready
    ready.length = 0
  }
  for (const one of streams) one.flush()
  yield* ready
}

function segment(packet: FlowPacket, streams: readonly [StreamAssembler, StreamAssembler]): void {
  const { direction, data, from, to, stated, flags, number } = packet
  const own = streams[direction]
  const other = streams[direction === 0 ? 1 : 0]
  if (flags & RST) {
    for (const one of streams) one.reset(number, 0)
    return
  }
  const seq = flags & SYN ? packet.seq + 1 : packet.seq
  if (flags & SYN) own.begin(seq)
  if (flags & ACK) other.acknowledge(packet.ack)
  if (stated > 0) own.add(seq, data, new DataView(data.buffer, data.byteOffset, data.length), from, to, stated, number, 0)
  if (flags & FIN) own.fin(seq, stated, number, 0)
}

function datagram({ data, from, to, stated, number }: FlowPacket, sink: Pieces): void {
  if (to > from) sink.bytes(data, new DataView(data.buffer, data.byteOffset, data.length), from, to, number)
  const missing = stated - Math.max(0, to - from)
  if (missing > 0) sink.gap(missing, true, number)
}
