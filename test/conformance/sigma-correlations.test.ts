/** Every case of `sigma-2.1`, over all events at once and with the state of the desk: in any order, cut anywhere, with restarts. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { eventsOf, ScenarioRun } from '../../electron/engine/sigma/scenarios/scenario-run.ts'
import type { StepEvents } from '../../electron/engine/store/batch.ts'
import { openForWriting } from '../../electron/engine/store/database.ts'
import { migrate } from '../../electron/engine/store/migrations/migrate.ts'
import { ScenarioState } from '../../electron/engine/store/scenarios/state.ts'
import {
  cases,
  inOneOrder,
  ordersOf,
  prepare,
  Topic,
  type Matched,
  type Outcome,
  type Prepared,
} from '../fixtures/sigma/correlation-cases.ts'
import { removeDir, temporaryDir } from '../fixtures/store/opened.ts'

const all = cases()
const counts = new Map<string, { cases: number; open: number; orders: number }>()

function atOnce({ plans }: Prepared, order: readonly Matched[]): Outcome[] {
  const run = new ScenarioRun(plans)
  for (const { number, time, rules } of order)
    for (const { rule, values } of rules) run.add(rule.id, number, time, (field) => values[rule.reads!.indexOf(field)])
  return run
    .finish()
    .filter(({ plan }) => plan.alerts)
    .map((found) => ({
      of: found.plan.id,
      group: Object.fromEntries(found.plan.groupBy.map((name, i) => [name, found.group[i]!])),
      events: eventsOf(found).map(({ event }) => event),
    }))
}

const nobody = { ip: null, port: null, name: null }
const DAY = 20_454

/** One event a batch, a restart after every second; what was told and not withdrawn, by what joined it. */
function byTheDesk({ plans }: Prepared, order: readonly Matched[]): Outcome[] {
  const dir = temporaryDir()
  // The clock is behind everything, so that windows are judged as soon as nothing more came for a moment.
  let clock = Date.UTC(2026, 1, 1) * 1000
  const open = (): ScenarioState => {
    const db = openForWriting(join(dir, 'scenarios.db'), 'scenarios')
    migrate(db, 'scenarios')
    // Judged from memory, and after a restart from the file.
    const state = new ScenarioState({ db, lastTold: 0, now: () => clock, partiesOf: () => undefined, busy: 1 })
    state.setPlans(plans)
    return state
  }
  let state = open()
  try {
    order.forEach(({ time, rules }, i) => {
      const steps = rules.map(({ rule, values }): StepEvents => ({
        rule: rule.id,
        fields: rule.reads!,
        events: [
          {
            row: 0,
            time,
            values: values.map((value) => value ?? null),
            parties: { source: nobody, destination: nobody, asset: '', user: null },
          },
        ],
      }))
      // Events are numbered as they come.
      state.apply(DAY, [{ seq: i + 1, base: i, steps }])
      clock += 3e6
      while (state.judge());
      if (i % 2 === 1) {
        state.close()
        state = open()
      }
    })
    for (let round = 0; round < 4; round++) {
      clock += 1e9
      while (state.judge());
    }
    const known = new Map<string, { group: Record<string, string>; of: string; spans: [number, number]; events: Set<number> }>()
    const tally = new Map<string, { count: number; readonly named: Set<number> }>()
    for (const { told } of state.toldAfter(0, 10_000)) {
      if (told.kind === 'later') continue
      const key = `${told.scenario} ${told.match}`
      if (told.kind === 'withdrawn') {
        known.delete(key)
        continue
      }
      const own = tally.get(key) ?? { count: 0, named: new Set<number>() }
      tally.set(key, own)
      own.count += told.count
      for (const [event] of told.steps) own.named.add(event)
      const before = known.get(key)
      known.set(key, {
        of: told.scenario,
        group: Object.fromEntries(told.group),
        spans: [told.first, told.last],
        events: new Set([...(before?.events ?? []), ...told.steps.map(([event]) => order[event]!.number)]),
      })
    }
    // However a match came about, each of its events counts once.
    for (const [key, { count, named }] of tally) expect([key, count]).toEqual([key, named.size])
    // Matches that became one: the others lie inside it, and their events are its own.
    const whole: (typeof known extends Map<string, infer V> ? V : never)[] = []
    const same = (a: { of: string; group: object }, b: { of: string; group: object }): boolean =>
      a.of === b.of && JSON.stringify(a.group).toLowerCase() === JSON.stringify(b.group).toLowerCase()
    for (const one of [...known.values()].sort((a, b) => b.spans[1] - b.spans[0] - (a.spans[1] - a.spans[0]))) {
      const outer = whole.find((other) => same(one, other) && other.spans[0] <= one.spans[0] && other.spans[1] >= one.spans[1])
      if (outer === undefined) whole.push(one)
      else for (const event of one.events) outer.events.add(event)
    }
    return whole.map(({ of, group, events }) => ({ of, group, events: [...events] }))
  } finally {
    state.close()
    removeDir(dir)
  }
}

