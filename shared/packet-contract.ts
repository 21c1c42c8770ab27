/** The part of the contract that is about captures: `captures.*`, `packets.*`, `library.*`. */
import { z } from 'zod'
import { AlertId } from './model/alert.ts'
import { EventId } from './model/event.ts'
import {
  Capture,
  CaptureId,
  ExportObject,
  Flow,
  LibraryFolder,
  LibraryHit,
  PacketDetail,
  PacketNumber,
  PacketPlace,
  PacketRow,
  RelatedAlert,
  RelatedEvent,
  StreamPiece,
} from './model/capture.ts'
import { IsoTime } from './model/time.ts'
import { command, job, query, stream } from './rpc/kinds.ts'

const Nothing = z.object({})
const Path = z.string().min(1).max(4096)
/** Text in Wireshark's display-filter language; '' is every packet. */
const DisplayFilter = z.string().max(8192)
const OfCapture = z.object({ capture: CaptureId })
const OfPacket = OfCapture.extend({ packet: PacketNumber })
/** Seconds since 1970 with fractions; half-open; null is open. */
const Span = z.object({ from: z.number().nullable().default(null), to: z.number().nullable().default(null) })

/**
 * The packets that a filter lets through, kept by the engine: rows are asked for by their index in it. Null is all packets. A
 * view that the engine no longer keeps is `not_found`: filter again.
 */
const ViewId = z.number().int().nullable().default(null)
export const FilterRun = z.object({
  view: z.number().int(),
  scanned: z.number().int(),
  of: z.number().int(),
  matched: z.number().int(),
})
/** How a filter ran: on the index, by reading packets, by full dissection. */
export const FilterHow = z.enum(['index', 'decode', 'dissect'])

export const FilterChoice = z.object({
  name: z.string(),
  type: z.string(),
  doc: z.string(),
  how: FilterHow,
})

export const ConversationRow = Flow.omit({ communityId: true, firstData: true })
export const CARVE_LIMIT = 10_000_000

