import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinFilters, piecesOf } from './filter-pieces.ts'

describe('a filter in pieces', () => {
  it('is its text, whatever it is and wherever the error', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', "'", '\\', ' ', 'a', '.', '=', '!', '&', '(', '{', 'r', '가') }),
    )
    fc.assert(
      fc.property(texts, fc.nat(40), fc.nat(10), (text, offset, length) => {
        const wrong = offset <= text.length ? { offset, length: Math.min(length, text.length - offset) } : null
        const pieces = piecesOf(text, wrong)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        const marked = pieces.filter((piece) => piece.wrong).map((piece) => piece.text)
        expect(marked.join('')).toBe(wrong ? text.slice(wrong.offset, wrong.offset + wrong.length) : '')
        if (wrong?.length === 0) expect(marked).toEqual([''])
      }),
    )
  })
  it('knows words from operators', () => {
    expect(piecesOf('ip.addr == 192.0.2.1 and http contains "a b"', null).map(({ kind, text }) => `${kind}:${text}`)).toEqual([
      'word:ip.addr',
      'space: ',
      'operator:==',
      'space: ',
      'word:192.0.2.1',
      'space: ',
      'keyword:and',
      'space: ',
      'word:http',
      'space: ',
      'keyword:contains',
      'space: ',
      'quoted:"a b"',
    ])
  })
})

describe('filters joined', () => {
  it.each([
    ['', 'and', 'http', 'http'],
    ['tcp', 'only', 'http', 'http'],
    ['tcp', 'not', 'http', '!(http)'],
    ['tcp', 'and', 'http', 'tcp && http'],
    ['tcp || udp', 'and', 'http', '(tcp || udp) && http'],
    ['tcp', 'andNot', 'http', 'tcp && !(http)'],
    ['tcp', 'or', 'http', '(tcp) || (http)'],
    ['tcp', 'and', 'a || b', 'tcp && (a || b)'],
  ] as const)('%s %s %s', (before, how, added, joined) => expect(joinFilters(before, how, added)).toBe(joined))
})
