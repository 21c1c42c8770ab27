/**
 * Conditions over facts: `impact >= likely and not (alerts.open = 0)`. What is not known makes neither true nor false (Kleene), so
 * that nothing is answered by what nobody looked at.
 */
import {
  FACTS,
  FACT_NAMES,
  isFactName,
  type FactName,
  type Facts,
  type FactValue,
} from '../../../../shared/model/playbook-facts.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Condition =
  | { readonly op: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly op: 'not'; readonly of: Condition }
  /** A fact that is yes or no. */
  | { readonly op: 'is'; readonly fact: FactName }
  | { readonly op: 'compare'; readonly fact: FactName; readonly by: Operator; readonly value: string | number }
  | { readonly op: 'in'; readonly fact: FactName; readonly values: readonly (string | number)[] }
  | { readonly op: 'has'; readonly fact: FactName; readonly value: string }

export interface ConditionError {
  /** 0-based, in the condition's text. */
  readonly offset: number
  readonly message: string
}

export const MAX_CONDITION = 1000
const MAX_NESTING = 32

interface Token {
  readonly kind: 'word' | 'sign' | 'text' | 'end'
  readonly text: string
  readonly offset: number
}

class Wrong extends Error {
  readonly at: ConditionError

  constructor(offset: number, message: string) {
    super(message)
    this.at = { offset, message }
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  const form = /\s+|([A-Za-z0-9_.-]+)|(<=|>=|!=|[=<>(),])|"([^"\n]*)"|([^])/g
  for (let match = form.exec(text); match !== null; match = form.exec(text)) {
    const offset = match.index
    if (match[1] !== undefined) found.push({ kind: 'word', text: match[1], offset })
    else if (match[2] !== undefined) found.push({ kind: 'sign', text: match[2], offset })
    else if (match[3] !== undefined) found.push({ kind: 'text', text: match[3], offset })
    else if (match[4] !== undefined) throw new Wrong(offset, `'${match[4]}' has no place in a condition`)
  }
  found.push({ kind: 'end', text: '', offset: text.length })
  return found
}

class Parser {
  #next = 0
  #depth = 0
  readonly #tokens: readonly Token[]

  constructor(text: string) {
    this.#tokens = tokens(text)
  }

