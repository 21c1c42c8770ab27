/** Feeds single decoders with changed bytes of their examples, and with bytes of nothing. What goes wrong throws. */
import type { DecoderDefinition, Facts, FieldValue, Message } from '../../electron/engine/packets/decode/define.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { decoders, dispatch, protocolNumber } from '../../electron/engine/packets/decode/registry.ts'
import { fromHex, NO_CONTEXT, onLayer, sentBytes } from '../../electron/engine/packets/facts/run-example.ts'
import { mutateBytes } from './mutate-bytes.ts'
import type { Random } from './random.ts'

/** Calls that a decoder may make for one message of `bytes` bytes. */
const mostCalls = (bytes: number): number => 2000 + 40 * bytes

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Reads every field and line of a packet's layers. */
export function readLayers(p: Packet): void {
  for (let layer = 0; layer < p.layers; layer++) {
    const { fields, line, column } = decoders[p.layerId[layer]!]!
    onLayer(p, layer, (at, end) => {
      for (const { read, place } of fields) {
        if (place === undefined || at + place[0] + place[1] <= end) read?.(p, at, end)
      }
      line?.(p, at, end, NO_CONTEXT)
      column?.(p, at)
    })
  }
}

/** Gives how many packets were read. */
export function feedHeaders(decoder: DecoderDefinition, random: Random, count: number): number {
  const packets = decoder.examples.flatMap(({ packet }) =>
    packet === undefined ? [] : [{ ...packet, bytes: fromHex(packet.hex) }],
  )
  const all = packets.map(({ bytes }) => bytes)
  const p = new Packet(dispatch)
  for (let i = 0; i < count; i++) {
    const example = packets.length === 0 || random.below(10) === 0 ? null : random.pick(packets)
    const bytes = mutateBytes(example?.bytes ?? randomBytes(random), random, all)
    // Nothing stands behind the packet: who reads there throws.
    const data = Uint8Array.from(bytes)
    const wire = random.below(3) === 0 ? data.length + random.below(2000) : data.length
    p.begin(data, new DataView(data.buffer), 0, data.length, wire, example?.link ?? random.pick([0, 1, 101, 113, 228, 229, 276]))
    try {
      decodeHeaders(p)
      readLayers(p)
    } catch (error) {
      throw new Error(`${decoder.id}: packet of link type ${p.linkType}: ${hexOf(data)}`, { cause: error })
    }
  }
  return count
}

/** Counts what a decoder says, and refuses what it may not say. */
class Counting implements Facts {
  readonly #decoder: DecoderDefinition
  readonly wantsObjects: boolean
  calls = 0
  most = Infinity

  constructor(decoder: DecoderDefinition, wantsObjects: boolean) {
    this.#decoder = decoder
    this.wantsObjects = wantsObjects
  }
  #call(fine: boolean, what: string): void {
    if (!fine) throw new Error(`says what it may not: ${what}`)
    if (++this.calls > this.most) throw new Error(`says too much: ${this.calls} times`)
  }
  layer(name: string): void {
    const own = name === this.#decoder.id || this.#decoder.also?.includes(name) === true
    this.#call(own || protocolNumber(name) >= 0, `layer ${name}`)
  }
  fact(field: string, value: FieldValue): void {
    const known = this.#decoder.fields.find(({ name }) => name === field)
    this.#call(known !== undefined || decoders.some(({ fields }) => fields.some(({ name }) => name === field)), `field ${field}`)
    this.#call(typeof value !== 'number' || !Number.isNaN(value), `${field} is no number`)
  }
  line(text: string): void {
    this.#call(typeof text === 'string', 'line')
  }
  protocol(title: string): void {
    this.#call(title.length < 64, 'protocol')
  }
  become(decoder: string): void {
    this.#call(decoder === '' || protocolNumber(decoder) >= 0, `become ${decoder}`)
  }
  inner(decoder: string, data: Uint8Array, from: number, to: number): void {
    this.#call(protocolNumber(decoder) >= 0, `inner ${decoder}`)
    this.#call(from >= 0 && to <= data.length && from <= to, `inner ${decoder} from ${from} to ${to} of ${data.length}`)
  }
  expect(decoder: string, _: 'tcp' | 'udp', address: string, port: number): void {
    this.#call(protocolNumber(decoder) >= 0 && typeof address === 'string' && port >= 0 && port <= 65_535, `expect ${decoder}`)
  }
  malformed(): void {
    this.#call(true, '')
  }
  object(): void {
    this.#call(true, '')
  }
}

/** Gives how many messages were read. */
export function feedMessages(decoder: DecoderDefinition, random: Random, count: number): number {
  if (decoder.message === undefined && decoder.guess === undefined) return count
  const own = decoder.examples.flatMap(({ messages }) => messages?.sent.map((sent) => [sent.by, sentBytes(sent)] as const) ?? [])
  const all = own.map(([, bytes]) => bytes)
  const transports = decoder.examples.flatMap(({ messages }) => (messages === undefined ? [] : [messages.transport]))
  let state: unknown = decoder.begin?.()
  for (let i = 0; i < count; i++) {
    if (random.below(20) === 0) state = decoder.begin?.()
    const [by, example] = own.length === 0 || random.below(10) === 0 ? [0 as const, randomBytes(random)] : random.pick(own)
    const direction = random.below(5) === 0 ? (random.below(2) as 0 | 1) : by
    const data = Uint8Array.from(mutateBytes(example, random, all))
    const transport = transports.length === 0 ? random.pick(['tcp', 'udp'] as const) : random.pick(transports)
    const out = new Counting(decoder, random.below(4) === 0)
    out.most = mostCalls(data.length)
    try {
      decoder.guess?.(data, 0, data.length, transport, direction)
      if (decoder.stream !== undefined && transport === 'tcp') {
        // As a stream has it: one after the other, as far as it goes.
        for (let at = 0; at < data.length;) {
          const length = decoder.stream.length(data, at, data.length, direction, state)
          if (typeof length !== 'number' || Number.isNaN(length)) throw new Error(`a length of ${length}`)
          if (length < 1) break
          const to = Math.min(data.length, at + Math.floor(length))
          decoder.message?.(messageOf(data, at, to, length, transport, direction, random), state, out)
          at = to
        }
      } else decoder.message?.(messageOf(data, 0, data.length, data.length, transport, direction, random), state, out)
    } catch (error) {
      throw new Error(`${decoder.id}: ${transport} message: ${hexOf(data)}`, { cause: error })
    }
  }
  return count
}

function messageOf(
  data: Uint8Array,
  from: number,
  to: number,
  length: number,
  transport: 'tcp' | 'udp',
  direction: 0 | 1,
  random: Random,
): Message {
  return {
    data,
    view: new DataView(data.buffer, data.byteOffset, data.length),
    from,
    to,
    length: length === Infinity ? to - from : length + (random.below(5) === 0 ? random.below(5000) : 0),
    transport,
    direction,
    sourcePort: direction === 0 ? 50_000 : 80,
    destinationPort: direction === 0 ? 80 : 50_000,
    source: '192.0.2.1',
    destination: '198.51.100.1',
    seconds: 1_767_225_600,
    inStep: random.below(4) !== 0,
  }
}

function randomBytes(random: Random): Uint8Array {
  const bytes = new Uint8Array(random.below(300))
  // Small numbers are likelier to be lengths that fit.
  const most = random.pick([4, 64, 256])
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(most)
  return bytes
}
