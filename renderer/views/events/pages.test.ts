import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../shared/model/event.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../shared/model/time.ts'
import { PageBook, type PageSource } from './pages.ts'

const BASE = microsFromIso('2026-11-20T00:00:00Z') as number
const rowOf = (at: number, id: number): EventRow => ({
  id: String(id),
  time: isoFromMicros(BASE + at),
  timeNote: '',
  received: isoFromMicros(BASE + at),
  type: 'x',
  format: 'eve',
  source: 's',
  fields: {},
})

/** A store of events at given times; counts what it was asked. */
function store(
  times: readonly number[],
  order: 'newest' | 'oldest',
  rollups = true,
): { source: PageSource; rows: EventRow[]; asked: { pages: number; histograms: number }; add(at: number): void } {
  const all = times.map((at, id) => ({ at, id }))
  const asked = { pages: 0, histograms: 0 }
  const sorted = (): { at: number; id: number }[] =>
    [...all].sort((a, b) => (order === 'newest' ? b.at - a.at || b.id - a.id : a.at - b.at || a.id - b.id))
  const inside = (window: { from: string | null; to: string | null }) => {
    const from = window.from === null ? -Infinity : (microsFromIso(window.from) as number) - BASE
    const to = window.to === null ? Infinity : (microsFromIso(window.to) as number) - BASE
    return ({ at }: { at: number }): boolean => at >= from && at < to
  }
  const source: PageSource = {
    search: async ({ window, after, limit }) => {
      asked.pages++
      const fits = sorted().filter(inside(window))
      const first = after === null ? 0 : fits.findIndex(({ id }) => String(id) === after) + 1
      const part = fits.slice(first, first + limit)
      return ok({
        events: part.map(({ at, id }) => rowOf(at, id)),
        after: first + limit < fits.length ? String(part.at(-1)?.id) : null,
        took: 1,
      })
    },
    // As the engine does it: long slots by whole minutes or quarters of an hour, with wider edges and fewer slots than asked.
    histogram: async ({ window, slots }) => {
      asked.histograms++
      const fits = all.filter(inside(window))
      const from = window.from === null ? Math.min(...fits.map(({ at }) => at)) : (microsFromIso(window.from) as number) - BASE
      const to = window.to === null ? Math.max(...fits.map(({ at }) => at)) + 1 : (microsFromIso(window.to) as number) - BASE
      const long = rollups && (to - from) / slots >= MINUTE
      const unit = (to - from) / slots >= 15 * MINUTE ? 15 * MINUTE : MINUTE
      const first = long ? Math.floor(from / unit) * unit : from
      const end = long ? Math.ceil(to / unit) * unit : to
      const width = long ? Math.ceil((end - first) / unit / slots) * unit : (end - first) / slots
      const counts = Array.from({ length: long ? Math.ceil((end - first) / width) : slots }, () => 0)
      for (const { at } of all) {
        const slot = Math.floor((at - first) / width)
        if (at >= first && at < end) counts[slot] = (counts[slot] ?? 0) + 1
      }
      return ok({
        from: isoFromMicros(BASE + first),
        to: isoFromMicros(BASE + first + (long ? width * counts.length : end - first)),
        counts,
      })
    },
  }
  return { source, rows: sorted().map(({ at, id }) => rowOf(at, id)), asked, add: (at) => void all.push({ at, id: all.length }) }
}
const MINUTE = 60_000_000
const open = { from: null, to: null }
const ids = (rows: readonly EventRow[]): string[] => rows.map(({ id }) => id)

describe('PageBook', () => {
  it.each([
    ['newest', true],
    ['newest', false],
    ['oldest', true],
    ['oldest', false],
  ] as const)('gives any rows by their number, %s first, counted by whole minutes: %s', async (order, rollups) => {
    await fc.assert(
      fc.asyncProperty(
        // Bursts: many events at the same moment, long silences.
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 80_000_000_000 }), fc.integer({ min: 1, max: 3500 }), fc.constantFrom(0, 1, 1000)),
          { minLength: 1, maxLength: 5 },
        ),
        fc.array(fc.nat(20_000), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(
          open,
          { from: isoFromMicros(BASE + 7_654_321), to: null },
          { from: null, to: isoFromMicros(BASE + 71_234_567_891) },
        ),
        async (bursts, starts, window) => {
          const { source, rows } = store(
            bursts.flatMap(([at, count, step]) => Array.from({ length: count }, (_, index) => at + index * step)),
            order,
            rollups,
          )
          const wanted = rows.filter(
            ({ time }) =>
              (window.from === null || (microsFromIso(time) as number) >= (microsFromIso(window.from) as number)) &&
              (window.to === null || (microsFromIso(time) as number) < (microsFromIso(window.to) as number)),
          )
          fc.pre(wanted.length > 0)
          const book = new PageBook(source, window, order)
          for (const start of [0, ...starts.map((at) => at % wanted.length)]) {
            const found = await book.rows(start, start + 100, ['type'])
            expect(found.ok && ids(found.value.rows)).toEqual(ids(wanted.slice(start, start + 100)))
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  it('reaches a far row in a few questions, and its neighbours in one', async () => {
    const { source, rows, asked } = store(
      Array.from({ length: 60_000 }, (_, index) => index * 1_000_000),
      'newest',
    )
    const book = new PageBook(source, open, 'newest')
    await book.rows(0, 200, ['type'])
    asked.pages = 0
    const far = await book.rows(50_000, 50_200, ['type'])
    expect(far.ok && ids(far.value.rows)).toEqual(ids(rows.slice(50_000, 50_200)))
    expect(asked.pages).toBeLessThanOrEqual(3)
    expect(asked.histograms).toBeLessThanOrEqual(4)
    asked.pages = 0
    await book.rows(50_200, 50_400, ['type'])
    expect(asked.pages).toBe(1)
  })

  it('says where the end is', async () => {
    const { source } = store(
      Array.from({ length: 250 }, (_, index) => index),
      'newest',
    )
    const book = new PageBook(source, open, 'newest')
    expect(await book.rows(0, 200, ['type'])).toMatchObject({ ok: true, value: { last: null } })
    expect(await book.rows(200, 400, ['type'])).toMatchObject({ ok: true, value: { last: 250 } })
    expect(await new PageBook(store([], 'newest').source, open, 'newest').rows(0, 200, ['type'])).toMatchObject({
      ok: true,
      value: { last: 0, rows: [] },
    })
  })

  it('keeps rows in their places while events arrive', async () => {
    const { source, rows, add } = store(
      Array.from({ length: 5000 }, (_, index) => index * 1000),
      'newest',
    )
    const book = new PageBook(source, open, 'newest')
    await book.rows(0, 100, ['type'])
    for (let more = 0; more < 300; more++) add(6_000_000 + more)
    const again = await book.rows(0, 100, ['type'])
    expect(again.ok && ids(again.value.rows)).toEqual(ids(rows.slice(0, 100)))
    const far = await book.rows(4000, 4100, ['type'])
    expect(far.ok && ids(far.value.rows)).toEqual(ids(rows.slice(4000, 4100)))
  })

  it('hands errors on', async () => {
    const { source } = store([1], 'newest')
    const broken: PageSource = { ...source, search: async () => fail({ code: 'store_busy', message: '' }) }
    expect(await new PageBook(broken, open, 'newest').rows(0, 10, ['type'])).toMatchObject({
      ok: false,
      error: { code: 'store_busy' },
    })
  })
})
