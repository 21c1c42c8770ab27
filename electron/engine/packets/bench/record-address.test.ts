import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressText } from './flow-of.ts'
import { isAddressAt, readAddress } from './record-address.ts'

it('an address is found by the text that is shown of it, and by no other', () => {
  const word = fc.oneof(fc.nat(2), fc.nat({ max: 0xffff_ffff }))
  const record = fc.tuple(fc.constantFrom(4, 6), fc.tuple(word, word, word, word))
  fc.assert(
    fc.property(record, record, ([family, own], [otherFamily, other]) => {
      const words = Uint32Array.of(9, ...(family === 4 ? [0, 0, 0, own[3]] : own))
      const address = readAddress(addressText(words, 1, family))
      expect(address).not.toBeNull()
      expect(isAddressAt(words, 1, family, address!)).toBe(true)
      const others = Uint32Array.of(...(otherFamily === 4 ? [0, 0, 0, other[3]] : other))
      const same = family === otherFamily && addressText(others, 0, family) === addressText(words, 1, family)
      expect(isAddressAt(others, 0, otherFamily, address!)).toBe(same)
    }),
    { numRuns: 500 },
  )
  for (const text of ['', 'host', '10.0.0.0/8', '2001:db8::/32', '1.2.3']) expect(readAddress(text)).toBeNull()
})
