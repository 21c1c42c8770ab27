/**
 * Text of the query language → tree (grammar in `ast.ts`). Recursive descent over the tokens: linear time, depth and size
 * bounded, never throws. The first thing that is wrong is the error, at its exact characters.
 */
import { fail, ok, type Result, type WatchfloorError } from '../model/result.ts'
import { isAddress, isCidr } from './addresses.ts'
import type { FieldTest, QueryNode, Span } from './ast.ts'
import { quote, shown } from './escape.ts'
import { typeOf } from './lookup.ts'
import { timeSpan } from './times.ts'
import { tokensOf, type Operator, type Token } from './tokens.ts'

/** Longest query, in UTF-16 units; the contract's limit. */
export const MAX_QUERY_LENGTH = 8192
/** Deepest nesting of parentheses and negations. */
export const MAX_QUERY_DEPTH = 200

export type QuerySyntaxError = Extract<WatchfloorError, { code: 'query_syntax' }>
/** The i18n keys of `query_syntax`, below `query.errors`, with the English they say. `{{…}}` are the error's values. */
export const QUERY_ERRORS = {
  too_long: 'The query is longer than {{max}} characters.',
  too_deep: 'The query is nested deeper than {{max}} levels.',
  quote_open: 'The quotation mark is never closed.',
  group_open: 'The parenthesis is never closed.',
  group_empty: 'There is nothing between the parentheses.',
  close_extra: 'Nothing was opened that “{{character}}” closes.',
  missing_value: '“{{field}}” has no value.',
  missing_before: '“{{keyword}}” needs a term before it.',
  missing_after: '“{{keyword}}” needs a term after it.',
  dangling_not: '“{{character}}” must stand directly before what it excludes; to search for it, put it in quotes.',
  operator_alone: '“{{operator}}” needs a field name before it; to search for it, put it in quotes.',
  needs_quotes: 'A word with “{{character}}” must be in quotes.',
  missing_space: 'A space is missing here.',
  use_instead: 'Write “{{use}}” instead of “{{found}}”.',
  bracket: '“{{character}}” begins a range and must follow a field: field:[1 to 9].',
  range_open: 'The range is never closed with “]”.',
  range_to: 'A range is written [from to to], with “to” between its ends.',
  range_bound: 'An end of a range is one plain value, or “*” where it is open.',
  list_or: 'Values of a list have “or” between them.',
  list_not: 'A list holds values only; write “not” before the field.',
  compare_value: '“{{operator}}” compares with one plain value.',
  bad_cidr: '“{{value}}” is no network: the number after “/” is too large or the address is not complete.',
  not_a_number: '“{{field}}” is compared as a number, and “{{value}}” is none.',
  not_a_time: '“{{value}}” is no time. Write 2026-11-20, 2026-11-20T18:41:00Z or now-4h.',
  not_an_address: '“{{field}}” is compared as an address, and “{{value}}” is none.',
  field_pattern: 'A field name has no wildcards.',
  field_empty: 'The field name is empty.',
} as const
export type QueryErrorKey = keyof typeof QUERY_ERRORS

/** Text → tree. `''` and blanks are everything. Errors: `query_syntax` only. */
export function parseQuery(text: string): Result<QueryNode, QuerySyntaxError> {
  if (text.length > MAX_QUERY_LENGTH) {
    return fail(syntaxError('too_long', MAX_QUERY_LENGTH, text.length - MAX_QUERY_LENGTH, { max: String(MAX_QUERY_LENGTH) }))
  }
  const parser = new Parser(text)
  const node = parser.query()
  return parser.error === undefined && node !== undefined
    ? ok(node)
    : fail(parser.error ?? syntaxError('missing_value', 0, 0, { field: '' }))
}

function syntaxError(
  key: QueryErrorKey,
  offset: number,
  length: number,
  parts: Record<string, string> = {},
  suggestions: string[] = [],
): QuerySyntaxError {
  const values = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, shown(value)]))
  const said = QUERY_ERRORS[key].replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : '',
  )
  return { code: 'query_syntax', message: `${said} (character ${offset + 1})`, offset, length, key, values, suggestions }
}

