/**
 * Grammar of Wireshark's display filters (wireshark-filter(4)), from loosest to tightest: or, xor, and, not, a comparison, then
 * `&`, `+ -`, `* / %`, a sign, a slice. Arithmetic is grouped with braces, terms with parentheses.
 */
import { fail, ok, type Result, type WatchfloorError } from '../../../../shared/model/result.ts'
import { filterError, type FilterErrorKey } from './errors.ts'
import { readLayers, readSlices } from './ranges.ts'
import { tokensOf, type Token, type TokenKind } from './tokens.ts'
import type { ArithmeticOperator, Operand, Quantifier, SetItem, Span, Term } from './tree.ts'

export const MOST_FILTER_LENGTH = 8192
const MOST_DEPTH = 100

/** Null is a filter of nothing but white space: every packet. */
export function parseFilter(text: string): Result<Term | null> {
  if (text.length > MOST_FILTER_LENGTH)
    return fail(filterError('too_long', { start: MOST_FILTER_LENGTH, end: text.length }, { max: String(MOST_FILTER_LENGTH) }))
  try {
    const parser = new Parser(text)
    return ok(parser.whole())
  } catch (error) {
    if (error instanceof Wrong) return fail(error.why)
    throw error
  }
}

/** How the parser leaves its recursion; never seen outside of this file. */
class Wrong extends Error {
  readonly why: WatchfloorError
  constructor(why: WatchfloorError) {
    super(why.message)
    this.why = why
  }
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  whole(): Term | null {
    if (this.#peek().kind === 'end') return null
    const term = this.#or()
    const rest = this.#peek()
    if (rest.kind === 'end') return term
    if (rest.kind === ')' || rest.kind === '}') this.#wrong('close_extra', rest)
    if (rest.kind === 'bad') this.#bad(rest)
    this.#wrong(startsOperand(rest.kind) || rest.kind === 'not' || rest.kind === '(' ? 'missing_operator' : 'unexpected', rest)
  }

  #peek(): Token {
    return this.#tokens[this.#at]!
  }
  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#at++
    return token
  }
  #words({ start, end }: Span): string {
    return this.#text.slice(start, end)
  }
  #wrong(key: FilterErrorKey, at: Span, values: Readonly<Record<string, string>> = {}): never {
    throw new Wrong(filterError(key, at, { found: this.#words(at), ...values }))
  }
  #bad(token: Token & { readonly kind: 'bad' }): never {
    throw new Wrong(filterError(token.key, token, { found: token.found }))
  }
  /** Something has to stand here, and does not. */
  #missing(): never {
    const token = this.#peek()
    if (token.kind === 'bad') this.#bad(token)
    const before = this.#tokens[this.#at - 1]
    if (token.kind === 'end')
      return before === undefined
        ? this.#wrong('ends_early', token)
        : this.#wrong('missing_operand', { start: this.#text.length, end: this.#text.length }, { after: this.#words(before) })
    if (token.kind === ')' && before?.kind === '(') this.#wrong('group_empty', token)
    if (before === undefined && token.kind !== ')') this.#wrong('missing_before', token)
    if (token.kind === ')' && before !== undefined) this.#wrong('missing_operand', token, { after: this.#words(before) })
    this.#wrong('unexpected', token)
  }
  #deeper<T>(at: Span, read: () => T): T {
    if (++this.#depth > MOST_DEPTH) this.#wrong('too_deep', at, { max: String(MOST_DEPTH) })
    const found = read()
    this.#depth--
    return found
  }

  #or(): Term {
    return this.#binary('or', () => this.#binary('xor', () => this.#binary('and', () => this.#not())))
  }
  #binary(kind: 'and' | 'or' | 'xor', tighter: () => Term): Term {
    const terms = [tighter()]
    while (this.#peek().kind === kind) {
      this.#take()
      terms.push(tighter())
    }
    return balanced(kind, terms)
  }
  #not(): Term {
    const token = this.#peek()
    if (token.kind !== 'not') return this.#relation()
    return this.#deeper(token, () => {
      this.#take()
      const inner = this.#not()
      return { kind: 'not', inner, start: token.start, end: inner.end }
    })
  }

  #relation(): Term {
    const first = this.#peek()
    if (first.kind === '(')
      return this.#deeper(first, () => {
        this.#take()
        const inner = this.#or()
        const close = this.#peek()
        if (close.kind === 'end') this.#wrong('group_open', first)
        if (close.kind === 'bad') this.#bad(close)
        if (close.kind !== ')')
          this.#wrong(
            startsOperand(close.kind) || close.kind === 'not' || close.kind === '(' ? 'missing_operator' : 'unexpected',
            close,
          )
        this.#take()
        return { ...inner, start: first.start, end: close.end }
      })
    const quantifier = first.kind === 'any' || first.kind === 'all' ? first.kind : null
    if (quantifier !== null) this.#take()
    const left = this.#operand()
    const operator = this.#peek()
    if (operator.kind === 'not' && this.#tokens[this.#at + 1]?.kind === 'in') {
      this.#take()
      const inner = this.#set(left, quantifier ?? 'any', first.start)
      return { kind: 'not', inner, start: first.start, end: inner.end }
    }
    if (operator.kind === 'in') return this.#set(left, quantifier ?? 'any', first.start)
    if (operator.kind === 'contains' || operator.kind === 'matches') {
      this.#take()
      const right = this.#operand()
      const { kind } = operator
      return { kind, quantifier: quantifier ?? 'any', left, right, operator, start: first.start, end: right.end }
    }
    if (operator.kind === 'compare') return this.#compared(left, quantifier, first.start)
    if (quantifier !== null) this.#missing()
    return { kind: 'test', operand: left, start: left.start, end: left.end }
  }
  /** `a < b < c` is `a < b and b < c`. */
  #compared(first: Operand, quantifier: Quantifier | null, start: number): Term {
    const terms: Term[] = []
    let left = first
    for (let token = this.#peek(); token.kind === 'compare'; token = this.#peek()) {
      this.#take()
      const right = this.#operand()
      const { comparison } = token
      const how = quantifier ?? token.quantifier
      terms.push({ kind: 'compare', comparison, quantifier: how, left, right, operator: token, start, end: right.end })
      left = right
    }
    return balanced('and', terms)
  }
  #set(left: Operand, quantifier: Quantifier, start: number): Term {
    this.#take()
    const open = this.#peek()
    if (open.kind !== '{') this.#wrong('set_missing', open)
    this.#take()
    const items: SetItem[] = []
    for (;;) {
      const token = this.#peek()
      if (token.kind === '}' && items.length === 0) this.#wrong('set_empty', token)
      if (token.kind === 'end') this.#wrong('brace_open', open)
      const low = this.#signed()
      let high: Operand | null = null
      if (this.#peek().kind === '..') {
        this.#take()
        high = this.#signed()
      }
      items.push({ low, high })
      const after = this.#take()
      if (after.kind === '}') {
        const set = { start: open.start, end: after.end }
        return { kind: 'in', quantifier, left, items, set, start, end: after.end }
      }
      if (after.kind === 'end') this.#wrong('brace_open', open)
      if (after.kind === 'bad') this.#bad(after)
      if (after.kind !== ',') this.#wrong(startsOperand(after.kind) ? 'set_comma' : 'unexpected', after)
    }
  }

  #operand(): Operand {
    return this.#arithmetic(['&'], () =>
      this.#arithmetic(['+', '-'], () => this.#arithmetic(['*', '/', '%'], () => this.#signed())),
    )
  }
  #arithmetic(operators: readonly ArithmeticOperator[], tighter: () => Operand): Operand {
    let left = tighter()
    let links = 0
    for (;;) {
      const operator = operators.find((one) => one === this.#peek().kind)
      if (operator === undefined) return left
      if (++links > MOST_DEPTH) this.#wrong('too_deep', this.#peek(), { max: String(MOST_DEPTH) })
      this.#take()
      const right = tighter()
      left = { kind: 'arithmetic', operator, left, right, start: left.start, end: right.end }
    }
  }
  #signed(): Operand {
    const token = this.#peek()
    if (token.kind !== '-' && token.kind !== '+') return this.#sliced()
    return this.#deeper(token, () => {
      this.#take()
      const of = this.#sliced()
      return token.kind === '+' ? of : { kind: 'minus', of, start: token.start, end: of.end }
    })
  }
  #sliced(): Operand {
    let of = this.#primary()
    let slices = 0
    for (let token = this.#peek(); token.kind === 'brackets'; token = this.#peek()) {
      if (!token.closed) this.#wrong('slice_open', { start: token.start, end: token.start + 1 })
      const ranges = readSlices(token.text)
      if (ranges === null || ++slices > MOST_DEPTH) this.#wrong('slice_bad', token)
      this.#take()
      of = { kind: 'slice', of, ranges, start: of.start, end: token.end }
    }
    return of
  }
  #primary(): Operand {
    const token = this.#peek()
    switch (token.kind) {
      case 'bad':
        return this.#bad(token)
      case '$':
        return this.#wrong('macro', token)
      case '{':
        return this.#deeper(token, () => {
          this.#take()
          const inner = this.#operand()
          const close = this.#peek()
          if (close.kind !== '}')
            this.#wrong(close.kind === 'end' ? 'brace_open' : 'unexpected', close.kind === 'end' ? token : close)
          this.#take()
          return { ...inner, start: token.start, end: close.end }
        })
      case 'string': {
        this.#take()
        return { kind: 'string', binary: token.binary, start: token.start, end: token.end }
      }
      case 'character':
        this.#take()
        return { kind: 'character', code: token.code, start: token.start, end: token.end }
      case '@': {
        this.#take()
        const of = this.#peek()
        if (of.kind !== 'word') return this.#missing()
        return this.#word(token.start, true)
      }
      case 'word':
        if (this.#tokens[this.#at + 1]?.kind === '(') return this.#call()
        return this.#word(token.start, false)
      default:
        return this.#missing()
    }
  }
  #word(start: number, raw: boolean): Operand {
    const token = this.#take()
    const text = token.kind === 'word' ? token.text : ''
    const field = /^\.[A-Za-z_]/.test(text)
    let { end } = token
    let layers = null
    if (this.#peek().kind === '#') {
      this.#take()
      const number = this.#take()
      layers = number.kind === 'word' || number.kind === 'brackets' ? readLayers(number.text) : null
      // `#-1` is two tokens.
      if (number.kind === '-' && this.#peek().kind === 'word') layers = readLayers(`-${this.#words(this.#take())}`)
      if (layers === null) this.#wrong('layer_bad', number)
      end = this.#tokens[this.#at - 1]!.end
    }
    return { kind: 'word', text: field ? text.slice(1) : text, field, layers, raw, start, end }
  }
  #call(): Operand {
    const name = this.#take()
    const open = this.#take()
    return this.#deeper(name, () => {
      const args: Operand[] = []
      if (this.#peek().kind !== ')')
        for (;;) {
          args.push(this.#operand())
          if (this.#peek().kind !== ',') break
          this.#take()
        }
      const close = this.#peek()
      if (close.kind === 'end') this.#wrong('group_open', open)
      if (close.kind === 'bad') this.#bad(close)
      if (close.kind !== ')') this.#wrong('unexpected', close)
      this.#take()
      return { kind: 'call', name: this.#words(name), nameEnd: name.end, args, start: name.start, end: close.end }
    })
  }
}

const startsOperand = (kind: TokenKind): boolean =>
  kind === 'word' || kind === 'string' || kind === 'character' || kind === '{' || kind === '@'

/** A chain of a thousand terms is no deeper than ten. */
function balanced(kind: 'and' | 'or' | 'xor', terms: readonly Term[]): Term {
  if (terms.length === 1) return terms[0]!
  const middle = terms.length >> 1
  const left = balanced(kind, terms.slice(0, middle))
  const right = balanced(kind, terms.slice(middle))
  return { kind, left, right, start: left.start, end: right.end }
}
