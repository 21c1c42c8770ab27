/** Every parser's examples, and what must hold for all of them whatever they are fed. */
import { describe, expect, it } from 'vitest'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { TIME_NOTES } from '../../../../shared/model/event.ts'
import { CANONICAL_FIELDS, SYSTEM_FIELDS } from '../../../../shared/model/fields.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import { createFramer } from '../framing.ts'
import { splitJson } from '../normalise/json-split.ts'
import { contextFor, fuzzParsers, wrong } from '../../../../test/fuzz/fuzz-parsers.ts'
import type { ParserDefinition, ParserExample, RecordParser } from './define.ts'
import { rejection } from '../rejection.ts'
import { orderParsers, parsers, recogniseText } from './registry.ts'

const RECEIVED = '2026-01-02T03:04:05Z'
const recordsOf = (parser: ParserDefinition, input: string): string[] =>
  parser.framing === 'json' ? splitJson(input) : parser.framing === 'quoted' ? framed(input) : input.split('\n')
function framed(input: string): string[] {
  const framer = createFramer('quoted')
  framer.push(Buffer.from(input))
  framer.finish()
  const records: string[] = []
  for (let chunk = framer.take(true); chunk !== null; chunk = framer.take(true)) {
    const { bytes, bounds } = chunk
    for (let i = 0; i < bounds.length; i += 2) records.push(Buffer.from(bytes.subarray(bounds[i], bounds[i + 1])).toString())
  }
  return records
}
const contextOf = (example: ParserExample, fields: FieldRegistry) => ({
  fields,
  zone: example.zone ?? 'UTC',
  received: microsFromIso(example.received ?? RECEIVED)!,
  csv: example.csv,
  fileName: example.fileName ?? 'example.log',
})

