/** Everything that the axis and the list of entries share. */
import { useEffect, useMemo, useRef } from 'react'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { useQuery } from '../../../client/hooks.ts'
import { useLooked } from '../incident-state.ts'
import { movedTo, roomAround, storyOf, zoomed, type Span } from './axis.ts'
import { useEntries, type Entries } from './use-entries.ts'

export const SLOTS = 240

export interface Timeline extends Entries {
  readonly all: Span | null
  readonly window: Span | null
  /** What the zoomed axis counts; of another window while the newer is on its way. */
  readonly counted: {
    readonly from: number
    readonly to: number
    readonly counts: Readonly<Record<string, readonly number[]>>
    readonly groups: readonly { readonly group: string; readonly from: number; readonly to: number }[]
    readonly gaps: readonly { readonly from: number; readonly to: number }[]
  } | null
  readonly current: TimelineEntry | null
  readonly index: number
  /** Puts the cursor on an entry, and it into the window. */
  choose(entry: TimelineEntry | null): void
  step(by: number): boolean
  zoom(step: 1 | -1): void
  setWindow(window: Span | null): void
  refresh(): void
}

/** `turn` grows when the timeline has changed. */
export function useTimeline(number: string, turn: number): Timeline {
  const { entry: chosen, window: wished } = useLooked()
  const found = useEntries(number, turn, wished === 'all' ? null : wished)
  const all = useMemo(() => (found.span ? roomAround(found.span.from, found.span.to) : null), [found.span])
  const story = useMemo(() => (all && !found.partial ? storyOf(found.entries, all) : null), [found.entries, found.partial, all])
  const window = wished === 'all' ? all : (wished ?? story ?? all)
  const counts = useQuery(
    'incidents.timeline',
    window
      ? {
          number,
          from: new Date(Math.floor(window.from)).toISOString(),
          to: new Date(Math.ceil(window.to)).toISOString(),
          slots: SLOTS,
          limit: 0,
        }
      : null,
  )
  const refreshCounts = counts.refresh
  // What it counts has changed with the timeline.
  const countedTurn = useRef(turn)
  useEffect(() => {
    if (countedTurn.current === turn) return
    countedTurn.current = turn
    refreshCounts()
  }, [turn, refreshCounts])
  const { value } = counts
  const counted = useMemo(() => {
    if (!value) return null
    const span = <T extends { from: string; to: string }>(one: T) => ({
      ...one,
      from: Date.parse(one.from),
      to: Date.parse(one.to),
    })
    return {
      from: Date.parse(value.from),
      to: Date.parse(value.to),
      counts: value.counts,
      groups: value.groups.map(span),
      gaps: value.gaps.map(span),
    }
  }, [value])
  const { entries } = found
  const index = useMemo(() => (chosen === null ? -1 : entries.findIndex(({ id }) => id === chosen)), [entries, chosen])
  const current = entries[index] ?? null
  const setWindow = (to: Span | null): void => useLooked.setState({ window: to ?? 'all' })
  const choose = (entry: TimelineEntry | null): void => {
    if (entry && all && window) {
      const moved = movedTo(window, all, Date.parse(entry.time))
      useLooked.setState({ entry: entry.id, ...(moved === window ? {} : { window: moved }) })
    } else useLooked.setState({ entry: entry?.id ?? null })
  }
  return {
    ...found,
    all,
    window,
    counted,
    current,
    index,
    choose,
    step: (by) => {
      if (entries.length === 0) return false
      // Without a cursor, from what is in the window.
      const from =
        index >= 0
          ? index + by
          : window
            ? Math.max(
                0,
                entries.findIndex(({ time }) => Date.parse(time) >= window.from),
              )
            : 0
      choose(entries[Math.max(0, Math.min(entries.length - 1, from))] ?? null)
      return true
    },
    zoom: (step) => {
      if (!all || !window) return
      const at = current ? Date.parse(current.time) : (window.from + window.to) / 2
      setWindow(zoomed(window, all, at, step))
    },
    setWindow,
    refresh: () => {
      found.refresh()
      refreshCounts()
    },
  }
}
