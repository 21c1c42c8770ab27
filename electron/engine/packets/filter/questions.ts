/**
 * What of a filter the dissectors may be asked about, each a filter of its own: parts that need the full dissection as a whole, and
 * single tests that cannot always be answered here. How they are put together stays here, so that what the index knows (the number
 * of a packet or stream, say) is never asked of dissectors that see a part of the capture.
 */
import type { CheckedFilter, Leaf, Test } from './checked.ts'

export interface Question {
  readonly text: string
  /** It needs the dissectors for every packet. Else: for those of which neither index nor headers can tell. */
  readonly always: boolean
}
export interface Questions {
  readonly list: readonly Question[]
  /** Which question a part of the filter is, as its index in the list. */
  readonly of: ReadonlyMap<Test, number>
}

export function questionsOf({ test, leaves }: Pick<CheckedFilter, 'test' | 'leaves'>): Questions {
  const list: Question[] = []
  const of = new Map<Test, number>()
  const known = new Map<Test, Leaf>(leaves.map((leaf) => [leaf.test, leaf]))
  // What is written twice is asked once.
  const numbers = new Map<string, number>()
  const add = (part: Test, text: string, always: boolean): void => {
    let number = numbers.get(text)
    if (number === undefined) {
      number = list.push({ text, always }) - 1
      numbers.set(text, number)
    }
    of.set(part, number)
  }
  /** The text of a part that needs dissection as a whole; of any other null, and its parts are questions. */
  const visit = (part: Test): string | null => {
    switch (part.kind) {
      case 'and':
      case 'or':
      case 'xor': {
        const [left, right] = [visit(part.left), visit(part.right)]
        if (left !== null && right !== null) return `(${left}) ${part.kind} (${right})`
        if (left !== null) add(part.left, left, true)
        if (right !== null) add(part.right, right, true)
        return null
      }
      case 'not': {
        const inner = visit(part.inner)
        return inner === null ? null : `not (${inner})`
      }
      default: {
        const leaf = known.get(part)
        if (leaf === undefined) return null
        if (leaf.how === 'dissect') return leaf.text
        add(part, leaf.text, false)
        return null
      }
    }
  }
  const whole = test === null ? null : visit(test)
  if (test !== null && whole !== null) add(test, whole, true)
  return { list, of }
}
