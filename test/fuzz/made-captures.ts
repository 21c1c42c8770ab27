/** Small captures that are made here, of the decoders' own examples, and those of the corpus where it is. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PacketBatch } from '../../electron/engine/packets/capture/batch.ts'
import { readCapture } from '../../electron/engine/packets/capture/read-capture.ts'
import type { DecoderExample } from '../../electron/engine/packets/decode/define.ts'
import { decoders } from '../../electron/engine/packets/decode/registry.ts'
import { fromHex, sentBytes } from '../../electron/engine/packets/facts/run-example.ts'
import { corpus } from '../corpora.ts'

export interface CapturedPacket {
  bytes: Uint8Array
  wire: number
}
export interface SmallCapture {
  readonly name: string
  readonly link: number
  readonly packets: readonly CapturedPacket[]
}

const RAW_IP = 101
const MOST_BYTES = 64 << 10
const MOST_PACKETS = 200

/** IPv4 with TCP or UDP; checksums are 0. */
function ipPacket(by: 0 | 1, protocol: 6 | 17, transport: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + transport.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol])
  view.setUint16(2, bytes.length & 0xffff)
  const ends = [0xc000_0201, 0xc633_6401]
  view.setUint32(12, ends[by]!)
  view.setUint32(16, ends[1 - by]!)
  bytes.set(transport, 20)
  return bytes
}

function messagePackets({ transport, port, sent }: NonNullable<DecoderExample['messages']>): Uint8Array[] {
  const packets: Uint8Array[] = []
  const seq: [number, number] = [1000, 5000]
  const ports = (by: 0 | 1): [number, number] => (by === 0 ? [50_000, port] : [port, 50_000])
  const segment = (by: 0 | 1, flags: number, payload: Uint8Array): void => {
    const bytes = new Uint8Array(20 + payload.length)
    const view = new DataView(bytes.buffer)
    const [source, destination] = ports(by)
    view.setUint16(0, source)
    view.setUint16(2, destination)
    view.setUint32(4, seq[by])
    view.setUint32(8, seq[1 - by]!)
    view.setUint16(12, 0x5000 | flags)
    view.setUint16(14, 64_240)
    bytes.set(payload, 20)
    packets.push(ipPacket(by, 6, bytes))
    seq[by] += payload.length + (flags & 3 ? 1 : 0)
  }
  const none = new Uint8Array(0)
  if (transport === 'tcp') for (const [by, flags] of [[0, 2], [1, 0x12], [0, 0x10]] as const) segment(by, flags, none) // prettier-ignore
  for (const one of sent) {
    const payload = sentBytes(one)
    if (transport === 'tcp') {
      for (let at = 0; at < payload.length; at += 1400) segment(one.by, 0x18, payload.subarray(at, at + 1400))
      continue
    }
    const bytes = new Uint8Array(8 + payload.length)
    const view = new DataView(bytes.buffer)
    const [source, destination] = ports(one.by)
    view.setUint16(0, source)
    view.setUint16(2, destination)
    view.setUint16(4, bytes.length & 0xffff)
    bytes.set(payload, 8)
    packets.push(ipPacket(one.by, 17, bytes))
  }
  if (transport === 'tcp') for (const by of [0, 1] as const) segment(by, 0x11, none)
  return packets
}

/** One for every example of every decoder. */
export function exampleCaptures(): SmallCapture[] {
  return decoders.flatMap(({ id, examples }) =>
    examples.flatMap(({ name, packet, messages }) => {
      const packets = packet !== undefined ? [fromHex(packet.hex)] : messages !== undefined ? messagePackets(messages) : []
      if (packets.length === 0) return []
      const link = packet?.link ?? RAW_IP
      return [{ name: `${id}: ${name}`, link, packets: packets.map((bytes) => ({ bytes, wire: bytes.length })) }]
    }),
  )
}

/** Captures of the corpus that are small; none where it is absent. */
export async function corpusCaptures(): Promise<SmallCapture[]> {
  const folder = corpus('pcap')
  if (folder === null) return []
  const captures: SmallCapture[] = []
  for (const line of readFileSync(join(folder, 'cases.jsonl'), 'utf8').split('\n').filter(Boolean)) {
    const { file, name } = JSON.parse(line) as { file: string; name: string }
    const path = join(folder, file)
    if (statSync(path).size > MOST_BYTES) continue
    const bytes = readFileSync(path)
    const packets: CapturedPacket[] = []
    const take = ({ length, captured, wire, offsets }: PacketBatch, data: Uint8Array, dataOffset: number): void => {
      for (let i = 0; i < length && packets.length < MOST_PACKETS; i++) {
        const at = offsets[i]! - dataOffset
        packets.push({ bytes: new Uint8Array(data.subarray(at, at + captured[i]!)), wire: wire[i]! })
      }
    }
    const read = await readCapture(once(bytes), take, () => null, new PacketBatch(MOST_PACKETS))
    if (packets.length > 0) captures.push({ name, link: read?.interfaces[0]?.linkType ?? 1, packets })
  }
  return captures
}

// oxlint-disable-next-line require-await -- what reads wants an asynchronous one
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** A pcap file, either byte order, of micro- or nanoseconds. */
export function pcapFile(link: number, packets: readonly CapturedPacket[], little: boolean, nanos: boolean): Uint8Array {
  const size = packets.reduce((sum, { bytes }) => sum + 16 + bytes.length, 24)
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  view.setUint32(0, nanos ? 0xa1b2_3c4d : 0xa1b2_c3d4, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, 262_144, little)
  view.setUint32(20, link, little)
  let at = 24
  for (const [i, { bytes, wire }] of packets.entries()) {
    view.setUint32(at, 1_767_225_600 + i, little)
    view.setUint32(at + 4, i, little)
    view.setUint32(at + 8, bytes.length, little)
    view.setUint32(at + 12, wire, little)
    file.set(bytes, at + 16)
    at += 16 + bytes.length
  }
  return file
}

/** A pcapng file of one section and one interface. */
export function pcapngFile(link: number, packets: readonly CapturedPacket[], little: boolean): Uint8Array {
  const blocks: Uint8Array[] = []
  const block = (type: number, body: Uint8Array): void => {
    const padded = (body.length + 3) & ~3
    const bytes = new Uint8Array(12 + padded)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, type, little)
    view.setUint32(4, bytes.length, little)
    bytes.set(body, 8)
    view.setUint32(8 + padded, bytes.length, little)
    blocks.push(bytes)
  }
  const section = new DataView(new ArrayBuffer(16))
  section.setUint32(0, 0x1a2b_3c4d, little)
  section.setUint16(4, 1, little)
  section.setBigInt64(8, -1n, little)
  block(0x0a0d_0d0a, new Uint8Array(section.buffer))
  const iface = new DataView(new ArrayBuffer(8))
  iface.setUint16(0, link, little)
  block(1, new Uint8Array(iface.buffer))
  for (const [i, { bytes, wire }] of packets.entries()) {
    const head = new DataView(new ArrayBuffer(20))
    head.setUint32(8, i, little)
    head.setUint32(12, bytes.length, little)
    head.setUint32(16, wire, little)
    block(6, new Uint8Array(Buffer.concat([new Uint8Array(head.buffer), bytes])))
  }
  return new Uint8Array(Buffer.concat(blocks))
}
