/** Rows of the packet list: columns and the packet's own headers, read when they are shown. */
import type { PacketRow, PacketSign } from '../../../../shared/model/capture.ts'
import { PACKET_SIGNS } from '../../../../shared/model/capture.ts'
import { decodeHeaders } from '../decode/decode.ts'
import type { LineContext } from '../decode/define.ts'
import { Packet } from '../decode/packet.ts'
import { decoders, dispatch, protocolNumber } from '../decode/registry.ts'
import { ether, ipv4, ipv6 } from '../decode/text.ts'
import { D, SEEN, W } from '../flows/flow-record.ts'
import { CHUNK, SIGN, type ColumnChunk } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { PacketBytes } from './packet-bytes.ts'

const ETH = protocolNumber('eth')
/** What tells less than the layer around it. */
const SILENT: ReadonlySet<number> = new Set([protocolNumber('data'), protocolNumber('ethertype')])

/** Wireshark's words for signs in the Info column. */
const WORDS: Partial<Record<PacketSign, string>> = {
  retransmission: 'TCP Retransmission',
  fast_retransmission: 'TCP Fast Retransmission',
  spurious_retransmission: 'TCP Spurious Retransmission',
  out_of_order: 'TCP Out-Of-Order',
  lost_segment: 'TCP Previous segment not captured',
  acked_unseen: 'TCP ACKed unseen segment',
  duplicate_ack: 'TCP Dup ACK',
  keep_alive: 'TCP Keep-Alive',
  keep_alive_ack: 'TCP Keep-Alive ACK',
  zero_window: 'TCP ZeroWindow',
  window_full: 'TCP Window Full',
  window_update: 'TCP Window Update',
  port_reused: 'TCP Port numbers reused',
}

export function signsOf(bits: number): PacketSign[] {
  const signs: PacketSign[] = []
  for (let i = 0; i < PACKET_SIGNS.length; i++) if (bits & (1 << i)) signs.push(PACKET_SIGNS[i]!)
  return signs
}

/** Reads rows; one for each capture. */
export class Rows {
  readonly #index: CaptureIndex
  readonly #bytes: PacketBytes
  readonly #packet = new Packet(dispatch)

  constructor(index: CaptureIndex, bytes: PacketBytes) {
    this.#index = index
    this.#bytes = bytes
  }

  /** A packet with its headers decoded (index from 0). Good until the next one. */
  decoded(packet: number): Packet {
    const chunk = this.#index.columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const bytes = this.#bytes.read(packet)
    const p = this.#packet
    p.number = packet + 1
    p.seconds = chunk.seconds[row]!
    p.nanos = chunk.nanos[row]!
    const iface = this.#index.known.interfaces[chunk.iface[row]!]
    p.begin(
      bytes,
      new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
      0,
      bytes.length,
      chunk.wire[row]!,
      iface?.linkType ?? 0xffff,
    )
    decodeHeaders(p)
    return p
  }

  row(packet: number): Omit<PacketRow, 'marked' | 'fields'> {
    const { columns, notes, known } = this.#index
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const signs = chunk.signs[row]!
    const p = this.decoded(packet)
    const note = signs & SIGN.noted ? notes.lineOf(packet) : null
    const comments = known.packetComments.get(packet + 1) ?? []
    const { protocol, info } = this.#line(p, chunk, row, note)
    const ports = p.transport === 6 || p.transport === 17 || p.transport === 132
    return {
      number: packet + 1,
      seconds: Number.isNaN(chunk.seconds[row]!) ? null : chunk.seconds[row]!,
      nanos: chunk.nanos[row]!,
      source: addressOf(p, 'from'),
      destination: addressOf(p, 'to'),
      sourcePort: ports && p.payloadAt >= 0 ? p.sourcePort : null,
      destinationPort: ports && p.payloadAt >= 0 ? p.destinationPort : null,
      protocol,
      captured: chunk.captured[row]!,
      wire: chunk.wire[row]!,
      info,
      flow: chunk.flow[row]! > 0 ? chunk.flow[row]! - 1 : null,
      direction: signs & SIGN.fromServer ? 1 : 0,
      signs: comments.length > 0 ? [...signsOf(signs), 'comment'] : signsOf(signs),
      comments,
    }
  }

  /** The list's line of a packet, for searching. */
  lineOf(packet: number): string {
    const chunk = this.#index.columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const note = chunk.signs[row]! & SIGN.noted ? this.#index.notes.lineOf(packet) : null
    if (note !== null && note.text !== '') return this.#marked(chunk.signs[row]!, note.text)
    return this.#line(this.decoded(packet), chunk, row, note).info
  }

  #line(
    p: Packet,
    chunk: ColumnChunk,
    row: number,
    note: { readonly title: string; readonly text: string } | null,
  ): { protocol: string; info: string } {
    let spoken = -1
    for (let layer = p.layers - 1; layer >= 0; layer--) {
      const id = p.layerId[layer]!
      if (SILENT.has(id) || decoders[id]?.line === undefined) continue
      spoken = layer
      // What an ICMP error quotes is not what the packet is.
      if (layer >= p.quotedFrom) continue
      break
    }
    if (spoken < 0 && p.layers > 0) spoken = p.layers - 1
    const decoder = spoken < 0 ? undefined : decoders[p.layerId[spoken]!]
    const at = p.layerAt[spoken] ?? 0
    const protocol = note !== null && note.title !== '' ? note.title : (decoder?.column?.(p, at) ?? decoder?.title ?? 'Data')
    if (note !== null && note.text !== '') return { protocol, info: this.#marked(chunk.signs[row]!, note.text) }
    const info = decoder?.line?.(p, at, p.layerEnd[spoken] ?? 0, this.#context(p, chunk, row)) ?? ''
    return { protocol, info }
  }

  /** Signs stand before the line of an application too. */
  #marked(signs: number, text: string): string {
    const words = signsOf(signs).flatMap((sign) => (WORDS[sign] === undefined ? [] : [`[${WORDS[sign]}] `]))
    return words.join('') + text
  }

  #context(p: Packet, chunk: ColumnChunk, row: number): LineContext {
    const signs = signsOf(chunk.signs[row]!).flatMap((sign) => WORDS[sign] ?? [])
    const flow = chunk.flow[row]! - 1
    if (flow < 0 || p.transport !== 6) return { seq: p.seq, ack: p.ack, windowShift: -1, signs }
    const { flows } = this.#index
    flows.seek(flow)
    const { words } = flows.page
    const server = (chunk.signs[row]! & SIGN.fromServer) !== 0
    const own = flows.at + (server ? W.serverSide : W.clientSide)
    const other = flows.at + (server ? W.clientSide : W.serverSide)
    const both = ((words[own + D.seen]! >>> 24) & (words[other + D.seen]! >>> 24) & SEEN.windowScaled) !== 0
    const shift = (words[own + D.seen]! >>> 16) & 255
    return {
      seq: (p.seq - words[own + D.base]!) >>> 0,
      ack: (p.ack - words[other + D.base]!) >>> 0,
      windowShift: both && shift !== 255 ? shift : -1,
      signs,
    }
  }
}

function addressOf(p: Packet, which: 'from' | 'to'): string {
  const address = p[which]
  if (p.family === 4) return ipv4(address[3]!)
  if (p.family === 6) return ipv6(address)
  for (let layer = 0; layer < p.layers; layer++)
    if (p.layerId[layer] === ETH && p.layerAt[layer]! + 12 <= p.end)
      return ether(p.data, p.layerAt[layer]! + (which === 'from' ? 6 : 0))
  return ''
}
