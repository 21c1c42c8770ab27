/**
 * The second pass over a capture: application data. Streams are put in order, messages are read, and what they say goes into the
 * notes; a packet's stack gets the protocols of the messages that it completes.
 */
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { Packet } from '../decode/packet.ts'
import { decoders, dispatch, protocolNumber } from '../decode/registry.ts'
import { NO_INTERFACE } from '../capture/batch.ts'
import type { Run } from '../capture/merge.ts'
import { MessageReader, type ReaderOptions } from '../facts/message-reader.ts'
import type { PacketFacts } from '../facts/packet-facts.ts'
import { W } from '../flows/flow-record.ts'
import { signBit } from '../flows/tcp-analysis.ts'
import type { CaptureIndex } from './capture-index.ts'
import { CHUNK, SIGN, type ColumnChunk } from './columns.ts'

const MALFORMED = signBit('malformed')
const DATA = protocolNumber('data')
/** Context of lines that are kept: fragments have no sequence numbers. */
const NO_CONTEXT = { seq: 0, ack: 0, windowShift: -1, signs: [] }

export class MessagePass {
  readonly #index: CaptureIndex
  readonly #reader: MessageReader
  readonly #packet = new Packet(dispatch, new Fragments())
  /** Index of the next packet. */
  #next = 0
  /** The chunk of the packets that are read, and others that something came late for. */
  readonly #changed = new Map<number, ColumnChunk>()
  /** Written, their memory used again. */
  readonly #spent: ColumnChunk[] = []

  constructor(index: CaptureIndex, options: ReaderOptions = {}) {
    this.#index = index
    this.#reader = new MessageReader((facts) => this.#take(facts), options)
  }

  /** Reads the packets of a run; runs come as in the first pass. */
  take({ source, from, to }: Run): void {
    const { batch, data, view, dataOffset, interfaces } = source
    const { columns } = this.#index
    const p = this.#packet
    for (let i = from; i < to; i++) {
      const number = this.#next++
      if (number >= columns.length) return
      const chunk = this.#chunk(Math.floor(number / CHUNK))
      const row = number % CHUNK
      const flow = chunk.flow[row]! - 1
      // Without addresses there is no flow, and nobody reads it; fragments are needed for those that complete them.
      if (flow < 0) continue
      const iface = batch.interfaces[i]!
      p.seconds = batch.seconds[i]!
      p.nanos = batch.nanos[i]!
      p.begin(
        data,
        view,
        batch.offsets[i]! - dataOffset,
        batch.captured[i]!,
        batch.wire[i]!,
        iface === NO_INTERFACE ? 0xffff : interfaces[iface]!.linkType,
      )
      decodeHeaders(p)
      if (p.sources.length > 0) this.#reassembled(p, number, chunk, row)
      this.#reader.read(p, number, flow, chunk.signs[row]! & SIGN.fromServer ? 1 : 0)
    }
  }

  /** Fragments are put together once: what the last one's headers say must be kept. */
  #reassembled(p: Packet, number: number, chunk: ColumnChunk, row: number): void {
    for (let layer = p.layers - 1; layer >= 0; layer--) {
      if (p.layerSource[layer] === 0) return
      const decoder = decoders[p.layerId[layer]!]
      if (decoder?.line === undefined || decoder.id === 'data') continue
      if (decoder.message !== undefined || decoder.id === 'udp') return
      this.#index.notes.line(number, decoder.title, decoder.line(p, p.layerAt[layer]!, p.layerEnd[layer]!, NO_CONTEXT))
      chunk.signs[row]! |= SIGN.noted
      return
    }
  }

  #chunk(index: number): ColumnChunk {
    const known = this.#changed.get(index)
    if (known !== undefined) return known
    if (this.#changed.size >= 3) this.#write()
    const chunk = this.#index.columns.own(index, this.#spent.pop())
    this.#changed.set(index, chunk)
    return chunk
  }

  #write(): void {
    for (const chunk of this.#changed.values()) this.#index.columns.rewrite(chunk, ['stack', 'signs'])
    this.#spent.push(...this.#changed.values())
    this.#changed.clear()
  }

  #take(facts: PacketFacts): void {
    const { stacks, notes, flows } = this.#index
    const { packet, flow, layers, title, line } = facts
    const chunk = this.#chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    let stack = chunk.stack[row]!
    const has = stacks.protocols(stack)
    for (const layer of layers) if (!has.includes(layer)) stack = stacks.child(stack, layer)
    chunk.stack[row] = stack
    if (facts.malformed) chunk.signs[row]! |= MALFORMED
    const first = layers[0]
    if (line !== '' || title !== '') {
      notes.line(packet, title, line)
      chunk.signs[row]! |= SIGN.noted
    }
    for (const { field, value } of facts.facts) notes.fact(packet, field, value)
    if (flow < 0 || first === undefined || first === DATA) return
    flows.seek(flow)
    const { words } = flows.page
    // What is read last tells more: TLS after SMTP, but not what lies inside HTTP.
    if (words[flows.at + W.app] === 0) {
      words[flows.at + W.app] = first + 1
      flows.page.dirty = true
    }
    if (line !== '' && words[flows.at + W.firstData] === 0) {
      words[flows.at + W.firstData] = packet + 1
      flows.page.dirty = true
    }
  }

  end(): void {
    this.#reader.end()
    this.#write()
    this.#index.notes.flush()
    this.#index.flows.flush()
  }
}
