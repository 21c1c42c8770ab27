import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOf, drawnTo, isSelected, oneRow, toggled, type Selection } from './selection.ts'

const ROWS = 12
const rows = (selection: Selection): number[] =>
  Array.from({ length: ROWS }, (_, at) => at).filter((at) => isSelected(selection, at))

describe('selected rows', () => {
  it('are as a set of them would be, in order and apart', () => {
    const step = fc.tuple(fc.constantFrom('one', 'draw', 'toggle'), fc.nat(ROWS - 1))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let selection = oneRow(0)
        let model = new Set([0])
        let anchor = 0
        for (const [how, index] of steps) {
          if (how === 'draw') {
            selection = drawnTo(selection, index)
            model = new Set()
            for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at++) model.add(at)
          } else {
            anchor = index
            if (how === 'one') [selection, model] = [oneRow(index), new Set([index])]
            else {
              selection = toggled(selection, index)
              if (!model.has(index)) model.add(index)
              else if (model.size > 1) model.delete(index)
            }
          }
          expect(rows(selection)).toEqual([...model].sort((a, b) => a - b))
          expect(countOf(selection)).toBe(model.size)
          expect(selection.lead).toBe(index)
          selection.spans.forEach(([from, end], at) => {
            expect(end).toBeGreaterThan(from)
            expect(from).toBeGreaterThan(selection.spans[at - 1]?.[1] ?? -1)
          })
        }
      }),
    )
  })
})
