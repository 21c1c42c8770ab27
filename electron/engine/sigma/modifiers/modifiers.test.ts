/** Runs every modifier's examples through loading and matching. */
import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { compileRulesWith } from '../compile.ts'
import { PlaceholderFiller } from '../placeholders/fill-placeholders.ts'
import { readRule } from '../read-rule.ts'
import { splitDocuments } from '../yaml-source.ts'
import type { ModifierExample } from './define.ts'
import { modifiers } from './registry.ts'

const SOURCES = [{ names: [{ category: 'example' }], when: { format: ['example'] } }]

function read({ key, value }: ModifierExample) {
  const text = stringify({
    title: 'Example',
    logsource: { category: 'example' },
    detection: { selection: { [key]: value }, condition: 'selection' },
  })
  return readRule(splitDocuments(text)[0]!, 'example.yml', '.')
}

function matches(
  example: ModifierExample,
  event: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): boolean {
  const { rule } = read(example)
  if (rule === null) throw new Error(`${example.key} does not load: ${JSON.stringify(read(example).problems)}`)
  const fields = new FieldRegistry()
  const { filled } = new PlaceholderFiller(new Map(Object.entries(example.lists ?? {}))).fill([rule])
  const { matcher } = compileRulesWith(filled, fields, { sources: SOURCES, aliasesOf: () => ({}) })
  const row = new EventRow()
  row.format = 'example'
  for (const [name, own] of Object.entries(event)) row.set(fields.id(name), own)
  const matched = matcher.match(row).length === 1
  if (matched) for (const mark of matcher.explain(0, row)) expect(mark.end).toBeLessThanOrEqual(mark.value.length)
  return matched
}

describe.each(modifiers.map((modifier) => [modifier.id, modifier] as const))('%s', (_, { examples, doc, spec }) => {
  it('says what it does', () => {
    expect(doc.length).toBeGreaterThan(20)
    expect(spec).toMatch(/^https:/)
    expect(examples.length).toBeGreaterThan(0)
  })
  it.each(examples.map((example) => [`${example.key}: ${JSON.stringify(example.value)}`, example] as const))(
    '%s',
    (__, example) => {
      if (example.error !== undefined) {
        const { rule, problems } = read(example)
        expect(rule).toBeNull()
        expect(problems.map(({ message }) => message).join('\n')).toContain(example.error)
        expect(problems[0]!.line).toBeGreaterThan(1)
        return
      }
      expect((example.matches ?? []).length).toBeGreaterThan(0)
      for (const event of example.matches ?? [])
        expect({ event, matches: matches(example, event) }).toEqual({ event, matches: true })
      for (const event of example.misses ?? [])
        expect({ event, matches: matches(example, event) }).toEqual({ event, matches: false })
    },
  )
})
