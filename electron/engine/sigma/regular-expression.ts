/** Regular expressions of rules: foreign text, so they run in linear time (RE2 syntax, with look-behind). */
import { RE2JS, RE2JSSyntaxException } from 're2js'

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

/** Why an expression cannot be run. */
export interface RegexRefusal {
  /** `unsupported`: known to PCRE, beyond RE2; `invalid`: no expression at all; `too_large`: not read to its end, so nobody knows. */
  readonly kind: 'unsupported' | 'invalid' | 'too_large'
  /** `it has look-ahead`, `missing closing )`, `longer than 8192 characters` */
  readonly reason: string
}

/** What PCRE has and RE2 does not, as the parser names the place where it stopped. */
const BEYOND_RE2: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[=!]/, 'it has look-ahead'],
  [/^\(\?<[=!]/, 'it has look-behind of a kind that is not known here'],
  [/^\(\?>/, 'it has an atomic group'],
  [/^\(\?P=|^\\[1-9gk]/, 'it has a back-reference'],
  [/^\(\?(?:R|P>|&|[0-9+-])/, 'it has recursion'],
  [/^\(\?\(/, 'it has a condition'],
  [/^\(\?#/, 'it has a comment'],
  [/^\(\?[a-zA-Z]*[xXJn]/, 'it has a flag that is not known here'],
  [/^[*+?}]\+$/, 'it has a possessive quantifier'],
]
const MOST_REPEATS = 1000

const MAX_KNOWN = 2048
const known = new Map<string, RegexRefusal | null>()

/** Null where it can be run. */
export function refusedRegex(source: string): RegexRefusal | null {
  const before = known.get(source)
  if (before !== undefined) return before
  const answer = refusal(source)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(source, answer)
  return answer
}

function refusal(source: string): RegexRefusal | null {
  if (source.length > MAX_LENGTH) return { kind: 'too_large', reason: `longer than ${MAX_LENGTH} characters` }
  try {
    compileRegex(source, '')
    return null
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) return { kind: 'unsupported', reason: 'it cannot be compiled' }
    return syntaxRefusal(error.getDescription().replace(/^error parsing regexp: /, ''), error.getPattern() ?? '', source)
  }
}

/** `what` the parser says, and of which piece of the expression. */
function syntaxRefusal(what: string, piece: string, source: string): RegexRefusal {
  switch (what) {
    case 'expression too large':
      return { kind: 'unsupported', reason: 'it is too large when its counts are written out' }
    case 'expression nests too deeply':
      return { kind: 'too_large', reason: 'nested too deeply' }
    case 'invalid repeat count': {
      const [, from = '', to = ''] = /^\{(\d+)(?:,(\d*))?\}/.exec(piece) ?? []
      if (to !== '' && Number(from) > Number(to)) break
      return { kind: 'unsupported', reason: `it counts to more than ${MOST_REPEATS}, also by counts inside counts` }
    }
    case 'invalid capture in lookbehind':
      return { kind: 'unsupported', reason: 'it has a group in look-behind' }
    case 'invalid or unsupported Perl syntax':
    case 'invalid nested repetition operator': {
      const beyond = BEYOND_RE2.find(([shape]) => placesOf(piece, source).some((place) => shape.test(place)))
      if (beyond !== undefined) return { kind: 'unsupported', reason: beyond[1] }
      break
    }
    case 'invalid escape sequence':
      if (/^\\[1-9gk]/.test(piece)) return { kind: 'unsupported', reason: 'it has a back-reference' }
      if (/^\\[GKXRhHvVZ]/.test(piece)) return { kind: 'unsupported', reason: `it has ${piece}` }
      break
  }
  return { kind: 'invalid', reason: piece === '' || piece === source ? what : `${what} ${piece.slice(0, 80)}` }
}

/** The piece; of an opening bracket wherever it stands, with what follows: the piece may end before what tells it from a named group. */
function placesOf(piece: string, source: string): string[] {
  if (!piece.startsWith('(')) return [piece]
  const found: string[] = []
  for (let at = source.indexOf(piece); at >= 0; at = source.indexOf(piece, at + 1)) found.push(source.slice(at, at + 12))
  return found
}
