import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heights, slotWindow, ticks } from './numbers.ts'

const window = { from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z', slotMinutes: 15 }

describe('slots and axis', () => {
  it('gives windows that follow each other and end with the whole', () => {
    expect(slotWindow(window, 0)).toEqual({ from: '2026-11-19T00:00:00.000Z', to: '2026-11-19T00:15:00.000Z' })
    for (let slot = 1; slot < 96; slot++) expect(slotWindow(window, slot).from).toBe(slotWindow(window, slot - 1).to)
    expect(slotWindow(window, 95).to).toBe(window.to)
    expect(slotWindow({ ...window, to: '2026-11-19T23:50:00.000Z' }, 95).to).toBe('2026-11-19T23:50:00.000Z')
  })

  it('has at most about as many ticks as there is room for, in order, inside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 60_000, max: 7 * 86_400_000 }),
        fc.integer({ min: 1, max: 30 }),
        (start, span, most) => {
          const found = ticks(new Date(start).toISOString(), new Date(start + span).toISOString(), most)
          expect(found.length).toBeLessThanOrEqual(most + 1)
          const places = found.map(({ place }) => place)
          expect(places.every((place) => place >= 0 && place < 1)).toBe(true)
          expect(places).toEqual([...places].sort((a, b) => a - b))
        },
      ),
    )
    expect(ticks(window.from, window.to, 8).map(({ label }) => label)).toEqual([
      '11-19',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
    ])
  })

  it('never hides what is there', () => {
    expect(heights([0, 1, 100_000], 100_000)).toEqual([0, 0.06, 1])
  })
})
