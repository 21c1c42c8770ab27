/** A capture file (pcap, https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html) with microsecond times: every packet of every flow. */
import { ACK, ETHERNET, IPV4, SYN, type Flow } from '../flow.ts'
import { Random } from '../random.ts'
import { SECOND } from '../rhythm.ts'
import { isInside, macOf, type World } from '../world.ts'
import type { Piece } from './piece.ts'

const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const
export const SNAP_LENGTH = 262_144

/** Global header: microsecond times, Ethernet. */
export function captureHeader(): Uint8Array {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(SNAP_LENGTH, 16)
  header.writeUInt32LE(1, 20)
  return header
}

const address = (ip: string): Uint8Array => Uint8Array.from(ip.split('.').map(Number))
const mac = (ip: string): Uint8Array => Uint8Array.from(macOf(ip).split(':').map((part) => parseInt(part, 16))) // prettier-ignore

/** RFC 1071 over `bytes`, beginning with `sum`. */
export function checksum(bytes: Uint8Array, sum = 0): number {
  let total = sum
  for (let i = 0; i + 1 < bytes.length; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!
  if (bytes.length % 2 === 1) total += bytes[bytes.length - 1]! << 8
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 65536)
  return ~total & 0xffff
}

/** The packets of a flow as records of a capture file. */
export function capturePieces(world: World, flow: Flow): Piece[] {
  const ends = [side(world, flow.client.ip), side(world, flow.server.ip)] as const
  const routed = flow.client.ip.split('.').slice(0, 3).join('.') !== flow.server.ip.split('.').slice(0, 3).join('.')
  const router = mac(world.gateway.ip)
  // The tap stands before the machine that is inside, the server's first; the router is all it sees of the other one.
  const tapAtServer = isInside(flow.server.ip)
  const macs = [
    routed && tapAtServer ? router : mac(flow.client.ip),
    routed && !tapAtServer ? router : mac(flow.server.ip),
  ] as const
  const random = new Random(`ip/${flow.uid}`)
  const ids: [number, number] = [random.int(0, 65535), random.int(0, 65535)]
  const clocks = [random.uint32(), random.uint32()] as const
  const began = flow.packets[0]!.at
  const heard: [number, number] = [0, 0]
  let echo = 0
  const identifier = random.int(1, 65535)
  const cache = new Map<object, Uint8Array>()

  return flow.packets.map((packet): Piece => {
    const from = packet.fromClient ? 0 : 1
    const to = from === 0 ? 1 : 0
    const frame = Buffer.alloc(16 + packet.size)
    frame.writeUInt32LE(Math.floor(packet.at / SECOND), 0)
    frame.writeUInt32LE(packet.at % SECOND, 4)
    frame.writeUInt32LE(packet.size, 8)
    frame.writeUInt32LE(packet.size, 12)
    const ethernet = frame.subarray(16)
    ethernet.set(macs[to], 0)
    ethernet.set(macs[from], 6)
    ethernet.writeUInt16BE(0x0800, 12)
    const ip = ethernet.subarray(ETHERNET)
    ip[0] = 0x45
    ip.writeUInt16BE(packet.size - ETHERNET, 2)
    ip.writeUInt16BE(ids[from], 4)
    ids[from] = (ids[from] + 1) & 0xffff
    ip.writeUInt16BE(0x4000, 6)
    ip[8] = ends[from].ttl - (routed && from === (tapAtServer ? 0 : 1) && isInside(ends[from].ip) ? 1 : 0)
    ip[9] = PROTOCOLS[flow.transport]
    ip.set(ends[from].address, 12)
    ip.set(ends[to].address, 16)
    ip.writeUInt16BE(checksum(ip.subarray(0, IPV4)), 10)
    const segment = ip.subarray(IPV4)
    const header = segment.length - packet.length
    if (packet.payload !== null && packet.length > 0) {
      let bytes = cache.get(packet.payload)
      if (bytes === undefined) cache.set(packet.payload, (bytes = packet.payload.bytes()))
      segment.set(bytes.subarray(packet.offset, packet.offset + packet.length), header)
    }
    const [sender, receiver] = packet.fromClient ? [flow.client, flow.server] : [flow.server, flow.client]
    if (flow.transport === 'icmp') {
      segment[0] = packet.flags
      segment.writeUInt16BE(identifier, 4)
      if (packet.fromClient) echo++
      segment.writeUInt16BE(echo, 6)
      segment.writeUInt16BE(checksum(segment), 2)
    } else {
      segment.writeUInt16BE(sender.port, 0)
      segment.writeUInt16BE(receiver.port, 2)
      if (flow.transport === 'udp') segment.writeUInt16BE(segment.length, 4)
      else {
        segment.writeUInt32BE(packet.seq, 4)
        segment.writeUInt32BE(packet.ack, 8)
        segment[12] = (header / 4) << 4
        segment[13] = packet.flags
        segment.writeUInt16BE(packet.flags & 4 ? 0 : packet.flags & SYN ? 64_240 : 502, 14)
        const stamp = (clocks[from] + Math.floor((packet.at - began) / 1000)) >>> 0
        options(segment, header, packet.flags, flow.timestamps, stamp, heard[to])
        heard[from] = stamp
      }
      const pseudo = Buffer.alloc(12)
      pseudo.set(ends[from].address, 0)
      pseudo.set(ends[to].address, 4)
      pseudo[9] = PROTOCOLS[flow.transport]
      pseudo.writeUInt16BE(segment.length, 10)
      const sum = checksum(segment, ~checksum(pseudo) & 0xffff)
      if (flow.transport === 'udp') segment.writeUInt16BE(sum === 0 ? 0xffff : sum, 6)
      else segment.writeUInt16BE(sum, 16)
    }
    return { at: packet.at, file: 'capture.pcap', data: frame }
  })
}

/** TCP options: what the header's length, laid out with the flow, has room for. */
function options(segment: Buffer, header: number, flags: number, timestamps: boolean, stamp: number, echo: number): void {
  if (flags & SYN) {
    if (timestamps) {
      segment.set([2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7], 20)
      segment.writeUInt32BE(stamp, 28)
      segment.writeUInt32BE(flags & ACK ? echo : 0, 32)
    } else segment.set([2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2], 20)
  } else if (header === 32) {
    segment.set([1, 1, 8, 10], 20)
    segment.writeUInt32BE(stamp, 24)
    segment.writeUInt32BE(echo, 28)
  }
}

function side(world: World, ip: string): { ip: string; address: Uint8Array; ttl: number } {
  const host = world.byIp.get(ip)
  const ttl = host ? (host.system === 'windows' ? 128 : 64) : 44 + (new Random(`hops/${ip}`).uint32() % 14)
  return { ip, address: address(ip), ttl }
}
