import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WordTable } from './word-table.ts'

it('numbers keys as they come, the same key the same', () => {
  const few = fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat({ max: 0xffff_ffff })), { minLength: 1, maxLength: 40, selector: String })
  fc.assert(
    fc.property(few, fc.array(fc.nat(), { maxLength: 200 }), (keys, picks) => {
      const table = new WordTable(2, 1000)
      const known = new Map<string, number>()
      for (const pick of picks) {
        const key = keys[pick % keys.length]!
        table.key.set(key)
        const row = table.row()
        const before = known.get(String(key)) ?? known.size
        expect(row).toBe(before)
        known.set(String(key), before)
        expect([...table.words.subarray(2 * row, 2 * row + 2)]).toEqual([...key])
      }
      expect(table.size).toBe(known.size)
    }),
  )
})

it('keeps all of many, and no more than it may', () => {
  const table = new WordTable(1, 5000)
  for (let round = 0; round < 2; round++)
    for (let n = 0; n < 6000; n++) {
      table.key[0] = n * 0x1000_0001
      expect(table.row()).toBe(n < 5000 ? n : -1)
      expect(table.capacity).toBeGreaterThanOrEqual(table.size)
    }
  expect(table.size).toBe(5000)
})