/** All that a parser says of one record. */
function readOne(reader: RecordParser, record: string, fields: FieldRegistry): unknown {
  const row = new EventRow()
  const result = reader.parse(record, row)
  const named = row.fields.map((field) => [fields.name(field), row.get(field)] as const).sort(([a], [b]) => (a < b ? -1 : 1))
  return result === 'event' ? [row.time, row.nanos, row.timeNote, row.type, named] : result
}
function readAll(parser: ParserDefinition, example: ParserExample, records: readonly string[]): unknown[] {
  const fields = new FieldRegistry()
  const reader = parser.create(contextOf(example, fields))
  return records.map((record) => readOne(reader, record, fields))
}

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
        if (typeof result === 'string') return expect(result).toHaveProperty('rejected')
        expect(inEnglish(rejection(result.rejected))).toContain(wanted.rejected)
      } else {
        expect(result).toBe('event')
        const got: Record<string, unknown> = Object.create(null) as Record<string, unknown>
        for (const name of Object.keys(wanted.fields)) got[name] = row.get(fields.find(name))
        expect({
          time: isoFromMicros(row.time, row.nanos),
          timeNote: TIME_NOTES[row.timeNote],
          type: row.type,
          fields: { ...got },
        }).toEqual({
          time: isoFromMicros(microsFromIso(wanted.time)!, nanosOf(wanted.time)),
          timeNote: wanted.timeNote ?? '',
          type: wanted.type,
          fields: wanted.fields,
        })
      }
    })
  })

  it('goes on in the middle from its state, as if it had never stopped', () => {
    for (const example of parser.examples) {
      const records = recordsOf(parser, example.input)
      const whole = readAll(parser, example, records)
      for (let cut = 1; cut < records.length; cut++) {
        const fields = new FieldRegistry()
        const first = parser.create(contextOf(example, fields))
        const before = records.slice(0, cut).map((record) => readOne(first, record, fields))
        const state = first.state?.()
        const second = parser.create({ ...contextOf(example, fields), ...(state === undefined ? {} : { state }) })
        expect([...before, ...records.slice(cut).map((record) => readOne(second, record, fields))]).toEqual(whole)
      }
    }
  })

  it.runIf(parser.stateless)('reads every record alone, in any order', () => {
    for (const example of parser.examples) {
      const records = recordsOf(parser, example.input)
      expect(readAll(parser, example, records.toReversed()).toReversed()).toEqual(readAll(parser, example, records))
    }
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
  it.each(
    parsers.flatMap((parser) =>
      parser.examples
        .filter((example) => example.sniffed !== false)
        .map((example) => [parser.id, example.name, example] as const),
    ),
  )('%s: %s', (id, _name, example) => {
    expect(recogniseText(example.input, example.fileName ?? 'example.log', true)?.parser.id).toBe(id)
  })

  it('knows a log in which somebody had a NUL logged', () => {
    const line = (n: number): string => `<13>Nov 20 10:00:0${n} host app[7]: line ${n}`
    const log = [0, 1, 2, 3].map((n) => (n === 1 ? `${line(n)} \0` : line(n))).join('\n')
    expect(recogniseText(log, 'messages', true)?.parser.id).toBe('syslog-3164')
  })

  it('takes nothing else for a log', () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d494844520000001000000010080600', 'hex').toString('latin1')
    const binary = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3)) % 256))
    const others: Record<string, string> = {
      empty: '',
      blank: '\n\n  \n',
      png: png + '\n'.repeat(20),
      elf: `\x7fELF\x02\x01\x01${'\0'.repeat(60)}\n`,
      pcap: Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex').toString('utf8'),
      random: binary.toString('utf8'),
      'random as latin1': binary.toString('latin1'),
      prose:
        'It was in May that the company moved, and nothing was lost on the way.\nMar was the month before: a cold one, said the people.\n'.repeat(
          20,
        ),
      markdown: '# Title\n\n- one: 1\n- two: 2\n\n| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n',
      yaml: 'title: A rule\nid: 1\ndate: 2026-01-02\ndetection:\n  selection:\n    EventID: 1\n',
      source: "import { x } from 'y'\nexport const z = (a, b) => a + b\n".repeat(20),
      settings: '{\n  "name": "x",\n  "version": "1.0.0",\n  "dependencies": { "a": "1" }\n}\n',
      'list of objects': '[{"id":"a","name":"b"},{"id":"c","name":"d"}]',
      'list of words': '["a","b"]',
      table: 'name,age,city\nkim,31,Seoul\nlee,44,Busan\n',
      signatures: 'alert tcp any any -> any 80 (msg:"x"; content:"y"; sid:1; rev:1;)\n'.repeat(20),
      changelog: '2026-01-02\n  * first\n  * second\n\n2025-12-01\n  * third\n  * fourth\n',
      html: '<!doctype html>\n<html><body><p>2026-01-02 03:04:05</p></body></html>\n',
      xml: '<?xml version="1.0"?>\n<a><b time="2026-01-02T03:04:05Z"/></a>\n',
      hashes: 'd41d8cd98f00b204e9800998ecf8427e  a\n'.repeat(30),
      numbers: '1234567890\n1234567891\n1234567892\n',
      addresses: '192.0.2.1\n192.0.2.2\n2001:db8::1\n',
    }
    for (const [name, text] of Object.entries(others))
      expect([name, recogniseText(text, `${name}.txt`, true)?.parser.id ?? null]).toEqual([name, null])
  })

  it('throws on a second parser of the same id or priority', () => {
    const parser = parsers[0]!
    expect(() => orderParsers([parser, { ...parser, priority: -1 }])).toThrow(/two parsers/)
    expect(() => orderParsers([parser, { ...parser, id: 'other' }])).toThrow(/same priority/)
  })
})

