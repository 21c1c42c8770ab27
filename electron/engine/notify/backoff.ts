/** How long to wait before the next attempt. */

const FIRST = 60_000
const LONGEST = 3_600_000
/** A fifth to either side: what failed together is not tried again together. */
const JITTER = 0.2

/** Milliseconds after the `failures`-th failure in a row (from 1): a minute, doubled each time, an hour at most. `random` in [0, 1). */
export function waitAfter(failures: number, random: () => number = Math.random): number {
  const base = Math.min(LONGEST, FIRST * 2 ** Math.min(20, Math.max(0, failures - 1)))
  return Math.round(Math.min(LONGEST, Math.max(FIRST, base * (1 + JITTER * (2 * random() - 1)))))
}
