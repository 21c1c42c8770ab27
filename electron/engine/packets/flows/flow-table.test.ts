import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import { madeDatagram, madeSegment } from '../capture/made-packets.ts'
import { NO_STREAM, W, WORDS } from './flow-record.ts'
import { FlowTable } from './flow-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-flows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const path = (): string => join(folder, `flows-${++files}.bin`)

const p = new Packet(dispatch)
/** A packet with the ends of a flow, and nothing else. */
function ends(family: 4 | 6, transport: number, a: number, b: number, aPort: number, bPort: number, back: boolean): Packet {
  p.family = family
  p.networks = 1
  p.transport = transport
  p.fragmentId = -1
  p.payloadAt = 0
  p.flags = 16
  p.seconds = 1
  p.nanos = 0
  const [from, to] = back ? [b, a] : [a, b]
  for (const [address, value] of [[p.from, from], [p.to, to]] as const) address.set(family === 4 ? [0, 0, 0, value] : [0x2001_0db8, value & 3, 0, value >>> 2]) // prettier-ignore
  p.sourcePort = back ? bPort : aPort
  p.destinationPort = back ? aPort : bPort
  return p
}

const packets = fc.array(
  fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    transport: fc.constantFrom(6, 17, 132),
    a: fc.nat(5),
    b: fc.nat(5),
    aPort: fc.integer({ min: 2000, max: 2003 }),
    bPort: fc.integer({ min: 2000, max: 2003 }),
    back: fc.boolean(),
  }),
  { maxLength: 300 },
)

describe('the table of flows', () => {
  it('finds what a map of both ends finds, in either direction', () => {
    fc.assert(
      fc.property(packets, (given) => {
        const table = new FlowTable(path(), { write: true })
        const known = new Map<string, { flow: number; from: string }>()
        for (const [i, { family, transport, a, b, aPort, bPort, back }] of given.entries()) {
          const one = [`${a} ${aPort}`, `${b} ${bPort}`] as const
          const [from, to] = back ? [one[1], one[0]] : one
          const key = `${family} ${transport} ${[...one].sort().join()}`
          const flow = table.find(ends(family, transport, a, b, aPort, bPort, back), i)
          const expected = known.get(key) ?? { flow: known.size, from }
          known.set(key, expected)
          expect(flow).toBe(expected.flow)
          // Where both ends are the same nobody can tell.
          if (from !== to) expect(table.direction).toBe(from === expected.from ? 0 : 1)
          expect(table.page.words[table.at + W.firstPacket]! <= i).toBe(true)
        }
        expect(table.length).toBe(known.size)
        table.close()
      }),
    )
  })

  it('keeps more flows than fit in its memory, also when it is opened again', () => {
    const file = path()
    const flows = 5 * 4096 + 77
    const table = new FlowTable(file, { write: true, kept: 2 })
    const find = (n: number, back: boolean, packet: number): number =>
      table.find(ends(4, 17, n, 0xffff_0000 + (n % 7), 2000 + (n % 1000), 5353, back), packet)
    for (let n = 0; n < flows; n++) {
      expect(find(n, false, n)).toBe(n)
      table.page.words[table.at + W.clientPackets]!++
    }
    // In an order that goes from page to page.
    for (let i = 0; i < flows; i++) {
      const n = (i * 7919) % flows
      expect(find(n, true, flows + i)).toBe(n)
      expect(table.direction).toBe(1)
      table.page.words[table.at + W.serverPackets]! += 1 + (n % 3)
      if (i > 1500) break
    }
    table.seal()
    const { length, tcpStreams: tcp, udpStreams: udp } = table
    expect({ length, tcp, udp }).toEqual({ length: flows, tcp: 0, udp: flows })
    table.close()
    const again = new FlowTable(file, { write: false, length, tcp, udp, kept: 2 })
    let seen = 0
    let answered = 0
    for (const { page, first, count } of again.pages()) {
      for (let i = 0; i < count; i++) {
        const at = i * WORDS
        const n = first + i
        expect(page.words[at + 3]).toBe(n)
        expect(page.words[at + W.firstPacket]).toBe(n)
        expect(page.words[at + W.clientPackets]).toBe(1)
        const server = page.words[at + W.serverPackets]!
        if (server > 0) {
          answered++
          expect(server).toBe(1 + (n % 3))
        }
        seen++
      }
    }
    expect(seen).toBe(flows)
    expect(answered).toBe(1502)
    again.seek(4096)
    expect(again.page.words[again.at + W.stream]).toBe(4096)
    again.close()
  })

  it('tells clients by the handshake, and by a port that is well known', () => {
    const table = new FlowTable(path(), { write: true })
    const find = (bytes: Buffer): { flow: number; direction: number; client: number } => {
      p.begin(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, bytes.length, 1)
      decodeHeaders(p)
      const flow = table.find(p, 0)
      return { flow, direction: table.direction, client: table.page.words[table.at + 3]! & 255 }
    }
    // 192.0.2.9 asks; the answer is seen first.
    expect(find(madeSegment({ by: 1, flags: 'SA', seq: 1 }, { client: 9, server: 8, serverPort: 9000 }))).toEqual({ flow: 0, direction: 1, client: 9 }) // prettier-ignore
    expect(find(madeSegment({ by: 0, flags: 'A', seq: 1 }, { client: 9, server: 8, serverPort: 9000 }))).toEqual({ flow: 0, direction: 0, client: 9 }) // prettier-ignore
    expect(find(madeDatagram(1, 'answer', { client: 9, server: 8, serverPort: 53 }))).toEqual({ flow: 1, direction: 1, client: 9 }) // prettier-ignore
    expect(find(madeDatagram(1, 'whoever', { client: 9, server: 8, serverPort: 5353 }))).toEqual({ flow: 2, direction: 0, client: 8 }) // prettier-ignore
    table.close()
  })

  it('makes another flow of the same ends where that is wanted, and finds the newer one from then on', () => {
    const table = new FlowTable(path(), { write: true })
    const one = (): Packet => ends(4, 6, 1, 2, 3000, 4000, false)
    expect(table.find(one(), 0)).toBe(0)
    expect(table.find(one(), 1, true)).toBe(1)
    expect(table.find(one(), 2)).toBe(1)
    expect(table.tcpStreams).toBe(2)
    table.close()
  })

  it('has no flow for packets without addresses, and no stream for fragments', () => {
    const table = new FlowTable(path(), { write: true })
    const none = ends(4, 6, 1, 2, 3000, 4000, false)
    none.family = 0
    expect(table.find(none, 0)).toBe(-1)
    const fragment = ends(4, 17, 1, 2, 3000, 4000, false)
    fragment.fragmentId = 7
    fragment.payloadAt = -1
    expect(table.find(fragment, 0)).toBe(0)
    expect(table.page.words[table.at + W.stream]).toBe(NO_STREAM)
    expect(table.page.words[table.at + W.ports]).toBe(0)
    // The whole datagram is of another flow.
    expect(table.find(ends(4, 17, 1, 2, 3000, 4000, false), 1)).toBe(1)
    expect(table.udpStreams).toBe(1)
    table.close()
  })
})
