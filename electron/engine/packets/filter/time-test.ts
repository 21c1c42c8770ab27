/** Comparisons of a packet's time with one constant, without arithmetic on 64-bit numbers for every packet. */
import type { Test } from './checked.ts'

/** Seconds and nanoseconds since 1970, of a packet that has a time. */
export type TimeTest = (seconds: number, nanos: number) => boolean

const SECOND = 1_000_000_000n
const ABSOLUTE = new Set(['frame.time', 'frame.time_epoch'])

/** `first`: nanoseconds of the first packet that has a time. Null where the test is anything else. */
export function timeTest(test: Test, first: bigint | null): TimeTest | null {
  if (test.kind !== 'compare' || test.left.kind !== 'field' || test.right.kind !== 'constant') return null
  const { name } = test.left.use.field
  const constant = test.right.value
  if (typeof constant !== 'bigint' || (!ABSOLUTE.has(name) && name !== 'frame.time_relative')) return null
  if (!ABSOLUTE.has(name) && first === null) return null
  const at = ABSOLUTE.has(name) ? constant : constant + first!
  // Nanoseconds are never negative: the second before takes them.
  const whole = at >= 0n || at % SECOND === 0n ? at / SECOND : at / SECOND - 1n
  const seconds = Number(whole)
  const nanos = Number(at - whole * SECOND)
  switch (test.comparison) {
    case 'equal':
      return (s, n) => s === seconds && n === nanos
    case 'unequal':
      return (s, n) => s !== seconds || n !== nanos
    case 'less':
      return (s, n) => s < seconds || (s === seconds && n < nanos)
    case 'lessEqual':
      return (s, n) => s < seconds || (s === seconds && n <= nanos)
    case 'greater':
      return (s, n) => s > seconds || (s === seconds && n > nanos)
    case 'greaterEqual':
      return (s, n) => s > seconds || (s === seconds && n >= nanos)
  }
}
