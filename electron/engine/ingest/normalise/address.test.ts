import fc from 'fast-check'
import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { address, groupsOf, isAddress, isIpv4 } from './address.ts'

describe('addresses', () => {
  it.each([
    ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['192.0.2.1', '192.0.2.1'],
    ['1:2:3', '1:2:3'],
    ['not an address', 'not an address'],
    ['12:34:56:78:9A:BC', '12:34:56:78:9A:BC'],
  ])('%s', (text, normal) => expect(address(text)).toBe(normal))

  it('takes no zero before another digit in an IPv4 part', () => {
    for (const text of ['::01.2.3.4', '::ffff:1.2.3.04', '::1.00.2.3']) expect(groupsOf(text)).toBeNull()
    expect(groupsOf('::1.0.2.3')).not.toBeNull()
  })

  it('agrees with Node about what an address is', () => {
    const pieces = fc
      .array(fc.constantFrom('0', '1', 'ffff', 'ABCD', '00001', 'g', ':', '::', '.', '1.2.3.4', '256', '%x'), { maxLength: 12 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(pieces, fc.ipV6(), fc.ipV4()), (text) => {
        if (text.includes('%')) return
        expect([text, isIpv4(text) ? 4 : groupsOf(text) !== null ? 6 : 0]).toEqual([
          text,
          /(^|\.)0\d/.test(text) && isIP(text) === 0 && isIpv4(text) ? 4 : isIP(text),
        ])
      }),
      { numRuns: 2000 },
    )
  })

  it('gives one form: that of the URL standard, and the same when it is read again', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const normal = address(text)
        expect(isAddress(normal)).toBe(true)
        expect(address(normal)).toBe(normal)
        expect(groupsOf(normal)).toEqual(groupsOf(text))
        if (!normal.includes('.')) expect(normal).toBe(new URL(`http://[${text}]/`).hostname.slice(1, -1))
      }),
    )
  })
})
