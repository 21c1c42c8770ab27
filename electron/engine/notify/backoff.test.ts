import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { waitAfter } from './backoff.ts'
import { quietUntil } from './quiet-hours.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('the wait after a failure', () => {
  it('doubles from a minute to an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => waitAfter(failures, () => 0.5) / MINUTE)).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60,
    ])
  })
  it('is always between a minute and an hour, and not the same for all', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 10_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
        const wait = waitAfter(failures, () => random)
        expect(wait).toBeGreaterThanOrEqual(MINUTE)
        expect(wait).toBeLessThanOrEqual(HOUR)
      }),
    )
    expect(waitAfter(4, () => 0)).toBeLessThan(waitAfter(4, () => 0.99))
  })
})

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', zone: 'Asia/Seoul', exceptCritical: false }
  const at = (text: string): number => Date.parse(text)
  it('go over midnight, in the zone they are set in', () => {
    // 23:30 in Seoul.
    expect(quietUntil(night, at('2026-11-28T14:30:20Z'))).toBe(at('2026-11-28T22:00:00Z'))
    expect(quietUntil(night, at('2026-11-28T21:59:59Z'))).toBe(at('2026-11-28T22:00:00Z'))
    expect(quietUntil(night, at('2026-11-28T22:00:00Z'))).toBeNull()
    expect(quietUntil(night, at('2026-11-28T12:59:59Z'))).toBeNull()
    expect(quietUntil(night, at('2026-11-28T13:00:00Z'))).toBe(at('2026-11-28T22:00:00Z'))
  })
  it('within a day, and never where they have no length', () => {
    const noon = { ...night, from: '12:00', to: '13:15', zone: 'UTC' }
    expect(quietUntil(noon, at('2026-11-28T12:15:00Z'))).toBe(at('2026-11-28T13:15:00Z'))
    expect(quietUntil(noon, at('2026-11-28T13:15:00Z'))).toBeNull()
    expect(quietUntil({ ...noon, to: '12:00' }, at('2026-11-28T12:00:00Z'))).toBeNull()
    expect(quietUntil(null, 0)).toBeNull()
  })
  it('end later than now, and then are over', () => {
    const clock = fc
      .integer({ min: 0, max: 1439 })
      .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    fc.assert(
      fc.property(clock, clock, fc.integer({ min: 0, max: 2_000_000_000_000 }), (from, to, now) => {
        const quiet = { from, to, zone: 'UTC', exceptCritical: false }
        const until = quietUntil(quiet, now)
        if (until === null) return
        expect(until).toBeGreaterThan(now)
        expect(until - now).toBeLessThanOrEqual(24 * HOUR)
        expect(quietUntil(quiet, until)).toBeNull()
      }),
    )
  })
})
