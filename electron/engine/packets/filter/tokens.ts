/**
 * Words of a display filter. Never fails: what is wrong is found by `parse.ts`, and completion works on the same tokens. One
 * pass, every character looked at a bounded number of times.
 */
import type { FilterErrorKey } from './errors.ts'
import type { Comparison } from './tree.ts'

interface Placed {
  readonly start: number
  readonly end: number
}
export type Token =
  /** A field, protocol, number, address, bytes: whatever has no quotes. */
  | (Placed & { readonly kind: 'word'; readonly text: string })
  | (Placed & { readonly kind: 'string'; /** One character for each byte. */ readonly binary: string })
  | (Placed & { readonly kind: 'character'; readonly code: number })
  | (Placed & {
      readonly kind: 'compare'
      readonly comparison: Comparison
      readonly quantifier: 'any' | 'all'
    })
  | (Placed & { readonly kind: 'contains' | 'matches' | 'in' | 'and' | 'or' | 'xor' | 'not' | 'any' | 'all' })
  | (Placed & { readonly kind: '(' | ')' | '{' | '}' | ',' | '..' | '#' | '@' | '$' | '+' | '-' | '*' | '/' | '%' | '&' })
  /** What stands between square brackets. */
  | (Placed & { readonly kind: 'brackets'; readonly text: string; readonly closed: boolean })
  | (Placed & { readonly kind: 'bad'; readonly key: FilterErrorKey; readonly found: string })
  | (Placed & { readonly kind: 'end' })
export type TokenKind = Token['kind']

const COMPARISONS: Readonly<Record<string, readonly [Comparison, 'any' | 'all']>> = {
  '==': ['equal', 'any'],
  eq: ['equal', 'any'],
  any_eq: ['equal', 'any'],
  '===': ['equal', 'all'],
  all_eq: ['equal', 'all'],
  '!=': ['unequal', 'all'],
  ne: ['unequal', 'all'],
  all_ne: ['unequal', 'all'],
  '!==': ['unequal', 'any'],
  '~=': ['unequal', 'any'],
  any_ne: ['unequal', 'any'],
  '>': ['greater', 'any'],
  gt: ['greater', 'any'],
  '>=': ['greaterEqual', 'any'],
  ge: ['greaterEqual', 'any'],
  '<': ['less', 'any'],
  lt: ['less', 'any'],
  '<=': ['lessEqual', 'any'],
  le: ['lessEqual', 'any'],
}
const KEYWORDS: Readonly<Record<string, 'contains' | 'matches' | 'in' | 'and' | 'or' | 'xor' | 'not' | 'any' | 'all' | '&'>> = {
  contains: 'contains',
  matches: 'matches',
  '~': 'matches',
  in: 'in',
  and: 'and',
  '&&': 'and',
  or: 'or',
  '||': 'or',
  xor: 'xor',
  '^^': 'xor',
  not: 'not',
  '!': 'not',
  any: 'any',
  all: 'all',
  bitwise_and: '&',
  bitand: '&',
}
/** Longest first. */
const SIGNS = ['===', '!==', '==', '!=', '~=', '>=', '<=', '&&', '||', '^^', '..', '>', '<', '~', '!'] as const
const SINGLE = new Set(['(', ')', '{', '}', ',', '#', '@', '$', '+', '-', '*', '/', '%', '&'])
const WORD = /[A-Za-z0-9_.:-]/
const STARTS_WORD = /[A-Za-z0-9_.:]/
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/

