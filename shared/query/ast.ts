/**
 * The query language of events and alerts: `field:value`, wildcards, ranges, CIDR, and/or/not, free text.
 * `parse.ts` gives this tree; the engine evaluates it; the screen completes and marks errors with it.
 *
 * Grammar (keywords in any case):
 *   expression := or ; or := and ('or' and)* ; and := not (('and')? not)* ; not := ('not' | '-' | '!') not | primary
 *   primary    := '(' expression ')' | field ':' value | field op value | text | '*'
 *   op         := '>' | '>=' | '<' | '<=' | '=' | '!='
 *   value      := word | "quoted" | range | list | '*' ; range := '[' bound 'to' bound ']' | bound '..' bound ; list := '(' value ('or' value)* ')'
 * A word may hold `*` and `?`; backslash escapes; a quoted value has no wildcards. `a:10.0.0.0/8` is a CIDR when the field may
 * hold an address. `time` takes ISO times and `now-4h`. Comparison of text ignores case.
 */
export interface Span {
  readonly start: number
  readonly end: number
}

export type QueryNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly item: QueryNode }
  /** Free text: any field's value contains it (case-insensitive; `*` and `?` where `wildcard`). */
  | { readonly kind: 'text'; readonly text: string; readonly wildcard: boolean; readonly span: Span }
  | { readonly kind: 'field'; readonly field: string; readonly test: FieldTest; readonly span: Span }

export type FieldTest =
  /** The field is there at all: `field:*`. */
  | { readonly op: 'exists' }
  /** Whole value, ignoring case. */
  | { readonly op: 'equals'; readonly value: string }
  /** Whole value against a pattern of `*` and `?`, ignoring case; `\*`, `\?` and `\\` are literal (`patternPieces` in `escape.ts` reads it). */
  | { readonly op: 'wildcard'; readonly pattern: string }
  | { readonly op: 'cidr'; readonly cidr: string }
  | { readonly op: 'lt' | 'lte' | 'gt' | 'gte'; readonly value: string }
  /** Both ends included; null is open. */
  | { readonly op: 'range'; readonly from: string | null; readonly to: string | null }
