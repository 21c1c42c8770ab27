import fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchOf, type GivenEvent } from '../../../../test/fixtures/store/batches.ts'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow, type RowValue } from '../../event/row.ts'
import { compileRulesWith } from '../../sigma/compile.ts'
import type { LogSource } from '../../sigma/logsources/log-source.ts'
import { rulesOfText } from '../../sigma/parse-rules.ts'
import { soughtBy } from '../../sigma/sought.ts'
import type { SigmaRule } from '../../sigma/types.ts'
import { eventsDir, partitionPath } from '../partition-files.ts'
import { PartitionWriter } from '../partition-writer.ts'
import { ask } from './evaluate.ts'
import { runHistory } from './history.ts'
import { Partition } from './partition.ts'
import { SoughtRows } from './sought-rows.ts'

const SOURCES: readonly LogSource[] = [
  {
    names: [{ category: 'test' }],
    when: { format: ['jsonl'] },
    fields: { stem: { derive: 'stem' }, whole: { derive: 'url' }, either: ['list', 'word'] },
  },
]

/* Few values, so that rules match: in every kind of column, with letters whose lower case is another length or depends on its place. */
const word = fc.oneof(
  fc.constantFrom(
    'GET',
    'powershell -enc SQBF',
    'C:\\Windows\\cmd.exe',
    'a"b\\u0041',
    'ünï',
    'İstanbul',
    '😀',
    '',
    '443',
    'True',
  ),
  fc.constantFrom('ΟΔΟΣ', 'ΣΑΣ', 'οδός', 'ſs', '10.1.2.3 said', 'cmd', 'ms-enc', '에이전트', 'GETGET', 'x'.repeat(300)),
)
const address = fc.constantFrom('10.1.2.3', '010.1.2.3', '::1', '10.1.9.9', '192.168.0.1')
const num = fc.constantFrom(0, 1, 80, 443, 8443, -5, 3.25, 1e15, 1e-7, 1e21)
const fields: fc.Arbitrary<Record<string, RowValue>> = fc.record(
  {
    'src.ip': address,
    port: num,
    word,
    mixed: fc.oneof(word, num, fc.boolean(), fc.array(word, { maxLength: 3 })),
    list: fc.array(fc.oneof(word, address), { maxLength: 3 }),
    flag: fc.boolean(),
    'http.url': fc.constantFrom('/a/b.php?x=1', '/index.HTML', 'http://h/a'),
    'http.host': fc.constantFrom('example.com', 'H'),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const events: fc.Arbitrary<GivenEvent[]> = fc.array(fc.record({ time: fc.integer({ min: 1e15, max: 1.1e15 }), fields }), {
  minLength: 1,
  maxLength: 30,
})

const sought = fc.oneof(
  word,
  address,
  num,
  fc.constantFrom('get', 'enc', '-enc', 'cmd.exe', 'WINDOWS', 'nï', 'i̇stan', '4', '44', '0.1', 'tru', 'als', 'e+2', '.25'),
  fc.constantFrom('ς', 'δοσ', 'ΔΟΣ', 'σα', 'b.php', 'x=1', 'example.com/a', '/index', '*get', 'g*t', '?', '이전', 'u0041'),
)
const field = fc.constantFrom('src.ip', 'port', 'word', 'mixed', 'list', 'flag', 'stem', 'whole', 'either', 'absent', 'type')
const modifier = fc.constantFrom('', '', '|contains', '|startswith', '|endswith', '|contains|all', '|cased', '|contains|cased')
const selection = fc.oneof(
  { weight: 2, arbitrary: fc.array(sought, { minLength: 1, maxLength: 3 }) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.tuple(field, modifier, fc.array(sought, { minLength: 1, maxLength: 20 })), { minLength: 1, maxLength: 2 })
      .map((items) => Object.fromEntries(items.map(([name, how, values]) => [name + how, values]))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ 'word|re': 'cmd|e.c' }, { 'port|gt': 400 }, { word: null }, { 'list|exists': true }),
  },
)
const condition = fc.constantFrom('a', 'a and b', 'a or b', 'a and not b', '1 of *', 'not a')
const rule = fc
  .record({ a: selection, b: selection, condition })
  .map((detection) => JSON.stringify({ title: 't', id: 'r', logsource: { category: 'test' }, detection }))
