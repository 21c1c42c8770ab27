/** Rules whose values stand for lists → the same rules with the lists' values. */
import type { Detection, Expression, Item, ItemValue, Placeholder } from '../detection.ts'
import type { SigmaValue } from '../modifiers/define.ts'
import type { Problem } from '../read-rule.ts'
import { parsePattern } from '../text-pattern.ts'
import { modified, testOf } from '../value-test.ts'
import { filled, listsIn } from './placeholder-text.ts'

/** Values by the list's name. */
export type Lists = ReadonlyMap<string, readonly string[]>

/** What may ask for lists: a rule or a filter. */
interface Asking {
  readonly file: string
  readonly detection: unknown
  readonly lists?: readonly string[]
}

/** Values of one rule, once its placeholders are filled; and regular expressions among them. */
const MOST_VALUES = 100_000
const MOST_REGEXES = 500
/** Values of all rules: they lie in every thread that matches. */
const MOST_OF_ALL = 500_000

export interface FilledRules<T> {
  readonly filled: readonly T[]
  /** Lists that are missing and values that cannot be: none of it stops a rule, that value matches nothing. */
  readonly problems: readonly Problem[]
}

interface Kept {
  readonly rule: Asking
  readonly values: number
  readonly problems: readonly Problem[]
}

/** Fills with one set of lists. A rule that was filled before is given as the same object. */
export class PlaceholderFiller {
  readonly lists: Lists
  readonly #known = new WeakMap<Asking, Kept>()

  constructor(lists: Lists = new Map()) {
    this.lists = lists
  }

  fill<T extends Asking>(rules: readonly T[]): FilledRules<T> {
    const problems: Problem[] = []
    let left = MOST_OF_ALL
    const done = rules.map((rule): T => {
      if (rule.lists === undefined) return rule
      let kept = this.#known.get(rule)
      if (kept === undefined) this.#known.set(rule, (kept = fillRule(rule, this.lists)))
      if (kept.values > left) {
        problems.push(
          problemAt(rule, { line: 1, column: 1 }, `more than ${MOST_OF_ALL} values of lists in all rules: left out here`),
        )
        return rule
      }
      left -= kept.values
      problems.push(...kept.problems)
      return kept.rule as T
    })
    return { filled: done, problems }
  }
}

const problemAt = ({ file }: Asking, { line, column }: { line: number; column: number }, message: string): Problem => ({
  file,
  line,
  column,
  message,
  fatal: false,
})

function fillRule(rule: Asking, lists: Lists): Kept {
  const problems: Problem[] = []
  let values = 0
  let regexes = 0
  const fillValue = (value: ItemValue, placeholder: Placeholder, field: string | null): readonly ItemValue[] => {
    const nothing = (message: string): readonly ItemValue[] => {
      problems.push(problemAt(rule, placeholder, `${message}; this value matches nothing`))
      return [value]
    }
    const missing = listsIn(placeholder.text).filter((name) => !lists.has(name))
    if (missing.length > 0) return nothing(missing.map((name) => missingList(name, lists)).join(', '))
    const texts: ItemValue[] = []
    for (const text of filled(placeholder.text, (name) => lists.get(name) ?? [])) {
      if (values + texts.length >= MOST_VALUES) return nothing(`more than ${MOST_VALUES} values of lists in one rule`)
      const done = modified(valueOf(text), placeholder.modifiers, field)
      if (typeof done === 'string') {
        problems.push(problemAt(rule, placeholder, `the value ${text.slice(0, 80)} is left out: ${done}`))
        if (problems.length >= 20) return nothing('too many values that cannot be')
        continue
      }
      for (const one of done) {
        const { test, note } = testOf(one, field)
        if (note !== null) problems.push(problemAt(rule, placeholder, note))
        if (test.kind === 'regex' && ++regexes > MOST_REGEXES) return nothing(`more than ${MOST_REGEXES} regular expressions`)
        texts.push({ test, path: value.path, line: value.line })
      }
    }
    values += texts.length
    // An item without any value would hold where all of them must.
    return texts.length > 0 ? texts : [{ ...value, test: { kind: 'never' } }]
  }
  const fillItem = (item: Item): Item =>
    item.values.some(({ test }) => test.kind === 'never' && test.placeholder !== undefined)
      ? {
          ...item,
          values: item.values.flatMap((value) =>
            value.test.kind === 'never' && value.test.placeholder !== undefined
              ? fillValue(value, value.test.placeholder, item.field)
              : [value],
          ),
        }
      : item
  const fillIn = (expression: Expression): Expression => {
    switch (expression.op) {
      case 'item':
        return { op: 'item', item: fillItem(expression.item) }
      case 'not':
        return { op: 'not', of: fillIn(expression.of) }
      case 'search':
        return expression
      default:
        return { ...expression, of: expression.of.map(fillIn) }
    }
  }
  const { searches, condition } = rule.detection as Detection
  const detection: Detection = {
    searches: searches.map(({ name, expression }) => ({ name, expression: fillIn(expression) })),
    condition,
  }
  return { rule: { ...rule, detection }, values, problems }
}

function missingList(name: string, lists: Lists): string {
  const other = [...lists.keys()].find((known) => known.toLowerCase() === name.toLowerCase())
  return `there is no list ${name}${other === undefined ? '' : ` (there is ${other})`}`
}

/** Numbers as numbers, so that they can be compared. */
const valueOf = (text: string): SigmaValue =>
  /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) && String(Number(text)) === text
    ? { type: 'number', value: Number(text), text, unit: null }
    : { type: 'text', parts: parsePattern(text), source: text, cased: false, bytes: false }
