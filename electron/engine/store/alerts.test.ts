import { cpSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../shared/model/alert.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { batchOf } from '../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../test/fixtures/store/batches.ts'
import { opened, removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import type { Opened } from '../../../test/fixtures/store/opened.ts'
import { addToSpark, hitsOf, sparkAt } from './hits.ts'
import type { Spark } from './hits.ts'
import type { Answer } from './reader.ts'

const MINUTE = 60_000_000
const NOW = Date.UTC(2026, 10, 20, 12)
const at = (minutes: number): number => NOW * 1000 + minutes * MINUTE
const hit = (minutes: number, key = 'a'): GivenEvent => ({
  time: at(minutes),
  hit: key,
  fields: { 'src.ip': '10.0.0.1', minute: minutes },
})

let dir: string
let store: Opened
let clock = NOW
const open = (bulkRows = 2048): Opened => opened(dir, { now: () => clock, bulkRows })
beforeEach(() => {
  dir = temporaryDir()
  clock = NOW
  store = open()
})
afterEach(() => {
  store.close()
  removeDir(dir)
})
const commit = (...events: GivenEvent[]): void => {
  const result = store.writer.commit(batchOf(events))
  expect(result.ok).toBe(true)
}
const shape = (alerts: readonly Alert[]): string[] =>
  alerts.map((a) => `${a.detection} ${a.count} ${a.first} ${a.last} ${a.spark.join()}`).sort()

describe('grouping', () => {
  it('makes one alert of the same detection on the same pair within an hour, in both directions of time', async () => {
    commit(hit(0))
    commit(hit(59), hit(0, 'b'))
    commit(hit(-60))
    commit(hit(121))
    const alerts = await store.alerts()
    expect(alerts.map((a) => [a.detection, a.count])).toEqual(
      [
        ['b', 1],
        ['a', 3],
        ['a', 1],
      ].sort((x, y) => Number(x[0] === 'a') - Number(y[0] === 'a')),
    )
    const a = alerts.find((one) => one.count === 3)!
    expect([a.first, a.last]).toEqual([isoFromMicros(at(-60)), isoFromMicros(at(59))])
  })

  it('counts the same, whatever the order in which hits arrive and however they are batched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.nat({ max: 5 })),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (minutes, sizes, order) => {
          const outcomes: string[][] = []
          const events = minutes.map(([m, key]) => hit(m, key))
          const shuffled = events
            .map((event) => ({ event, by: order.next().value! }))
            .sort((x, y) => x.by - y.by)
            .map(({ event }) => event)
          for (const [sequence, bulkRows] of [
            [events, 2048],
            [shuffled, 2048],
            [events.toSorted((x, y) => x.time - y.time), 2048],
            // Hits are gathered over commits, and applied together.
            [events, 0],
            [shuffled, 3],
          ] as const) {
            store.close()
            removeDir(dir)
            dir = temporaryDir()
            store = open(bulkRows)
            for (let i = 0; i < sequence.length;) {
              const size = 1 + sizes.next().value!
              commit(...sequence.slice(i, i + size))
              i += size
            }
            store.writer.hits.apply()
            outcomes.push(shape(await store.alerts()))
          }
          expect(outcomes[3]).toEqual(outcomes[0])
          expect(outcomes[4]).toEqual(outcomes[0])
          expect(outcomes[1]).toEqual(outcomes[0])
          expect(outcomes[2]).toEqual(outcomes[0])
          // Chains of neighbours not more than an hour apart, counted plainly.
          let plain = 0
          for (const key of ['a', 'b']) {
            const sorted = minutes
              .filter(([, k]) => k === key)
              .map(([m]) => m)
              .sort((x, y) => x - y)
            plain += sorted.filter((m, i) => i === 0 || m - sorted[i - 1]! > 60).length
          }
          expect(outcomes[0]!.length).toBe(plain)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('gathers hits of a bulk of commits, and finds again those that were never applied', async () => {
    store.close()
    store = open(0)
    commit(hit(0))
    commit(hit(1), hit(2, 'b'))
    expect(store.writer.hits.gathers).toBe(true)
    expect(await store.alerts()).toEqual([])
    store.writer.tick(5)
    expect(shape(await store.alerts()).length).toBe(2)
    commit(hit(3))
    // As after a kill: the desk as it was before this was applied.
    const copy = temporaryDir()
    cpSync(dir, copy, { recursive: true })
    const again = opened(copy, { now: () => clock })
    expect((await again.alerts()).map(({ detection, count }) => `${detection} ${count}`).sort()).toEqual(['a 3', 'b 1'])
    again.close()
    removeDir(copy)
    store.close()
    store = open()
    expect((await store.alerts()).map(({ detection, count }) => `${detection} ${count}`).sort()).toEqual(['a 3', 'b 1'])
  })

  it('stores what an alert is raised from once, and what somebody decides in between is no loss', async () => {
    store.close()
    store = open(0)
    const bodies = (): number => Number(store.writer.current!.db.prepare('SELECT count(*) FROM hit_body').pluck().get())
    // The text of a detection comes with its first hit only.
    const plainly = (...events: GivenEvent[]): void => {
      const batch = batchOf(events)
      const hits = batch.hits.map((group) => ({ ...group, text: null }))
      expect(store.writer.commit({ ...batch, hits }).ok).toBe(true)
    }
    commit(hit(0))
    plainly(hit(1))
    plainly(hit(2), hit(200, 'b'))
    expect(bodies()).toBe(2)
    store.writer.hits.apply()
    const [newest, oldest] = (await store.alerts({ states: ['open'] })).toSorted((a, b) => (a.last < b.last ? 1 : -1))
    plainly(hit(3))
    expect(bodies()).toBe(2)
    expect(store.writer.act('decide', { ids: [oldest!.id], verdict: 'false_positive', reason: 'scanner' }, 'mina').ok).toBe(true)
    plainly(hit(4))
    // Killed before it was applied: it raises an alert of its own all the same.
    const copy = temporaryDir()
    cpSync(dir, copy, { recursive: true })
    const again = opened(copy, { now: () => clock })
    const after = await again.alerts({ states: ['open', 'decided'] })
    expect(after.map(({ state, count }) => `${state} ${count}`).sort()).toEqual(['decided 4', 'open 1', 'open 1'])
    expect(after.some(({ id }) => id === newest!.id)).toBe(true)
    again.close()
    removeDir(copy)
  })

  it('raises a new alert after a verdict, and shows the old one as earlier', async () => {
    commit(hit(0))
    const [first] = await store.alerts()
    expect(store.writer.act('decide', { ids: [first!.id], verdict: 'false_positive', reason: 'known scanner' }, 'mina').ok).toBe(
      true,
    )
    commit(hit(1))
    const alerts = await store.alerts({ states: ['open'] })
    expect(alerts.length).toBe(1)
    const detail = await store.ask('alerts.get', { id: alerts[0]!.id })
    expect(detail.ok && detail.value.earlier).toEqual([
      { id: first!.id, last: first!.last, verdict: 'false_positive', decidedBy: 'mina' },
    ])
  })

  it('joins a snoozed alert without waking it, and wakes it when its time comes', async () => {
    commit(hit(0))
    const [alert] = await store.alerts()
    expect(store.writer.act('snooze', { ids: [alert!.id], until: isoFromMicros(at(30)) }, 'mina').ok).toBe(true)
    commit(hit(10))
    expect((await store.alerts()).map((a) => [a.state, a.count])).toEqual([['snoozed', 2]])
    expect(store.writer.nextWake()).toBe(at(30))
    clock += 29 * 60_000
    store.writer.tick(1)
    expect((await store.alerts())[0]!.state).toBe('snoozed')
    clock += 60_000
    store.writer.tick(1)
    expect((await store.alerts())[0]!.state).toBe('open')
    const detail = await store.ask('alerts.get', { id: alert!.id })
    expect(detail.ok && detail.value.history.map(({ action, by }) => [action, by])).toEqual([
      ['raised', 'watchfloor'],
      ['snoozed', 'mina'],
      ['woken', 'watchfloor'],
    ])
  })

  it('does not merge neighbours that somebody works on', async () => {
    commit(hit(0))
    commit(hit(100))
    const [first] = await store.alerts()
    store.writer.act('take', { ids: [first!.id] }, 'mina')
    commit(hit(55))
    const alerts = await store.alerts()
    expect(alerts.map((a) => a.count).sort()).toEqual([1, 2])
  })

  it('is one row after very many repeats, in bounded memory', async () => {
    for (let i = 0; i < 40; i++) commit(...Array.from({ length: 1000 }, (_, n) => hit((i * 1000 + n) / 2000)))
    const alerts = await store.alerts()
    expect(alerts.map((a) => a.count)).toEqual([40_000])
    const page = await store.ask('alerts.events', { id: alerts[0]!.id, limit: 1000, after: null })
    expect(page.ok && page.value.events.length).toBe(1000)
    const next = await store.ask('alerts.events', { id: alerts[0]!.id, limit: 1000, after: page.ok ? page.value.after : null })
    const ids = [...(page.ok ? page.value.events : []), ...(next.ok ? next.value.events : [])].map(({ id }) => Number(id))
    expect(new Set(ids).size).toBe(2000)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
  })

  it('keeps the text of the rule, the marks and the first event', async () => {
    commit({ time: at(-5) }, hit(0), hit(1))
    const [alert] = await store.alerts()
    const detail = await store.ask('alerts.get', { id: alert!.id })
    if (!detail.ok) throw new Error('no detail')
    expect(detail.value.detection.text).toBe('title: a')
    expect(detail.value.marks).toEqual([{ part: 'selection', line: 3, field: 'f', value: 'v', start: 0, end: 1 }])
    const event = await store.ask('events.get', { id: detail.value.event })
    expect(event.ok && event.value.fields['minute']).toBe(0)
    expect(detail.value.firstSeen).toEqual({ source: isoFromMicros(at(0)), destination: null })
    expect(store.writer.ruleCounts()).toEqual({ a: { alerts: 1, last: isoFromMicros(at(1)) } })
  })
})

describe('hits of a batch', () => {
  it('are cut where events are too far apart', () => {
    const times = Float64Array.from([at(0), at(500), at(10), at(100)])
    const group = { ...batchOf([hit(0)]).hits[0]!, rows: Uint32Array.from([0, 1, 2, 3]), first: at(0), last: at(500) }
    const hits = hitsOf([group], 60 * MINUTE, () => times)
    expect(hits.map((h) => [[...h.rows], h.count, h.body.marks.length])).toEqual([
      [[0, 2], 2, 1],
      [[3], 1, 0],
      [[1], 1, 0],
    ])
  })

  it('add up in a spark in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 100, max: 130 }), fc.integer({ min: 1, max: 5 })), { minLength: 1 }),
        (slots) => {
          const empty: Spark = { newest: slots[0]![0], counts: new Array<number>(12).fill(0) }
          const one = slots.reduce<Spark>((spark, slot) => addToSpark(spark, [slot]), empty)
          const back = slots
            .toReversed()
            .reduce<Spark>((spark, slot) => addToSpark(spark, [slot]), { ...empty, newest: slots.at(-1)![0] })
          expect(back).toEqual(one)
          expect(addToSpark(empty, slots)).toEqual(one)
          expect(sparkAt(one, one.newest + 12)).toEqual(new Array(12).fill(0))
        },
      ),
    )
  })
})