  whole(): Condition {
    const found = this.#or()
    const rest = this.#peek()
    if (rest.kind !== 'end') throw new Wrong(rest.offset, `'${rest.text}' stands where 'and', 'or' or the end is expected`)
    return found
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }
  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }
  #takes(word: string): boolean {
    const token = this.#peek()
    if (token.kind === 'text' || token.text !== word) return false
    this.#next++
    return true
  }
  #expect(sign: string): void {
    const token = this.#peek()
    if (!this.#takes(sign)) throw new Wrong(token.offset, `'${sign}' is missing`)
  }

  #or(): Condition {
    let left = this.#and()
    while (this.#takes('or')) left = { op: 'or', left, right: this.#and() }
    return left
  }
  #and(): Condition {
    let left = this.#not()
    while (this.#takes('and')) left = { op: 'and', left, right: this.#not() }
    return left
  }
  #not(): Condition {
    const { offset } = this.#peek()
    if (this.#depth >= MAX_NESTING) throw new Wrong(offset, 'the condition is nested too deeply')
    this.#depth++
    try {
      if (this.#takes('not')) return { op: 'not', of: this.#not() }
      if (!this.#takes('(')) return this.#comparison()
      const inner = this.#or()
      this.#expect(')')
      return inner
    } finally {
      this.#depth--
    }
  }

  #comparison(): Condition {
    const { kind, text, offset } = this.#take()
    if (kind !== 'word') throw new Wrong(offset, kind === 'end' ? 'a fact is missing' : `a fact stands here, not '${text}'`)
    if (!isFactName(text)) throw new Wrong(offset, `there is no fact ${text}; there are ${FACT_NAMES.join(', ')}`)
    const fact = text
    const { type } = FACTS[fact]
    const by = this.#peek()
    if (this.#takes('has')) {
      if (type.kind !== 'list') throw new Wrong(by.offset, `${fact} is no list: compare it`)
      return { op: 'has', fact, value: String(this.#value(fact)) }
    }
    if (type.kind === 'list') throw new Wrong(by.offset, `${fact} is a list: say '${fact} has <value>'`)
    if (type.kind === 'yesno') return { op: 'is', fact }
    if (this.#takes('in')) {
      this.#expect('(')
      const values = [this.#value(fact)]
      while (this.#takes(',')) values.push(this.#value(fact))
      this.#expect(')')
      return { op: 'in', fact, values }
    }
    if (by.kind !== 'sign' || !['=', '!=', '<', '<=', '>', '>='].includes(by.text))
      throw new Wrong(by.offset, `${fact} is compared by =, !=, <, <=, >, >= or in`)
    this.#take()
    if (type.kind === 'value' && !type.ordered && by.text !== '=' && by.text !== '!=')
      throw new Wrong(by.offset, `values of ${fact} have no order: use =, != or in`)
    return { op: 'compare', fact, by: by.text as Operator, value: this.#value(fact) }
  }

  #value(fact: FactName): string | number {
    const { kind, text, offset } = this.#take()
    if (kind !== 'word' && kind !== 'text') throw new Wrong(offset, `a value of ${fact} is missing`)
    const { type } = FACTS[fact]
    if (type.kind === 'number') {
      if (!/^-?\d{1,12}(?:\.\d{1,6})?$/.test(text)) throw new Wrong(offset, `${fact} is a number, ${text} is none`)
      return Number(text)
    }
    if (type.kind === 'value' && !(type.values as readonly string[]).includes(text))
      throw new Wrong(offset, `${fact} is one of ${type.values.join(', ')}`)
    return text
  }
}

/** Reads a condition; names, values and operators fit their facts. Never throws. */
export function parseCondition(text: string): Result<Condition, ConditionError> {
  if (text.length > MAX_CONDITION) return fail({ offset: 0, message: `a condition has at most ${MAX_CONDITION} characters` })
  try {
    return ok(new Parser(text).whole())
  } catch (error) {
    if (error instanceof Wrong) return fail(error.at)
    throw error
  }
}

/** True, false, or null where what is known does not tell. */
export function evaluate(condition: Condition, facts: Facts): boolean | null {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const decides = condition.op === 'or'
      const left = evaluate(condition.left, facts)
      const right = evaluate(condition.right, facts)
      if (left === decides || right === decides) return decides
      return left === null || right === null ? null : !decides
    }
    case 'not': {
      const inner = evaluate(condition.of, facts)
      return inner === null ? null : !inner
    }
    case 'is': {
      const value = facts[condition.fact]
      return typeof value === 'boolean' ? value : null
    }
    case 'has': {
      const value = facts[condition.fact]
      const sought = condition.value.toLowerCase()
      return Array.isArray(value) ? value.some((item) => item.toLowerCase() === sought) : null
    }
    case 'in': {
      const known = condition.values.map((value) => compared(condition.fact, '=', value, facts))
      return known.includes(true) ? true : known.includes(null) ? null : false
    }
    case 'compare':
      return compared(condition.fact, condition.by, condition.value, facts)
  }
}

function compared(fact: FactName, by: Operator, value: string | number, facts: Facts): boolean | null {
  const { type } = FACTS[fact]
  const known = facts[fact]
  const rank = (of: FactValue | undefined): number | null => {
    if (type.kind === 'number') return typeof of === 'number' && Number.isFinite(of) ? of : null
    if (type.kind !== 'value' || typeof of !== 'string') return null
    const found = (type.values as readonly string[]).indexOf(of)
    return found < 0 ? null : found
  }
  const [left, right] = [rank(known), rank(value)]
  if (left === null || right === null) return null
  switch (by) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

/** Facts a condition speaks of, each once. */
export function factsOf(condition: Condition): FactName[] {
  const found = new Set<FactName>()
  const walk = (node: Condition): void => {
    if ('fact' in node) found.add(node.fact)
    else if (node.op === 'not') walk(node.of)
    else {
      walk(node.left)
      walk(node.right)
    }
  }
  walk(condition)
  return [...found]
}

/** The value of a condition's text; null where it cannot be read (a run's playbook was read before). */
export function holds(text: string, facts: Facts): boolean | null {
  const read = parseCondition(text)
  return read.ok ? evaluate(read.value, facts) : null
}
