import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCondition } from '../condition.ts'
import type { Expression } from '../detection.ts'
import { alternativesOf } from './alternatives.ts'

const NAMES = ['a', 'b', 'c', 'd']
function parsed(text: string, names: readonly string[] = NAMES): Expression {
  const found = parseCondition(text, names)
  if (!found.ok) throw new Error(found.error.message)
  return found.expression
}
/** `ab` with a and b, `a-b` with a and without b. */
function read(text: string): string[] | string {
  const found = alternativesOf(parsed(text))
  if (!found.ok) return found.message
  const names = (steps: readonly number[]): string => steps.map((step) => NAMES[step]).join('')
  return found.of.map(({ with: wanted, without }) => names(wanted) + (without.length === 0 ? '' : `-${names(without)}`))
}

describe('alternatives of a condition', () => {
  it.each([
    ['a', ['a']],
    ['b and a', ['ba']],
    ['a or b', ['a', 'b']],
    ['a and b or c and d', ['ab', 'cd']],
    ['a and (b or c)', ['ab', 'ac']],
    ['a and not b', ['a-b']],
    ['a and not (b or c)', ['a-bc']],
    ['a and not (b and c)', ['a-b', 'a-c']],
    ['not not a', ['a']],
    ['1 of them', ['a', 'b', 'c', 'd']],
    ['3 of them', ['abc', 'abd', 'acd', 'bcd']],
    ['all of them', ['abcd']],
    ['d and not 3 of them', ['d-ab', 'd-ac', 'd-bc']],
    ['a and a', ['a']],
    ['a and not a or b', ['b']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['not a', 'must name a rule that occurs'],
    ['a or not b', 'must name a rule that occurs'],
    ['not (a and b)', 'must name a rule that occurs'],
    ['a and not a', 'can never hold'],
    ['1 of them and not 1 of them', 'can never hold'],
  ])('%s is refused', (text, message) => {
    expect(read(text)).toContain(message)
  })

  it('says the same as the condition, whatever occurs', () => {
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.nat({ max: 3 }).map((search): Expression => ({ op: 'search', search })),
        tie('expression').map((of): Expression => ({ op: 'not', of })),
        fc
          .tuple(fc.constantFrom<'and' | 'or'>('and', 'or'), fc.array(tie('expression'), { minLength: 2, maxLength: 3 }))
          .map(([op, of]): Expression => ({ op, of })),
        fc
          .array(tie('expression'), { minLength: 2, maxLength: 4 })
          .chain((of) => fc.integer({ min: 1, max: of.length }).map((least): Expression => ({ op: 'count', least, of }))),
      ),
    }))
    let judged = 0
    fc.assert(
      fc.property(expression, (one) => {
        const found = alternativesOf(one)
        for (let there = 0; there < 16; there++) {
          const occurs = (step: number): boolean => (there & (1 << step)) !== 0
          const expected = isTrue(one, occurs)
          if (found.ok) {
            judged++
            const holds = found.of.some((each) => each.with.every(occurs) && !each.without.some(occurs))
            expect(holds).toBe(expected)
          } else if (found.message.includes('never hold')) expect(expected).toBe(false)
        }
        // What is refused for this would hold where nothing occurs.
        if (!found.ok && found.message.includes('must name')) expect(isTrue(one, () => false)).toBe(true)
      }),
    )
    expect(judged).toBeGreaterThan(0)
  })

  it('is bounded: millions of branches are refused before they are there', () => {
    const names = Array.from({ length: 100 }, (_, i) => `r${i}`)
    const pairs = Array.from({ length: 50 }, (_, i) => `(r${2 * i} or r${2 * i + 1})`).join(' and ')
    const nested = Array.from({ length: 20 }, () => '(not (').join('') + 'r0 and r1' + '))'.repeat(20)
    for (const text of [pairs, '50 of them', `not 50 of them and r0`, `${nested} or ${pairs}`])
      expect(alternativesOf(parsed(text, names))).toEqual({ ok: false, message: 'the condition has more than 64 alternatives' })
    // There are 10^29 ways to take fifty of a hundred: if they were expanded this would not end.
  })
})

function isTrue(one: Expression, occurs: (step: number) => boolean): boolean {
  switch (one.op) {
    case 'search':
      return occurs(one.search)
    case 'not':
      return !isTrue(one.of, occurs)
    case 'and':
      return one.of.every((each) => isTrue(each, occurs))
    case 'or':
      return one.of.some((each) => isTrue(each, occurs))
    case 'count':
      return one.of.filter((each) => isTrue(each, occurs)).length >= one.least
    case 'item':
      return false
  }
}
