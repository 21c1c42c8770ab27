/**
 * What reads a flow: the decoder that is expected of it, or that its ports name (the server's where it is known, then the lower one), or that knows its first
 * bytes. Messages of both directions go through it.
 */
import type { DecoderDefinition, Message } from '../decode/define.ts'
import { TABLE } from '../decode/dispatch.ts'
import type { Packet } from '../decode/packet.ts'
import { decoders, dispatch, protocolNumber } from '../decode/registry.ts'
import { ipv4, ipv6 } from '../decode/text.ts'
import type { FlowRequests } from './packet-facts.ts'
import type { Reading } from './reading.ts'
import { StreamMessages } from './stream-messages.ts'

/** Nobody is found yet; nobody was found. */
export const UNDECIDED = -1
export const NOBODY = -2
/** Messages inside messages. */
const MOST_DEPTH = 8
/** So often it is looked for somebody, where the flow's beginning is there, and where it is not. */
const TRIES = 4
const TRIES_LATER = 16
/** With fewer bytes than this it is too early to say that nobody knows them. */
const ENOUGH = 16

const NO_LAYERS: readonly number[] = []
const DATA = protocolNumber('data')
const guessing = decoders.map((decoder, i) => ({ guess: decoder.guess, i })).filter(({ guess }) => guess !== undefined)

/** A whole number of bytes; -1 for what makes no sense. */
const sane = (length: number): number =>
  length === Infinity ? Infinity : Number.isFinite(length) && length >= 0 ? Math.floor(length) : -1

type Ends = { readonly address: string; readonly port: number }

export class FlowMessages implements FlowRequests {
  readonly #reading: Reading
  readonly #flow: number
  readonly #transport: 'tcp' | 'udp' | 'sctp'
  /** Client and server. */
  readonly #ends: readonly [Ends, Ends]
  #decoder = UNDECIDED
  #state: unknown = undefined
  /** By number of the decoder; of messages inside messages. */
  #innerStates: Map<number, unknown> | null = null
  /** Those that the ports name. */
  #candidates: readonly number[]
  /** Protocols that stay around what the flow turned into. */
  #around: readonly number[] = NO_LAYERS
  #tries = 0
  #depth = 0
  #message: { -readonly [K in keyof Message]: Message[K] } | null = null
  readonly streams: readonly [StreamMessages, StreamMessages] | null

  /** `serverPort` is that of who was asked, where that was seen before this packet. */
  constructor(reading: Reading, p: Packet, flow: number, direction: 0 | 1, serverPort = -1) {
    this.#reading = reading
    this.#flow = flow
    this.#transport = p.transport === 6 ? 'tcp' : p.transport === 17 ? 'udp' : 'sctp'
    const source = { address: addressText(p, p.from), port: p.sourcePort }
    const destination = { address: addressText(p, p.to), port: p.destinationPort }
    this.#ends = direction === 0 ? [source, destination] : [destination, source]
    this.#candidates = this.#transport === 'udp' && p.app >= 0 ? [p.app] : this.#ofPorts(p, serverPort)
    if (!reading.expected.none) {
      for (const { address, port } of [destination, source]) {
        const found = reading.expected.take(this.#transport, address, port)
        if (found === null) continue
        this.#set(protocolNumber(found.decoder), found.note)
        break
      }
    }
    this.streams = this.#transport === 'tcp' ? [new StreamMessages(this, reading, 0), new StreamMessages(this, reading, 1)] : null
  }

  #ofPorts({ sourcePort, destinationPort, app, flags }: Packet, serverPort: number): number[] {
    const table = this.#transport === 'tcp' ? TABLE.tcpPort : this.#transport === 'udp' ? TABLE.udpPort : TABLE.sctpPort
    const [lower, higher] = sourcePort < destinationPort ? [sourcePort, destinationPort] : [destinationPort, sourcePort]
    // Where the handshake is seen it is known who serves.
    const server = this.#transport === 'tcp' && flags & 2 ? (flags & 16 ? sourcePort : destinationPort) : serverPort
    const keys = [server, lower, higher].map((port) => dispatch.find(table, port))
    const found = [this.#transport === 'sctp' ? app : -1, ...keys]
    return [...new Set(found.filter((one) => one >= 0 && decoders[one] !== undefined))]
  }

  #set(decoder: number, note?: unknown): void {
    const definition = decoders[decoder]
    this.#decoder = definition === undefined ? NOBODY : decoder
    this.#candidates = []
    this.#state = this.#begin(definition, note)
  }

