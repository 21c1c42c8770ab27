import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QueryNode } from './ast.ts'
import { MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, parseQuery, QUERY_ERRORS, type QueryErrorKey } from './parse.ts'
import { printQuery } from './print.ts'

const tree = (text: string): QueryNode => {
  const result = parseQuery(text)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return result.value
}
const span = (start: number, end: number): { start: number; end: number } => ({ start, end })

/** What is written → what it means, as the printer says it. */
const READS: [string, string][] = [
  ['', '*'],
  ['  \t ', '*'],
  ['*', '*'],
  ['***', '*'],
  ['powershell', 'powershell'],
  ['power*', 'power*'],
  ['"two words"', '"two words"'],
  ['a b', 'a and b'],
  ['a AND b Or c', '(a and b) or c'],
  ['a or b c', 'a or (b and c)'],
  ['not a b', 'not a and b'],
  ['-a !b', 'not a and not b'],
  ['not not a', 'not not a'],
  ['not(a or b)', 'not (a or b)'],
  ['(a)(b)', 'a and b'],
  ['((a))', 'a'],
  ['foo-bar', 'foo-bar'],
  ['src.ip:192.0.2.1', 'src.ip:192.0.2.1'],
  ['src.ip : 192.0.2.1', 'src.ip:192.0.2.1'],
  ['src.ip = 192.0.2.1', 'src.ip:192.0.2.1'],
  ['src.ip=192.0.2.1', 'src.ip:192.0.2.1'],
  ['src.ip != 192.0.2.1', 'not src.ip:192.0.2.1'],
  ['src.ip:10.0.0.0/8', 'src.ip:10.0.0.0/8'],
  ['src.ip:fe80::/10', 'src.ip:fe80::/10'],
  ['src.ip:"10.0.0.0/8"', 'src.ip:"10.0.0.0/8"'],
  ['http.url:/10.0.0.0/8', 'http.url:/10.0.0.0/8'],
  ['message:10.0.0.0/8', 'message:"10.0.0.0/8"'],
  ['custom:10.0.0.0/8', 'custom:10.0.0.0/8'],
  ['src.ip:fe80::1', 'src.ip:fe80::1'],
  ['fe80::1', '"fe80::1"'],
  ['::1', '"::1"'],
  ['00:0c:29:aa:bb:cc', '"00:0c:29:aa:bb:cc"'],
  ['https://evil.example/x?y=1', 'https\\://evil.example/x?y\\=1'],
  ['https://evil.example/x', '"https://evil.example/x"'],
  ['dst.port:>1024', 'dst.port > 1024'],
  ['dst.port >= 1024', 'dst.port >= 1024'],
  ['dst.port<=80', 'dst.port <= 80'],
  ['dst.port:[1 to 1024]', 'dst.port:[1 to 1024]'],
  ['dst.port:[* TO 1024]', 'dst.port:[* to 1024]'],
  ['dst.port:1..1024', 'dst.port:[1 to 1024]'],
  ['dst.port:1024..', 'dst.port:[1024 to *]'],
  ['dst.port:..1024', 'dst.port:[* to 1024]'],
  ['time:now-4h..now', 'time:[now-4h to now]'],
  ['time:[2026-11-20T18:00 to "2026-11-20 19:00"]', 'time:[2026-11-20T18:00 to "2026-11-20 19:00"]'],
  ['time > 2026-11-20', 'time > 2026-11-20'],
  ['http.url:../../etc/passwd', 'http.url:"../../etc/passwd"'],
  ['dns.query:a..b', 'dns.query:"a..b"'],
  ['net.transport:(tcp or udp)', 'net.transport:tcp or net.transport:udp'],
  ['dst.port:(22 or [80 to 90] or 443)', 'dst.port:22 or dst.port:[80 to 90] or dst.port:443'],
  ['net.transport != (tcp or udp)', 'not (net.transport:tcp or net.transport:udp)'],
  ['type:or', 'type:"or"'],
  ['and:x', '"and":x'],
  ['tls.sni:*', 'tls.sni:*'],
  ['not tls.sni:*', 'not tls.sni:*'],
  ['process.path:C:\\Windows\\\\*.exe', 'process.path:C\\:\\\\Windows\\\\*.exe'],
  ['process.path:C:\\x\\*.exe', 'process.path:"C:\\\\x*.exe"'],
  ['time:2026-11-20T18', 'time:2026-11-20T18'],
  ['ad="12:30"', 'ad=12:30'],
  ['ad:12:30', '"ad:12:30"'],
  ['process.path:C:\\Windows\\cmd.exe', 'process.path:"C:\\\\Windows\\\\cmd.exe"'],
  ['process.path:"C:\\Windows\\cmd.exe"', 'process.path:"C:\\\\Windows\\\\cmd.exe"'],
  ['process.command:*powershell\\ -enc*', 'process.command:*powershell\\ \\-enc*'],
  ['"odd field":x', '"odd field":x'],
  ['@timestamp:2026-11', '@timestamp:2026-11'],
  ['a:"x\\u{a}y"', 'a:"x\\u{a}y"'],
  ['a:\\*', 'a:"*"'],
  ['a:-5', 'a:-5'],
  ['a\u00a0b', 'a and b'],
]

