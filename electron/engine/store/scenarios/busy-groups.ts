/**
 * Windows of groups that much happens in, kept between batches: what comes is added to them, and nothing of the
 * group is read again. What is here can be made from `scenarios.db` at any time.
 */
import type { Entry } from '../../sigma/scenarios/judging.ts'
import type { SlidingWindow } from '../../sigma/scenarios/sliding-window.ts'

/** Entries in memory, of all groups together. */
const MOST_ENTRIES = 200_000

export class BusyGroups<E extends Entry> {
  /** Least recently used first. */
  readonly #windows = new Map<number, { readonly window: SlidingWindow<E>; size: number }>()
  #size = 0

  /** The window of a group that takes events from this time on. Where it has one that does not, it has none any more. */
  take(group: number, time: number): SlidingWindow<E> | null {
    const known = this.#windows.get(group)
    this.drop(group)
    return known?.window.takes(time) === true ? known.window : null
  }

  keep(group: number, window: SlidingWindow<E>): void {
    this.drop(group)
    const size = window.entries.length
    this.#windows.set(group, { window, size })
    this.#size += size
    for (const oldest of this.#windows.keys()) {
      if (this.#size <= MOST_ENTRIES) break
      this.drop(oldest)
    }
  }

  drop(group: number): void {
    this.#size -= this.#windows.get(group)?.size ?? 0
    this.#windows.delete(group)
  }

  clear(): void {
    this.#windows.clear()
    this.#size = 0
  }
}
