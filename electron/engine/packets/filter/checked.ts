/** A display filter whose words have a meaning: fields are found, literals have their type. Made by `check.ts`. */
import type { FieldUse, FilterType, How } from './fields.ts'
import type { ArithmeticOperator, Comparison, Quantifier, SliceRange } from './tree.ts'

/** An address with the bits that count: 192.0.2.0/24. IPv4 as a number, IPv6 as 16 bytes. */
export interface Network4 {
  readonly address: number
  readonly bits: number
}
export interface Network6 {
  readonly address: Uint8Array
  readonly bits: number
}
/** `time` and `duration` as nanoseconds; `bool` as 0 or 1; `ipv4` and `ipv6` as networks. */
export type Constant = number | bigint | string | Uint8Array | Network4 | Network6

export type Value =
  | { readonly kind: 'field'; readonly use: FieldUse; readonly type: FilterType }
  | { readonly kind: 'constant'; readonly value: Constant; readonly type: FilterType }
  | { readonly kind: 'slice'; readonly of: Value; readonly ranges: readonly SliceRange[]; readonly type: 'bytes' }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Value[]; readonly type: FilterType }
  | {
      readonly kind: 'arithmetic'
      readonly operator: ArithmeticOperator
      readonly left: Value
      readonly right: Value
      readonly type: FilterType
    }
  | { readonly kind: 'minus'; readonly of: Value; readonly type: FilterType }

export type FunctionName =
  'len' | 'count' | 'string' | 'lower' | 'upper' | 'max' | 'min' | 'abs' | 'float' | 'double' | 'dec' | 'hex' | 'vals'

/** A regular expression; `test` is null where only the full dissection can run it (look-around, back-references). */
export interface Pattern {
  readonly source: string
  /** Given one character for each byte. */
  readonly test: ((binary: string) => boolean) | null
}

export type Test =
  | { readonly kind: 'and' | 'or' | 'xor'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'not'; readonly inner: Test }
  | { readonly kind: 'exists'; readonly use: FieldUse }
  /** Arithmetic alone: a value that is not zero. */
  | { readonly kind: 'nonzero'; readonly value: Value }
  /** A slice alone: there are such bytes. */
  | { readonly kind: 'present'; readonly value: Value }
  | {
      readonly kind: 'compare'
      readonly comparison: Comparison
      readonly quantifier: Quantifier
      readonly left: Value
      readonly right: Value
      /** In which both are compared. */
      readonly type: FilterType
    }
  | { readonly kind: 'contains'; readonly quantifier: Quantifier; readonly left: Value; readonly right: Value }
  | { readonly kind: 'matches'; readonly quantifier: Quantifier; readonly left: Value; readonly pattern: Pattern }
  | {
      readonly kind: 'in'
      readonly quantifier: Quantifier
      readonly left: Value
      readonly items: readonly { readonly low: Value; readonly high: Value | null }[]
      readonly type: FilterType
    }

/** One test of a filter, none of those that are put together from others. */
export interface Leaf {
  readonly test: Test
  /** As it was written, without what stands around it: a filter of its own. */
  readonly text: string
  /** The slowest way that one of its fields needs. */
  readonly how: How
}

export interface CheckedFilter {
  /** As it was written, for the full dissection. */
  readonly text: string
  /** Null: every packet. */
  readonly test: Test | null
  /** The slowest way that one of its fields needs. */
  readonly how: How
  /** Its tests in the order of the text; each is an object of the tree `test`. */
  readonly leaves: readonly Leaf[]
  /** Names that are read by full dissection only; empty too where a pattern or a function alone needs it. */
  readonly dissected: readonly string[]
}
