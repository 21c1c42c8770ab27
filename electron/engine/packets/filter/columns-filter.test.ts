import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacketBytes } from '../bench/packet-bytes.ts'
import { CaptureReading } from '../bench/read-capture-files.ts'
import { CaptureIndex } from '../index/capture-index.ts'
import { checkOwnFilter } from './check-filter.ts'
import { FilterRun, MAYBE, NO, YES } from './filter-run.ts'

/* A capture made by hand: TCP, UDP and ICMP between a few hosts, also in VLANs and tunnels, cut short and in fragments. */

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]
const host = (n: number): number[] => [192, 0, 2, n]
const host6 = (n: number): number[] => [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), n]

const tcp = (from: number, to: number, seq: number, flags: number, data: string): number[] => [
  ...u16(from), ...u16(to), ...u32(seq), ...u32(7), 0x50, flags, ...u16(512), 0, 0, 0, 0, ...Buffer.from(data, 'latin1'),
] // prettier-ignore
const udp = (from: number, to: number, data: string): number[] => [
  ...u16(from),
  ...u16(to),
  ...u16(8 + data.length),
  0,
  0,
  ...Buffer.from(data),
]
const ip = (protocol: number, from: number, to: number, body: readonly number[], fragment = 0): number[] => [
  0x45, 0, ...u16(20 + body.length), 0, 9, ...u16(fragment), 60 + from, protocol, 0, 0, ...host(from), ...host(to), ...body,
] // prettier-ignore
const ip6 = (next: number, from: number, to: number, body: readonly number[]): number[] => [
  0x60, 0, 0, 0, ...u16(body.length), next, 64, ...host6(from), ...host6(to), ...body,
] // prettier-ignore
const eth = (type: number, body: readonly number[]): number[] => [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...u16(type), ...body]

interface Made {
  readonly bytes: readonly number[]
  readonly wire: number
}
function packets(): Made[] {
  const made: Made[] = []
  const add = (bytes: readonly number[], captured = bytes.length): void =>
    void made.push({ bytes: bytes.slice(0, captured), wire: bytes.length })
  for (let i = 0; i < 300; i++) {
    const [from, to] = [1 + (i % 3), 4 + (i % 2)]
    const segment = tcp(
      40_000 + (i % 4),
      i % 5 === 0 ? 443 : 80,
      100 + i,
      [2, 0x12, 0x10, 0x18, 0x11, 4][i % 6]!,
      'data'.repeat(i % 4),
    )
    const datagram = udp(5000 + (i % 3), i % 2 ? 53 : 9999, 'x'.repeat(20))
    switch (i % 10) {
      case 0:
        add(eth(0x86dd, ip6(6, from, to, segment)))
        break
      case 1:
        add(eth(0x0800, ip(17, from, to, datagram)))
        break
      case 2:
        add(eth(0x8100, [0, 5, 8, 0, ...ip(6, to, from, segment)]))
        break
      case 3:
        add(eth(0x0800, ip(4, 9, 8, ip(6, from, to, segment))))
        break
      case 4:
        add(
          eth(
            0x0800,
            ip(1, to, from, [3, 3, 0, 0, 0, 0, 0, 0, ...(i % 3 ? ip(17, from, to, datagram) : ip(6, from, to, segment))]),
          ),
        )
        break
      case 5:
        add(eth(0x0800, ip(6, from, to, segment)), 14 + 20 + (i % 25))
        break
      case 6:
        add(eth(0x0800, ip(17, from, to, datagram, i % 20 === 6 ? 0x2000 : 0x0002)))
        break
      case 7:
        add(eth(0x88b5, [1, 2, 3]))
        break
      default:
        add(eth(0x0800, ip(6, from, to, segment)))
    }
  }
  return made
}
function pcap(made: readonly Made[]): Buffer {
  const parts = [Buffer.alloc(24)]
  parts[0]!.writeUInt32LE(0xa1b23c4d, 0)
  parts[0]!.writeUInt16LE(2, 4)
  parts[0]!.writeUInt16LE(4, 6)
  parts[0]!.writeUInt32LE(65_535, 16)
  parts[0]!.writeUInt32LE(1, 20)
  for (const [i, { bytes, wire }] of made.entries()) {
    const head = Buffer.alloc(16)
    head.writeUInt32LE(1_760_000_000 + Math.floor(i / 3), 0)
    head.writeUInt32LE((i % 3) * 250_000_001, 4)
    head.writeUInt32LE(bytes.length, 8)
    head.writeUInt32LE(wire, 12)
    parts.push(head, Buffer.from(bytes))
  }
  return Buffer.concat(parts)
}

