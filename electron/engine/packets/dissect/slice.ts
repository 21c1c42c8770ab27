/** The packets that a question to the dissectors is about, and what of their answers is true of more than those. */
import { PcapngWriter } from '../capture/write-pcapng.ts'

export interface SlicePacket {
  /** Its number in the capture, from 1. */
  readonly number: number
  readonly bytes: Uint8Array
  /** Bytes there were on the wire. */
  readonly wire: number
  /** Whole seconds since 1970; NaN where the file states no time. */
  readonly seconds: number
  readonly nanos: number
  /** LINKTYPE_ number. */
  readonly linkType: number
}

/**
 * Packets of a capture in its order, enough to understand the ones that are asked about: of a flow, its beginning and what stands before.
 * One slice asked about again (the same object) is not read again.
 */
export interface PacketSlice {
  readonly packets: readonly SlicePacket[]
  /** Lines of an NSS key log. */
  readonly secrets: string | null
}

/** A slice too large for memory: a file that was written for it, or the capture itself. Uncompressed. */
export interface FileSlice {
  readonly path: string
  /** Number in the capture of each packet of the file; null where the file is the capture. */
  readonly numbers: Float64Array | null
}
export type Slice = PacketSlice | FileSlice

/** The numbers of a slice's packets in the capture. */
export function sliceNumbers(slice: Slice): Float64Array | null {
  return 'path' in slice ? slice.numbers : Float64Array.from(slice.packets, ({ number }) => number)
}

/** The slice as a pcapng file. */
export function sliceFile({ packets, secrets }: PacketSlice): Uint8Array {
  const writer = new PcapngWriter()
  if (secrets !== null && secrets !== '') writer.secrets(secrets)
  const interfaces = new Map<number, number>()
  for (const packet of packets) {
    let iface = interfaces.get(packet.linkType)
    if (iface === undefined) interfaces.set(packet.linkType, (iface = writer.interface({ linkType: packet.linkType })))
    // A time that means nothing is better here than the comment that would say there is none.
    writer.packet(iface, Number.isNaN(packet.seconds) ? { ...packet, seconds: 0 } : packet)
  }
  return writer.take()
}

/**
 * Fields whose values count from the first packet that the dissectors see: over a slice with gaps a filter on them would select other
 * packets than it says, and is refused. Who filters by slices answers these from the index.
 */
export const SLICE_FIELDS: ReadonlySet<string> = new Set([
  'frame.number',
  'frame.time_relative',
  'frame.time_delta',
  'frame.time_delta_displayed',
  'frame.marked',
  'frame.ignored',
  'frame.ref_time',
  'eth.stream',
  'ip.stream',
  'ipv6.stream',
  'tcp.stream',
  'tcp.stream.pnum',
  'udp.stream',
  'udp.stream.pnum',
  'sctp.assoc_index',
  'mptcp.stream',
  'dccp.stream',
  'quic.connection.number',
  'quic.stream',
])

/** Words of a filter that can be fields: not in quotes. */
const wordsOf = (filter: string): string[] => filter.replace(/"(?:\\[^]|[^"\\])*"/g, '""').match(/[A-Za-z_][\w.-]*/g) ?? []
/** A field of {@link SLICE_FIELDS} that the filter names. */
export const countedField = (filter: string): string | undefined => wordsOf(filter).find((word) => SLICE_FIELDS.has(word))
