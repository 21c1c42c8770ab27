/**
 * A rule's detection as plain data: it crosses threads by structured clone and is compiled there.
 */

/** One piece of a text pattern: literal text, or what stands for text. */
export type Part = string | typeof ANY_CHAR | typeof ANY_TEXT | typeof ANY_DASH
/** `?` */
export const ANY_CHAR = 0
/** `*` */
export const ANY_TEXT = 1
/** Any of the characters that start an option on a Windows command line. */
export const ANY_DASH = 2
export const DASHES = '-/\u2013\u2014\u2015'

export type CompareOp = 'lt' | 'lte' | 'gt' | 'gte' | 'eq'
export const TIME_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** A value that stands for those of lists. */
export interface Placeholder {
  /** As written: `%Administrators%`, with whatever is around it. */
  readonly text: string
  /** Names of the item's modifiers, without `expand`, in order. */
  readonly modifiers: readonly string[]
  /** 1-based, in the rule's file. */
  readonly line: number
  readonly column: number
}

/** What is asked of one value of a field. */
export type Test =
  | { readonly kind: 'text'; readonly parts: readonly Part[]; readonly cased: boolean }
  /** Syntax of RE2; flags out of `ims`. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  /** `10.0.0.0/8`, `2001:db8::/32`. */
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'exists'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly value: number; readonly unit: TimeUnit | null }
  /** Compared with another field of the same event. */
  | {
      readonly kind: 'field'
      readonly field: string
      readonly place: 'whole' | 'start' | 'end' | 'anywhere'
      readonly cased: boolean
    }
  /** Matches nothing: a placeholder that nothing fills (yet), an expression that cannot be run. */
  | { readonly kind: 'never'; readonly placeholder?: Placeholder }

export interface ItemValue {
  readonly test: Test
  /** Path for marks: `selection.CommandLine|contains[2]`. */
  readonly path: string
  /** 1-based line in the rule's text. */
  readonly line: number
}

export interface Item {
  /** As the rule names it; null searches every field. */
  readonly field: string | null
  readonly join: 'any' | 'all'
  /** `neq`: the field is there and none of the values fits. */
  readonly negate: boolean
  readonly values: readonly ItemValue[]
}

export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  /** At least so many of them. */
  | { readonly op: 'count'; readonly least: number; readonly of: readonly Expression[] }
  /** Index into `searches`. */
  | { readonly op: 'search'; readonly search: number }
  | { readonly op: 'item'; readonly item: Item }

export interface Search {
  readonly name: string
  readonly expression: Expression
}

export interface Detection {
  readonly searches: readonly Search[]
  readonly condition: Expression
}

/** Every item of an expression; what it says of other searches is not followed. */
export function* itemsOf(expression: Expression): Generator<Item> {
  if (expression.op === 'item') yield expression.item
  else if (expression.op === 'not') yield* itemsOf(expression.of)
  else if (expression.op !== 'search') for (const one of expression.of) yield* itemsOf(one)
}
