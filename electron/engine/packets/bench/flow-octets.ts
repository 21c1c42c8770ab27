/** A flow's bytes with the packets that carried them: what impact verification reads. */
import { followFlow, type FlowPacket } from '../facts/follow-flow.ts'
import { flowPacket } from './flow-packet.ts'
import type { OpenCapture } from './open-capture.ts'
import { packetsOfFlow } from './packets-of-flow.ts'

export interface PlacedPiece {
  /** Place of its first byte in the text. */
  readonly at: number
  /** From 1. */
  readonly packet: number
  /** First byte in the packet. */
  readonly offset: number
  readonly length: number
}
export interface PlacedBytes {
  /** One character for each byte (Latin-1). */
  readonly text: string
  readonly pieces: readonly PlacedPiece[]
  /** There was more, or bytes before these are missing in the capture. */
  readonly cut: boolean
}

/** Packets of a flow that are looked at. */
const MOST_PACKETS = 20_000
const SLICE_MS = 15

class Side {
  readonly #texts: string[] = []
  readonly #pieces: PlacedPiece[] = []
  #length = 0
  #cut = false
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get full(): boolean {
    return this.#length >= this.#most
  }

  add(bytes: Buffer, packet: number, offset: number): void {
    const length = Math.min(bytes.length, this.#most - this.#length)
    if (length < bytes.length) this.#cut = true
    if (length <= 0) return
    this.#pieces.push({ at: this.#length, packet, offset, length })
    this.#texts.push(bytes.toString('latin1', 0, length))
    this.#length += length
  }

  gap(): void {
    this.#cut = true
  }

  get placed(): PlacedBytes {
    return { text: this.#texts.join(''), pieces: this.#pieces, cut: this.#cut }
  }
}

/** Up to `most` bytes of each direction. Null where it was aborted. */
export async function flowOctets(
  capture: OpenCapture,
  flow: number,
  most: number,
  signal: AbortSignal,
): Promise<{ readonly sent: PlacedBytes; readonly answered: PlacedBytes } | null> {
  const sides = [new Side(most), new Side(most)] as const
  function* packets(): Generator<FlowPacket> {
    let count = 0
    for (const packet of packetsOfFlow(capture.index, flow)) {
      if (++count > MOST_PACKETS || (sides[0].full && sides[1].full)) return
      const found = flowPacket(capture, packet)
      if (found !== null) yield found
    }
  }
  let turn = performance.now()
  for await (const { direction, packet, bytes, missing } of followFlow(
    packets(),
    capture.flow(flow)?.transport === 'tcp' ? 'tcp' : 'udp',
  )) {
    const side = sides[direction]
    if (missing > 0) side.gap()
    else if (!side.full) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      const whole = capture.bytes.read(packet - 1)
      // Of a segment that was sent again only what is new is in the piece: where that stands is looked for.
      const offset = Buffer.from(whole.buffer, whole.byteOffset, whole.length).lastIndexOf(piece)
      side.add(piece, packet, Math.max(0, offset))
    }
    if (performance.now() - turn < SLICE_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) return null
    turn = performance.now()
  }
  return { sent: sides[0].placed, answered: sides[1].placed }
}
