/**
 * One pass over a capture's packets, as they come: headers into flows, payloads into messages, messages into events. Memory is
 * bounded: flows beyond a number and times of packets are in files of their own, and what waits gives up where it is too much.
 *
 * The same capture always gives the same events in the same order: an import that was stopped goes on by counting them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { NO_INTERFACE } from '../capture/batch.ts'
import type { PacketSource } from '../capture/packet-source.ts'
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch, protocolNumber } from '../decode/registry.ts'
import { MessageReader } from '../facts/message-reader.ts'
import type { PacketFacts } from '../facts/packet-facts.ts'
import { F, STATE, W } from '../flows/flow-record.ts'
import { FlowTable } from '../flows/flow-table.ts'
import { analyseSegment, beginsAnew } from '../flows/tcp-analysis.ts'
import { connState, sentOnce } from './conn-state.ts'
import type { Emit } from './define.ts'
import { FlowEvents } from './flow-events.ts'
import { flowName, ICMP, isIcmp, SERVICES } from './flow-name.ts'
import { isLocal } from './local-address.ts'
import { PacketTimes } from './packet-times.ts'
import { serviceNames, servicesOf } from './services.ts'

/** Link type of records that are no packets. */
const NO_LINK = 0xffff
/** A file larger than this is not put together, and all flows together hold no more than this. */
const LARGEST_FILE = 32 << 20
const MOST_HELD = 128 << 20
const ICMP_LAYERS = [protocolNumber('icmp'), protocolNumber('icmpv6')]

export class EventPass {
  readonly #id: string
  readonly #folder: string
  readonly #emit: Emit
  readonly #times: PacketTimes
  readonly #flows: FlowTable
  readonly #events: FlowEvents
  readonly #reader: MessageReader
  readonly #packet = new Packet(dispatch, new Fragments())
  /** Number in the capture of this pass's first packet and first flow. */
  readonly #firstPacket: number
  readonly #firstFlow: number

