/**
 * Rows of one height in a scroller. A browser cannot lay out an element above some 30 million pixels, so a longer list has a
 * shorter scrollbar: its place is scaled, while wheel and keys move by rows. All lengths are pixels.
 */

/** The tallest scrolled element. */
export const MAX_HEIGHT = 8_000_000

export interface Geometry {
  /** Height of the element that the scrollbar measures. */
  readonly height: number
  /** Pixels of the list to one of the scrollbar; 1 where nothing is scaled. */
  readonly scale: number
  /** The largest place of the list's upper edge. */
  readonly last: number
}

export function geometryOf(count: number, row: number, viewport: number): Geometry {
  const total = Math.max(0, count) * row
  const last = Math.max(0, total - viewport)
  if (total <= MAX_HEIGHT) return { height: total, scale: 1, last }
  return { height: MAX_HEIGHT, scale: last / Math.max(1, MAX_HEIGHT - viewport), last }
}

/** Rows that are seen where the list's upper edge is at `top`: from the first, and behind the last. */
export function rowsSeen(top: number, count: number, row: number, viewport: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(count, Math.floor(top / row)))
  return { from, to: Math.max(from, Math.min(count, Math.ceil((top + viewport) / row))) }
}

/** The place of the upper edge that brings a row into view with the least movement. */
export function topFor(index: number, top: number, row: number, viewport: number): number {
  if (index * row < top) return index * row
  if ((index + 1) * row > top + viewport) return Math.max(0, (index + 1) * row - viewport)
  return top
}
