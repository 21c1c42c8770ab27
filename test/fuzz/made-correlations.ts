/** Documents of correlations as a person might write them, right and wrong, and what must hold of all that come of them. */
import { stringify } from 'yaml'
import type { SigmaRule } from '../../electron/engine/sigma/types.ts'
import { resolveScenarios } from '../../electron/engine/sigma/scenarios/resolve.ts'
import { eventsOf, ScenarioRun, type FoundScenario } from '../../electron/engine/sigma/scenarios/scenario-run.ts'
import { CORRELATION_TYPES, type ScenarioPlan, type SigmaScenario } from '../../electron/engine/sigma/scenarios/scenario.ts'
import type { Random } from './random.ts'

/** Ids that documents have, so that some speak of others, and of themselves. */
const IDS = ['one', 'two', 'three', 'four', '__proto__', 'constructor']
const SPANS: readonly unknown[] = [
  '1s',
  '10s',
  '5m',
  '1h',
  '30d',
  '1M',
  '400d',
  '0s',
  '-1s',
  '1.5h',
  '9'.repeat(30) + 'd',
  10,
  null,
  ['5m'],
]
const FIELDS = ['user', 'host', 'bytes', 'toString', '__proto__', 'user']
const BOUNDS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq']
const NUMBERS: readonly unknown[] = [
  0,
  1,
  2,
  3,
  5,
  1e9,
  -1,
  0.5,
  1e308,
  '2',
  '',
  null,
  true,
  [],
  '.inf',
  '0x10',
  Number.MAX_SAFE_INTEGER,
]
const WRONG: readonly unknown[] = [null, '', 'x', 0, true, [], {}, [null], [[]], { a: { b: {} } }, 'x'.repeat(3000)]
const WORDS = ['and', 'or', 'not', '(', ')', '1 of them', 'all of them', 'and not', '2 of', '*']

const several = <T>(random: Random, all: readonly T[], most: number): T[] =>
  Array.from({ length: random.below(most + 1) }, () => random.pick(all))

/** `names`: what rules are called. */
export function madeCorrelation(random: Random, names: readonly string[]): string {
  const refs =
    random.next() < 0.9 ? [...new Set([random.pick(names), ...several(random, [...names, ...IDS], 3)])] : several(random, IDS, 4)
  const type = random.pick(CORRELATION_TYPES)
  const correlation: Record<string, unknown> = {
    type,
    rules: refs,
    'group-by': random.next() < 0.8 ? [...new Set(several(random, FIELDS, 2))] : several(random, FIELDS, 20),
    timespan: random.next() < 0.8 ? random.pick(SPANS.slice(0, 5)) : random.pick(SPANS),
    condition: condition(random, type, refs),
  }
  if (random.next() < 0.3)
    correlation['aliases'] = Object.fromEntries(
      several(random, FIELDS, 3).map((alias) => [
        alias,
        Object.fromEntries(several(random, [...refs, 'nobody'], 3).map((ref) => [ref, random.pick(FIELDS)])),
      ]),
    )
  if (random.next() < 0.3) correlation['generate'] = random.pick([true, false, 'yes'])
  if (random.next() < 0.15) correlation[random.pick(Object.keys(correlation))] = random.pick(WRONG)
  if (random.next() < 0.05) delete correlation[random.pick(Object.keys(correlation))]
  return stringify({ title: 'made', id: random.pick(IDS), name: random.pick(IDS), correlation })
}

