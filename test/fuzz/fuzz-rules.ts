/** Feeds the rule loader and the matcher with changed rules, and checks what must hold whatever comes in. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow } from '../../electron/engine/event/row.ts'
import { parserById } from '../../electron/engine/ingest/parsers/registry.ts'
import { compileRules } from '../../electron/engine/sigma/compile.ts'
import { modifiers } from '../../electron/engine/sigma/modifiers/registry.ts'
import { readRule } from '../../electron/engine/sigma/read-rule.ts'
import type { SigmaScenario } from '../../electron/engine/sigma/scenarios/scenario.ts'
import type { SigmaRule } from '../../electron/engine/sigma/types.ts'
import { splitDocuments } from '../../electron/engine/sigma/yaml-source.ts'
import { madeCorrelation, runCorrelations } from './made-correlations.ts'
import { mutate, Random } from './random.ts'

export interface RuleFuzzCounts {
  inputs: number
  documents: number
  rules: number
  scenarios: number
  problems: number
  matches: number
  marks: number
  /** Matches of scenarios. */
  found: number
  /** Slowest input, milliseconds. */
  slowest: number
}

const folder = join(import.meta.dirname, '..', '..', 'resources', 'rules')
/** An input that takes longer hangs. */
const TOO_SLOW = 5000
/** Rules are compiled together in packs of so many. */
const PACK = 20

const VALUES: readonly unknown[] = [
  '',
  '*',
  '?',
  '\\',
  '\\*',
  '****a****',
  'a?*?b',
  null,
  true,
  0,
  -1,
  1e308,
  [],
  {},
  [null],
  [[1]],
  '(a+)+$',
  '(((((a',
  '[',
  'a{1000}',
  '(?i)(?s).*',
  '(?<=a)b',
  '(?=a)',
  '10.0.0.0/8',
  '::/0',
  '%x%',
  'x'.repeat(5000),
  '\ud800',
  '😀',
  '--__proto__',
]
const NAMES: readonly string[] = [
  'selection',
  '__proto__',
  'constructor',
  'toString',
  'them',
  'of',
  'not',
  '1',
  'a b',
  '',
  '*',
  'filter_x',
  'condition',
]
const CONDITIONS: readonly unknown[] = [
  '1 of them',
  'all of them',
  'not selection',
  'selection and',
  '((((',
  '9 of them',
  'selection | count() > 1',
  ['selection', '1 of them'],
  null,
  {},
  'not '.repeat(80) + 'selection',
  '1 of *',
]
const MODIFIERS = [...modifiers.map(({ id }) => id), 'nope', '', '|', 'contains|all', 're|i|m|s', 'wide|base64offset|contains']

/** A rule with parts of its detection changed as a person might get them wrong. */
function deform(text: string, random: Random): string {
  let rule: unknown
  try {
    rule = parse(text)
  } catch {
    return text
  }
  if (
    typeof rule !== 'object' ||
    rule === null ||
    !('detection' in rule) ||
    typeof rule.detection !== 'object' ||
    rule.detection === null
  )
    return text
  const detection = new Map<string, unknown>(Object.entries(rule.detection))
  for (let i = random.below(3); i >= 0; i--) {
    const name = random.next() < 0.5 ? random.pick([...detection.keys()]) : random.pick(NAMES)
    switch (random.below(4)) {
      case 0:
        detection.set('condition', random.pick(CONDITIONS))
        break
      case 1:
        detection.set(name, random.pick(VALUES))
        break
      case 2: {
        const key = `${random.pick(['Image', 'CommandLine', 'cs-uri-query', 'src_ip', 'message', '', '__proto__'])}|${random.pick(MODIFIERS)}`
        detection.set(
          name,
          new Map([[key, random.next() < 0.5 ? random.pick(VALUES) : [random.pick(VALUES), random.pick(VALUES)]]]),
        )
        break
      }
      default:
        detection.set(name, [random.pick(VALUES), new Map([['Image|endswith', random.pick(VALUES)]])])
    }
  }
  return stringify({ ...rule, detection })
}

interface Example {
  readonly format: string
  readonly record: string
}
let examples: readonly Example[] | null = null

/** Those of the shipped rules; read once. */
function shipped(): readonly Example[] {
  examples ??= readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.examples.yml'))
    .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')) as Partial<Example>[])
    // Examples of scenarios are other ones.
    .flatMap(({ format, record }) => (format === undefined || record === undefined ? [] : [{ format, record }]))
  return examples
}

/** Rows of the shipped examples, each made again when it is asked for. */
function events(fields: FieldRegistry): { count: number; fill(row: EventRow, index: number): boolean } {
  const parsers = new Map<string, ReturnType<NonNullable<ReturnType<typeof parserById>>['create']>>()
  const records = shipped()
  return {
    count: records.length,
    fill(row, index) {
      const { format, record } = records[index % records.length]!
      let parser = parsers.get(format)
      if (parser === undefined)
        parsers.set(
          format,
          (parser = parserById(format)!.create({ fields, zone: 'UTC', received: Date.UTC(2026, 0, 3) * 1000, fileName: 'x' })),
        )
      row.clear()
      row.format = format
      return parser.parse(record, row) === 'event'
    },
  }
}

