/** What the list under the query offers: completions at the caret, or recent queries. */
import type { Completion, KnownField } from '../../../shared/query/complete.ts'

export interface Choice {
  readonly id: string
  readonly kind: 'field' | 'keyword' | 'value' | 'time' | 'recent'
  readonly label: string
  readonly matched: { readonly start: number; readonly end: number } | null
  readonly field: KnownField | null
  readonly count: number | null
  /** The whole text and the caret once it is taken. */
  readonly text: string
  readonly caret: number
}

export function choicesOf(text: string, completion: Completion): Choice[] {
  const { from, to, suggestions } = completion
  return suggestions.map(({ kind, label, matched, insert, field, count }) => {
    // A closing quotation mark may be there already, and a space after a keyword.
    const after = text.slice(to)
    const kept = insert.endsWith(' ') && after.startsWith(' ') ? after.slice(1) : after
    return {
      id: `${kind}:${label}`,
      kind,
      label,
      matched,
      field,
      count,
      text: text.slice(0, from) + insert + kept,
      caret: from + insert.length,
    }
  })
}

/** Recent queries that hold what is typed; what stands there already is not offered again. */
export function recentChoices(text: string, recent: readonly string[]): Choice[] {
  const typed = text.trim().toLowerCase()
  return recent
    .filter((one) => one !== text.trim() && one.toLowerCase().includes(typed))
    .map((one, index) => ({
      id: `recent:${index}`,
      kind: 'recent',
      label: one,
      matched: null,
      field: null,
      count: null,
      text: one,
      caret: one.length,
    }))
}
