import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { keptInside, movedTo, NARROWEST, roomAround, storyOf, ticksOf, zoomed } from './axis.ts'
import { alertMarks, brackets, laneCounts, labelled, type Placed } from './lanes.ts'

const at = (text: string): number => Date.parse(`2026-11-19T${text}Z`)
const span = fc
  .tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 60_000, max: 4e9 }))
  .map(([from, length]) => ({ from, to: from + length }))

describe('what happened', () => {
  const entry = (kind: 'alert' | 'action', time: string) => ({ kind, time, until: null }) as const
  const [begin, later, days] = ['2026-11-19T18:00:00Z', '2026-11-19T18:10:00Z', '2026-11-29T04:00:00Z']
  const spanOf = (from: string, to: string) => roomAround(Date.parse(from), Date.parse(to))
  it('has the axis where the work came much later', () => {
    const entries = [entry('alert', begin), entry('alert', later), entry('action', days)]
    expect(storyOf(entries, spanOf(begin, days))).toEqual(spanOf(begin, later))
  })
  it('shares it where the work went along, and where nothing happened', () => {
    const entries = [entry('alert', begin), entry('action', later)]
    expect(storyOf([entry('alert', begin), entry('alert', later)], spanOf(begin, later))).toBeNull()
    expect(storyOf([...entries, entry('alert', '2026-11-19T18:05:00Z')], spanOf(begin, later))).toBeNull()
    expect(storyOf([entry('action', begin)], spanOf(begin, days))).toBeNull()
  })
})

describe('the window', () => {
  it('has room around the entries, also around one', () => {
    const { from, to } = roomAround(at('18:00:00'), at('18:00:00'))
    expect(from).toBeLessThan(at('18:00:00'))
    expect(to - from).toBeGreaterThanOrEqual(60_000)
  })
  it('zooms around a moment, which keeps its place, and never leaves the whole', () => {
    fc.assert(
      fc.property(
        span,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.constantFrom(1 as const, -1 as const), { maxLength: 40 }),
        (all, share, steps) => {
          let window = all
          const moment = all.from + (all.to - all.from) * share
          for (const step of steps) {
            window = zoomed(window, all, moment, step) ?? all
            expect(window.from).toBeGreaterThanOrEqual(all.from - 1)
            expect(window.to).toBeLessThanOrEqual(all.to + 1)
            expect(window.to - window.from).toBeGreaterThanOrEqual(NARROWEST * 0.999)
            expect(moment).toBeGreaterThanOrEqual(window.from - 1)
            expect(moment).toBeLessThanOrEqual(window.to + 1)
          }
        },
      ),
    )
  })
  it('follows a moment with the least change', () => {
    const all = { from: 0, to: 100_000 }
    const window = { from: 20_000, to: 30_000 }
    expect(movedTo(window, all, 25_000)).toBe(window)
    expect(movedTo(window, all, 40_000)).toEqual({ from: 31_000, to: 41_000 })
    expect(movedTo(window, all, 0)).toEqual({ from: 0, to: 10_000 })
    expect(keptInside({ from: 95_000, to: 105_000 }, all)).toEqual({ from: 90_000, to: 100_000 })
  })
})

describe('round times', () => {
  it('say as much as tells them apart', () => {
    expect(ticksOf({ from: at('18:01:00'), to: at('18:16:00') }, 4).map(({ label }) => label)).toEqual([
      '18:05',
      '18:10',
      '18:15',
    ])
    expect(ticksOf({ from: at('18:00:00'), to: at('18:00:02') }, 5).map(({ label }) => label)[1]).toBe('18:00:00.5')
    expect(ticksOf({ from: Date.parse('2026-11-18T20:00:00Z'), to: at('06:00:00') }, 3).map(({ label }) => label)).toEqual([
      '20:00',
      '11-19',
      '04:00',
    ])
  })
  it('are never more than asked for', () => {
    fc.assert(
      fc.property(span, fc.integer({ min: 1, max: 20 }), (window, most) => {
        expect(ticksOf(window, most).length).toBeLessThanOrEqual(most + 1)
      }),
    )
  })
})

const entry = (id: string, severity: TimelineEntry['severity'] = null): TimelineEntry => ({
  id,
  kind: 'alert',
  time: '2026-11-19T18:00:00.000Z',
  until: null,
  title: id,
  text: '',
  severity,
  alert: null,
  event: null,
  cites: [],
  group: '',
  internal: false,
  written: { revision: 1, at: '2026-11-19T18:00:00.000Z', by: 'kim' },
})

describe('lanes', () => {
  it('draw the worst of alerts at one place, and lose none', () => {
    const placed = ['low', 'critical', 'high'].map((severity, index): Placed => ({
      entry: entry(`e${index}`, severity as 'low'),
      x: index * 4,
      end: null,
    }))
    const marks = alertMarks(placed, 9)
    expect(marks).toHaveLength(1)
    expect(marks[0]).toMatchObject({ severity: 'critical', x: 0 })
    expect(marks[0]?.entries.map(({ id }) => id)).toEqual(['e0', 'e1', 'e2'])
  })
  it('keep labels from each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 30 }),
        fc.integer({ min: 10, max: 200 }),
        (places, width) => {
          const placed = places.toSorted((a, b) => a - b).map((x, index): Placed => ({ entry: entry(`e${index}`), x, end: null }))
          const found = labelled(placed, 900, 6, 24, () => width)
          expect(found).toHaveLength(placed.length)
          const spans = found
            .filter(({ room }) => room > 0)
            .map(({ x, room, left }) => (left ? [x - 6 - room, x - 6] : [x + 6, x + 6 + room]) as [number, number])
            .toSorted((a, b) => a[0] - b[0])
          spans.forEach(([from, to], index) => {
            expect(to).toBeLessThanOrEqual(901)
            const next = spans[index + 1]
            if (next) expect(next[0]).toBeGreaterThanOrEqual(to - 0.001)
            expect(from).toBeLessThan(to)
          })
        },
      ),
    )
  })
  it('put brackets that overlap into different rows', () => {
    const found = brackets(
      [
        { group: 'a', from: 0, to: 100 },
        { group: 'b', from: 50, to: 90 },
        { group: 'c', from: 120, to: 130 },
      ],
      3,
      4,
    )
    expect(found.map(({ level }) => level)).toEqual([0, 1, 0])
  })
  it('count what belongs to them', () => {
    expect(laneCounts({ action: [1, 0], status: [1, 2], event: [9, 9], odd: [7, 7] }, 'actions')).toEqual([2, 2])
  })
})
