import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inNetwork, parseNetwork } from './network.ts'

const inside = (address: string, network: string): boolean => inNetwork(address, parseNetwork(network)!)

describe('networks', () => {
  it.each([
    ['10.255.1.1', '10.0.0.0/8', true],
    ['11.0.0.1', '10.0.0.0/8', false],
    ['192.168.7.255', '192.168.4.0/22', true],
    ['192.168.8.0', '192.168.4.0/22', false],
    ['255.255.255.255', '255.255.255.255', true],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.1.2.0/120', true],
    ['10.1.3.3', '::ffff:10.1.2.0/120', false],
    ['2001:db8:7fff::1', '2001:db8::/33', true],
    ['2001:db8:8000::1', '2001:db8::/33', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['10.1', '10.0.0.0/8', false],
    ['10.1.2.3.4', '10.0.0.0/8', false],
    ['10..2.3', '10.0.0.0/8', false],
    ['10.1.2.256', '10.0.0.0/8', false],
    ['', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, expected) => expect(inside(address, network)).toBe(expected))

  it.each(['', '10.0.0.0/33', '10.0.0/8', 'ten', '::/129', '10.0.0.0/', '1.2.3.4/8/9'])('%s is no network', (text) =>
    expect(parseNetwork(text)).toBeNull(),
  )

  it('holds the addresses whose first bits are its own', () => {
    const bytes = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    const bitsOf = (parts: readonly number[]) => parts.map((part) => part.toString(2).padStart(8, '0')).join('')
    fc.assert(
      fc.property(bytes, bytes, fc.nat(32), (a, b, bits) => {
        expect(inside(a.join('.'), `${b.join('.')}/${bits}`)).toBe(bitsOf(a).slice(0, bits) === bitsOf(b).slice(0, bits))
      }),
    )
  })
})