describe.each(all)('Sigma correlations: $topic', ({ topic, cases: own }) => {
  it.each(own)('$name', (one) => {
    const prepared = prepare(one)
    const count = counts.get(topic) ?? { cases: 0, open: 0, orders: 0 }
    counts.set(topic, count)
    count.cases++
    if (one.open) count.open++
    if (one.refuse !== undefined) {
      expect(prepared.problems.join('\n')).toContain(one.refuse)
      expect(prepared.problems.length).toBeGreaterThan(0)
      return
    }
    expect(prepared.problems).toEqual([])
    const expected = inOneOrder(one.expect!)
    const orders = ordersOf(prepared.matched, one.given)
    count.orders += orders.length
    for (const order of orders) expect(inOneOrder(atOnce(prepared, order))).toEqual(expected)
    const lower = (outcomes: readonly Outcome[]): Outcome[] =>
      inOneOrder(outcomes.map(({ of, group, events }) => ({ of, events, group: lowered(group) })))
    // What was told first keeps its spelling: the earliest event may come later.
    for (const order of one.given ? orders : [orders[0]!, orders.at(-1)!, orders[orders.length >> 1]!]) {
      const told = lower(byTheDesk(prepared, order))
      const wanted = lower(expected)
      // Of scenarios of scenarios the desk may have named an event that stood for its match before an earlier one came.
      const chained = one.more.includes('correlation:')
      expect(chained ? told.map((found, i) => only(found, wanted[i])) : told).toEqual(wanted)
    }
  })
})

const only = (found: Outcome, wanted: Outcome | undefined): Outcome => ({
  ...found,
  events: found.events.filter((event) => wanted?.events.includes(event) ?? true),
})

const lowered = (group: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(group).map(([name, value]) => [name, value.toLowerCase()]))

describe('a file of cases is not read', () => {
  const one = { name: 'one', why: 'because', correlation: {}, events: [], refuse: 'missing' }
  it('unless it is whole', () => expect(Topic.safeParse([one]).success).toBe(true))
  it.each([
    ['with a key that means nothing', [{ ...one, 'at the edge': null }]],
    ['with an expectation that has one', [{ ...one, refuse: undefined, expect: [{ group: {}, events: [1], when: 1 }] }]],
    ['with two cases of one name', [one, { ...one, refuse: undefined, expect: [] }]],
    ['with a refusal of any kind', [{ ...one, refuse: '' }]],
    ['with neither expectation nor refusal', [{ ...one, refuse: undefined }]],
  ])('%s', (_, all) => expect(Topic.safeParse(all).success).toBe(false))
})

it('has at least 150 cases, every type among them', () => {
  const types = new Set(all.flatMap(({ cases: own }) => own.map(({ correlation }) => correlation['type'])))
  for (const type of ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile'])
    expect(types).toContain(type)
  expect(all.reduce((sum, { cases: own }) => sum + own.length, 0)).toBeGreaterThanOrEqual(150)
})

afterAll(() => {
  const lines = [...counts].map(
    ([topic, { cases: n, open, orders }]) =>
      `  ${topic.padEnd(18)} ${n} cases (${open} of choices that the specification leaves open), ${orders} orders`,
  )
  const sum = [...counts.values()].reduce((total, { cases: n }) => total + n, 0)
  process.stdout.write(`Sigma correlations: ${sum} cases\n${lines.join('\n')}\n`)
})
