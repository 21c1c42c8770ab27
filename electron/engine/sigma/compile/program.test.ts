import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import type { Expression, Item, Search } from '../detection.ts'
import { Program } from './program.ts'
import { Questions } from './questions.ts'
import { RowView } from './row-view.ts'
import { SlotTexts } from './slot-texts.ts'

/** An item asks questions by their numbers, which stand as its values' lines. */
const itemOf = (join: 'any' | 'all', questions: readonly number[]): Item => ({
  field: 'A',
  join,
  negate: false,
  values: questions.map((line) => ({ test: { kind: 'null' }, path: '', line })),
})
const asked = (item: Item): number[] => item.values.map(({ line }) => line)
const QUESTIONS = 6
const SEARCHES = 2

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const of = fc.array(tie('expression'), { maxLength: 4 })
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc
        .tuple(fc.constantFrom('any' as const, 'all' as const), fc.array(fc.nat(QUESTIONS - 1), { minLength: 1, maxLength: 3 }))
        .map(([join, questions]): Expression => ({ op: 'item', item: itemOf(join, questions) })),
      fc.tuple(fc.constantFrom('and' as const, 'or' as const), of).map(([op, operands]): Expression => ({ op, of: operands })),
      tie('expression').map((one): Expression => ({ op: 'not', of: one })),
      fc.tuple(fc.integer({ min: 1, max: 4 }), of).map(([least, operands]): Expression => ({ op: 'count', least, of: operands })),
      fc.nat(SEARCHES - 1).map((search): Expression => ({ op: 'search', search })),
    ),
  }
})
/** Searches name no searches. */
const plain = (one: Expression): boolean =>
  one.op === 'search' ? false : one.op === 'item' ? true : one.op === 'not' ? plain(one.of) : one.of.every(plain)
const searches = fc.array(expression.filter(plain), { minLength: SEARCHES, maxLength: SEARCHES })

function truth(one: Expression, all: readonly Search[], answers: readonly boolean[]): boolean {
  switch (one.op) {
    case 'and':
      return one.of.every((operand) => truth(operand, all, answers))
    case 'or':
      return one.of.some((operand) => truth(operand, all, answers))
    case 'count':
      return one.of.filter((operand) => truth(operand, all, answers)).length >= one.least
    case 'not':
      return !truth(one.of, all, answers)
    case 'search':
      return truth(all[one.search]!.expression, all, answers)
    case 'item':
      return one.item.join === 'all'
        ? asked(one.item).every((question) => answers[question])
        : asked(one.item).some((question) => answers[question])
  }
}

describe('conditions as steps', () => {
  it('are true of what they are true of, and ask each question once', () => {
    fc.assert(
      fc.property(
        fc.array(expression, { minLength: 1, maxLength: 4 }),
        searches,
        fc.array(fc.array(fc.boolean(), { minLength: QUESTIONS, maxLength: QUESTIONS }), { minLength: 1, maxLength: 4 }),
        (conditions, written, events) => {
          const view = new RowView(new FieldRegistry())
          const texts = new SlotTexts(view)
          const questions = new Questions(view, texts)
          const program = new Program(questions)
          let answers: readonly boolean[] = []
          const times = new Array<number>(QUESTIONS).fill(0)
          for (let i = 0; i < QUESTIONS; i++)
            questions.add({
              kind: 'asked',
              slot: 0,
              literals: [],
              ask: () => {
                times[i]!++
                return answers[i]!
              },
            })
          const all = written.map((one, i): Search => ({ name: `search${i}`, expression: one }))
          const firsts = conditions.map((condition) => program.write(condition, all, (operands) => operands, asked))
          texts.build()
          questions.build()
          program.build()
          view.show(new EventRow())
          for (const event of events) {
            answers = event
            times.fill(0)
            questions.next()
            expect(firsts.map((first) => program.run(first))).toEqual(conditions.map((condition) => truth(condition, all, event)))
            expect(Math.max(...times)).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
