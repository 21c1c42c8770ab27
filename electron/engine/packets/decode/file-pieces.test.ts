import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FileBudget, FilePieces } from './file-pieces.ts'

const text = fc.uint8Array({ minLength: 1, maxLength: 200 })

it('pieces in any order, twice and overlapping, give the file back', () => {
  fc.assert(
    fc.property(text, fc.array(fc.tuple(fc.nat(220), fc.nat(80)), { maxLength: 10 }), fc.nat(1000), (file, more, turn) => {
      const pieces = new FilePieces(new FileBudget())
      const cuts: [number, number][] = []
      for (let at = 0; at < file.length; at += 37) cuts.push([at, 37])
      const all = [...cuts, ...more.filter(([at]) => at < file.length)]
      for (let i = 0; i < all.length; i++) {
        const [at, length] = all[(i * 7 + turn) % all.length]!
        pieces.add(at, file.subarray(at, at + length))
      }
      // Steps of 7 visit every piece unless 7 divides their number.
      for (const [at, length] of cuts) pieces.add(at, file.subarray(at, at + length))
      const { bytes, complete } = pieces.join(file.length)
      expect(bytes).toEqual(file)
      expect(complete).toBe(true)
      expect(pieces.reached).toBeLessThanOrEqual(file.length)
    }),
  )
})

it('a hole, a missing end and a file that is too large are told', () => {
  const hole = new FilePieces(new FileBudget())
  hole.add(0, Uint8Array.of(1, 2))
  hole.add(4, Uint8Array.of(5))
  expect(hole.join(-1)).toEqual({ bytes: Uint8Array.of(1, 2, 0, 0, 5), complete: false })
  const short = new FilePieces(new FileBudget())
  short.add(0, Uint8Array.of(1, 2))
  expect([short.join(2).complete, short.join(3).complete]).toEqual([true, false])
  const far = new FilePieces(new FileBudget())
  far.add(0, Uint8Array.of(1))
  far.add(2 ** 40, Uint8Array.of(1))
  expect(far.join(-1)).toEqual({ bytes: Uint8Array.of(1), complete: false })
})

it('the budget is shared, and given back', () => {
  const budget = new FileBudget()
  budget.left = 3
  const [one, other] = [new FilePieces(budget), new FilePieces(budget)]
  one.add(0, Uint8Array.of(1, 2))
  other.add(0, Uint8Array.of(1, 2))
  expect([one.empty, other.empty, budget.left]).toEqual([false, true, 1])
  one.clear()
  expect([one.empty, budget.left]).toEqual([true, 3])
})
