/** How one sequence became another: the stretches that differ, by Myers' greedy algorithm (1986), with a bound on the work. */

/** `[from, to)` of the old sequence became `[newFrom, newTo)` of the new one. */
export interface Hunk {
  readonly from: number
  readonly to: number
  readonly newFrom: number
  readonly newTo: number
}
type Pair = readonly [before: number, after: number]

/** With more differences than this, all between the first and the last of them is one hunk: coarse, and right. */
const MOST_DIFFERENCES = 600

/** Hunks in order; between two of them stands at least one element that both have. Time is bounded by `MOST_DIFFERENCES` times the length. */
export function hunksOf(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let to = before.length
  let newTo = after.length
  while (to > start && newTo > start && before[to - 1] === after[newTo - 1]) {
    to--
    newTo--
  }
  if (to === start && newTo === start) return []
  const whole = { from: start, to, newFrom: start, newTo }
  if (to === start || newTo === start) return [whole]
  const equal = equalPairs(before.slice(start, to), after.slice(start, newTo))
  if (equal === null) return [whole]
  const hunks: Hunk[] = []
  let [x, y] = [start, start]
  for (const [pairX, pairY] of [...equal.map(([a, b]): Pair => [a + start, b + start]), [to, newTo] as const]) {
    if (pairX > x || pairY > y) hunks.push({ from: x, to: pairX, newFrom: y, newTo: pairY })
    x = pairX + 1
    y = pairY + 1
  }
  return hunks
}

/** Elements of a longest common subsequence, in order; null where there are too many differences. */
function equalPairs(a: readonly string[], b: readonly string[]): Pair[] | null {
  const most = Math.min(a.length + b.length, MOST_DIFFERENCES)
  const middle = most + 1
  /** By diagonal x - y: how far along `a` the last round came. */
  const reach = new Int32Array(2 * most + 3)
  /** Diagonals -d-1 … d+1 as they stood before round d. */
  const rounds: Int32Array[] = []
  for (let d = 0; d <= most; d++) {
    rounds.push(reach.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      let x = stepsDown(k, d, reach[middle + k - 1]!, reach[middle + k + 1]!)
        ? reach[middle + k + 1]!
        : reach[middle + k - 1]! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reach[middle + k] = x
      if (x >= a.length && x - k >= b.length) return wayBack(rounds, d, x, x - k)
    }
  }
  return null
}

/** Whether a path comes to diagonal `k` from the one above (an element of `b` is added), or from the one below (one of `a` goes). */
const stepsDown = (k: number, d: number, below: number, above: number): boolean => k === -d || (k !== d && below < above)

function wayBack(rounds: readonly Int32Array[], last: number, endX: number, endY: number): Pair[] {
  const equal: Pair[] = []
  let [x, y] = [endX, endY]
  for (let d = last; d >= 0; d--) {
    const round = rounds[d]!
    const reached = (k: number): number => round[k + d + 1]!
    const k = x - y
    const down = stepsDown(k, d, reached(k - 1), reached(k + 1))
    const fromX = d === 0 ? 0 : reached(down ? k + 1 : k - 1)
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1)
    // Where the run of equal elements of this round began.
    const runX = d === 0 ? 0 : down ? fromX : fromX + 1
    while (x > runX) equal.push([--x, --y])
    x = fromX
    y = fromY
  }
  return equal.reverse()
}
