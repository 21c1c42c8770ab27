import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilter } from './parse.ts'
import { tokensOf } from './tokens.ts'
import type { Operand, Term } from './tree.ts'

/** A term with all its parentheses. */
function shown(term: Term): string {
  switch (term.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return `(${shown(term.left)} ${term.kind} ${shown(term.right)})`
    case 'not':
      return `not ${shown(term.inner)}`
    case 'test':
      return operand(term.operand)
    case 'compare':
      return `${term.quantifier} ${operand(term.left)} ${term.comparison} ${operand(term.right)}`
    case 'contains':
    case 'matches':
      return `${term.quantifier} ${operand(term.left)} ${term.kind} ${operand(term.right)}`
    case 'in':
      return `${term.quantifier} ${operand(term.left)} in ${term.items
        .map(({ low, high }) => operand(low) + (high === null ? '' : `..${operand(high)}`))
        .join(' ')}`
  }
}
function operand(one: Operand): string {
  switch (one.kind) {
    case 'word':
      return `${one.raw ? '@' : ''}${one.field ? '.' : ''}${one.text}${one.layers === null ? '' : `#${JSON.stringify(one.layers)}`}`
    case 'string':
      return JSON.stringify(one.binary)
    case 'character':
      return `'${one.code}'`
    case 'slice':
      return `${operand(one.of)}${JSON.stringify(one.ranges.map(({ from, length, to }) => [from, length, to]))}`
    case 'call':
      return `${one.name}(${one.args.map(operand).join(', ')})`
    case 'arithmetic':
      return `{${operand(one.left)} ${one.operator} ${operand(one.right)}}`
    case 'minus':
      return `-${operand(one.of)}`
  }
}
const read = (text: string): string => {
  const found = parseFilter(text)
  if (found.ok) return found.value === null ? '' : shown(found.value)
  return found.error.code === 'query_syntax' ? `${found.error.key} ${found.error.offset}+${found.error.length}` : found.error.code
}

