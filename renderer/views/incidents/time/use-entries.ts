/** The entries of the timeline, page after page; what was read stays on screen until its newer state is whole. */
import { useEffect, useRef, useState } from 'react'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import type { Result, WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient, useClientState } from '../../../client/hooks.ts'
import type { OutputOf } from '../../../client/types.ts'
import type { Span } from './axis.ts'

export interface Entries {
  /** In order of time. */
  readonly entries: readonly TimelineEntry[]
  /** Of the incident. */
  readonly total: number
  /** Every entry has been read. */
  readonly whole: boolean
  /** There are too many to hold: only those of the window are here. */
  readonly partial: boolean
  /** Of all entries; null before the first answer. */
  readonly span: { readonly from: number; readonly to: number } | null
  readonly error: WatchfloorError | null
}

/** The first page is soon on screen; the others follow. */
const FIRST = 300
const PAGE = 1000
/** Most that are held. */
export const MOST_HELD = 20_000

const NONE: Entries = { entries: [], total: 0, whole: false, partial: false, span: null, error: null }
const iso = (ms: number): string => new Date(ms).toISOString()

/** `turn` grows when something has changed. `window` matters only where there are more than can be held. */
export function useEntries(number: string, turn: number, window: Span | null): Entries & { refresh(): void } {
  const client = useClient()
  const open = useClientState() === 'open'
  const [state, setState] = useState(NONE)
  const [again, setAgain] = useState(0)
  const shown = useRef(NONE)
  const many = state.total > MOST_HELD
  const key = many && window ? `${window.from} ${window.to}` : ''
  useEffect(() => {
    if (!open) return
    const controller = new AbortController()
    const [from, to] = key.split(' ').map(Number)
    const within = key === '' || from === undefined || to === undefined ? null : { from, to }
    void (async () => {
      const read: TimelineEntry[] = []
      let after = null as string | null
      const put = (next: Entries): void => {
        shown.current = next
        setState(next)
      }
      for (let page = 0; ; page += 1) {
        const answer: Result<OutputOf<'incidents.timeline'>> = await client.query(
          'incidents.timeline',
          {
            number,
            from: within ? iso(within.from) : null,
            to: within ? iso(within.to) : null,
            slots: 1,
            limit: page === 0 ? FIRST : PAGE,
            after,
          },
          { signal: controller.signal },
        )
        if (controller.signal.aborted) return
        if (!answer.ok) {
          if (answer.error.code !== 'engine_gone') put({ ...shown.current, error: answer.error })
          return
        }
        const value: OutputOf<'incidents.timeline'> = answer.value
        read.push(...value.entries)
        after = value.after
        const whole = after === null || read.length >= MOST_HELD
        // A newer state takes the place of the older one at once, not page by page: nothing moves under the reader.
        // Nor is everything drawn again for each page: when there is as much again.
        if (whole || read.length >= 2 * shown.current.entries.length) {
          const span =
            within && shown.current.span ? shown.current.span : { from: Date.parse(value.from), to: Date.parse(value.to) }
          put({
            entries: [...read],
            total: within ? shown.current.total : value.total,
            whole: after === null,
            partial: within !== null,
            span,
            error: null,
          })
        }
        if (whole) return
        await new Promise((resolve) => setTimeout(resolve, 0))
        if (controller.signal.aborted) return
      }
    })()
    return () => controller.abort()
    // `key` stands for the window.
  }, [client, number, turn, again, open, key])
  return { ...state, refresh: () => setAgain((before) => before + 1) }
}

/** The first entry at or after a time, by index; the number of entries where there is none. */
export function firstFrom(entries: readonly TimelineEntry[], at: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (Date.parse(entries[middle]?.time ?? '') < at) low = middle + 1
    else high = middle
  }
  return low
}
