/** Packets that were never captured, for tests: Ethernet and IPv4 with TCP or UDP between made-up hosts; and files of them. */
import { PcapngWriter, type SectionTexts } from './write-pcapng.ts'

const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [(value >>> 8) & 255, value & 255]))
const u32 = (value: number): Buffer => u16(value >>> 16, value & 0xffff)

/** Addresses end in the numbers: 192.0.2.n sends, 198.51.100.n answers. */
export interface MadeEnds {
  readonly client?: number
  readonly server?: number
  readonly clientPort?: number
  readonly serverPort?: number
}

export interface MadeSegment {
  /** 1 from the server. */
  readonly by?: 0 | 1
  /** Letters of S, A, F, R, P; `A` where it is not given. */
  readonly flags?: string
  readonly seq: number
  readonly ack?: number
  readonly window?: number
  /** Padded to words. */
  readonly options?: readonly number[]
  readonly payload?: Buffer | string
}

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 }
/** Window scale of so many bits. */
export const windowScale = (shift: number): number[] => [3, 3, shift, 1]

function ipv4(protocol: number, by: 0 | 1, { client = 1, server = 1 }: MadeEnds, payload: Buffer): Buffer {
  const ends = [
    [192, 0, 2, client],
    [198, 51, 100, server],
  ]
  return Buffer.concat([
    Buffer.from(by === 0 ? '0200000000020200000000010800' : '0200000000010200000000020800', 'hex'),
    Buffer.from([0x45, 0]),
    u16(20 + payload.length, 1, 0x4000),
    Buffer.from([64, protocol, 0, 0, ...ends[by]!, ...ends[1 - by]!]),
    payload,
  ])
}
const ports = (by: 0 | 1, { clientPort = 50_000, serverPort = 80 }: MadeEnds): Buffer =>
  by === 0 ? u16(clientPort, serverPort) : u16(serverPort, clientPort)
const bytesOf = (payload: Buffer | string): Buffer => (typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload)

export function madeSegment(segment: MadeSegment, ends: MadeEnds = {}): Buffer {
  const { by = 0, flags = 'A', seq, ack = 0, window = 8192, options = [], payload = '' } = segment
  const bits = [...flags].reduce((all, letter) => all | (FLAGS[letter] ?? 0), 0)
  return ipv4(
    6,
    by,
    ends,
    Buffer.concat([
      ports(by, ends),
      u32(seq),
      u32(ack),
      Buffer.from([(5 + Math.ceil(options.length / 4)) << 4, bits]),
      u16(window, 0, 0),
      Buffer.concat([Buffer.from(options)], Math.ceil(options.length / 4) * 4),
      bytesOf(payload),
    ]),
  )
}

export function madeDatagram(by: 0 | 1, payload: Buffer | string, ends: MadeEnds = {}): Buffer {
  const bytes = bytesOf(payload)
  return ipv4(17, by, ends, Buffer.concat([ports(by, ends), u16(8 + bytes.length, 0), bytes]))
}

/** A conversation of TCP that goes as it should, from the handshake on. */
export class MadeConversation {
  readonly #ends: MadeEnds
  readonly #seq: [number, number] = [1000, 5000]

  constructor(ends: MadeEnds = {}) {
    this.#ends = ends
  }

  open(): Buffer[] {
    const syn = this.#segment(0, 'S', '', 0)
    this.#seq[0]++
    const answer = this.#segment(1, 'SA', '')
    this.#seq[1]++
    return [syn, answer, this.#segment(0, 'A', '')]
  }
  send(by: 0 | 1, payload: Buffer | string): Buffer {
    const sent = this.#segment(by, 'PA', payload)
    this.#seq[by] += bytesOf(payload).length
    return sent
  }
  /** Bytes that are sent and not captured. */
  lose(by: 0 | 1, bytes: number): void {
    this.#seq[by] += bytes
  }
  close(): Buffer[] {
    const first = this.#segment(0, 'FA', '')
    this.#seq[0]++
    const second = this.#segment(1, 'FA', '')
    this.#seq[1]++
    return [first, second, this.#segment(0, 'A', '')]
  }
  #segment(by: 0 | 1, flags: string, payload: Buffer | string, ack = this.#seq[1 - by]!): Buffer {
    return madeSegment({ by, flags, seq: this.#seq[by]!, ack, payload }, this.#ends)
  }
}

export interface MadePacket {
  /** Seconds since 1970; NaN where none are stated. */
  readonly seconds: number
  readonly nanos?: number
  readonly bytes: Uint8Array
  readonly wire?: number
  readonly comments?: readonly string[]
  readonly linkType?: number
}
/** 2026-01-02 03:04:05 UTC. */
export const MADE_TIME = 1_767_323_045

/** One packet every so many milliseconds. */
export const everyMs = (ms: number, packets: readonly Uint8Array[], first = MADE_TIME): MadePacket[] =>
  packets.map((bytes, i) => ({ seconds: first + Math.floor((i * ms) / 1000), nanos: ((i * ms) % 1000) * 1_000_000, bytes }))

/** A pcapng file, with an interface for each link type (Ethernet where none is named). */
export function madePcapng(packets: readonly MadePacket[], texts: SectionTexts = {}, secrets = ''): Uint8Array {
  const writer = new PcapngWriter(texts)
  const interfaces = new Map<number, number>()
  if (secrets !== '') writer.secrets(secrets)
  for (const { seconds, nanos = 0, bytes, wire = bytes.length, comments = [], linkType = 1 } of packets) {
    const iface = interfaces.get(linkType) ?? writer.interface({ linkType, name: `made${linkType}` })
    interfaces.set(linkType, iface)
    writer.packet(iface, { bytes, wire, seconds, nanos, comments })
  }
  return writer.take()
}

/** A pcap file of Ethernet, with microseconds. */
export function madePcap(packets: readonly MadePacket[]): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(1, 20)
  return Buffer.concat([
    head,
    ...packets.map(({ seconds, nanos = 0, bytes, wire = bytes.length }) => {
      const record = Buffer.alloc(16)
      record.writeUInt32LE(seconds, 0)
      record.writeUInt32LE(Math.floor(nanos / 1000), 4)
      record.writeUInt32LE(bytes.length, 8)
      record.writeUInt32LE(wire, 12)
      return Buffer.concat([record, bytes])
    }),
  ])
}