describe('the grammar of display filters', () => {
  it.each([
    ['', ''],
    ['tcp', 'tcp'],
    ['a or b and c', '(a or (b and c))'],
    ['a || b && c ^^ d', '(a or ((b and c) xor d))'],
    ['not a and b', '(not a and b)'],
    ['!(a or b)', 'not (a or b)'],
    ['not a.b == 1', 'not any a.b equal 1'],
    ['a.b != 1', 'all a.b unequal 1'],
    ['a.b !== 1', 'any a.b unequal 1'],
    ['a.b ~= 1', 'any a.b unequal 1'],
    ['a.b === 1', 'all a.b equal 1'],
    ['any a.b != 1', 'any a.b unequal 1'],
    ['all a.b > 1', 'all a.b greater 1'],
    ['1 < a.b <= 9', '(any 1 less a.b and any a.b lessEqual 9)'],
    ['a.b in {1, 3..5,9}', 'any a.b in 1 3..5 9'],
    ['a.b not in {1}', 'not any a.b in 1'],
    ['a.b ~ "x" and c contains d', '(any a.b matches "x" and any c contains d)'],
    ['a.b & 3 + 1 * 2 == 1', 'any {a.b & {3 + {1 * 2}}} equal 1'],
    ['{a.b & 3} + 1', '{{a.b & 3} + 1}'],
    ['a.b - 1 - 2 == -3', 'any {{a.b - 1} - 2} equal -3'],
    ['tcp[0:2] == 00:50', 'any tcp[[0,2,null]] equal 00:50'],
    ['tcp[0-1,3,:4,-2:]', 'tcp[[0,null,1],[3,1,null],[0,4,null],[-2,null,null]]'],
    ['ip.addr#2 == 192.0.2.0/24', 'any ip.addr#[{"from":2,"to":2}] equal 192.0.2.0/24'],
    ['ip.addr#[1-2]', 'ip.addr#[{"from":1,"to":2}]'],
    ['ip.addr#[-1]', 'ip.addr#[{"from":-1,"to":-1}]'],
    ['@ip.src == c0:00', 'any @ip.src equal c0:00'],
    ['.tcp == 1', 'any .tcp equal 1'],
    ['ipv6.addr == ::1 or ipv6.addr == 2001:db8::/32', '(any ipv6.addr equal ::1 or any ipv6.addr equal 2001:db8::/32)'],
    ['max(a.b, 3) > len(c)', 'any max(a.b, 3) greater len(c)'],
    ['a == "x\\"\\x41\\n"', 'any a equal "x\\"A\\n"'],
    ['a == r"\\d\\""', 'any a equal "\\\\d\\\\\\""'],
    ["a == '\\x50'", "any a equal '80'"],
    ['a matches "\\w\\."', 'any a matches "\\\\w\\\\."'],
  ])('%s', (text, wanted) => {
    expect(read(text)).toBe(wanted)
  })

  it.each([
    ['a b', 'missing_operator 2+1'],
    ['(a', 'group_open 0+1'],
    ['()', 'group_empty 1+1'],
    ['a)', 'close_extra 1+1'],
    ['a and', 'missing_operand 5+0'],
    ['and a', 'missing_before 0+3'],
    ['== 1', 'missing_before 0+2'],
    ['a.b ==', 'missing_operand 6+0'],
    ['(a ==)', 'missing_operand 5+1'],
    ['a == "x', 'quote_open 5+2'],
    ['a == "\\q"', 'bad_escape 6+2'],
    ["a == 'xy'", 'bad_char 5+4'],
    ['a ? b', 'bad_character 2+1'],
    ['tcp[', 'slice_open 3+1'],
    ['tcp[1:0]', 'slice_bad 3+5'],
    ['tcp[x]', 'slice_bad 3+3'],
    ['ip.addr# == 1', 'layer_bad 9+2'],
    ['a in 1', 'set_missing 5+1'],
    ['a in {}', 'set_empty 6+1'],
    ['a in {1 2}', 'set_comma 8+1'],
    ['a in {1', 'brace_open 5+1'],
    ['a == ${b}', 'macro 5+1'],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, 'too_deep 100+1'],
    ['a'.repeat(9000), 'too_long 8192+808'],
  ])('%s is wrong', (text, wanted) => {
    expect(read(text)).toBe(wanted)
  })

  it('a chain of a thousand terms is not too deep', () => {
    const text = Array.from({ length: 900 }, (_, i) => `a==${i}`).join('||')
    expect(parseFilter(text).ok).toBe(true)
  })

  it('never throws, and points into the text', () => {
    const piece = fc.constantFrom(
      'a',
      'tcp.port',
      '==',
      '!=',
      '(',
      ')',
      '{',
      '}',
      '[0:2]',
      'in',
      'not',
      'and',
      '"x"',
      "'x'",
      '..',
      '#1',
      '-',
      '&',
      ',',
      '1',
      '\\',
      '"',
      '$',
      'é',
      '[',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('', ' '), (pieces, space) => {
        const text = pieces.join(space)
        const found = parseFilter(text)
        if (found.ok || found.error.code !== 'query_syntax') return
        expect(found.error.offset).toBeGreaterThanOrEqual(0)
        expect(found.error.offset + found.error.length).toBeLessThanOrEqual(text.length)
        expect(found.error.message).not.toMatch(/\{(?:found|after|max)\}/)
      }),
      { numRuns: 2000 },
    )
  })

  it('tokens lie one behind the other and leave out white space only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        let at = 0
        for (const { start, end, kind } of tokensOf(text)) {
          // A wrong escape is a token of its own, which begins inside its string.
          if (kind === 'bad') return
          expect(text.slice(at, start).trim()).toBe('')
          at = end
        }
        expect(at).toBe(text.length)
      }),
    )
  })
})
