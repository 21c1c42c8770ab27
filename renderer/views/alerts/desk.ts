/** Where the reader is in the queue; kept while another view is on screen. */
import { create } from 'zustand'
import type { Verdict } from '../../../shared/model/alert.ts'

interface DeskState {
  /** The row under the cursor: an alert's id, or a group's. */
  readonly current: string | null
  readonly marked: ReadonlySet<string>
  /** Where a range of marks begins. */
  readonly anchor: string | null
  readonly closed: ReadonlySet<string>
  readonly detail: boolean
  readonly following: boolean
  /** It follows because there was nothing to read; the first thing the reader does ends that. */
  readonly untilRead: boolean
  /** That has ended it, and nothing has been said of following since. */
  readonly stopped: boolean
  /** Verdict chosen for the current alert (or the marked ones), not decided yet. */
  readonly verdict: Verdict | null
  /** Chosen reason of the verdict; null: the usual one. */
  readonly why: string | null
  readonly reason: string
  /** After `d`: the next digit decides. */
  readonly armed: boolean
  /** Minutes on either side in the picture around an alert. */
  readonly zoom: number
}

export const useDesk = create<DeskState>(() => ({
  current: null,
  marked: new Set(),
  anchor: null,
  closed: new Set(),
  detail: true,
  following: false,
  untilRead: false,
  stopped: false,
  verdict: null,
  why: null,
  reason: '',
  armed: false,
  zoom: 20,
}))

/** The reader has begun to read: rows stay where they are. */
export function startReading(): void {
  if (useDesk.getState().untilRead) useDesk.setState({ following: false, untilRead: false, stopped: true })
}

/** Marks or unmarks rows. */
export function toggleMarks(ids: readonly string[], on?: boolean): void {
  startReading()
  useDesk.setState(({ marked }) => {
    const after = new Set(marked)
    const add = on ?? ids.some((id) => !marked.has(id))
    for (const id of ids) {
      if (add) after.add(id)
      else after.delete(id)
    }
    return { marked: after, anchor: ids.at(-1) ?? null }
  })
}
