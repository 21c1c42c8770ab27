import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadRecords } from './read-records.ts'

const again = (read: ReadRecords): ReadRecords => ReadRecords.of({ file: read.key, records: 0, offset: 0, tail: read.state })!

describe('what was read of an event log', () => {
  it('is exactly what was taken, also from a stored position', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ from: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 6 }), over: fc.boolean() }),
        ),
        (steps) => {
          let read = new ReadRecords('k', 1)
          const taken = new Set<number>()
          for (const { from, length, over } of steps) {
            if (over) read.passOver(from)
            // As a reader does: only what is wanted, in runs.
            for (let id = from; id < from + length; id++) {
              if (!read.wants(id)) continue
              expect(taken.has(id)).toBe(false)
              read.take(id, id, String(id), 1n)
              taken.add(id)
            }
            read = again(read)
          }
          for (let id = 1; id <= 80; id++) expect(read.wants(id)).toBe(!taken.has(id))
          const missing = read.missing.reduce((sum, [from, to]) => sum + to - from + 1, 0)
          expect(missing).toBe(read.last - taken.size)
        },
      ),
    )
  })

  it('takes runs that begin among missing records and end behind the last', () => {
    const read = new ReadRecords('k', 1)
    read.take(1, 2, 'b', 1n)
    read.passOver(5)
    read.take(4, 9, 'i', 1n)
    expect(read.missing).toEqual([[3, 3]])
    expect(read.last).toBe(9)
  })

  it('remembers its first record, its last, and of each older copy that is not small at least one', () => {
    const read = new ReadRecords('k', 1)
    read.know(1, '1')
    for (let id = 1; id <= 200_000; id += 20) read.take(id, id + 19, String(id + 19), 1n)
    const ids = read.checks.map(([id]) => id)
    expect(ids[0]).toBe(1)
    expect(ids.at(-1)).toBe(200_000)
    expect(ids.length).toBeLessThan(150)
    for (let age = 1; age < 190_000; age += 997) {
      const last = 200_000 - age
      const first = last - 20 - Math.ceil(age / 4)
      expect(ids.some((id) => id >= first && id <= last)).toBe(true)
    }
  })

  it.each(['', '{}', '{"first":1}', 'null', '{"first":-1,"last":2,"time":"0","missing":[],"checks":[],"paths":[]}'])(
    'is not taken from a position of something else: %s',
    (tail) => expect(ReadRecords.of({ file: 'k', records: 0, offset: 0, tail })).toBeNull(),
  )
})
