import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsPath, brushOf, groupSigns, shareOf, slotAt, spanOf, ticksOf } from './io-graph.ts'

const slots = { from: 1000, to: 1100, count: 50 }

describe('the I/O graph', () => {
  it('draws a bar for what is not zero, however little', () => {
    expect(barsPath([0, 5, 1_000_000], 1_000_000, 30, 10)).toBe('M10 10v-1h9v1zM20 10v-10h9v10z')
    expect(barsPath([], 1, 30, 10)).toBe('')
    expect(barsPath([0, 0], 0, 30, 10)).toBe('')
  })
  it('knows the slot under the pointer, and the span of a brush in either direction', () => {
    expect(slotAt(-5, 100, 50)).toBe(0)
    expect(slotAt(51, 100, 50)).toBe(25)
    expect(slotAt(500, 100, 50)).toBe(49)
    expect(spanOf(12, 3, slots)).toEqual({ from: 1006, to: 1026 })
    expect(spanOf(0, 49, slots)).toEqual({ from: 1000, to: 1100 })
  })
  it('shows the part that a span covers', () => {
    expect(brushOf({ from: null, to: null }, slots)).toBeNull()
    expect(brushOf({ from: 1050, to: null }, slots)).toEqual({ left: 0.5, right: 1 })
    expect(brushOf({ from: 900, to: 1025 }, slots)).toEqual({ left: 0, right: 0.25 })
    expect(brushOf({ from: 2000, to: 3000 }, slots)).toBeNull()
    expect(shareOf(5, { from: 5, to: 5, count: 1 })).toBe(0)
  })
  it('has few ticks, in order, within the time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 4e9, noNaN: true }),
        fc.double({ min: 1e-5, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 20 }),
        (from, length, most) => {
          const { at } = ticksOf(from, from + length, most)
          expect(at.length).toBeLessThanOrEqual(most + 1)
          for (const [index, tick] of at.entries()) {
            expect(tick).toBeLessThan(from + length)
            expect(tick).toBeGreaterThanOrEqual(from * (1 - 1e-12) - 1e-9)
            if (index > 0) expect(tick).toBeGreaterThan(at[index - 1] ?? Infinity)
          }
        },
      ),
    )
    expect(ticksOf(0, 0, 5)).toEqual({ step: 0, at: [] })
  })
  it('makes one of signs that would lie on each other', () => {
    const places = [300, 10, 20, 34, 90]
    const groups = groupSigns(places.map((at) => ({ at, sign: at })))
    expect(groups).toEqual([
      { at: 10, signs: [10, 20, 34] },
      { at: 90, signs: [90] },
      { at: 300, signs: [300] },
    ])
  })
})