export const packetContract = {
  /** Known at once; its rows come in while `captures.watch` tells the progress. The same files are the same capture. */
  'captures.open': command('packets.read', z.object({ paths: z.array(Path).min(1).max(1000) }), Capture),
  /** Open ones, and ones that were open before (newest first). */
  'captures.list': query(
    'packets.read',
    Nothing,
    z.object({
      open: z.array(Capture),
      recent: z.array(
        z.object({ id: CaptureId, paths: z.array(z.string()), opened: IsoTime, packets: z.number().int(), bytes: z.number() }),
      ),
    }),
  ),
  'captures.get': query('packets.read', OfCapture, Capture),
  /** At once, ten times a second while something runs, and when something changes. Ends when the capture is closed. */
  'captures.watch': stream('packets.read', OfCapture, Capture),
  /** What was read stays. */
  'captures.stop': command('packets.read', OfCapture, Capture),
  'captures.resume': command('packets.read', OfCapture, Capture),
  'captures.close': command('packets.read', OfCapture, Nothing),
  /** A TLS key-log file (NSS format), or null to take it away. */
  'captures.keys': command('packets.read', OfCapture.extend({ path: Path.nullable() }), Capture),

  /** `length` of the wrong word; the reasons are those of `query_syntax` errors, below `packets.filterErrors` in i18n. */
  'packets.check': query(
    'packets.read',
    z.object({ filter: DisplayFilter }),
    z.object({ how: FilterHow, /** Fields that are read by full dissection. */ dissected: z.array(z.string()) }),
  ),
  /** Words that can stand at `cursor`, best first; `from` to `to` is what a choice replaces. */
  'packets.complete': query(
    'packets.read',
    z.object({
      filter: DisplayFilter,
      cursor: z.number().int().min(0).max(8192),
      limit: z.number().int().min(1).max(100).default(20),
    }),
    z.object({ from: z.number().int(), to: z.number().int(), choices: z.array(FilterChoice) }),
  ),
  'packets.filter': job(
    'packets.read',
    OfCapture.extend({ filter: DisplayFilter, span: Span.default({ from: null, to: null }) }),
    FilterRun,
    FilterRun.extend({ how: FilterHow, took: z.number() }),
  ),
  /** Rows `from` (0-based, in the view) to `from + count`. `total` grows while a capture is read or a filter runs. */
  'packets.rows': query(
    'packets.read',
    OfCapture.extend({
      view: ViewId,
      from: z.number().int().min(0),
      count: z.number().int().min(1).max(1000),
      fields: z.array(z.string().max(128)).max(20).default([]),
    }),
    z.object({ rows: z.array(PacketRow), total: z.number().int() }),
  ),
  /** Index in the view of the packet, or of the next one after it; `exact` where it is in the view. */
  'packets.place': query(
    'packets.read',
    OfPacket.extend({ view: ViewId }),
    z.object({ index: z.number().int(), exact: z.boolean() }),
  ),
  /** First packet at or after a time (seconds since 1970). */
  'packets.at': query('packets.read', OfCapture.extend({ seconds: z.number() }), z.object({ packet: PacketNumber.nullable() })),
  'packets.bytes': query('packets.read', OfPacket, z.object({ bytes: z.string(), wire: z.number().int() })),
  'packets.tree': query('packets.read', OfPacket, PacketDetail),
  'packets.find': job(
    'packets.read',
    OfCapture.extend({
      view: ViewId,
      what: z.enum(['text', 'hex', 'regex', 'filter']),
      /** The list's line, the packet's bytes. */
      where: z.enum(['line', 'bytes']).default('line'),
      text: z.string().min(1).max(4096),
      caseSensitive: z.boolean().default(false),
      /** Begins behind this packet; 0 is the beginning. */
      after: z.number().int().min(0),
      backwards: z.boolean().default(false),
    }),
    z.object({ scanned: z.number().int(), of: z.number().int() }),
    z.object({ packet: PacketNumber.nullable(), /** Place in its bytes. */ from: z.number().int(), length: z.number().int() }),
  ),
  'packets.mark': command(
    'packets.read',
    OfCapture.extend({ packets: z.array(PacketNumber).min(1).max(10_000), marked: z.boolean() }),
    z.object({ marked: z.number().int() }),
  ),
  /** Next or previous marked packet. */
  'packets.nextMark': query(
    'packets.read',
    OfCapture.extend({ after: z.number().int().min(0), backwards: z.boolean().default(false) }),
    z.object({ packet: PacketNumber.nullable() }),
  ),
  /** Kept beside the index, never in the capture; '' takes it away. */
  'packets.comment': command('packets.read', OfPacket.extend({ text: z.string().max(10_000) }), Nothing),

  /** The flow of a packet, or one by its number. */
  'packets.flow': query(
    'packets.read',
    OfCapture.extend({ packet: PacketNumber.nullable().default(null), flow: z.number().int().nullable().default(null) }),
    Flow,
  ),
  'packets.conversations': query(
    'packets.read',
    OfCapture.extend({
      view: ViewId,
      transport: z.enum(['all', 'tcp', 'udp', 'sctp', 'icmp', 'ip', 'ethernet']).default('all'),
      order: z.enum(['first', 'packets', 'bytes', 'duration', 'client', 'server', 'app']).default('first'),
      descending: z.boolean().default(false),
      /** Only flows between these two. */
      pair: z.tuple([z.string(), z.string()]).nullable().default(null),
      from: z.number().int().min(0).default(0),
      count: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({ flows: z.array(ConversationRow), total: z.number().int() }),
  ),
  'packets.endpoints': query(
    'packets.read',
    OfCapture.extend({ view: ViewId, ports: z.boolean().default(false), limit: z.number().int().min(1).max(5000).default(500) }),
    z.object({
      endpoints: z.array(
        z.object({
          address: z.string(),
          port: z.number().int().nullable(),
          transport: z.string(),
          sentPackets: z.number(),
          sentBytes: z.number(),
          receivedPackets: z.number(),
          receivedBytes: z.number(),
        }),
      ),
      total: z.number().int(),
      /** False where there are more addresses than are told apart. */
      complete: z.boolean(),
    }),
  ),
  /** Protocol hierarchy, depth first; `packets` contain it, `ends` have it innermost. */
  'packets.hierarchy': query(
    'packets.read',
    OfCapture.extend({ view: ViewId }),
    z.object({
      protocols: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          depth: z.number().int(),
          packets: z.number(),
          bytes: z.number(),
          ends: z.number(),
        }),
      ),
      packets: z.number(),
      bytes: z.number(),
    }),
  ),
  /** Packets and bytes in even slots of time, of all packets and of the view. */
  'packets.graph': query(
    'packets.read',
    OfCapture.extend({
      view: ViewId,
      span: Span.default({ from: null, to: null }),
      slots: z.number().int().min(1).max(2000).default(300),
    }),
    z.object({
      from: z.number(),
      to: z.number(),
      packets: z.array(z.number()),
      bytes: z.array(z.number()),
      viewPackets: z.array(z.number()).nullable(),
      viewBytes: z.array(z.number()).nullable(),
    }),
  ),
  /** Flow diagram: who says what to whom, in order. */
  'packets.sequence': query(
    'packets.read',
    OfCapture.extend({
      view: ViewId,
      flow: z.number().int().nullable().default(null),
      limit: z.number().int().min(1).max(2000).default(500),
    }),
    z.object({
      nodes: z.array(z.string()),
      steps: z.array(
        z.object({
          packet: PacketNumber,
          seconds: z.number(),
          from: z.number().int(),
          to: z.number().int(),
          ports: z.string(),
          label: z.string(),
          signs: z.array(z.string()),
        }),
      ),
      truncated: z.boolean(),
    }),
  ),
  /**
   * A flow's bytes in order. `http` and `tls` by full dissection, decrypted where secrets are known. Bytes `from` on, of both
   * directions together.
   */
  'packets.follow': query(
    'packets.read',
    OfCapture.extend({
      flow: z.number().int(),
      as: z.enum(['tcp', 'udp', 'http', 'tls']),
      from: z.number().int().min(0).default(0),
      bytes: z.number().int().min(1).max(16_777_216).default(1_048_576),
    }),
    z.object({
      client: z.string(),
      server: z.string(),
      pieces: z.array(StreamPiece),
      clientBytes: z.number(),
      serverBytes: z.number(),
      /** Where the next bytes are; null at the end. */
      next: z.number().int().nullable(),
    }),
  ),
  /** Writes one direction, or both in order, as they are. `path` null: a new file in the data folder's `exports`. */
  'packets.saveStream': command(
    'packets.export',
    OfCapture.extend({
      flow: z.number().int(),
      as: z.enum(['tcp', 'udp', 'http', 'tls']),
      direction: z.union([z.literal(0), z.literal(1)]).nullable(),
      path: Path.nullable(),
    }),
    z.object({ path: z.string(), bytes: z.number(), sha256: z.string() }),
  ),
  'packets.objects': job(
    'packets.read',
    OfCapture.extend({ flow: z.number().int().nullable().default(null) }),
    z.object({ scanned: z.number().int(), of: z.number().int(), found: z.number().int() }),
    z.object({ objects: z.array(ExportObject), truncated: z.boolean() }),
  ),
  /** Written below neutral names, never executable. `folder` null: a new folder in the data folder's `exports`. */
  'packets.saveObjects': command(
    'packets.export',
    OfCapture.extend({ ids: z.array(z.string().max(64)).min(1).max(10_000), folder: Path.nullable() }),
    z.object({
      folder: z.string(),
      files: z.array(z.object({ id: z.string(), path: z.string(), sha256: z.string(), size: z.number() })),
    }),
  ),
  /** A new pcapng with a comment that says where it came from. All conditions together. */
  'packets.carve': job(
    'packets.export',
    OfCapture.extend({
      filter: DisplayFilter.default(''),
      flow: z.number().int().nullable().default(null),
      packets: z.array(PacketNumber).max(100_000).nullable().default(null),
      span: Span.default({ from: null, to: null }),
      path: Path.nullable(),
    }),
    z.object({ scanned: z.number().int(), of: z.number().int(), written: z.number().int() }),
    z.object({ path: z.string(), packets: z.number().int(), bytes: z.number(), sha256: z.string() }),
  ),
  /** Where an alert's or event's packets are: in open captures, and in the library. Best first. */
  'packets.locate': query(
    'packets.read',
    z.object({
      alert: AlertId.nullable().default(null),
      event: EventId.nullable().default(null),
      window: z.number().min(0).max(86_400).default(120),
    }),
    z.object({
      places: z.array(PacketPlace),
      /** Why there are none, or not all. */ note: z.enum(['', 'no_address', 'no_capture', 'not_indexed', 'not_found']),
    }),
  ),
  /** Alerts and events of a packet's flow, `window` seconds around it. */
  'packets.related': query(
    'packets.read',
    OfPacket.extend({ window: z.number().min(0).max(86_400).default(2) }),
    z.object({ alerts: z.array(RelatedAlert), events: z.array(RelatedEvent), window: z.number() }),
  ),
  /** Alerts of the time of the capture between hosts of it, for the I/O graph and the list's gutter. */
  'packets.alerts': query(
    'packets.read',
    OfCapture,
    z.object({
      alerts: z.array(RelatedAlert.extend({ packet: PacketNumber.nullable(), flow: z.number().int().nullable() })),
      truncated: z.boolean(),
    }),
  ),

  'library.list': query('packets.read', Nothing, z.object({ folders: z.array(LibraryFolder) })),
  'library.watch': stream('packets.read', Nothing, z.object({ folders: z.array(LibraryFolder) })),
  'library.add': command(
    'packets.manage',
    z.object({ path: Path, budgetBytes: z.number().min(0).default(0), budgetDays: z.number().min(0).default(0) }),
    LibraryFolder,
  ),
  'library.remove': command('packets.manage', z.object({ path: Path }), Nothing),
  /** Captures that hold packets of these hosts at this time, oldest first, without opening them. */
  'library.search': query(
    'packets.read',
    z.object({
      hosts: z.array(z.string().max(64)).max(2),
      port: z.number().int().min(0).max(65_535).nullable().default(null),
      communityId: z.string().max(64).nullable().default(null),
      from: IsoTime.nullable().default(null),
      to: IsoTime.nullable().default(null),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.object({ hits: z.array(LibraryHit), notIndexed: z.number().int(), truncated: z.boolean() }),
  ),
} as const
