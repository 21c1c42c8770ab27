/** Regular expressions of rules: foreign text, so they run in linear time (RE2 syntax, with look-behind). */
import { RE2JS } from 're2js'

export interface Expression {
  test(text: string): boolean
  /** Span of the first match, or null. */
  find(text: string): readonly [number, number] | null
}

const MAX_LENGTH = 8192

/** @throws where the expression is no RE2 syntax. */
export function compileRegex(source: string, flags: string): Expression {
  if (source.length > MAX_LENGTH) throw new RangeError(`longer than ${MAX_LENGTH} characters`)
  let bits = source.includes('(?<=') || source.includes('(?<!') ? RE2JS.LOOKBEHINDS : 0
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE
  if (flags.includes('m')) bits |= RE2JS.MULTILINE
  if (flags.includes('s')) bits |= RE2JS.DOTALL
  const compiled = RE2JS.compile(source, bits)
  return {
    test: (text) => compiled.test(text),
    find(text) {
      const matcher = compiled.matcher(text)
      return matcher.find() ? [matcher.start(), matcher.end()] : null
    },
  }
}

/** Look-ahead, atomic groups, back-references, possessive quantifiers, counts above 1000: known to PCRE, not to RE2. */
const BEYOND_RE2 = /\(\?(?:=|!|<=|<!|>|R|P=|P>|\()|\\(?:[1-9]|[kgGKXRhHvVZ])|[*+?}]\+|\{\d*,?\d{4,}/

const MAX_KNOWN = 2048
const known = new Map<string, 'unsupported' | 'invalid' | null>()

/** Null where it can be run; `unsupported`: PCRE syntax beyond RE2; `invalid`: no expression at all. */
export function unsupportedRegex(source: string): 'unsupported' | 'invalid' | null {
  const before = known.get(source)
  if (before !== undefined) return before
  let answer: 'unsupported' | 'invalid' | null = null
  try {
    compileRegex(source, '')
  } catch {
    answer = BEYOND_RE2.test(source) ? 'unsupported' : 'invalid'
  }
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(source, answer)
  return answer
}