let folder = ''
let index: CaptureIndex
let bytes: PacketBytes

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-columns-'))
  const path = join(folder, 'made.pcap')
  writeFileSync(path, pcap(packets()))
  index = CaptureIndex.create(join(folder))
  const reading = new CaptureReading(index, [path], () => {})
  expect(await reading.begin()).toBe(true)
  await reading.run()
  expect(reading.state.phase).toBe('ready')
  bytes = new PacketBytes(index.columns, [path])
})
afterAll(() => {
  bytes.close()
  index.close()
  rmSync(folder, { recursive: true, force: true })
})

function run(filter: string): FilterRun {
  const checked = checkOwnFilter(filter)
  if (!checked.ok) throw new Error(`${filter}: ${checked.error.message}`)
  return new FilterRun(checked.value, index, (packet) => bytes.read(packet))
}

const LEAVES = [
  'tcp', 'udp', 'icmp', 'vlan', 'ip', 'ipv6', 'ip.addr == 192.0.2.1', 'ip.src == 192.0.2.0/30', 'ip.dst != 192.0.2.4', 'ip.src == ip.dst', 'ip.src < ip.dst',
  'ipv6.addr == 2001:db8::1', 'ipv6.src', 'ip.proto == 17', 'tcp.port == 443', 'tcp.srcport in {40000..40001}', 'udp.port == 53 or tcp.port == 80', 'tcp.dstport != 80',
  'tcp.port', 'udp.srcport == 5001', 'tcp.srcport > tcp.dstport', 'tcp.flags.syn == 1', 'tcp.flags & 0x12 == 2', 'tcp.flags == 0x18', 'tcp.flags.reset', 'tcp.len > 4',
  'tcp.len == 0', 'tcp.seq_raw > 200', 'tcp.window_size_value == 512', 'frame.len > 60', 'frame.len in {40..60, 82}', 'frame.cap_len < frame.len', 'frame.number <= 70',
  'frame.number % 7 == 3', 'frame.number % 7 > 3', 'frame.number % 2', 'tcp.flags & 3', 'tcp.flags & 0x12 >= 2', 'tcp.seq > 20', 'tcp.seq in {0..9, 40}', 'tcp.seq % 2 == 1', 'tcp.nxtseq < 60', 'tcp.ack == 0', 'tcp.ack > 3',
  'tcp.window_size <= 512', 'tcp.window_size != 512', 'frame.time_delta >= 0.250000001', 'frame.time_delta != 0.25', 'tcp.time_delta == 0', 'tcp.time_relative <= 10.5', 'frame.time_relative > 40.25', 'tcp.port == 80 and tcp.srcport == 40001', '(ip.src == 192.0.2.1 or ip.dst == 192.0.2.1) and not ip.dst == 192.0.2.4', 'frame.time_relative != 0.250000001', 'frame.time <= "2025-10-09 08:54:10.5 UTC"', 'ip.addr != 192.0.2.4', 'all ip.addr == 192.0.2.0/29', 'all tcp.port in {80..50000}', 'frame.time_delta < 0.3', 'frame.time_epoch >= 1760000050', 'frame.protocols contains "vlan"', 'tcp.stream == 2',
  'udp.stream', 'tcp.analysis.flags', 'tcp.analysis.reused_ports', 'tcp.time_relative > 3', 'tcp.time_delta > 0.5', 'ip.ttl == 61', 'ip.ttl#2 == 62', 'ip.addr#2 == 192.0.2.4',
  'vlan.id == 5', 'eth.addr == 02:00:00:00:00:01', 'tcp[13] & 2', 'udp[8:2] == 78:78', 'tcp contains "data"', 'frame contains 88:b5', 'tcp.payload', 'count(ip.addr) > 2',
  'max(tcp.port) > 40002', 'ip.frag_offset > 0', 'tcp.flags.str contains "S"', 'string(ip.src) matches "\\\\.[13]$"', 'dns', 'dns.id', 'data',
] // prettier-ignore

