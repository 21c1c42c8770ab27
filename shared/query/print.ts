/**
 * Tree → text, and terms built from any value. Laws: `parseQuery(printQuery(node))` gives `node` again (but for spans), and
 * `termFor(field, value)` parses to a test for exactly that value, whatever characters it has.
 */
import type { FieldTest, QueryNode } from './ast.ts'
import { quote, writePattern } from './escape.ts'
import { typeOf } from './lookup.ts'
import { parseQuery } from './parse.ts'
import { timeSpan } from './times.ts'
import { looksLikeAddress, tokensOf } from './tokens.ts'

const KEYWORD = /^(?:and|or|not|to)$/i
const PLAIN_NAME = /^[\p{L}\p{N}_@#/][\p{L}\p{N}_.@#/-]*$/u
const PLAIN_VALUE = /^[\p{L}\p{N}_@#/.,+%$~:-]+$/u

/** A field name as it is written before an operator: bare, or quoted where it is odd. */
export const writeField = (name: string): string => (PLAIN_NAME.test(name) && !KEYWORD.test(name) ? name : quote(name))

/** A value as it is written after an operator so that it means just itself. */
export function writeValue(value: string): string {
  const plain =
    PLAIN_VALUE.test(value) &&
    !KEYWORD.test(value) &&
    !value.includes('..') &&
    !value.startsWith('//') &&
    !/^[0-9a-f.:]+\/\d+$/i.test(value)
  return plain ? value : quote(value)
}

/** The term that finds exactly this value in this field. */
export function termFor(field: string, value: string | number | boolean): string {
  return writeTest(field, { op: 'equals', value: String(value) })
}

/** `text` with `term` added: kept to (`filter`) or left out (`exclude`). A query that does not parse is replaced by the term. */
export function addTerm(text: string, term: string, how: 'filter' | 'exclude'): string {
  const parsedTerm = parseQuery(term)
  const compound = parsedTerm.ok && (parsedTerm.value.kind === 'and' || parsedTerm.value.kind === 'or')
  const kept = compound ? `(${term})` : term
  const added = how === 'filter' ? kept : `not ${kept}`
  const parsed = parseQuery(text)
  if (!parsed.ok || parsed.value.kind === 'all') return added
  const items = parsed.value.kind === 'and' ? parsed.value.items : [parsed.value]
  const wanted = parseQuery(added)
  if (wanted.ok && items.some((item) => printQuery(item) === printQuery(wanted.value))) return text
  // Not `trim`: the last word may end in an escaped space.
  const tokens = tokensOf(text)
  const before = text.slice(tokens[0]?.start, tokens.at(-1)?.end)
  return `${parsed.value.kind === 'or' ? `(${before})` : before} and ${added}`
}

/** Tree → text. Groups of one item are written as the item; an empty `and` or `or` is everything. */
export function printQuery(node: QueryNode): string {
  switch (node.kind) {
    case 'all':
      return '*'
    case 'text':
      return node.wildcard ? writePattern(node.text) : writeText(node.text)
    case 'field':
      return writeTest(node.field, node.test)
    case 'not':
      return `not ${inner(node.item)}`
    case 'and':
    case 'or':
      return node.items.length === 0 ? '*' : node.items.map(inner).join(` ${node.kind} `)
  }
}

const inner = (node: QueryNode): string =>
  (node.kind === 'and' || node.kind === 'or') && node.items.length > 1 ? `(${printQuery(node)})` : printQuery(node)

const writeText = (text: string): string =>
  /^[\p{L}\p{N}_@#/.][\p{L}\p{N}_@#/.,+%$~-]*$/u.test(text) && !KEYWORD.test(text) ? text : quote(text)

/** Bare, a value of an address or time field is checked; in quotes it is taken as it is. */
function writeEquals(field: string, value: string): string {
  const type = typeOf(field)
  const refused = (type === 'time' && timeSpan(value, 0) === undefined) || (type === 'ip' && value.includes('/'))
  return refused ? quote(value) : writeValue(value)
}

function writeTest(field: string, test: FieldTest): string {
  const name = writeField(field)
  /** `abc:12:30` and `ab://x` would be read as free text; with `=` they cannot be. */
  const join = (written: string): string =>
    `${name}${written.startsWith('//') || (looksLikeAddress(field) && !written.startsWith('"') && written.includes(':')) ? '=' : ':'}${written}`
  switch (test.op) {
    case 'exists':
      return join('*')
    case 'equals':
      return join(writeEquals(field, test.value))
    case 'wildcard':
      return join(writePattern(test.pattern))
    case 'cidr':
      return join(test.cidr)
    case 'range':
      return join(`[${test.from === null ? '*' : writeValue(test.from)} to ${test.to === null ? '*' : writeValue(test.to)}]`)
    case 'lt':
      return `${name} < ${writeValue(test.value)}`
    case 'lte':
      return `${name} <= ${writeValue(test.value)}`
    case 'gt':
      return `${name} > ${writeValue(test.value)}`
    case 'gte':
      return `${name} >= ${writeValue(test.value)}`
  }
}
