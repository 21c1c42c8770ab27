/** A display filter as it was written, before its words have a meaning. Places are UTF-16 offsets in the text. */

export interface Span {
  readonly start: number
  readonly end: number
}

/** `equal` and `unequal` are as Wireshark 4 has them: `==` any is equal, `!=` all are unequal. */
export type Comparison = 'equal' | 'unequal' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual'
/** Of a field with several values: does one have to fit, or all? */
export type Quantifier = 'any' | 'all'
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&'

/** `[from:length]`, `[from-to]`, `[from]`, `[from:]`; negative places count from the end. `to` is inclusive. */
export interface SliceRange {
  readonly from: number
  readonly length: number | null
  readonly to: number | null
}
/** Of the layer operator: which occurrence of the protocol, from 1; negative from the last. Null is open. */
export interface LayerRange {
  readonly from: number
  readonly to: number | null
}

export type Operand =
  /** A field, a protocol, or a literal without quotes. `field`: it was written with a dot before it and is nothing else. */
  | (Span & {
      readonly kind: 'word'
      readonly text: string
      readonly field: boolean
      readonly layers: readonly LayerRange[] | null
      readonly raw: boolean
    })
  /** In double quotes; one character for each byte. */
  | (Span & { readonly kind: 'string'; readonly binary: string })
  /** In single quotes: one character. */
  | (Span & { readonly kind: 'character'; readonly code: number })
  | (Span & { readonly kind: 'slice'; readonly of: Operand; readonly ranges: readonly SliceRange[] })
  | (Span & { readonly kind: 'call'; readonly name: string; readonly nameEnd: number; readonly args: readonly Operand[] })
  | (Span & {
      readonly kind: 'arithmetic'
      readonly operator: ArithmeticOperator
      readonly left: Operand
      readonly right: Operand
    })
  | (Span & { readonly kind: 'minus'; readonly of: Operand })

export interface SetItem {
  readonly low: Operand
  readonly high: Operand | null
}

export type Term =
  | (Span & { readonly kind: 'and' | 'or' | 'xor'; readonly left: Term; readonly right: Term })
  | (Span & { readonly kind: 'not'; readonly inner: Term })
  /** A field or protocol that is there, or a number that is not zero. */
  | (Span & { readonly kind: 'test'; readonly operand: Operand })
  | (Span & {
      readonly kind: 'compare'
      readonly comparison: Comparison
      readonly quantifier: Quantifier
      readonly left: Operand
      readonly right: Operand
      readonly operator: Span
    })
  | (Span & {
      readonly kind: 'contains' | 'matches'
      readonly quantifier: Quantifier
      readonly left: Operand
      readonly right: Operand
      readonly operator: Span
    })
  | (Span & {
      readonly kind: 'in'
      readonly quantifier: Quantifier
      readonly left: Operand
      readonly items: readonly SetItem[]
      /** With its braces. */
      readonly set: Span
    })
/** A term that is none of those put together from others. */
export type LeafTerm = Exclude<Term, { readonly kind: 'and' | 'or' | 'xor' | 'not' }>
