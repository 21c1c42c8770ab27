import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRow } from './csv.ts'

it('gives back every row that was written by the rules of RFC 4180', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', 'é', '=') })
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 8 }), fc.constantFrom(',', ';', '\t'), (row, delimiter) => {
      const text = row.map((value) => (/[",;\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(delimiter)
      expect(csvRow(text, delimiter)).toEqual(row)
    }),
  )
})

it('says what is wrong', () => {
  expect(csvRow('a,"b', ',')).toContain('not closed')
  expect(csvRow('"a"b,c', ',')).toContain('after a quoted field')
  expect(csvRow('a,b,c,d', ',', 3)).toContain('more than 3')
})
