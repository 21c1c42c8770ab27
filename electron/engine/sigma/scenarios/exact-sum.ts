/**
 * A sum of doubles without rounding on the way (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997): the same numbers give
 * the same sum in whatever order they are added and taken away again, and it is rounded once, when it is asked for.
 */
export class ExactSum {
  /** Do not overlap, ascending in size; their sum is the sum. */
  #parts: number[] = []

  /** What leaves is added with the other sign. Sums must stay finite. */
  add(value: number): void {
    const parts = this.#parts
    let x = value
    let kept = 0
    for (const part of parts) {
      const [large, small] = Math.abs(x) < Math.abs(part) ? [part, x] : [x, part]
      const high = large + small
      const low = small - (high - large)
      if (low !== 0) parts[kept++] = low
      x = high
    }
    parts.length = kept
    if (x !== 0) parts.push(x)
  }

  /** The double that is nearest to the sum. */
  get value(): number {
    const parts = this.#parts
    let at = parts.length - 1
    if (at < 0) return 0
    let high = parts[at--]!
    let low = 0
    while (at >= 0 && low === 0) {
      const x = high
      const y = parts[at--]!
      high = x + y
      low = y - (high - x)
    }
    // Half way between two doubles what is left decides.
    const next = at < 0 ? 0 : parts[at]!
    if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
      const y = low * 2
      const x = high + y
      if (y === x - high) high = x
    }
    return high
  }
}

export function exactSum(values: Iterable<number>): number {
  const sum = new ExactSum()
  for (const value of values) sum.add(value)
  return sum.value
}
