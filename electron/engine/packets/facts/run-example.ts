/** A decoder's example through the decoders: what comes out of it, in a form that can be compared. */
import type { DecoderExample } from '../decode/define.ts'
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { decoders, dispatch, fields, protocolNames, protocolNumber } from '../decode/registry.ts'
import { MadeFlow } from './made-flow.ts'
import { MessageReader } from './message-reader.ts'
import { valueText } from './value-text.ts'

export interface ExampleResult {
  /** Every protocol once. */
  stack: string
  /** Of each packet. */
  readonly stacks: string[]
  /** Of each packet that has one, in order. */
  readonly lines: string[]
  /** Field and text of the value, in order. */
  readonly facts: (readonly [field: string, value: string])[]
  malformed: boolean
  /** What decoders threw, and what they used without declaring it. */
  readonly bugs: string[]
}

export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s+/g, ''), 'hex'))
export const sentBytes = (sent: { readonly hex: string } | { readonly text: string }): Uint8Array =>
  'hex' in sent ? fromHex(sent.hex) : new Uint8Array(Buffer.from(sent.text, 'latin1'))

/** `cut` gives the pieces in which a message is sent. */
export function runExample(
  example: DecoderExample,
  cut: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes],
): ExampleResult {
  return example.packet === undefined ? runMessages(example, cut) : runPacket(example.packet)
}

function runMessages({ messages }: DecoderExample, cut: (bytes: Uint8Array) => readonly Uint8Array[]): ExampleResult {
  const result = emptyResult()
  if (messages === undefined) return result
  const reader = readInto(result)
  const flow = new MadeFlow(reader, { transport: messages.transport, port: messages.port })
  flow.open()
  for (const sent of messages.sent) for (const piece of cut(sentBytes(sent))) flow.send(sent.by, piece)
  flow.close()
  reader.end()
  return result
}

function readInto(result: ExampleResult): MessageReader {
  return new MessageReader(
    ({ layers, line, facts, malformed }) => {
      const known = result.stack === '' ? [] : result.stack.split(':')
      for (const layer of layers) if (!known.includes(protocolNames[layer]!)) known.push(protocolNames[layer]!)
      result.stack = known.join(':')
      result.stacks.push(layers.map((layer) => protocolNames[layer]!).join(':'))
      if (line !== '') result.lines.push(line)
      for (const { field, value } of facts) {
        const { name, type } = fields[field]!
        result.facts.push([name, valueText(type, value)])
      }
      if (malformed) result.malformed = true
    },
    { onBug: (error, decoder) => result.bugs.push(`${decoder}: ${String(error)}`) },
  )
}

function runPacket({ link, hex }: NonNullable<DecoderExample['packet']>): ExampleResult {
  const result = emptyResult()
  const p = new Packet(dispatch)
  const data = fromHex(hex)
  p.begin(data, new DataView(data.buffer), 0, data.length, data.length, link)
  decodeHeaders(p)
  const layers = Array.from(p.layerId.subarray(0, p.layers))
  result.stack = layers.map((layer) => decoders[layer]!.id).join(':')
  result.malformed = p.malformed
  for (let layer = p.layers - 1; layer >= 0 && result.lines.length === 0; layer--) {
    const { id, line } = decoders[p.layerId[layer]!]!
    // As the list has it: what an ICMP error quotes is not what the packet is.
    if (line === undefined || (id === 'data' && layers.length > 1)) continue
    if (p.quoted && layers.slice(0, layer).some((one) => QUOTING.has(one))) continue
    onLayer(p, layer, () => result.lines.push(line(p, p.layerAt[layer]!, p.layerEnd[layer]!, NO_CONTEXT)))
  }
  for (let layer = 0; layer < p.layers; layer++) {
    onLayer(p, layer, (at, end) => {
      for (const { name, type, read } of decoders[p.layerId[layer]!]!.fields) {
        const value = read?.(p, at, end)
        if (value === undefined) continue
        for (const one of Array.isArray(value) ? value : [value]) result.facts.push([name, valueText(type, one)])
      }
    })
  }
  return result
}

const QUOTING: ReadonlySet<number> = new Set(['icmp', 'icmpv6', 'nhrp'].map(protocolNumber))

export const NO_CONTEXT = { seq: 0, ack: 0, windowShift: -1, signs: [] }

/** Sets the packet's bytes to those of the layer. */
export function onLayer(p: Packet, layer: number, read: (at: number, end: number) => void): void {
  const { data, view } = p
  const source = p.layerSource[layer]!
  if (source !== p.source) {
    const other = p.sources[source - 1]
    if (other === undefined) return
    p.data = other
    p.view = new DataView(other.buffer, other.byteOffset, other.length)
  }
  read(p.layerAt[layer]!, p.layerEnd[layer]!)
  p.data = data
  p.view = view
}

const emptyResult = (): ExampleResult => ({ stack: '', stacks: [], lines: [], facts: [], malformed: false, bugs: [] })