/** Runs `count` inputs; throws with the seed and the input where one goes wrong. */
export function fuzzRules(count: number, seed: number, progress?: (counts: Readonly<RuleFuzzCounts>) => void): RuleFuzzCounts {
  const random = new Random(seed)
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml') && !name.endsWith('.examples.yml'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const counts: RuleFuzzCounts = {
    inputs: 0,
    documents: 0,
    rules: 0,
    scenarios: 0,
    problems: 0,
    matches: 0,
    marks: 0,
    found: 0,
    slowest: 0,
  }
  const starters = texts.flatMap((text) =>
    splitDocuments(text).flatMap((document) => readRule(document, 'starter.yml', '.').rule ?? []),
  )
  const ids = starters.map(({ id }) => id)
  let pack: SigmaRule[] = []
  let scenarios: SigmaScenario[] = []
  for (let i = 0; i < count; i++) {
    const correlated = random.next() < 0.3
    const base = correlated ? madeCorrelation(random, ids) : random.pick(texts)
    const shaped = !correlated && random.next() < 0.5 ? deform(base, random) : base
    const input = random.next() < (correlated ? 0.3 : 0.7) ? mutate(shaped, random, texts) : shaped
    const began = performance.now()
    try {
      counts.inputs++
      for (const document of splitDocuments(input)) {
        counts.documents++
        const { rule, filter, scenario, problems } = readRule(document, 'fuzz.yml', '.')
        counts.problems += problems.length
        if (rule === null && filter === null && scenario === null && problems.length === 0)
          throw new Error('neither a rule nor a problem')
        for (const { line, column, message } of problems)
          if (!(line >= 1 && column >= 1) || message === '') throw new Error(`problem at ${line}:${column} ${message}`)
        if (scenario !== null) {
          counts.scenarios++
          scenarios.push(structuredClone(scenario))
        }
        if (rule === null) continue
        counts.rules++
        // It must cross threads.
        pack.push(structuredClone(rule))
      }
    } catch (error) {
      throw new Error(`seed ${seed}, input ${i}: ${JSON.stringify(input)}`, { cause: error })
    }
    const took = performance.now() - began
    counts.slowest = Math.max(counts.slowest, took)
    if (took > TOO_SLOW) throw new Error(`seed ${seed}, input ${i} took ${took} ms: ${JSON.stringify(input)}`)
    if (pack.length >= PACK) {
      run(pack, random, counts, `seed ${seed}, input ${i}`)
      pack = []
    }
    if (scenarios.length >= PACK) {
      correlate(scenarios, starters, random, counts, `seed ${seed}, input ${i}`)
      scenarios = []
    }
    if (progress !== undefined && i % 10_000 === 9_999) progress(counts)
  }
  run(pack, random, counts, `seed ${seed}, the end`)
  correlate(scenarios, starters, random, counts, `seed ${seed}, the end`)
  return counts
}

function run(rules: readonly SigmaRule[], random: Random, counts: RuleFuzzCounts, where: string): void {
  const began = performance.now()
  const fields = new FieldRegistry()
  const { matcher } = compileRules(rules, fields)
  const all = events(fields)
  const row = new EventRow()
  for (let i = 0; i < 40; i++) {
    if (!all.fill(row, random.below(all.count))) continue
    for (const index of [...matcher.match(row)]) {
      counts.matches++
      const rule = rules[index]
      if (rule === undefined) throw new Error(`${where}: rule ${index} of ${rules.length} matches`)
      const lines = rule.text.split('\n').length
      for (const { line, start, end, value } of matcher.explain(index, row)) {
        counts.marks++
        if (line < 1 || line > lines || start < 0 || start > end || end > value.length)
          throw new Error(`${where}: mark ${line} ${start}-${end} in ${JSON.stringify(rule.text)}`)
      }
    }
  }
  const took = performance.now() - began
  if (took > TOO_SLOW) throw new Error(`${where}: matching took ${took} ms: ${JSON.stringify(rules.map(({ text }) => text))}`)
}

function correlate(
  scenarios: readonly SigmaScenario[],
  rules: readonly SigmaRule[],
  random: Random,
  counts: RuleFuzzCounts,
  where: string,
): void {
  const began = performance.now()
  try {
    counts.found += runCorrelations(scenarios, rules, random)
  } catch (error) {
    throw new Error(`${where}: ${JSON.stringify(scenarios.map(({ text }) => text))}`, { cause: error })
  }
  const took = performance.now() - began
  if (took > TOO_SLOW)
    throw new Error(`${where}: correlating took ${took} ms: ${JSON.stringify(scenarios.map(({ text }) => text))}`)
}
