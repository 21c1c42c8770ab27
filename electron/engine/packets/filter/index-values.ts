/** What the index knows of one packet: the record, its flow, its stack, and the facts of its messages. */
import type { FieldValue } from '../decode/define.ts'
import { protocolNumber } from '../decode/registry.ts'
import { PACKET_SIGNS, type PacketSign } from '../../../../shared/model/capture.ts'
import { D, W } from '../flows/flow-record.ts'
import { CHUNK, SIGN, type ColumnChunk } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { FieldValues } from '../index/notes.ts'
import type { FieldUse } from './fields.ts'
import type { BesideHeaders } from './fields-of-packet.ts'
import { FlowValues, ofFlow } from './flow-values.ts'
import { OfStacks, OWN, QUOTED, quotesOnce, SEVERAL, transportOf } from './transport-of-stack.ts'

const bit = (...signs: readonly PacketSign[]): number => signs.reduce((bits, sign) => bits | (1 << PACKET_SIGNS.indexOf(sign)), 0)
/** Headers that are not whole: what columns have of them may be of another packet. */
export const BROKEN = bit('cut', 'malformed')
/** Signs of packets whose flow's addresses are not those of the one header that a filter means. */
const UNSURE = SIGN.tunnelled | BROKEN

const RETRANSMISSIONS: readonly PacketSign[] = ['retransmission', 'fast_retransmission', 'spurious_retransmission']
/** Bits of the column `signs` that a field asks for. */
export const SIGN_FIELDS: ReadonlyMap<string, number> = new Map([
  // Every kind of retransmission is one.
  ['tcp.analysis.retransmission', bit(...RETRANSMISSIONS)],
  ['tcp.analysis.fast_retransmission', bit('fast_retransmission')],
  ['tcp.analysis.spurious_retransmission', bit('spurious_retransmission')],
  ['tcp.analysis.out_of_order', bit('out_of_order')],
  ['tcp.analysis.lost_segment', bit('lost_segment')],
  ['tcp.analysis.ack_lost_segment', bit('acked_unseen')],
  ['tcp.analysis.duplicate_ack', bit('duplicate_ack')],
  ['tcp.analysis.keep_alive', bit('keep_alive')],
  ['tcp.analysis.keep_alive_ack', bit('keep_alive_ack')],
  ['tcp.analysis.zero_window', bit('zero_window')],
  ['tcp.analysis.window_full', bit('window_full')],
  ['tcp.analysis.window_update', bit('window_update')],
  ['tcp.analysis.reused_ports', bit('port_reused')],
  [
    'tcp.analysis.flags',
    bit(
      ...RETRANSMISSIONS, 'out_of_order', 'lost_segment', 'acked_unseen', 'duplicate_ack', 'keep_alive', 'keep_alive_ack', 'zero_window', 'window_full',
      'window_update', 'port_reused',
    ), // prettier-ignore
  ],
])

const FLAG_BITS: ReadonlyMap<string, number> = new Map(
  ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ece', 'cwr', 'ae'].map((name, i) => [`tcp.flags.${name}`, 1 << i]),
)
/** Numbers that stand in a column as they are, of every packet or of TCP headers. */
export interface NumberColumn {
  readonly column: 'wire' | 'captured' | 'payload' | 'flags' | 'seq' | 'ack' | 'window'
  /** 0: the number itself; else 1 where this bit is set. */
  readonly mask: number
  /** Of TCP headers. */
  readonly tcp: boolean
}
/** Numbers that stand in a column as they are. */
export const NUMBER_COLUMNS: ReadonlyMap<string, NumberColumn> = new Map<string, NumberColumn>([
  ['frame.len', { column: 'wire', mask: 0, tcp: false }],
  ['frame.cap_len', { column: 'captured', mask: 0, tcp: false }],
  ['tcp.len', { column: 'payload', mask: 0, tcp: true }],
  ['tcp.flags', { column: 'flags', mask: 0, tcp: true }],
  ...[...FLAG_BITS].map(([name, mask]): [string, NumberColumn] => [name, { column: 'flags', mask, tcp: true }]),
  ['tcp.seq_raw', { column: 'seq', mask: 0, tcp: true }],
  ['tcp.ack_raw', { column: 'ack', mask: 0, tcp: true }],
  ['tcp.window_size_value', { column: 'window', mask: 0, tcp: true }],
])

