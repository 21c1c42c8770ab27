import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { decoders, dispatch } from '../decode/registry.ts'
import { ownFields } from './catalogue.ts'
import { FieldsOfPacket, flagLetters } from './fields-of-packet.ts'
import { takesLayer, type FieldUse } from './fields.ts'

const use = (name: string, more: Partial<FieldUse> = {}): FieldUse => ({
  field: ownFields.find((field) => field.name === name)!,
  layers: null,
  raw: false,
  whole: false,
  ...more,
})
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
function read(bytes: Uint8Array, link: number, wire = bytes.length): FieldsOfPacket {
  // Other bytes stand before and behind it, as in a file.
  const data = new Uint8Array(bytes.length + 64).fill(0x45)
  data.set(bytes, 32)
  const p = new Packet(dispatch)
  p.begin(data, new DataView(data.buffer), 32, bytes.length, wire, link)
  decodeHeaders(p)
  return new FieldsOfPacket().take(p, data, 32, null)
}

describe('fields of a packet', () => {
  const inner = '45000028 00010000 40060000 c0000203 c0000204 c350 0050 00000064 00000000 5012 fc00 0000 0000'
  const tunnel = hex(`4500003c 00020000 3f040000 c0000201 c0000202 ${inner}`)
  const fields = read(tunnel, 228)

  it('are those of all layers, in order, or of one', () => {
    expect(fields.values(use('ip.src'))).toEqual([0xc0000201, 0xc0000203])
    expect(fields.values(use('ip.ttl', { layers: [{ from: 2, to: 2 }] }))).toEqual([64])
    expect(fields.values(use('ip.ttl', { layers: [{ from: -2, to: -2 }] }))).toEqual([63])
    expect(fields.values(use('ip.ttl', { layers: [{ from: 3, to: null }] }))).toBeNull()
    expect(fields.values(use('tcp.port'))).toEqual([50_000, 80])
  })
  it('have raw bytes', () => {
    expect(fields.values(use('tcp.dstport', { raw: true }))).toEqual([hex('0050')])
  })
  it('protocols are their bytes: headers, or all that is behind them', () => {
    expect(fields.values(use('ip'))).toEqual([tunnel.subarray(0, 20), tunnel.subarray(20, 40)])
    expect(fields.values(use('ip', { whole: true }))).toEqual([tunnel, tunnel.subarray(20)])
    expect(fields.values(use('frame'))).toEqual([tunnel])
    expect(fields.has(use('udp'))).toBe(false)
    expect(fields.has(use('dns'))).toBeUndefined()
  })
  it('flags are letters', () => {
    expect(flagLetters(0x12)).toBe('·······A··S·')
    expect(fields.values(use('tcp.flags.str'))).toEqual(['·······A··S·'])
  })
  it('that were cut off are not there, whatever stands behind the packet', () => {
    const cut = read(tunnel.subarray(0, 42), 228, tunnel.length)
    expect(cut.values(use('tcp.srcport'))).toEqual([50_000])
    expect(cut.values(use('tcp.dstport'))).toBeNull()
    expect(cut.values(use('tcp.flags'))).toBeNull()
  })

  it('never throw and never reach outside of the packet', () => {
    const uses = ownFields.filter(({ how, type }) => how !== 'dissect' && type !== 'none').map(({ name }) => use(name))
    const links = [1, 0, 101, 113, 228, 276, 105, 127, 9]
    const examples = decoders.flatMap(({ examples: all }) =>
      all.flatMap(({ packet }) => (packet ? [{ link: packet.link, bytes: hex(packet.hex) }] : [])),
    )
    const some = fc.oneof(
      fc.record({ link: fc.constantFrom(...links), bytes: fc.uint8Array({ maxLength: 120 }) }),
      fc
        .record({
          of: fc.constantFrom(...examples),
          cut: fc.nat({ max: 80 }),
          at: fc.nat({ max: 60 }),
          value: fc.nat({ max: 255 }),
        })
        .map(({ of, cut, at, value }) => {
          const bytes = of.bytes.slice(0, Math.max(0, of.bytes.length - cut))
          if (at < bytes.length) bytes[at] = value
          return { link: of.link, bytes }
        }),
    )
    fc.assert(
      fc.property(some, ({ link, bytes }) => {
        const found = read(bytes, link, bytes.length + 40)
        for (const one of uses)
          for (const value of found.values(one) ?? [])
            if (value instanceof Uint8Array) expect(value.length).toBeLessThanOrEqual(4096)
      }),
      { numRuns: 300 },
    )
  })
})

it('the layer operator counts from both ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (number, count) => {
      fc.pre(number <= count)
      expect(takesLayer([{ from: number, to: number }], number, count)).toBe(true)
      expect(takesLayer([{ from: number - count - 1, to: number - count - 1 }], number, count)).toBe(true)
      expect(takesLayer([{ from: 1, to: -1 }], number, count)).toBe(true)
      expect(takesLayer([{ from: number + 1, to: null }], number, count)).toBe(false)
    }),
  )
})
