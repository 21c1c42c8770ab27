import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GramIndex, type Place } from './gram-index.ts'

const place = fc.constantFrom<Place>('start', 'end', 'anywhere')
const literal = fc.oneof(fc.stringMatching(/^[abc\\.]{2,7}$/), fc.stringMatching(/^[a-zé가-힣]{2,6}$/))
const text = fc.oneof(fc.stringMatching(/^[abcABC\\.]{0,40}$/), fc.string({ unit: 'grapheme', maxLength: 40 }))

const stands = (where: Place, what: string, lower: string): boolean =>
  where === 'start' ? lower.startsWith(what) : where === 'end' ? lower.endsWith(what) : lower.includes(what)

it('finds every literal that stands in a text, and no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(literal, place), { minLength: 1, maxLength: 30 }),
      text,
      fc.array(literal, { maxLength: 3 }),
      (literals, base, inserted) => {
        const index = new GramIndex()
        literals.forEach(([what, where], target) => index.add(what.toLowerCase(), where, target))
        index.build()
        const whole = `${base}${inserted.join('')}${base.slice(0, 3)}`
        const found = new Set<number>()
        index.scan(whole, (targets) => targets.forEach((target) => found.add(target)))
        const expected = literals.flatMap(([what, where], target) =>
          stands(where, what.toLowerCase(), whole.toLowerCase()) ? [target] : [],
        )
        expect([...found].sort((a, b) => a - b)).toEqual(expected)
      },
    ),
    { numRuns: 3000 },
  )
})

it('finds a literal in a text that is shorter than it before it is in lower case', () => {
  const index = new GramIndex()
  index.add('İstanbul'.toLowerCase(), 'anywhere', 1)
  index.build()
  const found: number[] = []
  index.scan('İSTANBUL', (targets) => found.push(...targets))
  expect(found).toContain(1)
})
