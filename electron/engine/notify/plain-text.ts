/** Foreign text on its way into a message: one line, of a bounded length, with what hides or reorders shown as what it is. */
import { HIDDEN_CHARACTERS } from '../../../shared/hidden-characters.ts'

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
const BREAKS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Line breaks and tabs are shown as `\n` and `\t`, hidden characters as `\u202e`; cut after `most` characters, which an ellipsis says. */
export function plainLine(text: string, most = 1000): string {
  // Cut before it is escaped: an escape may be six characters, and nothing of megabytes is worth the work.
  const cut = text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…` : text
  return cut
    .replace(/[\n\r\t]/g, (sign) => BREAKS[sign] ?? ' ')
    .replace(HIDDEN_CHARACTERS, (hidden) => hidden.replace(/[^]/g, escapeUnit))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** For the content of an element and for quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? '')
