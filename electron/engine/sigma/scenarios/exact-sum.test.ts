import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactSum, exactSum } from './exact-sum.ts'

const number = fc.double({ min: -1e100, max: 1e100, noNaN: true })

describe('an exact sum', () => {
  it('keeps small numbers beside large ones', () => {
    expect(exactSum([1e16, 1, 1, -1e16])).toBe(2)
    expect(exactSum([1e100, 1, -1e100])).toBe(1)
    expect(exactSum([])).toBe(0)
  })

  it('is rounded once: to the nearest double, half way to the even one', () => {
    expect(exactSum([2 ** 53, 1])).toBe(2 ** 53)
    expect(exactSum([2 ** 53, 1, 2 ** -60])).toBe(2 ** 53 + 2)
    expect(exactSum([2 ** 53, 1, -(2 ** -60)])).toBe(2 ** 53)
    expect(exactSum(Array.from({ length: 10 }, () => 0.1))).toBe(1)
  })

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (values, picks) => {
        const rest = [...values]
        const shuffled: number[] = []
        while (rest.length > 0) shuffled.push(...rest.splice(picks.next().value % rest.length, 1))
        expect(exactSum(shuffled)).toBe(exactSum(values))
      }),
    )
  })

  it('forgets what is taken away', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 8 }), fc.array(number, { maxLength: 8 }), (kept, gone) => {
        const sum = new ExactSum()
        for (const value of [...gone, ...kept]) sum.add(value)
        for (const value of gone) sum.add(-value)
        expect(sum.value).toBe(exactSum(kept))
      }),
    )
  })
})
