import { describe, expect, it } from 'vitest'
import { hasBelow, parentOf, seenLines } from './tree.ts'

/** eth · ip · tcp · http · tls · udp · arp */
const LINES = [0, 1, 2, 3, 3, 2, 1].map((depth) => ({ depth }))

describe('the tree of protocols', () => {
  it('hides what is below a closed line, and only that', () => {
    expect(seenLines(LINES, new Set())).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(seenLines(LINES, new Set([2]))).toEqual([0, 1, 2, 5, 6])
    expect(seenLines(LINES, new Set([1, 2]))).toEqual([0, 1, 6])
    expect(seenLines(LINES, new Set([0, 1]))).toEqual([0])
  })
  it('knows what is below and above', () => {
    expect([0, 2, 3, 4, 6].map((index) => hasBelow(LINES, index))).toEqual([true, true, false, false, false])
    expect([0, 1, 4, 5, 6].map((index) => parentOf(LINES, index))).toEqual([-1, 0, 2, 1, 0])
  })
})
