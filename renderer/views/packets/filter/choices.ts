/** What the list under the filter offers. */
import { joinSpans } from '../../../format/text.ts'

export interface FilterOption {
  readonly label: string
  readonly type: string
  readonly doc: string
  readonly how: 'index' | 'decode' | 'dissect' | null
  /** Part of the label that was typed. */
  readonly matched: { readonly start: number; readonly end: number } | null
  /** The whole text and the caret once it is taken. */
  readonly text: string
  readonly caret: number
}

export const replaceAt = (text: string, from: number, length: number, word: string): string =>
  text.slice(0, from) + word + text.slice(from + length)

export function choicesOf(
  text: string,
  {
    from,
    to,
    choices,
  }: {
    readonly from: number
    readonly to: number
    readonly choices: readonly {
      readonly name: string
      readonly type: string
      readonly doc: string
      readonly how: 'index' | 'decode' | 'dissect'
    }[]
  },
): readonly FilterOption[] {
  const typed = text.slice(from, to).toLowerCase()
  // What stands there already need not be offered alone.
  if (choices.length === 1 && choices[0]?.name === text.slice(from, to)) return []
  return choices.map(({ name, type, doc, how }) => {
    const start = typed === '' ? -1 : name.toLowerCase().indexOf(typed)
    return {
      label: name,
      type,
      doc,
      how,
      matched: start < 0 ? null : (joinSpans([{ start, end: start + typed.length }], name.length)[0] ?? null),
      text: replaceAt(text, from, to - from, name),
      caret: from + name.length,
    }
  })
}

/** Filters that were run and hold what is typed; what stands there already is not offered again. */
export function recentOf(text: string, recent: readonly string[]): readonly FilterOption[] {
  const typed = text.trim().toLowerCase()
  return recent
    .filter((one) => one !== text.trim() && one.toLowerCase().includes(typed))
    .slice(0, 20)
    .map((one) => ({ label: one, type: '', doc: '', how: null, matched: null, text: one, caret: one.length }))
}
