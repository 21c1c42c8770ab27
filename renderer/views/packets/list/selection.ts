/** Rows that are selected: spans of indices of one view, in order and apart from each other. */

/** From the first to before the second. */
export type RowSpan = readonly [from: number, end: number]
export interface Selection {
  readonly spans: readonly RowSpan[]
  /** Where a stretch begins that is drawn out. */
  readonly anchor: number
  /** The row that was touched last: it has the cursor. */
  readonly lead: number
}

/** Most packets that can be marked at once. */
export const MOST_SELECTED = 10_000

export const oneRow = (index: number): Selection => ({ spans: [[index, index + 1]], anchor: index, lead: index })
export const isSelected = ({ spans }: Selection, index: number): boolean =>
  spans.some(([from, end]) => index >= from && index < end)
export const countOf = ({ spans }: Selection): number => spans.reduce((sum, [from, end]) => sum + end - from, 0)

/** Everything from the anchor to this row, and nothing else. */
export const drawnTo = ({ anchor }: Selection, index: number): Selection => ({
  spans: [[Math.min(anchor, index), Math.max(anchor, index) + 1]],
  anchor,
  lead: index,
})

/** This row too, or not any more. The last one stays. */
export function toggled(selection: Selection, index: number): Selection {
  const { spans } = selection
  const held = spans.findIndex(([from, end]) => index >= from && index < end)
  const at = spans[held]
  if (!at) return { spans: joined([...spans, [index, index + 1]]), anchor: index, lead: index }
  if (countOf(selection) === 1) return oneRow(index)
  const rest: RowSpan[] = [
    [at[0], index],
    [index + 1, at[1]],
  ]
  return { spans: spans.toSpliced(held, 1, ...rest.filter(([from, end]) => end > from)), anchor: index, lead: index }
}

function joined(spans: readonly RowSpan[]): readonly RowSpan[] {
  const out: RowSpan[] = []
  for (const [from, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from <= last[1]) out[out.length - 1] = [last[0], Math.max(last[1], end)]
    else out.push([from, end])
  }
  return out
}
