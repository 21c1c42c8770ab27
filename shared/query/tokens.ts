/**
 * Words of a query. Never fails: what is wrong is found by `parse.ts`, and the highlighter and the completion work on the
 * same tokens. One pass, every character looked at a bounded number of times.
 */
import { UNICODE_ESCAPE } from './escape.ts'

export type Token =
  /** Free text, or the name of a field where an operator follows. */
  | {
      readonly kind: 'word'
      readonly start: number
      readonly end: number
      readonly literal: string
      readonly pattern: string | null
    }
  /** A value after an operator, in a list, or in a range. */
  | {
      readonly kind: 'value'
      readonly start: number
      readonly end: number
      readonly literal: string
      readonly pattern: string | null
    }
  | {
      readonly kind: 'quoted'
      readonly start: number
      readonly end: number
      readonly literal: string
      readonly closed: boolean
      readonly inValue: boolean
    }
  | { readonly kind: 'operator'; readonly start: number; readonly end: number; readonly operator: Operator }
  | { readonly kind: 'keyword'; readonly start: number; readonly end: number; readonly keyword: 'and' | 'or' | 'not' | 'to' }
  /** `-` or `!` before what it excludes. */
  | { readonly kind: 'minus'; readonly start: number; readonly end: number }
  | { readonly kind: 'open' | 'close' | 'rangeOpen' | 'rangeClose'; readonly start: number; readonly end: number }
export type Operator = ':' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '=='

const SPACE = /\s/
/** Where a value ends. */
const ENDS_VALUE = new Set(['(', ')', '[', ']', '"'])
/** Characters that a backslash makes plain; before any other a backslash is itself, so that `C:\Windows` needs none. */
const ESCAPABLE = new Set(['\\', '*', '?', '"', '(', ')', '[', ']', ':', '<', '>', '=', '!', '-', ' ', '\t'])
/** An IPv6 address, a hardware address, or a URL typed as free text: its colons separate no field from a value. */
const COLON_TEXT = /^(?:[0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,}(?:\/\d{1,3})?|[a-z][a-z0-9+.-]{1,20}:\/\/.*)$/i

/** True where `name` would be read as the beginning of an address when it stands bare before `:`. */
export const looksLikeAddress = (name: string): boolean => /^[0-9a-f]{0,4}$/i.test(name)

/** Tokens of a query, in order; what is between them is white space. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const length = text.length
  /** Innermost last: what the closing bracket to come closes. */
  const open: ('group' | 'list' | 'range')[] = []
  let at = 0
  /** True directly after an operator: a value is due. */
  let due = false

  const push = (kind: 'open' | 'close' | 'rangeOpen' | 'rangeClose'): void => {
    tokens.push({ kind, start: at, end: at + 1 })
    at++
  }

  while (at < length) {
    const character = text[at] as string
    if (SPACE.test(character)) {
      at++
      continue
    }
    const context = open.at(-1)
    const value = due || context === 'list' || context === 'range'
    if (character === '(') {
      open.push(due || context === 'list' ? 'list' : 'group')
      due = false
      push('open')
      continue
    }
    if (character === ')') {
      // A range that is never closed must not swallow the groups around it.
      if (context === 'range') open.pop()
      open.pop()
      due = false
      push('close')
      continue
    }
    if (character === '[') {
      if (due || context === 'list') open.push('range')
      due = false
      push('rangeOpen')
      continue
    }
    if (character === ']') {
      if (context === 'range') open.pop()
      due = false
      push('rangeClose')
      continue
    }
    if (character === '"') {
      const quoted = scanQuoted(text, at)
      tokens.push({ kind: 'quoted', start: at, ...quoted, inValue: value })
      at = quoted.end
      due = false
      continue
    }
    if (value) {
      const previous = tokens.at(-1)
      if (due && previous?.kind === 'operator' && previous.operator === ':' && (character === '<' || character === '>')) {
        const operator = text[at + 1] === '=' ? (`${character}=` as Operator) : (character as Operator)
        tokens.push({ kind: 'operator', start: at, end: at + operator.length, operator })
        at += operator.length
        continue
      }
      const word = scanWord(text, at, false)
      const keyword = text.slice(at, word.end).toLowerCase()
      const attached = due && previous !== undefined && previous.end === at
      const isKeyword =
        context === 'range' && !due
          ? keyword === 'to'
          : due
            ? !attached && (keyword === 'and' || keyword === 'or' || keyword === 'not')
            : keyword === 'or' || keyword === 'and' || keyword === 'not'
      if (isKeyword) tokens.push({ kind: 'keyword', start: at, end: word.end, keyword: keyword as 'and' | 'or' | 'not' | 'to' })
      else tokens.push({ kind: 'value', start: at, ...word })
      at = word.end
      due = false
      continue
    }
    const operator = operatorAt(text, at)
    const bareAddress =
      operator === ':' && text[at + 1] === ':' && tokens.at(-1)?.end !== at && COLON_TEXT.test(wholeWord(text, at))
    if (operator !== undefined && !bareAddress) {
      tokens.push({ kind: 'operator', start: at, end: at + operator.length, operator })
      at += operator.length
      due = true
      continue
    }
    if (character === '-' || character === '!') {
      tokens.push({ kind: 'minus', start: at, end: at + 1 })
      at++
      continue
    }
    let word = scanWord(text, at, !bareAddress)
    if (text[word.end] === ':' && COLON_TEXT.test(wholeWord(text, at))) word = scanWord(text, at, false)
    const keyword = text.slice(at, word.end).toLowerCase()
    if ((keyword === 'and' || keyword === 'or' || keyword === 'not') && operatorAt(text, word.end) === undefined) {
      tokens.push({ kind: 'keyword', start: at, end: word.end, keyword })
    } else tokens.push({ kind: 'word', start: at, ...word })
    at = word.end
  }
  return tokens
}

