/**
 * The flow summary of one capture, a file: a head, a filter of keys (key-filter.ts), then the flows, those of IPv4 before those of
 * IPv6, in chunks with a CRC-32 behind each. Little-endian. Whatever is damaged is noticed, and made again from the capture.
 */
import { crc32 } from 'node:zlib'

const MAGIC = 0x4c46_4657
export const SUMMARY_VERSION = 1
export const HEAD_BYTES = 72
/** Flows of a chunk. */
export const CHUNK_FLOWS = 512
/** Bytes of a flow, by family: the addresses of client and server, then what {@link R} places behind them. */
export const RECORD = { 4: 64, 6: 88 } as const
export const ADDRESS = { 4: 4, 6: 16 } as const
/** Places behind the addresses. */
export const R = {
  /** client << 16 | server; of ICMP the type and the code of its first packet. */
  ports: 0,
  /** IP protocol. */
  protocol: 4,
  /** Seconds since 1970; NaN where the file states none. */
  first: 8,
  last: 16,
  /** The first eight bytes of the Community ID's hash; zeros where it has none. */
  community: 24,
  clientPackets: 32,
  serverPackets: 36,
  /** On the wire. */
  clientBytes: 40,
  serverBytes: 48,
} as const

export interface SummaryHead {
  /** Flows of IPv4, of IPv6. */
  readonly flows4: number
  readonly flows6: number
  /** Blocks of the filter. */
  readonly blocks: number
  /** There were more flows than are kept. */
  readonly truncated: boolean
  /** Of all packets, in seconds since 1970; NaN where none has a time. */
  readonly first: number
  readonly last: number
  readonly packets: number
}

export function headBytes(head: SummaryHead): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, SUMMARY_VERSION, true)
  view.setUint32(8, head.flows4, true)
  view.setUint32(12, head.flows6, true)
  view.setUint32(16, head.blocks, true)
  view.setUint32(20, head.truncated ? 1 : 0, true)
  view.setFloat64(24, head.first, true)
  view.setFloat64(32, head.last, true)
  view.setFloat64(40, head.packets, true)
  view.setUint32(HEAD_BYTES - 4, crc32(bytes.subarray(0, HEAD_BYTES - 4)), true)
  return bytes
}

/** Null where it is none, of another version, or damaged. */
export function headOf(bytes: Uint8Array): SummaryHead | null {
  if (bytes.length !== HEAD_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES)
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== SUMMARY_VERSION) return null
  if (view.getUint32(HEAD_BYTES - 4, true) !== crc32(bytes.subarray(0, HEAD_BYTES - 4))) return null
  return {
    flows4: view.getUint32(8, true),
    flows6: view.getUint32(12, true),
    blocks: view.getUint32(16, true),
    truncated: view.getUint32(20, true) !== 0,
    first: view.getFloat64(24, true),
    last: view.getFloat64(32, true),
    packets: view.getFloat64(40, true),
  }
}

/** Bytes of so many flows with the checksums of their chunks. */
export const flowBytes = (flows: number, family: 4 | 6): number => flows * RECORD[family] + Math.ceil(flows / CHUNK_FLOWS) * 4
