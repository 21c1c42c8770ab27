/** Texts as HTML: characters that mean something there are written as references, characters that hide are shown. */
import { visibleText } from '../visible-text.ts'

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For element content and for quoted attributes alike. */
export const html = (text: string): string => visibleText(text).replace(/[&<>"']/g, (character) => NAMED[character] ?? '')