/** The longest word an address or URL may have and still be taken for free text. */
const MAX_COLON_TEXT = 2048
function wholeWord(text: string, at: number): string {
  const end = scanWord(text, at, false).end
  return end - at > MAX_COLON_TEXT ? '' : text.slice(at, end)
}

function operatorAt(text: string, at: number): Operator | undefined {
  const first = text[at]
  const second = text[at + 1]
  if (first === ':') return ':'
  if (first === '=') return second === '=' ? '==' : '='
  if (first === '<' || first === '>') return second === '=' ? `${first}=` : first
  return first === '!' && second === '=' ? '!=' : undefined
}

/** A bare word from `at`: where it ends, what it says, and as a pattern where it has wildcards (see `escape.ts`). */
function scanWord(text: string, at: number, term: boolean): { end: number; literal: string; pattern: string | null } {
  let literal = ''
  let pattern = ''
  let wild = false
  let afterStar = false
  let end = at
  while (end < text.length) {
    const character = text[end] as string
    if (character === '\\') {
      afterStar = false
      const next = text[end + 1]
      if (next !== undefined && ESCAPABLE.has(next)) {
        literal += next
        pattern += next === '\\' || next === '*' || next === '?' ? `\\${next}` : next
        end += 2
        continue
      }
      const unicode = unicodeAt(text, end)
      if (unicode !== undefined) {
        literal += unicode.character
        pattern +=
          unicode.character === '\\' || unicode.character === '*' || unicode.character === '?'
            ? `\\${unicode.character}`
            : unicode.character
        end += unicode.length
        continue
      }
      literal += '\\'
      pattern += '\\\\'
      end++
      continue
    }
    if (ENDS_VALUE.has(character) || SPACE.test(character)) break
    if (term && operatorAt(text, end) !== undefined) break
    literal += character
    // Several stars in a row are one.
    if (character !== '*' || !afterStar) pattern += character
    if (character === '*' || character === '?') wild = true
    afterStar = character === '*'
    end++
  }
  return { end, literal, pattern: wild ? pattern : null }
}

function scanQuoted(text: string, at: number): { end: number; literal: string; closed: boolean } {
  let literal = ''
  let end = at + 1
  while (end < text.length) {
    const character = text[end] as string
    if (character === '"') return { end: end + 1, literal, closed: true }
    if (character === '\\') {
      const next = text[end + 1]
      if (next === '"' || next === '\\') {
        literal += next
        end += 2
        continue
      }
      const unicode = unicodeAt(text, end)
      if (unicode !== undefined) {
        literal += unicode.character
        end += unicode.length
        continue
      }
    }
    literal += character
    end++
  }
  return { end, literal, closed: false }
}

function unicodeAt(text: string, at: number): { character: string; length: number } | undefined {
  if (text[at + 1] !== 'u' || text[at + 2] !== '{') return undefined
  const match = UNICODE_ESCAPE.exec(text.slice(at, at + 10))
  const code = match?.[1] === undefined ? NaN : Number.parseInt(match[1], 16)
  return code <= 0x10ffff && match !== null ? { character: String.fromCodePoint(code), length: match[0].length } : undefined
}
