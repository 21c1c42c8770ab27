/**
 * Values of header fields, read from one packet that was decoded: what the index has no column for. Layers are found once for a
 * packet, values only when they are asked for.
 */
import type { FieldValue } from '../decode/define.ts'
import type { Packet } from '../decode/packet.ts'
import { decoders, protocolNames, protocolNumber, type KnownField } from '../decode/registry.ts'
import type { PacketValues } from './evaluate.ts'
import { takesLayer, type FieldUse } from './fields.ts'
import { headerLength } from './protocol-bytes.ts'

/** What the index, or whoever reads messages, knows beside the headers. */
export interface BesideHeaders extends PacketValues {
  /** The packet was put together from fragments: it has layers that its own bytes do not show. */
  readonly reassembled: boolean
}

export class FieldsOfPacket implements PacketValues {
  #packet: Packet | null = null
  #data: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#data.buffer)
  #beside: BesideHeaders | null = null

  /**
   * Takes a packet that `decodeHeaders` has read, whose bytes begin at `at` of `data`. `beside` answers what is not in headers;
   * without it that is unknown. Good until the packet is begun anew.
   */
  take(p: Packet, data: Uint8Array, at: number, beside: BesideHeaders | null): this {
    this.#packet = p
    // Nothing behind the packet may be read, whatever its headers state.
    this.#data = data.subarray(0, at + p.captured)
    this.#view = new DataView(data.buffer, data.byteOffset, at + p.captured)
    this.#beside = beside
    return this
  }

  has(use: FieldUse): boolean | undefined {
    const { field } = use
    if (field.type === 'protocol' && use.layers === null) {
      if (field.name === 'frame' || this.#layersOf(field.name) > 0) return true
      return this.#beside === null ? (field.header ? false : undefined) : this.#beside.has(use)
    }
    if (field.type === 'none') return this.#beside?.has(use)
    const values = this.values(use)
    return values === undefined ? undefined : values !== null && values.length > 0
  }

  values(use: FieldUse): readonly FieldValue[] | null | undefined {
    const { field } = use
    if (field.how === 'dissect') return undefined
    if (field.type === 'protocol') return this.#protocol(use)
    if (field.known?.read !== undefined) return this.#header(use, field.known)
    if (field.name === 'tcp.payload' || field.name === 'udp.payload')
      return this.#payload(use, field.name === 'tcp.payload' ? 6 : 17)
    if (field.name === 'tcp.flags.str') return this.#flags(use)
    const sent = AS_SENT.get(field.name)
    if (sent !== undefined && !use.raw && this.#onlyQuoted('tcp')) return this.#sent(use, sent)
    return use.layers === null && !use.raw ? this.#beside?.values(use) : undefined
  }

  /** How often the protocol's header occurs. */
  #layersOf(name: string): number {
    const p = this.#packet
    const number = protocolNumber(name)
    if (p === null || number < 0) return 0
    let count = 0
    for (let layer = 0; layer < p.layers; layer++) if (p.layerId[layer] === number) count++
    return count
  }
  /** A header that is not there may be in what other fragments hold: then the index may know. */
  #absent(use: FieldUse): readonly FieldValue[] | null | undefined {
    const beside = this.#beside
    return beside?.reassembled === true && this.#packet?.sources.length === 0 ? beside.values(use) : null
  }

