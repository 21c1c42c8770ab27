/** The source's own names of event types, kept few and short: rollups are counted for each of them. */

/** Told apart per parser; further ones take the fallback's name. */
const MAX_TYPES = 1024

export class TypeNames {
  readonly #names = new Map<unknown, string>()

  /** `value` as a type, one instance for each name; `fallback` where it is no short text of usual characters, or one too many. */
  of(value: unknown, fallback: string): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    if (!isTypeName(value) || this.#names.size >= MAX_TYPES) return fallback
    this.#names.set(value, value)
    return value
  }
}

export const isTypeName = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w%[][\w.:@/+[\] -]{0,63}$/.test(value)
