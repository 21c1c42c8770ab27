import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { View } from './view.ts'

describe('a view', () => {
  it('finds rows and places as a sorted list does', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 200_000 }), { maxLength: 400 }),
        fc.nat({ max: 450 }),
        fc.nat({ max: 200_100 }),
        (packets, from, probe) => {
          const view = new View(1, '')
          for (const packet of packets) view.add(packet)
          for (const packet of packets.slice(0, 5)) view.add(packet)
          const sorted = [...packets].sort((a, b) => a - b)
          expect(view.total).toBe(sorted.length)
          expect(view.packets(from, 7)).toEqual(sorted.slice(from, from + 7))
          expect(view.rank(probe)).toBe(sorted.filter((one) => one < probe).length)
          expect(view.has(probe)).toBe(sorted.includes(probe))
        },
      ),
    )
  })
})
