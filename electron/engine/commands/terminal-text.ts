/** Foreign text on its way to a terminal: what would command the terminal or reorder its line is written as an escape. */
import { HIDDEN_CHARACTERS } from '../../../shared/hidden-characters.ts'

const PLAIN = /^[\x20-\x7e]*$/

/**
 * Hidden characters as `\uXXXX`, one for each UTF-16 unit. Inside of JSON that is the same text: whoever parses the line gets what
 * was stored.
 */
export const terminalText = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(HIDDEN_CHARACTERS, (hidden) => hidden.replace(/[^]/g, escapeUnit))

/** The same on one line, whatever the text holds. */
export const terminalLine = (text: string): string => terminalText(text).replace(/[\n\t]/g, escapeUnit)

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
