/** Comparisons of a packet's time, or of the time since another packet, with one constant, without arithmetic on 64-bit numbers for every packet. */
import type { Test } from './checked.ts'
import type { Comparison } from './tree.ts'

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
  return fits(test.comparison, at)
}

const DELTAS = new Set<string>(['frame.time_delta', 'tcp.time_delta', 'tcp.time_relative'] satisfies DeltaField[])
export type DeltaField = 'frame.time_delta' | 'tcp.time_delta' | 'tcp.time_relative'

/** A time between two packets against a constant: seconds (negative ones rounded down) and nanoseconds. Null where the test is anything else. */
export function deltaTest(test: Test): { readonly field: DeltaField; readonly fits: TimeTest } | null {
  if (test.kind !== 'compare' || test.left.kind !== 'field' || test.right.kind !== 'constant') return null
  const { name } = test.left.use.field
  const constant = test.right.value
  if (typeof constant !== 'bigint' || !DELTAS.has(name)) return null
  return { field: name as DeltaField, fits: fits(test.comparison, constant) }
}

/** `at` in nanoseconds. */
function fits(comparison: Comparison, at: bigint): TimeTest {
  // Nanoseconds are never negative: the second before takes them.
  const whole = at >= 0n || at % SECOND === 0n ? at / SECOND : at / SECOND - 1n
  const seconds = Number(whole)
  const nanos = Number(at - whole * SECOND)
  switch (comparison) {
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
