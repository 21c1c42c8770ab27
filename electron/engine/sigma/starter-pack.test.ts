/** Every shipped rule: loads, is reachable, and does with its examples what they say. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { TECHNIQUES } from '../../../shared/attack/techniques.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import { parserById } from '../ingest/parsers/registry.ts'
import { compileRules, compileRulesWith } from './compile.ts'
import { loadRules } from './load-rules.ts'
import { reachable } from './logsources/log-source.ts'
import { shippedLogSources } from './logsources/table.ts'

const Examples = z.array(z.object({ name: z.string(), format: z.string(), match: z.boolean(), record: z.string() }))
const folder = join(import.meta.dirname, '..', '..', '..', 'resources', 'rules')
const loaded = await loadRules([{ path: folder, builtin: true }])
const { problems } = loaded
// Rules that stand in one file with a scenario are tried with it: see scenarios/pack.test.ts.
const ofScenarios = new Set(loaded.scenarios.map(({ file }) => file))
const rules = loaded.rules.filter(({ file }) => !ofScenarios.has(file))

const fields = new FieldRegistry()
const { matcher } = compileRules(rules, fields)
const { matcher: unfiltered } = compileRulesWith(rules, fields, { unfiltered: true })
const parsers = new Map<string, ReturnType<NonNullable<ReturnType<typeof parserById>>['create']>>()

function match(
  format: string,
  record: string,
): { titles: string[]; marks: (index: number) => ReturnType<typeof matcher.explain> } {
  const parser =
    parsers.get(format) ??
    parserById(format)?.create({ fields, zone: 'UTC', received: Date.UTC(2026, 0, 3) * 1000, fileName: 'example' })
  if (parser === undefined) throw new Error(`no parser ${format}`)
  parsers.set(format, parser)
  const row = new EventRow()
  row.format = format
  expect(parser.parse(record, row)).toBe('event')
  const matched = [...matcher.match(row)]
  expect(matched).toEqual([...unfiltered.match(row)])
  return { titles: matched.map((index) => rules[index]!.title), marks: (index) => matcher.explain(index, row) }
}

describe('shipped rules', () => {
  it('load, at least two hundred of them, without a problem', () => {
    expect(problems).toEqual([])
    expect(rules.length).toBeGreaterThanOrEqual(200)
    for (const { id } of rules) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(rules.map(({ title }) => title)).size).toBe(rules.length)
  })

  it.each(rules.map((rule, index) => [rule.title, index] as const))('%s', (_, index) => {
    const rule = rules[index]!
    expect(reachable(rule, shippedLogSources().sources)).toBe(true)
    expect(rule.attack.some((id) => id.startsWith('TA'))).toBe(true)
    expect(rule.attack.some((id) => /^T\d/.test(id))).toBe(true)
    expect(rule.attack.filter((id) => /^T\d/.test(id) && !TECHNIQUES.has(id))).toEqual([])
    expect(rule.description.length).toBeGreaterThan(20)
    expect(rule.falsePositives.length).toBeGreaterThan(0)
    const examples = Examples.parse(parse(readFileSync(rule.file.replace(/\.yml$/, '.examples.yml'), 'utf8')))
    expect(examples.some((example) => example.match)).toBe(true)
    expect(examples.some((example) => !example.match)).toBe(true)
    for (const { name, format, match: expected, record } of examples) {
      const { titles, marks } = match(format, record)
      expect({ name, match: titles.includes(rule.title) }).toEqual({ name, match: expected })
      if (!expected) continue
      const lines = rule.text.split('\n')
      for (const mark of marks(index)) {
        expect(lines[mark.line - 1]).toMatch(/\S/)
        expect(mark.part).toMatch(/^[\w]+[.[]/)
      }
    }
  })
})
