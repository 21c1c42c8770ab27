/**
 * The first pass over a capture: every packet's headers into columns and flows. It is what must be fast: nothing is allocated for
 * a packet.
 */
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { MOST_LAYERS, Packet } from '../decode/packet.ts'
import { dispatch, protocolNames } from '../decode/registry.ts'
import { NO_INTERFACE } from '../capture/batch.ts'
import type { Run } from '../capture/merge.ts'
import { F, W } from '../flows/flow-record.ts'
import type { FlowTable } from '../flows/flow-table.ts'
import { QuotedEnds } from '../flows/quoted-ends.ts'
import { analyseSegment, beginsAnew, signBit } from '../flows/tcp-analysis.ts'
import { SIGN, CHUNK, type Columns } from './columns.ts'
import type { Stacks } from './stacks.ts'

const FRAGMENT = signBit('fragment')
const CUT = signBit('cut')
const MALFORMED = signBit('malformed')
const REUSED = signBit('port_reused')
/** Link type of records that are no packets. */
const NO_LINK = 0xffff

/** What is known of the whole capture as it is read. */
export interface Totals {
  captured: number
  wire: number
  /** Seconds and nanoseconds of the first and the last packet that have a time, in order of the file; NaN where none has. */
  firstSeconds: number
  firstNanos: number
  lastSeconds: number
  lastNanos: number
  /** Of all packets. */
  earliest: number
  latest: number
  /** Digits after the second that times need: 6 or 9. */
  finest: number
}

export class HeaderPass {
  readonly columns: Columns
  readonly flows: FlowTable
  readonly stacks: Stacks
  readonly totals: Totals
  /** Packets by number of their outermost protocol. */
  readonly outermost = new Float64Array(protocolNames.length + 1)
  readonly #packet = new Packet(dispatch, new Fragments())
  readonly #quoted = new QuotedEnds()
  /** Index of the capture's interface for each interface of each file. */
  readonly #interfaceOf: (file: number, iface: number) => number

  constructor(
    columns: Columns,
    flows: FlowTable,
    stacks: Stacks,
    interfaceOf: (file: number, iface: number) => number,
    totals: Totals,
  ) {
    this.columns = columns
    this.flows = flows
    this.stacks = stacks
    this.#interfaceOf = interfaceOf
    this.totals = totals
  }

  /** Reads the packets of a run. */
  take({ file, source, from, to }: Run): void {
    const { batch, data, view, dataOffset, interfaces } = source
    const { columns, flows, stacks, totals } = this
    const p = this.#packet
    const outermost = this.outermost
    let chunk = columns.writable
    for (let i = from; i < to; i++) {
      const number = columns.length
      const row = number % CHUNK
      if (row === 0) chunk = columns.writable
      const offset = batch.offsets[i]!
      const captured = batch.captured[i]!
      const wire = batch.wire[i]!
      const seconds = batch.seconds[i]!
      const nanos = batch.nanos[i]!
      const iface = batch.interfaces[i]!
      p.seconds = seconds
      p.nanos = nanos
      p.begin(data, view, offset - dataOffset, captured, wire, iface === NO_INTERFACE ? NO_LINK : interfaces[iface]!.linkType)
      decodeHeaders(p)

      let stack = 0
      for (let layer = 0; layer < p.layers; layer++) stack = stacks.child(stack, p.layerId[layer]!)
      outermost[p.layers > 0 ? p.layerId[0]! : protocolNames.length]!++
      let signs = 0
      if (p.cut) signs |= CUT
      if (p.malformed) signs |= MALFORMED
      if (p.fragmentId >= 0) signs |= FRAGMENT
      if (p.networks > 1) signs |= SIGN.tunnelled
      if (p.sources.length > 0) signs |= SIGN.reassembled
      let flow = flows.find(p, number)
      if (flow >= 0) {
        const tcp = p.transport === 6 && p.payloadAt >= 0
        if (tcp && beginsAnew(p, flows)) {
          flow = flows.find(p, number, true)
          signs |= REUSED
        }
        if (flow >= 0) {
          const { words, doubles } = flows.page
          const at = flows.at
          const double = at / 2
          words[at + W.lastPacket] = number
          doubles[double + F.lastTime] = seconds + nanos / 1e9
          if (flows.direction === 0) {
            words[at + W.clientPackets]!++
            doubles[double + F.clientBytes]! += wire
            doubles[double + F.clientPayload]! += p.payloadStated
          } else {
            words[at + W.serverPackets]!++
            doubles[double + F.serverBytes]! += wire
            doubles[double + F.serverPayload]! += p.payloadStated
            signs |= SIGN.fromServer
          }
          if (tcp) signs |= analyseSegment(p, flows, number)
        }
      }

      chunk.offset[row] = offset
      chunk.seconds[row] = seconds
      chunk.nanos[row] = nanos
      chunk.captured[row] = captured
      chunk.wire[row] = wire
      chunk.flow[row] = flow + 1
      chunk.signs[row] = signs
      chunk.seq[row] = p.seq
      chunk.ack[row] = p.quotedFrom < MOST_LAYERS ? this.#quotedFlow(p) : p.ack
      chunk.payload[row] = p.payloadStated
      chunk.stack[row] = stack
      chunk.flags[row] = p.flags
      chunk.window[row] = p.window
      chunk.file[row] = file
      chunk.iface[row] = iface === NO_INTERFACE ? 0xffff : this.#interfaceOf(file, iface)
      columns.added()

      totals.captured += captured
      totals.wire += wire
      if (!Number.isNaN(seconds)) {
        if (Number.isNaN(totals.firstSeconds)) {
          totals.firstSeconds = seconds
          totals.firstNanos = nanos
        }
        totals.lastSeconds = seconds
        totals.lastNanos = nanos
        if (nanos % 1000 !== 0) totals.finest = 9
        const time = seconds + nanos / 1e9
        if (time < totals.earliest) totals.earliest = time
        if (time > totals.latest) totals.latest = time
      }
    }
  }

  /** Number + 1 of the flow of what an ICMP error quotes; 0 where there is none. */
  #quotedFlow(p: Packet): number {
    return this.#quoted.take(p) ? this.flows.known(this.#quoted) + 1 : 0
  }
}
