/**
 * Captures and their packets as the screen sees them. Packets are numbered from 1 as in Wireshark; a capture of several files is
 * numbered in order of time. Places are bytes from the beginning of the packet.
 */
import { z } from 'zod'
import { AlertId } from './alert.ts'
import { EventId } from './event.ts'
import { Severity } from './severity.ts'
import { IsoTime } from './time.ts'

/** Names an opened capture: made of its files' identity, so the same files have the same id. */
export const CaptureId = z.string().regex(/^[0-9a-f]{32}$/)
export type CaptureId = z.infer<typeof CaptureId>
/** 1-based. */
export const PacketNumber = z.number().int().min(1).max(4_294_967_295)

export const CaptureFile = z.object({
  path: z.string(),
  name: z.string(),
  format: z.enum(['pcap', 'pcapng']),
  compression: z.enum(['gzip', 'zstd']).nullable(),
  size: z.number(),
  packets: z.number().int(),
  /** Where and why reading stopped before the end; `offset` in the uncompressed file. */
  error: z.object({ offset: z.number(), reason: z.string() }).nullable(),
  /** Lower case hex, of the file as it lies on disk; null until it is known. */
  sha256: z.string().nullable(),
})
export type CaptureFile = z.infer<typeof CaptureFile>

/**
 * `indexing` headers are read, rows come in · `reading` all rows are there, application data is read · `ready` · `stopped` by
 * the user: what was read can be used · `failed`.
 */
export const CaptureState = z.enum(['indexing', 'reading', 'ready', 'stopped', 'failed'])

export const Capture = z.object({
  id: CaptureId,
  files: z.array(CaptureFile),
  state: CaptureState,
  /** Why it failed. */
  problem: z.string().nullable(),
  packets: z.number().int(),
  capturedBytes: z.number(),
  wireBytes: z.number(),
  first: IsoTime.nullable(),
  last: IsoTime.nullable(),
  /** Digits after the second that times have: 6 or 9. */
  timeDigits: z.number().int(),
  /** Wireshark's name of the link layer, with packets. */
  linkTypes: z.array(z.object({ name: z.string(), packets: z.number().int() })),
  interfaces: z.array(z.object({ name: z.string().nullable(), description: z.string().nullable(), linkType: z.number().int() })),
  /** Bytes read of `of` in this state, and packets a second; 0 where nothing runs. */
  progress: z.object({ bytes: z.number(), of: z.number(), rate: z.number(), secondsLeft: z.number().nullable() }),
  /** Comments that the files themselves hold, of the whole capture. */
  comments: z.array(z.string()),
  /** TLS secrets: in the files, from a key-log file. */
  secrets: z.object({ embedded: z.number().int(), keyLog: z.string().nullable() }),
})
export type Capture = z.infer<typeof Capture>

/** What is special about a packet: colours and the column of signs. */
export const PACKET_SIGNS = [
  'retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment', 'acked_unseen', 'duplicate_ack', 'keep_alive',
  'keep_alive_ack', 'zero_window', 'window_full', 'window_update', 'port_reused', 'reset', 'fragment', 'cut', 'malformed', 'comment',
] as const // prettier-ignore
export const PacketSign = z.enum(PACKET_SIGNS)
export type PacketSign = z.infer<typeof PacketSign>

export const PacketRow = z.object({
  number: PacketNumber,
  /** Seconds since 1970 and nanoseconds; null where the file states no time. */
  seconds: z.number().int().nullable(),
  nanos: z.number().int(),
  source: z.string(),
  destination: z.string(),
  sourcePort: z.number().int().nullable(),
  destinationPort: z.number().int().nullable(),
  /** As in Wireshark's column: TCP, HTTP, DNS … */
  protocol: z.string(),
  captured: z.number().int(),
  wire: z.number().int(),
  info: z.string(),
  /** Number of its flow in this capture; null where it has none. */
  flow: z.number().int().nullable(),
  /** 0 from the flow's client, 1 from its server. */
  direction: z.union([z.literal(0), z.literal(1)]),
  signs: z.array(PacketSign),
  marked: z.boolean(),
  comments: z.array(z.string()),
  /** Values of further columns that were asked for, by field name. */
  fields: z.record(z.string(), z.string()),
})
export type PacketRow = z.infer<typeof PacketRow>