describe('parseQuery reads', () => {
  it.each(READS)('%j as %s', (text, meaning) => {
    expect(printQuery(tree(text))).toBe(meaning)
  })

  it('gives the tree with the places of its parts', () => {
    expect(tree('src.ip:(10.0.0.0/8 or 192.0.2.*) and not "x y"')).toEqual({
      kind: 'and',
      items: [
        {
          kind: 'or',
          items: [
            { kind: 'field', field: 'src.ip', test: { op: 'cidr', cidr: '10.0.0.0/8' }, span: span(0, 18) },
            { kind: 'field', field: 'src.ip', test: { op: 'wildcard', pattern: '192.0.2.*' }, span: span(0, 31) },
          ],
        },
        { kind: 'not', item: { kind: 'text', text: 'x y', wildcard: false, span: span(41, 46) } },
      ],
    })
  })

  it('keeps what a backslash makes plain out of the wildcards', () => {
    expect(tree('a:x\\*y*')).toMatchObject({ test: { op: 'wildcard', pattern: 'x\\*y*' } })
    expect(tree('a:C:\\Temp\\\\*')).toMatchObject({ test: { op: 'wildcard', pattern: 'C:\\\\Temp\\\\*' } })
    expect(tree('a:what\\?')).toMatchObject({ test: { op: 'equals', value: 'what?' } })
  })

  it('takes prototype names as any other', () => {
    expect(tree('__proto__:constructor')).toMatchObject({ field: '__proto__', test: { op: 'equals', value: 'constructor' } })
    expect(tree('constructor hasOwnProperty')).toMatchObject({ items: [{ text: 'constructor' }, { text: 'hasOwnProperty' }] })
  })
})

