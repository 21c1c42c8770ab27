import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeaders } from '../decode/decode.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import { AddressPairs } from './address-pairs.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

function add(pairs: AddressPairs, data: Uint8Array, link: number): void {
  const p = new Packet(dispatch)
  p.begin(data, new DataView(data.buffer), 0, data.length, data.length, link)
  decodeHeaders(p)
  pairs.add(p)
}
const ip = (from: string, to: string): string => `45000018 00010000 40fd0000 ${from} ${to} 01020304`
const ipv6 = (next: string, inside: string): string =>
  `60000000 ${(inside.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')} ${next} 40 20010db8000000000000000000000002 20010db8000000000000000000000001 ${inside}`

describe('address pairs', () => {
  it('count both directions as one, addresses in order of their text', () => {
    const pairs = new AddressPairs()
    add(pairs, bytes(ip('c000020a', 'c0000209')), 228)
    add(pairs, bytes(ip('c0000209', 'c000020a')), 228)
    add(pairs, bytes(ipv6('fd', '01020304')), 229)
    expect(pairs.entries()).toEqual([
      ['192.0.2.10 <-> 192.0.2.9', 2],
      ['2001:db8::1 <-> 2001:db8::2', 1],
    ])
  })

  it('count the outermost IPv4 header, and an IPv6 header where there is none', () => {
    const pairs = new AddressPairs()
    const inner = ip('c6336401', 'c6336402')
    add(pairs, bytes(`4500002c 00010000 40040000 c0000201 c0000202 ${inner}`), 228)
    expect(pairs.entries()).toEqual([['192.0.2.1 <-> 192.0.2.2', 1]])
    add(pairs, bytes(ipv6('04', inner)), 229)
    expect(pairs.entries()).toContainEqual(['198.51.100.1 <-> 198.51.100.2', 1])
    add(pairs, bytes(ipv6('29', ipv6('fd', '01020304').replaceAll('20010db8', '20010db9'))), 229)
    expect(pairs.entries()).toContainEqual(['2001:db8::1 <-> 2001:db8::2', 1])
    expect(pairs.size).toBe(3)
  })

  it('do not count what an ICMP error quotes, nor packets without addresses', () => {
    const pairs = new AddressPairs()
    add(pairs, bytes(`45000034 00010000 40010000 c0000202 c0000201 0b00 0000 00000000 ${ip('c0000201', 'cb007101')}`), 228)
    add(pairs, bytes('ffffffffffff 020000000002 88b5 0102'), 1)
    add(pairs, bytes('15000018 00010000 40fd0000 c0000201 c0000202 01020304'), 228)
    expect(pairs.entries()).toEqual([['192.0.2.1 <-> 192.0.2.2', 1]])
  })

  it('keep no more pairs than they may', () => {
    const pairs = new AddressPairs(2)
    for (const to of ['c0000201', 'c0000202', 'c0000203', 'c0000202']) add(pairs, bytes(ip('c0000209', to)), 228)
    expect([pairs.size, pairs.dropped]).toEqual([2, 1])
    expect(pairs.entries(1)).toEqual([['192.0.2.2 <-> 192.0.2.9', 2]])
  })

  it('count as a map does, whatever there is', () => {
    const address = fc.nat({ max: 60 }).map((n) => (0xc6336400 + n * 997) >>> 0)
    fc.assert(
      fc.property(fc.array(fc.tuple(address, address), { maxLength: 3000, size: 'max' }), (packets) => {
        const pairs = new AddressPairs()
        const wanted = new Map<string, number>()
        for (const [a, b] of packets) {
          const data = new Uint8Array(24)
          const view = new DataView(data.buffer)
          view.setUint32(0, 0x45000018)
          view.setUint8(9, 253)
          view.setUint32(12, a)
          view.setUint32(16, b)
          add(pairs, data, 228)
          const text = [a, b].map((n) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')).sort()
          wanted.set(text.join(' <-> '), (wanted.get(text.join(' <-> ')) ?? 0) + 1)
        }
        expect(new Map(pairs.entries())).toEqual(wanted)
      }),
      { numRuns: 8 },
    )
  })
})
