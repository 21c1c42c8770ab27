/**
 * What is kept of every flow, as a record of {@link WORDS} 32-bit words; records lie in pages (see flow-table.ts). Client is who
 * sent the SYN, otherwise who was seen first.
 */

export const WORDS = 64

/** Words of a record (unsigned 32 bits). IPv4 addresses stand in the fourth word of four. */
export const W = {
  client: 0,
  server: 4,
  /** client << 16 | server. */
  ports: 8,
  /** IP protocol | family << 8 | {@link STATE} << 16. */
  kind: 9,
  /** Wireshark's tcp.stream or udp.stream; 0xffffffff where it has none. */
  stream: 10,
  /** Index of the first and of the last packet, from 0. */
  firstPacket: 11,
  lastPacket: 12,
  clientPackets: 13,
  serverPackets: 14,
  /** Number of the application protocol + 1; 0 where it is not known. */
  app: 15,
  /** From here on one block for each direction: see {@link D}. */
  clientSide: 32,
  serverSide: 48,
  /** Index + 1 of the packet with the first line of application data; 0 where there is none. In a word that no direction uses. */
  firstData: 46,
} as const

/** Doubles of a record (64 bits), by index. */
export const F = {
  clientBytes: 8,
  serverBytes: 9,
  clientPayload: 10,
  serverPayload: 11,
  /** Seconds since 1970. */
  firstTime: 12,
  lastTime: 13,
  /** Of the first SYN; NaN where none was seen. */
  synTime: 14,
  /** Seconds from SYN to SYN-ACK; NaN where not seen. */
  roundTrip: 15,
  /** Seconds from the last SYN to the first acknowledgment behind it: the whole handshake; NaN where not seen. */
  handshake: 22,
  /** Of the last SYN; NaN where none was seen. */
  lastSyn: 30,
} as const

/** Words of one direction's block of TCP state. */
export const D = {
  /** First sequence number (of the SYN, or one before the first data). */
  base: 0,
  /** Behind the highest byte that was sent. */
  next: 1,
  /** Acknowledgment of the last segment, also where its flag was not set. */
  ack: 2,
  window: 3,
  /** Duplicate acknowledgments in a row; 0xffffffff once the other side has acknowledged what was not seen. */
  duplicates: 4,
  /** Flags of all segments | window shift << 16 (255: unknown) | {@link SEEN} << 24. */
  seen: 5,
  /** Behind the bytes that were seen without a hole: what the other side may acknowledge. 0 where not known. */
  acknowledged: 6,
  /** Number (from 0) of the packet that sent the highest byte. */
  lastPacket: 7,
  /** Doubles, at block/2 + these. */
  nextTime: 4,
  ackTime: 5,
} as const

/** Bits of a direction's state. */
export const SEEN = {
  base: 1,
  next: 2,
  acked: 4,
  keepAlive: 8,
  windowScaled: 16,
} as const

/** Bits of a flow's state. */
export const STATE = {
  syn: 1,
  synAck: 2,
  established: 4,
  finClient: 8,
  finServer: 16,
  reset: 32,
  /** Pieces of fragmented datagrams, which have no ports. */
  fragments: 64,
} as const

export const NO_STREAM = 0xffff_ffff
