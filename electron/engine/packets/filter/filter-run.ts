/** A filter over an opened capture, chunk by chunk: by the index first, then by reading the packets that it cannot decide. */
import type { CaptureIndex } from '../index/capture-index.ts'
import { CHUNK } from '../index/columns.ts'
import type { CheckedFilter } from './checked.ts'
import { ColumnsFilter } from './columns-filter.ts'
import { MAYBE, NO, YES, type Verdict } from './evaluate.ts'
import { PacketVerdict } from './packet-verdict.ts'

export class FilterRun {
  readonly #columns: ColumnsFilter
  /** Of single packets. */
  readonly packets: PacketVerdict

  /** `bytes` gives the captured bytes of a packet (index from 0), good until the next call. */
  constructor(filter: CheckedFilter, index: CaptureIndex, bytes: (packet: number) => Uint8Array) {
    this.#columns = new ColumnsFilter(filter.test, index)
    this.packets = new PacketVerdict(filter, index, bytes)
  }

  /** Packets whose bytes were read. */
  get read(): number {
    return this.packets.read
  }

  /** Verdicts by the index alone; what is `MAYBE` is for `packet`. Good until the next call. */
  chunk(index: number): Uint8Array {
    return this.#columns.chunk(index)
  }

  /** A packet (index from 0) by its bytes; `MAYBE` is for the full dissection. */
  packet(packet: number): Verdict {
    return this.packets.of(packet)
  }

  /** Both of them: the verdicts of a chunk, of which `MAYBE` is for the full dissection. Good until the next call. */
  whole(index: number): Uint8Array {
    const verdicts = this.chunk(index)
    for (let row = 0; row < verdicts.length; row++) if (verdicts[row] === MAYBE) verdicts[row] = this.packet(index * CHUNK + row)
    return verdicts
  }
}
export { MAYBE, NO, YES }