  /**
   * `id` names the capture, `scratch` is a folder for files that are gone when the program is. A capture that grew is gone through in
   * several passes: `from` is what the ones before had.
   */
  constructor(id: string, scratch: string, from: { readonly packets: number; readonly flows: number }, emit: Emit) {
    this.#id = id
    this.#emit = emit
    this.#firstPacket = from.packets
    this.#firstFlow = from.flows
    this.#folder = mkdtempSync(join(scratch, 'watchfloor-import-'))
    this.#times = new PacketTimes(join(this.#folder, 'times'))
    this.#flows = new FlowTable(join(this.#folder, 'flows'), { write: true })
    this.#unlink()
    this.#events = new FlowEvents(id, (flow) => flowName(this.#flows, flow, this.#firstFlow, id), emit)
    this.#reader = new MessageReader((facts) => this.#take(facts), {
      wantsObjects: true,
      mostKept: LARGEST_FILE,
      mostHeld: MOST_HELD,
    })
  }

  get packets(): number {
    return this.#firstPacket + this.#times.length
  }
  get flows(): number {
    return this.#firstFlow + this.#flows.length
  }

  /** Files that are open stay, where the system has it so, though they have no name: nothing is left behind by a program that dies. */
  #unlink(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true })
    } catch {
      // Removed at the end.
    }
  }

  /** Reads packets `from` to `to` of the source's batch. */
  take({ batch, data, view, dataOffset, interfaces }: PacketSource, from: number, to: number): void {
    const p = this.#packet
    for (let i = from; i < to; i++) {
      const number = this.#times.length
      const iface = batch.interfaces[i]!
      const wire = batch.wire[i]!
      p.seconds = batch.seconds[i]!
      p.nanos = batch.nanos[i]!
      p.begin(
        data,
        view,
        batch.offsets[i]! - dataOffset,
        batch.captured[i]!,
        wire,
        iface === NO_INTERFACE ? NO_LINK : (interfaces[iface]?.linkType ?? NO_LINK),
      )
      decodeHeaders(p)
      const flow = this.#count(p, number, wire)
      const { direction } = this.#flows
      this.#times.add(p.seconds, p.nanos, flow < 0 ? 0 : direction)
      if (flow >= 0) this.#reader.read(p, number, flow, direction)
    }
  }

  /** The packet's flow; -1 where it has none. */
  #count(p: Packet, number: number, wire: number): number {
    const flows = this.#flows
    const before = flows.length
    let flow = flows.find(p, number)
    if (flow < 0) return flow
    const tcp = p.transport === 6 && p.payloadAt >= 0
    if (tcp && beginsAnew(p, flows)) flow = flows.find(p, number, true)
    if (flow < 0) return flow
    const { words, doubles } = flows.page
    const { at } = flows
    const double = at / 2
    words[at + W.lastPacket] = number
    doubles[double + F.lastTime] = p.seconds + p.nanos / 1e9
    if (flows.direction === 0) {
      words[at + W.clientPackets]!++
      doubles[double + F.clientBytes]! += wire
      doubles[double + F.clientPayload]! += p.payloadStated
    } else {
      words[at + W.serverPackets]!++
      doubles[double + F.serverBytes]! += wire
      doubles[double + F.serverPayload]! += p.payloadStated
    }
    if (tcp) analyseSegment(p, flows, number)
    else if (isIcmp(p.transport) && flow >= before) words[at + ICMP] = icmpOf(p)
    return flow
  }

  #take(facts: PacketFacts): void {
    const { packet, flow, layers } = facts
    if (flow < 0 || layers.length === 0) return
    const services = servicesOf(layers)
    if (services !== 0) {
      this.#flows.seek(flow)
      const { words } = this.#flows.page
      const at = this.#flows.at + SERVICES
      if ((words[at]! | services) >>> 0 !== words[at]) {
        words[at] = (words[at]! | services) >>> 0
        this.#flows.page.dirty = true
      }
    }
    const { direction, seconds, nanos } = this.#times.of(packet)
    this.#events.take(facts, { packet: packet + this.#firstPacket, seconds, nanos }, direction)
  }

  /** The packets end: what waits is said, and then every flow. */
  *end(): Generator<void, void> {
    this.#reader.end()
    this.#events.end()
    yield
    for (let flow = 0; flow < this.#flows.length; flow++) {
      this.#flow(flow)
      if (flow % 1024 === 1023) yield
    }
  }

  #flow(flow: number): void {
    const name = flowName(this.#flows, flow, this.#firstFlow, this.#id)
    const { words, doubles } = this.#flows.page
    const { at } = this.#flows
    // Pieces of datagrams: what they were pieces of is a flow of its own.
    if (((words[at + W.kind]! >>> 16) & STATE.fragments) !== 0) return
    const double = at / 2
    const first = words[at + W.firstPacket]!
    const state = connState(words, at)
    const family = (words[at + W.kind]! >>> 8) & 255
    const passed = doubles[double + F.lastTime]! - doubles[double + F.firstTime]!
    const tcp = (words[at + W.kind]! & 255) === 6
    const [sent, received] = [doubles[double + F.clientPayload]!, doubles[double + F.serverPayload]!]
    const silent = tcp && state === 'S0' && sent === 0
    const { seconds, nanos } = this.#times.of(first)
    this.#emit('conn', { packet: first + this.#firstPacket, seconds, nanos }, name, {
      service: serviceNames(words[at + SERVICES]!, name.transport),
      duration: silent || Number.isNaN(passed) ? undefined : Math.max(0, Math.round(passed * 1e6) / 1e6),
      orig_bytes: silent ? undefined : tcp ? sentOnce(words, at + W.clientSide, sent) : sent,
      resp_bytes: silent ? undefined : tcp ? sentOnce(words, at + W.serverSide, received) : received,
      conn_state: state,
      local_orig: isLocal(words, at + W.client, family),
      local_resp: isLocal(words, at + W.server, family),
      orig_pkts: words[at + W.clientPackets]!,
      resp_pkts: words[at + W.serverPackets]!,
      orig_wire_bytes: doubles[double + F.clientBytes]!,
      resp_wire_bytes: doubles[double + F.serverBytes]!,
      last_packet: words[at + W.lastPacket]! + 1 + this.#firstPacket,
    })
  }

  close(): void {
    this.#times.close()
    this.#flows.close()
    this.#unlink()
  }
}

/** Type and code of the packet's own ICMP message, not of one that it quotes: see {@link ICMP}. */
function icmpOf(p: Packet): number {
  for (let layer = 0; layer < p.layers; layer++) {
    if (!ICMP_LAYERS.includes(p.layerId[layer]!)) continue
    p.look(layer)
    const at = p.layerAt[layer]!
    return at + 2 <= p.layerEnd[layer]! ? ((p.data[at]! << 8) | p.data[at + 1]!) + 1 : 0
  }
  return 0
}
