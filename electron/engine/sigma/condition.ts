/**
 * Conditions: `selection and not 1 of filter_*`. Specification: Sigma rules, "Condition". Binding, loosest first: or, and,
 * not, `x of`, brackets.
 */
import type { Expression } from './detection.ts'

export interface ConditionError {
  /** 0-based offset in the condition's text. */
  readonly offset: number
  readonly message: string
}
export type ParsedCondition =
  { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly error: ConditionError }

const MAX_LENGTH = 16_384
const MAX_DEPTH = 64

interface Token {
  readonly text: string
  readonly offset: number
}

class Wrong extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** `names` are the detection's search identifiers; an expression refers to them by index. */
export function parseCondition(text: string, names: readonly string[]): ParsedCondition {
  try {
    return { ok: true, expression: new Parser(text, names).whole() }
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, error: { offset: error.offset, message: error.message } }
    throw error
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #names: readonly string[]
  readonly #end: number
  #at = 0
  #depth = 0

  constructor(text: string, names: readonly string[]) {
    this.#names = names
    this.#end = text.length
    this.#tokens = tokens(text)
  }

  whole(): Expression {
    if (this.#tokens.length === 0) throw new Wrong(0, 'the condition is empty')
    const expression = this.#or()
    const rest = this.#tokens[this.#at]
    if (rest !== undefined)
      throw new Wrong(
        rest.offset,
        rest.text === ')' ? 'this bracket was not opened' : `expected "and" or "or" before "${rest.text}"`,
      )
    return expression
  }

  #word(): string | undefined {
    return this.#tokens[this.#at]?.text.toLowerCase()
  }

  #or(): Expression {
    const of = [this.#and()]
    while (this.#word() === 'or') {
      this.#at++
      of.push(this.#and())
    }
    return of.length === 1 ? of[0]! : { op: 'or', of }
  }

  #and(): Expression {
    const of = [this.#not()]
    while (this.#word() === 'and') {
      this.#at++
      of.push(this.#not())
    }
    return of.length === 1 ? of[0]! : { op: 'and', of }
  }

  #not(): Expression {
    if (++this.#depth > MAX_DEPTH)
      throw new Wrong(this.#tokens[this.#at]?.offset ?? this.#end, 'the condition is nested too deeply')
    try {
      if (this.#word() !== 'not') return this.#primary()
      this.#at++
      return { op: 'not', of: this.#not() }
    } finally {
      this.#depth--
    }
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new Wrong(this.#end, 'the condition ends too early')
    const { text, offset } = token
    if (text === '(') {
      this.#at++
      const inner = this.#or()
      if (this.#tokens[this.#at]?.text !== ')')
        throw new Wrong(this.#tokens[this.#at]?.offset ?? this.#end, 'a closing bracket is missing')
      this.#at++
      return inner
    }
    if (this.#tokens[this.#at + 1]?.text.toLowerCase() === 'of') return this.#quantity(text.toLowerCase(), offset)
    if (text === ')') throw new Wrong(offset, 'something is missing before this bracket')
    if (/^(?:and|or|of)$/i.test(text)) throw new Wrong(offset, `something is missing before "${text}"`)
    const search = this.#names.indexOf(text)
    if (search < 0)
      throw new Wrong(
        offset,
        text.includes('*') ? `"1 of" or "all of" is missing before ${text}` : `there is no search identifier "${text}"`,
      )
    this.#at++
    return { op: 'search', search }
  }

  #quantity(quantity: string, offset: number): Expression {
    const all = quantity === 'all'
    const least = quantity === 'any' ? 1 : /^\d{1,4}$/.test(quantity) ? Number(quantity) : 0
    if (!all && least === 0) throw new Wrong(offset, `expected a number, "any" or "all" before "of", not "${quantity}"`)
    const pattern = this.#tokens[this.#at + 2]
    if (pattern === undefined) throw new Wrong(this.#end, 'the condition ends too early')
    if (!/^[\w.*-]+$/.test(pattern.text)) throw new Wrong(pattern.offset, `expected a search identifier, not "${pattern.text}"`)
    this.#at += 3
    const of = matching(pattern.text, this.#names).map((search): Expression => ({ op: 'search', search }))
    if (of.length === 0) throw new Wrong(pattern.offset, `no search identifier fits "${pattern.text}"`)
    if (least > of.length) throw new Wrong(offset, `${least} of ${of.length} can never be`)
    if (of.length === 1) return of[0]!
    if (all || least === of.length) return { op: 'and', of }
    return least === 1 ? { op: 'or', of } : { op: 'count', least, of }
  }
}

function tokens(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw new Wrong(MAX_LENGTH, `the condition is longer than ${MAX_LENGTH} characters`)
  const found: Token[] = []
  const lexer = /[\w.*-]+|\S/g
  for (const match of text.matchAll(lexer)) {
    if (match[0] === '|') throw new Wrong(match.index, 'aggregations are not part of Sigma 2: use a correlation')
    if (!/^[\w.*()-]/.test(match[0])) throw new Wrong(match.index, `unexpected "${match[0]}"`)
    found.push({ text: match[0], offset: match.index })
  }
  return found
}

/** Names that begin with `_` are left out, unless the pattern asks for them. */
function matching(pattern: string, names: readonly string[]): number[] {
  const all = pattern.toLowerCase() === 'them'
  const pieces = pattern.split('*')
  const found: number[] = []
  names.forEach((name, index) => {
    if (name.startsWith('_') && !pattern.startsWith('_')) return
    if (all || fits(name, pieces)) found.push(index)
  })
  return found
}

function fits(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0]!
  if (pieces.length === 1) return name === first
  const last = pieces.at(-1)!
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= name.length - last.length
}
