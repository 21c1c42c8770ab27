/**
 * A checked filter as a function of one packet. Compiled to closures once. Verdicts are three-valued: where a value cannot be
 * known here (`undefined`), the packet has to be looked at by a slower way, unless the rest of the filter decides without it.
 */
import type { FieldValue } from '../decode/define.ts'
import { called } from './call.ts'
import type { Test, Value } from './checked.ts'
import type { FieldUse, FilterType } from './fields.ts'
import { asRun, binaryOf, bytesOf, calculated, compareOf, holds, isZero, negated, sliced, type Run } from './runtime.ts'
import type { Comparison, Quantifier } from './tree.ts'

export const NO = 0
export const YES = 1
/** Cannot be known here. */
export const MAYBE = 2
export type Verdict = 0 | 1 | 2

/** What is known of one packet. */
export interface PacketValues {
  /** All values, in the packet's order; null where the field is not there; undefined where that cannot be known here. */
  values(use: FieldUse): readonly FieldValue[] | null | undefined
  /** Is the field or protocol there? */
  has(use: FieldUse): boolean | undefined
}
export type Predicate = (packet: PacketValues) => Verdict
type Values = (packet: PacketValues) => readonly Run[] | null | undefined

/** Stands around the predicate of every part of a filter. */
export type Wrap = (test: Test, predicate: Predicate) => Predicate

/** Null is the empty filter. */
export function compileFilter(test: Test | null, wrap: Wrap = (_, predicate) => predicate): Predicate {
  return test === null ? () => YES : wrap(test, compiled(test, wrap))
}

function compiled(test: Test, wrap: Wrap): Predicate {
  switch (test.kind) {
    case 'and': {
      const [left, right] = [compileFilter(test.left, wrap), compileFilter(test.right, wrap)]
      return (packet) => {
        const first = left(packet)
        if (first === NO) return NO
        const second = right(packet)
        return second === NO ? NO : first === YES && second === YES ? YES : MAYBE
      }
    }
    case 'or': {
      const [left, right] = [compileFilter(test.left, wrap), compileFilter(test.right, wrap)]
      return (packet) => {
        const first = left(packet)
        if (first === YES) return YES
        const second = right(packet)
        return second === YES ? YES : first === NO && second === NO ? NO : MAYBE
      }
    }
    case 'xor': {
      const [left, right] = [compileFilter(test.left, wrap), compileFilter(test.right, wrap)]
      return (packet) => {
        const [first, second] = [left(packet), right(packet)]
        return first === MAYBE || second === MAYBE ? MAYBE : first === second ? NO : YES
      }
    }
    case 'not': {
      const inner = compileFilter(test.inner, wrap)
      return (packet) => {
        const found = inner(packet)
        return found === MAYBE ? MAYBE : found === YES ? NO : YES
      }
    }
    case 'exists': {
      const { use } = test
      return (packet) => verdict(packet.has(use))
    }
    case 'nonzero': {
      const value = valuesOf(test.value)
      return (packet) => {
        const found = value(packet)
        return found == null ? absent(found) : verdict(found.some((one) => !isZero(one)))
      }
    }
    case 'present': {
      const value = valuesOf(test.value)
      return (packet) => {
        const found = value(packet)
        return found == null ? absent(found) : YES
      }
    }
    case 'compare': {
      const compare = compareOf(test.type)
      if (compare === null) return () => MAYBE
      const fits = fitting(test.comparison)
      return paired(test.left, test.right, test.quantifier, (left, right) => fits(compare(left, right)), test.type)
    }
    case 'contains':
      return test.left.type === 'other' ? () => MAYBE : paired(test.left, test.right, test.quantifier, holds, test.left.type)
    case 'matches': {
      const { test: matches } = test.pattern
      if (matches === null || test.left.type === 'other') return () => MAYBE
      const value = valuesOf(test.left)
      return (packet) => quantified(value(packet), test.quantifier, (one) => matches(binaryOf(one)))
    }
    case 'in':
      return member(test)
  }
}

const verdict = (found: boolean | undefined): Verdict => (found === undefined ? MAYBE : found ? YES : NO)
/** A test whose value is not there does not hold; nor does it where nothing can be said. */
const absent = (found: null | undefined): Verdict => (found === undefined ? MAYBE : NO)

function fitting(comparison: Comparison): (order: number) => boolean {
  switch (comparison) {
    case 'equal':
      return (order) => order === 0
    case 'unequal':
      return (order) => order !== 0
    case 'less':
      return (order) => order < 0
    case 'lessEqual':
      return (order) => order <= 0
    case 'greater':
      return (order) => order > 0
    case 'greaterEqual':
      return (order) => order >= 0
  }
}

