/** Captures that are made for tests: questions and answers of DNS, a request of HTTP. */
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >>> 8, value & 255]))
const u32 = (value: number): Buffer => u16(value >>> 16, value & 0xffff)

/** Head of a pcap file: microseconds, Ethernet. */
export function pcapHead(): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(1, 20)
  return head
}

/** A packet's record, so many milliseconds after a time. */
export function pcapRecord(milliseconds: number, packet: Uint8Array): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(1_767_323_045 + Math.floor(milliseconds / 1000), 0)
  head.writeUInt32LE((milliseconds % 1000) * 1000, 4)
  head.writeUInt32LE(packet.length, 8)
  head.writeUInt32LE(packet.length, 12)
  return Buffer.concat([head, packet])
}

/** Addresses end in the numbers: 192.0.2.n, 198.51.100.n. */
export interface Ends {
  readonly client: number
  readonly server: number
  readonly clientPort: number
  readonly serverPort: number
  /** From the server. */
  readonly back?: boolean
}

function ip(protocol: number, { client, server, back }: Ends, payload: Buffer): Buffer {
  const from = [192, 0, 2, client]
  const to = [198, 51, 100, server]
  const ends = back === true ? [...to, ...from] : [...from, ...to]
  return Buffer.concat([
    Buffer.from('02000000000202000000000108004500', 'hex'),
    u16(20 + payload.length, 1, 0x4000),
    Buffer.from([64, protocol, 0, 0, ...ends]),
    payload,
  ])
}
const ports = ({ clientPort, serverPort, back }: Ends): Buffer =>
  back === true ? u16(serverPort, clientPort) : u16(clientPort, serverPort)

export const udp = (ends: Ends, payload: Buffer): Buffer =>
  ip(17, ends, Buffer.concat([ports(ends), u16(8 + payload.length, 0), payload]))
export const tcp = (ends: Ends, flags: number, seq: number, ack: number, payload: Buffer | string = ''): Buffer =>
  ip(
    6,
    ends,
    Buffer.concat([
      ports(ends),
      u32(seq),
      u32(ack),
      Buffer.from([0x50, flags]),
      u16(8192, 0, 0),
      typeof payload === 'string' ? ascii(payload) : payload,
    ]),
  )

function question(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), ascii(label)]))
  return Buffer.concat([...labels, Buffer.from([0]), u16(1, 1)])
}
/** A question for an address, and the answer. */
export const dnsQuestion = (id: number, name: string): Buffer =>
  Buffer.concat([u16(id & 0xffff, 0x0100, 1, 0, 0, 0), question(name)])
export const dnsAnswer = (id: number, name: string, last: number): Buffer =>
  Buffer.concat([
    u16(id & 0xffff, 0x8180, 1, 1, 0, 0),
    question(name),
    u16(0xc00c, 1, 1, 0, 60, 4),
    Buffer.from([203, 0, 113, last]),
  ])

/** Records of so many lookups, one flow each, from number `from` on: every second one is answered. */
export function lookups(from: number, count: number): Buffer {
  const records: Buffer[] = []
  for (let n = from; n < from + count; n++) {
    const ends: Ends = { client: 1 + (n % 200), server: 53, clientPort: 1024 + (n % 60_000), serverPort: 53 }
    records.push(pcapRecord(2 * n, udp(ends, dnsQuestion(n, `n${n}.example.com`))))
    if (n % 2 === 0) records.push(pcapRecord(2 * n + 1, udp({ ...ends, back: true }, dnsAnswer(n, `n${n}.example.com`, n % 250))))
  }
  return Buffer.concat(records)
}
