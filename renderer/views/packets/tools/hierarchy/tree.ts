/** The protocols as a tree of lines, of which those below a closed one are not seen. */
export interface Level {
  readonly depth: number
}

/** Indices of the lines that are seen, in order. `closed` has the indices of closed ones. */
export function seenLines(lines: readonly Level[], closed: ReadonlySet<number>): number[] {
  const seen: number[] = []
  let hidden = Number.POSITIVE_INFINITY
  lines.forEach(({ depth }, index) => {
    if (depth > hidden) return
    hidden = closed.has(index) ? depth : Number.POSITIVE_INFINITY
    seen.push(index)
  })
  return seen
}

export const hasBelow = (lines: readonly Level[], index: number): boolean =>
  (lines[index + 1]?.depth ?? 0) > (lines[index]?.depth ?? 0)

/** The line that this one stands below; -1 at the top. */
export function parentOf(lines: readonly Level[], index: number): number {
  const depth = lines[index]?.depth ?? 0
  for (let at = index - 1; at >= 0; at -= 1) if ((lines[at]?.depth ?? 0) < depth) return at
  return -1
}