function quantified(found: readonly Run[] | null | undefined, quantifier: Quantifier, fits: (value: Run) => boolean): Verdict {
  if (found == null) return absent(found)
  return verdict(quantifier === 'any' ? found.some(fits) : found.every(fits))
}

function paired(
  leftValue: Value,
  rightValue: Value,
  quantifier: Quantifier,
  fits: (left: Run, right: Run) => boolean,
  type: FilterType,
): Predicate {
  const left = valuesOf(wrapped(leftValue, rightValue), type)
  const right = valuesOf(wrapped(rightValue, leftValue), type)
  return (packet) => {
    const first = left(packet)
    if (first === null) return NO
    const second = right(packet)
    if (second === null) return NO
    if (first === undefined || second === undefined) return MAYBE
    if (first.length === 1 && second.length === 1) return fits(first[0]!, second[0]!) ? YES : NO
    return verdict(
      quantifier === 'any'
        ? first.some((one) => second.some((other) => fits(one, other)))
        : first.every((one) => second.every((other) => fits(one, other))),
    )
  }
}

function member(test: Test & { readonly kind: 'in' }): Predicate {
  const compare = compareOf(test.type)
  if (compare === null) return () => MAYBE
  const left = valuesOf(test.left, test.type)
  const items = test.items.map(({ low, high }) => ({
    low: valuesOf(wrapped(low, test.left), test.type),
    high: high === null ? null : valuesOf(wrapped(high, test.left), test.type),
  }))
  return (packet) => {
    const found = left(packet)
    if (found == null) return absent(found)
    let unknown = false
    const ends = items.map(({ low, high }) => {
      const from = low(packet)
      const to = high === null ? from : high(packet)
      if (from === undefined || to === undefined) unknown = true
      return { from, to, range: high !== null }
    })
    const fits = (one: Run): boolean =>
      ends.some(({ from, to, range }) => {
        if (from == null || to == null) return false
        if (!range) return from.some((low) => compare(one, low) === 0)
        return from.some((low) => compare(one, low) >= 0) && to.some((high) => compare(one, high) <= 0)
      })
    const held = test.quantifier === 'any' ? found.some(fits) : found.every(fits)
    return held ? YES : unknown ? MAYBE : NO
  }
}

/** A negative number beside an unsigned field wraps round, as it does in Wireshark. */
function wrapped(value: Value, beside: Value): Value {
  const folded = value.kind === 'minus' && value.of.kind === 'constant' ? { ...value.of, value: negated(value.of.value) } : value
  if (folded.kind !== 'constant' || folded.type !== 'uint' || beside.kind !== 'field') return folded
  const { value: number } = folded
  return (typeof number === 'number' || typeof number === 'bigint') && number < 0
    ? { ...folded, value: BigInt.asUintN(64, BigInt(number)) }
    : folded
}

/** `as` bytes where a text is compared with bytes. */
function valuesOf(value: Value, as: FilterType = value.type): Values {
  if (as === 'bytes' && value.type === 'text') {
    const texts = valuesOf(value)
    return (packet) => texts(packet)?.map(bytesOf)
  }
  switch (value.kind) {
    case 'constant': {
      const found = [value.value]
      return () => found
    }
    case 'field': {
      const { use, type } = value
      if (type === 'other' || type === 'none') return () => undefined
      return (packet) => {
        const found = packet.values(use)
        return found == null ? found : found.length === 0 ? null : found.map((one) => asRun(one, type))
      }
    }
    case 'slice': {
      const of = valuesOf(value.of)
      return (packet) => {
        const found = of(packet)
        if (found == null) return found
        const parts = found.map((one) => sliced(one, value.ranges)).filter((part) => part !== null)
        return parts.length === 0 ? null : parts
      }
    }
    case 'minus': {
      const of = valuesOf(value.of)
      return (packet) => of(packet)?.map(negated)
    }
    case 'arithmetic': {
      const [left, right] = [valuesOf(value.left), valuesOf(value.right)]
      const type = value.left.type === 'ipv4' || value.right.type === 'ipv4' ? 'ipv4' : value.type
      return (packet) => {
        const first = left(packet)
        if (first == null) return first
        const second = right(packet)
        if (second == null) return second
        const results = first
          .flatMap((one) => second.map((other) => calculated(value.operator, one, other, type)))
          .filter((one) => one !== null)
        return results.length === 0 ? null : results
      }
    }
    case 'call': {
      const args = value.args.map((arg) => valuesOf(arg))
      const type = value.args[0]?.type ?? value.type
      return (packet) => {
        const given: (readonly Run[])[] = []
        for (const arg of args) {
          const found = arg(packet)
          if (found == null) return found
          given.push(found)
        }
        return called(value.name, given, type) ?? undefined
      }
    }
  }
}
