/** Foreign text as it is written into a document: as characters that are seen, in the order in which they stand. */

/**
 * Controls but line feed, format and direction characters, lone surrogates, private and unassigned ones (which XML and fonts have no
 * place for), separators of lines, and what is drawn as nothing.
 */
const UNSEEN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const PLAIN = /^[\x20-\x7e가-힣]*$/

/** `\x1b`, `\u202e`, `\u{e0041}`: as on screen. */
export function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}

/** Line feeds stay, tabs become a blank. */
export const visibleText = (text: string): string =>
  PLAIN.test(text) ? text : text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').replace(UNSEEN, escapeCharacter)

/** The same on one line. */
export const visibleLine = (text: string): string => visibleText(text).replaceAll('\n', ' ')
