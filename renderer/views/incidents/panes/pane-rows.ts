/** `j` and `k` in panes: from row to row of the pane that has the focus. A pane whose rows are not all laid out moves by itself. */

const movers = new WeakMap<Element, (step: number) => boolean>()

/** Says how a pane moves; gives the function that takes it back. */
export function movesBy(element: Element, move: (step: number) => boolean): () => void {
  movers.set(element, move)
  return () => void movers.delete(element)
}

/** The pane that has the focus, or the first on screen that has rows. */
function activePane(): HTMLElement | null {
  const own = document.activeElement?.closest<HTMLElement>('[data-pane]')
  if (own) return own
  return (
    [...document.querySelectorAll<HTMLElement>('[data-pane]')].find((pane) => pane.querySelector('[data-row], [data-moves]')) ??
    null
  )
}

/** One row down or up in the pane that has the focus. */
export function moveInPane(step: number): boolean {
  const own = document.activeElement?.closest('[data-moves]')
  const move = own ? movers.get(own) : undefined
  if (move) return move(step)
  const pane = activePane()
  if (!pane) return false
  const inner = pane.querySelector('[data-moves]')
  const innerMove = inner ? movers.get(inner) : undefined
  if (innerMove) return innerMove(step)
  const rows = [...pane.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null)
  if (rows.length === 0) return false
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
  return true
}

/** The row of a kind that has the focus: what a key acts on. */
export function focusedRow(kind: string): string | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]')
  return row?.dataset['row'] === kind ? (row.dataset['id'] ?? null) : null
}

/** Whether arrows sideways belong to the control that has the focus. */
export const ownsArrows = (): boolean =>
  document.activeElement?.closest('[role=tablist],[role=radiogroup],[role=menu],[role=grid],[role=treegrid]') !== null &&
  document.activeElement !== null
