/** Items with very many literals are asked in one pass; what they say is what each value says by itself. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { compileRulesWith } from '../compile.ts'
import { rulesOfText } from '../parse-rules.ts'

const SOURCES = [{ names: [{ category: 'test' }], when: { format: ['test'] } }]
const CHARS = ['a', 'B', 'c', '1', '.', 'é', 'İ', '\\', '한']

function matcherOf(values: readonly string[]) {
  const fields = new FieldRegistry()
  const text = JSON.stringify({
    title: 'Rule',
    logsource: { category: 'test' },
    detection: { selection: { User: values }, condition: 'selection' },
  })
  const rules = [...rulesOfText({ file: 'x.yml', folder: '/', text })].flatMap(({ rule }) => rule ?? [])
  expect(rules).toHaveLength(1)
  const { matcher } = compileRulesWith(rules, fields, { sources: SOURCES, aliasesOf: () => ({}) })
  const row = new EventRow()
  return (user: string | number | string[]): boolean => {
    row.clear()
    row.format = 'test'
    row.set(fields.id('User'), user)
    return matcher.match(row).length === 1
  }
}

const literal = fc.array(fc.constantFrom(...CHARS), { minLength: 2, maxLength: 5 }).map((chars) => chars.join(''))
const value = fc.tuple(literal, fc.boolean(), fc.boolean()).map(([text, open, closed]) => {
  const plain = text.replaceAll('\\', '\\\\')
  return `${open ? '*' : ''}${plain}${closed ? '' : '*'}`
})

it('is the same as asking for each value', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(value, { minLength: 70, maxLength: 90 }),
      fc.array(
        fc.array(fc.constantFrom(...CHARS), { maxLength: 9 }).map((chars) => chars.join('')),
        { minLength: 1, maxLength: 20 },
      ),
      (values, texts) => {
        const together = matcherOf(values)
        const parts = [values.slice(0, 30), values.slice(30, 60), values.slice(60)].map(matcherOf)
        for (const text of texts) expect([text, together(text)]).toEqual([text, parts.some((part) => part(text))])
        expect(together(texts)).toBe(parts.some((part) => part(texts)))
      },
    ),
    { numRuns: 60 },
  )
})

it('finds numbers among them', () => {
  const matches = matcherOf(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? `${1000 + i}` : `*x${1000 + i}`)))
  expect([1002, '1002', 1003, 'ax1003', 'x1003b'].map((one) => matches(one))).toEqual([true, true, false, true, false])
})
