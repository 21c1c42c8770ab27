/** Text values of Sigma: wildcards and their escaping. Specification: Sigma rules, "String Wildcard" and "Escape Character". */
import { ANY_CHAR, ANY_TEXT, type Part } from './detection.ts'

/**
 * `*` any text, `?` any one character; `\*`, `\?` and `\\` are the plain characters; a backslash before anything else is
 * itself.
 */
export function parsePattern(source: string): Part[] {
  const parts: Part[] = []
  let literal = ''
  const special = (part: Part) => {
    if (literal !== '') parts.push(literal)
    literal = ''
    // Two stars mean what one means.
    if (part !== ANY_TEXT || parts.at(-1) !== ANY_TEXT) parts.push(part)
  }
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    const next = source[i + 1]
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next
      i++
    } else if (c === '*') special(ANY_TEXT)
    else if (c === '?') special(ANY_CHAR)
    else literal += c
  }
  if (literal !== '') parts.push(literal)
  return parts
}

/** The text of a pattern without wildcards, else null. */
export function plainText(parts: readonly Part[]): string | null {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : null
}

export const openStart = (parts: readonly Part[]): Part[] => (parts[0] === ANY_TEXT ? [...parts] : [ANY_TEXT, ...parts])
export const openEnd = (parts: readonly Part[]): Part[] => (parts.at(-1) === ANY_TEXT ? [...parts] : [...parts, ANY_TEXT])