describe('actions', () => {
  const act = (name: 'take' | 'release' | 'decide' | 'snooze' | 'reopen', ids: readonly string[], by: string) =>
    store.writer.act(name, { ids, verdict: 'tp_no_impact', reason: `by ${by}`, until: isoFromMicros(at(60)) }, by)
  const without = (alert: Alert): Omit<Alert, 'revision'> => {
    const { revision: _, ...rest } = alert
    return rest
  }

  it('are taken back by undo, all of them, to what was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom('take' as const, 'release' as const, 'decide' as const, 'snooze' as const, 'reopen' as const),
            fc.subarray([0, 1, 2], { minLength: 1 }),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        async (steps) => {
          const by = `analyst-${Math.random()}`
          const key = by
          // Three alerts of their own.
          commit(hit(0, `${key}1`), hit(0, `${key}2`), hit(0, `${key}3`))
          const mine = async (): Promise<Alert[]> =>
            (await store.alerts()).filter((a) => a.detection.startsWith(key)).sort((a, b) => (a.detection < b.detection ? -1 : 1))
          const ids = (await mine()).map(({ id }) => id)
          const states = [await mine()]
          for (const [name, places] of steps)
            if (
              act(
                name,
                places.map((i) => ids[i]!),
                by,
              ).ok
            )
              states.push(await mine())
          while (states.length > 1) {
            states.pop()
            const undone = store.writer.undo(by)
            expect(undone.ok && undone.value.action).toBeTruthy()
            expect((await mine()).map(without)).toEqual(states.at(-1)!.map(without))
          }
          expect(store.writer.undo(by)).toEqual({ ok: true, value: { alerts: [], action: null, emptied: [] } })
        },
      ),
      { numRuns: 40 },
    )
  })

  it('of another person are not undone, and are not overwritten by an undo', async () => {
    commit(hit(0))
    const ids = (await store.alerts()).map(({ id }) => id)
    act('take', ids, 'mina')
    expect(store.writer.undo('jo')).toEqual({ ok: true, value: { alerts: [], action: null, emptied: [] } })
    act('decide', ids, 'jo')
    const refused = store.writer.undo('mina')
    expect(!refused.ok && refused.error.code).toBe('conflict')
    expect((await store.alerts())[0]!.state).toBe('decided')
    expect(store.writer.undo('jo').ok).toBe(true)
    expect(store.writer.undo('mina').ok).toBe(true)
    const [alert] = await store.alerts()
    expect([alert!.state, alert!.owner]).toEqual(['open', null])
  })

  it('are refused where they have no meaning, wholly', async () => {
    commit(hit(0), hit(0, 'b'))
    const ids = (await store.alerts()).map(({ id }) => id)
    expect(act('release', ids, 'mina')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(act('take', [...ids, '999'], 'mina')).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect((await store.alerts()).every((a) => a.owner === null)).toBe(true)
    expect(store.writer.act('snooze', { ids, until: isoFromMicros(at(-1)) }, 'mina')).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    })
    expect(act('decide', ids, 'mina').ok).toBe(true)
    expect(act('snooze', ids, 'mina')).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })
})

