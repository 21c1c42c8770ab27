import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_TIME, momentOf, rangeOfParams, rangeParams, stepOf, windowOf, type TimeRange } from './time-range.ts'

const NOW = Date.UTC(2026, 10, 19, 18, 41, 26)

describe('ranges', () => {
  it('become windows, open at the end where they run to now', () => {
    expect(windowOf({ kind: 'all' }, NOW)).toEqual({ from: null, to: null })
    expect(windowOf({ kind: 'last', seconds: 3600 }, NOW)).toEqual({ from: '2026-11-19T17:41:26.000Z', to: null })
  })
  it('survive the route', () => {
    const ranges: TimeRange[] = [
      { kind: 'all' },
      { kind: 'last', seconds: 900 },
      { kind: 'between', from: '2026-11-19T18:00:00Z', to: null },
      { kind: 'between', from: '2026-11-19T18:00:00.123456Z', to: '2026-11-19T19:00:00Z' },
    ]
    for (const range of ranges) expect(rangeOfParams(rangeParams(range))).toEqual(range)
  })
  it('take nonsense as the default', () => {
    for (const last of ['-1', '0', '1.5', 'x', '1e99']) expect(rangeOfParams({ last })).toEqual({ kind: 'all' })
    expect(rangeOfParams({ from: 'yesterday' }, { kind: 'last', seconds: 900 })).toEqual({ kind: 'last', seconds: 900 })
  })
})

it('the window of the last hour moves each minute, that of a month each hour, and what is between two times stands', () => {
  const last = (seconds: number) => stepOf({ kind: 'last', seconds })
  expect([900, 3600, 14_400, 86_400, 2_592_000].map(last)).toEqual([60_000, 60_000, 240_000, 1_440_000, 3_600_000])
  expect([stepOf(ALL_TIME), stepOf({ kind: 'between', from: '2026-11-19T17:00:00Z', to: null })]).toEqual([null, null])
})

describe('typed moments', () => {
  it.each([
    ['2026-11-19 18:21', '2026-11-19T18:21:00.000Z'],
    ['2026-11-19T18:21:47.412093Z', '2026-11-19T18:21:47.412093Z'],
    ['2026-11-19', '2026-11-19T00:00:00.000Z'],
    ['18:21', '2026-11-19T18:21:00.000Z'],
    ['2026-1-2 3:04 UTC', '2026-01-02T03:04:00.000Z'],
    ['  ', null],
  ])('%s', (text, iso) => expect(momentOf(text, NOW)).toBe(iso))
  it.each(['2026-13-01', '2026-02-30', '25:00', '18:61', 'now', '2026', '19.11.2026'])('%s is none', (text) =>
    expect(momentOf(text, NOW)).toBeUndefined(),
  )
  it('never throws', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        momentOf(text, NOW)
      }),
    ))
})
