/** What packets within packets leave behind: facts of the innermost header, quotes that are none, fragments. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeaders } from './decode.ts'
import { Fragments } from './fragments.ts'
import { Packet } from './packet.ts'
import { decoders, dispatch, fieldByName } from './registry.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
function read(p: Packet, data: Uint8Array, link: number, wire = data.length): string {
  p.begin(data, new DataView(data.buffer, data.byteOffset, data.length), 0, data.length, wire, link)
  decodeHeaders(p)
  return Array.from({ length: p.layers }, (_, layer) => decoders[p.layerId[layer]!]!.id).join(':')
}
function header(from: number, to: number, protocol: number, payload: number, id = 1, offset = 0, more = false): Uint8Array {
  const data = new Uint8Array(20 + payload)
  const view = new DataView(data.buffer)
  view.setUint8(0, 0x45)
  view.setUint16(2, 20 + payload)
  view.setUint16(4, id)
  view.setUint16(6, (offset >> 3) | (more ? 0x2000 : 0))
  view.setUint8(8, 64)
  view.setUint8(9, protocol)
  view.setUint32(12, from)
  view.setUint32(16, to)
  return data
}

describe('nested packets', () => {
  it('leave the innermost addresses and no ports of the outer transport', () => {
    const p = new Packet(dispatch)
    // VXLAN around a ping.
    const stack = read(
      p,
      bytes(
        '4500004e 00010000 40110000 c0000201 c0000202 c350 12b5 003a 0000 08000000 00000700 020000000001 020000000002 0800 4500001c 00010000 40010000 c6336401 c6336402 0800 0000 0007 0001',
      ),
      228,
    )
    expect(stack).toBe('ip:udp:vxlan:eth:ethertype:ip:icmp')
    expect([p.networks, p.family, p.transport, p.sourcePort, p.destinationPort, p.payloadAt, p.app]).toEqual([
      2, 4, 1, 0, 0, -1, -1,
    ])
    expect(p.from[3]).toBe(0xc6336401)
  })

  it('leave what they quote out of their facts', () => {
    const p = new Packet(dispatch)
    const stack = read(
      p,
      bytes(
        '45000038 00010000 40010000 c0000202 c0000201 0303 0000 00000000 4500001c 00010000 40110000 c0000201 c0000203 c350 0035 0008 0000',
      ),
      228,
    )
    expect(stack).toBe('ip:icmp:ip:udp')
    expect([p.from[3], p.to[3], p.transport, p.sourcePort, p.payloadAt]).toEqual([0xc0000202, 0xc0000201, 1, 0, -1])
    expect([p.quoted, p.quotedFrom]).toEqual([true, 2])
    read(p, bytes('4500001c 00010000 40010000 c0000201 c0000202 0800 0000 0007 0001'), 228)
    expect([p.quoted, p.quotedFrom > p.layers]).toEqual([false, true])
  })

  it('are not read where a port promised a tunnel and there is none', () => {
    const p = new Packet(dispatch)
    // Port 2152, and no GTP.
    expect(read(p, bytes('45000024 00010000 40110000 c0000201 c0000202 0868 0868 0010 0000 ffffffffffffffff'), 228)).toBe(
      'ip:udp',
    )
    expect([p.app, p.payloadLength]).toEqual([-1, 8])
  })
})

describe('fragments', () => {
  it('give the whole datagram with the last of them, in any order', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 4000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (payload, units, seed) => {
          // A UDP header of this length, so that what was put together is read on.
          const view = new DataView(payload.buffer)
          view.setUint16(0, 50_000)
          view.setUint16(2, 50_001)
          view.setUint16(4, payload.length)
          const size = units * 8
          const pieces: Uint8Array[] = []
          for (let at = 0; at < payload.length; at += size) {
            const part = payload.subarray(at, at + size)
            const data = header(0xc0000201, 0xc0000202, 17, part.length, 7, at, at + size < payload.length)
            data.set(part, 20)
            pieces.push(data)
          }
          fc.pre(pieces.length > 1)
          const order = pieces
            .map((piece, i) => [Math.imul(seed + i, 0x9e3779b1) >>> 0, piece] as const)
            .sort(([a], [b]) => a - b)
          const p = new Packet(dispatch, new Fragments())
          const stacks = order.map(([, piece]) => read(p, piece, 228))
          expect(stacks.slice(0, -1)).toEqual(stacks.slice(0, -1).map(() => 'ip:data'))
          expect(stacks.at(-1)).toBe('ip:udp')
          expect(p.source).toBe(1)
          expect(Buffer.compare(p.sources[0]!, payload)).toBe(0)
          // The outer header is still there to be read.
          p.look(0)
          expect(fieldByName('ip.src')!.read!(p, p.layerAt[0]!, p.layerEnd[0]!)).toBe(0xc0000201)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are read as far as they go where the first was not captured to its end', () => {
    const p = new Packet(dispatch, new Fragments())
    const first = header(0xc0000201, 0xc0000202, 17, 64, 7, 0, true)
    new DataView(first.buffer).setUint16(20, 50_000)
    new DataView(first.buffer).setUint16(24, 500)
    expect(read(p, first.subarray(0, 40), 228, 84)).toBe('ip:udp')
    expect(p.sourcePort).toBe(50_000)
    expect(read(p, first, 228)).toBe('ip:data')
  })
})

describe('fields and lines', () => {
  it('can be had of whatever is there of a packet', () => {
    const seeds = decoders.flatMap(({ examples }) => examples.flatMap(({ packet }) => packet ?? []))
    const readers = decoders.map((decoder) => decoder.fields.flatMap(({ read: get }) => get ?? []))
    const p = new Packet(dispatch)
    const changes = fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.nat({ max: 200 }), changes, ({ hex, link }, cut, changed) => {
        const whole = bytes(hex)
        const data = whole.slice(0, cut)
        for (const [at, value] of changed) if (at < data.length) data[at] = value
        // Nothing is behind the packet: what reaches further throws here.
        read(p, data, link, whole.length)
        for (let layer = 0; layer < p.layers; layer++) {
          p.look(layer)
          const [at, end] = [p.layerAt[layer]!, p.layerEnd[layer]!]
          for (const get of readers[p.layerId[layer]!]!) {
            const value = get(p, at, end)
            for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) expect(Number.isNaN(one)).toBe(false)
          }
          const decoder = decoders[p.layerId[layer]!]!
          const line = decoder.line?.(p, at, end, { seq: 0, ack: 0, windowShift: -1, signs: [] }) ?? ''
          expect(line + (decoder.column?.(p, at) ?? '')).not.toMatch(/undefined|NaN/)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
