/**
 * Foreign text made harmless to the eye: control characters, direction marks and invisible characters are shown as what they
 * are, so that a record can neither hide nor reorder what stands in it.
 */
import { HIDDEN_CHARACTERS } from '../../shared/hidden-characters.ts'

/** A run of text that is shown as it is, or one character that is shown escaped. */
export interface TextPart {
  readonly text: string
  readonly escaped: boolean
  /** UTF-16 offset in the original. */
  readonly start: number
}

/** `\x1b`, `\u202e`, `\u{e0041}`. */
export function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x0d) return '\\r'
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Splits text into runs that are shown as they are and characters that must be shown escaped. */
export function visibleParts(text: string): TextPart[] {
  const found: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(HIDDEN_CHARACTERS)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), escaped: false, start: from })
    found.push({ text: escapeCharacter(match[0]), escaped: true, start: match.index })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ text: text.slice(from), escaped: false, start: from })
  return found
}

/** The same as plain text: for titles, attributes and places without room for markup. Line feeds and tabs are escaped too. */
export function visibleText(text: string): string {
  return visibleParts(text)
    .map((part) => part.text)
    .join('')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
}

/** A span of the original text that is marked. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

/** Overlapping and touching spans joined, in order, cut to the text's length. */
export function joinSpans(spans: readonly TextSpan[], length: number): TextSpan[] {
  const sorted = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)
  const joined: { start: number; end: number }[] = []
  for (const span of sorted) {
    const last = joined.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else joined.push({ ...span })
  }
  return joined
}
