import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LiteralIndex, type Place } from './literal-index.ts'

const place = fc.constantFrom<Place | 'whole'>('start', 'end', 'anywhere', 'whole')
const literal = fc.oneof(fc.stringMatching(/^[abc\\.]{2,7}$/), fc.stringMatching(/^[a-zé가-힣]{2,6}$/))
const text = fc.oneof(fc.stringMatching(/^[abcABC\\.]{0,40}$/), fc.string({ unit: 'grapheme', maxLength: 40 }))

const stands = (where: Place | 'whole', what: string, lower: string): boolean =>
  where === 'whole'
    ? lower === what
    : where === 'start'
      ? lower.startsWith(what)
      : where === 'end'
        ? lower.endsWith(what)
        : lower.includes(what)

it('finds every literal that stands in a text, and no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(literal, place), { minLength: 1, maxLength: 30 }),
      text,
      fc.array(literal, { maxLength: 3 }),
      (literals, base, inserted) => {
        const index = new LiteralIndex()
        // Another field before and one behind: they have literals of their own.
        index.add(0, 'ab', 'anywhere', 1000)
        literals.forEach(([what, where], target) => index.add(1, what.toLowerCase(), where, target))
        index.add(2, 'bc', 'anywhere', 2000)
        index.build()
        for (const text of [`${base}${inserted.join('')}${base.slice(0, 3)}`, ...literals.slice(0, 3).map(([what]) => what)]) {
          const found = new Set<number>()
          index.scanText(1, text, (targets, from, to) => targets.subarray(from, to).forEach((target) => found.add(target)))
          const expected = literals.flatMap(([what, where], target) =>
            stands(where, what.toLowerCase(), text.toLowerCase()) ? [target] : [],
          )
          expect([...found].sort((a, b) => a - b)).toEqual(expected)
        }
      },
    ),
    { numRuns: 3000 },
  )
})

it('finds a literal in a text that is shorter than it before it is in lower case', () => {
  const index = new LiteralIndex()
  index.add(0, 'İstanbul'.toLowerCase(), 'anywhere', 1)
  index.build()
  const found: number[] = []
  index.scanText(0, 'İSTANBUL', (targets, from, to) => found.push(...targets.subarray(from, to)))
  expect(found).toContain(1)
})
