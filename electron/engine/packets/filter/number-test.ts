/** Comparisons of one number with constants, as plain functions of a number: what columns are run through. */
import type { Test, Value } from './checked.ts'
import type { Comparison } from './tree.ts'

/** Null where the test is anything else. */
export function numberTest(test: Test): ((value: number) => boolean) | null {
  if (test.kind === 'nonzero') {
    const of = test.value.kind === 'arithmetic' ? calculation(test.value) : null
    return of === null ? null : (value) => of(value) !== 0
  }
  if (test.kind === 'compare') {
    const to = constant(test.right)
    if (to === null) return null
    const fits = comparing(test.comparison, to)
    if (test.left.kind === 'field') return fits
    // tcp.flags & 0x12 == 2, frame.number % 10 == 0
    const of = calculation(test.left)
    return of === null ? null : (value) => fits(of(value))
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

function comparing(comparison: Comparison, to: number): (value: number) => boolean {
  switch (comparison) {
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

/** Bits of the field, or what is left of it by a division. */
function calculation(value: Value): ((value: number) => number) | null {
  if (value.kind !== 'arithmetic' || value.left.kind !== 'field') return null
  const by = constant(value.right)
  if (by === null || by > 0x7fff_ffff || !Number.isInteger(by)) return null
  if (value.operator === '&') return (of) => of & by
  return value.operator === '%' && by > 0 ? (of) => of % by : null
}

/** Negative ones wrap round in a comparison with a field: left to the general way. */
const constant = (value: Value): number | null =>
  value.kind === 'constant' && typeof value.value === 'number' && value.value >= 0 ? value.value : null
