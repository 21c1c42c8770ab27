import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressParts } from './values.ts'

it('an IPv6 address is cut before its last two groups, and nothing else is cut', () => {
  expect(addressParts('2001:db8:85a3::8a2e:370:7334')).toEqual(['2001:db8:85a3::8a2e:', '370:7334'])
  expect(addressParts('fe80::1')).toEqual(['fe80:', ':1'])
  expect(addressParts('::ffff:192.0.2.1')).toEqual(['::', 'ffff:192.0.2.1'])
  for (const text of ['192.0.2.7', '', '2001:db8::1, 2001:db8::2', 'a: b', '\u202e::1'])
    expect(addressParts(text)).toEqual(['', text])
})
it('both parts together are the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), fc.string()), (text) => {
      expect(addressParts(text).join('')).toBe(text)
    }),
  )
})
