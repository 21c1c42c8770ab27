import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow, MAX_ROW_FIELDS, MAX_VALUE } from '../event/row.ts'
import type { RowValue } from '../event/row.ts'
import type { EncodedBlock } from './batch.ts'
import { addressKey, addressOf, addressesWith, rangeKey } from './address-keys.ts'
import { BlockBuilder } from './block-builder.ts'
import { ColumnBuilder } from './column-builder.ts'
import { Column } from './column.ts'
import { DamageError } from './damage.ts'
import { splitFilters } from './filters.ts'
import { BLOCK_ROWS } from './limits.ts'
import { readRawChunk } from './raw-chunk.ts'
import { SYSTEM, columnOfField, fieldOfColumn } from './system-columns.ts'
import { TextProbe } from './text-filter.ts'
import { mayHold, partOf } from './value-filter.ts'
import { fieldSeed, hashNumber, hashText } from './value-hash.ts'

const text = fc.oneof(
  fc.constantFrom('', 'a', 'GET', '10.0.0.1', 'Ünïcode', '\u0000', '😀', 'x'.repeat(300)),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const number = fc.oneof(
  fc.integer({ min: -5, max: 300 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, 2 ** 53),
)
const value: fc.Arbitrary<RowValue> = fc.oneof(text, number, fc.boolean(), fc.array(text, { maxLength: 5 }))
/** Columns of one kind, as real ones are, and of all kinds together, as hostile ones are. */
const columnValues = fc.oneof(
  ...[text, number, fc.boolean(), fc.array(text, { maxLength: 5 }), value].map((of) =>
    fc.array(fc.option(of as fc.Arbitrary<RowValue>, { nil: undefined, freq: 4 }), { maxLength: 80 }),
  ),
)
const stored = (v: RowValue | undefined): RowValue | undefined =>
  typeof v === 'string' ? v.toWellFormed() : Array.isArray(v) ? v.map((s: string) => s.toWellFormed()) : v

function encode(values: readonly (RowValue | undefined)[], delta = false): Column {
  const builder = new ColumnBuilder('f', delta)
  values.forEach((v, row) => v !== undefined && builder.add(row, v))
  return new Column(builder.finish(values.length, null))
}

describe('a column', () => {
  it('gives back every value of every row', () => {
    fc.assert(
      fc.property(columnValues, fc.boolean(), (values, delta) => {
        const column = encode(values, delta)
        values.forEach((v, row) => expect(column.value(row)).toStrictEqual(stored(v)))
        expect(column.count).toBe(values.filter((v) => v !== undefined).length)
      }),
      { numRuns: 400 },
    )
  })

  it('is the same whether few or many values repeat, and whatever the width of numbers', () => {
    for (const make of [
      (i: number) => `v${i}`,
      (i: number) => `v${i % 7}`,
      (i: number) => `v${i % 300}`,
      (i: number) => i * 3,
      (i: number) => i * 1e5,
      (i: number) => 1.7e15 + i * 1e7 * (i % 3),
      (i: number) => i / 3,
      (i: number) => [`a${i}`, `b${i % 5}`],
      () => 'same',
      () => 42,
    ] as ((i: number) => RowValue)[]) {
      for (const every of [1, 3, 100]) {
        const values = Array.from({ length: 5000 }, (_, i) => (i % every === 0 ? make(i) : undefined))
        for (const delta of [false, true]) {
          const column = encode(values, delta)
          for (let i = 0; i < values.length; i++)
            if (JSON.stringify(column.value(i)) !== JSON.stringify(values[i])) expect(column.value(i)).toStrictEqual(values[i])
        }
      }
    }
  })

  it('can be built again and again by one builder', () => {
    const builder = new ColumnBuilder('f')
    for (const values of [
      [1, 2, 3],
      ['a', 'b', 'a'],
      [true, 5, 'x'],
      [['p', 'q'], [], ['p']],
      [1.5, 2, -7],
    ] as RowValue[][]) {
      values.forEach((v, row) => builder.add(row, v))
      const column = new Column(builder.finish(values.length, null))
      values.forEach((v, row) => expect(column.value(row)).toStrictEqual(v))
    }
  })

  it('notices every changed byte that matters', () => {
    const builder = new ColumnBuilder('f')
    for (let i = 0; i < 50; i++) builder.add(i, `value ${i % 9}`)
    const bytes = builder.finish(60, null)
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice()
      changed[i]! ^= 0x10
      expect(() => new Column(changed)).toThrow(DamageError)
    }
  })
})

interface Given {
  readonly fields: Readonly<Record<string, RowValue>>
  readonly raw: Uint8Array
  readonly time: number
  readonly type: string
}
const event: fc.Arbitrary<Given> = fc.record({
  fields: fc.dictionary(
    fc.oneof(
      fc.constantFrom('src.ip', 'dst.port', 'http.url', 'toString', '\u0000time', '\u0000\u0000x'),
      fc.string({ minLength: 1, maxLength: 3 }),
    ),
    value,
    { maxKeys: 6, noNullPrototype: false },
  ),
  raw: fc.uint8Array({ maxLength: 60 }),
  time: fc.integer({ min: 0, max: 4e15 }),
  type: fc.constantFrom('dns', 'http', 'Alert'),
})

function build(events: readonly Given[], fulltext: 'words' | 'trigrams', registry = new FieldRegistry()): EncodedBlock {
  const builder = new BlockBuilder(registry, fulltext)
  const row = new EventRow()
  for (const given of events) {
    row.clear()
    row.time = given.time
    row.type = given.type
    for (const [name, v] of Object.entries(given.fields)) row.set(registry.id(name), v)
    builder.add(row, given.raw)
  }
  return builder.finish()
}
const columnsOf = (block: EncodedBlock): Map<string, Column> => new Map(block.columns.map((c) => [c.field, new Column(c.data)]))

describe('a block', () => {
  it('gives back every field and every raw record byte for byte', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), (events) => {
        const block = build(events, 'trigrams')
        const columns = columnsOf(block)
        const raws = block.raw.flatMap((chunk) => readRawChunk(chunk))
        expect(raws.length).toBe(events.length)
        events.forEach((given, row) => {
          expect(Buffer.compare(raws[row]!, given.raw)).toBe(0)
          expect(columns.get(SYSTEM.time)!.value(row)).toBe(given.time)
          for (const [name, column] of columns) {
            const field = fieldOfColumn(name)
            if (field === null) continue
            expect(columnOfField(field)).toBe(name)
            const had = Object.hasOwn(given.fields, field) ? stored(given.fields[field]) : undefined
            expect(column.value(row)).toStrictEqual(had)
          }
        })
        expect([block.minTime, block.maxTime]).toEqual([
          Math.min(...events.map((e) => e.time)),
          Math.max(...events.map((e) => e.time)),
        ])
      }),
      { numRuns: 200 },
    )
  })

  it('has filters without false negatives', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('words' as const, 'trigrams' as const),
        fc.nat(),
        fc.nat(),
        (events, fulltext, from, size) => {
          const block = build(events, fulltext)
          const { values, texts, kind } = splitFilters(block.bloom)
          expect(kind).toBe(fulltext)
          const columns = columnsOf(block)
          const filterOf = (name: string): Uint8Array => texts[block.columns.findIndex(({ field }) => field === name)]!
          for (const given of events) {
            for (const [name, v] of Object.entries(given.fields)) {
              const column = columnOfField(name)
              for (const one of Array.isArray(v) ? v : [v]) {
                if (columns.get(column)?.filtered) {
                  const address = typeof one === 'string' && columns.get(column)!.kind !== 'mixed' ? addressOf(one) : -1
                  const seed = fieldSeed(column)
                  const key =
                    typeof one === 'number'
                      ? hashNumber(seed, one)
                      : address >= 0
                        ? addressKey(seed, address)
                        : hashText(seed, String(stored(one as RowValue)).toUpperCase())
                  if (typeof one !== 'boolean' && hashable(one)) {
                    const { start, end } = partOf(key, values.length)
                    expect(mayHold(values.subarray(start, end), key)).toBe(true)
                  }
                }
                if (typeof one === 'string' && addressOf(one) < 0) {
                  const lower = one.toWellFormed().toLowerCase()
                  const start = lower.length ? from % lower.length : 0
                  expect(new TextProbe(lower.slice(start, start + 1 + (size % 8))).mayHold(filterOf(column), kind)).toBe(true)
                }
              }
            }
          }
        },
      ),
      { numRuns: 300 },
    )
    // Upper case and back is not the same for every character (ß, ŉ): equality ignores case by lower case only.
    function hashable(one: unknown): boolean {
      return typeof one !== 'string' || one.toUpperCase().toLowerCase() === one.toLowerCase()
    }
  })

  it('has filters that exclude what is not there', () => {
    const events = Array.from({ length: 4000 }, (_, i) => ({
      fields: { 'src.ip': `10.0.${i >> 8}.${i & 255}`, url: `/page/${i}/index.html` },
      raw: new Uint8Array(0),
      time: i,
      type: 'http',
    }))
    const block = build(events, 'trigrams')
    const { values, texts } = splitFilters(block.bloom)
    const filter = texts[block.columns.findIndex(({ field }) => field === 'url')]!
    const has = (key: number): boolean => {
      const { start, end } = partOf(key, values.length)
      return mayHold(values.subarray(start, end), key)
    }
    let wrong = 0
    for (let i = 0; i < 1000; i++) {
      if (has(addressKey(fieldSeed('src.ip'), addressOf(`172.16.${i >> 8}.${i & 255}`)))) wrong++
      if (has(hashText(fieldSeed('url'), `/page/${i + 10_000}/index.html`))) wrong++
    }
    expect(wrong).toBeLessThan(120)
    expect(new TextProbe('powershell').mayHold(filter, 'trigrams')).toBe(false)
    expect(new TextProbe('INDEX.HTM').mayHold(filter, 'trigrams')).toBe(true)
    // Networks are found by keys of their own.
    const network = (cidr: readonly [string, string]): boolean =>
      has(rangeKey(fieldSeed('src.ip'), addressOf(cidr[0]), addressOf(cidr[1]))!)
    expect(network(['10.0.3.0', '10.0.3.255'])).toBe(true)
    expect(network(['10.0.0.0', '10.0.7.255'])).toBe(true)
    expect(network(['10.0.0.0', '10.255.255.255'])).toBe(true)
    expect(network(['10.77.0.0', '10.77.255.255'])).toBe(false)
    expect(network(['11.0.0.0', '11.255.255.255'])).toBe(false)
  })

  it('names the addresses that contain a part', () => {
    expect(addressesWith('10.1.2.30')?.map((a) => a & 255)).toEqual(expect.arrayContaining([30]))
    const named = addressesWith('0.1.2.3')!
    expect(named).toContain(addressOf('10.1.2.34'))
    expect(named).toContain(addressOf('0.1.2.3'))
    expect(named).not.toContain(addressOf('11.1.2.3'))
    expect(addressesWith('1.2.3')).toBeNull()
    expect(addressesWith('host')).toEqual([])
    expect([
      addressOf('1.2.3.4'),
      addressOf('01.2.3.4'),
      addressOf('1.2.3.256'),
      addressOf('1.2.3'),
      addressOf('1.2.3.4.5'),
    ]).toEqual([16909060, -1, -1, -1, -1])
  })

  it('marks rows of which the columns may not hold everything', () => {
    const registry = new FieldRegistry()
    const long = { fields: { a: 'x'.repeat(MAX_VALUE + 10) }, raw: new Uint8Array(0), time: 0, type: '' }
    const wide = {
      fields: Object.fromEntries(Array.from({ length: MAX_ROW_FIELDS + 5 }, (_, i) => [`f${i}`, i])),
      raw: new Uint8Array(0),
      time: 0,
      type: '',
    }
    const plain = { fields: { a: 'short' }, raw: new Uint8Array(0), time: 0, type: '' }
    const cut = columnsOf(build([plain, long, plain, wide], 'words', registry)).get(SYSTEM.cut)!
    expect([0, 1, 2, 3].map((row) => cut.value(row))).toEqual([undefined, true, undefined, true])
  })

  it('is full at its bounds and begins anew after finish', () => {
    const registry = new FieldRegistry()
    const builder = new BlockBuilder(registry)
    const row = new EventRow()
    for (let i = 0; i < BLOCK_ROWS; i++) {
      expect(builder.full).toBe(false)
      row.clear()
      builder.add(row, new Uint8Array(1))
    }
    expect(builder.full).toBe(true)
    expect(() => builder.add(row, new Uint8Array(1))).toThrow(RangeError)
    builder.finish()
    expect([builder.rows, builder.full]).toEqual([0, false])
    for (let i = 0; i < 3; i++) builder.add(row, new Uint8Array(6 << 20))
    expect(builder.full).toBe(true)
    expect(builder.finish().raw.map((chunk) => readRawChunk(chunk).length)).toEqual([1, 1, 1])
  })
})
