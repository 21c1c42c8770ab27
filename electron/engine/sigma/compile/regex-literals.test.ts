import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRegex } from '../regular-expression.ts'
import { requiredLiterals } from './regex-literals.ts'

describe('literals of regular expressions', () => {
  it.each<[string, readonly string[] | null]>([
    ['powershell', ['powershell']],
    ['PowerShell\\.exe', ['powershell.exe']],
    ['abc.*defgh', ['defgh']],
    ['abcd(efg|hij)', ['abcd']],
    ['(?:foo|bars)\\d+', ['foo', 'bars']],
    ['(?i)mimikatz', ['mimikatz']],
    ['abc?de', ['ab']],
    ['abcx?def', ['abc']],
    ['a|bcd', ['a', 'bcd']],
    ['[a-z]+', null],
    ['x{3}yyyy', ['yyyy']],
    ['^\\\\\\\\host\\$', ['\\\\host$']],
    ['(abc)?defg', ['defg']],
    ['(abc', null],
  ])('%s', (source, expected) => expect(requiredLiterals(source)).toEqual(expected))

  it('stand in whatever fits', () => {
    const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '\\d', '\\.', '(ab|ca)', '(?:abc)', '(b|)', 'abc')
    const repeat = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{2,}')
    const sequence = fc
      .array(
        fc.tuple(atom, repeat).map((pair) => pair.join('')),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => parts.join(''))
    const expression = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((all) => all.join('|'))
    fc.assert(
      fc.property(expression, fc.stringMatching(/^[abc.1]{0,14}$/), (source, text) => {
        const literals = requiredLiterals(source)
        if (literals === null || !compileRegex(source, '').test(text)) return
        expect(literals.some((literal) => text.includes(literal))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})
