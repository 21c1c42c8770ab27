import fc from 'fast-check'
import { expect, it } from 'vitest'
import { boxAround, contains } from './boxes.ts'
import { Cells } from './cells.ts'

const place = fc.double({ min: -3000, max: 5000, noNaN: true })

it('gives every box that holds a point, also where coordinates are negative, and each once', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ x: place, y: place, width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 300 }) }),
      ),
      fc.integer({ min: 4, max: 200 }),
      place,
      place,
      (boxes, size, x, y) => {
        const cells = new Cells<number>(size)
        const put = boxes.map((box) => boxAround(box.x, box.y, box.width, box.height))
        for (const [index, box] of put.entries()) cells.put(box, index)
        const found = cells.at(x, y)
        for (const [index, box] of put.entries()) if (contains(box, x, y)) expect(found).toContain(index)
        expect(new Set(found).size).toBe(found.length)
      },
    ),
  )
})
