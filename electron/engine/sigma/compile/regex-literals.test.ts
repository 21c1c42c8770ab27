import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRegex } from '../regular-expression.ts'
import { requiredBy } from './regex-literals.ts'

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
    ['\\.[ "]{1}', ['. ', '."']],
    ['ab[cd]{2}[xX]y', ['abc', 'abd']],
    ['[^ab]c', ['c']],
    ['[a-c]x{1}y', ['xy']],
  ])('%s', (source, expected) => expect(requiredBy(source).texts).toEqual(expected))

  it.each<[string, number]>([
    ['\\s[a-f]{64}\\s[0-9]{16}', 82],
    ['^(?:ab|c)+d?$', 1],
    ['x{3}\\b|abcd', 3],
    ['(?i)(a.){2,}', 4],
    ['(?=abc)', 0],
  ])('%s is at least so long', (source, expected) => expect(requiredBy(source).length).toBe(expected))

  it('stand in whatever fits', () => {
    const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[.1]', '\\d', '\\b', '\\.', '(ab|ca)', '(?:abc)', '(b|)', 'abc')
    const repeat = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{2,}', '{1}')
    const sequence = fc
      .array(
        fc.tuple(atom, repeat).map((pair) => pair.join('')),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => parts.join(''))
    const expression = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((all) => all.join('|'))
    fc.assert(
      fc.property(expression, fc.stringMatching(/^[abc.1]{0,14}$/), (source, text) => {
        const { texts: literals, length } = requiredBy(source)
        const span = compileRegex(source, '').find(text)
        if (span === null) return
        expect(span[1] - span[0]).toBeGreaterThanOrEqual(length)
        if (literals !== null) expect(literals.some((literal) => text.includes(literal))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})