describe.each(parsers.map((parser) => [parser.id, parser] as const))('%s, whatever comes in', (_id, parser) => {
  const row = new EventRow()
  const feed = (records: readonly string[], fields = new FieldRegistry()): void => {
    const reader = parser.create(contextFor(parser, fields))
    for (const record of records) {
      row.clear()
      expect([wrong(reader.parse(record, row), row), record.slice(0, 60)]).toEqual([null, record.slice(0, 60)])
      reader.state?.()
    }
  }
  const records = parser.examples.flatMap((example) => recordsOf(parser, example.input))

  it('every beginning and every end of an example', () => {
    for (const record of records) {
      const step = Math.max(1, Math.floor(record.length / 120))
      for (let i = 0; i <= record.length; i += step) feed([record.slice(0, i), record.slice(i)])
    }
  })

  it('byte order marks, carriage returns, NULs, invalid UTF-8', () => {
    feed(
      records.flatMap((record) => [
        `\ufeff${record}`,
        `${record}\r`,
        `${record}\0`,
        `\0${record}`,
        Buffer.from(record, 'utf16le').toString('utf8'),
        Buffer.from(record, 'latin1').toString('utf8'),
      ]),
    )
    const event = records.find((record) => parser.framing === 'json' || record.startsWith('{'))
    if (event !== undefined && recogniseText(event, 'x.json', true)?.parser.id === parser.id) {
      row.clear()
      expect(parser.create(contextFor(parser, new FieldRegistry())).parse(`\ufeff${event}`, row)).toBe('event')
    }
  })

  it('deep nesting', () => {
    const deep = (open: string, close: string, n: number): string => open.repeat(n) + '1' + close.repeat(n)
    feed([
      deep('[', ']', 100_000),
      deep('{"a":', '}', 50_000),
      '['.repeat(200_000),
      '{"a":'.repeat(100_000),
      `{"EventID":1,"Event":${deep('{"a":', '}', 5000)}}`,
      `{"event_type":"x","a":${deep('[', ']', 5000)}}`,
    ])
  })

  it('lines of a quarter of a megabyte', () => {
    const size = 1 << 18
    const head = records.find((record) => record.length > 30) ?? ''
    const fillers = [
      'a',
      '0',
      ' ',
      '\t',
      '"',
      "'",
      '\\',
      '=',
      'a=',
      ' a=',
      '|',
      '{',
      '[',
      '(',
      ':',
      ': ',
      '<',
      '>',
      ',',
      '-',
      '.',
      '\\x41',
      '""',
      'a b ',
      '"a" ',
      'é',
      '#',
      ' from ',
      'rhost=',
      '\ud800',
    ]
    for (const filler of fillers) {
      const long = filler.repeat(Math.ceil(size / filler.length))
      feed([long, head + long, long + head, head.slice(0, head.length >> 1) + long])
    }
  })

  it('many names', () => {
    const fields = new FieldRegistry()
    const names = Array.from({ length: 3000 }, (_, i) => `n${i}`)
    feed(
      [
        JSON.stringify(Object.fromEntries(names.map((name) => [name, 1]))),
        ...Array.from({ length: 20 }, (_, i) =>
          JSON.stringify({
            EventID: 1,
            event_type: 'x',
            ts: 1,
            ...Object.fromEntries(names.map((name) => [`${name}${i}`, { [name]: i }])),
          }),
        ),
        names.map((name) => `${name}=1`).join(' '),
        `#fields\t${names.join('\t')}`,
        names.join(','),
        `CEF:0|a|b|c|d|e|f|${names.map((name) => `${name}=1`).join(' ')}`,
        `<1>1 - - - - - [x ${names.map((name) => `${name}="1"`).join(' ')}]`,
      ],
      fields,
    )
    expect(fields.size).toBeLessThanOrEqual(4096)
    // Names of the model are still to be had.
    for (const canonical of Object.values(parser.aliases)) {
      if (!SYSTEM_FIELDS.some(({ name }) => name === canonical))
        expect([canonical, fields.find(canonical) >= 0]).toEqual([canonical, true])
    }
  })
})

describe('all parsers', () => {
  it('give what a parser may give for 20,000 changed examples', () => {
    const counts = fuzzParsers(20_000, 42)
    expect(counts.inputs).toBeGreaterThanOrEqual(20_000)
    expect(Math.min(counts.events, counts.rejected, counts.headers)).toBeGreaterThan(500)
  })
})
