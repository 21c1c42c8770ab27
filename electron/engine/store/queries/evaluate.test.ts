import fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldTest, QueryNode } from '../../../../shared/query/ast.ts'
import { FIELD_GROUPS } from '../../../../shared/model/fields.ts'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../../test/fixtures/store/batches.ts'
import type { RowValue, Scalar } from '../../event/row.ts'
import { mergeBlocks } from '../block-merge.ts'
import { eventsDir, partitionPath } from '../partition-files.ts'
import { PartitionWriter } from '../partition-writer.ts'
import { TextFilterBuilder } from '../text-filter.ts'
import { ValueFilterBuilder } from '../value-filter.ts'
import { ask, mayFit, rowsThatFit } from './evaluate.ts'
import { Partition } from './partition.ts'
import { planOf } from './plan.ts'

/* ------------------------------------------------ the reference: one event, one value at a time */

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const asNumber = (text: string): number | null => (NUMBER.test(text.trim()) ? Number(text.trim()) : null)
const toRegExp = (pattern: string): RegExp => {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (c === '\\' && i + 1 < pattern.length) out += pattern[++i]!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    else if (c === '*') out += '[^]*'
    else if (c === '?') out += '[^]'
    else out += c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  }
  return new RegExp(`^${out}$`, 'u')
}
const v4 = (text: string): number | null => {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match || match.slice(1).some((part) => Number(part) > 255)) return null
  return match.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0)
}

function fitsValue(test: FieldTest, value: Scalar): boolean {
  const text = String(value).toLowerCase()
  switch (test.op) {
    case 'exists':
      return true
    case 'equals':
      return typeof value === 'number' ? asNumber(test.value) === value : text === test.value.toLowerCase()
    case 'wildcard':
      return toRegExp(test.pattern.toLowerCase()).test(text)
    case 'cidr': {
      const [net, bits] = test.cidr.split('/') as [string, string]
      const size = 2 ** (32 - Number(bits))
      const at = typeof value === 'string' ? v4(value) : null
      return at !== null && Math.floor(at / size) === Math.floor(v4(net)! / size)
    }
    default: {
      if (typeof value === 'boolean') return false
      const n = typeof value === 'number' ? value : asNumber(value)
      const compare = (bound: string): number | null => {
        const b = asNumber(bound)
        return b !== null ? (n === null ? null : n - b) : null
      }
      const low = test.op === 'range' ? test.from : test.op === 'gt' || test.op === 'gte' ? test.value : null
      const high = test.op === 'range' ? test.to : test.op === 'lt' || test.op === 'lte' ? test.value : null
      const above = low === null ? 0 : compare(low)
      const below = high === null ? 0 : compare(high)
      return (
        above !== null &&
        below !== null &&
        (test.op === 'gt' ? above > 0 : above >= 0) &&
        (test.op === 'lt' ? below < 0 : below <= 0)
      )
    }
  }
}

const scalars = (value: RowValue | undefined): readonly Scalar[] =>
  value === undefined ? [] : typeof value === 'object' ? value : [value]

function fitsEvent(node: QueryNode, event: GivenEvent): boolean {
  const fields = event.fields ?? {}
  switch (node.kind) {
    case 'all':
      return true
    case 'and':
      return node.items.every((item) => fitsEvent(item, event))
    case 'or':
      return node.items.some((item) => fitsEvent(item, event))
    case 'not':
      return !fitsEvent(node.item, event)
    case 'text': {
      const pattern = toRegExp(
        `*${node.wildcard ? node.text.toLowerCase() : node.text.toLowerCase().replace(/[\\*?]/g, '\\$&')}*`,
      )
      return [event.type ?? 'test', ...Object.values(fields).flatMap(scalars)].some((value) =>
        pattern.test(String(value).toLowerCase()),
      )
    }
    case 'field': {
      const names = FIELD_GROUPS[node.field] ?? [node.field]
      const values =
        node.field === 'type'
          ? [event.type ?? 'test']
          : names.flatMap((name) => (Object.hasOwn(fields, name) ? [fields[name]] : []))
      return node.test.op === 'exists' ? values.length > 0 : values.flatMap(scalars).some((value) => fitsValue(node.test, value))
    }
  }
}

/* ------------------------------------------------ arbitrary events and queries over few values, so that queries hit */

