import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../shared/model/event.ts'
import {
  changeColumns,
  columnsOf,
  DEFAULT_COLUMNS,
  fieldsToAsk,
  MAX_COLUMNS,
  SUMMARY,
  type Column,
  type ColumnChange,
} from './columns.ts'
import { summaryOf, textOf, valuesOf } from './values.ts'

const names = (columns: readonly Column[]): string[] => columns.map(({ field }) => field)

describe('columns', () => {
  it('are added before the summary, taken away, moved and ordered', () => {
    const added = changeColumns(DEFAULT_COLUMNS, { kind: 'toggle', field: 'dns.query' })
    expect(names(added).slice(-2)).toEqual(['dns.query', SUMMARY])
    expect(names(changeColumns(added, { kind: 'toggle', field: 'dns.query' }))).toEqual(names(DEFAULT_COLUMNS))
    expect(names(changeColumns(DEFAULT_COLUMNS, { kind: 'move', field: 'type', step: -1 })).slice(0, 2)).toEqual(['type', 'time'])
    expect(changeColumns(DEFAULT_COLUMNS, { kind: 'move', field: 'time', step: -1 })).toBe(DEFAULT_COLUMNS)
    expect(names(changeColumns(DEFAULT_COLUMNS, { kind: 'order', fields: [SUMMARY, 'type'] })).slice(0, 3)).toEqual([
      SUMMARY,
      'type',
      'time',
    ])
  })

  it('keep one, and each once, whatever is done', () => {
    const change: fc.Arbitrary<ColumnChange> = fc.oneof(
      fc.record({ kind: fc.constant('toggle' as const), field: fc.constantFrom('time', 'a', 'b', SUMMARY) }),
      fc.record({
        kind: fc.constant('move' as const),
        field: fc.constantFrom('time', 'a', 'b'),
        step: fc.constantFrom(-1 as const, 1 as const),
      }),
      fc.record({ kind: fc.constant('order' as const), fields: fc.array(fc.constantFrom('time', 'a', 'b', 'zzz')) }),
      fc.record({ kind: fc.constant('width' as const), field: fc.constantFrom('time', 'a'), width: fc.constantFrom(50, null) }),
    )
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const columns = changes.reduce(changeColumns, DEFAULT_COLUMNS)
        expect(columns.length).toBeGreaterThan(0)
        expect(new Set(names(columns)).size).toBe(columns.length)
        expect(columnsOf(JSON.parse(JSON.stringify(columns)))).toEqual(columns)
      }),
    )
  })

  it('are the default where what is stored makes no sense', () => {
    for (const stored of [
      null,
      [],
      'x',
      [{ field: 1 }],
      [{ field: 'a', width: -1 }],
      Array.from({ length: MAX_COLUMNS + 1 }, (_, index) => ({ field: `f${index}`, width: null })),
    ])
      expect(columnsOf(stored)).toBe(DEFAULT_COLUMNS)
    expect(
      names(
        columnsOf([
          { field: 'a', width: null },
          { field: 'a', width: 90 },
        ]),
      ),
    ).toEqual(['a'])
  })

  it('ask for what the summary needs, and never for nothing', () => {
    expect(fieldsToAsk([{ field: 'a', width: null }])).toEqual(['a'])
    expect(fieldsToAsk(DEFAULT_COLUMNS)).toEqual(expect.arrayContaining(['src.ip', 'sig.name', 'http.host']))
    expect(fieldsToAsk(DEFAULT_COLUMNS).length).toBeLessThanOrEqual(100)
  })
})

describe('values', () => {
  const event = (fields: EventRow['fields']): EventRow => ({
    id: '1',
    time: '2026-11-20T00:00:00.000Z',
    timeNote: '',
    received: '2026-11-20T00:00:01.000Z',
    type: 'http',
    format: 'eve',
    source: 's',
    fields,
  })

  it('come one by one, system fields too, and never from a prototype', () => {
    expect(valuesOf(event({ 'dns.answers': ['a', 'b'] }), 'dns.answers')).toEqual(['a', 'b'])
    expect(valuesOf(event({ 'dst.port': 80, tunnel: false }), 'tunnel')).toEqual(['false'])
    expect(valuesOf(event({}), 'type')).toEqual(['http'])
    expect(valuesOf(event({}), 'constructor')).toEqual([])
    expect(textOf(event({}), 'toString')).toBe('')
  })

  it('make a line that says what the event is', () => {
    expect(summaryOf(event({ 'http.method': 'GET', 'http.host': 'order.example.com', 'http.url': '/x?c=id' }))).toBe(
      'GET order.example.com/x?c=id',
    )
    expect(summaryOf(event({ 'sig.name': 'Web shell', 'http.url': '/x' }))).toBe('Web shell')
    expect(summaryOf(event({ 'dns.type': 'A', 'dns.query': 'a.example' }))).toBe('A a.example')
    expect(summaryOf(event({}))).toBe('')
  })
})
