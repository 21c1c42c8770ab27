/** The desk's state must find what all events together hold, whatever their order, batches, restarts and the clock. */
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDir, temporaryDir } from '../../../../test/fixtures/store/opened.ts'
import { judgeOf } from '../../sigma/scenarios/resolve.ts'
import type { Bounds, Correlation, CorrelationType, ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { eventsOf, ScenarioRun } from '../../sigma/scenarios/scenario-run.ts'
import type { StepEvents } from '../batch.ts'
import { openForWriting, type WriteDatabase } from '../database.ts'
import { migrate } from '../migrations/migrate.ts'
import { DAY_MICROS } from './expiry.ts'
import { ScenarioState, type StateParts, type StepLog } from './state.ts'
import type { Told } from './told.ts'

const SECOND = 1_000_000
const DAY = 20_000

interface Given {
  readonly rule: string
  readonly time: number
  readonly group: string
  readonly value: string
}

function planOf(
  id: string,
  rules: readonly string[],
  type: CorrelationType,
  more: Partial<Correlation>,
  alerts = true,
): ScenarioPlan {
  const values = type.startsWith('value_') ? ['value'] : []
  const correlation: Correlation = {
    type,
    rules,
    groupBy: ['group'],
    aliases: {},
    timespan: 10 * SECOND,
    span: '10s',
    condition: null,
    fields: values,
    percentile: 50,
    period: type === 'event_period' ? { shortest: SECOND, longest: 5 * SECOND, jitter: 50 } : null,
    baseline: type === 'value_baseline' ? { factor: 2, windows: 3 } : null,
    generate: false,
    ...more,
  }
  const { groupBy } = correlation
  const judged = judgeOf(correlation)
  if (typeof judged === 'string') throw new Error(judged)
  const reads = [...new Set([...groupBy, ...values, 'group', 'value'])]
  return {
    id,
    title: id,
    level: 'high',
    attack: [],
    type,
    timespan: correlation.timespan,
    ...judged,
    steps: rules.map((ref) => ({
      ref,
      id: ref,
      title: ref,
      kind: ref.startsWith('s') ? 'scenario' : 'rule',
      fields: reads,
    })),
    groupBy,
    reads,
    values: values.length,
    alerts,
  }
}

let dir: string
let db: WriteDatabase
let clock = 0
const open = (more: Partial<StateParts> = {}): ScenarioState => {
  db = openForWriting(join(dir, 'scenarios.db'), 'scenarios')
  migrate(db, 'scenarios')
  return new ScenarioState({ db, lastTold: 0, now: () => clock, partiesOf: () => undefined, ...more })
}
beforeEach(() => {
  dir = temporaryDir()
})
afterEach(() => {
  if (db.open) db.close()
  removeDir(dir)
})

const nobody = { ip: null, port: null, name: null }
function logOf(seq: number, base: number, events: readonly Given[]): StepLog {
  const byRule = new Map<string, StepEvents['events'][number][]>()
  events.forEach(({ rule, time, group, value }, row) => {
    const own = byRule.get(rule) ?? []
    byRule.set(rule, own)
    own.push({ row, time, values: [group, value], parties: { source: nobody, destination: nobody, asset: 'host', user: null } })
  })
  return { seq, base, steps: [...byRule].map(([rule, own]) => ({ rule, fields: ['group', 'value'], events: own })) }
}

interface Outcome {
  readonly scenario: string
  readonly group: string
  readonly first: number
  readonly last: number
  readonly fulfilled: number
  readonly count: number
}
const place = (one: Outcome): string => JSON.stringify([one.scenario, one.group, one.first, one.last])
const sorted = (all: Outcome[]): Outcome[] => all.sort((a, b) => (place(a) < place(b) ? -1 : 1))

function storedOf(): Outcome[] {
  return sorted(
    (
      db
        .prepare(
          `SELECT s.id AS scenario, g.key, m.first, m.last, m.fulfilled, m.count FROM match m JOIN grp g ON g.id = m.grp JOIN scenario s ON s.num = g.scenario`,
        )
        .all() as (Omit<Outcome, 'group'> & { key: string })[]
    ).map(({ key, ...rest }) => ({ ...rest, group: (JSON.parse(key) as string[])[0]! })),
  )
}

function expectedOf(plans: readonly ScenarioPlan[], events: readonly Given[]): Outcome[] {
  const run = new ScenarioRun(plans)
  events.forEach(({ rule, time, group, value }, i) => run.add(rule, i, time, (field) => (field === 'group' ? group : value)))
  return sorted(
    run.finish().map(({ plan, group, first, last, fulfilled, entries }) => ({
      scenario: plan.id,
      group: group[0]!.toLowerCase(),
      first,
      last,
      fulfilled,
      count: entries.length,
    })),
  )
}

const PLANS: readonly [string, ScenarioPlan[]][] = [
  ['event_count', [planOf('s1', ['a'], 'event_count', { condition: { bounds: { gte: 3 } } })]],
  ['value_count', [planOf('s1', ['a', 'b'], 'value_count', { condition: { bounds: { gt: 2 } } })]],
  ['value_sum', [planOf('s1', ['a'], 'value_sum', { condition: { bounds: { gte: 9 } } })]],
  ['temporal', [planOf('s1', ['a', 'b', 'c'], 'temporal', {})]],
  ['temporal_ordered', [planOf('s1', ['a', 'b', 'c'], 'temporal_ordered', {})]],
  ['fewer than', [planOf('s1', ['a'], 'event_count', { condition: { bounds: { lt: 3 } } })]],
  ['value_avg', [planOf('s1', ['a'], 'value_avg', { condition: { bounds: { gt: 3 } } })]],
  ['value_percentile', [planOf('s1', ['a', 'b'], 'value_percentile', { condition: { bounds: { gte: 3 } }, percentile: 80 })]],
  ['value_baseline', [planOf('s1', ['a'], 'value_baseline', { condition: { bounds: { gte: 2 } }, timespan: 3 * SECOND })]],
  ['event_period', [planOf('s1', ['a'], 'event_period', { condition: { bounds: { gte: 3 } }, timespan: 30 * SECOND })]],
  [
    'and not',
    [
      planOf('s1', ['a', 'b'], 'temporal', {
        condition: {
          expression: {
            op: 'and',
            of: [
              { op: 'search', search: 0 },
              { op: 'not', of: { op: 'search', search: 1 } },
            ],
          },
        },
      }),
    ],
  ],
  [
    'a scenario of a scenario',
    [
      planOf('s1', ['a'], 'event_count', { condition: { bounds: { gte: 2 } as Bounds } }),
      planOf('s2', ['s1', 'b'], 'temporal_ordered', { timespan: 20 * SECOND }),
    ],
  ],
  [
    'a scenario that groups by what the inner one does not',
    [
      planOf('s1', ['a'], 'event_count', { condition: { bounds: { gte: 2 } as Bounds } }),
      planOf('s2', ['s1', 'b'], 'temporal_ordered', { groupBy: ['value'], timespan: 20 * SECOND }),
    ],
  ],
  [
    'a scenario of a scenario of a scenario, whose groups are only known below',
    [
      planOf('s1', ['a', 'b'], 'temporal', {}),
      planOf('s2', ['s1'], 'event_count', { condition: { bounds: { gte: 2 } as Bounds }, timespan: 30 * SECOND }),
      planOf('s3', ['s2', 'c'], 'temporal', { groupBy: ['value'], timespan: 20 * SECOND }),
    ],
  ],
  [
    'a sum over two rules and a scenario',
    [
      planOf('s1', ['a', 'b'], 'temporal', {}),
      planOf('s2', ['s1', 'a', 'c'], 'value_sum', { condition: { bounds: { gte: 9 } as Bounds }, timespan: 20 * SECOND }),
    ],
  ],
  [
    'a count of what is judged late',
    [
      planOf('s1', ['a'], 'event_count', { condition: { bounds: { eq: 2 } as Bounds } }),
      planOf('s2', ['s1'], 'event_count', { timespan: 40 * SECOND, condition: { bounds: { gte: 2 } } }),
    ],
  ],
]

const given: fc.Arbitrary<Given> = fc.record({
  rule: fc.constantFrom('a', 'a', 'b', 'c'),
  time: fc.integer({ min: 0, max: 60 }).map((s) => s * SECOND),
  group: fc.constantFrom('x', 'X', 'y'),
  value: fc.integer({ min: 0, max: 6 }).map(String),
})
/** Events in batches; between them a restart, or the clock goes on. */
const story = fc.array(
  fc.record({
    events: fc.array(given, { minLength: 1, maxLength: 8 }),
    next: fc.constantFrom('nothing', 'restart', 'later', 'judge'),
  }),
  { minLength: 1, maxLength: 8 },
)

describe('state of scenarios', () => {
  it.each(PLANS)('finds the same as all events at once: %s', (_, plans) => {
    fc.assert(
      // Every group may be one of the busy ones, whose windows stay in memory.
      fc.property(story, fc.constantFrom(1, 3, 256), (parts, busy) => {
        if (db?.open) db.close()
        removeDir(dir)
        dir = temporaryDir()
        clock = 0
        let state = open({ busy })
        state.setPlans(plans)
        let base = DAY * 2 ** 36
        parts.forEach(({ events, next }, i) => {
          state.apply(DAY, [logOf(i + 1, base, events)])
          base += events.length
          if (next === 'restart') {
            state.close()
            state = open({ busy })
            state.setPlans(plans)
            // Once more: it has been applied.
            state.apply(DAY, [logOf(i + 1, base - events.length, events)])
          }
          if (next === 'later') clock += 100 * SECOND
          if (next === 'later' || next === 'judge') while (state.judge());
        })
        clock += 1000 * SECOND
        while (state.judge());
        // What is judged late may be a step of something that is judged late.
        clock += 1000 * SECOND
        while (state.judge());
        const all = parts.flatMap(({ events }) => events)
        expect(storedOf()).toEqual(expectedOf(plans, all))
        told(state, plans, all)
      }),
      { numRuns: Number(process.env['WATCHFLOOR_RUNS'] ?? 25) },
    )
  })
})

describe('a group that much happens in', () => {
  const flood = (seconds: number, count: number): Given[] =>
    Array.from({ length: count }, (_, i) => ({ rule: 'a', time: seconds * SECOND, group: 'x', value: String(i % 2) }))
  it('keeps the newest of a flood, also of one time, and counts all', () => {
    const state = open({ busy: 10, mostKept: 50 })
    state.setPlans([planOf('s1', ['a'], 'event_count', { condition: { bounds: { gte: 3 } } })])
    for (let i = 0; i < 20; i++) state.apply(DAY, [logOf(i + 1, i * 30, flood(5, 30))])
    expect(storedOf()).toEqual([
      { scenario: 's1', group: 'x', first: 5 * SECOND, last: 5 * SECOND, fulfilled: 5 * SECOND, count: 600 },
    ])
    expect(db.prepare('SELECT count(*), min(event) FROM entry').raw().get()).toEqual([50, 550])
    state.close()
  })

  it('is not read again for what comes in order or somewhat late, whether it has matched or not', () => {
    let read = 0
    open().close()
    db = openForWriting(join(dir, 'scenarios.db'), 'scenarios')
    const counted = new Proxy(db, {
      get(target, name) {
        if (name !== 'prepare') {
          const own: unknown = Reflect.get(target, name, target)
          return typeof own === 'function' ? own.bind(target) : own
        }
        return (sql: string) => {
          const statement = target.prepare(sql)
          if (!sql.includes('FROM entry WHERE grp = ? AND time BETWEEN')) return statement
          const all = statement.all.bind(statement)
          statement.all = (...values: unknown[]) => {
            const rows = all(...values)
            read += rows.length
            return rows
          }
          return statement
        }
      },
    })
    const state = new ScenarioState({ db: counted, lastTold: 0, now: () => clock, partiesOf: () => undefined })
    state.setPlans([
      planOf('s1', ['a'], 'value_count', { condition: { bounds: { gte: 3 } } }),
      planOf('s2', ['a'], 'event_count', { condition: { bounds: { gte: 3 } } }),
    ])
    for (let i = 0; i < 100; i++) state.apply(DAY, [logOf(i + 1, i * 100, flood((i % 3 === 0 ? i - 2 : i) / 50, 100))])
    expect(storedOf().map(({ scenario, count }) => [scenario, count])).toEqual([['s2', 10_000]])
    // Without it, each batch reads all that came before it: half a million of each, and the late ones most of it again.
    expect(read).toBeLessThan(5000)
    state.close()
  })
})

describe('what is long past', () => {
  const today = (): number => Math.floor(clock / DAY_MICROS)
  const place = (day: number, row: number): number => day * 2 ** 36 + row
  const tidied = (state: ScenarioState): void => {
    while (state.tidy());
  }
  const left = (): unknown[] =>
    ['entry', 'match', 'passed', 'grp'].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  const three = (seconds: number, group = 'x'): Given[] =>
    [0, 1, 2].map((i) => ({ rule: 'a', time: (seconds + i) * SECOND, group, value: String(i) }))
  const inner = planOf('s1', ['a'], 'event_count', { condition: { bounds: { gte: 3 } } })

  it('is forgotten a month after it was received, whatever its own time, with its matches and groups', () => {
    const state = open()
    state.setPlans([inner, planOf('s2', ['s1', 'b'], 'temporal', {})])
    state.apply(DAY, [logOf(1, place(DAY, 0), three(1)), logOf(2, place(DAY, 10), three(1, 'y'))])
    state.apply(DAY + 1, [logOf(1, place(DAY + 1, 0), three(100))])
    // Each match takes part in the outer scenario.
    expect(left()).toEqual([12, 3, 3, 4])
    clock = (DAY + 31) * DAY_MICROS
    tidied(state)
    expect(left()).toEqual([12, 3, 3, 4])
    clock += DAY_MICROS
    tidied(state)
    expect(left()).toEqual([4, 1, 1, 2])
    expect(storedOf().map(({ first }) => first)).toEqual([100 * SECOND])
    // Once a day: what would go as well stays until tomorrow.
    state.apply(DAY, [logOf(3, place(DAY, 20), three(200))])
    tidied(state)
    expect(storedOf()).toHaveLength(2)
    clock += DAY_MICROS
    tidied(state)
    expect(left()).toEqual([0, 0, 0, 0])
    expect(today()).toBe(DAY + 33)
    // The group begins anew.
    state.apply(DAY + 33, [logOf(1, place(DAY + 33, 0), three(300))])
    expect(storedOf().map(({ first, count }) => [first, count])).toEqual([[300 * SECOND, 3]])
    state.close()
  })

  it('is kept as long as a scenario reaches back, and for those that it is a step of', () => {
    const state = open()
    state.setPlans([inner, planOf('s2', ['s1', 'b'], 'temporal', { timespan: 10 * DAY_MICROS })])
    state.apply(DAY, [logOf(1, place(DAY, 0), three(1))])
    clock = (DAY + 40) * DAY_MICROS
    tidied(state)
    expect(left()).toEqual([4, 1, 1, 2])
    clock += DAY_MICROS
    tidied(state)
    expect(left()).toEqual([0, 0, 0, 0])
    state.close()
  })

  it('is forgotten some groups at a time, and not again after a restart on the same day', () => {
    const state = open({ busy: 1 })
    state.setPlans([inner])
    for (let i = 0; i < 300; i++) state.apply(DAY, [logOf(i + 1, place(DAY, i * 3), three(1, `g${i}`))])
    clock = (DAY + 32) * DAY_MICROS
    expect(state.tidy()).toBe(true)
    expect(left()).toEqual([300, 100, 0, 100])
    expect(state.tidy()).toBe(false)
    expect(left()).toEqual([0, 0, 0, 0])
    state.apply(DAY, [logOf(301, place(DAY, 1000), three(1, 'g1'))])
    // In memory as it is in the file.
    expect(storedOf().map(({ count }) => count)).toEqual([3])
    state.close()
    const again = open()
    again.setPlans([inner])
    expect(again.tidy()).toBe(false)
    expect(left()).toEqual([3, 1, 0, 1])
    again.close()
  })
})

/** What the desk was told comes to the same: every match once, and none that was withdrawn. */
function told(state: ScenarioState, plans: readonly ScenarioPlan[], events: readonly Given[]): void {
  const matches = new Map<string, Extract<Told, { kind: 'found' }>>()
  const all: Extract<Told, { kind: 'found' }>[] = []
  let withdrawn = 0
  for (const { told: one } of state.toldAfter(0, 100_000)) {
    if (one.kind === 'later') continue
    if (one.kind === 'withdrawn') {
      withdrawn++
      expect(matches.delete(`${one.scenario} ${one.match}`)).toBe(true)
      continue
    }
    matches.set(`${one.scenario} ${one.match}`, one)
    all.push(one)
  }
  const found = new ScenarioRun(plans)
  events.forEach(({ rule, time, group, value }, i) => found.add(rule, i, time, (field) => (field === 'group' ? group : value)))
  const base = DAY * 2 ** 36
  const expected = found.finish()
  for (const { id, window } of plans) {
    if (window !== 'sliding' || withdrawn > 0) continue
    const own = all.filter((one) => one.scenario === id)
    const named = (told: typeof own): number[] => told.flatMap(({ steps }) => steps.map(([event]) => event - base))
    for (const [group, found] of Map.groupBy(
      expected.filter(({ plan }) => plan.id === id),
      (one) => one.group[0]!.toLowerCase(),
    )) {
      const held = new Set(found.flatMap((one) => eventsOf(one).map(({ event }) => event)))
      const told = new Set(named(own.filter((one) => one.group[0]![1].toLowerCase() === group)))
      // An inner match that begins earlier by a late record can take an event out of an outer one again; it stays named.
      expect([...held].filter((event) => !told.has(event))).toEqual([])
      if (plans.length === 1) expect(told.size).toBe(held.size)
    }
    // Of one match each event is told and counted once, however the match came about.
    for (const parts of Map.groupBy(own, ({ match }) => match).values())
      expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(new Set(named(parts)).size)
  }
  for (const { scenario, group, first, last } of expectedOf(plans, events)) {
    // Where inner matches began earlier without events more, nothing was told of it.
    const chained = plans.length > 1
    const own = [...matches.values()].filter(
      (one) =>
        one.scenario === scenario &&
        one.group[0]![1].toLowerCase() === group &&
        (chained || (one.first <= first && one.last >= last)),
    )
    expect(own.length).toBeGreaterThan(0)
  }
}
