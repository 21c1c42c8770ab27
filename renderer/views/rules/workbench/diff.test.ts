import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines } from './diff.ts'

describe('lines of two texts', () => {
  it('says what stayed, went and came', () => {
    expect(diffLines('a\nb\nc\n', 'a\nx\nc\nd\n').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'gone b',
      'new x',
      'same c',
      'new d',
    ])
  })

  it('gives both texts back, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((lines) => `${lines.join('\n')}end`)
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after)
        expect(lines.flatMap(({ kind, text: line }) => (kind === 'new' ? [] : [line])).join('\n')).toBe(before)
        expect(lines.flatMap(({ kind, text: line }) => (kind === 'gone' ? [] : [line])).join('\n')).toBe(after)
        for (const { before: at, text: line } of lines) if (at !== null) expect(before.split('\n')[at - 1]).toBe(line)
      }),
    )
  })
})
