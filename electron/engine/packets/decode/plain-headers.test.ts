/** The short way through the headers and the long one leave the same, whatever the bytes are. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeByLayer, decodeHeaders } from './decode.ts'
import { Packet } from './packet.ts'
import { readPlainHeaders } from './plain-headers.ts'
import { dispatch } from './registry.ts'

/** Eight bytes of payload, and a trailer of four. */
const PLAIN =
  '020000000001 020000000002 0800 45000030 00014000 40060000 c0000201 c6336402 c350 0050 00000064 000003e8 5018 03e8 0000 0000 0102030405060708 00000000'
const packet = (): Uint8Array => Uint8Array.from(Buffer.from(PLAIN.replaceAll(' ', ''), 'hex'))
const LENGTH = packet().length

function begin(p: Packet, data: Uint8Array, at: number, captured: number, wire: number, link: number): void {
  p.begin(data, new DataView(data.buffer, data.byteOffset, data.length), at, captured, wire, link)
}
const facts = (p: Packet): unknown => ({
  layers: Array.from({ length: p.layers }, (_, i) => [p.layerId[i], p.layerAt[i], p.layerEnd[i], p.layerSource[i]]),
  ends: [p.family, [...p.from], [...p.to], p.networks, p.transport, p.sourcePort, p.destinationPort],
  tcp: [p.seq, p.ack, p.flags, p.window],
  payload: [p.payloadAt, p.payloadLength, p.payloadStated, p.payloadSource, p.app],
  room: [p.at, p.end, p.stated, p.source],
  signs: [p.cut, p.malformed, p.quoted, p.quotedFrom, p.vlan, p.fragmentId],
})

it('takes the short way for a plain segment', () => {
  const p = new Packet(dispatch)
  const data = packet()
  begin(p, data, 0, data.length, data.length, 1)
  expect(readPlainHeaders(p)).toBe(true)
  expect([p.sourcePort, p.destinationPort, p.payloadLength]).toEqual([50_000, 80, 8])
})

it('leaves what the decoders leave, with bytes changed, cut, behind others and longer on the wire', () => {
  const short = new Packet(dispatch)
  const long = new Packet(dispatch)
  let plain = 0
  const place = fc.oneof(fc.constantFrom(12, 13, 14, 16, 17, 20, 21, 23, 46, 47), fc.nat(LENGTH - 1))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, fc.oneof(fc.nat(255), fc.constantFrom(0, 4, 6, 8, 0x45, 0x46, 0x50, 0x60))), { maxLength: 3 }),
      fc.nat(LENGTH),
      fc.nat(40),
      fc.nat(20),
      fc.constantFrom(1, 1, 1, 1, 228, 0),
      (changes, cut, more, before, link) => {
        const own = packet()
        for (const [at, value] of changes) own[at] = value
        const captured = cut % 3 === 0 ? own.length - Math.floor(cut / 3) : own.length
        const data = new Uint8Array(before + own.length)
        data.set(own, before)
        const wire = captured + (more % 2 === 0 ? more : 0)
        begin(short, data, before, captured, wire, link)
        if (readPlainHeaders(short)) plain++
        begin(short, data, before, captured, wire, link)
        decodeHeaders(short)
        begin(long, data, before, captured, wire, link)
        decodeByLayer(long)
        expect(facts(short)).toEqual(facts(long))
      },
    ),
    { numRuns: 5000 },
  )
  expect(plain).toBeGreaterThan(1000)
})
