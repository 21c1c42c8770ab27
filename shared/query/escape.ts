/**
 * How odd characters are written in a query, and how a wildcard pattern is read.
 *
 * In a bare word a backslash makes `\ * ? " ( ) [ ] : < > = ! -` and a space plain; before anything else it is itself. In quotes
 * only `\"` and `\\` are escapes. In both `\u{…}` is a character by its number: control and direction characters are
 * written so, because a one-line field cannot hold them and an eye cannot see them.
 */
export const UNICODE_ESCAPE = /^\\u\{([0-9a-fA-F]{1,6})\}/

/** Control characters, line separators, direction marks and other invisible ones, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\ufeff]/u

/** One character as it is written: itself, or `\u{…}` where it cannot be seen. */
function visible(character: string): string {
  return INVISIBLE.test(character) ? `\\u{${(character.codePointAt(0) as number).toString(16)}}` : character
}

/** Foreign text for a message: control and direction characters by their numbers, cut to `limit` characters. */
export function shown(text: string, limit = 60): string {
  let written = ''
  for (const character of text.slice(0, limit)) written += visible(character)
  return text.length > limit ? `${written}…` : written
}

/** A query as a one-line field can show it: blanks of every kind are spaces, other invisible characters are written by their numbers. */
export function showInvisible(text: string): string {
  let written = ''
  for (const character of text) written += /\s/.test(character) && character !== '\ufeff' ? ' ' : visible(character)
  return written
}

/** Any text as a quoted value. */
export function quote(text: string): string {
  let written = '"'
  for (const character of text) written += character === '"' || character === '\\' ? `\\${character}` : visible(character)
  return `${written}"`
}

/** A wildcard pattern of the tree as the word that gives it; curly quotes are numbers there, since a word that begins with one is refused. */
export function writePattern(pattern: string): string {
  let written = ''
  for (const piece of patternPieces(pattern)) {
    if (piece === ANY) written += '*'
    else if (piece === ONE) written += '?'
    else {
      for (const character of piece) {
        if (/[\\*?"()[\]<>=!: -]/.test(character)) written += `\\${character}`
        else
          written += /[\s“”„‟«»＂]/.test(character)
            ? `\\u{${(character.codePointAt(0) as number).toString(16)}}`
            : visible(character)
      }
    }
  }
  return written
}

/** Any run of characters, also none. */
export const ANY = Symbol('*')
/** Exactly one character. */
export const ONE = Symbol('?')

/**
 * A pattern of the tree (`wildcard.pattern`, or `text` where it has wildcards) in pieces: literal runs, `ANY`, `ONE`. In a
 * pattern a backslash makes the character after it literal: `\*`, `\?`, `\\`.
 */
export function patternPieces(pattern: string): (string | typeof ANY | typeof ONE)[] {
  const pieces: (string | typeof ANY | typeof ONE)[] = []
  let literal = ''
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    if (character === '*' || character === '?') {
      if (literal !== '') pieces.push(literal)
      literal = ''
      pieces.push(character === '*' ? ANY : ONE)
    } else if (character === '\\' && at + 1 < pattern.length) literal += pattern[++at]
    else literal += character
  }
  if (literal !== '') pieces.push(literal)
  return pieces
}

/** Literal text as a pattern that matches just it. */
export const escapePattern = (text: string): string => text.replace(/[\\*?]/g, '\\$&')
