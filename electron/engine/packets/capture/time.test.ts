import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeReader } from './time.ts'

describe('times of captures', () => {
  it('are exact in any resolution', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2 as const, 10 as const),
        fc.nat({ max: 63 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: -100_000, max: 100_000 }),
        (base, power, count, shift) => {
          const exponent = base === 10 ? power % 20 : power
          const into = { seconds: 0, nanos: 0 }
          timeReader({ base, exponent }, shift)(Number(count >> 32n), Number(count & 0xffffffffn), into)
          const units = BigInt(base) ** BigInt(exponent)
          const seconds = Number(count / units) + shift
          expect(into).toEqual({ seconds, nanos: Number(((count % units) * 10n ** 9n) / units) })
        },
      ),
      { numRuns: 2000 },
    )
  })
})