const STREAMS: ReadonlySet<string> = new Set(['tcp.stream', 'udp.stream'])
/** Of a conversation, which a packet that quotes one of its segments takes part in. */
const TIMES: ReadonlySet<string> = new Set(['tcp.time_relative', 'tcp.time_delta'])

export class IndexValues implements BesideHeaders {
  readonly #index: CaptureIndex
  readonly #flowValues = new FlowValues()
  /** By protocol: which stacks contain it. */
  readonly #stacks = new Map<string, { readonly size: number; readonly containing: Uint8Array | null }>()
  readonly #notes = new Map<string, { readonly chunk: number; readonly values: FieldValues | null; at: number }>()
  readonly #transports: Readonly<Record<'tcp' | 'udp', OfStacks>>
  readonly #quoting: OfStacks
  #chunk: ColumnChunk | null = null
  #packet = 0
  #row = 0
  /** Of each packet, the one of its flow before it + 1; made when it is first needed. */
  #before: Uint32Array | null = null

  constructor(index: CaptureIndex) {
    this.#index = index
    this.#transports = {
      tcp: new OfStacks(index.stacks, (stack) => transportOf(stack, 'tcp')),
      udp: new OfStacks(index.stacks, (stack) => transportOf(stack, 'udp')),
    }
    this.#quoting = new OfStacks(index.stacks, (stack) => (quotesOnce(stack) ? 1 : 0))
  }

  /** Goes to a packet (index from 0). */
  at(packet: number): this {
    const chunk = Math.floor(packet / CHUNK)
    if (this.#chunk === null || this.#chunk.first !== chunk * CHUNK) this.#chunk = this.#index.columns.chunk(chunk)
    this.#packet = packet
    this.#row = packet % CHUNK
    return this
  }

  get reassembled(): boolean {
    return (this.#chunk!.signs[this.#row]! & SIGN.reassembled) !== 0
  }

  /** By stack: 1 where the protocol is in it; null where it is none of the registry's. */
  containing(protocol: string): Uint8Array | null {
    const { stacks } = this.#index
    const known = this.#stacks.get(protocol)
    if (known !== undefined && known.size === stacks.size) return known.containing
    const number = protocolNumber(protocol)
    const containing = protocol === 'frame' ? new Uint8Array(65_536).fill(1) : number < 0 ? null : stacks.containing(number)
    this.#stacks.set(protocol, { size: stacks.size, containing })
    return containing
  }
  /** By stack: 1 where all of the registry's protocols are in it. */
  there(protocols: readonly string[]): Uint8Array {
    const [first, ...others] = protocols.map((protocol) => this.containing(protocol)!)
    if (others.length === 0) return first!
    return first!.map((there, stack) => (there === 1 && others.every((one) => one[stack] === 1) ? 1 : 0))
  }
  /** By stack: what columns can say of this transport (see transport-of-stack.ts). */
  transport(protocol: 'tcp' | 'udp'): Uint8Array {
    return this.#transports[protocol].table
  }
  /** By stack: 1 where it quotes one packet and is none of a tunnel (see `quotesOnce`). */
  get quoting(): Uint8Array {
    return this.#quoting.table
  }
  #contains(protocol: string): boolean {
    const containing = this.containing(protocol)
    return containing !== null && containing[this.#chunk!.stack[this.#row]!] === 1
  }

  /** The stack has the protocol once. */
  #once(protocol: string): boolean {
    const names = this.#index.stacks.text(this.#chunk!.stack[this.#row]!).split(':')
    return names.indexOf(protocol) === names.lastIndexOf(protocol)
  }

  has(use: FieldUse): boolean | undefined {
    const { field } = use
    if (field.how === 'dissect') return undefined
    if (field.type === 'protocol') {
      const there = this.#contains(field.name)
      return there && use.layers !== null ? undefined : there
    }
    const sign = SIGN_FIELDS.get(field.name)
    if (sign !== undefined) return this.#contains('tcp') && (this.#chunk!.signs[this.#row]! & sign) !== 0
    const values = this.values(use)
    return values === undefined ? undefined : values !== null && values.length > 0
  }

  values(use: FieldUse): readonly FieldValue[] | null | undefined {
    const { field } = use
    if (field.how === 'dissect') return undefined
    if (field.protocol !== null && !this.#contains(field.protocol)) return null
    if (field.how === 'decode' || field.type === 'protocol' || use.layers !== null || use.raw) return undefined
    if (field.known !== null && field.known.read === undefined) return this.#noted(field.name)
    const { name } = field
    const chunk = this.#chunk!
    const row = this.#row
    const signs = chunk.signs[row]!
    if (ofFlow(name)) {
      if (this.#kindOf(field.protocol) === QUOTED) {
        // Ports are read from what is quoted; only its stream is known here alone.
        if (!STREAMS.has(name)) return undefined
        return this.#seek(chunk.ack[row]!) ? this.#flowValues.values(use) : null
      }
      if (!this.#seek(chunk.flow[row]!)) return undefined
      const values = this.#flowValues.values(use)
      if ((signs & UNSURE) === 0) return values
      // A tunnel's flow is the innermost: its number is the only one where no other header has one.
      return values !== null && STREAMS.has(name) && this.#once(field.protocol!) ? values : undefined
    }
    const number = NUMBER_COLUMNS.get(name)
    if (number !== undefined) {
      if (number.tcp) {
        const kind = this.#kindOf('tcp')
        if (kind === QUOTED) return name === 'tcp.len' ? null : undefined
        if (kind === SEVERAL || signs & BROKEN) return undefined
      }
      const value = chunk[number.column][row]!
      return [number.mask === 0 ? value : (value & number.mask) === 0 ? 0 : 1]
    }
    return field.protocol === 'tcp' ? this.#tcp(name) : this.#frame(name)
  }

  #noted(name: string): readonly FieldValue[] | null {
    const chunk = Math.floor(this.#packet / CHUNK)
    let known = this.#notes.get(name)
    if (known === undefined || known.chunk !== chunk) {
      known = { chunk, values: this.#index.notes.valuesOf(chunk, name), at: 0 }
      this.#notes.set(name, known)
    }
    const { values } = known
    if (values === null) return null
    const { packets } = values
    // Packets are mostly asked for in order.
    if (known.at > 0 && packets[known.at - 1]! >= this.#row) known.at = 0
    while (known.at < packets.length && packets[known.at]! < this.#row) known.at++
    const found: FieldValue[] = []
    for (let i = known.at; packets[i] === this.#row; i++) found.push(values.values[i]!)
    return found.length > 0 ? found : null
  }

  /** See {@link transportOf}; {@link OWN} of other protocols. */
  #kindOf(protocol: string | null): number {
    return protocol === 'tcp' || protocol === 'udp' ? this.transport(protocol)[this.#chunk!.stack[this.#row]!]! : OWN
  }

  /** Goes to a flow, by its number + 1; false where that is 0. */
  #seek(flow: number): boolean {
    if (flow === 0) return false
    const { flows } = this.#index
    flows.seek(flow - 1)
    this.#flowValues.words = flows.page.words
    this.#flowValues.at = flows.at
    this.#flowValues.fromServer = (this.#chunk!.signs[this.#row]! & SIGN.fromServer) !== 0
    return true
  }

  #time(packet: number): bigint | null {
    const chunk =
      this.#chunk!.first === Math.floor(packet / CHUNK) * CHUNK
        ? this.#chunk!
        : this.#index.columns.chunk(Math.floor(packet / CHUNK))
    const seconds = chunk.seconds[packet % CHUNK]!
    return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000_000n + BigInt(chunk.nanos[packet % CHUNK]!)
  }
  /** Nanoseconds since 1970 of the first packet that has a time. */
  first(): bigint | null {
    const { firstSeconds, firstNanos } = this.#index.known.totals
    return Number.isNaN(firstSeconds) ? null : BigInt(firstSeconds) * 1_000_000_000n + BigInt(firstNanos)
  }

  #frame(name: string): readonly FieldValue[] | null | undefined {
    const { known, stacks } = this.#index
    const chunk = this.#chunk!
    switch (name) {
      case 'frame.number':
        return [this.#packet + 1]
      case 'frame.protocols':
        return [stacks.text(chunk.stack[this.#row]!)]
      case 'frame.time':
      case 'frame.time_epoch':
        return one(this.#time(this.#packet))
      case 'frame.time_relative':
        return one(difference(this.#time(this.#packet), this.first()))
      case 'frame.time_delta':
        return this.#packet === 0 ? [0n] : one(difference(this.#time(this.#packet), this.#time(this.#packet - 1)))
      case 'frame.interface_id': {
        const iface = chunk.iface[this.#row]!
        return iface === 0xffff || known.files[chunk.file[this.#row]!]?.format !== 'pcapng' ? null : [iface]
      }
      case 'frame.comment':
        return known.packetComments.get(this.#packet + 1) ?? null
      default:
        return undefined
    }
  }

  #tcp(name: string): readonly FieldValue[] | null | undefined {
    const chunk = this.#chunk!
    const row = this.#row
    const quoted = this.#kindOf('tcp') === QUOTED
    if (quoted) {
      if (name === 'tcp.nxtseq') return null
      if (!TIMES.has(name)) return undefined
    } else if (this.#kindOf('tcp') === SEVERAL || chunk.signs[row]! & BROKEN) return undefined
    if (!this.#seek(quoted ? chunk.ack[row]! : chunk.flow[row]!)) return quoted ? null : undefined
    const { words, at, fromServer } = this.#flowValues
    const own = at + (fromServer ? W.serverSide : W.clientSide)
    const other = at + (fromServer ? W.clientSide : W.serverSide)
    const flags = chunk.flags[row]!
    switch (name) {
      case 'tcp.seq':
        return [(chunk.seq[row]! - words[own + D.base]!) >>> 0]
      case 'tcp.nxtseq':
        return [(chunk.seq[row]! - words[own + D.base]! + chunk.payload[row]! + (flags & 3 ? 1 : 0)) >>> 0]
      case 'tcp.ack':
        return [flags & 16 ? (chunk.ack[row]! - words[other + D.base]!) >>> 0 : 0]
      case 'tcp.window_size': {
        const shift = (words[own + D.seen]! >>> 16) & 255
        const scaled = !(flags & 2) && shift <= 14 && ((words[other + D.seen]! >>> 16) & 255) <= 14
        return [chunk.window[row]! * (scaled ? 2 ** shift : 1)]
      }
      case 'tcp.time_relative':
        return one(difference(this.#time(this.#packet), this.#time(words[at + W.firstPacket]!)))
      case 'tcp.time_delta': {
        const before = this.#flowOrder()[this.#packet]!
        return before === 0 ? [0n] : one(difference(this.#time(this.#packet), this.#time(before - 1)))
      }
      default:
        return undefined
    }
  }
  #flowOrder(): Uint32Array {
    if (this.#before !== null) return this.#before
    const { columns, flows } = this.#index
    const before = new Uint32Array(columns.length)
    const last = new Uint32Array(flows.length + 1)
    for (let index = 0; index < columns.chunks; index++) {
      const flow = columns.column(index, 'flow')
      const ack = columns.column(index, 'ack')
      const stack = columns.column(index, 'stack')
      const kinds = this.transport('tcp')
      const length = columns.lengthOf(index)
      for (let row = 0; row < length; row++) {
        const of = kinds[stack[row]!] === QUOTED ? ack[row]! : flow[row]!
        if (of === 0) continue
        before[index * CHUNK + row] = last[of]!
        last[of] = index * CHUNK + row + 1
      }
    }
    return (this.#before = before)
  }
}

const one = (value: bigint | null): readonly FieldValue[] | null => (value === null ? null : [value])
const difference = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a - b)
