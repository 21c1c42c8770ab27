/** The name that is being typed after `@`. */

export interface Mentioning {
  /** Of the `@`. */
  readonly from: number
  readonly typed: string
}

/** What stands between an `@` and the cursor; null where nobody is being mentioned. */
export function mentioningAt(text: string, cursor: number): Mentioning | null {
  const before = text.slice(Math.max(0, cursor - 64), cursor)
  const match = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_. -]{0,48})$/u.exec(before)
  if (!match) return null
  const typed = match[1] ?? ''
  return { from: cursor - typed.length - 1, typed }
}

/** Who fits, at most six; none once a name is whole. */
export function fittingNames(people: readonly string[], typed: string): readonly string[] {
  const lower = typed.toLowerCase()
  if (people.some((name) => lower.startsWith(name.toLowerCase()))) return []
  return people
    .filter(
      (name) =>
        name
          .toLowerCase()
          .split(/[\s.]+/)
          .some((word) => word.startsWith(lower.trim())) || name.toLowerCase().startsWith(lower),
    )
    .slice(0, 6)
}
