import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WholeIndex } from './whole-index.ts'

const value = fc.oneof(
  fc.stringMatching(/^[ab1]{0,4}$/),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.toLowerCase()),
)

it('finds what a map finds', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.array(value, { minLength: 1, maxLength: 20 }),
      (added, asked) => {
        const index = new WholeIndex()
        const map = new Map<string, number[]>()
        added.forEach((text, target) => {
          index.add(text, target)
          map.set(text, [...(map.get(text) ?? []), target])
        })
        index.build()
        expect(index.size).toBe(map.size)
        for (const text of [...added, ...asked]) {
          const chars = Uint16Array.from({ length: text.length + 3 }, (_, i) => `..${text}.`.charCodeAt(i))
          expect([text, index.find(chars, 2, text.length)]).toEqual([text, map.get(text)])
        }
      },
    ),
    { numRuns: 500 },
  )
})
