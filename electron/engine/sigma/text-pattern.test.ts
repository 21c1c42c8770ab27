import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textTest } from './compile/text-test.ts'
import { ANY_CHAR, ANY_DASH, ANY_TEXT, type Part } from './detection.ts'
import { parsePattern } from './text-pattern.ts'

describe('text patterns', () => {
  it.each<[string, Part[]]>([
    ['plain', ['plain']],
    ['', []],
    ['a*b?c', ['a', ANY_TEXT, 'b', ANY_CHAR, 'c']],
    ['\\*', ['*']],
    ['\\?x', ['?x']],
    ['\\\\*', ['\\', ANY_TEXT]],
    ['\\\\\\*', ['\\*']],
    ['C:\\Windows\\x', ['C:\\Windows\\x']],
    ['\\\\\\\\', ['\\\\']],
    ['\\\\server', ['\\server']],
    ['end\\', ['end\\']],
    ['***', [ANY_TEXT]],
  ])('%s', (source, parts) => expect(parsePattern(source)).toEqual(parts))

  /** The same, the slow and plain way. */
  function fitsPlainly(parts: readonly Part[], text: string): boolean {
    const [part, ...rest] = parts
    if (part === undefined) return text === ''
    if (part === ANY_TEXT)
      return Array.from({ length: text.length + 1 }, (_, i) => i).some((i) => fitsPlainly(rest, text.slice(i)))
    if (part === ANY_CHAR) return text.length > 0 && fitsPlainly(rest, text.slice(1))
    if (part === ANY_DASH) return /^[-/\u2013\u2014\u2015]/.test(text) && fitsPlainly(rest, text.slice(1))
    return text.startsWith(part) && fitsPlainly(rest, text.slice(part.length))
  }
  const anyPart = fc.oneof(fc.constantFrom<Part>(ANY_TEXT, ANY_CHAR, ANY_DASH), fc.stringMatching(/^[ab-]{1,3}$/))
  const anyText = fc.stringMatching(/^[ab/-]{0,10}$/)

  it('fit what they fit by definition, and say where', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 6 }), anyText, (parts, text) => {
        const test = textTest(parts)
        const fits = fitsPlainly(parts, text)
        expect(test.fits(text)).toBe(fits)
        const span = test.span(text)
        expect(span !== null).toBe(fits)
        if (span !== null) {
          expect(span[0]).toBeLessThanOrEqual(span[1])
          expect(span[1]).toBeLessThanOrEqual(text.length)
        }
        if (fits && test.literal !== null) expect(text).toContain(test.literal.text)
      }),
      { numRuns: 2000 },
    )
  })
})
