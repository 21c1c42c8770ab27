import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalLine, terminalText } from './terminal-text.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\u001b[31m', '\u009b', '\u202e', '\u2066', '\u0000', '\ud800', '\u{e0041}', '\n', '가'),
  ),
})

describe('text for a terminal', () => {
  it('shows what would command or reorder', () => {
    expect(terminalText('a\u001b[31mb\u009bc\u202ed\u0000\ud800\u{e0041}\u007f')).toBe(
      String.raw`a\u001b[31mb\u009bc\u202ed\u0000\ud800\udb40\udc41\u007f`,
    )
    expect(terminalText('침입 naïve 🙂')).toBe('침입 naïve 🙂')
    expect(terminalLine('a\nb\tc')).toBe(String.raw`a\u000ab\u0009c`)
  })
  it('says the same in JSON, without a hidden character', () => {
    fc.assert(
      fc.property(text, (value) => {
        const line = terminalText(JSON.stringify({ [value]: [value] }))
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ [value]: [value] })))
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      }),
    )
  })
})