/** Ends with a token of kind `end`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (/\s/.test(character)) {
      at++
      continue
    }
    const token = tokenAt(text, at, tokens)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length })
  return tokens
}

function tokenAt(text: string, start: number, before: readonly Token[]): Token {
  const character = text[start]!
  if (character === '[') return bracketsAt(text, start)
  if (character === '"') return stringAt(text, start, start + 1, false, before)
  if ((character === 'r' || character === 'R') && text[start + 1] === '"') return stringAt(text, start, start + 2, true, before)
  if (character === "'") return characterAt(text, start)
  const sign = SIGNS.find((one) => text.startsWith(one, start))
  if (sign !== undefined) return signAt(sign, start)
  if (SINGLE.has(character)) return { kind: character as '(', start, end: start + 1 }
  if (!STARTS_WORD.test(character)) {
    const found = String.fromCodePoint(text.codePointAt(start)!)
    return { kind: 'bad', start, end: start + found.length, key: 'bad_character', found }
  }
  return wordAt(text, start)
}

function signAt(sign: string, start: number): Token {
  const end = start + sign.length
  const compared = Object.hasOwn(COMPARISONS, sign) ? COMPARISONS[sign] : undefined
  if (compared !== undefined) return { kind: 'compare', comparison: compared[0], quantifier: compared[1], start, end }
  if (sign === '..') return { kind: '..', start, end }
  return { kind: KEYWORDS[sign]!, start, end } as Token
}

function wordAt(text: string, start: number): Token {
  let end = start
  while (end < text.length && WORD.test(text[end]!)) {
    // Two dots are a range: `80..443`.
    if (text[end] === '.' && text[end + 1] === '.') break
    end++
  }
  if (text[end] === '/' && ADDRESS.test(text.slice(start, end))) {
    const bits = /^\/\d+/.exec(text.slice(end, end + 8))
    if (bits !== null) end += bits[0].length
  }
  const word = text.slice(start, end)
  const compared = Object.hasOwn(COMPARISONS, word) ? COMPARISONS[word] : undefined
  if (compared !== undefined) return { kind: 'compare', comparison: compared[0], quantifier: compared[1], start, end }
  const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined
  if (keyword !== undefined) return { kind: keyword, start, end } as Token
  return { kind: 'word', text: word, start, end }
}

function bracketsAt(text: string, start: number): Token {
  const close = text.indexOf(']', start)
  const end = close < 0 ? text.length : close + 1
  return { kind: 'brackets', text: text.slice(start + 1, close < 0 ? end : close), closed: close >= 0, start, end }
}

/** C's escapes. `pattern`: what is none stays as it is, because regular expressions have more of them. */
function stringAt(text: string, start: number, from: number, raw: boolean, before: readonly Token[]): Token {
  const pattern = before.at(-1)?.kind === 'matches'
  let binary = ''
  let at = from
  while (at < text.length) {
    const character = text[at]!
    if (character === '"') return { kind: 'string', binary, start, end: at + 1 }
    if (character !== '\\') {
      const whole = String.fromCodePoint(text.codePointAt(at)!)
      binary += utf8Binary(whole)
      at += whole.length
      continue
    }
    const escape = raw ? null : escapeAt(text, at)
    if (escape !== null) binary += escape.byte ? String.fromCharCode(escape.code) : utf8Binary(String.fromCodePoint(escape.code))
    else if (raw || pattern) binary += utf8Binary(text.slice(at, at + 2))
    else return { kind: 'bad', start: at, end: Math.min(text.length, at + 2), key: 'bad_escape', found: text.slice(at, at + 2) }
    at = escape?.end ?? at + 2
  }
  return { kind: 'bad', start, end: text.length, key: 'quote_open', found: '"' }
}

function characterAt(text: string, start: number): Token {
  let at = start + 1
  let code = -1
  if (text[at] === '\\') {
    const escape = escapeAt(text, at)
    if (escape === null) return { kind: 'bad', start: at, end: at + 2, key: 'bad_escape', found: text.slice(at, at + 2) }
    code = escape.code
    at = escape.end
  } else if (at < text.length && text[at] !== "'") {
    code = text.charCodeAt(at)
    at++
  }
  if (text[at] === "'" && code >= 0) return { kind: 'character', code, start, end: at + 1 }
  const close = text.indexOf("'", at)
  const end = close < 0 ? text.length : close + 1
  return { kind: 'bad', start, end, key: close < 0 ? 'quote_open' : 'bad_char', found: text.slice(start, end) }
}

const SHORT: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "'": 39, '"': 34, '\\': 92 }

/** One character for each byte of the text's UTF-8. */
export const utf8Binary = (text: string): string =>
  /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')

/** The escape that begins with the backslash at `at`; null where it is none. `byte`: it states a byte, not a character. */
function escapeAt(text: string, at: number): { readonly code: number; readonly byte: boolean; readonly end: number } | null {
  const letter = text[at + 1]
  if (letter === undefined) return null
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))
  if (octal !== null) return { code: Number.parseInt(octal[0], 8) & 255, byte: true, end: at + 1 + octal[0].length }
  const hex = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(text.slice(at + 1, at + 10))
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)
    return code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)
      ? null
      : { code, byte: hex[1] !== undefined, end: at + 1 + hex[0].length }
  }
  const code = Object.hasOwn(SHORT, letter) ? SHORT[letter] : undefined
  return code === undefined ? null : { code, byte: true, end: at + 2 }
}
