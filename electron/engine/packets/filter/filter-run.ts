/** A filter over an opened capture, chunk by chunk: by the index first, then by reading the packets that it cannot decide. */
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { CHUNK } from '../index/columns.ts'
import type { CheckedFilter } from './checked.ts'
import { ColumnsFilter } from './columns-filter.ts'
import { compileFilter, MAYBE, NO, YES, type Predicate, type Verdict } from './evaluate.ts'
import { FieldsOfPacket } from './fields-of-packet.ts'
import { withFragments } from './fragments-before.ts'
import { IndexValues } from './index-values.ts'

export class FilterRun {
  readonly #index: CaptureIndex
  readonly #bytes: (packet: number) => Uint8Array
  readonly #columns: ColumnsFilter
  readonly #predicate: Predicate
  readonly #values: IndexValues
  readonly #packet = new Packet(dispatch)
  readonly #fields = new FieldsOfPacket()
  #data: Uint8Array = new Uint8Array(0)
  /** Packets whose bytes were read. */
  read = 0

  /** `bytes` gives the captured bytes of a packet (index from 0), good until the next call. */
  constructor(filter: CheckedFilter, index: CaptureIndex, bytes: (packet: number) => Uint8Array) {
    this.#index = index
    this.#bytes = bytes
    this.#columns = new ColumnsFilter(filter.test, index)
    this.#predicate = compileFilter(filter.test)
    this.#values = new IndexValues(index)
  }

  /** Verdicts by the index alone; what is `MAYBE` is for `packet`. Good until the next call. */
  chunk(index: number): Uint8Array {
    return this.#columns.chunk(index)
  }

  /** A packet (index from 0) by its bytes; `MAYBE` is for the full dissection. */
  packet(packet: number): Verdict {
    this.read++
    this.#begin(this.#packet, packet)
    decodeHeaders(this.#packet)
    const verdict = this.#predicate(this.#fields.take(this.#packet, this.#data, 0, this.#values.at(packet)))
    if (verdict !== MAYBE || !this.#values.at(packet).reassembled) return verdict
    const whole = withFragments(this.#index.columns, packet, (p, at) => this.#begin(p, at))
    return this.#predicate(this.#fields.take(whole, this.#data, 0, this.#values.at(packet)))
  }
  #begin(p: Packet, packet: number): void {
    const { columns, known } = this.#index
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const bytes = (this.#data = this.#bytes(packet))
    p.number = packet + 1
    p.seconds = chunk.seconds[row]!
    p.nanos = chunk.nanos[row]!
    const linkType = known.interfaces[chunk.iface[row]!]?.linkType ?? 0xffff
    p.begin(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, chunk.wire[row]!, linkType)
  }

  /** Both of them: the verdicts of a chunk, of which `MAYBE` is for the full dissection. Good until the next call. */
  whole(index: number): Uint8Array {
    const verdicts = this.chunk(index)
    for (let row = 0; row < verdicts.length; row++) if (verdicts[row] === MAYBE) verdicts[row] = this.packet(index * CHUNK + row)
    return verdicts
  }
}
export { MAYBE, NO, YES }
