/** Comparisons of one number with constants, as plain functions of a number: what columns are run through. */
import type { Test, Value } from './checked.ts'

/** Null where the test is anything else. */
export function numberTest(test: Test): ((value: number) => boolean) | null {
  if (test.kind === 'nonzero' && test.value.kind === 'arithmetic' && test.value.operator === '&') {
    const mask = constant(test.value.right)
    return test.value.left.kind === 'field' && mask !== null && mask >= 0 && mask <= 0x7fff_ffff
      ? (value) => (value & mask) !== 0
      : null
  }
  if (test.kind === 'compare') {
    const to = constant(test.right)
    if (to === null) return null
    const { left } = test
    // tcp.flags & 0x12 == 2
    if (left.kind === 'arithmetic' && left.operator === '&' && left.left.kind === 'field') {
      const mask = constant(left.right)
      if (mask === null || mask < 0 || mask > 0x7fff_ffff || test.comparison !== 'equal') return null
      return (value) => (value & mask) === to
    }
    if (left.kind !== 'field') return null
    switch (test.comparison) {
      case 'equal':
        return (value) => value === to
      case 'unequal':
        return (value) => value !== to
      case 'less':
        return (value) => value < to
      case 'lessEqual':
        return (value) => value <= to
      case 'greater':
        return (value) => value > to
      case 'greaterEqual':
        return (value) => value >= to
    }
  }
  if (test.kind === 'in' && test.left.kind === 'field') {
    const ranges: (readonly [number, number])[] = []
    for (const { low, high } of test.items) {
      const from = constant(low)
      const to = high === null ? from : constant(high)
      if (from === null || to === null) return null
      ranges.push([from, to])
    }
    return (value) => ranges.some(([from, to]) => value >= from && value <= to)
  }
  return null
}

/** Negative ones wrap round in a comparison with a field: left to the general way. */
const constant = (value: Value): number | null =>
  value.kind === 'constant' && typeof value.value === 'number' && value.value >= 0 ? value.value : null
