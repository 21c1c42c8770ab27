/** Every parser's examples, and what must hold for all of them whatever they are fed. */
import { describe, expect, it } from 'vitest'
import { TIME_NOTES } from '../../../../shared/model/event.ts'
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../../shared/model/fields.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { splitJson } from '../normalise/json-split.ts'
import type { ParserDefinition, ParserExample } from './define.ts'
import { orderParsers, parsers, recogniseText } from './registry.ts'

const RECEIVED = '2026-01-02T03:04:05Z'
const recordsOf = (parser: ParserDefinition, input: string): string[] => (parser.framing === 'json' ? splitJson(input) : input.split('\n'))
const contextOf = (example: ParserExample, fields: FieldRegistry) => ({
  fields,
  zone: example.zone ?? 'UTC',
  received: microsFromIso(example.received ?? RECEIVED)!,
  csv: example.csv,
  fileName: example.fileName ?? 'example.log',
})

describe.each(parsers.map((parser) => [parser.id, parser] as const))('%s', (_id, parser) => {
  it.each(parser.examples.map((example) => [example.name, example] as const))('%s', (_name, example) => {
    const fields = new FieldRegistry()
    const reader = parser.create(contextOf(example, fields))
    const records = recordsOf(parser, example.input)
    expect(records.length).toBe(example.expect.length)
    const row = new EventRow()
    records.forEach((record, i) => {
      row.clear()
      const result = reader.parse(record, row)
      const wanted = example.expect[i]!
      if (wanted === 'header') expect(result).toBe('header')
      else if ('rejected' in wanted) {
        expect(result).toHaveProperty('rejected')
        expect((result as { rejected: string }).rejected).toContain(wanted.rejected)
      } else {
        expect(result).toBe('event')
        const got: Record<string, unknown> = Object.create(null) as Record<string, unknown>
        for (const name of Object.keys(wanted.fields)) got[name] = row.get(fields.find(name))
        expect({ time: isoFromMicros(row.time, row.nanos), timeNote: TIME_NOTES[row.timeNote], type: row.type, fields: { ...got } }).toEqual({
          time: isoFromMicros(microsFromIso(wanted.time)!, nanosOf(wanted.time)),
          timeNote: wanted.timeNote ?? '',
          type: wanted.type,
          fields: wanted.fields,
        })
      }
    })
  })

  it('has a specification link, a text, examples with an event and with a rejected or passed-over record', () => {
    expect(parser.spec).toMatch(/^https:\/\//)
    expect(parser.doc.length).toBeGreaterThan(80)
    const results = parser.examples.flatMap((example) => example.expect)
    expect(results.some((result) => result !== 'header' && !('rejected' in result))).toBe(true)
    expect(results.some((result) => result === 'header' || 'rejected' in result)).toBe(true)
  })

  it('has aliases to known fields only', () => {
    const known = new Set([...SYSTEM_FIELDS, ...CANONICAL_FIELDS].map((field) => field.name))
    expect(Object.values(parser.aliases).filter((name) => !known.has(name))).toEqual([])
  })
})

const nanosOf = (iso: string): number => Number((/\.\d{6}(\d{3})Z$/.exec(iso) ?? [])[1] ?? 0)

describe('recognition', () => {
  it.each(parsers.flatMap((parser) => parser.examples.filter((example) => example.sniffed !== false).map((example) => [parser.id, example.name, example] as const)))(
    '%s: %s',
    (id, _name, example) => {
      expect(recogniseText(example.input, example.fileName ?? 'example.log', true)?.parser.id).toBe(id)
    },
  )

  it('throws on a second parser of the same id or priority', () => {
    const parser = parsers[0]!
    expect(() => orderParsers([parser, { ...parser, priority: -1 }])).toThrow(/two parsers/)
    expect(() => orderParsers([parser, { ...parser, id: 'other' }])).toThrow(/same priority/)
  })
})