  #each(name: string, use: FieldUse, read: (p: Packet, at: number, end: number) => void): boolean {
    const p = this.#packet
    const number = protocolNumber(name)
    const count = this.#layersOf(name)
    if (p === null || count === 0) return false
    const { data, view } = p
    let seen = 0
    for (let layer = 0; layer < p.layers; layer++) {
      if (p.layerId[layer] !== number || !takesLayer(use.layers, ++seen, count)) continue
      this.#source(p, p.layerSource[layer]!)
      read(p, p.layerAt[layer]!, p.layerEnd[layer]!)
    }
    p.data = data
    p.view = view
    return true
  }
  #source(p: Packet, source: number): void {
    const bytes = source === 0 ? undefined : p.sources[source - 1]
    p.data = bytes ?? this.#data
    p.view = bytes === undefined ? this.#view : new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  #header(use: FieldUse, known: KnownField): readonly FieldValue[] | null | undefined {
    const found: FieldValue[] = []
    const { read, place } = known
    const there = this.#each(decoders[known.decoder]!.id, use, (p, at, end) => {
      if (place !== undefined && at + place[0] + place[1] > end) return
      if (use.raw) {
        if (place !== undefined) found.push(p.data.subarray(at + place[0], at + place[0] + place[1]))
        return
      }
      let value: FieldValue | readonly FieldValue[] | undefined
      try {
        value = read!(p, at, end)
      } catch (error) {
        // Read beyond what was captured: the field is not there.
        if (!(error instanceof RangeError)) throw error
      }
      if (value === undefined) return
      if (Array.isArray(value)) found.push(...(value as readonly FieldValue[]))
      else found.push(value as FieldValue)
    })
    return there && found.length > 0 ? found : this.#absent(use)
  }

  #protocol(use: FieldUse): readonly FieldValue[] | null | undefined {
    const p = this.#packet
    if (p === null) return undefined
    const { name } = use.field
    if (name === 'frame') return [this.#data.subarray(this.#data.length - p.captured)]
    if (!use.field.header) return undefined
    const found: Uint8Array[] = []
    const there = this.#each(name, use, (packet, at, end) => {
      const length = use.whole ? end - at : headerLength(name, packet, at, end)
      found.push(packet.data.subarray(at, Math.min(end, at + length)))
    })
    return there && found.length > 0 ? found : this.#absent(use)
  }

  #payload(use: FieldUse, transport: number): readonly FieldValue[] | null | undefined {
    const p = this.#packet
    if (p === null || p.transport !== transport || p.payloadAt < 0) return this.#absent(use)
    if (p.payloadLength === 0) return null
    const bytes = p.payloadSource === 0 ? this.#data : p.sources[p.payloadSource - 1]
    return bytes === undefined ? undefined : [bytes.subarray(p.payloadAt, p.payloadAt + p.payloadLength)]
  }

  #flags(use: FieldUse): readonly FieldValue[] | null | undefined {
    const found: string[] = []
    const there = this.#each('tcp', use, (p, at, end) => {
      if (at + 14 <= end) found.push(flagLetters(p.view.getUint16(at + 12) & 0xfff))
    })
    return there && found.length > 0 ? found : this.#absent(use)
  }

  /** Every header of the protocol is in what an ICMP error quotes. */
  #onlyQuoted(name: string): boolean {
    const p = this.#packet
    const number = protocolNumber(name)
    return p !== null && !p.layerId.subarray(0, Math.min(p.layers, p.quotedFrom)).includes(number) && this.#layersOf(name) > 0
  }
  #sent(use: FieldUse, { at: place, bytes }: { readonly at: number; readonly bytes: 2 | 4 }): readonly FieldValue[] | null {
    const found: number[] = []
    this.#each('tcp', use, (p, at, end) => {
      if (at + place + bytes > end) return
      found.push(bytes === 2 ? p.view.getUint16(at + place) : p.view.getUint32(at + place))
    })
    return found.length > 0 ? found : null
  }

  /** `eth:ethertype:ip:tcp`, of its headers. */
  stack(): string {
    const p = this.#packet
    return p === null ? '' : Array.from(p.layerId.subarray(0, p.layers), (id) => protocolNames[id]).join(':')
  }
}

/** What counts from a conversation's beginning stands as it was sent in what is quoted. */
const AS_SENT: ReadonlyMap<string, { readonly at: number; readonly bytes: 2 | 4 }> = new Map([
  ['tcp.seq', { at: 4, bytes: 4 }],
  ['tcp.ack', { at: 8, bytes: 4 }],
  ['tcp.window_size', { at: 14, bytes: 2 }],
])

const LETTERS = 'RRRACEUAPRSF'
/** As Wireshark writes them: `·······AP···`. */
export const flagLetters = (flags: number): string =>
  Array.from(LETTERS, (letter, i) => (flags & (1 << (11 - i)) ? letter : '·')).join('')