  #begin(definition: DecoderDefinition | undefined, note?: unknown): unknown {
    if (definition?.begin === undefined) return undefined
    try {
      return definition.begin(note)
    } catch {
      // Told when its first message fails.
      return undefined
    }
  }

  get undecided(): boolean {
    return this.#decoder === UNDECIDED
  }
  get nobody(): boolean {
    return this.#decoder === NOBODY
  }

  /** Length of the message at `from`, as {@link DecoderDefinition.stream} gives it; -1 also where nobody reads the flow. */
  length(data: Uint8Array, from: number, to: number, direction: 0 | 1, inStep: boolean): number {
    if (this.#decoder === NOBODY) return -1
    if (this.#decoder !== UNDECIDED) return this.#lengthBy(this.#decoder, this.#state, data, from, to, direction)
    for (const candidate of this.#candidates) {
      const state = this.#begin(decoders[candidate])
      const length = this.#lengthBy(candidate, state, data, from, to, direction)
      if (length < 0) continue
      if (length > 0) this.#take(candidate, state)
      return length
    }
    for (const { guess, i } of guessing) {
      if (!this.#guessed(guess, i, data, from, to, direction)) continue
      const state = this.#begin(decoders[i])
      const length = this.#lengthBy(i, state, data, from, to, direction)
      if (length < 0) continue
      this.#take(i, state)
      return length
    }
    if (to - from < ENOUGH && inStep) return 0
    if (++this.#tries >= (inStep ? TRIES : TRIES_LATER)) this.#decoder = NOBODY
    return -1
  }

  /** More bytes do not come: the first that the ports name and that does not refuse what there is reads it. */
  settle(data: Uint8Array, from: number, to: number, direction: 0 | 1): void {
    if (this.#decoder !== UNDECIDED) return
    for (const candidate of this.#candidates) {
      const state = this.#begin(decoders[candidate])
      if (this.#lengthBy(candidate, state, data, from, to, direction) >= 0) return this.#take(candidate, state)
    }
  }

  #take(decoder: number, state: unknown): void {
    this.#decoder = decoder
    this.#state = state
    this.#candidates = []
  }

  #guessed(
    guess: DecoderDefinition['guess'],
    decoder: number,
    data: Uint8Array,
    from: number,
    to: number,
    direction: 0 | 1,
  ): boolean {
    try {
      return guess!(data, from, to, this.#transport === 'tcp' ? 'tcp' : 'udp', direction)
    } catch (error) {
      this.#failed(error, decoder)
      return false
    }
  }

  #lengthBy(decoder: number, state: unknown, data: Uint8Array, from: number, to: number, direction: 0 | 1): number {
    const { stream } = decoders[decoder]!
    // Without framing a segment is a message.
    if (stream === undefined) return to - from
    try {
      return sane(stream.length(data, from, to, direction, state))
    } catch (error) {
      this.#failed(error, decoder)
      return -1
    }
  }

  /** A bug of a decoder: it reads this flow no more. */
  #failed(error: unknown, decoder: number): void {
    this.#reading.gathered.failed(decoders[decoder]!, decoder, error)
    this.#decoder = NOBODY
  }

  /** A message of a stream, or a datagram. `packet` completed it. */
  hand(
    data: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    length: number,
    direction: 0 | 1,
    inStep: boolean,
    packet: number,
    seconds: number,
  ): void {
    const number = this.#decoder
    const definition = decoders[number]
    if (definition === undefined) return
    const { gathered, data: own, start } = this.#reading
    gathered.of(packet, this.#flow)
    const [source, destination] = direction === 0 ? this.#ends : ([this.#ends[1], this.#ends[0]] as const)
    const m = (this.#message ??= {
      data,
      view,
      from,
      to,
      length,
      transport: this.#transport,
      direction,
      sourcePort: source.port,
      destinationPort: destination.port,
      source: source.address,
      destination: destination.address,
      seconds,
      inStep,
    })
    m.data = data
    m.view = view
    m.from = from
    m.to = to
    m.length = length
    m.direction = direction
    m.sourcePort = source.port
    m.destinationPort = destination.port
    m.source = source.address
    m.destination = destination.address
    m.seconds = seconds
    m.inStep = inStep
    // A part of a stream that is said nothing of belongs to something larger; a datagram is whole.
    const otherwise = this.#transport === 'tcp' ? -1 : DATA
    if (!gathered.read(definition, number, m, this.#state, data === own ? start : -1, this, this.#around, otherwise))
      this.#decoder = NOBODY
  }

  /** A datagram's payload. */
  datagram(
    data: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    length: number,
    direction: 0 | 1,
    app: number,
    packet: number,
    seconds: number,
  ): void {
    if (this.#decoder === UNDECIDED) this.#choose(data, from, to, direction, app)
    const definition = decoders[this.#decoder]
    if (definition !== undefined && (definition.message !== undefined || definition.header === undefined)) {
      this.hand(data, view, from, to, length, direction, true, packet, seconds)
    } else if (definition === undefined) this.unread(packet)
  }

  #choose(data: Uint8Array, from: number, to: number, direction: 0 | 1, app: number): void {
    const named = app >= 0 ? app : (this.#candidates[0] ?? -1)
    if (named >= 0) return this.#set(named)
    for (const { guess, i } of guessing) if (this.#guessed(guess, i, data, from, to, direction)) return this.#set(i)
    if (++this.#tries >= TRIES_LATER) this.#decoder = NOBODY
  }

  /** A message begins in this packet that does not end in it. */
  begun(packet: number): void {
    if (decoders[this.#decoder]?.stream?.begins !== true) return
    this.#reading.gathered.of(packet, this.#flow)
    for (const one of this.#around) this.#reading.gathered.unread(one)
    this.#reading.gathered.unread(this.#decoder)
  }

  /** Bytes of this packet are read by nobody. */
  unread(packet: number): void {
    this.#reading.gathered.of(packet, this.#flow)
    for (const one of this.#around) this.#reading.gathered.unread(one)
    this.#reading.gathered.unread(DATA)
  }

  become(decoder: string, inside: boolean): void {
    this.#tries = 0
    this.#around = inside && this.#decoder >= 0 && this.#around.length < MOST_DEPTH ? [...this.#around, this.#decoder] : NO_LAYERS
    if (decoder === '') {
      this.#decoder = UNDECIDED
      this.#candidates = []
    } else this.#set(protocolNumber(decoder))
    if (this.streams !== null) for (const stream of this.streams) stream.again()
  }

  inner(decoder: string, data: Uint8Array, from: number, to: number): void {
    const { gathered } = this.#reading
    const number = protocolNumber(decoder)
    const definition = decoders[number]
    const outer = this.#message
    if (definition === undefined || outer === null || this.#depth >= MOST_DEPTH || from > to) return
    const states = (this.#innerStates ??= new Map<number, unknown>())
    if (!states.has(number)) states.set(number, this.#begin(definition))
    const [first, last] = [Math.max(0, from), Math.min(data.length, to)]
    const view = data === outer.data ? outer.view : new DataView(data.buffer, data.byteOffset, data.length)
    const m: Message = { ...outer, data, view, from: first, to: last, length: to - from }
    this.#depth++
    gathered.read(definition, number, m, states.get(number), gathered.originOf(data), this, NO_LAYERS, number)
    this.#depth--
  }

  expect(decoder: string, transport: 'tcp' | 'udp', address: string, port: number, note: unknown): void {
    this.#reading.expected.add(transport, address, port, { decoder, note })
  }

  /** The reading of the flow ends: what waits is handed over. */
  end(): void {
    if (this.streams !== null) for (const stream of this.streams) stream.finish()
  }

  /** What waits is handed over or forgotten: memory is short. */
  relieve(): void {
    if (this.streams !== null) for (const stream of this.streams) stream.relieve()
  }
}

const addressText = (p: Packet, words: Uint32Array): string =>
  p.family === 4 ? ipv4(words[3]!) : p.family === 6 ? ipv6(words) : ''
