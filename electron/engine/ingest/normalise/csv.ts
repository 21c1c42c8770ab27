/** Rows of separated values (RFC 4180), one record at a time. */
import { Buffer } from 'node:buffer'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'

const QUOTE = 0x22
const DELIMITERS = [',', '\t', ';', '|'] as const

/** Fields of one row, or why it is none. Quotes count at the beginning of a field only; `""` inside quotes is one. */
export function csvRow(text: string, delimiter: string, limit = 1024): string[] | Sentence {
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (fields.length >= limit) return say('too_many_columns', { most: limit })
    if (text.charCodeAt(at) === 34) {
      let end = at + 1
      let doubled = false
      for (;;) {
        end = text.indexOf('"', end)
        if (end < 0) return say('quote_open')
        if (text.charCodeAt(end + 1) !== 34) break
        doubled = true
        end += 2
      }
      const value = text.slice(at + 1, end)
      fields.push(doubled ? value.replaceAll('""', '"') : value)
      at = end + 1
      if (at >= text.length) return fields
      if (!text.startsWith(delimiter, at)) return say('text_after_quotes')
      at += delimiter.length
    } else {
      const end = text.indexOf(delimiter, at)
      if (end < 0) {
        fields.push(text.slice(at))
        return fields
      }
      fields.push(text.slice(at, end))
      at = end + delimiter.length
    }
  }
}

/** The row goes on behind a line end. */
export const isOpen = (row: string[] | Sentence): boolean => !Array.isArray(row) && row.code === 'quote_open'

/** The delimiter that gives the header the most columns, or null where none gives two. */
export function delimiterOf(header: string): string | null {
  let best: string | null = null
  let most = 1
  for (const delimiter of DELIMITERS) {
    const row = csvRow(header, delimiter)
    if (Array.isArray(row) && row.length > most) {
      best = delimiter
      most = row.length
    }
  }
  return best
}

/** What a parser of separated values keeps between records, as `RecordParser.state` gave it; null where it is none. */
export function csvState(state: string | null | undefined): { readonly delimiter: string; readonly names: string[] } | null {
  if (state === undefined || state === null) return null
  try {
    const kept: unknown = JSON.parse(state)
    if (typeof kept !== 'object' || kept === null) return null
    const { delimiter, names } = kept as { delimiter?: unknown; names?: unknown }
    if (typeof delimiter !== 'string' || delimiter.length !== 1) return null
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? { delimiter, names } : null
  } catch {
    return null
  }
}

/** Lines → rows, some of which go over several lines (RFC 4180 §2.6). What is still open at the end is left out. */
export function joinedLines(lines: readonly string[], delimiter: string): string[] {
  const rows: string[] = []
  let open: string | null = null
  for (const line of lines) {
    const text: string = open === null ? line : `${open}\n${line}`
    open = isOpen(csvRow(text, delimiter)) ? text : null
    if (open === null) rows.push(text)
  }
  return rows
}

/** `broken`: text stands behind a quote that would have closed the field, so that it was none. */
export type QuoteState = 'closed' | 'open' | 'broken'

/**
 * Whether a quoted field is open behind the line `bytes[from..to)`, which begins inside one where `open`. Sees quotes as
 * {@link csvRow} does.
 */
export function quoteBehind(bytes: Uint8Array, from: number, to: number, delimiter: Uint8Array, open: boolean): QuoteState {
  let inside = open
  let at = from
  for (;;) {
    if (!inside) {
      if (at < to && bytes[at] === QUOTE) at++
      else {
        while (at < to && !standsAt(bytes, at, to, delimiter)) at++
        if (at >= to) return 'closed'
        at += delimiter.length
        continue
      }
    }
    inside = true
    while (at < to && bytes[at] !== QUOTE) at++
    if (at >= to) return 'open'
    at++
    if (at < to && bytes[at] === QUOTE) {
      at++
      continue
    }
    if (at >= to) return 'closed'
    if (!standsAt(bytes, at, to, delimiter)) return 'broken'
    at += delimiter.length
    inside = false
  }
}

function standsAt(bytes: Uint8Array, at: number, to: number, delimiter: Uint8Array): boolean {
  if (bytes[at] !== delimiter[0] || at + delimiter.length > to) return false
  for (let i = 1; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return false
  return true
}

export const delimiterBytes = (delimiter: string): Uint8Array => Buffer.from(delimiter)