const word = fc.constantFrom(
  'GET',
  'get',
  'post',
  '/index.html',
  '/Index.HTML?q=1',
  'a*b',
  'ünï',
  'ÜNÏ',
  '',
  '443',
  '1e3',
  'evil.example.com',
  'İstanbul',
  '10.1.2.3 said',
  '😀',
)
const address = fc.constantFrom('10.1.2.3', '010.1.2.3', '::1', '10.1.9.9', '192.168.0.1', '172.16.5.5', '10.1.2.30')
const num = fc.constantFrom(0, 1, 80, 443, 8443, -5, 3.25, 1e15, 1e-7)
const fields: fc.Arbitrary<Record<string, RowValue>> = fc.record(
  {
    'src.ip': address,
    'dst.ip': address,
    'dst.port': num,
    'http.url': word,
    mixed: fc.oneof(word, num, fc.boolean(), fc.array(word, { maxLength: 3 })),
    list: fc.array(fc.oneof(word, address), { maxLength: 3 }),
    flag: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const events = fc.array(
  fc.record({ time: fc.integer({ min: 1e15, max: 1.1e15 }), type: fc.constantFrom('dns', 'http', 'Alert'), fields }),
  { minLength: 1, maxLength: 40 },
)

const test: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.constant({ op: 'exists' as const }),
  fc.oneof(word, address, num.map(String), fc.constantFrom('true', 'FALSE')).map((value) => ({ op: 'equals' as const, value })),
  fc
    .constantFrom('*', 'g*', '*.html*', '*?tml', 'a\\*b', '*4?', '10.1.*', 'ün?', '*i̇*', '*1', 't*e', '?')
    .map((pattern) => ({ op: 'wildcard' as const, pattern })),
  fc.constantFrom('10.1.2.0/24', '10.0.0.0/8', '192.168.0.1/32', '0.0.0.0/0').map((cidr) => ({ op: 'cidr' as const, cidr })),
  fc.tuple(fc.constantFrom('lt', 'lte', 'gt', 'gte'), num).map(([op, n]) => ({ op, value: String(n) })),
  fc
    .tuple(fc.option(num), num)
    .map(([from, to]) => ({ op: 'range' as const, from: from === null ? null : String(from), to: String(to) })),
)
const span = { start: 0, end: 0 }
const leaf: fc.Arbitrary<QueryNode> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('field' as const),
      field: fc.constantFrom('src.ip', 'ip', 'dst.port', 'port', 'http.url', 'mixed', 'list', 'flag', 'type', 'absent'),
      test,
      span: fc.constant(span),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'get',
        'HTML',
        '10.1.2',
        '10.1.2.3',
        '0.1.2.3',
        '.168.0.',
        '1.2.3.',
        '44',
        'nï',
        'x',
        'tru',
        'dns',
        '.',
        '3.2',
        'e',
        'evil.example',
        '😀',
        'e-7',
      )
      .map((text) => ({ kind: 'text' as const, text, wildcard: false, span })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('g*t', '1?.1', '*').map((text) => ({ kind: 'text' as const, text, wildcard: true, span })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'all' as const }) },
)
const query: fc.Arbitrary<QueryNode> = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      items: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), item: tie('node') }),
  ),
})).node

/* ------------------------------------------------ */

const DAY = 20_000
let dir: string
let writer: PartitionWriter
let partition: Partition
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-'))
  mkdirSync(eventsDir(dir), { recursive: true })
  writer = new PartitionWriter(partitionPath(dir, DAY), DAY)
  partition = new Partition(partitionPath(dir, DAY), DAY)
})
afterAll(() => {
  partition.close()
  writer.close()
  rmSync(dir, { recursive: true, force: true })
})

const NOW = 1.2e15
const answer = (node: QueryNode, given: readonly GivenEvent[]): number[] =>
  given.flatMap((event, row) => (fitsEvent(node, event) ? [row] : []))

/** Rows that fit in the newest block. */
function rows(node: QueryNode): number[] {
  const info = partition.blocks().at(-1)!
  const plan = planOf(node, () => [], NOW)
  const block = ask(info)
  const mask = rowsThatFit(plan, block)
  const found = Array.from({ length: info.rows }, (_, row) => row).filter(
    (row) => mask === true || (mask !== false && mask[row] === 1),
  )
  if (!mayFit(plan, ask(info))) expect(found).toEqual([])
  return found
}

