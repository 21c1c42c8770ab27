import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../model/fields.ts'
import type { FieldTest, QueryNode } from './ast.ts'
import { ANY, ONE, escapePattern, patternPieces, quote } from './escape.ts'
import { MAX_QUERY_LENGTH, parseQuery } from './parse.ts'
import { addTerm, printQuery, termFor } from './print.ts'

const span = { start: 0, end: 0 }
/** The tree without its spans, which depend on how it was written. */
function bare(node: QueryNode): QueryNode {
  if (node.kind === 'and' || node.kind === 'or') return { ...node, items: node.items.map(bare) }
  if (node.kind === 'not') return { ...node, item: bare(node.item) }
  if (node.kind === 'text' || node.kind === 'field') return { ...node, span }
  return node
}
const parsed = (text: string): QueryNode => {
  const result = parseQuery(text)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return bare(result.value)
}

const odd = fc.constantFrom(
  '',
  ' ',
  '*',
  '**',
  '?',
  '\\',
  '\\\\',
  '"',
  '\\"',
  'or',
  'AND',
  'not',
  'to',
  '-',
  '!',
  '-x',
  '!x',
  '=',
  '==x',
  '<x',
  '>=1',
  ':',
  '::1',
  'a:b',
  '10.0.0.0/8',
  '10.0.0.0/33',
  'fe80::/10',
  '1..5',
  '../../etc/passwd',
  '..',
  'now-4h',
  '//x',
  '//share/x',
  'C:\\Windows\\',
  'C:\\u{41}',
  '\\u{110000}',
  '\n',
  '\t',
  '\u0000',
  '\u202e',
  '\u2028',
  '\ud800',
  '“x”',
  '&&',
  '||',
  '(',
  ')',
  '[a to b]',
  "'",
  '<script>alert(1)</script>',
  '=cmd|x',
  '한국어',
  '🐉',
)
const anyText = fc.oneof(
  odd,
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(odd, { maxLength: 4 }).map((parts) => parts.join('')),
)
const anyField = fc.oneof(
  fc.constantFrom(
    ...[...SYSTEM_FIELDS, ...CANONICAL_FIELDS].map((field) => field.name),
    'ip',
    'port',
    'host',
    'abc',
    'ad',
    'http',
    '@timestamp',
  ),
  anyText.filter((name) => name !== ''),
)
/** Patterns in their one form: never two stars in a row, at least one wildcard, and not the star alone (that is `exists`). */
const pattern = fc
  .array(fc.oneof(fc.constant(ANY), fc.constant(ONE), anyText), { maxLength: 5 })
  .map((pieces) => pieces.map((piece) => (piece === ANY ? '*' : piece === ONE ? '?' : escapePattern(piece as string))))
  .map((pieces) =>
    pieces.filter((piece, index) => piece !== '*' || pieces.slice(0, index).findLast((before) => before !== '') !== '*').join(''),
  )
  .filter((text) => text !== '*' && patternPieces(text).some((piece) => typeof piece !== 'string'))
const test: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.constant({ op: 'exists' } as const),
  anyText.map((value) => ({ op: 'equals', value }) as const),
  pattern.map((written) => ({ op: 'wildcard', pattern: written }) as const),
  fc.constantFrom('10.0.0.0/8', '::/0', 'fe80::1/128').map((cidr) => ({ op: 'cidr', cidr }) as const),
  fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: anyText }),
  fc.record({ op: fc.constant('range' as const), from: fc.option(anyText), to: fc.option(anyText) }),
)
/** Compared values must fit a canonical field's type; native fields take any. */
const leaf: fc.Arbitrary<QueryNode> = fc.oneof(
  fc.constant({ kind: 'all' } as const),
  anyText.map((text) => ({ kind: 'text', text, wildcard: false, span }) as const),
  pattern.map((text) => ({ kind: 'text', text, wildcard: true, span }) as const),
  fc.record({ kind: fc.constant('field' as const), field: anyText.map((name) => `x${name}`), test, span: fc.constant(span) }),
)
const tree: fc.Arbitrary<QueryNode> = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      items: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
    }),
    tie('node').map((item) => ({ kind: 'not', item }) as const),
  ),
})).node

