/** What the messages that a packet completes say: gathered for one packet, then handed over. */
import type { DecoderDefinition, Facts, FieldValue, FoundObject, Message } from '../decode/define.ts'
import { fieldByName, protocolNumber } from '../decode/registry.ts'

/** Characters of a line, and numbers of layers, facts and objects that are kept of one packet. */
export const MOST_LINE = 512
const MOST_LAYERS = 64
const MOST_FACTS = 4096
const MOST_OBJECTS = 256

export interface PacketFact {
  /** Index in the registry's `fields`. */
  readonly field: number
  readonly value: FieldValue
  /** Byte of the packet, and bytes; -1 and 0 where it does not stand in this packet's own bytes. */
  readonly from: number
  readonly length: number
}

/** Reused: take what you need before the next one. */
export interface PacketFacts {
  packet: number
  flow: number
  /** Numbers of the protocols that are added to its stack (see registry.ts), outer first, each once. */
  readonly layers: number[]
  /** The Protocol column; '' where it stays what the headers say. */
  title: string
  line: string
  readonly facts: PacketFact[]
  readonly objects: FoundObject[]
  malformed: boolean
}

/** What messages ask of the flow that they belong to. */
export interface FlowRequests {
  become(decoder: string, inside: boolean): void
  inner(decoder: string, data: Uint8Array, from: number, to: number): void
  expect(decoder: string, transport: 'tcp' | 'udp', address: string, port: number, note: unknown): void
}

export class Gathered implements Facts {
  readonly wantsObjects: boolean
  readonly #sink: (facts: PacketFacts) => void
  readonly #bug: (error: unknown, decoder: string) => void
  readonly #facts: PacketFacts = {
    packet: -1,
    flow: -1,
    layers: [],
    title: '',
    line: '',
    facts: [],
    objects: [],
    malformed: false,
  }
  #used = false

  /* The message that is read now. */
  #decoder: DecoderDefinition | null = null
  #number = -1
  #said = false
  /** Protocols that stay around it. */
  #around: readonly number[] = []
  #data: Uint8Array | null = null
  /** First byte of the packet in `#data`; -1 where the message is no part of the packet's bytes. */
  #origin = -1
  #requests: FlowRequests | null = null

  constructor(
    sink: (facts: PacketFacts) => void,
    { wantsObjects, onBug }: { readonly wantsObjects: boolean; readonly onBug: (error: unknown, decoder: string) => void },
  ) {
    this.#sink = sink
    this.wantsObjects = wantsObjects
    this.#bug = onBug
  }

  /** What comes now is of this packet. */
  of(packet: number, flow: number): void {
    const facts = this.#facts
    if (facts.packet === packet && facts.flow === flow) return
    this.flush()
    facts.packet = packet
    facts.flow = flow
  }

  /** Hands over what was gathered. */
  flush(): void {
    const facts = this.#facts
    if (this.#used) {
      this.#used = false
      this.#sink(facts)
      facts.layers.length = 0
      facts.facts.length = 0
      facts.objects.length = 0
      facts.title = ''
      facts.line = ''
      facts.malformed = false
    }
    facts.packet = -1
  }

  /** Bytes that nobody reads. */
  unread(data: number): void {
    if (data >= 0) this.#add(data)
  }

  /**
   * Lets a decoder read a message. Where it says nothing of it, the packet holds the protocol `otherwise`: its own (`number`), that
   * of bytes which nobody reads, or -1 for none. False where it failed.
   */
  read(
    decoder: DecoderDefinition,
    number: number,
    m: Message,
    state: unknown,
    origin: number,
    requests: FlowRequests,
    around: readonly number[],
    otherwise: number,
  ): boolean {
    const outerDecoder = this.#decoder
    const outerNumber = this.#number
    const outerSaid = this.#said
    const outerAround = this.#around
    const outerData = this.#data
    const outerOrigin = this.#origin
    const outerRequests = this.#requests
    this.#decoder = decoder
    this.#number = number
    this.#said = false
    this.#around = around
    this.#data = m.data
    this.#origin = origin
    this.#requests = requests
    let fine = true
    try {
      if (decoder.message === undefined) this.#say()
      else decoder.message(m, state, this)
      if (!this.#said && otherwise === number) this.#say()
      else if (!this.#said && otherwise >= 0) this.#addAround(otherwise)
    } catch (error) {
      fine = false
      this.#bug(error, decoder.id)
      this.malformed()
    }
    this.#decoder = outerDecoder
    this.#number = outerNumber
    this.#said = outerSaid
    this.#around = outerAround
    this.#data = outerData
    this.#origin = outerOrigin
    this.#requests = outerRequests
    return fine
  }

  /** A decoder failed before it had a message. */
  failed(decoder: DecoderDefinition, number: number, error: unknown): void {
    this.#bug(error, decoder.id)
    if (this.#facts.packet < 0) return
    this.#add(number)
    this.#facts.malformed = true
  }

  #add(number: number): void {
    const { layers } = this.#facts
    this.#used = true
    if (layers.length < MOST_LAYERS && !layers.includes(number)) layers.push(number)
  }

  #addAround(number: number): void {
    for (const one of this.#around) this.#add(one)
    this.#add(number)
  }

  /** The decoder says something: its protocol is in the packet. */
  #say(): void {
    if (this.#said) return
    this.#said = true
    this.#addAround(this.#number)
    if (this.#decoder !== null) this.#facts.title = this.#decoder.title
  }

  layer(name: string): void {
    this.#say()
    const number = protocolNumber(name)
    if (number >= 0) this.#add(number)
    else this.#bug(new Error(`${name} is not in also`), this.#decoder?.id ?? '')
  }

  fact(field: string, value: FieldValue, from = -1, length = 0): void {
    this.#say()
    const { facts } = this.#facts
    if (facts.length >= MOST_FACTS) return
    const known = fieldByName(field)
    if (known === undefined) {
      this.#bug(new Error(`there is no field ${field}`), this.#decoder?.id ?? '')
      return
    }
    const placed = this.#origin >= 0 && from >= 0 && length > 0
    facts.push({ field: known.index, value, from: placed ? from - this.#origin : -1, length: placed ? length : 0 })
  }

  line(text: string): void {
    this.#say()
    const facts = this.#facts
    if (facts.line.length >= MOST_LINE || text === '') return
    facts.line = facts.line === '' ? text : `${facts.line}, ${text}`
    if (facts.line.length > MOST_LINE) facts.line = facts.line.slice(0, MOST_LINE)
  }

  protocol(title: string): void {
    this.#say()
    this.#facts.title = title
  }

  become(decoder: string, inside = false): void {
    this.#requests?.become(decoder, inside)
  }

  inner(decoder: string, data: Uint8Array, from: number, to: number): void {
    this.#say()
    this.#requests?.inner(decoder, data, from, to)
  }

  /** Where the bytes of an inner message lie in the packet: as the outer ones do, if they are the same. */
  originOf(data: Uint8Array): number {
    return data === this.#data ? this.#origin : -1
  }

  expect(decoder: string, transport: 'tcp' | 'udp', address: string, port: number, note?: unknown): void {
    this.#requests?.expect(decoder, transport, address, port, note)
  }

  malformed(): void {
    this.#say()
    this.#facts.malformed = true
  }

  object(object: FoundObject): void {
    this.#say()
    if (this.#facts.objects.length < MOST_OBJECTS) this.#facts.objects.push(object)
  }
}
