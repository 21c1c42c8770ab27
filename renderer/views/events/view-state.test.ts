import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../shared/model/event.ts'
import { showInvisible } from '../../../shared/query/escape.ts'
import { parseRoute } from '../../app/route.ts'
import { changeArrivals, QUIET, TAIL, type ArrivalChange } from './arrivals.ts'
import { heightsOf, slotAt, ticksOf, windowOfSlots } from './histogram.ts'
import { around, beginRun, DEFAULT_RANGE, saysSearch, searchHash, searchOfParams, widened, type Search } from './search.ts'

const now = Date.parse('2026-11-20T18:41:14.000Z')

describe('the search in the address', () => {
  it('comes back as it was', () => {
    const time = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString())
    const search: fc.Arbitrary<Search> = fc.record({
      // What cannot be seen stands there by its number.
      where: fc
        .string({ unit: 'binary' })
        .filter((text) => text.trim() !== '*' && text.isWellFormed())
        .map(showInvisible),
      range: fc.oneof(
        fc.constant({ kind: 'all' } as const),
        fc.integer({ min: 1, max: 1e6 }).map((seconds) => ({ kind: 'last', seconds }) as const),
        fc.tuple(fc.option(time), time).map(([from, to]) => ({ kind: 'between', from, to }) as const),
      ),
      order: fc.constantFrom('newest' as const, 'oldest' as const),
      event: fc.option(fc.integer({ min: 0, max: 1e15 }).map(String)),
    })
    fc.assert(
      fc.property(search, (one) => {
        expect(searchOfParams(parseRoute(searchHash(one)).params)).toEqual(one)
      }),
    )
  })

  it('takes links of other views, and nonsense as the default', () => {
    expect(searchOfParams({ q: 'src.ip:10.0.0.5' })).toEqual({
      where: 'src.ip:10.0.0.5',
      range: DEFAULT_RANGE,
      order: 'newest',
      event: null,
    })
    expect(searchOfParams({ where: '*', from: 'yesterday', order: 'x', event: '1; drop' })).toEqual({
      where: '',
      range: DEFAULT_RANGE,
      order: 'newest',
      event: null,
    })
    expect(saysSearch({})).toBe(false)
    expect(saysSearch({ q: '' })).toBe(true)
  })

  it('fixes its window when it begins', () => {
    expect(beginRun({ where: '', range: { kind: 'last', seconds: 3600 }, order: 'newest', event: null }, now)).toEqual({
      where: '',
      window: { from: '2026-11-20T17:41:14.000Z', to: null },
      order: 'newest',
      open: true,
      began: now,
    })
    expect(
      beginRun({ where: '', range: { kind: 'last', seconds: 86_400 }, order: 'newest', event: null }, now)?.window.from,
    ).toBe('2026-11-19T18:41:00.000Z')
    expect(
      beginRun({ where: '', range: { kind: 'last', seconds: 604_800 }, order: 'newest', event: null }, now)?.window.from,
    ).toBe('2026-11-13T18:30:00.000Z')
    expect(
      beginRun(
        { where: '', range: { kind: 'between', from: null, to: '2026-11-20T18:00:00.000Z' }, order: 'newest', event: null },
        now,
      )?.open,
    ).toBe(false)
    expect(beginRun({ where: 'a:(', range: { kind: 'all' }, order: 'newest', event: null }, now)).toBeNull()
  })

  it('widens to all time at last', () => {
    expect(widened({ kind: 'last', seconds: 900 }, now)).toEqual({ kind: 'last', seconds: 3600 })
    expect(widened({ kind: 'last', seconds: 2_592_000 }, now)).toEqual({ kind: 'all' })
    expect(widened({ kind: 'between', from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' }, now)).toEqual({
      kind: 'between',
      from: '2026-11-20T08:00:00.000Z',
      to: '2026-11-20T13:00:00.000Z',
    })
    expect(widened({ kind: 'between', from: '2026-11-20T18:00:00.000Z', to: '2026-11-20T18:40:00.000Z' }, now)).toMatchObject({
      to: null,
    })
    expect(around('2026-11-20T18:00:00.500Z', 300)).toEqual({
      kind: 'between',
      from: '2026-11-20T17:55:00.500Z',
      to: '2026-11-20T18:05:00.500Z',
    })
  })
})