describe('searching alerts', () => {
  it('pages through every order without gaps or doubles', async () => {
    for (let i = 0; i < 30; i++) commit({ ...hit(i % 7, `d${i}`) })
    store.writer.act(
      'decide',
      { ids: (await store.alerts()).slice(0, 5).map(({ id }) => id), verdict: 'benign_tp', reason: '' },
      'mina',
    )
    for (const order of ['urgency', 'newest', 'oldest', 'count', 'title', 'source', 'destination'] as const) {
      const seen: string[] = []
      for (let after: string | null = null; ;) {
        const page: Answer<'alerts.search'> = await store.ask('alerts.search', {
          where: '',
          states: ['open', 'decided'],
          window: { from: null, to: null },
          order,
          limit: 7,
          after,
        })
        if (!page.ok) throw new Error('page')
        expect(page.value.total).toBe(30)
        seen.push(...page.value.alerts.map(({ id }) => id))
        after = page.value.after
        if (after === null) break
      }
      expect(new Set(seen).size).toBe(30)
      expect(seen.length).toBe(30)
    }
  })

  it('filters by the query language', async () => {
    commit(hit(0, 'SQL injection'), hit(0, 'port scan'))
    const [one] = await store.alerts()
    store.writer.act('take', { ids: [one!.id] }, 'mina')
    const titles = async (where: string): Promise<string[]> => (await store.alerts({ where })).map((a) => a.title).sort()
    const sql = 'Detection SQL injection'
    const scan = 'Detection port scan'
    expect(await titles('injection')).toEqual([sql])
    expect(await titles('title:*scan')).toEqual([scan])
    expect(await titles('severity:medium and src.ip:10.0.0.0/8')).toEqual([sql, scan].sort())
    expect(await titles('severity>=high')).toEqual([])
    expect(await titles('severity>low ip:10.0.0.2')).toEqual([sql, scan].sort())
    expect(await titles('attack:T1190 not owner:*')).toEqual([(await store.alerts({ where: 'not owner:*' }))[0]!.title])
    expect((await titles('owner:MINA')).length).toBe(1)
    expect(await titles('count>1')).toEqual([])
    expect(await titles('asset:web-01 dst.port:80')).toEqual([sql, scan].sort())
    const wrong = await store.ask('alerts.search', {
      where: 'a:(',
      states: ['open'],
      window: { from: null, to: null },
      order: 'urgency',
      limit: 1,
      after: null,
    })
    expect(!wrong.ok && wrong.error.code).toBe('query_syntax')
    const counts = await store.ask('alerts.counts', {
      filters: ['', 'injection', 'owner:mina'].map((where) => ({
        where,
        states: ['open' as const],
        window: { from: null, to: null },
      })),
    })
    expect(counts.ok && counts.value.counts).toEqual([2, 1, 1])
    const picked = await store.ask('alerts.pick', {
      filter: { where: 'injection', states: ['open'], window: { from: null, to: null } },
      ids: ['1', '2', '99'],
    })
    expect(picked.ok && [picked.value.changed.length, picked.value.removed.length, picked.value.total]).toEqual([1, 2, 1])
  })

  it('shows what happened around an alert', async () => {
    commit(
      { time: at(-15), fields: { 'src.ip': '10.0.0.1', 'dst.ip': '8.8.8.8' } },
      { time: at(0), hit: 'a', fields: { 'src.ip': '10.0.0.1', 'dst.ip': '10.0.0.2', 'flow.id': '77' } },
      { time: at(1), fields: { 'flow.id': '77' } },
      { time: at(5), fields: { 'host.name': 'web-01' } },
      { time: at(50), fields: { 'src.ip': '10.0.0.1' } },
      { time: at(6), fields: { 'src.ip': '10.9.9.9' } },
    )
    const [alert] = await store.alerts()
    const around = await store.ask('alerts.around', { id: alert!.id, minutes: 20, slots: 40 })
    if (!around.ok) throw new Error('around')
    expect(around.value.lanes.map((lane) => [lane.kind, lane.ticks.reduce((a, b) => a + b, 0), lane.alerts.length])).toEqual([
      ['flow', 2, 1],
      ['source', 2, 1],
      ['destination', 2, 1],
    ])
    expect(around.value.events).toBe(4)
    expect(around.value.lanes[1]!.ticks[5]).toBe(1)
  })
})
