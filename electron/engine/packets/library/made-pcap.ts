/** Captures that were never captured: raw IP (IPv4) with TCP or UDP, for tests. */
export interface MadePacket {
  /** Since 1970, with fractions (microseconds are kept). */
  readonly seconds: number
  readonly from: string
  readonly to: string
  readonly transport?: 'tcp' | 'udp'
  /** Source and destination. */
  readonly ports: readonly [number, number]
  /** TCP: 2 SYN, 16 ACK, 1 FIN. */
  readonly flags?: number
  readonly seq?: number
  readonly ack?: number
  readonly payload?: string
}

const RAW_IP = 101
const HEADER = 24

export function madePcap(packets: readonly MadePacket[]): Uint8Array {
  const records = packets.map((packet) => record(packet))
  const file = new Uint8Array(records.reduce((sum, { length }) => sum + length, HEADER))
  const view = new DataView(file.buffer)
  view.setUint32(0, 0xa1b2_c3d4, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, 262_144, true)
  view.setUint32(20, RAW_IP, true)
  let at = HEADER
  for (const one of records) {
    file.set(one, at)
    at += one.length
  }
  return file
}

/** One record, as it is appended to a file that grows. */
export function record(packet: MadePacket): Uint8Array {
  const ip = ipPacket(packet)
  const bytes = new Uint8Array(16 + ip.length)
  const view = new DataView(bytes.buffer)
  const micros = Math.round(packet.seconds * 1e6)
  view.setUint32(0, Math.floor(micros / 1e6), true)
  view.setUint32(4, micros % 1e6, true)
  view.setUint32(8, ip.length, true)
  view.setUint32(12, ip.length, true)
  bytes.set(ip, 16)
  return bytes
}

function ipPacket({ from, to, transport = 'tcp', ports, flags = 16, seq = 0, ack = 0, payload = '' }: MadePacket): Uint8Array {
  const data = Buffer.from(payload, 'latin1')
  const header = transport === 'tcp' ? 20 : 8
  const bytes = new Uint8Array(20 + header + data.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x45, 0, 0, 0, 0, 1, 0, 0, 64, transport === 'tcp' ? 6 : 17])
  view.setUint16(2, bytes.length)
  bytes.set(from.split('.').map(Number), 12)
  bytes.set(to.split('.').map(Number), 16)
  view.setUint16(20, ports[0])
  view.setUint16(22, ports[1])
  if (transport === 'tcp') {
    view.setUint32(24, seq)
    view.setUint32(28, ack)
    view.setUint16(32, 0x5000 | flags)
    view.setUint16(34, 64_240)
  } else view.setUint16(24, 8 + data.length)
  bytes.set(data, 20 + header)
  return bytes
}

/** A whole HTTP exchange: handshake, a request, its answer. */
export function madeExchange(
  begin: number,
  client: string,
  server: string,
  clientPort: number,
  path: string,
  body: string,
): MadePacket[] {
  const request = `GET ${path} HTTP/1.1\r\nHost: files.example.com\r\n\r\n`
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const up = { from: client, to: server, ports: [clientPort, 80] } as const
  const down = { from: server, to: client, ports: [80, clientPort] } as const
  return [
    { ...up, seconds: begin, flags: 2, seq: 100 },
    { ...down, seconds: begin + 0.001, flags: 18, seq: 500, ack: 101 },
    { ...up, seconds: begin + 0.002, seq: 101, ack: 501 },
    { ...up, seconds: begin + 0.003, flags: 24, seq: 101, ack: 501, payload: request },
    { ...down, seconds: begin + 0.004, flags: 24, seq: 501, ack: 101 + request.length, payload: answer },
  ]
}
