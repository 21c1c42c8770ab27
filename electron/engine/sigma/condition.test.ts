import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCondition } from './condition.ts'
import type { Expression } from './detection.ts'

const NAMES = ['selection_a', 'selection_b', 'filter_main', '_hidden', 'keywords', 'a']

/** An expression in a form that shows how it is bound. */
function show(expression: Expression): string {
  switch (expression.op) {
    case 'search':
      return NAMES[expression.search]!
    case 'not':
      return `!${show(expression.of)}`
    case 'and':
    case 'or':
      return `(${expression.of.map(show).join(expression.op === 'and' ? ' & ' : ' | ')})`
    case 'count':
      return `${expression.least}{${expression.of.map(show).join(', ')}}`
    case 'item':
      return '?'
  }
}
const read = (text: string): string => {
  const parsed = parseCondition(text, NAMES)
  return parsed.ok ? show(parsed.expression) : `${parsed.error.offset}: ${parsed.error.message}`
}

describe('conditions', () => {
  it.each([
    ['a', 'a'],
    ['a and keywords or filter_main', '((a & keywords) | filter_main)'],
    ['a or keywords and filter_main', '(a | (keywords & filter_main))'],
    ['not a and keywords', '(!a & keywords)'],
    ['not (a and keywords)', '!(a & keywords)'],
    ['not not a', '!!a'],
    ['1 of selection_*', '(selection_a | selection_b)'],
    ['any of selection_*', '(selection_a | selection_b)'],
    ['all of selection_*', '(selection_a & selection_b)'],
    ['2 of selection_*', '(selection_a & selection_b)'],
    ['2 of them', '2{selection_a, selection_b, filter_main, keywords, a}'],
    ['1 of _*', '_hidden'],
    ['1 of *_main', 'filter_main'],
    ['all of s*_b', 'selection_b'],
    ['a AND NOT 1 OF filter*', '(a & !filter_main)'],
    ['(a)', 'a'],
    ['( ( not a ) or keywords)', '(!a | keywords)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  it.each([
    ['', '0: the condition is empty'],
    ['a and', '5: the condition ends too early'],
    ['a keywords', '2: expected "and" or "or" before "keywords"'],
    ['a and nobody', '6: there is no search identifier "nobody"'],
    ['1 of nobody*', '5: no search identifier fits "nobody*"'],
    ['3 of selection_*', '0: 3 of 2 can never be'],
    ['some of them', '0: expected a number, "any" or "all" before "of", not "some"'],
    ['(a', '2: a closing bracket is missing'],
    ['a)', '1: this bracket was not opened'],
    ['a | count() > 5', '2: aggregations are not part of Sigma 2: use a correlation'],
    ['selection_*', '0: "1 of" or "all of" is missing before selection_*'],
    ['a and & keywords', '6: unexpected "&"'],
    ['and a', '0: something is missing before "and"'],
    [`${'('.repeat(100)}a`, '64: the condition is nested too deeply'],
  ])('refuses %s', (text, expected) => expect(read(text)).toBe(expected))

  it('never throws, and an error stands inside the text', () => {
    const word = fc.constantFrom('a', 'and', 'or', 'not', '(', ')', '1', 'of', 'them', 'all', 'selection_*', '|', '*', '§', '>')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const parsed = parseCondition(text, NAMES)
          if (!parsed.ok) expect(parsed.error.offset).toBeLessThanOrEqual(text.length)
        },
      ),
    )
  })
})
