/** Packets for the full dissection: enough to understand the one that is asked about, and no more. */
import type { PacketContext } from '../dissect/requests.ts'
import type { SlicePacket } from '../dissect/slice.ts'
import { NO_STREAM, W } from '../flows/flow-record.ts'
import { CHUNK } from '../index/columns.ts'
import type { OpenCapture } from './open-capture.ts'
import { packetsBefore, packetsOfFlow } from './packets-of-flow.ts'
import { signBit } from '../flows/tcp-analysis.ts'

/** Packets of the flow before the one that is asked about, and chunks that are looked through for them. */
const BEFORE = 30
const CHUNKS_BACK = 8
/** The flow's first packets: handshake, keys, headers. */
const FIRST = 12
/** Where it must be decrypted, all of the flow up to it. */
const WHOLE = 2000
const FRAGMENT = signBit('fragment')
/** Packets before a fragment among which the others are. */
const FRAGMENTS_BACK = 200

/** One packet with its bytes copied (index from 0). */
export function slicePacket({ index, bytes }: OpenCapture, packet: number): SlicePacket {
  const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
  const row = packet % CHUNK
  return {
    number: packet + 1,
    bytes: bytes.read(packet).slice(),
    wire: chunk.wire[row]!,
    seconds: chunk.seconds[row]!,
    nanos: chunk.nanos[row]!,
    linkType: index.known.interfaces[chunk.iface[row]!]?.linkType ?? 147,
  }
}

/** The neighbourhood of a packet, and what is true of it in the whole capture. */
export function neighbourhood(capture: OpenCapture, packet: number): { packets: SlicePacket[]; context: PacketContext } {
  const { index } = capture
  const flow = capture.flowNumber(packet)
  const wanted = new Set<number>([packet])
  let whole = false
  let context: PacketContext = { tcpStream: null, udpStream: null }
  if (flow !== null) {
    index.flows.seek(flow)
    const { words } = index.flows.page
    const { at } = index.flows
    const stream = words[at + W.stream]!
    const transport = words[at + W.kind]! & 255
    const count = words[at + W.clientPackets]! + words[at + W.serverPackets]!
    const number = stream === NO_STREAM ? null : stream
    context = { tcpStream: transport === 6 ? number : null, udpStream: transport === 17 ? number : null }
    const secret = capture.secrets !== null
    const most = secret ? WHOLE : FIRST
    let taken = 0
    whole = true
    for (const one of packetsOfFlow(index, flow)) {
      if (one >= packet) break
      if (taken++ >= most) {
        whole = false
        break
      }
      wanted.add(one)
    }
    if (!whole) {
      const before = packetsBefore(index, flow, packet, BEFORE, CHUNKS_BACK)
      for (const one of before) wanted.add(one)
      whole = count > 0 && before.length + FIRST >= taken && wanted.size > packetsUpTo(capture, flow, packet)
    }
  }
  const row = packet % CHUNK
  if (index.columns.chunk(Math.floor(packet / CHUNK)).signs[row]! & FRAGMENT)
    for (let one = Math.max(0, packet - FRAGMENTS_BACK); one < packet; one++) wanted.add(one)
  const sorted = [...wanted].sort((a, b) => a - b)
  return {
    packets: sorted.map((one) => slicePacket(capture, one)),
    context: {
      ...context,
      wholeFlow: whole,
      first: momentOf(capture, 0),
      previous: packet > 0 ? momentOf(capture, packet - 1) : null,
    },
  }
}

/** Packets of the flow up to this one, counted no further than matters. */
function packetsUpTo(capture: OpenCapture, flow: number, packet: number): number {
  let count = 0
  for (const one of packetsOfFlow(capture.index, flow)) {
    if (one > packet || count > FIRST + BEFORE) break
    count++
  }
  return count
}

function momentOf({ index }: OpenCapture, packet: number): { seconds: number; nanos: number } | null {
  if (packet >= index.columns.length) return null
  const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
  const row = packet % CHUNK
  return Number.isNaN(chunk.seconds[row]!) ? null : { seconds: chunk.seconds[row]!, nanos: chunk.nanos[row]! }
}

/** The packets of a flow, as far as their bytes fit. */
export function flowSlice(capture: OpenCapture, flow: number, mostBytes: number): { packets: SlicePacket[]; truncated: boolean } {
  const packets: SlicePacket[] = []
  let bytes = 0
  for (const packet of packetsOfFlow(capture.index, flow)) {
    const one = slicePacket(capture, packet)
    bytes += one.bytes.length
    if (bytes > mostBytes) return { packets, truncated: true }
    packets.push(one)
  }
  return { packets, truncated: false }
}
