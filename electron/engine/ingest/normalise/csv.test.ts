import fc from 'fast-check'
import { expect, it } from 'vitest'
import { say } from '../../../../shared/model/sentence.ts'
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
  expect(csvRow('a,"b', ',')).toEqual(say('quote_open'))
  expect(csvRow('"a"b,c', ',')).toEqual(say('text_after_quotes'))
  expect(csvRow('a,b,c,d', ',', 3)).toEqual(say('too_many_columns', { most: 3 }))
})
