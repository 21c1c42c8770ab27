import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampPosition, heightOf, isScaled, pageRows, positionOf, reveal, ROW, rowsAt, scrollTopOf, TALLEST } from './scroll.ts'

const extents = fc.record({ total: fc.integer({ min: 0, max: 60_000_000 }), view: fc.integer({ min: ROW, max: 2000 }) })

describe('the scroll of millions of rows', () => {
  it('is the scrollbar itself while the rows fit into an element', () => {
    const extent = { total: 1000, view: 400 }
    expect(isScaled(extent)).toBe(false)
    expect(heightOf(extent)).toBe(20_000)
    expect(positionOf(137, extent)).toBe(137)
  })
  it('never makes an element that the browser cannot lay out', () => {
    expect(heightOf({ total: 60_000_000, view: 400 })).toBe(TALLEST)
  })
  it('reaches the first and the last row with the scrollbar', () => {
    fc.assert(
      fc.property(extents, (extent) => {
        const end = Math.max(0, heightOf(extent) - extent.view)
        expect(positionOf(0, extent)).toBe(0)
        const last = rowsAt(positionOf(end, extent), extent)
        expect(last.first + last.count).toBe(extent.total)
      }),
    )
  })
  it('goes there and back', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, share) => {
        const position = clampPosition(share * extent.total * ROW, extent)
        expect(Math.abs(positionOf(scrollTopOf(position, extent), extent) - position)).toBeLessThan(0.01)
      }),
    )
  })
  it('sees every pixel of the view covered by rows', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, share) => {
        const position = clampPosition(share * extent.total * ROW, extent)
        const { first, above, count } = rowsAt(position, extent)
        expect(above).toBeGreaterThanOrEqual(0)
        expect(above).toBeLessThan(ROW)
        expect(first + count).toBeLessThanOrEqual(extent.total)
        if (extent.total * ROW >= extent.view) expect(count * ROW - above).toBeGreaterThanOrEqual(extent.view - 1e-3)
        else expect(count).toBe(extent.total)
      }),
    )
  })
  it('shows a row wholly, and does not move for one that is seen', () => {
    fc.assert(
      fc.property(extents, fc.nat(), fc.nat(), fc.boolean(), (extent, a, b, middle) => {
        fc.pre(extent.total > 0)
        const index = a % extent.total
        const before = clampPosition((b % extent.total) * ROW, extent)
        const after = reveal(index, before, extent, middle)
        expect(index * ROW).toBeGreaterThanOrEqual(after)
        expect(index * ROW + ROW).toBeLessThanOrEqual(after + Math.max(extent.view, ROW))
        expect(reveal(index, after, extent)).toBe(after)
      }),
    )
  })
  it('pages by one row less than is seen', () => {
    expect(pageRows({ total: 100, view: 200 })).toBe(9)
    expect(pageRows({ total: 100, view: 10 })).toBe(1)
  })
})