describe('arrivals', () => {
  const row = (id: number): EventRow => ({
    id: String(id),
    time: new Date(now + id).toISOString(),
    timeNote: '',
    received: new Date(now + id).toISOString(),
    type: 'x',
    format: 'eve',
    source: 's',
    fields: {},
  })
  const came = (ids: readonly number[], missed = 0): ArrivalChange => ({ kind: 'came', events: ids.map(row), missed, now })

  it('wait and are counted, also those that were not sent', () => {
    const state = [came([1, 2], 5), came([3])].reduce(changeArrivals, QUIET)
    expect(state).toMatchObject({ held: 8, since: now, last: row(3).time, tail: [] })
    expect(changeArrivals(state, { kind: 'shown' })).toMatchObject({ held: 0, since: null, last: row(3).time })
    expect(changeArrivals(state, came([]))).toBe(state)
  })

  it('are followed newest first, each once, and not without end', () => {
    const followed = [{ kind: 'follow', rows: [row(2), row(1)] }, came([2, 3, 4]), came([], 7)] satisfies ArrivalChange[]
    expect(followed.reduce(changeArrivals, QUIET)).toMatchObject({
      following: true,
      held: 0,
      skipped: 7,
      tail: [row(4), row(3), row(2), row(1)],
    })
    const many = Array.from({ length: 40 }, (_, batch) =>
      came(Array.from({ length: 100 }, (_unused, index) => batch * 100 + index)),
    )
    const full = [{ kind: 'follow', rows: [] } satisfies ArrivalChange, ...many].reduce(changeArrivals, QUIET)
    expect(full.tail.length).toBe(TAIL)
    expect(full.tail[0]?.id).toBe('3999')
    expect(changeArrivals(full, { kind: 'hold', reading: false })).toMatchObject({
      following: false,
      tail: [],
      held: 0,
      stopped: false,
    })
    // Going to a row ends it too, and that is said until it is followed again.
    const reading = changeArrivals(full, { kind: 'hold', reading: true })
    expect(reading).toMatchObject({ following: false, stopped: true })
    expect(changeArrivals(reading, { kind: 'follow', rows: [] })).toMatchObject({ following: true, stopped: false })
    expect(changeArrivals(full, { kind: 'reset' })).toBe(QUIET)
  })
})

describe('the histogram', () => {
  it('has few round ticks inside its window', () => {
    const at = (text: string): number => Date.parse(text)
    expect(ticksOf(at('2026-11-20T18:01:00Z'), at('2026-11-20T18:31:00Z'), 6).map(({ label }) => label)).toEqual([
      '18:05',
      '18:10',
      '18:15',
      '18:20',
      '18:25',
      '18:30',
    ])
    expect(ticksOf(at('2026-11-19T20:00:00Z'), at('2026-11-20T08:00:00Z'), 6).map(({ label }) => label)).toEqual([
      '20:00',
      '22:00',
      '11-20',
      '02:00',
      '04:00',
      '06:00',
    ])
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 3e12 }),
        fc.integer({ min: 1, max: 30 }),
        (from, span, most) => {
          const ticks = ticksOf(from, from + span, most)
          expect(ticks.length).toBeLessThanOrEqual(most + 1)
          expect(ticks.every((tick) => tick.at >= from && tick.at < from + span)).toBe(true)
        },
      ),
    )
    expect(ticksOf(5, 5, 6)).toEqual([])
  })

  it('turns a brush into whole slots, in either direction', () => {
    expect(slotAt(-5, 100, 10)).toBe(0)
    expect(slotAt(100, 100, 10)).toBe(9)
    expect(windowOfSlots(3, 1, 0, 10_000, 10)).toEqual({ from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:04.000Z' })
    expect(heightsOf([0, 1, 1000], 1000)).toEqual([0, 0.04, 1])
  })
})
