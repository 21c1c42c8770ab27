import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inverted, sortedPlaces, wordsOfNumbers } from './sort-places.ts'

const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

it('sorts as numbers are sorted, equal ones in their order', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(0, -0, Infinity, -Infinity),
  )
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
      const order = places(numbers.length).sort((a, b) => numbers[a]! - numbers[b]! || a - b)
      // Infinity less itself is no number.
      const wanted = order.sort((a, b) => (numbers[a]! < numbers[b]! ? -1 : numbers[a]! > numbers[b]! ? 1 : a - b))
      expect([...sortedPlaces(numbers.length, wordsOfNumbers(Float64Array.from(numbers)))]).toEqual(wanted)
      const down = places(numbers.length).sort((a, b) => (numbers[a]! > numbers[b]! ? -1 : numbers[a]! < numbers[b]! ? 1 : a - b))
      expect([...sortedPlaces(numbers.length, wordsOfNumbers(Float64Array.from(numbers)).map(inverted))]).toEqual(down)
    }),
  )
})

it('sorts by several words, the last one first', () => {
  const word = fc.oneof(fc.nat(2), fc.nat({ max: 0xffff_ffff }))
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, word), { maxLength: 300 }), (keys) => {
      const columns = [0, 1, 2].map((i) => Uint32Array.from(keys, (key) => key[i]!))
      const wanted = places(keys.length).sort((a, b) => keys[a]![2] - keys[b]![2] || keys[a]![1] - keys[b]![1] || keys[a]![0] - keys[b]![0] || a - b) // prettier-ignore
      expect([...sortedPlaces(keys.length, columns)]).toEqual(wanted)
    }),
  )
  expect([...sortedPlaces(3, [])]).toEqual([0, 1, 2])
})

it('puts what is no number behind all others', () => {
  expect([...sortedPlaces(3, wordsOfNumbers(Float64Array.of(NaN, 5, -5)))]).toEqual([2, 1, 0])
})