const rulesOf = (text: string): SigmaRule[] =>
  [...rulesOfText({ file: '/rules/r.yml', folder: '/rules', text })].flatMap((read) => (read.rule === null ? [] : [read.rule]))

/** Every rule asked about every event as it was given. */
function matching(rules: readonly SigmaRule[], given: readonly GivenEvent[]): number[] {
  const registry = new FieldRegistry()
  const { matcher } = compileRulesWith(rules, registry, { sources: SOURCES, unfiltered: true })
  const row = new EventRow()
  return given.flatMap((event, at) => {
    row.clear()
    row.time = event.time
    row.type = 'test'
    row.format = 'jsonl'
    row.source = 'source-1'
    for (const [name, value] of Object.entries(event.fields ?? {})) row.set(registry.id(name), value)
    return matcher.match(row).length > 0 ? [at] : []
  })
}

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

/** Rows of the newest block that are to be asked. */
function asked(rules: readonly SigmaRule[]): number[] | 'all' {
  const wanted = soughtBy(rules, SOURCES)
  if (wanted === null) return 'all'
  const rows = new SoughtRows(wanted).of(ask(partition.blocks().at(-1)!))
  return [...(rows ?? [])].flatMap((byte, row) => (byte === 1 ? [row] : []))
}

describe('rows that rules are asked about', () => {
  const all: GivenEvent[] = []
  for (const fulltext of ['words', 'trigrams'] as const)
    it(`has every row that a rule matches (${fulltext})`, () => {
      fc.assert(
        fc.property(events, fc.array(rule, { minLength: 1, maxLength: 5 }), (given, texts) => {
          all.push(...given)
          writer.commit(batchOf(given, { fulltext }), 1.2e15, 1)
          for (const text of texts) {
            const rules = rulesOf(text)
            const rows = asked(rules)
            const missed = rows === 'all' ? [] : matching(rules, given).filter((row) => !rows.includes(row))
            if (missed.length > 0) throw new Error(`rows ${missed.join()} of ${text}`)
          }
        }),
        { numRuns: 300 },
      )
    })

  it('finds in history what every rule asked about every event finds', () => {
    for (const text of fc.sample(rule, 30)) {
      const rules = rulesOf(text)
      if (rules.length === 0) continue
      const task = { rules, sources: SOURCES, plans: [], aliases: new Map(), texts: {}, samples: 0, raise: false }
      const done = runHistory({ ...task, dataDir: dir, days: [DAY], from: null, to: null }, () => undefined)
      if (!done.ok) throw new Error(done.error.message)
      expect(done.value.scanned).toBe(all.length)
      expect([text, done.value.finds[0]!.matches]).toEqual([text, matching(rules, all).length])
    }
  })

  it('passes over rows that have nothing, and no row that is longer than its columns', () => {
    const long = `${'y'.repeat(9000)} needle`
    writer.commit(
      batchOf([
        { time: 1, fields: { word: 'powershell -enc' } },
        { time: 2, fields: { word: 'powershell', port: 4688 } },
        { time: 3, fields: { word: long }, raw: JSON.stringify({ word: long }) },
        { time: 4, fields: { port: 46 } },
        { time: 5, fields: { list: ['a', 'POWERSHELL -ENCODED'] } },
      ]),
      1.2e15,
      1,
    )
    const of = (detection: object): number[] | 'all' =>
      asked(rulesOf(JSON.stringify({ title: 't', id: 'r', logsource: { category: 'test' }, detection })))
    expect(of({ k: ['powershell -enc'], condition: 'k' })).toEqual([0, 2, 4])
    expect(of({ k: { port: 4688 }, condition: 'k' })).toEqual([1, 2])
    expect(of({ k: { 'port|startswith': '46' }, condition: 'k' })).toEqual([1, 2, 3])
    expect(of({ k: { word: 'powershell', port: 46 }, condition: 'k' })).toEqual([1, 2])
    expect(of({ k: { word: 'x' }, condition: 'not k' })).toBe('all')
    expect(of({ k: { 'word|endswith': 'shell' }, l: { port: 46 }, condition: 'k or l' })).toEqual([1, 2, 3])
  })
})