/** Text, with the wrong part between ‹ and ›; the key; the first suggestion. */
const ERRORS: [string, QueryErrorKey, string?][] = [
  ['src.ip‹:›', 'missing_value'],
  ['src.ip‹:› and x', 'missing_value'],
  ['src.ip‹:› )', 'missing_value'],
  ['a b.c‹>=›', 'missing_value'],
  ['a‹:>›', 'missing_value'],
  ['a‹!=›', 'missing_value'],
  ['‹and› x', 'missing_before'],
  ['‹OR› x', 'missing_before'],
  ['(‹or› x)', 'missing_before'],
  ['x and ‹or› y', 'missing_before'],
  ['x or ‹or› y', 'missing_before'],
  ['x ‹and›', 'missing_after'],
  ['x ‹or›', 'missing_after'],
  ['(x ‹or›)', 'missing_after'],
  ['x and ‹not›', 'missing_after'],
  ['‹not›', 'missing_after'],
  ['not ‹and› x', 'missing_before'],
  ['x ‹-› y', 'dangling_not', '"-"'],
  ['‹-›', 'dangling_not', '"-"'],
  ['x ‹!›', 'dangling_not', '"!"'],
  ['(‹-›)', 'dangling_not', '"-"'],
  ['‹:›x', 'operator_alone', '":x"'],
  ['‹<›script>', 'operator_alone', '"<script>"'],
  ['x and ‹>=› 5', 'operator_alone', '">="'],
  ['‹!=›x', 'operator_alone', '"!=x"'],
  ['‹"abc›', 'quote_open', '"abc"'],
  ['x a:‹"b c›', 'quote_open', '"b c"'],
  ['a:‹"C:\\Users\\"›', 'quote_open', '"C:\\Users\\\\"'],
  ['a > ‹"5›', 'quote_open'],
  ['a:[‹"5 to 6]›', 'quote_open'],
  ['‹(›x', 'group_open'],
  ['x (y ‹(›z', 'group_open'],
  ['a:‹(›x or y', 'group_open'],
  ['a:‹(›x or', 'group_open'],
  ['‹(›', 'group_open'],
  ['x ‹()›', 'group_empty'],
  ['a:‹( )›', 'group_empty'],
  ['x‹)›', 'close_extra'],
  ['‹)›', 'close_extra'],
  ['(x) y‹)› z', 'close_extra'],
  ['x ‹]›', 'close_extra'],
  ['(x ‹]›', 'close_extra'],
  ['a:(x‹]›', 'close_extra'],
  ['Mozilla/5.0‹(›X11)', 'needs_quotes', '"Mozilla/5.0(X11"'],
  ['a:Mozilla‹(›X11)', 'needs_quotes', '"Mozilla(X11"'],
  ['a:b‹[›0]', 'needs_quotes', '"b[0"'],
  ['a:b‹"›c"', 'needs_quotes', '"b\\"c\\""'],
  ['"a"‹›b', 'missing_space', ' '],
  ['a:"b"‹›c', 'missing_space', ' '],
  ['a:[1 to 2]‹›x', 'missing_space', ' '],
  ['x ‹&&› y', 'use_instead', 'and'],
  ['x ‹||› y', 'use_instead', 'or'],
  ['a ‹==› b', 'use_instead', '='],
  ['x ‹“two words”› y', 'use_instead', '"two words"'],
  ['a:‹“b”›', 'use_instead', '"b"'],
  ['‹[›1 to 2]', 'bracket'],
  ['a:‹[›1 to 2', 'range_open'],
  ['a:‹[›1 to', 'range_open'],
  ['a:‹[›', 'range_open'],
  ['a:‹[›1', 'range_open'],
  ['a:[1 ‹-› 2]', 'range_to', 'to'],
  ['a:[1‹]›', 'range_to', 'to'],
  ['a:[‹]›', 'range_bound'],
  ['a:[1 to ‹]›', 'range_bound'],
  ['a:[1 to ‹2*›]', 'range_bound'],
  ['a:(x ‹y›)', 'list_or', 'or y'],
  ['a:(x ‹and› y)', 'list_or', 'or'],
  ['a:(‹not› x)', 'list_not'],
  ['a:(x ‹or›)', 'missing_after'],
  ['a:(‹or› x)', 'missing_before'],
  ['a > ‹b*›', 'compare_value'],
  ['a > ‹(›1 or 2)', 'compare_value'],
  ['a:>‹[›1 to 2]', 'compare_value'],
  ['src.ip:‹10.0.0.0/33›', 'bad_cidr'],
  ['src.ip:‹10.0.0/8›', 'bad_cidr'],
  ['ip:‹fe80::/129›', 'bad_cidr'],
  ['dst.port > ‹http›', 'not_a_number'],
  ['dst.port:[1 to ‹x›]', 'not_a_number'],
  ['destination.port > ‹x›', 'not_a_number'],
  ['dst.port:1..‹10.0.0.1›', 'not_a_number'],
  ['time > ‹yesterday›', 'not_a_time'],
  ['time:‹2026-02-31›', 'not_a_time'],
  ['@timestamp:now..‹12:77›', 'not_a_time'],
  ['received:[* to ‹now-4y›]', 'not_a_time'],
  ['src.ip > ‹10›', 'not_an_address'],
  ['‹dns.*›:x', 'field_pattern'],
  ['‹*:*›', 'field_pattern', '*'],
  ['‹""›:x', 'field_empty'],
]

