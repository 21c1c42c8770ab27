/**
 * Conditions of rules as questions that lead to further questions, in one list of numbers. Each operand of a condition is written for
 * what comes after it, so nothing is remembered on the way but how many of a `count` are still wanted.
 */
import type { Expression, Item, Search } from '../detection.ts'
import type { Questions } from './questions.ts'

/** Where a condition ends. */
export const YES = -1
export const NO = -2

/** Of a step: what it does, of what, where to go on if so, and if not. */
const STEP = 4
/** Asks a question. */
const ASK = 0
/** So many (what stands last) are wanted of a counter. */
const WANT = 1
/** One fewer is wanted of a counter: if none is any more. */
const ONE = 2

export class Program {
  readonly #questions: Questions
  #steps = new Int32Array(0)
  #counters = new Int32Array(0)
  #written: number[] = []
  #nesting = 0

  constructor(questions: Questions) {
    this.#questions = questions
  }

  #step(what: number, of: number, so: number, not: number): number {
    return this.#written.push(what, of, so, not) / STEP - 1
  }

  /**
   * Writes a condition and gives its first step. `order`: operands in the order in which they are asked. `asked`: what an item asks,
   * any of these questions, or each, as its values are joined.
   */
  write(
    condition: Expression,
    searches: readonly Search[],
    order: (operands: readonly Expression[]) => readonly Expression[],
    asked: (item: Item) => readonly number[],
  ): number {
    const known = new Map<string, number>()
    const write = (expression: Expression, so: number, not: number, depth: number): number => {
      switch (expression.op) {
        case 'and':
          return order(expression.of).reduceRight((next, one) => write(one, next, not, depth), so)
        case 'or':
          return order(expression.of).reduceRight((next, one) => write(one, so, next, depth), not)
        case 'count': {
          this.#nesting = Math.max(this.#nesting, depth + 1)
          let next = not
          for (const one of expression.of.toReversed()) next = write(one, this.#step(ONE, depth, so, next), next, depth + 1)
          return this.#step(WANT, depth, next, expression.least)
        }
        case 'not':
          return write(expression.of, not, so, depth)
        case 'search': {
          const key = `${expression.search} ${so} ${not} ${depth}`
          let first = known.get(key)
          if (first === undefined) known.set(key, (first = write(searches[expression.search]!.expression, so, not, depth)))
          return first
        }
        case 'item':
          return expression.item.join === 'all'
            ? asked(expression.item).reduceRight((next, question) => this.#step(ASK, question, next, not), so)
            : asked(expression.item).reduceRight((next, question) => this.#step(ASK, question, so, next), not)
      }
    }
    return write(condition, YES, NO, 0)
  }

  /** After the last `write`. */
  build(): void {
    this.#steps = Int32Array.from(this.#written)
    this.#counters = new Int32Array(this.#nesting)
    this.#written = []
  }

  /** Whether the condition that begins with this step is true of the event that questions are asked of. */
  run(step: number): boolean {
    const steps = this.#steps
    while (step >= 0) {
      const at = step * STEP
      const of = steps[at + 1]!
      let so: boolean
      switch (steps[at]) {
        case ASK:
          so = this.#questions.answer(of)
          break
        case WANT:
          this.#counters[of] = steps[at + 3]!
          so = true
          break
        default:
          so = --this.#counters[of]! === 0
      }
      step = so ? steps[at + 2]! : steps[at + 3]!
    }
    return step === YES
  }
}