const INSTEAD: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '&': 'and', '|': 'or' }
const CURLY = /^[“”„‟«»＂]/
/** An end of `a..b`: a number, a time, an address; anything else keeps its dots, as `../../etc` must. */
const BOUND = /^(?:[+-]?\d[\w.:+-]*|now(?:[+-]\d+[smhdw])?|[0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,})$/i

interface Value {
  readonly test: FieldTest
  readonly span: Span
}

class Parser {
  error: QuerySyntaxError | undefined
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  query(): QueryNode | undefined {
    if (this.#tokens.length === 0) return { kind: 'all' }
    const node = this.#or()
    if (node === undefined) return undefined
    const rest = this.#peek()
    if (rest === undefined) return node
    // Only a bracket can be left over: everything else either continues a term or begins one.
    return this.#fail('close_extra', rest, { character: this.#raw(rest) })
  }

  #or(): QueryNode | undefined {
    const first = this.#and()
    if (first === undefined) return undefined
    const items = [first]
    while (this.#isKeyword('or')) {
      const keyword = this.#next()
      if (!this.#termFollows()) return this.#missingAfter(keyword)
      const item = this.#and()
      if (item === undefined) return undefined
      items.push(item)
    }
    return items.length === 1 ? first : { kind: 'or', items }
  }

  #and(): QueryNode | undefined {
    const first = this.#not()
    if (first === undefined) return undefined
    const items = [first]
    for (;;) {
      if (this.#isKeyword('and')) {
        const keyword = this.#next()
        if (!this.#termFollows()) return this.#missingAfter(keyword)
      } else if (!this.#termFollows()) break
      const item = this.#not()
      if (item === undefined) return undefined
      items.push(item)
    }
    return items.length === 1 ? first : { kind: 'and', items }
  }

  /** True where another term begins, with or without an `and` before it; a wrong beginning counts, so that it is reported. */
  #termFollows(): boolean {
    const token = this.#peek()
    return (
      token !== undefined &&
      token.kind !== 'close' &&
      token.kind !== 'rangeClose' &&
      !(token.kind === 'keyword' && token.keyword !== 'not')
    )
  }

  #missingAfter(keyword: Token): undefined {
    const next = this.#peek()
    // `a and or b`: the second keyword is what is wrong.
    if (next?.kind === 'keyword') return this.#fail('missing_before', next, { keyword: this.#raw(next) })
    return this.#fail('missing_after', keyword, { keyword: this.#raw(keyword) })
  }

  #not(): QueryNode | undefined {
    const token = this.#peek()
    if (token === undefined) return this.#failAt('missing_value', this.#text.length, 0, { field: '' })
    if (token.kind !== 'minus' && !(token.kind === 'keyword' && token.keyword === 'not')) return this.#primary(token)
    this.#next()
    if (token.kind === 'minus') {
      const next = this.#peek()
      if (next === undefined || next.start !== token.end || !this.#termFollows()) {
        return this.#fail('dangling_not', token, { character: this.#raw(token) }, [quote(this.#raw(token))])
      }
    } else if (!this.#termFollows()) return this.#missingAfter(token)
    if (!this.#deeper(token)) return undefined
    const item = this.#not()
    this.#depth--
    return item && { kind: 'not', item }
  }

  #primary(token: Token): QueryNode | undefined {
    switch (token.kind) {
      case 'open':
        return this.#group(token)
      case 'word':
      case 'quoted': {
        this.#next()
        if (token.kind === 'quoted' && !token.closed) return this.#openQuote(token)
        const next = this.#peek()
        if (next?.kind === 'operator') return this.#field(token, next)
        return this.#freeText(token)
      }
      case 'keyword':
        return this.#fail('missing_before', token, { keyword: this.#raw(token) })
      case 'operator': {
        const end = this.#wordEnd(token)
        return this.#fail('operator_alone', token, { operator: this.#raw(token) }, [quote(this.#text.slice(token.start, end))])
      }
      case 'close':
      case 'rangeClose':
        return this.#fail('close_extra', token, { character: this.#raw(token) })
      case 'rangeOpen':
        return this.#fail('bracket', token, { character: '[' })
      case 'value':
      case 'minus':
        return this.#fail('missing_space', token)
    }
  }