describe('evaluating a query over a block', () => {
  for (const fulltext of ['words', 'trigrams'] as const) {
    it(`finds the rows that the plain reading of the query finds (${fulltext})`, () => {
      fc.assert(
        fc.property(events, fc.array(query, { minLength: 1, maxLength: 6 }), (given, queries) => {
          writer.commit(batchOf(given, { fulltext }), NOW, 1)
          for (const node of queries) expect(rows(node)).toEqual(answer(node, given))
        }),
        { numRuns: 400 },
      )
    })
  }

  it('finds the same in blocks that were merged', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 2, maxLength: 4 }), query, (parts, node) => {
        const first = (writer.db.prepare('SELECT max(seq + rows) FROM block').pluck().get() as number | null) ?? 0
        for (const given of parts) writer.commit(batchOf(given), NOW, 1)
        const blocks = writer.db
          .prepare('SELECT id, seq, rows, raw_bytes AS rawBytes FROM block WHERE seq >= ? ORDER BY seq')
          .all(first) as { id: number; seq: number; rows: number; rawBytes: number }[]
        const names = new Map(
          (writer.db.prepare('SELECT id, name FROM field').all() as { id: number; name: string }[]).map(({ id, name }) => [
            id,
            name,
          ]),
        )
        const work = mergeBlocks(writer.db, blocks, names, {
          values: new ValueFilterBuilder(),
          text: new TextFilterBuilder('trigrams'),
        })
        let step = work.next()
        while (!step.done) step = work.next()
        const { block, places } = step.value
        writer.db.transaction(() => {
          writer.blocks.insert(block, places, first)
          for (const { id } of blocks) writer.db.prepare('UPDATE block SET replaced_at = 1 WHERE id = ?').run(id)
        })()
        expect(rows(node)).toEqual(answer(node, parts.flat()))
        // Raw records and their places survive too.
        const info = partition.blocks().at(-1)!
        const { reader } = ask(info)
        const all = parts.flat()
        expect(info.rows).toBe(all.length)
        let row = 0
        for (const part of parts)
          for (let i = 0; i < part.length; i++, row++) {
            expect(Buffer.from(reader.raw(row)).toString()).toBe(`record ${i}`)
            expect(reader.places().at(row).record).toBe(i + 1)
          }
      }),
      { numRuns: 60 },
    )
  })

  it('finds text that was cut from the columns in the raw record', () => {
    const long = `${'x'.repeat(9000)} needle-in-the-rest`
    writer.commit(
      batchOf([
        { time: 1, fields: { message: long }, raw: `{"message":"${long}"}` },
        { time: 2, fields: { message: 'short' } },
      ]),
      NOW,
      1,
    )
    expect(rows({ kind: 'text', text: 'NEEDLE-in', wildcard: false, span })).toEqual([0])
    expect(rows({ kind: 'text', text: 'needle-out', wildcard: false, span })).toEqual([])
  })

  it('compares times, ids and addresses', () => {
    const at = Date.UTC(2026, 10, 20, 12) * 1000
    writer.commit(
      batchOf(
        [0, 1, 2].map((i) => ({
          time: at + i * 60_000_000,
          fields: { 'src.ip': `10.0.0.${i * 10}`, 'dst.ip': `2001:db8::${i}` },
        })),
      ),
      NOW,
      1,
    )
    const field = (name: string, given: FieldTest): number[] => rows({ kind: 'field', field: name, test: given, span })
    expect(field('time', { op: 'equals', value: '2026-11-20T12:01' })).toEqual([1])
    expect(field('@timestamp', { op: 'gte', value: '2026-11-20T12:01' })).toEqual([1, 2])
    expect(field('time', { op: 'range', from: '2026-11-20T12:00:30', to: '2026-11-20' })).toEqual([1, 2])
    expect(field('time', { op: 'wildcard', pattern: '*T12:02*' })).toEqual([2])
    const first = partition.base + partition.blocks().at(-1)!.seq
    expect(field('id', { op: 'equals', value: String(first + 2) })).toEqual([2])
    expect(field('source.ip', { op: 'range', from: '10.0.0.5', to: '10.0.0.15' })).toEqual([1])
    expect(field('dst.ip', { op: 'cidr', cidr: '2001:db8::/127' })).toEqual([0, 1])
    expect(field('dst.ip', { op: 'gt', value: '2001:db8:0::1' })).toEqual([2])
  })
})