describe('printQuery', () => {
  it('is undone by parseQuery', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const text = printQuery(node)
        fc.pre(text.length <= MAX_QUERY_LENGTH)
        expect(parsed(text)).toEqual(bare(node))
      }),
      { numRuns: 2000 },
    )
  })

  it('is stable: what was read and printed reads the same', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const first = parseQuery(text)
        if (first.ok) expect(parsed(printQuery(first.value))).toEqual(bare(first.value))
      }),
      { numRuns: 2000 },
    )
  })

  it('writes what a person would', () => {
    expect(printQuery(parsed('src.ip:(10.0.0.0/8 or 192.0.2.1) -type:flow "two words" dst.port:1..1024'))).toBe(
      '(src.ip:10.0.0.0/8 or src.ip:192.0.2.1) and not type:flow and "two words" and dst.port:[1 to 1024]',
    )
  })
})

describe('termFor', () => {
  it('is no address where field and value together look like one', () => {
    expect(parsed(termFor('ad', ':'))).toMatchObject({ kind: 'field', field: 'ad', test: { op: 'equals', value: ':' } })
  })
  it('finds exactly the value, whatever it holds', () => {
    fc.assert(
      fc.property(anyField, anyText, (field, value) => {
        expect(parsed(termFor(field, value))).toEqual({ kind: 'field', field, test: { op: 'equals', value }, span })
      }),
      { numRuns: 3000 },
    )
  })

  it('is one visible line', () => {
    fc.assert(
      fc.property(anyField, anyText, (field, value) => {
        expect(termFor(field, value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it('needs no quotes for plain values', () => {
    expect(termFor('src.ip', '198.51.100.47')).toBe('src.ip:198.51.100.47')
    expect(termFor('src.ip', 'fe80::1')).toBe('src.ip:fe80::1')
    expect(termFor('dst.port', 443)).toBe('dst.port:443')
    expect(termFor('http.url', '/uploads/inv_2231.php?c=id')).toBe('http.url:"/uploads/inv_2231.php?c=id"')
    expect(termFor('time', '2026-11-19T18:21:47.412093Z')).toBe('time:2026-11-19T18:21:47.412093Z')
  })
})

describe('addTerm', () => {
  it('keeps the meaning of what was there', () => {
    fc.assert(
      fc.property(tree, anyField, anyText, fc.constantFrom('filter' as const, 'exclude' as const), (node, field, value, how) => {
        const text = printQuery(node)
        const term = termFor(field, value)
        const added = addTerm(text, term, how)
        fc.pre(added.length <= MAX_QUERY_LENGTH)
        const last = how === 'filter' ? parsed(term) : ({ kind: 'not', item: parsed(term) } as const)
        const result = parsed(added)
        if (bare(node).kind === 'all') expect(result).toEqual(last)
        else if (added !== text) {
          const before = node.kind === 'and' ? node.items.map(bare) : [bare(node)]
          expect(result).toEqual({ kind: 'and', items: [...before, last] })
        }
      }),
    )
  })

  it('adds nothing twice, and starts anew where the query is wrong', () => {
    expect(addTerm('a:1', 'a:1', 'filter')).toBe('a:1')
    expect(addTerm('a:1 b:2', 'b:2', 'filter')).toBe('a:1 b:2')
    expect(addTerm('a:1 or b:2', 'b:2', 'exclude')).toBe('(a:1 or b:2) and not b:2')
    expect(addTerm('a:(', 'b:2', 'filter')).toBe('b:2')
    expect(addTerm('', 'b:2', 'exclude')).toBe('not b:2')
    expect(addTerm('x', 'b:2 or c:3', 'exclude')).toBe('x and not (b:2 or c:3)')
  })
})

describe('quote', () => {
  it('shows control and direction characters by their numbers', () => {
    expect(quote('a\u202eb\n"\\')).toBe('"a\\u{202e}b\\u{a}\\"\\\\"')
  })
})
