/** Large captures made of a small one by repeating it, with later times and other addresses; and one long stream. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

const FILE_HEADER = 24
const RECORD_HEADER = 16

/** Writes `source` (pcap, little-endian, Ethernet) `times` times. Every repeat is an hour later and among other hosts. */
export function repeatCapture(
  source: string,
  target: string,
  times: number,
): { readonly packets: number; readonly bytes: number } {
  const original = readFileSync(source)
  const fd = openSync(target, 'w')
  let bytes = writeSync(fd, original, 0, FILE_HEADER)
  let packets = 0
  const body = Buffer.from(original.subarray(FILE_HEADER))
  for (let round = 0; round < times; round++) {
    const copy = Buffer.from(body)
    for (let at = 0; at + RECORD_HEADER <= copy.length;) {
      const captured = copy.readUInt32LE(at + 8)
      copy.writeUInt32LE(copy.readUInt32LE(at) + round * 3600, at)
      const ip = at + RECORD_HEADER + 14
      if (captured >= 34 && copy.readUInt16BE(ip - 2) === 0x0800) {
        // The second byte of private addresses: the same pairs, another network.
        copy[ip + 13] = (copy[ip + 13]! + round) & 255
        copy[ip + 17] = (copy[ip + 17]! + round) & 255
      }
      at += RECORD_HEADER + captured
      packets++
    }
    for (let at = 0; at < copy.length;) at += writeSync(fd, copy, at, Math.min(8 << 20, copy.length - at))
    bytes += copy.length
  }
  closeSync(fd)
  return { packets, bytes }
}

/** One TCP stream whose server sends `bytes` in segments of 1,448, acknowledged by every second one. */
export function longStream(target: string, bytes: number): void {
  const SEGMENT = 1448
  const parts: Buffer[] = []
  const header = Buffer.alloc(FILE_HEADER)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262_144, 16)
  header.writeUInt32LE(1, 20)
  parts.push(header)
  let time = 1_767_225_600_000_000
  const packet = (fromServer: boolean, seq: number, ack: number, flags: number, payload: Buffer): void => {
    const record = Buffer.alloc(RECORD_HEADER + 54)
    time += 50
    record.writeUInt32LE(Math.floor(time / 1e6), 0)
    record.writeUInt32LE(time % 1e6, 4)
    record.writeUInt32LE(54 + payload.length, 8)
    record.writeUInt32LE(54 + payload.length, 12)
    const frame = record.subarray(RECORD_HEADER)
    frame.writeUInt16BE(0x0800, 12)
    frame[14] = 0x45
    frame.writeUInt16BE(40 + payload.length, 16)
    frame[22] = 64
    frame[23] = 6
    frame.set(fromServer ? [198, 51, 100, 2, 192, 0, 2, 1] : [192, 0, 2, 1, 198, 51, 100, 2], 26)
    frame.writeUInt16BE(fromServer ? 80 : 50_000, 34)
    frame.writeUInt16BE(fromServer ? 50_000 : 80, 36)
    frame.writeUInt32BE(seq >>> 0, 38)
    frame.writeUInt32BE(ack >>> 0, 42)
    frame[46] = 0x50
    frame[47] = flags
    frame.writeUInt16BE(65_000, 48)
    parts.push(record, payload)
  }
  const none = Buffer.alloc(0)
  const request = Buffer.from('GET /large HTTP/1.1\r\nHost: files.example.com\r\n\r\n')
  const answer = Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\n\r\n`),
    Buffer.alloc(bytes, 'Watchfloor '),
  ])
  packet(false, 100, 0, 2, none)
  packet(true, 900, 101, 18, none)
  packet(false, 101, 901, 16, none)
  packet(false, 101, 901, 24, request)
  for (let at = 0, n = 0; at < answer.length; at += SEGMENT, n++) {
    const payload = answer.subarray(at, at + SEGMENT)
    packet(true, 901 + at, 101 + request.length, 16, payload)
    if (n % 2 === 1) packet(false, 101 + request.length, 901 + at + payload.length, 16, none)
  }
  const fd = openSync(target, 'w')
  const whole = Buffer.concat(parts)
  for (let at = 0; at < whole.length;) at += writeSync(fd, whole, at, Math.min(8 << 20, whole.length - at))
  closeSync(fd)
}