describe('parseQuery finds', () => {
  it.each(ERRORS)('%s: %s', (marked, key, suggestion) => {
    const offset = marked.indexOf('‹')
    const length = marked.indexOf('›') - offset - 1
    const result = parseQuery(marked.replace(/[‹›]/g, ''))
    expect(result.ok ? 'no error' : { key: result.error.key, offset: result.error.offset, length: result.error.length }).toEqual({
      key,
      offset,
      length,
    })
    expect(!result.ok && result.error.message).not.toContain('{{')
    if (suggestion !== undefined && !result.ok) expect(result.error.suggestions[0]).toBe(suggestion)
  })

  it('has every kind of error in this table', () => {
    const seen = new Set(ERRORS.map(([, key]) => key))
    expect(
      Object.keys(QUERY_ERRORS).filter((key) => key !== 'too_long' && key !== 'too_deep' && !seen.has(key as QueryErrorKey)),
    ).toEqual([])
  })

  it('what a suggestion puts right stays no error of the same kind at the same place', () => {
    for (const [marked, key, suggestion] of ERRORS) {
      if (suggestion === undefined || key === 'needs_quotes') continue
      const text = marked.replace(/‹.*›/, suggestion)
      const result = parseQuery(text)
      if (!result.ok) expect([marked, result.error.key]).not.toEqual([marked, key])
    }
  })
})

describe('parseQuery is bounded', () => {
  it('in length', () => {
    expect(parseQuery('x'.repeat(MAX_QUERY_LENGTH)).ok).toBe(true)
    const result = parseQuery('x'.repeat(MAX_QUERY_LENGTH + 3))
    expect(result).toMatchObject({ ok: false, error: { key: 'too_long', offset: MAX_QUERY_LENGTH, length: 3 } })
  })

  it.each([
    ['(', ')'],
    ['-', ''],
    ['not ', ''],
    ['a:(', ')'],
  ])('in depth of %s', (open, close) => {
    const nested = (depth: number): string =>
      open === 'a:(' ? `a:${'('.repeat(depth)}x${close.repeat(depth)}` : `${open.repeat(depth)}x${close.repeat(depth)}`
    expect(parseQuery(nested(MAX_QUERY_DEPTH)).ok).toBe(true)
    expect(parseQuery(nested(MAX_QUERY_DEPTH + 1))).toMatchObject({ ok: false, error: { key: 'too_deep' } })
    expect(parseQuery(open.repeat(4000)).ok).toBe(false)
  })

  it('and never throws, and its errors lie within the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '"',
        ':',
        '..',
        '>',
        '<',
        '=',
        '!',
        '-',
        ' and ',
        ' or ',
        ' not ',
        ' to ',
        ' ',
        '*',
        '?',
        '\\',
        'src.ip',
        'time',
        '10.0.0.0/8',
        'now',
        '1',
        '“',
        '\\u{',
        '::',
      ),
      fc.string({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        const result = parseQuery(text)
        if (result.ok) return
        const { offset, length, key, message } = result.error
        expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
        expect(message.length).toBeLessThan(500)
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(length).toBeGreaterThanOrEqual(0)
        expect(offset + length).toBeLessThanOrEqual(text.length)
        expect(key in QUERY_ERRORS).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it('in work: the same per character for the longest query as for a short one', () => {
    // Pathological shapes of every scanner; each must be read whole.
    for (const unit of ['a:', '::', 'a..', '\\', '"', '\\u{1', '(', '[', '*', 'a:[1 to ', 'ab:cd:', '-', '“']) {
      expect(() => parseQuery(unit.repeat(Math.floor(MAX_QUERY_LENGTH / unit.length)))).not.toThrow()
    }
  })
})
