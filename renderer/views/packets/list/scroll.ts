/**
 * Which rows are on screen. Positions are pixels from the first row, as if the list were as high as all its rows together. A browser
 * lays out no element higher than about 33 million pixels, so beyond {@link TALLEST} the scrollbar stands for more than it measures:
 * dragging it is coarse, wheel and keys stay exact.
 */
export const ROW = 20
export const TALLEST = 12_000_000

export interface Extent {
  /** Rows in all. */
  readonly total: number
  /** Pixels of the list that are seen. */
  readonly view: number
}

/** Height of the element that gives the scrollbar its length. */
export const heightOf = ({ total }: Extent): number => Math.min(total * ROW, TALLEST)
export const isScaled = ({ total }: Extent): boolean => total * ROW > TALLEST

/** The position nearest to `at` that there is. */
export const clampPosition = (at: number, { total, view }: Extent): number => Math.max(0, Math.min(at, total * ROW - view))

/** Position for a place of the scrollbar. */
export function positionOf(scrollTop: number, extent: Extent): number {
  if (!isScaled(extent)) return clampPosition(scrollTop, extent)
  const room = heightOf(extent) - extent.view
  return room <= 0 ? 0 : clampPosition((scrollTop / room) * (extent.total * ROW - extent.view), extent)
}
/** Place of the scrollbar for a position. */
export function scrollTopOf(position: number, extent: Extent): number {
  if (!isScaled(extent)) return position
  const far = extent.total * ROW - extent.view
  return far <= 0 ? 0 : (position / far) * (heightOf(extent) - extent.view)
}

/** The first row that is seen, how far it is above the edge, and how many rows are seen at least in part. */
export function rowsAt(position: number, { total, view }: Extent): { first: number; above: number; count: number } {
  const first = Math.max(0, Math.floor(position / ROW))
  const above = position - first * ROW
  return { first, above, count: Math.max(0, Math.min(total - first, Math.ceil((view + above) / ROW))) }
}

/** The position at which a row is seen: unchanged where it is already; at an edge, or about the middle, below a whole row, where it is far away. */
export function reveal(index: number, position: number, extent: Extent, middle = false): number {
  const top = index * ROW
  const { view } = extent
  if (!middle && top >= position && top + ROW <= position + view) return clampPosition(position, extent)
  const far = middle || top < position - view || top > position + 2 * view
  const at = far ? top - Math.floor((view - ROW) / 2 / ROW) * ROW : top < position ? top : top + ROW - view
  return clampPosition(at, extent)
}

/** Rows of a page key: one is kept in sight. */
export const pageRows = ({ view }: Extent): number => Math.max(1, Math.floor(view / ROW) - 1)
