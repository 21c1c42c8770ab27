/** By flow: packets and bytes from its client, and from its server, of a view. Outside of the heap: a view may have millions of flows. */
import { CHUNK, SIGN } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { View } from './view.ts'

/** Flows of one piece. */
const PIECE = 1 << 16

export class FlowSums {
  /** Place + 1 by flow; 0 where the view has nothing of it. */
  readonly #places: Uint32Array
  #size = 0
  /** By place and direction, in pieces. */
  readonly #packets: Uint32Array[] = []
  readonly #bytes: Float64Array[] = []

  constructor(flows: number) {
    this.#places = new Uint32Array(flows)
  }

  /** Flows it can tell apart: those there were when it was made. */
  get flows(): number {
    return this.#places.length
  }
  has(flow: number): boolean {
    return flow < this.#places.length && this.#places[flow]! > 0
  }

  /** A packet of a flow; direction 0 is from its client. */
  add(flow: number, direction: 0 | 1, bytes: number): void {
    let place = this.#places[flow]! - 1
    if (place < 0) {
      place = this.#size++
      this.#places[flow] = place + 1
      if (place % PIECE === 0) {
        this.#packets.push(new Uint32Array(2 * PIECE))
        this.#bytes.push(new Float64Array(2 * PIECE))
      }
    }
    const piece = Math.floor(place / PIECE)
    const at = 2 * (place % PIECE) + direction
    this.#packets[piece]![at]!++
    this.#bytes[piece]![at]! += bytes
  }

  packets(flow: number, direction: 0 | 1): number {
    const place = this.#places[flow]! - 1
    return place < 0 ? 0 : this.#packets[Math.floor(place / PIECE)]![2 * (place % PIECE) + direction]!
  }
  bytes(flow: number, direction: 0 | 1): number {
    const place = this.#places[flow]! - 1
    return place < 0 ? 0 : this.#bytes[Math.floor(place / PIECE)]![2 * (place % PIECE) + direction]!
  }
}

export async function flowsOfView({ columns, flows }: CaptureIndex, view: View): Promise<FlowSums> {
  const found = new FlowSums(flows.length)
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    if (view.countOf(chunk) === 0) continue
    const flow = columns.column(chunk, 'flow')
    const signs = columns.column(chunk, 'signs')
    const wire = columns.column(chunk, 'wire')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) {
      // Flows that came while this was going on are not in it.
      if (flow[row] === 0 || !view.has(chunk * CHUNK + row) || flow[row]! > found.flows) continue
      found.add(flow[row]! - 1, signs[row]! & SIGN.fromServer ? 1 : 0, wire[row]!)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}
