import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFields, nearest } from './check.ts'
import { complete, EVENT_FIELDS, withOccurring, type Completion } from './complete.ts'
import { parseQuery } from './parse.ts'

const fields = withOccurring([
  { name: 'src.ip', type: 'ip', events: 100 },
  { name: 'orig_l2_addr', type: 'text', events: 3 },
  { name: 'odd field', type: 'keyword', events: 2 },
])
/** `|` is the caret. */
const at = (marked: string, values: { value: string; count: number }[] = []): Completion => {
  const caret = marked.indexOf('|')
  return complete(marked.replace('|', ''), caret, fields, values)
}
const labels = (marked: string): string[] => at(marked).suggestions.map((suggestion) => suggestion.label)
/** The text after the first suggestion is taken. */
const taken = (marked: string, values: { value: string; count: number }[] = []): string => {
  const { from, to, suggestions } = at(marked, values)
  const text = marked.replace('|', '')
  return text.slice(0, from) + (suggestions[0]?.insert ?? '∅') + text.slice(to)
}

describe('complete', () => {
  it.each([
    ['src.i|', 'src.ip:'],
    ['SRC.I|', 'src.ip:'],
    ['src.i|:x', 'src.ip:x'],
    ['a and src.i|', 'a and src.ip:'],
    ['-src.i|', '-src.ip:'],
    ['(src.i|)', '(src.ip:)'],
    ['sni|', 'tls.sni:'],
    ['user_agent.or|', 'http.user_agent:'],
    ['source.ip|', 'src.ip:'],
    ['odd|', '"odd field":'],
    ['src.ip:1 |', 'src.ip:1 and '],
    ['src.ip:1 a|', 'src.ip:1 action:'],
    ['time:>now-4|', 'time:>now-4h'],
    ['time > |', 'time > now-15m'],
    ['time:[now-1h |', 'time:[now-1h to '],
    ['time:[now-1h to |', 'time:[now-1h to now-15m'],
    ['type:(a |', 'type:(a or '],
  ])('%s gives %s', (marked, text) => {
    expect(taken(marked)).toBe(text)
  })

  it('offers given values, written so that they mean themselves', () => {
    const values = [
      { value: 'alert', count: 9 },
      { value: 'two words', count: 4 },
      { value: 'or', count: 1 },
    ]
    expect(at('type:|', values)).toMatchObject({ valuesOf: 'type', from: 5, to: 5 })
    expect(at('type:|', values).suggestions.map(({ insert }) => insert)).toEqual(['alert', '"two words"', '"or"'])
    expect(taken('type:wor|', values)).toBe('type:"two words"')
    expect(taken('type:(alert or t|)', values)).toBe('type:(alert or alert)')
    expect(taken('type:"two|', values)).toBe('type:"two words"')
    expect(at('type != |', values).valuesOf).toBe('type')
    expect(at('"odd field":|', values).valuesOf).toBe('odd field')
    expect(at('type:alert |', values).valuesOf).toBeNull()
  })

  it('puts what begins with the word first, then what has a part that does, then the rest', () => {
    const found = labels('ip|')
    expect(found[0]).toBe('ip')
    expect(found.indexOf('src.ip')).toBeLessThan(found.indexOf('dst.ip'))
    expect(labels('mand|')).toEqual(['process.command', 'process.parent.command'])
  })

  it('says type, meaning and whether it is indexed', () => {
    expect(at('process.comm|').suggestions[0]?.field).toMatchObject({ type: 'text', indexed: false, doc: 'Command line.' })
    expect(at('dst.po|').suggestions[0]?.field).toMatchObject({ type: 'port', indexed: true, doc: 'Destination port.' })
    expect(at('dst.po|').suggestions[0]?.matched).toEqual({ start: 0, end: 6 })
  })

  it('keeps quiet in quoted text', () => {
    expect(labels('"src.i|')).toEqual([])
  })

  it('never fails, stays within the text, and every field it offers parses', () => {
    const piece = fc.constantFrom(
      'src.ip',
      ':',
      '"',
      '(',
      ')',
      '[',
      ']',
      ' ',
      'or',
      'to',
      'and',
      '-',
      '>',
      'time',
      'x',
      '\\',
      '*',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(), (pieces, seed) => {
        const text = pieces.join('')
        const caret = seed % (text.length + 1)
        const { from, to, suggestions } = complete(text, caret, fields, [{ value: 'a b', count: 1 }])
        expect(0 <= from && from <= caret && caret <= to && to <= text.length).toBe(true)
        for (const { kind, insert } of suggestions)
          if (kind === 'field') expect(parseQuery(insert.replace(/:?$/, ':*')).ok).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('checkFields', () => {
  const names = new Set(EVENT_FIELDS.map((field) => field.name))
  const check = (text: string): ReturnType<typeof checkFields> => {
    const parsed = parseQuery(text)
    return parsed.ok ? checkFields(parsed.value, names) : []
  }

  it('names the characters and the nearest fields', () => {
    expect(check('src.ip:1.2.3.4 and scr.ip:1')).toEqual([
      { key: 'unknown_field', field: 'scr.ip', offset: 19, length: 6, suggestions: ['src.ip'] },
    ])
    expect(check('not (dst.prot:80 or x)')[0]).toMatchObject({ offset: 5, length: 8, suggestions: ['dst.port'] })
    expect(check('sni:x')[0]?.suggestions[0]).toBe('tls.sni')
    expect(check('Src.Ip:x')[0]?.suggestions[0]).toBe('src.ip')
  })

  it('tells a list once and knows nothing of what is far from everything', () => {
    expect(check('foo_bar_baz:(1 or 2)')).toEqual([
      { key: 'unknown_field', field: 'foo_bar_baz', offset: 0, length: 11, suggestions: [] },
    ])
    expect(check('src.ip:1 tls.sni:x')).toEqual([])
  })

  it('counts a swap of neighbours as one edit', () => {
    expect(nearest('ab', ['ba'])).toEqual(['ba'])
    expect(nearest('abc', ['xyz', 'abcd', 'abc'])).toEqual(['abc', 'abcd'])
  })
})