describe('filters over columns', () => {
  it('say what reading every packet says', () => {
    const fromIndex: string[] = []
    for (const leaf of LEAVES) {
      const filter = run(leaf)
      const verdicts = filter.chunk(0).slice()
      expect(verdicts.length).toBe(300)
      let decided = 0
      for (const [packet, verdict] of verdicts.entries()) {
        if (verdict === MAYBE) continue
        decided++
        expect([leaf, packet, filter.packet(packet)]).toEqual([leaf, packet, verdict])
      }
      if (decided === verdicts.length) fromIndex.push(leaf)
    }
    expect(fromIndex).toEqual(
      expect.arrayContaining([
        'tcp',
        'frame.len > 60',
        'frame.number % 2',
        'frame.time_delta != 0.25',
        'tcp.analysis.flags',
        'frame.protocols contains "vlan"',
      ]),
    )
  })

  it('and so do combinations of them', () => {
    const { term } = fc.letrec<{ term: string }>((tie) => ({
      term: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...LEAVES).map((leaf) => `(${leaf})`),
        fc.tuple(tie('term'), fc.constantFrom('and', 'or', 'xor'), tie('term')).map(([a, by, b]) => `(${a} ${by} ${b})`),
        tie('term').map((a) => `not (${a})`),
      ),
    }))
    fc.assert(
      fc.property(term, (text) => {
        const filter = run(text)
        for (const [packet, verdict] of filter.chunk(0).slice().entries())
          if (verdict !== MAYBE) expect([packet, filter.packet(packet)]).toEqual([packet, verdict])
      }),
      { numRuns: 60 },
    )
  })

  it('may be long', () => {
    const long = Array.from({ length: 150 }, (_, i) => `ip.addr == 192.0.2.${i} && tcp.port == ${i}`).join(' || ')
    const verdicts = run(long).chunk(0)
    const short = run('ip.addr in {192.0.2.1..192.0.2.149} && tcp.port == 80').chunk(0)
    for (const [packet, verdict] of verdicts.entries())
      if (short[packet] === NO) expect([packet, verdict]).not.toEqual([packet, YES])
  })

  it('let through what is known of the capture', () => {
    const count = (filter: string): number =>
      run(filter)
        .whole(0)
        .reduce((sum, verdict) => sum + (verdict === YES ? 1 : 0), 0)
    expect(count('frame')).toBe(300)
    expect(count('vlan')).toBe(30)
    expect(count('ipv6')).toBe(30)
    expect(count('icmp')).toBe(30)
    expect(count('eth.type == 0x88b5')).toBe(30)
    expect(count('ip.addr#2 == 192.0.2.0/24')).toBe(60)
    expect(count('frame.cap_len < frame.len')).toBeGreaterThan(20)
    expect(count('not (ip or ipv6)')).toBe(30)
    // What is quoted takes part in its conversation, but has no payload, and its numbers stand as they were sent.
    expect(count('icmp and tcp')).toBe(10)
    // One quotes a flow that is not seen before it.
    expect(count('icmp and tcp.stream')).toBe(9)
    expect(count('icmp and tcp.len >= 0')).toBe(0)
    expect(count('icmp and tcp.nxtseq >= 0')).toBe(0)
    expect(count('icmp and tcp.seq > 100')).toBe(10)
    expect(count('icmp and tcp.ack == 7')).toBe(10)
    expect(count('icmp and tcp.time_relative > 0')).toBe(9)
  })

  it('leave nothing of a quoted header to the dissectors', () => {
    for (const field of [
      'tcp.stream == 1',
      'tcp.len > 0',
      'tcp.seq > 5',
      'tcp.window_size > 5',
      'tcp.time_delta > 0.1',
      'udp.stream == 0',
      'tcp.port == 80',
    ]) {
      const filter = run(`icmp and ${field}`)
      expect([field, [...filter.whole(0)].includes(MAYBE)]).toEqual([field, false])
    }
  })

  it('read no packet where the index knows', () => {
    const filter = run('ip.addr == 192.0.2.1 and tcp.port == 80 and frame.len > 54')
    const undecided = filter.chunk(0).filter((verdict) => verdict === MAYBE).length
    // Tunnels and cut headers only.
    expect(undecided).toBeLessThan(60)
    expect(
      run('tcp.flags.syn == 1 and frame.number < 3')
        .chunk(0)
        .filter((verdict) => verdict !== NO).length,
    ).toBeLessThan(3)
  })
})
