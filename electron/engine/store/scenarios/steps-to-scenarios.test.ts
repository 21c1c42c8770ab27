/** From committed steps to alerts of the desk: once each, over restarts, decisions, damage, and in history. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import { opened, removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import type { DetectionText } from '../../../../shared/model/alert.ts'
import { rulesOfText } from '../../sigma/parse-rules.ts'
import { resolveScenarios } from '../../sigma/scenarios/resolve.ts'
import { runningScenarios } from '../../sigma/scenarios/running.ts'
import type { Batch } from '../batch.ts'
import { runHistory, type HistoryDone } from '../queries/history.ts'
import type { RunningScenario } from './steps-to-scenarios.ts'

const RULES = `title: Guessing
id: guessing
level: high
correlation: { type: event_count, rules: [failed], group-by: [user], timespan: 10m, condition: { gte: 3 } }
---
title: Quiet
id: quiet
level: low
correlation: { type: event_count, rules: [failed], group-by: [host], timespan: 10m, condition: { lt: 2 } }
---
title: Failed
id: failed
name: failed
logsource: { category: test }
detection:
  selection: { kind: failed }
  condition: selection
`
const SOURCES = [{ names: [{ category: 'test' }], when: { format: ['jsonl'] } }]

function load(): {
  scenarios: RunningScenario[]
  resolved: ReturnType<typeof resolveScenarios>
  rules: ReturnType<typeof rulesIn>
} {
  const read = [...rulesOfText({ file: '/rules/test.yml', folder: '/rules', text: RULES })]
  const rules = rulesIn(read)
  const scenarios = read.flatMap(({ scenario }) => (scenario === null ? [] : [scenario]))
  const resolved = resolveScenarios(rules, scenarios, () => true)
  return { scenarios: runningScenarios(resolved.plans, scenarios), resolved, rules }
}
const rulesIn = (read: Iterable<ReturnType<typeof rulesOfText> extends Generator<infer R> ? R : never>) =>
  [...read].flatMap(({ rule }) => (rule === null ? [] : [rule]))

const NOW = Date.UTC(2026, 10, 20, 12)
const at = (minutes: number): number => (NOW + minutes * 60_000) * 1000
const nobody = { ip: null, port: null, name: null }

/** Failed logins: minute, user, host. */
function batch(...given: (readonly [minutes: number, user: string, host: string])[]): Batch {
  const made = batchOf(given.map(([minutes, user, host]) => ({ time: at(minutes), fields: { kind: 'failed', user, host } })))
  return {
    ...made,
    steps: [
      {
        rule: 'failed',
        fields: ['user', 'host'],
        events: given.map(([minutes, user, host], row) => ({
          row,
          time: at(minutes),
          values: [user, host],
          parties: { source: { ip: '203.0.113.9', port: null, name: null }, destination: nobody, asset: host, user },
        })),
      },
    ],
  }
}

let dir: string
let store: Opened
let clock = NOW
const open = (): void => {
  store = opened(dir, { now: () => clock })
  store.writer.runScenarios(load().scenarios)
}
beforeEach(() => {
  dir = temporaryDir()
  clock = NOW
  open()
})
afterEach(() => {
  store.close()
  removeDir(dir)
})
const commit = (...given: Parameters<typeof batch>): void => void expect(store.writer.commit(batch(...given)).ok).toBe(true)
const settle = (): void => {
  clock += 3_600_000
  for (let i = 0; i < 20; i++) store.writer.tick(5)
}
const guessing = async () => (await store.alerts()).filter(({ detection }) => detection === 'guessing')

