import { describe, expect, it } from 'vitest'
import { isoSeconds, momentOf, shortSeconds } from './capture-time.ts'

const FIRST = Date.UTC(2026, 10, 19, 18, 0, 0) / 1000 + 0.25

describe('isoSeconds', () => {
  it('keeps what is finer than a millisecond', () => {
    expect(isoSeconds('1970-01-01T00:00:01.000001500Z')).toBeCloseTo(1.0000015, 9)
    expect(isoSeconds('2026-11-19T18:00:00.25Z')).toBe(FIRST)
  })
  it('is null for what is no time', () => {
    expect([null, '', 'T', '2026-99-99T00:00:00Z'].map((text) => isoSeconds(text))).toEqual([null, null, null, null])
  })
})

describe('momentOf', () => {
  it('reads a date with a time, a time of the day of the capture, and seconds behind its first packet', () => {
    expect(momentOf('2026-11-19 18:00:00.25', FIRST)).toBe(FIRST)
    expect(momentOf('2026-11-19T18:00Z', FIRST)).toBe(FIRST - 0.25)
    expect(momentOf('18:00:01 UTC', FIRST)).toBe(FIRST + 0.75)
    expect(momentOf('+12.5', FIRST)).toBe(FIRST + 12.5)
    expect(momentOf('2026-11-19', null)).toBe(Date.UTC(2026, 10, 19) / 1000)
  })
  it('refuses what is none', () => {
    for (const text of ['', ' ', '25:00', '18:60', '2026-02-31', '2026-13-01 00:00', 'yesterday', '+', '12', '18:00:00.'])
      expect(momentOf(text, FIRST), text).toBe(null)
    expect(momentOf('18:00', null)).toBe(null)
    expect(momentOf('+1', null)).toBe(null)
  })
})

describe('shortSeconds', () => {
  it('has fewer decimals the longer it is', () => {
    expect([0, 0.000123, 12.3456, 86_400].map(shortSeconds)).toEqual(['0.000000', '0.000123', '12.346', '86400.0'])
  })
})
