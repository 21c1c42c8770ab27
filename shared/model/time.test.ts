import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoFromMicros, microsFromIso } from './time.ts'

/** As the language writes times, with more decimals. */
function plain(micros: number, nanos: number): string {
  const ms = Math.floor(micros / 1000)
  const us = micros - ms * 1000
  const base = new Date(ms).toISOString()
  if (us === 0 && nanos === 0) return base
  const head = base.slice(0, -1) + String(us).padStart(3, '0')
  return nanos === 0 ? `${head}Z` : `${head}${String(nanos).padStart(3, '0')}Z`
}

const micros = fc.oneof(
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.integer({ min: -3e15, max: 3e15 }),
  fc.constantFrom(59_999_999, 60_000_000, -1, 8.64e18, -8.64e18, 253_402_300_800_000_000, -62_167_219_200_000_000),
)

it('writes times as the language does, whichever was written before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(micros, fc.constantFrom(0, 0, 7, 999)), { maxLength: 20 }), (times) => {
      for (const [time, nanos] of times) expect(isoFromMicros(time, nanos)).toBe(plain(time, nanos))
    }),
  )
  for (const time of [NaN, Infinity, 8.64e18 + 2000, -8.64e18 - 2000]) expect(() => isoFromMicros(time)).toThrow(RangeError)
  expect(microsFromIso(isoFromMicros(1_767_323_045_123_456))).toBe(1_767_323_045_123_456)
})
