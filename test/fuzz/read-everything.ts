/** A capture through everything that reads it by itself: file, headers, fields, lines, flows, streams, messages. */
import { PacketBatch } from '../../electron/engine/packets/capture/batch.ts'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import type { DecoderDefinition } from '../../electron/engine/packets/decode/define.ts'
import { Fragments } from '../../electron/engine/packets/decode/fragments.ts'
import { MOST_LAYERS, Packet } from '../../electron/engine/packets/decode/packet.ts'
import { decoders, dispatch } from '../../electron/engine/packets/decode/registry.ts'
import { MessageReader } from '../../electron/engine/packets/facts/message-reader.ts'
import { MOST_LINE, type PacketFacts } from '../../electron/engine/packets/facts/packet-facts.ts'
import { MOST_HELD, MOST_HELD_OBJECTS } from '../../electron/engine/packets/facts/reading.ts'
import { readLayers } from './feed-decoders.ts'
import { once } from './made-captures.ts'

export interface Work {
  packets: number
  layers: number
  payload: number
  /** Calls of `length` and `message`. */
  calls: number
  facts: number
  withFacts: number
  stopped: boolean
}

let calls = 0
/** Counts what decoders are asked. */
function counted(): void {
  for (const decoder of decoders) {
    const open = decoder as { -readonly [K in keyof DecoderDefinition]: DecoderDefinition[K] }
    const { message, stream } = decoder
    if (message !== undefined) {
      open.message = (m, state, out) => {
        calls++
        message.call(decoder, m, state, out)
      }
    }
    if (stream !== undefined) {
      open.stream = {
        length(data, from, to, direction, state) {
          calls++
          return stream.length(data, from, to, direction, state)
        },
      }
    }
  }
}
counted()

/** Throws where something is thrown inside, or more is done than the file's size allows. */
export async function readEverything(file: Uint8Array, wantsObjects: boolean): Promise<Work> {
  calls = 0
  const work: Work = { packets: 0, layers: 0, payload: 0, calls: 0, facts: 0, withFacts: 0, stopped: false }
  const p = new Packet(dispatch, new Fragments())
  const take = ({ facts, layers, line, packet }: PacketFacts): void => {
    work.withFacts++
    work.facts += facts.length
    check(packet >= 0 && packet < work.packets, `facts of packet ${packet} of ${work.packets}`)
    check(line.length <= MOST_LINE, `a line of ${line.length} characters`)
    check(layers.length <= 64, `${layers.length} layers`)
  }
  const reader = new MessageReader(take, {
    wantsObjects,
    onBug: (error, decoder) => {
      throw new Error(`${decoder} failed`, { cause: error })
    },
  })
  const flows = new Map<string, { readonly number: number; readonly client: string }>()
  const links = interfacesOf(file)
  const read = await readCapture(
    once(file),
    (batch, data, dataOffset) => {
      const view = new DataView(data.buffer, data.byteOffset, data.length)
      for (let i = 0; i < batch.length; i++) {
        const at = batch.offsets[i]! - dataOffset
        check(at >= 0 && at + batch.captured[i]! <= data.length, 'a packet that is not in the file')
        p.seconds = batch.seconds[i]!
        p.nanos = batch.nanos[i]!
        p.begin(data, view, at, batch.captured[i]!, batch.wire[i]!, links)
        decodeHeaders(p)
        readLayers(p)
        const packet = work.packets++
        work.layers += p.layers
        check(p.layers <= MOST_LAYERS, `${p.layers} layers`)
        if (p.family === 0 || p.payloadAt < 0) continue
        work.payload += p.payloadStated
        const source = `${p.from.join('.')} ${p.sourcePort}`
        const destination = `${p.to.join('.')} ${p.destinationPort}`
        const key = `${p.transport} ${source < destination ? `${source} ${destination}` : `${destination} ${source}`}`
        let flow = flows.get(key)
        if (flow === undefined) flows.set(key, (flow = { number: flows.size, client: source }))
        reader.read(p, packet, flow.number, source === flow.client ? 0 : 1)
        check(reader.held <= (wantsObjects ? MOST_HELD_OBJECTS : MOST_HELD), `${reader.held} bytes held`)
      }
    },
    () => null,
    new PacketBatch(256),
  )
  reader.end()
  check(reader.held === 0, `${reader.held} bytes held at the end`)
  work.stopped = read !== null && read.stopped !== null
  work.calls = calls
  check(work.packets <= file.length / 8 + 1, `${work.packets} packets in ${file.length} bytes`)
  check(calls <= 64 * (file.length + work.packets) + 1000, `decoders were asked ${calls} times for ${file.length} bytes`)
  return work
}

/** The link type a classic file states; of others Ethernet, or raw IP. */
function interfacesOf(file: Uint8Array): number {
  if (file.length < 24) return 1
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const magic = view.getUint32(0)
  if (magic === 0xa1b2_c3d4 || magic === 0xa1b2_3c4d) return view.getUint32(20) & 0xffff
  const little = view.getUint32(8, true) === 0x1a2b_3c4d
  return magic === 0x0a0d_0d0a && file.length >= 38 ? view.getUint16(36, little) : view.getUint32(20, true) & 0xffff
}

function check(fine: boolean, what: string): void {
  if (!fine) throw new Error(what)
}
