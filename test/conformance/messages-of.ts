/** Reads the messages of a small capture: headers, flows, streams, decoders. */
import { readFileSync } from 'node:fs'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import { decodeHeaders } from '../../electron/engine/packets/decode/decode.ts'
import { Fragments } from '../../electron/engine/packets/decode/fragments.ts'
import { Packet } from '../../electron/engine/packets/decode/packet.ts'
import { dispatch } from '../../electron/engine/packets/decode/registry.ts'
import { MessageReader } from '../../electron/engine/packets/facts/message-reader.ts'
import type { PacketFacts } from '../../electron/engine/packets/facts/packet-facts.ts'

/** Numbers of flows, and who began them: a new one where a SYN comes after an end. */
class Flows {
  readonly #flows = new Map<string, { number: number; client: string; ended: boolean }>()
  #next = 0
  number = 0
  direction: 0 | 1 = 0

  find(p: Packet): void {
    const source = `${p.from.join(' ')} ${p.sourcePort}`
    const destination = `${p.to.join(' ')} ${p.destinationPort}`
    const key = `${p.transport} ${source < destination ? `${source} ${destination}` : `${destination} ${source}`}`
    const syn = p.transport === 6 && (p.flags & 0x12) === 2
    let flow = this.#flows.get(key)
    if (flow === undefined || (syn && flow.ended)) {
      const answer = p.transport === 6 && (p.flags & 0x12) === 0x12
      // Where the beginning was not seen the lower port is the server's.
      const server = !syn && !answer && p.sourcePort < p.destinationPort
      flow = { number: this.#next++, client: answer || server ? destination : source, ended: false }
      this.#flows.set(key, flow)
    }
    if (p.transport === 6 && p.flags & 5) flow.ended = true
    this.number = flow.number
    this.direction = source === flow.client ? 0 : 1
  }
}

/** `headers` is called for every packet once its headers are read, `sink` for what its messages say. */
export async function messagesOf(
  file: string,
  sink: (facts: PacketFacts) => void,
  {
    wantsObjects = false,
    onBug,
    headers = () => undefined,
  }: {
    readonly wantsObjects?: boolean
    readonly onBug: (error: unknown, decoder: string) => void
    readonly headers?: (p: Packet, number: number) => void
  },
): Promise<void> {
  const bytes = readFileSync(file)
  const reader = new MessageReader(sink, { onBug, wantsObjects })
  const p = new Packet(dispatch, new Fragments())
  const flows = new Flows()
  let number = 0
  const pieces = async function* () {
    yield bytes
  }
  // Interfaces are known once the file is read.
  const read = await readCapture(pieces(), () => undefined)
  await readCapture(pieces(), ({ length, offsets, captured, wire, seconds, nanos, interfaces }, data, dataOffset) => {
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    for (let i = 0; i < length; i++) {
      const linkType = read?.interfaces[interfaces[i]!]?.linkType ?? -1
      p.begin(data, view, offsets[i]! - dataOffset, captured[i]!, wire[i]!, linkType)
      p.seconds = seconds[i]!
      p.nanos = nanos[i]!
      decodeHeaders(p)
      number++
      headers(p, number)
      if (p.payloadAt < 0) continue
      flows.find(p)
      reader.read(p, number, flows.number, flows.direction)
    }
  })
  reader.end()
}
