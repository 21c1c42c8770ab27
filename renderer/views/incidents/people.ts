/** Names of people as they stand in owners and authors. */

/** Two letters for the disc: of the first and the last word, or the first two of the only one. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s.]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = [...(words[0] ?? '?')]
  const last = words.length > 1 ? [...(words.at(-1) ?? '')] : []
  return `${first[0] ?? ''}${last[0] ?? (/\p{Script=Hangul}/u.test(first[0] ?? '') ? '' : (first[1] ?? ''))}`.toUpperCase()
}

/** Everyone who is named, once. */
export const peopleOf = (...names: readonly (string | null | readonly string[])[]): readonly string[] => [
  ...new Set(
    names.flatMap((one) => (one === null ? [] : typeof one === 'string' ? [one] : [...one])).filter((one) => one !== ''),
  ),
]
