/**
 * Patterns of `matches`: without regard to case, on bytes. Run in linear time (re2js); what that cannot run (look-around,
 * back-references) is left to the full dissection, which can be killed.
 */
import { RE2JS } from 're2js'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { Pattern } from './checked.ts'

/** `source` has one character for each byte. */
export function readPattern(source: string): Result<Pattern, string> {
  // (?-i) turns the flag off inside the pattern, as in PCRE.
  try {
    const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)
    return ok({ source, test: (binary) => compiled.test(binary) })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown'
    return /\(\?(?:[=!>]|<[=!])|\\[1-9]|[*+?}]\+|\\[GKRhHXZ]/.test(source) && balanced(source)
      ? ok({ source, test: null })
      : fail(reason)
  }
}

/** Every bracket closed: what looks like PCRE is not simply broken. */
function balanced(source: string): boolean {
  let depth = 0
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const character = source[i]
    if (character === '\\') i++
    else if (inClass) inClass = character !== ']'
    else if (character === '[') inClass = true
    else if (character === '(') depth++
    else if (character === ')' && --depth < 0) return false
  }
  return depth === 0 && !inClass
}
