import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../../test/fixtures/store/batches.ts'
import { everything, opened, removeDir, temporaryDir } from '../../../../test/fixtures/store/opened.ts'
import type { Opened } from '../../../../test/fixtures/store/opened.ts'
import type { Answer } from '../reader.ts'
import { slotsOf } from './overview.ts'
import { ValueCounter } from './value-counter.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const window = { from: null, to: null }
let dir: string
let clock = NOW
let store: Opened
beforeEach(() => {
  dir = temporaryDir()
  clock = NOW
  store = opened(dir, { now: () => clock })
})
afterEach(() => {
  store.close()
  removeDir(dir)
})
const MINUTE = 60_000_000
const at = (minutes: number): number => NOW * 1000 + Math.round(minutes * MINUTE)

/** Commits over two days of receipt, with event times in any order. */
function commitAll(batches: readonly (readonly GivenEvent[])[]): void {
  batches.forEach((events, i) => {
    if (i === Math.ceil(batches.length / 2)) clock += 86_400_000
    expect(store.writer.commit(batchOf(events)).ok).toBe(true)
    if (i % 3 === 2) while (store.writer.tick(5));
  })
}
const given = fc.array(
  fc.array(
    fc.record({
      time: fc.integer({ min: 0, max: 30 }).map((m) => at(m / 2)),
      type: fc.constantFrom('dns', 'http'),
      fields: fc.record({ n: fc.integer({ min: 0, max: 9 }), host: fc.constantFrom('a', 'b', 'c') }, { requiredKeys: ['n'] }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 6 },
)
/** A fresh store for each run of a property. */
function again(): void {
  store.close()
  removeDir(dir)
  dir = temporaryDir()
  clock = NOW
  store = opened(dir, { now: () => clock })
}

describe('searching events', () => {
  it('pages through what fits in the order of time and id, without gaps or doubles', async () => {
    await fc.assert(
      fc.asyncProperty(
        given,
        fc.constantFrom('newest' as const, 'oldest' as const),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('', 'host:a', 'n>4 not type:dns'),
        async (batches, order, limit, where) => {
          again()
          commitAll(batches)
          const fits = (event: GivenEvent): boolean =>
            where === ''
              ? true
              : where === 'host:a'
                ? event.fields!['host'] === 'a'
                : (event.fields!['n'] as number) > 4 && event.type !== 'dns'
          const expected = batches
            .flat()
            .filter(fits)
            .map(({ time }) => isoFromMicros(time))
            .sort()
          if (order === 'newest') expected.reverse()
          const times: string[] = []
          const ids: string[] = []
          for (let after: string | null = null; ;) {
            const page: Answer<'events.search'> = await store.ask('events.search', {
              where,
              window,
              order,
              fields: [],
              limit,
              after,
            })
            if (!page.ok) throw new Error(page.error.message)
            times.push(...page.value.events.map(({ time }) => time))
            ids.push(...page.value.events.map(({ id }) => id))
            after = page.value.after
            if (after === null) break
          }
          expect(times).toEqual(expected)
          expect(new Set(ids).size).toBe(ids.length)
          const keys = ids.map((id, i) => [times[i]!, Number(id)] as const)
          const sorted = keys.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]))
          expect(keys).toEqual(order === 'newest' ? sorted.reverse() : sorted)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('cancels what is still asked when it closes', async () => {
    commitAll([[{ time: at(0), type: 'dns', fields: { n: 1 } }]])
    expect((await store.ask('events.search', everything)).ok).toBe(true)
    const asked = [store.ask('events.search', everything), store.ask('events.search', everything)]
    store.close()
    expect(await Promise.all(asked)).toMatchObject([{ error: { code: 'cancelled' } }, { error: { code: 'cancelled' } }])
    store = opened(dir, { now: () => clock })
  })

  it('gives the same objects again where whole events are kept, and what it would give without', async () => {
    store.close()
    store = opened(dir, { now: () => clock }, new Map(), 100)
    const made = (from: number, count: number): GivenEvent[] =>
      Array.from({ length: count }, (_, i) => ({ time: at(from + i), type: 'dns', fields: { n: from + i, host: 'a' } }))
    const all = async (fields: readonly string[] = []) => {
      const found = await store.ask('events.search', { ...everything, order: 'oldest', fields: [...fields], limit: 1000 })
      if (!found.ok) throw new Error(found.error.message)
      return found.value.events
    }
    commitAll([made(0, 40)])
    const first = await all()
    expect((await all()).map((event, i) => event === first[i])).toEqual(Array(40).fill(true))
    expect((await all(['n']))[3]!.fields).toEqual({ n: 3 })
    // More than are kept, and merged since.
    commitAll([made(40, 60), made(100, 60)])
    while (store.writer.tick(5));
    const again = await all()
    expect((await all()).length).toBe(160)
    store.close()
    store = opened(dir, { now: () => clock })
    expect(again).toEqual(await all())
  })

  it('gives the fields that were asked for, by any of their names', async () => {
    store.writer.commit(
      batchOf([
        {
          time: at(0),
          type: 'http',
          fields: { 'src.ip': '10.0.0.1', 'http.url': '/a', __proto__x: 'p', list: ['x', 'y'], flag: true, n: 1.5 },
        },
      ]),
    )
    const fields = async (names: string[]): Promise<unknown> => {
      const page = await store.ask('events.search', { ...everything, fields: names })
      return page.ok && { ...page.value.events[0]!.fields }
    }
    expect(await fields([])).toEqual({
      'src.ip': '10.0.0.1',
      'http.url': '/a',
      __proto__x: 'p',
      list: ['x', 'y'],
      flag: true,
      n: 1.5,
    })
    expect(await fields(['source.ip', 'n', 'nothing'])).toEqual({ 'source.ip': '10.0.0.1', n: 1.5 })
  })

  it('takes hostile field names as they are', async () => {
    const hostile = Object.fromEntries(
      ['constructor', 'toString', 'a b', '<script>', '\u0000time', '\u202e'].map((name) => [name, 'v']),
    )
    const proto = JSON.parse('{"__proto__":"v"}') as Record<string, string>
    store.writer.commit(
      batchOf([
        { time: at(0), fields: { ...hostile } },
        { time: at(1), fields: proto },
      ]),
    )
    const page = await store.ask('events.search', everything)
    if (!page.ok) throw new Error('search')
    expect(Object.entries(page.value.events[0]!.fields).sort()).toEqual(Object.entries(hostile).sort())
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect(page.value.events[1]!.time).toBe(isoFromMicros(at(1)))
    const found = await store.ask('events.search', { ...everything, where: 'constructor:v' })
    expect(found.ok && found.value.events.length).toBe(1)
  })

  it('says where a query is wrong, and refuses a place that is none', async () => {
    expect(await store.ask('events.search', { ...everything, where: 'a:(b' })).toMatchObject({
      ok: false,
      error: { code: 'query_syntax' },
    })
    expect(await store.ask('events.search', { ...everything, after: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', path: 'after' },
    })
    expect(await store.ask('events.get', { id: '5' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  it('looks at no more blocks than it must', async () => {
    for (let i = 0; i < 20; i++)
      store.writer.commit(batchOf(Array.from({ length: 50 }, (_, n) => ({ time: at(i + n / 100), fields: { host: `h${i}` } }))))
    const page = await store.ask('events.search', { ...everything, order: 'newest', limit: 10 })
    expect(page.ok && page.value.scanned).toBe(50)
    const within = await store.ask('events.search', {
      ...everything,
      window: { from: isoFromMicros(at(3)), to: isoFromMicros(at(4)) },
    })
    expect(within.ok && [within.value.events.length, within.value.scanned]).toEqual([50, 50])
  })
})

describe('counting events', () => {
  it('adds up in a histogram, from rollups and by looking', async () => {
    await fc.assert(
      fc.asyncProperty(given, fc.integer({ min: 1, max: 20 }), async (batches, slots) => {
        again()
        commitAll(batches)
        const all = batches.flat()
        for (const where of ['', 'host:*']) {
          const expected = where === '' ? all : all.filter(({ fields }) => fields!['host'] !== undefined)
          const whole = await store.ask('events.histogram', { where, window, slots })
          if (!whole.ok) throw new Error('histogram')
          expect(whole.value.total).toBe(expected.length)
          expect(whole.value.counts.reduce((a, b) => a + b, 0)).toBe(expected.length)
          const part = await store.ask('events.histogram', {
            where,
            window: { from: isoFromMicros(at(2)), to: isoFromMicros(at(12)) },
            slots: 5,
          })
          if (!part.ok) throw new Error('histogram')
          expect([part.value.from, part.value.to]).toEqual([isoFromMicros(at(2)), isoFromMicros(at(12))])
          expect(part.value.counts).toEqual(
            [0, 1, 2, 3, 4].map((i) => expected.filter(({ time }) => time >= at(2 + i * 2) && time < at(4 + i * 2)).length),
          )
        }
      }),
      { numRuns: 25 },
    )
  })

  it('gives the most frequent values, how many there are, and the fields that occur', async () => {
    await fc.assert(
      fc.asyncProperty(given, fc.constantFrom('', 'type:dns'), async (batches, where) => {
        again()
        commitAll(batches)
        const all = batches.flat().filter(({ type }) => where === '' || type === 'dns')
        const stats = await store.ask('events.stats', { field: 'n', where, window, limit: 100 })
        if (!stats.ok) throw new Error('stats')
        const counts = new Map<string, number>()
        for (const { fields } of all) counts.set(String(fields!['n']), (counts.get(String(fields!['n'])) ?? 0) + 1)
        const numbers = all.map(({ fields }) => fields!['n'] as number)
        expect(stats.value.total).toBe(all.length)
        expect(stats.value.with).toBe(all.length)
        expect(stats.value.distinct).toBe(counts.size)
        expect(Object.fromEntries(stats.value.top.map(({ value, count }) => [value, count]))).toEqual(Object.fromEntries(counts))
        expect([stats.value.min, stats.value.max]).toEqual(
          all.length === 0 ? [null, null] : [Math.min(...numbers), Math.max(...numbers)],
        )
        const both = await store.ask('events.stats', { field: 'host', where, window, limit: 100 })
        expect(both.ok && both.value.with).toBe(all.filter(({ fields }) => fields!['host'] !== undefined).length)
        const fields = await store.ask('events.fields', { where, window })
        expect(fields.ok && Object.fromEntries(fields.value.fields.map(({ name, events }) => [name, events]))).toEqual(
          Object.fromEntries(
            ['n', 'host']
              .map((name) => [name, all.filter(({ fields: f }) => Object.hasOwn(f!, name)).length] as const)
              .filter(([, n]) => n > 0),
          ),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('estimates the number of very many values, and still finds the frequent ones', () => {
    const counter = new ValueCounter()
    for (let i = 0; i < 300_000; i++) counter.addText(`value ${i}`, 1)
    for (let i = 0; i < 50; i++) counter.addText('often', 10)
    const { distinct, top } = counter.result(1)
    expect(Math.abs(distinct - 300_001) / 300_001).toBeLessThan(0.06)
    expect(top[0]).toEqual({ value: 'often', count: 500 })
  })
})

describe('following events', () => {
  it('gives the newest of a commit that fit, and counts the others', async () => {
    const committed = store.writer.commit(
      batchOf(Array.from({ length: 30 }, (_, n) => ({ time: at(n), fields: { even: n % 2 === 0 } }))),
    )
    if (!committed.ok) throw new Error('commit')
    const from = committed.value.firstId!
    const tail = await store.ask('events.tail', { from: from + 10, to: from + 30, where: 'even:true', fields: [], limit: 4 })
    expect(tail.ok && [tail.value.events.map(({ id }) => Number(id) - from), tail.value.missed]).toEqual([[22, 24, 26, 28], 6])
  })
})

describe('the fields of a query', () => {
  it('say when only the newest events were looked at', async () => {
    for (let i = 0; i < 70; i++)
      commitAll([[{ time: at(-i), type: i % 2 === 0 ? 'dns' : 'http', fields: { n: 1, ...(i > 65 ? { old: 'x' } : {}) } }]])
    const filtered = await store.ask('events.fields', { where: 'n:1', window })
    if (!filtered.ok) throw new Error('fields')
    expect(filtered.value.sampled).toBe(64)
    expect(filtered.value.fields.find(({ name }) => name === 'n')?.events).toBe(64)
    expect(filtered.value.fields.some(({ name }) => name === 'old')).toBe(false)
    const all = await store.ask('events.fields', { where: '', window })
    if (!all.ok) throw new Error('fields')
    expect(all.value.sampled).toBeNull()
    expect(all.value.fields.find(({ name }) => name === 'old')?.events).toBe(4)
  })
})

describe('the overview', () => {
  it('counts what the last hours brought', async () => {
    const old = at(-60 * 30)
    commitAll([
      [
        { time: at(-10), type: 'dns', hit: 'a' },
        { time: at(-9), type: 'dns' },
        { time: old, type: 'dns' },
      ],
      [{ time: at(-80), type: 'http', hit: 'a' }],
    ])
    clock = NOW
    store.writer.act('decide', { ids: ['1'], verdict: 'false_positive', reason: '' }, 'mina')
    const real = Date.now
    Date.now = () => NOW
    try {
      const numbers = await store.ask('overview', { hours: 24 })
      if (!numbers.ok) throw new Error('overview')
      const { totals, types, topDetections, events, from, to, slotMinutes, open, decided } = numbers.value
      expect(totals).toEqual({ events: 3, detections: 2, rejected: 0 })
      expect(types).toEqual([
        { type: 'dns', count: 2 },
        { type: 'http', count: 1 },
      ])
      expect(topDetections).toEqual([{ detection: 'a', title: 'Detection a', severity: 'medium', count: 2 }])
      expect(events.reduce((a, b) => a + b, 0)).toBe(3)
      expect((microsFromIso(to)! - microsFromIso(from)!) / MINUTE).toBe(events.length * slotMinutes)
      expect([open.medium, decided]).toEqual([1, { false_positive: 1 }])
    } finally {
      Date.now = real
    }
  })

  it('has between 30 and 96 slots of a round length for any window, which covers it but for the slot that has begun', () => {
    for (let hours = 1; hours <= 168; hours++) {
      const { step, count, first, end } = slotsOf(hours, NOW * 1000 + 17 * MINUTE)
      expect(count, `${hours} h`).toBeGreaterThanOrEqual(30)
      expect(count, `${hours} h`).toBeLessThanOrEqual(96)
      expect([end % step, end - first]).toEqual([0, count * step])
      const now = NOW / 60_000 + 17
      expect(end > now && end - step <= now).toBe(true)
      expect(now - first).toBeGreaterThanOrEqual(hours * 60 - Math.min(step, 15))
    }
  })
  it.each([1, 4, 6, 24, 168])('of %i hours agrees with the events one by one', async (hours) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -hours * 130, max: 20 }), { minLength: 1, maxLength: 60 }), async (halves) => {
        again()
        const events = halves.map((half, i) => ({
          time: at(half / 2),
          type: i % 3 === 0 ? 'dns' : 'http',
          ...(i % 2 === 0 ? { hit: 'a' } : {}),
        }))
        commitAll([events.slice(0, 20), events.slice(20)].filter(({ length }) => length > 0))
        const real = Date.now
        Date.now = () => NOW
        try {
          const numbers = await store.ask('overview', { hours })
          if (!numbers.ok) throw new Error('overview')
          const { from, to, slotMinutes, types, totals, topDetections, sources } = numbers.value
          const [start, end] = [microsFromIso(from)!, microsFromIso(to)!]
          const within = events.filter(({ time }) => time >= start && time < end)
          const slots = new Array<number>(numbers.value.events.length).fill(0)
          for (const { time } of within) slots[Math.floor((time - start) / (slotMinutes * MINUTE))]! += 1
          const hits = within.filter((event) => 'hit' in event)
          expect(numbers.value.events).toEqual(slots)
          expect([totals.events, totals.detections]).toEqual([within.length, hits.length])
          expect(Object.fromEntries(types.map(({ type, count }) => [type, count]))).toEqual(
            countBy(within.map(({ type }) => type)),
          )
          expect(sources.reduce((sum, { count }) => sum + count, 0)).toBe(within.length)
          expect(numbers.value.detections.medium.reduce((sum, count) => sum + count, 0)).toBe(hits.length)
          expect(topDetections.map(({ count }) => count)).toEqual(hits.length > 0 ? [hits.length] : [])
        } finally {
          Date.now = real
        }
      }),
      { numRuns: 15 },
    )
  })
})

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
