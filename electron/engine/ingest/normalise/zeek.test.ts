import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unescapeZeek } from './zeek.ts'

const escaped = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte === 92
        ? '\\\\'
        : byte < 32 || byte >= 127 || byte === 44
          ? `\\x${byte.toString(16).padStart(2, '0')}`
          : String.fromCharCode(byte),
    )
    .join('')

it('undoes the escapes of any text', () => {
  // Control characters that stay escaped, and halves of surrogate pairs, which no writer gives, are left out.
  const text = fc.string({ unit: 'binary' }).filter((value) => !/[\0-\x07\x0b\x0e-\x1f\x7f]/.test(value) && value.isWellFormed())
  fc.assert(
    fc.property(text, (value) => {
      expect(unescapeZeek(escaped(value))).toBe(value)
    }),
  )
})

it('leaves what is no text as it is', () => {
  for (const text of [
    '\\xff',
    '\\xc3',
    '\\xc3(',
    '\\xed\\xa0\\x80',
    '\\xf8\\x80\\x80\\x80',
    '\\x00\\x01',
    '\\xzz',
    '\\x4',
    '\\',
    'a\\b',
    '\\xc0\\x80',
    '\\xf4\\x90\\x80\\x80',
  ])
    expect(unescapeZeek(text)).toBe(text)
  expect(unescapeZeek('a\\x2cb\\x09c\\x0a')).toBe('a,b\tc\n')
})
