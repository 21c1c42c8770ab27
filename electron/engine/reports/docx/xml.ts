/** Texts as XML 1.0. What XML has no place for (controls, lone surrogates, noncharacters) is shown as its number before. */
import { visibleText } from '../visible-text.ts'

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** For content and for attributes alike. */
export const xml = (text: string): string => visibleText(text).replace(/[&<>"']/g, (character) => NAMED[character] ?? '')

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
