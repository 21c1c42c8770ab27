import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../shared/query/parse.ts'
import { highlight, type WrongPlace } from './highlight.ts'

const say = (text: string, places: readonly WrongPlace[] = []): string[] =>
  highlight(text, places)
    .filter(({ kind, wrong }) => kind !== 'space' || wrong)
    .map(({ text: part, kind, wrong }) => `${kind}${wrong ? `!${wrong}` : ''} ${part}`)

describe('highlight', () => {
  it('tells fields, values, wildcards and words apart', () => {
    expect(say('src.ip:10.* and -"a b" not foo\\*')).toEqual([
      'field src.ip',
      'operator :',
      'value 10.',
      'wildcard *',
      'keyword and',
      'operator -',
      'quoted "a b"',
      'keyword not',
      'text foo\\*',
    ])
  })

  it('marks exactly the wrong characters, also between pieces and at the end', () => {
    expect(say('scr.ip:1 x', [{ offset: 0, length: 6, wrong: 'unknown' }])).toEqual([
      'field!unknown scr.ip',
      'operator :',
      'value 1',
      'text x',
    ])
    expect(say('abc', [{ offset: 1, length: 1, wrong: 'error' }])).toEqual(['text a', 'text!error b', 'text c'])
    expect(say('a:', [{ offset: 2, length: 0, wrong: 'error' }])).toEqual(['field a', 'operator :', 'space!error '])
    expect(say('', [{ offset: 0, length: 0, wrong: 'error' }])).toEqual(['space!error '])
  })

  it('is always the text itself', () => {
    const piece = fc.oneof(
      fc.constantFrom('(', ')', '[', ']', '"', ':', '>', '\\', '*', ' ', 'and', 'src.ip', '-'),
      fc.string({ maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (parts) => {
        const text = parts.join('')
        const parsed = parseQuery(text)
        const places: WrongPlace[] = parsed.ok
          ? []
          : [{ offset: parsed.error.offset, length: parsed.error.length, wrong: 'error' }]
        const pieces = highlight(text, places)
        expect(pieces.map((one) => one.text).join('')).toBe(text)
        const wrong = pieces
          .filter((one) => one.wrong === 'error')
          .map((one) => one.text)
          .join('')
        expect(wrong).toBe(parsed.ok ? '' : text.slice(parsed.error.offset, parsed.error.offset + parsed.error.length))
      }),
      { numRuns: 2000 },
    )
  })
})
