import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inlineOf, MOST_BLOCKS, parseMarkdown, plainText } from './markdown.ts'

describe('Markdown of notes', () => {
  it('has headings, lists in lists, quotes and code', () => {
    expect(parseMarkdown('## Found\n\n- one\n  - deeper\n- two\n\n> said\n\n```\n<b>x</b>\n```\n---\n3. third')).toEqual([
      { kind: 'heading', level: 2, of: [{ kind: 'text', text: 'Found' }] },
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [
          [
            { kind: 'paragraph', lines: [[{ kind: 'text', text: 'one' }]] },
            {
              kind: 'list',
              ordered: false,
              start: 1,
              items: [[{ kind: 'paragraph', lines: [[{ kind: 'text', text: 'deeper' }]] }]],
            },
          ],
          [{ kind: 'paragraph', lines: [[{ kind: 'text', text: 'two' }]] }],
        ],
      },
      { kind: 'quote', of: [{ kind: 'paragraph', lines: [[{ kind: 'text', text: 'said' }]] }] },
      { kind: 'code', text: '<b>x</b>' },
      { kind: 'rule' },
      { kind: 'list', ordered: true, start: 3, items: [[{ kind: 'paragraph', lines: [[{ kind: 'text', text: 'third' }]] }]] },
    ])
  })
  it('has emphasis, code, links, mentions and names', () => {
    expect(inlineOf('**web-01** ran `id *x*`, *see* [log](https://a.example/x) @M. Seo A-48213 EV-03', ['M. Seo', 'M.'])).toEqual(
      [
        { kind: 'strong', of: [{ kind: 'text', text: 'web-01' }] },
        { kind: 'text', text: ' ran ' },
        { kind: 'code', text: 'id *x*' },
        { kind: 'text', text: ', ' },
        { kind: 'em', of: [{ kind: 'text', text: 'see' }] },
        { kind: 'text', text: ' ' },
        { kind: 'link', text: 'log', address: 'https://a.example/x', picture: false },
        { kind: 'text', text: ' ' },
        { kind: 'mention', name: 'M. Seo' },
        { kind: 'text', text: ' ' },
        { kind: 'named', name: 'A-48213' },
        { kind: 'text', text: ' ' },
        { kind: 'named', name: 'EV-03' },
      ],
    )
  })
  it.each([
    'snake_case_name',
    '2 * 3 * 4',
    'a@b.example',
    'xA-12',
    '[no](',
    '<img src=x onerror=alert(1)>',
    '**',
    'C:\\finance\\q3',
  ])('leaves %s as text', (text) => expect(inlineOf(text, ['kim'])).toEqual([{ kind: 'text', text }]))
  it('takes pictures as addresses, whatever their scheme', () => {
    expect(inlineOf('![x](javascript:alert`1`)')).toEqual([
      { kind: 'link', text: 'x', address: 'javascript:alert`1`', picture: true },
    ])
  })
  it('loses no letter of any text', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '```',
      '[',
      '](',
      ')',
      '# ',
      '- ',
      '> ',
      '1. ',
      '\n',
      '  ',
      'word',
      '가나',
      '@kim',
      '<b>',
      '\\',
      '!',
      'https://a.b/c',
      'A-12',
      '~~~',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
        (text) => {
          const letters = (value: string): string =>
            [...value.replaceAll(/\d+\. /g, '')]
              .filter((one) => /[a-z가-힣<>]/i.test(one))
              .sort()
              .join('')
          const shown = letters(plainText(parseMarkdown(text, ['kim']))).replaceAll('>', '')
          const written = letters(text.replaceAll(/```[^\n]*/g, (fence) => fence)).replaceAll('>', '')
          // The word behind a fence names the language, which is not shown.
          if (!/(?:```|~~~)/.test(text)) expect(shown).toBe(written)
          else expect(written.length).toBeGreaterThanOrEqual(shown.length)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('is bounded in depth and count, and shows what goes beyond', () => {
    const deep = parseMarkdown('> '.repeat(5000) + 'x')
    expect(plainText(deep)).toContain('x')
    const many = parseMarkdown(Array.from({ length: MOST_BLOCKS + 10 }, (_, index) => `p${index}`).join('\n\n'))
    expect(many).toHaveLength(MOST_BLOCKS + 1)
    expect(many.at(-1)).toMatchObject({ kind: 'code' })
    expect(plainText(many)).toContain(`p${MOST_BLOCKS + 9}`)
  })
  it.each(['*a ', '**a ', '_a ', '`'.repeat(3) + ' ', '[', '[a](', '@', '> ', '- ', 'https://', '*_`['])(
    'reads 100 000 characters of %s',
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length))
      expect(plainText(parseMarkdown(text, ['kim'])).length).toBeGreaterThanOrEqual(0)
    },
  )
})