/** A line of the detail tree. */
export interface TreeNode {
  label: string
  /** Display-filter name; '' where it has none. */
  field: string
  /** An expression that selects packets with this value; '' where there is none. */
  filter: string
  /** Bytes of `source`; length 0 where it is generated. */
  from: number
  length: number
  source: number
  /** Packet that the line refers to. */
  packet: number | null
  children: TreeNode[]
}
export const TreeNode: z.ZodType<TreeNode> = z.object({
  label: z.string(),
  field: z.string(),
  filter: z.string(),
  from: z.number().int(),
  length: z.number().int(),
  source: z.number().int(),
  packet: z.number().int().nullable(),
  get children() {
    return z.array(TreeNode)
  },
})
export const PacketDetail = z.object({
  number: PacketNumber,
  /** `full` by Wireshark's dissectors; `own` by this program's decoders, where the others could not; `note` says why. */
  by: z.enum(['full', 'own']),
  note: z.enum(['', 'unavailable', 'killed_slow', 'killed_memory', 'failed']),
  tree: z.array(TreeNode),
  /** The packet's bytes first; then reassembled, decompressed or decrypted ones. Base64. */
  sources: z.array(z.object({ name: z.string(), bytes: z.string() })),
})
export type PacketDetail = z.infer<typeof PacketDetail>

export const FlowState = z.enum(['open', 'established', 'closed', 'reset', 'refused', 'unanswered', 'answered'])
export const FlowEnd = z.object({
  ip: z.string(),
  port: z.number().int().nullable(),
  packets: z.number().int(),
  /** Bytes on the wire, and of payload. */
  bytes: z.number(),
  payload: z.number(),
})
export const Flow = z.object({
  /** Number in this capture, from 0. */
  flow: z.number().int(),
  transport: z.string(),
  /** Wireshark's tcp.stream or udp.stream. */
  stream: z.number().int().nullable(),
  communityId: z.string(),
  client: FlowEnd,
  server: FlowEnd,
  state: FlowState,
  /** Wireshark's name of the application protocol; '' where none is known. */
  app: z.string(),
  first: IsoTime.nullable(),
  last: IsoTime.nullable(),
  firstPacket: PacketNumber,
  lastPacket: PacketNumber,
  /** Seconds. */
  duration: z.number(),
  /** Seconds between SYN and SYN-ACK; null where not seen. */
  roundTrip: z.number().nullable(),
  /** Line of the first application data: `GET /index.html`, a queried name, a server name. */
  firstData: z.string(),
})
export type Flow = z.infer<typeof Flow>

/** Bytes of one direction of a followed stream; a gap has no bytes and says how many are missing. */
export const StreamPiece = z.object({
  direction: z.union([z.literal(0), z.literal(1)]),
  packet: PacketNumber,
  /** Base64. */
  bytes: z.string(),
  missing: z.number().int(),
})
export type StreamPiece = z.infer<typeof StreamPiece>

export const ExportObject = z.object({
  id: z.string(),
  kind: z.enum(['http', 'smb', 'tftp', 'ftp-data', 'imf']),
  packet: PacketNumber,
  flow: z.number().int().nullable(),
  host: z.string(),
  /** As it was sent: shown, never used as a file name. */
  name: z.string(),
  type: z.string(),
  size: z.number(),
  sha256: z.string(),
  /** False where bytes are missing. */
  complete: z.boolean(),
})
export type ExportObject = z.infer<typeof ExportObject>

export const LibraryFolder = z.object({
  path: z.string(),
  /** Captures beyond it lose their index, oldest first; the files themselves are never touched. 0 is no limit. */
  budgetBytes: z.number(),
  budgetDays: z.number(),
  files: z.number().int(),
  bytes: z.number(),
  indexed: z.number().int(),
  first: IsoTime.nullable(),
  last: IsoTime.nullable(),
  problem: z.string().nullable(),
})
export type LibraryFolder = z.infer<typeof LibraryFolder>
export const LibraryHit = z.object({
  path: z.string(),
  first: IsoTime.nullable(),
  last: IsoTime.nullable(),
  size: z.number(),
  /** Flows of the file that fit; null where it is not indexed yet and only its time was looked at. */
  flows: z.number().int().nullable(),
})
export type LibraryHit = z.infer<typeof LibraryHit>

/** What leads from an alert or event to packets, and how certain that is. */
export const PacketPlace = z.object({
  capture: CaptureId,
  path: z.string(),
  flow: z.number().int().nullable(),
  packet: PacketNumber,
  /** Display filter that shows the flow. */
  filter: z.string(),
  by: z.enum(['community_id', 'tuple', 'pair', 'time']),
  /** Seconds that the clocks of the record and the packet are apart, and the window that was allowed. */
  apart: z.number(),
  window: z.number(),
  /** True where an address or port was translated on the way. */
  translated: z.boolean(),
  /** Bytes that matched, in packets. */
  matched: z.array(z.object({ packet: PacketNumber, from: z.number().int(), length: z.number().int() })),
})
export type PacketPlace = z.infer<typeof PacketPlace>

export const RelatedAlert = z.object({ id: AlertId, title: z.string(), severity: Severity, time: IsoTime })
export const RelatedEvent = z.object({ id: EventId, time: IsoTime, type: z.string(), format: z.string(), summary: z.string() })