function condition(random: Random, type: string, refs: readonly string[]): unknown {
  if (type.startsWith('temporal') && random.next() < 0.6) {
    if (random.next() < 0.7)
      return refs.map((ref, i) => `${i === 0 ? '' : random.pick([' and ', ' or ', ' and not '])}${ref}`).join('')
    return several(random, [...refs, ...WORDS], 12).join(' ')
  }
  const found: Record<string, unknown> = {
    [random.pick(BOUNDS)]: random.next() < 0.8 ? random.pick(NUMBERS.slice(1, 5)) : random.pick(NUMBERS),
  }
  if (random.next() < 0.3) found[random.pick(BOUNDS)] = random.pick(NUMBERS)
  if (type.startsWith('value_') ? random.next() < 0.95 : random.next() < 0.05) found['field'] = random.pick(FIELDS)
  if (type === 'value_percentile') found['percentile'] = random.pick<unknown>([1, 50, 99.9, 100, 0, 'x'])
  if (type === 'value_baseline') found['factor'] = random.pick<unknown>([1.5, 2, 1, -1, 'x'])
  if (type === 'event_period') found['shortest'] = random.pick(SPANS)
  return found
}

const VALUES: readonly (string | readonly string[] | undefined)[] = [
  undefined,
  '',
  'kim',
  'KIM',
  'lee',
  '1',
  '-5',
  '1e99',
  '1e400',
  '0x1f',
  ['kim', 'Kim', 'lee'],
  ['1', '2', '1.0'],
  'x'.repeat(2000),
]

/** Runs what can be run over made-up events, in two orders; throws where something is not as it must be. Gives the number of matches. */
export function runCorrelations(all: readonly SigmaScenario[], rules: readonly SigmaRule[], random: Random): number {
  const off = random.pick(IDS)
  // Of two with one id the loader takes the first.
  const scenarios = [...new Map(all.toReversed().map((one) => [one.id, one])).values()].toReversed()
  const { plans, stepRules, problems, broken } = resolveScenarios(rules, scenarios, (id) => id !== off)
  for (const { line, column, message } of problems)
    if (!(line >= 1 && column >= 1) || message === '') throw new Error(`problem at ${line}:${column} ${message}`)
  const known = new Set<string>()
  for (const plan of structuredClone(plans) as ScenarioPlan[]) {
    if (broken.has(plan.id)) throw new Error(`${plan.id} is broken and runs`)
    for (const { id, kind, fields } of plan.steps) {
      if (fields.length !== plan.reads.length)
        throw new Error(`${plan.id} reads ${plan.reads.length} fields, its step ${fields.length}`)
      if (kind === 'scenario' && !known.has(id)) throw new Error(`${plan.id} comes before ${id}`)
    }
    known.add(plan.id)
  }
  const events = Array.from({ length: stepRules.length === 0 ? 0 : 40 }, (_, event) => {
    const rule = random.pick(stepRules)
    const values = new Map(rule.reads.map((field) => [field, random.pick(VALUES)]))
    return { event, rule: rule.id, time: (random.below(60) - 10) * 500_000, values }
  })
  const outcomeOf = (order: typeof events): string => {
    const run = new ScenarioRun(plans)
    for (const { event, rule, time, values } of order) run.add(rule, event, time, (field) => values.get(field))
    return JSON.stringify(run.finish().map(checked).sort())
  }
  const outcome = outcomeOf(events)
  if (outcomeOf(events.toReversed()) !== outcome) throw new Error('another order gives other matches')
  return (JSON.parse(outcome) as string[]).length
}

function checked(found: FoundScenario): string {
  const { plan, group, first, last, fulfilled, measure, entries } = found
  if (!(first <= fulfilled && fulfilled <= last) || entries.length === 0)
    throw new Error(`${plan.id} is fulfilled outside of itself`)
  if (entries.some(({ time }) => time < first || time > last)) throw new Error(`${plan.id} has entries outside of itself`)
  if (!Number.isFinite(measure)) throw new Error(`${plan.id} measures ${measure}`)
  const events = eventsOf(found).map(({ event }) => event)
  if (events.length === 0) throw new Error(`${plan.id} is a match of no event`)
  return JSON.stringify([
    plan.id,
    group.map((value) => value.toLowerCase()),
    first,
    last,
    fulfilled,
    measure,
    events.sort((a, b) => a - b),
  ])
}
