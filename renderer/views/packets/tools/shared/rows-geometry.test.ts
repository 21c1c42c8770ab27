import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geometryOf, MAX_HEIGHT, rowsSeen, topFor } from './rows-geometry.ts'

describe('geometryOf', () => {
  it('is not scaled where it fits', () => {
    expect(geometryOf(1000, 18, 400)).toEqual({ height: 18_000, scale: 1, last: 17_600 })
    expect(geometryOf(3, 18, 400)).toEqual({ height: 54, scale: 1, last: 0 })
  })
  it('brings the end of the scrollbar to the end of the list, however long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500_000, max: 60_000_000 }), fc.integer({ min: 100, max: 2000 }), (count, viewport) => {
        const { height, scale, last } = geometryOf(count, 18, viewport)
        expect(height).toBe(MAX_HEIGHT)
        expect((height - viewport) * scale).toBeCloseTo(last, 3)
        expect(rowsSeen(last, count, 18, viewport).to).toBe(count)
      }),
    )
  })
})

describe('rowsSeen and topFor', () => {
  it('show the row that is asked for, whole, and move no further than needed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 18, max: 900 }),
        (count, at, from, viewport) => {
          const { last } = geometryOf(count, 18, viewport)
          const before = last === 0 ? 0 : from % last
          const index = at % count
          const top = topFor(index, before, 18, viewport)
          const seen = rowsSeen(top, count, 18, viewport)
          expect(index >= seen.from && index < seen.to).toBe(true)
          expect(index * 18 >= top && (index + 1) * 18 <= top + viewport).toBe(true)
          // Asked for again, nothing moves.
          expect(topFor(index, top, 18, viewport)).toBe(top)
        },
      ),
    )
  })
  it('see nothing of an empty list', () => {
    expect(rowsSeen(0, 0, 18, 400)).toEqual({ from: 0, to: 0 })
  })
})
