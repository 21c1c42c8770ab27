import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBetween, formatClock, momentOfIso, timeText, type TimeFrame } from './times.ts'

const moments = fc.record({
  seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
})
const frame: TimeFrame = { format: 'utc', digits: 6, zone: 'Asia/Seoul', first: { seconds: 100, nanos: 5000 }, reference: null }

describe('packet times', () => {
  it('have the digits of the capture', () => {
    const at = momentOfIso('2026-11-19T18:21:47.412093007Z')
    expect(at).toEqual({ seconds: Date.UTC(2026, 10, 19, 18, 21, 47) / 1000, nanos: 412_093_007 })
    if (!at) return
    expect(formatClock(at, 6)).toBe('18:21:47.412093')
    expect(formatClock(at, 9)).toBe('18:21:47.412093007')
    expect(formatClock(at, 6, 'Asia/Seoul')).toBe('03:21:47.412093')
  })
  it('lose no digit in a difference', () => {
    fc.assert(
      fc.property(moments, moments, (from, to) => {
        const text = formatBetween(from, to, 9)
        const nanos = BigInt(to.seconds - from.seconds) * 1_000_000_000n + BigInt(to.nanos - from.nanos)
        const [whole = '', rest = ''] = text.replace('−', '').split('.')
        expect(BigInt(whole) * 1_000_000_000n + BigInt(rest)).toBe(nanos < 0n ? -nanos : nanos)
        expect(text.startsWith('−')).toBe(nanos < 0n)
      }),
    )
  })
  it('count from the first, the reference, the row above', () => {
    const at = { seconds: 101, nanos: 6000 }
    expect(timeText(at, null, { ...frame, format: 'first' })).toBe('1.000001')
    expect(timeText(at, null, { ...frame, format: 'reference' })).toBe('1.000001')
    expect(timeText(at, null, { ...frame, format: 'reference', reference: { seconds: 102, nanos: 0 } })).toBe('−0.999994')
    expect(timeText(at, { seconds: 101, nanos: 0 }, { ...frame, format: 'before' })).toBe('0.000006')
    expect(timeText(at, null, { ...frame, format: 'before' })).toBe('')
  })
  it('are empty where the file states none', () => {
    expect(timeText(null, null, frame)).toBe('')
    expect(momentOfIso('junk')).toBeNull()
  })
})