  #group(token: Token): QueryNode | undefined {
    this.#next()
    if (!this.#deeper(token)) return undefined
    if (this.#peek()?.kind === 'close') {
      const close = this.#next()
      return this.#failAt('group_empty', token.start, close.end - token.start)
    }
    if (this.#peek() === undefined) return this.#fail('group_open', token)
    const node = this.#or()
    if (node === undefined) return undefined
    const close = this.#peek()
    if (close?.kind === 'rangeClose') return this.#fail('close_extra', close, { character: ']' })
    if (close === undefined) return this.#fail('group_open', token)
    this.#next()
    this.#depth--
    return node
  }

  #freeText(token: Extract<Token, { kind: 'word' | 'quoted' }>): QueryNode | undefined {
    if (!this.#endsCleanly(token)) return undefined
    const span = { start: token.start, end: token.end }
    if (token.kind === 'quoted') return { kind: 'text', text: token.literal, wildcard: false, span }
    const raw = this.#raw(token)
    const instead = Object.hasOwn(INSTEAD, raw) ? INSTEAD[raw] : undefined
    if (instead !== undefined) return this.#fail('use_instead', token, { found: raw, use: instead }, [instead])
    if (CURLY.test(raw)) return this.#curly(token)
    if (token.pattern === '*') return { kind: 'all' }
    return token.pattern === null
      ? { kind: 'text', text: token.literal, wildcard: false, span }
      : { kind: 'text', text: token.pattern, wildcard: true, span }
  }

  #field(
    name: Extract<Token, { kind: 'word' | 'quoted' }>,
    operator: Extract<Token, { kind: 'operator' }>,
  ): QueryNode | undefined {
    if (name.kind === 'word' && name.pattern !== null) {
      const everything = name.pattern === '*' ? ['*'] : []
      return this.#failAt(
        'field_pattern',
        name.start,
        (everything.length > 0 ? this.#wordEnd(operator) : name.end) - name.start,
        {},
        everything,
      )
    }
    if (name.kind === 'word' && CURLY.test(this.#raw(name))) return this.#curly(name)
    if (name.literal === '') return this.#fail('field_empty', name)
    this.#next()
    let sign: Operator = operator.operator
    let last: Token = operator
    const second = this.#peek()
    if (sign === ':' && second?.kind === 'operator') {
      this.#next()
      sign = second.operator
      last = second
    }
    if (sign === '==') return this.#fail('use_instead', operator, { found: '==', use: '=' }, ['='])
    const written = { start: operator.start, end: last.end }
    const field = name.literal
    const value = this.#peek()
    const missing = (): undefined => this.#failAt('missing_value', written.start, written.end - written.start, { field })
    if (value === undefined) return missing()
    if (sign === ':' || sign === '=' || sign === '!=') {
      if (value.kind !== 'value' && value.kind !== 'quoted' && value.kind !== 'open' && value.kind !== 'rangeOpen')
        return missing()
      const values = this.#values(field)
      if (values === undefined) return undefined
      const items = values.map(({ test, span }): QueryNode => ({
        kind: 'field',
        field,
        test,
        span: { start: name.start, end: span.end },
      }))
      const node: QueryNode = items.length === 1 ? (items[0] as QueryNode) : { kind: 'or', items }
      return sign === '!=' ? { kind: 'not', item: node } : node
    }
    if (value.kind === 'open' || value.kind === 'rangeOpen') return this.#fail('compare_value', value, { operator: sign })
    if (value.kind !== 'value' && value.kind !== 'quoted') return missing()
    this.#next()
    if (value.kind === 'quoted' && !value.closed) return this.#openQuote(value)
    if (!this.#endsCleanly(value)) return undefined
    if (value.kind === 'value' && value.pattern !== null) return this.#fail('compare_value', value, { operator: sign })
    if (!this.#comparable(field, value.literal, value)) return undefined
    const op = sign === '<' ? 'lt' : sign === '<=' ? 'lte' : sign === '>' ? 'gt' : 'gte'
    return { kind: 'field', field, test: { op, value: value.literal }, span: { start: name.start, end: value.end } }
  }

  /** One value, a range, or a list of them. */
  #values(field: string): Value[] | undefined {
    const token = this.#next()
    if (token.kind === 'rangeOpen') {
      const range = this.#range(field, token)
      return range && [range]
    }
    if (token.kind === 'open') return this.#list(field, token)
    if (token.kind !== 'value' && token.kind !== 'quoted') return this.#fail('missing_value', token, { field })
    if (token.kind === 'quoted' && !token.closed) return this.#openQuote(token)
    if (!this.#endsCleanly(token)) return undefined
    const test = this.#single(field, token)
    return test && [{ test, span: { start: token.start, end: token.end } }]
  }

  #list(field: string, open: Token): Value[] | undefined {
    if (!this.#deeper(open)) return undefined
    const values: Value[] = []
    for (;;) {
      const token = this.#peek()
      if (token === undefined) return this.#fail('group_open', open)
      if (token.kind === 'close') {
        this.#next()
        if (values.length === 0) return this.#failAt('group_empty', open.start, token.end - open.start)
        const keyword = this.#tokens[this.#at - 2]
        return this.#fail('missing_after', keyword as Token, { keyword: this.#raw(keyword as Token) })
      }
      if (token.kind === 'rangeClose') return this.#fail('close_extra', token, { character: ']' })
      if (token.kind === 'keyword') {
        if (token.keyword === 'not') return this.#fail('list_not', token)
        return this.#fail('missing_before', token, { keyword: this.#raw(token) })
      }
      const more = this.#values(field)
      if (more === undefined) return undefined
      for (const value of more) values.push(value)
      const next = this.#peek()
      if (next === undefined) return this.#fail('group_open', open)
      if (next.kind === 'close') {
        this.#next()
        this.#depth--
        return values
      }
      if (next.kind === 'rangeClose') return this.#fail('close_extra', next, { character: ']' })
      if (next.kind !== 'keyword' || next.keyword !== 'or')
        return this.#fail('list_or', next, {}, next.kind === 'keyword' ? ['or'] : [`or ${this.#raw(next)}`])
      this.#next()
    }
  }

  #range(field: string, open: Token): Value | undefined {
    const bounds: (string | null)[] = []
    for (const place of ['from', 'to'] as const) {
      const bound = this.#peek()
      if (bound === undefined) return this.#fail('range_open', open)
      if (bound.kind === 'quoted' && !bound.closed) return this.#openQuote(bound)
      if (bound.kind !== 'value' && bound.kind !== 'quoted') return this.#fail('range_bound', bound)
      this.#next()
      if (bound.kind === 'value' && bound.pattern !== null && bound.pattern !== '*') return this.#fail('range_bound', bound)
      const isOpen = bound.kind === 'value' && bound.pattern === '*'
      if (!isOpen && !this.#comparable(field, bound.literal, bound)) return undefined
      bounds.push(isOpen ? null : bound.literal)
      const next = this.#peek()
      if (next === undefined) return this.#fail('range_open', open)
      if (place === 'from') {
        if (next.kind !== 'keyword' || next.keyword !== 'to') return this.#fail('range_to', next, {}, ['to'])
        this.#next()
      } else if (next.kind !== 'rangeClose') return this.#fail('range_open', open)
    }
    const close = this.#next()
    if (!this.#endsCleanly(close)) return undefined
    const [from = null, to = null] = bounds
    return { test: { op: 'range', from, to }, span: { start: open.start, end: close.end } }
  }

  #single(field: string, token: Extract<Token, { kind: 'value' | 'quoted' }>): FieldTest | undefined {
    if (token.kind === 'quoted') return { op: 'equals', value: token.literal }
    if (CURLY.test(this.#raw(token))) return this.#curly(token)
    if (token.pattern === '*') return { op: 'exists' }
    if (token.pattern !== null) return { op: 'wildcard', pattern: token.pattern }
    const value = token.literal
    const type = typeOf(field)
    const dots = value.indexOf('..')
    if (dots >= 0) {
      const from = value.slice(0, dots)
      const to = value.slice(dots + 2)
      if ((from === '' || BOUND.test(from)) && (to === '' || BOUND.test(to)) && from + to !== '') {
        if (from !== '' && !this.#comparable(field, from, { start: token.start, end: token.start + from.length }))
          return undefined
        if (to !== '' && !this.#comparable(field, to, { start: token.end - to.length, end: token.end })) return undefined
        return { op: 'range', from: from === '' ? null : from, to: to === '' ? null : to }
      }
    }
    if (type === 'time' && timeSpan(value, 0) === undefined) return this.#fail('not_a_time', token, { field, value })
    if (value.includes('/') && type !== 'number' && type !== 'port' && type !== 'time' && type !== 'text') {
      if (isCidr(value)) return { op: 'cidr', cidr: value }
      if (type === 'ip') return this.#fail('bad_cidr', token, { field, value })
    }
    return { op: 'equals', value }
  }

  /** Where the field's type is known, what it is compared with must be of it. */
  #comparable(field: string, value: string, at: Span): boolean {
    const type = typeOf(field)
    const wrong: QueryErrorKey | undefined =
      type === 'time'
        ? timeSpan(value, 0) === undefined
          ? 'not_a_time'
          : undefined
        : type === 'number' || type === 'port'
          ? /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)
            ? undefined
            : 'not_a_number'
          : type === 'ip'
            ? isAddress(value)
              ? undefined
              : 'not_an_address'
            : undefined
    if (wrong !== undefined) this.#failAt(wrong, at.start, at.end - at.start, { field, value })
    return wrong === undefined
  }

  /** A word must not run into a bracket or a quotation mark: splitting it there would search for something else than it says. */
  #endsCleanly(token: Token): boolean {
    const next = this.#peek()
    if (next === undefined || next.start !== token.end) return true
    if (next.kind === 'close' || next.kind === 'rangeClose' || next.kind === 'operator') return true
    if (token.kind === 'word' || token.kind === 'value') {
      const end = this.#wordEnd(token)
      this.#fail('needs_quotes', { start: next.start, end: next.start + 1 }, { character: this.#text[next.start] as string }, [
        quote(this.#text.slice(token.start, end)),
      ])
    } else this.#failAt('missing_space', next.start, 0, {}, [' '])
    return false
  }

  #openQuote(token: Extract<Token, { kind: 'quoted' }>): undefined {
    const raw = this.#raw(token)
    // `"C:\Users\"`: the last backslash was meant as itself.
    const suggestion = raw.length > 2 && raw.endsWith('\\"') ? `${raw.slice(0, -2)}\\\\"` : `${raw}"`
    return this.#fail('quote_open', token, {}, [suggestion])
  }

  #curly(token: Token): undefined {
    const raw = this.#raw(token)
    const end = this.#text.slice(token.start + 1).search(/[“”„‟«»＂]/)
    const length = end < 0 ? raw.length : end + 2
    const inner = this.#text.slice(token.start + 1, token.start + length).replace(/[“”„‟«»＂]$/, '')
    return this.#failAt('use_instead', token.start, length, { found: raw[0] as string, use: '"' }, [quote(inner)])
  }

  /** End of the run of characters without white space that `token` begins. */
  #wordEnd(token: Span): number {
    let end = token.end
    while (end < this.#text.length && !/[\s)\]]/.test(this.#text[end] as string)) end++
    return end
  }

  #deeper(token: Span): boolean {
    if (++this.#depth <= MAX_QUERY_DEPTH) return true
    this.#fail('too_deep', token, { max: String(MAX_QUERY_DEPTH) })
    return false
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  /** Only called where `#peek` gave a token. */
  #next(): Token {
    return this.#tokens[this.#at++] as Token
  }

  #isKeyword(keyword: string): boolean {
    const token = this.#peek()
    return token?.kind === 'keyword' && token.keyword === keyword
  }

  #raw(token: Span): string {
    return this.#text.slice(token.start, token.end)
  }

  #fail(key: QueryErrorKey, at: Span, values: Record<string, string> = {}, suggestions: string[] = []): undefined {
    return this.#failAt(key, at.start, at.end - at.start, values, suggestions)
  }

  #failAt(
    key: QueryErrorKey,
    offset: number,
    length: number,
    values: Record<string, string> = {},
    suggestions: string[] = [],
  ): undefined {
    this.error ??= syntaxError(key, offset, length, values, suggestions)
    return undefined
  }
}