describe('alerts of scenarios', () => {
  it('are raised with who took part, and explained', async () => {
    commit([0, 'kim', 'ws-1'], [1, 'kim', 'ws-2'])
    expect(await guessing()).toEqual([])
    commit([2, 'KIM', 'ws-3'], [3, 'lee', 'ws-3'])
    const [alert, ...others] = await guessing()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ kind: 'scn', title: 'Guessing', severity: 'high', count: 3, asset: 'ws-3', user: 'KIM' })
    expect(alert!.source.ip).toBe('203.0.113.9')
    const explained = await store.ask('scenarios.explain', { alert: alert!.id, plans: load().resolved.plans })
    expect(explained).toMatchObject({
      ok: true,
      value: {
        group: [{ field: 'user', value: 'kim' }],
        steps: [{ rule: 'failed', title: 'Failed', events: 3 }],
        reached: 3,
        closed: true,
        near: [],
      },
    })
    expect(
      explained.ok && explained.value.events.map(({ event }) => event.fields['user.name'] ?? event.fields['user']),
    ).toHaveLength(3)
    const events = await store.ask('alerts.events', { id: alert!.id, limit: 2, after: null })
    expect(events.ok && events.value.events).toHaveLength(2)
    const rest = await store.ask('alerts.events', { id: alert!.id, limit: 2, after: events.ok ? events.value.after : null })
    expect(rest.ok && rest.value.events).toHaveLength(1)
  })

  it('tell of groups that came near', async () => {
    commit([0, 'kim', 'x'], [1, 'kim', 'x'], [2, 'kim', 'x'], [3, 'lee', 'x'], [4, 'lee', 'x'], [5, 'park', 'x'])
    const [alert] = await guessing()
    const explained = await store.ask('scenarios.explain', { alert: alert!.id, plans: load().resolved.plans })
    expect(explained.ok && explained.value.near).toMatchObject([
      { group: [{ value: 'lee' }], reached: 2, needed: 3, open: false },
    ])
  })

  it('go on where the desk stopped, and count every event once', async () => {
    commit([0, 'kim', 'x'])
    store.close()
    open()
    commit([1, 'kim', 'x'])
    store.close()
    open()
    commit([2, 'kim', 'x'], [3, 'kim', 'x'])
    expect((await guessing()).map(({ count }) => count)).toEqual([4])
    store.close()
    open()
    expect((await guessing()).map(({ count }) => count)).toEqual([4])
    commit([4, 'kim', 'x'])
    expect((await guessing()).map(({ count }) => count)).toEqual([5])
  })

  it('take what was stored before anybody said which scenarios run', async () => {
    store.close()
    store = opened(dir, { now: () => clock })
    commit([0, 'kim', 'x'], [1, 'kim', 'x'], [2, 'kim', 'x'])
    expect(await guessing()).toEqual([])
    store.writer.runScenarios(load().scenarios)
    expect((await guessing()).map(({ count }) => count)).toEqual([3])
  })

  it('are raised anew once the earlier one is decided', async () => {
    commit([0, 'kim', 'x'], [1, 'kim', 'x'], [2, 'kim', 'x'])
    const [alert] = await guessing()
    store.writer.act('decide', { ids: [alert!.id], verdict: 'false_positive', reason: 'a test' }, 'kim')
    commit([3, 'kim', 'x'])
    expect((await guessing()).map(({ state, count }) => [state, count]).sort()).toEqual([
      ['decided', 3],
      ['open', 1],
    ])
  })

  it('say so where a late record has disproved them', async () => {
    commit([0, 'kim', 'x'])
    settle()
    const quiet = (await store.alerts()).filter(({ detection }) => detection === 'quiet')
    expect(quiet.map(({ count }) => count)).toEqual([1])
    commit([1, 'lee', 'x'])
    settle()
    const detail = await store.ask('alerts.get', { id: quiet[0]!.id })
    expect(detail.ok && detail.value.history.map(({ action }) => action)).toEqual(['raised', 'withdrawn'])
  })

  it('begin anew where what they had seen cannot be read', async () => {
    commit([0, 'kim', 'x'], [1, 'kim', 'x'])
    store.close()
    for (const suffix of ['-wal', '-shm']) rmSync(join(dir, `scenarios.db${suffix}`), { force: true })
    writeFileSync(join(dir, 'scenarios.db'), 'not a database at all, and long enough to be looked at'.repeat(100))
    open()
    expect(store.banners).toMatchObject([{ key: 'scenarios_lost' }])
    commit([2, 'kim', 'x'])
    expect(await guessing()).toEqual([])
    commit([3, 'kim', 'x'], [4, 'kim', 'x'])
    expect((await guessing()).map(({ count }) => count)).toEqual([3])
  })
})

describe('history', () => {
  const run = (raise: boolean): HistoryDone => {
    const { resolved, rules } = load()
    const done = runHistory(
      {
        dataDir: dir,
        days: store.days,
        aliases: new Map(),
        rules: rules.map((rule) => ({ ...rule, reads: resolved.stepRules[0]!.reads })),
        plans: resolved.plans,
        sources: SOURCES,
        texts: { failed: { kind: 'rule', detection: 'failed', title: 'Failed', text: '' } as unknown as DetectionText },
        from: null,
        to: null,
        samples: 5,
        raise,
      },
      () => undefined,
    )
    if (!done.ok) throw new Error(done.error.message)
    return done.value
  }

  it('finds what the live desk found, with the same events', async () => {
    commit([0, 'kim', 'x'], [1, 'kim', 'x'], [2, 'lee', 'x'])
    commit([3, 'kim', 'x'])
    const [alert] = await guessing()
    const { finds, scanned } = run(false)
    expect(scanned).toBe(4)
    const rule = finds.find(({ id }) => id === 'failed')!
    expect([rule.matches, rule.days]).toEqual([4, [{ day: '2026-11-20', matches: 4 }]])
    const scenario = finds.find(({ id }) => id === 'guessing')!
    expect(scenario.matches).toBe(1)
    expect(scenario.samples.map(({ events, group }) => [events, group])).toEqual([[alert!.count, 'user=kim']])
  })

  it('raises what no alert has, marked as found later, and nothing twice', async () => {
    commit([0, 'kim', 'x'], [1, 'lee', 'y'])
    const first = run(true).later
    expect(first.filter(({ kind }) => kind === 'rule').map(({ count }) => count)).toEqual([2])
    expect(store.writer.raiseLater(first).ok).toBe(true)
    const raised = (await store.alerts()).filter(({ detection }) => detection === 'failed')
    expect(raised.map(({ kind, count }) => [kind, count])).toEqual([['rule', 2]])
    const detail = await store.ask('alerts.get', { id: raised[0]!.id })
    expect(detail.ok && detail.value.history.map(({ action }) => action)).toEqual(['raised', 'found_later'])
    const events = await store.ask('alerts.events', { id: raised[0]!.id, limit: 10, after: null })
    expect(events.ok && events.value.events).toHaveLength(2)
    expect(run(true).later.filter(({ kind }) => kind === 'rule')).toEqual([])
  })
})
