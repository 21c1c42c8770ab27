/**
 * Fields that no decoder reads from a packet's bytes: they come from the record, from the flow, or from what was seen before. All
 * of them, and the header fields of {@link IN_COLUMNS}, are answered by the index.
 */
import type { FilterType } from './fields.ts'

export interface SyntheticField {
  readonly name: string
  readonly type: FilterType
  readonly doc: string
  /** Protocol without which it is not there. */
  readonly protocol: string
}
const of =
  (protocol: string) =>
  (name: string, type: FilterType, doc: string): SyntheticField => ({ name, type, doc, protocol })
const frame = of('frame')
const tcp = of('tcp')
const udp = of('udp')

export const SYNTHETIC: readonly SyntheticField[] = [
  frame('frame.number', 'uint', 'Number of the packet'),
  frame('frame.len', 'uint', 'Length on the wire'),
  frame('frame.cap_len', 'uint', 'Length that was captured'),
  frame('frame.time', 'time', 'When it was seen'),
  frame('frame.time_epoch', 'duration', 'Seconds since 1970'),
  frame('frame.time_relative', 'duration', 'Seconds since the first packet'),
  frame('frame.time_delta', 'duration', 'Seconds since the packet before'),
  frame('frame.protocols', 'text', 'Protocols in it: eth:ethertype:ip:tcp'),
  frame('frame.interface_id', 'uint', 'Interface it was seen on'),
  frame('frame.comment', 'text', 'Comment in the capture'),
  tcp('tcp.stream', 'uint', 'Number of the TCP conversation'),
  tcp('tcp.len', 'uint', 'Payload, bytes'),
  tcp('tcp.seq', 'uint', 'Sequence number, relative'),
  tcp('tcp.nxtseq', 'uint', 'Next sequence number, relative'),
  tcp('tcp.ack', 'uint', 'Acknowledgment number, relative'),
  tcp('tcp.window_size', 'uint', 'Window, scaled'),
  tcp('tcp.time_relative', 'duration', 'Seconds since the first packet of the conversation'),
  tcp('tcp.time_delta', 'duration', 'Seconds since the packet of the conversation before'),
  tcp('tcp.analysis.flags', 'none', 'Something is special about its sequence'),
  tcp('tcp.analysis.retransmission', 'none', 'Sent again'),
  tcp('tcp.analysis.fast_retransmission', 'none', 'Sent again after duplicate acknowledgments'),
  tcp('tcp.analysis.spurious_retransmission', 'none', 'Sent again though it was acknowledged'),
  tcp('tcp.analysis.out_of_order', 'none', 'Out of order'),
  tcp('tcp.analysis.lost_segment', 'none', 'A segment before it was not captured'),
  tcp('tcp.analysis.ack_lost_segment', 'none', 'Acknowledges what was not captured'),
  tcp('tcp.analysis.duplicate_ack', 'none', 'Duplicate acknowledgment'),
  tcp('tcp.analysis.keep_alive', 'none', 'Keep-alive'),
  tcp('tcp.analysis.keep_alive_ack', 'none', 'Answer to a keep-alive'),
  tcp('tcp.analysis.zero_window', 'none', 'No room left at the receiver'),
  tcp('tcp.analysis.window_full', 'none', "Fills the receiver's room"),
  tcp('tcp.analysis.window_update', 'none', 'The receiver has room again'),
  tcp('tcp.analysis.reused_ports', 'none', 'A new conversation on the ports of an old one'),
  udp('udp.stream', 'uint', 'Number of the UDP conversation'),
]

/** Fields that own decoders read from the packet, but no decoder's list has. */
export const PAYLOADS: readonly SyntheticField[] = [
  tcp('tcp.payload', 'bytes', 'Payload'),
  udp('udp.payload', 'bytes', 'Payload'),
  tcp('tcp.flags.str', 'text', 'Flags as letters: ·······AP···'),
]

/** Header fields that columns hold: answered by the index, except of tunnels and broken headers, which are read again. */
export const IN_COLUMNS: ReadonlySet<string> = new Set([
  'ip.src', 'ip.dst', 'ip.addr', 'ip.proto', 'ipv6.src', 'ipv6.dst', 'ipv6.addr',
  'tcp.srcport', 'tcp.dstport', 'tcp.port', 'udp.srcport', 'udp.dstport', 'udp.port',
  'tcp.flags', 'tcp.flags.fin', 'tcp.flags.syn', 'tcp.flags.reset', 'tcp.flags.push', 'tcp.flags.ack', 'tcp.flags.urg', 'tcp.flags.ece', 'tcp.flags.cwr', 'tcp.flags.ae',
  'tcp.seq_raw', 'tcp.ack_raw', 'tcp.window_size_value',
]) // prettier-ignore
