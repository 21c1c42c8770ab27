/**
 * What a modifier is. One `*.modifier.ts` file default-exports `defineModifier({...})`; `registry.ts` finds it by glob.
 * Modifiers are applied in the order in which the rule names them.
 */
import type { CompareOp, Part, TimeUnit } from '../detection.ts'

/** A value of a rule on its way through its modifiers. */
export type SigmaValue =
  | {
      readonly type: 'text'
      readonly parts: readonly Part[]
      /** As written, for `re` and `cidr`. */
      readonly source: string
      readonly cased: boolean
      /** Each character is one byte (after `wide` and its like). */
      readonly bytes: boolean
    }
  | { readonly type: 'number'; readonly value: number; readonly text: string; readonly unit: TimeUnit | null }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'regex'; readonly source: string; readonly flags: string }
  | { readonly type: 'cidr'; readonly network: string }
  | { readonly type: 'exists'; readonly value: boolean }
  | { readonly type: 'compare'; readonly op: CompareOp; readonly value: number; readonly unit: TimeUnit | null }
  | { readonly type: 'field'; readonly name: string; readonly start: boolean; readonly end: boolean; readonly cased: boolean }

export type ValueType = SigmaValue['type']
export type ValueOf<T extends ValueType> = Extract<SigmaValue, { type: T }>

export interface ModifierContext {
  /** Null where the value is searched in every field. */
  readonly field: string | null
  /** How many modifiers came before. */
  readonly position: number
}

export interface ModifierExample {
  /** Key as in a rule: `CommandLine|contains|all`. */
  readonly key: string
  readonly value: unknown
  /** Lists by name, where placeholders are filled. */
  readonly lists?: Readonly<Record<string, readonly string[]>>
  /** Events (native fields) that match, and that do not. */
  readonly matches?: readonly Readonly<Record<string, string | number | boolean | readonly string[]>>[]
  readonly misses?: readonly Readonly<Record<string, string | number | boolean | readonly string[]>>[]
  /** The rule is refused, with a message that contains this. */
  readonly error?: string
}

export interface ModifierDefinition {
  readonly id: string
  /** Other names for the same. */
  readonly aliases?: readonly string[]
  readonly spec: string
  readonly doc: string
  /** Types of value it can be applied to. */
  readonly takes: readonly ValueType[]
  /** The value (or values, joined as the item's values are) instead of this one; text: why it cannot be. */
  apply(value: SigmaValue, context: ModifierContext): SigmaValue | readonly SigmaValue[] | string
  /** What it does to the whole item: values are joined by and; the item is negated; values are filled before any other modifier. */
  readonly item?: 'all' | 'negate' | 'fill'
  readonly examples: readonly ModifierExample[]
}

export const MODIFIER_SPEC = 'https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md'
export const defineModifier = (definition: ModifierDefinition): ModifierDefinition => definition

/** Text of a number or text, for modifiers that work on characters. */
export function asText(value: SigmaValue): ValueOf<'text'> | null {
  if (value.type === 'text') return value
  if (value.type === 'number') return { type: 'text', parts: [value.text], source: value.text, cased: false, bytes: false }
  return null
}
